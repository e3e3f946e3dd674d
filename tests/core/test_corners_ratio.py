"""Have against need, against a share, and against the period before."""

from __future__ import annotations

import pytest

from tests.core.situations import MARCH, Situation, situation, test_of

HELD, ASKED = {"deed": {"record": "meeting", "where": test_of(joint=True)}}, {"deed": {"record": "meeting"}}
SHARE = {"have": (HELD,), "of": (ASKED,), "per": "month"}
MORE = {"have": (ASKED,), "more_than": "previous", "per": "month"}
STEPS = (
    {"from": 1, "to": 99, "base": 1},
    {"from": 100, "to": 999, "base": 2},
    {"from": 1000, "base": 3, "add": 1, "for_every": 500, "beyond": 1000},
)


def meetings(s: Situation, by: str, joint: int, alone: int, on: str = "2026-03-02") -> None:
    for n in range(joint + alone):
        s.did("meeting", on, by, joint=n < joint)


def test_a_share_is_reached_exactly_or_not() -> None:
    s = situation(
        ratio=SHARE | {"at_least": 667},
        others={"e": {"ratio": SHARE | {"at_most": 666}}},
        valid_from="2026-03-01",
        school=False,
    )
    for code, joint, alone in (("A", 1, 1), ("B", 2, 1), ("D", 667, 333), ("E", 0, 2)):
        s.opens(code)
        meetings(s, code, joint, alone)
    # what is needed is the least that reaches the share, or the most that keeps below it
    assert [line.replace(" verified", " unverified") for line in s.on("2026-03-31")] == [
        "A 2026-03 due unverified 1/2 by 2026-03-31",
        "A e 2026-03 met on time 1/1 by 2026-03-31",
        "B 2026-03 due unverified 2/3 by 2026-03-31",
        "B e 2026-03 due 2/1 by 2026-03-31",
        "D 2026-03 met on time unverified 667/667 by 2026-03-31",
        "D e 2026-03 due 667/666 by 2026-03-31",
        "E 2026-03 due unverified 0/2 by 2026-03-31",
        "E e 2026-03 met on time 0/1 by 2026-03-31",
    ]


def test_a_share_kept_below_is_not_verified_by_nobody() -> None:
    s = situation(ratio=SHARE | {"at_most": 500}, in_force=MARCH)
    meetings(s, "S", 1, 1)
    assert s.on("2026-03-31") == ["S 2026-03 met on time 1/1 by 2026-03-31"]


def test_an_empty_denominator_gives_no_row() -> None:
    s = situation(ratio=SHARE | {"at_least": 900}, in_force=MARCH)
    s.did("meeting", "2026-02-28", joint=True)
    assert s.on("2026-03-31") == []
    s.did("meeting", "2026-03-31", joint=True)
    assert s.on("2026-03-31") == ["S 2026-03 met on time unverified 1/1 by 2026-03-31"]


def test_a_sum_with_no_amount_is_an_empty_denominator_too() -> None:
    sums = {"have": ({**HELD, "sum": "hours"},), "of": ({**ASKED, "sum": "hours"},), "at_least": 500, "per": "month"}
    s = situation(ratio=sums, in_force=MARCH)
    s.did("meeting", "2026-03-02", joint=True)
    assert s.on("2026-03-31") == []


def test_of_the_invited_how_many_attended() -> None:
    roles = {
        "have": ({"deed": {"record": "meeting", "as": "attended"}},),
        "of": ({"deed": {"record": "meeting", "as": "invited"}},),
    }
    s = situation(ratio=roles | {"at_least": 900, "per": "month"}, in_force=MARCH)
    for n in range(10):
        s.did("meeting", "2026-03-02", "C", invited="S", attended="S" if n < 9 else "T")
    assert s.on("2026-03-31") == ["S 2026-03 met on time unverified 9/9 by 2026-03-31"]


def test_on_time_if_it_held_with_what_was_entered_in_time() -> None:
    s = situation(ratio=SHARE | {"at_least": 500}, in_force=MARCH, school=False)
    for code, entered in (("A", "2026-03-31"), ("B", "2026-04-01")):
        s.opens(code)
        s.did("meeting", "2026-03-02", code, joint=False)
        s.did("meeting", "2026-03-03", code, joint=True, entered=entered)
    assert s.on("2026-04-01") == [
        "A 2026-03 met on time unverified 1/1 by 2026-03-31",
        "B 2026-03 met unverified 1/1 by 2026-03-31",
    ]


@pytest.mark.parametrize(("march", "status"), [(1, "missed"), (2, "missed"), (3, "met on time")])
def test_more_than_the_month_before(march: int, status: str) -> None:
    s = situation(ratio=MORE, valid_from="2026-02-01", in_force=("2026-02-01", "2026-03-01"))
    meetings(s, "S", 0, 2, on="2026-02-10")
    meetings(s, "S", 0, march)
    # February has no month before it to compare with
    assert s.on("2026-04-01") == [f"S 2026-03 {status} unverified {march}/3 by 2026-03-31"]


