"""What a person told is read along its own index, however many facts there are."""

from __future__ import annotations

from django.db import connection, transaction

from huxue.web.feedback import _OWN
from tests.sites import Site


def plan() -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {_OWN}", ["P1"])
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {_OWN}", ["P1"])
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_its_index_is_used(site: Site) -> None:
    assert "fact_told" in plan()
    assert "Sort" not in plan()
    assert "TEMP B-TREE" not in plan()
