"""Projections are worked out again from the facts: what was changed behind the ledger's back is found and mended."""

from __future__ import annotations

from typing import Any

import pytest

from huxue.ledger.models import Attachment, Case, Credit, Entry, Facet, Item, ItemCount, Party, SearchText
from huxue.ledger.rebuilding import rebuild
from huxue.organisations.models import Edge, Holding, Organisation, Post
from tests.ledger.world import DAY, KINDS, NOW, draft, drill, kind, take, titled, tree

pytestmark = pytest.mark.usefixtures("ledger")


def full() -> None:
    """Put something into every table."""
    tree()
    about = {"about": ("S1",)}
    take(
        drill(fields={"note": "护学", "photos": ["a" * 64], "pupil": "p1", "pupil_name": "张三"}),
        draft("guard", "open", item="g1", roles={"by": ("S1",)}, fields={"name": "甲", "certified": True}),
        draft("hazard", "step", step="found", roles=about, fields={"grade": "minor"}),
        draft("post", "open", item="p", roles=about, fields={"code": "S1/head", "organisation": "S1", "type": "head"}),
        draft("holding", "open", item="h", roles=about, fields={"post": "S1/head", "person": "alice"}),
    )


def spoil(model: Any, **changed: Any) -> None:
    row = model.objects.first()
    model.objects.filter(pk=row.pk).update(**changed) if changed else model.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (Organisation, {"path": "elsewhere/"}),
        (Organisation, {"closed": NOW}),
        (Edge, {"valid_to": NOW}),
        (Post, {"type": "cook"}),
        (Holding, {"person": "bob"}),
        (Entry, {"open": False}),
        (Case, {"ended_as": "fixed"}),
        (Facet, {}),
        (Credit, {}),
        (Item, {"sort": 5}),
        (Party, {}),
        (ItemCount, {"n": 7}),
        (SearchText, {"text": "x"}),
        (Attachment, {}),
        (Holding, {}),
    ],
)
def test_what_was_changed_is_found_and_mended(model: Any, changed: dict[str, Any]) -> None:
    full()
    before = list(model.objects.order_by("pk").values())
    spoil(model, **changed)
    table = model._meta.db_table
    assert {d.table for d in rebuild(KINDS)} == {table}
    assert {d.table for d in rebuild(KINDS, check=False)} == {table}
    assert rebuild(KINDS) == []
    after = list(model.objects.order_by("pk").values())
    given = {"id": 0, "part": 0}  # by the database
    assert [{**row, **given} for row in after] == [{**row, **given} for row in before]


def test_rows_of_nothing_are_found() -> None:
    full()
    Facet.objects.create(kind="drill", field="x", value="y", item="zzz", sort=1, parties=1)
    Credit.objects.create(organisation="S1", fact=10**6, role="by")
    Case.objects.create(item="0", kind="hazard", organisation="S1", step="found", opened=1, last_fact="x", open=True)
    assert sorted((d.table, d.sort) for d in rebuild(KINDS)) == [
        ("ledger_case", "stray"),
        ("ledger_credit", "stray"),
        ("ledger_facet", "stray"),
    ]
    rebuild(KINDS, check=False)


def test_bytes_that_arrived_stay_arrived() -> None:
    full()
    Attachment.objects.update(state="present")
    spoil(Facet)
    rebuild(KINDS, check=False)
    assert set(Attachment.objects.values_list("state", flat=True)) == {"present"}


def test_another_filter_of_a_new_edition_is_a_difference() -> None:
    full()
    more = {**KINDS, "guard": kind("guard", "register", {"name": titled(type="text", facet=True)})}
    found = rebuild(more)
    assert {(d.table, d.sort, d.row[1]) for d in found if d.sort == "missing"} == {("ledger_facet", "missing", "name")}
    rebuild(KINDS, check=False)


def test_an_old_correction_reaches_every_row() -> None:
    full()
    opened = draft("guard", "open", NOW - 9 * DAY, item="g2", roles={"by": ("S1",)}, fields={"name": "乙"})
    take(opened)
    take(
        draft(
            "guard", "open", NOW - 8 * DAY, item="g2", roles={"by": ("S2",)}, fields={"name": "丙"}, replaces=opened.id
        )
    )
    stands = Entry.objects.get(item="g2", open=True)
    assert (stands.organisation, stands.valid_from, stands.fields) == ("S2", NOW - 8 * DAY, '{"name":"丙"}')
    assert SearchText.objects.get(item="g2").initials == "b"