@pytest.mark.parametrize(("march", "status"), [(1, "met on time"), (2, "missed"), (3, "missed")])
def test_less_than_the_month_before(march: int, status: str) -> None:
    less = {"have": (ASKED,), "less_than": "previous", "per": "month"}
    s = situation(ratio=less, valid_from="2026-02-01", in_force=("2026-02-01", "2026-03-01"))
    meetings(s, "S", 0, 2, on="2026-02-10")
    meetings(s, "S", 0, march)
    assert [x.replace(" verified", " unverified") for x in s.on("2026-04-01")] == [
        f"S 2026-03 {status} {march}/1 by 2026-03-31"
    ]


def test_nothing_at_all_the_month_before_is_nothing_to_compare_with() -> None:
    s = situation(ratio=MORE, valid_from="2026-02-01", in_force=("2026-02-01", "2026-03-01"))
    meetings(s, "S", 0, 1)
    assert s.on("2026-04-01") == []


# --- entries, traits, tables -----


def test_guards_against_a_table_by_pupils() -> None:
    guards = {
        "have": ({"entry": {"entry": "guard", "where": test_of(joint=True)}},),
        "need": ({"trait": "pupils", "table": STEPS},),
    }
    s = situation(ratio=guards | {"each": "month"}, in_force=MARCH, school=False)
    sizes = {"A": 1, "B": 99, "C": 100, "D": 999, "E": 1000, "F": 1499, "G": 1500, "H": 0}
    for code, pupils in sizes.items():
        s.opens(code, pupils=pupils)
        for n in range(3):
            s.entry("guard", "2026-01-10", code, joint=n < 2)
    # two from a hundred, three for a thousand, one more for each full 500 beyond it; no step for a school of none
    assert s.on("2026-03-10") == [
        "A 2026-03 met on time 2/1 by 2026-03-31",
        "B 2026-03 met on time 2/1 by 2026-03-31",
        "C 2026-03 met on time 2/2 by 2026-03-31",
        "D 2026-03 met on time 2/2 by 2026-03-31",
        "E 2026-03 overdue 2/3 by 2026-03-31",
        "F 2026-03 overdue 2/3 by 2026-03-31",
        "G 2026-03 overdue 2/4 by 2026-03-31",
    ]


def test_parts_of_a_need_add_up_and_no_need_is_met() -> None:
    guards = {
        "have": ({"entry": {"entry": "guard"}},),
        "need": ({"trait": "classes"}, {"constant": 1}),
        "each": "month",
    }
    s = situation(ratio=guards, in_force=MARCH, school=False)
    s.opens("A", classes=2)
    s.opens("B", classes=0)
    s.opens("D")  # says no number of classes: no need can be worked out
    for code in "ABD":
        s.entry("guard", "2026-01-10", code)
    assert s.on("2026-03-10") == [
        "A 2026-03 overdue 1/3 by 2026-03-31",
        "B 2026-03 met on time 1/1 by 2026-03-31",
    ]


def test_a_size_the_table_gives_nothing_for_needs_nothing() -> None:
    steps = ({"from": 0, "to": 99, "base": 0}, {"from": 100, "base": 1})
    guards = {"have": ({"entry": {"entry": "guard"}},), "need": ({"trait": "pupils", "table": steps},), "each": "month"}
    s = situation(ratio=guards, in_force=MARCH, school=False)
    s.opens("A", pupils=99)
    s.opens("B", pupils=100)
    assert s.on("2026-03-10") == ["A 2026-03 met on time 0/0 by 2026-03-31", "B 2026-03 overdue 0/1 by 2026-03-31"]


def test_the_need_is_that_of_the_day() -> None:
    guards = {"have": ({"entry": {"entry": "guard"}},), "need": ({"trait": "classes"},), "each": "month"}
    s = situation(ratio=guards, in_force=MARCH, school=False)
    s.opens("A", classes=1)
    s.opens("A", on="2026-03-20", verb="change", classes=2)
    s.entry("guard", "2026-01-10", "A")
    assert s.on("2026-03-19") == ["A 2026-03 met on time 1/1 by 2026-03-31"]
    assert s.on("2026-03-20") == ["A 2026-03 overdue 1/2 by 2026-03-31"]
    assert s.on("2026-04-01") == ["A 2026-03 missed 1/2 by 2026-03-31"]


def test_a_share_of_entries_is_a_state() -> None:
    share = {
        "have": ({"entry": {"entry": "guard", "where": test_of(joint=True)}},),
        "of": ({"entry": {"entry": "guard"}},),
    }
    s = situation(ratio=share | {"at_least": 500, "each": "month"}, in_force=MARCH)
    assert s.on("2026-03-01") == []
    s.entry("guard", "2026-03-02", joint=True)
    s.entry("guard", "2026-03-02", joint=False)
    s.entry("guard", "2026-03-20", joint=False)
    assert s.on("2026-03-19") == ["S 2026-03 met on time 1/1 by 2026-03-31"]
    assert s.on("2026-03-20") == ["S 2026-03 overdue 1/2 by 2026-03-31"]
