"""What the ledger takes, what it refuses, and what follows from it."""

from __future__ import annotations

from typing import Any

import pytest

from huxue.core.values import Refused
from huxue.ledger.append import NotAppended
from huxue.ledger.drafts import Draft
from huxue.ledger.models import Attachment, Case, Credit, Entry, Facet, Fact, SearchText
from huxue.organisations.models import OPEN
from tests.ledger.world import DAY, NOW, draft, drill, organisation, take, tree

pytestmark = pytest.mark.usefixtures("ledger")


def refusal(*drafts: Draft, recorded: int = NOW) -> str:
    """Return the code of the refusal; nothing may have been written."""
    before = Fact.objects.count()
    with pytest.raises(Refused) as found:
        take(*drafts, recorded=recorded)
    assert Fact.objects.count() == before
    return found.value.code


def test_a_record_credits_every_organisation_in_its_roles() -> None:
    tree()
    (receipt,) = take(draft("drill", roles={"by": ("S1",), "with": ("S2", "S3")}, fields={"minutes": 5}))
    credited = Credit.objects.filter(fact=receipt.seq).order_by("organisation").values_list("organisation", "role")
    assert list(credited) == [("S1", "by"), ("S2", "with"), ("S3", "with")]
    fact = Fact.objects.get(uid=receipt.id)
    assert (fact.organisation, fact.item, fact.recorded_min, fact.fields) == ("S1", receipt.id, NOW, '{"minutes":5}')


def test_the_same_submission_twice_is_one_fact() -> None:
    tree()
    one = drill()
    (first,), (again,) = take(one), take(one)
    assert again == first._replace(earlier=True)
    assert [r.seq for r in take(one, one)] == [first.seq, first.seq]


def test_the_same_submission_twice_in_one_batch_is_one_fact() -> None:
    tree()
    one = drill()
    first, again = take(one, one)
    assert first == again


def test_the_same_id_with_other_content_is_refused() -> None:
    tree()
    one = drill()
    take(one)
    assert refusal(drill(id=one.id, minutes=11)) == "different_content"
    two = drill()
    assert refusal(two, drill(id=two.id, minutes=11)) == "different_content"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (draft("unheard-of"), "unknown_kind"),
        (draft("drill", "open", roles={"by": ("S1",)}), "wrong_verb"),
        (drill(id="a/b"), "impossible_id"),
        (drill(at=-100 * 366 * DAY), "impossible_date"),
        (drill(at=300 * 366 * DAY), "impossible_date"),
        (drill(at=NOW + DAY + 1), "future"),
        (drill("S9"), "unknown_organisation"),
        (drill("S 1"), "impossible_code"),
        (draft("drill", roles={"near": ("S1",)}), "unknown_role"),
        (drill(fields={"colour": "red"}), "unknown_field"),
        (drill(fields={"note": "x" * 101}), "impossible_value"),
        (drill(fields={"note": "a\x00b"}), "impossible_value"),
        (drill(fields={"note": "\ud800"}), "impossible_value"),
        (drill(fields={"minutes": 2**53}), "impossible_value"),
        (drill(fields={"minutes": 1.5}), "impossible_value"),
        (drill(fields={"minutes": True}), "impossible_value"),
        (drill(fields={"photos": ["abc"]}), "impossible_value"),
        (drill(person="x" * 1001), "too_long"),
        (drill(replaces="0" * 32), "unknown_fact"),
        (draft("guard", "change", item="g1", roles={"by": ("S1",)}), "unknown_item"),
        (draft("hazard", "step", step="ordered", roles={"about": ("S1",)}), "unknown_item"),
        (draft("hazard", "step", step="painted", roles={"about": ("S1",)}), "unknown_step"),
        (draft("post", "open", roles={"about": ("S1",)}, fields={"code": "S1/head"}), "missing_field"),
    ],
)
def test_what_the_ledger_never_takes(wrong: Draft, code: str) -> None:
    tree()
    assert refusal(drill(), wrong) == code


def test_a_day_ahead_is_taken_because_clocks_differ() -> None:
    tree()
    assert len(take(drill(at=NOW + DAY))) == 1


def test_all_refused_drafts_of_a_batch_are_named() -> None:
    tree()
    with pytest.raises(NotAppended) as found:
        take(drill("S1"), drill("S8"), drill("S2"), drill("S9"))
    assert {place: one.code for place, one in found.value.by_draft.items()} == {
        1: "unknown_organisation",
        3: "unknown_organisation",
    }


def test_a_correction_takes_the_place_of_a_record_once() -> None:
    tree()
    one = drill(fields={"note": "错误"})
    take(one)
    two = drill(item=one.id, replaces=one.id, fields={"drill_kind": "earthquake", "note": "护学"})
    take(two)
    assert list(Facet.objects.values_list("field", "value", "item")) == [("drill_kind", "earthquake", one.id)]
    found = SearchText.objects.filter(kind="drill").values_list("item", "text", "initials")
    assert list(found) == [(one.id, "护学", "hx")]
    assert refusal(drill(item=one.id, replaces=one.id)) == "already_replaced"
    assert refusal(drill(item=one.id, replaces=two.id), drill(item=one.id, replaces=two.id)) == "already_replaced"
    assert refusal(drill(replaces=two.id)) == "other_item"
    assert refusal(drill(item=one.id, replaces=two.id), recorded=NOW - 1) == "recorded_too_early"


