"""Personal values are held apart from the facts, and can be erased with everything still verifying."""

from __future__ import annotations

import json

import pytest
from django.db import connection

from huxue.core.values import Refused
from huxue.ledger.erasing import erase_item, erase_person
from huxue.ledger.models import Fact, PersonalDatum, SearchText
from huxue.ledger.rebuilding import rebuild
from huxue.ledger.verifying import verify_content
from tests.ledger.world import KINDS, drill, take, tree

pytestmark = pytest.mark.usefixtures("ledger")
CHILD = {"pupil": "p-77", "pupil_name": "张小明"}


def everything() -> str:
    """Return every value of every table of the ledger, as one text."""
    with connection.cursor() as cursor:
        tables = [
            t for t in connection.introspection.table_names(cursor) if t.startswith(("ledger_", "organisations_"))
        ]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            rows += cursor.fetchall()
    return json.dumps(rows, ensure_ascii=False, default=str)


def test_the_fact_holds_a_salted_hash() -> None:
    tree()
    (one,), (two,) = take(drill(fields=CHILD)), take(drill(fields=CHILD))
    stored = [json.loads(Fact.objects.get(uid=r.id).fields) for r in (one, two)]
    assert all(set(s["pupil_name"]) == {"$personal"} for s in stored)
    assert stored[0]["pupil_name"] != stored[1]["pupil_name"]
    assert SearchText.objects.filter(personal=True).values_list("text", "initials").distinct().get() == (
        "张小明",
        "zxm",
    )


def test_the_same_personal_submission_twice_is_one_fact() -> None:
    tree()
    one = drill(fields=CHILD)
    (first,), (again,) = take(one), take(one)
    assert again == first._replace(earlier=True)
    with pytest.raises(Refused, match="other content"):
        take(drill(id=one.id, fields={**CHILD, "pupil_name": "李小红"}))


def test_erasing_leaves_a_ledger_that_verifies() -> None:
    tree()
    one, other = drill(fields=CHILD), drill(fields={"pupil": "p-78", "pupil_name": "李小红"})
    take(one, other)
    assert erase_person("p-77") == 2
    assert "张小明" not in everything()
    assert "p-77" not in everything()
    assert "李小红" in everything()
    assert (verify_content(), rebuild(KINDS)) == ([], [])
    assert take(one)[0].earlier


def test_erasing_an_item_takes_all_its_versions() -> None:
    tree()
    one = drill(fields=CHILD)
    take(one)
    take(drill(item=one.id, replaces=one.id, fields={**CHILD, "pupil_name": "张晓明"}))
    assert erase_item(one.id) == 4
    assert PersonalDatum.objects.filter(erased=False).count() == 0
    assert "张" not in everything()


def test_a_changed_personal_value_is_found() -> None:
    tree()
    (one,) = take(drill(fields=CHILD))
    datum = PersonalDatum.objects.filter(fact=one.id, field="pupil_name")
    value = datum.get().value
    datum.update(value='"王小明"')
    assert verify_content() == [one.id]
    datum.update(value=value)
