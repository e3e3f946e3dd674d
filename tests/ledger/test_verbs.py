"""The verbs: the form is checked, the right is that of the post held on the day, and a flow says who takes a step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huxue.actions import organisations
from huxue.actions.acting import By
from huxue.actions.facts import (
    change_entry,
    close_entry,
    correct,
    excuse,
    open_entry,
    record,
    take_step,
    verify,
    withdraw,
)
from huxue.core.calendar import Calendars
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, end_of_day
from huxue.ledger.drafts import Receipt
from huxue.ledger.models import Case, Entry, Fact
from huxue.ledger.reading import fact
from huxue.organisations.holdings import ENDED
from tests.ledger.world import DAY, KINDS, NOW, titled, tree
from tests.ledger.writers import together

pytestmark = pytest.mark.usefixtures("ledger")

LISTS = {
    "drill-kinds": {c: titled() for c in ("fire", "earthquake")},
    "grades": {c: titled() for c in ("minor", "major")},
}
RULEBOOK = Rulebook.model_validate(
    {
        "code": "test",
        "title": {"zh": "试", "en": "Test"},
        "layers": (),
        "lists": LISTS,
        "kinds": KINDS,
        "organisation_types": {
            "school": titled(level="school"),
            "township": titled(level="township"),
            "county": titled(level="county"),
            "city": titled(level="city"),
        },
    }
)
PRINCIPAL, INSPECTOR, OFFICER = By("S1/principal", "alice"), By("C1/inspector", "bob"), By("C1/inspector:2", "carol")
THEN = NOW - 100 * DAY


def staffed() -> None:
    tree()
    for by in (PRINCIPAL, INSPECTOR, OFFICER, By("S2/principal", "dora")):
        organisations.appoint(now=NOW, by=None, at=THEN, post=by.post, person=by.person)


def drilled(**more: Any) -> Receipt:
    said = {
        "kind": "drill",
        "at": NOW - DAY,
        "values": {"minutes": "12", "drill_kind": "fire"},
        "by": PRINCIPAL,
        **more,
    }
    return record(rulebook=RULEBOOK, now=NOW, **said | more)


def refusal(**more: Any) -> str:
    with pytest.raises(Refused) as found:
        drilled(**more)
    return found.value.code


def test_a_record_is_read_checked_and_credited() -> None:
    staffed()
    found = Fact.objects.get(uid=drilled().id)
    assert (found.fields, found.roles) == ('{"drill_kind":"fire","minutes":12}', '{"by":["S1"]}')
    assert (found.post, found.person, found.marks) == ("S1/principal", "alice", "")
    assert refusal(values={"minutes": "twelve"}) == "bad_fields"
    assert refusal(roles={"near": ["S1"]}) == "bad_roles"
    assert refusal(kind="meeting") == "unknown_kind"


def test_the_right_to_write_is_that_of_the_day() -> None:
    staffed()
    organisations.relieve(now=NOW, by=None, at=NOW - 10 * DAY, post="S1/principal", person="alice")
    organisations.appoint(now=NOW, by=None, at=NOW - 10 * DAY, post="S1/principal", person="erin")
    assert refusal() == "post_not_held"
    assert drilled(at=NOW - 11 * DAY).marks == ENDED
    assert drilled(by=By("S1/principal", "erin")).marks == ""


def test_a_record_is_corrected_and_withdrawn() -> None:
    staffed()
    first = drilled()
    second = correct(rulebook=RULEBOOK, now=NOW, by=PRINCIPAL, fact=first.id, values={"minutes": 15})
    found = fact(second.id)
    assert found is not None
    assert (found.item, found.at, found.fields, found.replaces) == (first.id, NOW - DAY, {"minutes": 15}, first.id)
    third = withdraw(rulebook=RULEBOOK, now=NOW, by=PRINCIPAL, fact=second.id)
    assert Fact.objects.get(uid=third.id).verb == "withdraw"


def test_an_entry_lives() -> None:
    staffed()
    more: dict[str, Any] = {"rulebook": RULEBOOK, "now": NOW, "by": PRINCIPAL}
    item = open_entry(kind="guard", at=THEN, values={"name": "甲", "certified": False}, **more).item
    change_entry(item=item, at=THEN + DAY, values={"name": "甲", "certified": True}, **more)
    assert Entry.objects.get(item=item, open=True).fields == '{"certified":true,"name":"甲"}'
    close_entry(item=item, at=THEN + 2 * DAY, **more)
    assert Entry.objects.filter(item=item, open=True).count() == 0


def test_nobody_verifies_his_own_record() -> None:
    staffed()
    item = drilled().item
    more: dict[str, Any] = {"rulebook": RULEBOOK, "now": NOW, "item": item, "confirmed": True, "at": NOW}
    verified = fact(verify(by=INSPECTOR, spot=True, **more).id)
    assert verified is not None
    assert (verified.reference, verified.fields) == (item, {"result": "confirmed", "spot": True})
    assert verified.roles == {"by": ("C1",), "about": ("S1",)}
    with pytest.raises(Refused) as found:
        verify(by=PRINCIPAL, **more)
    assert found.value.code == "not_independent"


def test_an_excuse_has_a_reason_and_a_span() -> None:
    staffed()
    more: dict[str, Any] = {
        "rulebook": RULEBOOK,
        "now": NOW,
        "by": INSPECTOR,
        "organisations": ["S1"],
    }
    receipt = excuse(first=date(2025, 2, 1), last=date(2025, 2, 10), reason="停课", **more)
    found = fact(receipt.id)
    assert found is not None
    assert found.fields == {"duty": "*", "from": "2025-02-01", "to": "2025-02-10", "reason": "停课"}
    with pytest.raises(Refused) as refused:
        excuse(first=date(2025, 2, 2), last=date(2025, 2, 1), reason="停课", **more)
    assert refused.value.code == "wrong_order"


def test_a_case_goes_as_its_flow_says() -> None:
    staffed()
    calendar = Calendars.none().default
    item = ""

    def taken(name: str, by: By, days: int, **values: Any) -> str:
        nonlocal item
        try:
            item = take_step(
                rulebook=RULEBOOK,
                now=NOW,
                by=by,
                kind="fault",
                step=name,
                at=NOW - days * DAY,
                values=values,
                calendar=calendar,
                item=item,
                roles={"about": ["S1"]},
            ).item
        except Refused as refused:
            return refused.code
        return Case.objects.get(item=item).step

    assert taken("rectified", PRINCIPAL, 9) == "not_open"
    assert taken("found", INSPECTOR, 9, grade="major") == "found"
    assert taken("ordered", PRINCIPAL, 8, deadline="2025-03-01") == "not_yours"
    assert taken("ordered", By("S2/principal", "dora"), 8, deadline="2025-03-01") == "not_yours"
    assert taken("ordered", INSPECTOR, 8) == "bad_fields"
    assert taken("ordered", INSPECTOR, 8, deadline="2025-03-01") == "ordered"
    assert Case.objects.get(item=item).deadline == end_of_day((date(2025, 3, 1) - date(1970, 1, 1)).days)
    assert taken("rectified", INSPECTOR, 7) == "not_yours"
    assert taken("rectified", PRINCIPAL, 7) == "rectified"
    assert taken("verified", INSPECTOR, 6) == "not_independent"
    assert taken("verified", OFFICER, 6) == "verified"
    case = Case.objects.get(item=item)
    assert (case.organisation, case.ended_as, case.open) == ("S1", "fixed", False)


def test_of_two_who_take_the_same_step_at_once_one_is_refused() -> None:
    staffed()
    calendar = Calendars.none().default
    more: dict[str, Any] = {"rulebook": RULEBOOK, "now": NOW, "kind": "fault", "calendar": calendar}
    found = {"step": "found", "at": NOW - 9 * DAY, "values": {"grade": "minor"}, "roles": {"about": ["S1"]}}
    item = take_step(by=INSPECTOR, **found, **more).item
    order = {"step": "ordered", "at": NOW - 8 * DAY, "values": {"deadline": "2025-03-01"}, "item": item}
    results = together(
        lambda: take_step(by=INSPECTOR, **order, **more).item, lambda: take_step(by=OFFICER, **order, **more).item
    )
    assert sorted(map(str, results)) == sorted([item, "not_here"])
