"""The verbs on the tree: open, rename, move, close, merge, split, appoint, relieve."""

from __future__ import annotations

import pytest

from huxue.actions.organisations import (
    New,
    appoint,
    close,
    describe,
    merge,
    move,
    open_,
    oversee,
    relieve,
    rename,
    split,
)
from huxue.core.values import Refused
from huxue.organisations.models import OPEN, Edge, Holding, Organisation, Post
from tests.ledger.world import DAY, NOW, tree

pytestmark = pytest.mark.usefixtures("ledger")
AT = NOW - 10 * DAY


def path(code: str) -> str:
    return Organisation.objects.get(code=code).path


def closed(code: str) -> int:
    return Organisation.objects.get(code=code).closed


def test_open_rename_move_describe() -> None:
    tree()
    open_(
        now=NOW, by=None, at=AT - DAY, new=[New("S9", "九小", "school", "T1", traits={"pupils": 10, "boarding": True})]
    )
    rename(now=NOW, by=None, at=AT, code="S9", name="第九小学")
    describe(now=NOW, by=None, at=AT + 1, code="S9", traits={"pupils": 12})
    move(now=NOW, by=None, at=AT + 2, code="S9", parent="T2")
    found = Organisation.objects.get(code="S9")
    assert (found.name, found.path, found.traits) == ("第九小学", "CITY/C2/T2/S9/", '{"boarding":true,"pupils":12}')
    with pytest.raises(Refused) as refused:
        move(now=NOW, by=None, at=AT, code="nowhere", parent="T2")
    assert refused.value.code == "unknown_organisation"


def test_what_closes_takes_its_posts_and_holdings_along() -> None:
    tree()
    appoint(now=NOW, by=None, at=AT - DAY, post="S1/principal", person="alice")
    oversee(now=NOW, by=None, at=AT - DAY, department="C2", supervised="S1", topic="food")
    close(now=NOW, by=None, at=AT, code="S1", successors=["S2"])
    assert closed("S1") == AT
    rows = [*Post.objects.all(), *Holding.objects.all(), *Edge.objects.filter(child="S1")]
    assert {row.valid_to for row in rows if row.known_to == OPEN} == {AT}
    with pytest.raises(Refused) as refused:
        appoint(now=NOW, by=None, at=AT, post="S1/principal", person="bob")
    assert refused.value.code == "organisation_closed"


def test_merging_moves_what_stood_below() -> None:
    tree()
    merge(now=NOW, by=None, at=AT, codes=["T1", "T2"], into=New("T3", "新镇", "township", "C1"))
    assert [path(f"S{n}") for n in (1, 2, 3, 4)] == [f"CITY/C1/T3/S{n}/" for n in (1, 2, 3, 4)]
    assert (closed("T1"), closed("T2"), closed("T3")) == (AT, AT, OPEN)
    merge(now=NOW, by=None, at=AT + 1, codes=["S1"], into="S2")
    assert (closed("S1"), closed("S2")) == (AT + 1, OPEN)


def test_splitting_puts_the_children_where_they_are_told() -> None:
    tree()
    new = [New("T5", "东镇", "township", "C1"), New("T6", "西镇", "township", "C1")]
    split(now=NOW, by=None, at=AT, code="T1", into=new, children={"S1": "T5", "S2": "T6"})
    assert (path("S1"), path("S2"), closed("T1")) == ("CITY/C1/T5/S1/", "CITY/C1/T6/S2/", AT)


def test_a_split_that_forgets_a_child_is_refused() -> None:
    tree()
    with pytest.raises(Refused) as refused:
        split(now=NOW, by=None, at=AT, code="T1", into=[New("T5", "东镇", "township", "C1")], children={"S1": "T5"})
    assert refused.value.code == "open_children"
    assert closed("T1") == OPEN


def test_a_post_changes_hands() -> None:
    tree()
    appoint(now=NOW, by=None, at=AT, post="S1/principal", person="alice")
    relieve(now=NOW, by=None, at=AT + 5, post="S1/principal", person="alice")
    appoint(now=NOW, by=None, at=AT + 5, post="S1/principal", person="bob")
    held = Holding.objects.filter(known_to=OPEN).order_by("valid_from")
    assert list(held.values_list("person", "valid_from", "valid_to")) == [("alice", AT, AT + 5), ("bob", AT + 5, OPEN)]
    assert Post.objects.count() == 1
    with pytest.raises(Refused) as refused:
        relieve(now=NOW, by=None, at=AT + 5, post="S1/principal", person="alice")
    assert refused.value.code == "post_not_held"