def test_a_withdrawn_record_leaves_nothing_but_its_facts() -> None:
    tree()
    one = drill()
    take(one)
    (receipt,) = take(draft("drill", "withdraw", item=one.id, replaces=one.id))
    assert list(Facet.objects.all()) == []
    assert Fact.objects.get(seq=receipt.seq).organisation == "S1"
    assert refusal(draft("drill", "withdraw", item=one.id, replaces=receipt.id)) == "other_verb"


def versions(item: str) -> list[Any]:
    found = Entry.objects.filter(item=item).order_by("known_from", "valid_from")
    return [(e.valid_from, e.valid_to, e.known_from, e.known_to, e.fields, e.open) for e in found]


def guard(verb: str, at: int, name: str = "", **more: Any) -> Draft:
    fields = {"name": name} if name else {}
    return draft("guard", verb, at, item="g1", roles={"by": ("S1",)}, fields=fields, **more)


def test_an_entry_has_four_dates() -> None:
    tree()
    a, b, c = NOW - 90 * DAY, NOW - 60 * DAY, NOW - 30 * DAY
    opened, changed = guard("open", a, "甲"), guard("change", b, "乙")
    take(opened, recorded=a)
    take(changed, recorded=c)
    first, second = '{"name":"甲"}', '{"name":"乙"}'
    assert versions("g1") == [
        (a, OPEN, a, c, first, False),
        (a, b, c, OPEN, first, False),
        (b, OPEN, c, OPEN, second, True),
    ]
    take(draft("guard", "withdraw", item="g1", replaces=changed.id))
    assert versions("g1")[1:] == [
        (a, b, c, NOW, first, False),
        (b, OPEN, c, NOW, second, False),
        (a, OPEN, NOW, OPEN, first, True),
    ]
    take(guard("close", c))
    assert [row for row in versions("g1") if row[3] == OPEN] == [(a, c, NOW, OPEN, first, False)]


def test_the_life_of_an_entry_keeps_its_order() -> None:
    tree()
    a, b = NOW - 90 * DAY, NOW - 60 * DAY
    take(guard("open", a, "甲"))
    assert refusal(guard("open", b, "乙")) == "item_exists"
    assert refusal(guard("change", a - 1, "乙")) == "wrong_order"
    take(guard("close", b))
    assert refusal(guard("change", b + 1, "乙")) == "wrong_order"
    assert refusal(guard("close", b + 1)) == "wrong_order"
    take(guard("change", a + 1, "丙"))
    assert refusal(draft("drill", item="g1", roles={"by": ("S1",)})) == "other_item"


def test_a_case_stands_where_its_last_step_left_it() -> None:
    tree()
    at = NOW - 9 * DAY
    found = draft("hazard", "step", at, step="found", roles={"about": ("S1",)}, fields={"grade": "minor"})

    def taken(name: str, days: int, deadline: int | None = None) -> tuple[Any, ...]:
        take(
            draft(
                "hazard", "step", at + days * DAY, step=name, item=found.id, roles={"about": ("S1",)}, deadline=deadline
            )
        )
        case = Case.objects.get(item=found.id)
        return case.step, case.ended_as, case.deadline, case.open

    take(found)
    assert taken("ordered", 1, NOW) == ("ordered", "", NOW, True)
    assert taken("extended", 2, NOW + DAY) == ("ordered", "", NOW + DAY, True)
    assert taken("rectified", 3) == ("rectified", "fixed", None, False)
    assert taken("reopened", 4, NOW + DAY) == ("reopened", "", NOW + DAY, True)
    case = Case.objects.get(item=found.id)
    assert (case.organisation, case.opened) == ("S1", at + 4 * DAY)


def test_a_deed_counts_if_it_happened_before_the_closing() -> None:
    tree()
    closed = NOW - 30 * DAY
    take(organisation("S1", verb="close", at=closed))
    assert len(take(drill("S1", closed - 1))) == 1
    assert refusal(drill("S1", closed)) == "organisation_closed"


def test_photos_are_declared_by_hash() -> None:
    tree()
    hashes = ["a" * 64, "b" * 64]
    (receipt,) = take(drill(fields={"photos": hashes}))
    found = Attachment.objects.order_by("sha256").values_list("fact", "field", "sha256", "state")
    assert list(found) == [(receipt.id, "photos", h, "declared") for h in hashes]


def test_a_batch_comes_in_any_order() -> None:
    """Deeds before their school, schools before their county."""
    deeds = [drill("X1", at=NOW - n) for n in range(20)]
    take(*deeds, organisation("X1", "X"), organisation("X", of="county"))
    assert Fact.objects.count() == 22
