"""Facts come out as they went in: as values, as columns, and forward without a gap."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from huxue.core.facts import Fact
from huxue.ledger.reading import BEGINNING, SCHEMA, columns, facts, forward
from tests.ledger.world import DAY, NOW, draft, drill, take, tree

pytestmark = pytest.mark.usefixtures("ledger")


def test_facts_come_out_as_they_went_in() -> None:
    tree()
    text = 'a "b", c\\d\n护学,;\t,"",x'
    given = drill(fields={"note": text}, post="S1/head:2", person="p1", makeup=True, deadline=NOW, reference="r1")
    take(given)
    assert list(facts())[-1] == Fact(
        given.id, "drill", "record", given.id, given.at, NOW, {"by": ("S1",)},
        {"drill_kind": "fire", "minutes": 10, "note": text}, "", "", "r1", "S1/head:2", "p1", True, NOW,
    )  # fmt: skip


def test_columns_are_the_facts() -> None:
    tree()
    take(drill(fields={"note": 'a "b",\n护学'}, deadline=NOW, makeup=True), drill("S2", post="S2/head"))
    table = columns()
    assert table.schema == SCHEMA
    rows = [
        (
            r["id"],
            r["kind"],
            r["verb"],
            r["item"],
            r["at_min"],
            r["recorded_min"],
            json.loads(r["fields"]),
            r["deadline"],
            bool(r["makeup"]),
        )
        for r in table.to_pylist()
    ]
    assert rows == [
        (f.id, f.kind, f.verb, f.item, f.at, f.recorded, dict(f.fields), f.deadline, f.makeup) for f in facts()
    ]


def test_columns_of_an_empty_ledger() -> None:
    assert columns() == SCHEMA.empty_table()


def test_facts_of_organisations_bring_what_replaces_them() -> None:
    tree()
    one, other = drill("S1"), drill("S2")
    take(one, other)
    corrected = drill("S3", item=one.id, replaces=one.id)
    take(corrected)
    withdrawn = draft("drill", "withdraw", item=one.id, replaces=corrected.id)
    take(withdrawn)
    found = [f.id for f in facts(organisations=["S1"]) if f.kind == "drill"]
    assert found == [one.id, corrected.id, withdrawn.id]


def test_facts_as_known_earlier() -> None:
    tree()
    take(drill(at=NOW))
    take(drill("S2", at=NOW), recorded=NOW + 3 * DAY)
    day = NOW // DAY
    assert [sum(f.kind == "drill" for f in facts(known_at=k)) for k in (day - 1, day, day + 2, day + 3)] == [0, 1, 1, 2]
    assert sum(1 for f in facts(known_at=day, organisations=["S2"]) if f.kind == "drill") == 0


def test_forward_goes_on_where_it_stopped() -> None:
    tree()
    take(*(drill(at=NOW - n) for n in range(10)))
    take(drill("S2"))
    seen, mark = [], BEGINNING
    while True:
        some, mark = forward(mark, 4)
        if not some:
            break
        seen += some
    assert seen == list(facts())


def test_columns_cost_one_query(django_assert_num_queries: object) -> None:
    tree()
    with django_assert_num_queries(1):  # type: ignore[operator]
        columns()
    assert connection.vendor in ("sqlite", "postgresql")
