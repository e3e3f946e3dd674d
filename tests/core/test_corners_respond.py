"""Triggers and their answers: deadlines, endings, keys, and the order of a minute."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.situations import Situation, situation


def steps(*names: str) -> dict[str, Any]:
    return {"step": names, "as": "about"}


RECTIFY = {
    "to": steps("ordered", "returned"),
    "with": steps("rectified"),
    "within": {"field": "deadline"},
    "moved_by": steps("extended"),
    "lifted_by": steps("transferred"),
}
TEN_DAYS = {"to": {"record": "report"}, "with": {"record": "visit"}, "match": "reference", "within": {"days": 10}}


def ordered(*, deadline: str = "2026-03-20", **frame: Any) -> Situation:
    s = situation(respond=RECTIFY | frame)
    s.step("case", "ordered", "2026-03-02", deadline=deadline, ident="order")
    return s


def reported(answers: tuple[str, ...], at: str = "2026-03-02", **frame: Any) -> Situation:
    """One report for each answer, answered by a visit then ("" never); the reports are called A, B, C …"""
    s = situation(respond=TEN_DAYS | frame)
    for name, answer in zip("ABCDEFG", answers, strict=False):
        s.did("report", at, ident=name)
        if answer:
            s.did("visit", answer, reference=name)
    return s


# --- the deadline -----


@pytest.mark.parametrize(
    ("as_of", "status"), [("2026-03-12", "due"), ("2026-03-13", "overdue"), ("2027-12-31", "overdue")]
)
def test_unanswered_is_overdue_for_ever(as_of: str, status: str) -> None:
    assert reported(("",)).on(as_of) == [f"S A {status} unverified 0/1 by 2026-03-12"]


def test_answered_by_the_deadline_or_later() -> None:
    s = reported(("2026-03-12T23:59", "2026-03-13T00:00", "2027-01-01"))
    assert s.on("2027-01-01") == [
        "S A met on time unverified 1/1 by 2026-03-12",
        "S B met unverified 1/1 by 2026-03-12",
        "S C met unverified 1/1 by 2026-03-12",
    ]


def test_an_answer_of_tomorrow_is_none_today() -> None:
    s = reported(("2026-03-12",))
    assert s.on("2026-03-11") == ["S A due unverified 0/1 by 2026-03-12"]
    assert s.on("2026-03-01") == []


def test_what_closes_is_missed_when_answered_later_or_never() -> None:
    s = reported(("2026-03-17T23:59", "2026-03-18T00:00", ""), closes={"days": 5})
    assert s.on("2026-03-17") == [
        "S A met unverified 1/1 by 2026-03-12",
        "S B overdue unverified 0/1 by 2026-03-12",
        "S C overdue unverified 0/1 by 2026-03-12",
    ]
    missed = [line.split()[1:3] for line in s.on("2026-03-18")]
    assert missed == [["A", "met"], ["B", "missed"], ["C", "missed"]]


def test_a_deadline_in_hours_is_kept_to_the_minute() -> None:
    s = reported(("2026-03-02T11:59", "2026-03-02T12:00", "2026-03-02T12:01", ""), within={"hours": 2})
    assert s.on("2026-03-03") == [
        "S A met on time unverified 1/1 by 2026-03-02T12:00",
        "S B met on time unverified 1/1 by 2026-03-02T12:00",
        "S C met unverified 1/1 by 2026-03-02T12:00",
        "S D overdue unverified 0/1 by 2026-03-02T12:00",
    ]


def test_a_deadline_in_hours_runs_over_midnight() -> None:
    s = reported(("", "2026-03-03T00:00", "2026-03-03T00:01"), at="2026-03-02T23:00", within={"hours": 1})
    assert s.on("2026-03-02") == [f"S {x} due unverified 0/1 by 2026-03-03T00:00" for x in "ABC"]
    assert s.on("2026-03-03")[1:] == [
        "S B met on time unverified 1/1 by 2026-03-03T00:00",
        "S C met unverified 1/1 by 2026-03-03T00:00",
    ]


def test_no_days_at_all_is_the_end_of_the_day() -> None:
    s = reported(("2026-03-02T23:59", "2026-03-03T00:00"), within={"days": 0})
    assert s.on("2026-03-03") == [
        "S A met on time unverified 1/1 by 2026-03-02",
        "S B met unverified 1/1 by 2026-03-02",
    ]


def test_workdays_and_school_days() -> None:
    # 2 July 2026 is a Thursday, 3 July the last day of term; the next one begins on 1 September
    friday = {"respond": TEN_DAYS | {"within": {"school_days": 2}}}
    s = situation(respond=TEN_DAYS | {"within": {"workdays": 3}}, others={"e": friday})
    s.did("report", "2026-04-30", ident="A")  # Labour Day is 1 to 5 May
    s.did("report", "2026-07-02", ident="B")
    s.did("report", "2026-04-03", ident="C")  # Tomb-sweeping Day is 4 to 6 April
    assert s.on("2026-07-02") == [
        "S A overdue unverified 0/1 by 2026-05-08",
        "S B due unverified 0/1 by 2026-07-07",
        "S C overdue unverified 0/1 by 2026-04-09",
        "S e A overdue unverified 0/1 by 2026-05-07",
        "S e B due unverified 0/1 by 2026-09-01",
        "S e C overdue unverified 0/1 by 2026-04-08",
    ]


def test_school_days_are_those_of_the_area() -> None:
    s = situation(respond=TEN_DAYS | {"within": {"school_days": 1}}, school=False)
    s.opens("L")
    s.opens("H", area="hills")
    for code in "LH":
        s.did("report", "2026-02-24", code, ident=f"of-{code}")
    # the hills are in session since 24 February; the others begin on Monday 2 March
    found = dict(line.split(" ", 1) for line in s.on("2026-02-24"))
    assert found["H"] == "of-H due unverified 0/1 by 2026-02-25"


def test_a_deadline_that_crosses_an_unknown_holiday_is_provisional() -> None:
    s = situation(respond=TEN_DAYS | {"within": {"workdays": 1}})
    s.did("report", "2026-12-30", ident="A")
    s.did("report", "2026-12-31", ident="B")
    assert s.on("2026-12-31") == [
        "S A due unverified 0/1 by 2026-12-31",
        "S B due unverified 0/1 by 2027-01-04 provisional",
    ]


def test_a_deadline_may_be_a_date_or_a_moment_of_the_trigger() -> None:
    s = situation(
        respond=TEN_DAYS | {"within": {"field": "until"}},
        others={"e": {"respond": TEN_DAYS | {"within": {"field": "moment"}}}},
    )
    s.did("report", "2026-03-02", ident="A", until="2026-03-05", moment="2026-03-05T10:30")
    s.did("visit", "2026-03-05T10:31", reference="A")
    assert s.on("2026-03-05") == [
        "S A met on time unverified 1/1 by 2026-03-05",
        "S e A met unverified 1/1 by 2026-03-05T10:30",
    ]


# --- when a trigger counts -----


def test_triggers_count_while_the_duty_is_in_force() -> None:
    s = situation(respond=TEN_DAYS, in_force=("2026-03-02", "2026-03-04"))
    for name, at in (
        ("A", "2026-03-01T23:59"),
        ("B", "2026-03-02T00:00"),
        ("C", "2026-03-04T23:59"),
        ("D", "2026-03-05T00:00"),
    ):
        s.did("report", at, ident=name)
    assert [line.split()[1] for line in s.on("2026-03-31")] == ["B", "C"]


def test_triggers_count_since_the_rulebook_and_since_an_organisation_is_in_use() -> None:
    s = situation(respond=TEN_DAYS, valid_from="2026-03-02", school=False)
    s.opens("A")
    s.opens("B", in_use_from="2026-03-03")
    for code in "AB":
        for at in ("2026-03-01", "2026-03-02", "2026-03-03"):
            s.did("report", at, code, ident=f"{code}-{at[-1]}")
    assert [line.split()[1] for line in s.on("2026-03-31")] == ["A-2", "A-3", "B-3"]


def test_the_bearer_is_who_owes_it_on_the_day_of_the_trigger() -> None:
    s = situation(respond=TEN_DAYS, school=False)
    s.opens("A")
    s.opens("A", "town", "2026-03-03", verb="change")
    s.did("report", "2026-03-02", "A", ident="as-school")
    s.did("report", "2026-03-03", "A", ident="as-town")
    assert s.on("2026-03-31") == ["A as-school overdue unverified 0/1 by 2026-03-12"]


# --- which answer -----


def test_one_answer_ends_all_that_are_open_under_its_key() -> None:
    s = ordered()
    s.step("case", "returned", "2026-03-05", deadline="2026-03-08", ident="return")
    s.step("case", "rectified", "2026-03-10")
    assert s.on("2026-03-31") == [
        "S order met on time unverified 1/1 by 2026-03-20",
        "S return met unverified 1/1 by 2026-03-08",
    ]


def test_a_rectification_of_another_case_answers_nothing() -> None:
    s = ordered()
    s.step("other", "rectified", "2026-03-10")
    assert s.on("2026-03-21") == ["S order overdue unverified 0/1 by 2026-03-20"]


def test_an_answer_of_another_organisation_answers_nothing() -> None:
    s = ordered()
    s.opens("T")
    s.step("case", "rectified", "2026-03-10", about="T")
    assert s.on("2026-03-21") == ["S order overdue unverified 0/1 by 2026-03-20"]


def test_returned_after_rectified_is_a_trigger_with_its_own_deadline() -> None:
    s = ordered()
    s.step("case", "rectified", "2026-03-10")
    s.step("case", "returned", "2026-03-12", deadline="2026-03-18", ident="return")
    s.step("case", "rectified", "2026-03-19")
    assert s.on("2026-03-18") == [
        "S order met on time unverified 1/1 by 2026-03-20",
        "S return due unverified 0/1 by 2026-03-18",
    ]
    assert s.on("2026-03-19")[1] == "S return met unverified 1/1 by 2026-03-18"


def test_an_answer_comes_after_its_trigger_by_id_within_a_minute() -> None:
    for answer, status in (("a-before", "overdue unverified 0/1"), ("z-after", "met on time unverified 1/1")):
        s = situation(respond=RECTIFY)
        s.step("case", "ordered", "2026-03-02", deadline="2026-03-20", ident="order")
        s.step("case", "rectified", "2026-03-02", ident=answer)
        assert s.on("2026-03-21") == [f"S order {status} by 2026-03-20"]


def test_a_minute_earlier_is_no_answer() -> None:
    s = situation(respond=RECTIFY)
    s.step("case", "ordered", "2026-03-02T10:00", deadline="2026-03-20", ident="order")
    s.step("case", "rectified", "2026-03-02T09:59", ident="z-after")
    assert s.on("2026-03-21") == ["S order overdue unverified 0/1 by 2026-03-20"]


def test_a_fortnightly_note_answers_the_one_before_and_not_itself() -> None:
    s = situation(
        respond={"to": steps("found", "ordered"), "with": steps("ordered"), "match": "case", "within": {"days": 14}}
    )
    for name, step, at in (
        ("1", "found", "2026-03-01"),
        ("2", "ordered", "2026-03-15"),
        ("3", "ordered", "2026-03-30"),
    ):
        s.step("case", step, at, ident=name)
    assert s.on("2026-03-31") == [
        "S 1 met on time unverified 1/1 by 2026-03-15",
        "S 2 met unverified 1/1 by 2026-03-29",
        "S 3 due unverified 0/1 by 2026-04-13",
    ]


def test_by_bearer_any_later_deed_answers() -> None:
    s = situation(respond=TEN_DAYS | {"match": "bearer"})
    s.did("visit", "2026-03-01")
    s.did("report", "2026-03-02", ident="A")
    s.did("report", "2026-03-04", ident="B")
    s.did("visit", "2026-03-05")
    s.did("report", "2026-03-06", ident="C")
    assert s.on("2026-03-10") == [
        "S A met on time unverified 1/1 by 2026-03-12",
        "S B met on time unverified 1/1 by 2026-03-14",
        "S C due unverified 0/1 by 2026-03-16",
    ]


def test_by_field_the_same_value_answers_and_none_answers_nothing() -> None:
    s = situation(respond=TEN_DAYS | {"match": "sort"})
    s.did("report", "2026-03-02", ident="A", sort="a")
    s.did("report", "2026-03-02", ident="B", sort="b")
    s.did("visit", "2026-03-05", sort="a")
    s.did("visit", "2026-03-05")
    assert s.on("2026-03-10") == [
        "S A met on time unverified 1/1 by 2026-03-12",
        "S B due unverified 0/1 by 2026-03-12",
    ]


def test_by_holding_each_new_holder_answers_for_himself() -> None:
    s = situation(
        respond={
            "to": {"record": "holding.began", "as": "about"},
            "with": {"record": "visit"},
            "match": "holding",
            "within": {"days": 10},
        }
    )
    s.post("S", "head")
    s.post("S", "guard")
    s.holds("S", "head", "p1", "2026-03-02", ident="p1", item="h1")
    s.holds("S", "guard", "p2", "2026-03-02", ident="p2", item="h2")
    s.did("visit", "2026-03-05", post="S/head")
    s.holds("S", "head", "p1", "2026-03-10", item="h1", verb="close")
    s.holds("S", "head", "p3", "2026-03-10", ident="p3", item="h3")
    assert s.on("2026-03-13") == [
        "S p1 met on time unverified 1/1 by 2026-03-12",
        "S p2 overdue unverified 0/1 by 2026-03-12",
        "S p3 due unverified 0/1 by 2026-03-20",
    ]


def test_a_notice_to_many_is_a_trigger_for_each() -> None:
    s = situation(respond=TEN_DAYS | {"to": {"record": "report", "as": "to"}})
    s.opens("C", "county")
    s.opens("T")
    s.did("report", "2026-03-02", "C", to=("S", "T"), ident="notice")
    s.did("visit", "2026-03-05", "T", reference="notice")
    assert s.on("2026-03-13") == [
        "S notice overdue unverified 0/1 by 2026-03-12",
        "T notice met on time unverified 1/1 by 2026-03-12",
    ]


def test_handed_over_is_a_trigger_for_whoever_receives_it() -> None:
    s = situation(
        respond={
            "to": {"step": ("handed-over",), "as": "to"},
            "with": {"step": ("taken-up",), "as": "by"},
            "within": {"workdays": 3},
        },
        owed_by={"type": ("bureau",)},
    )
    s.opens("B", "bureau")
    s.step("case", "handed-over", "2026-04-30", by="S", to="B", ident="handed")
    s.step("case", "taken-up", "2026-05-08", by="B")
    assert s.on("2026-05-08") == ["B handed met on time unverified 1/1 by 2026-05-08"]


# --- moved, lifted, taken back -----


def test_the_last_extension_before_the_answer_moves_the_deadline() -> None:
    s = ordered()
    s.step("case", "extended", "2026-03-18", deadline="2026-03-25")
    s.step("case", "extended", "2026-03-19", deadline="2026-03-23")
    s.step("case", "rectified", "2026-03-24")
    s.step("case", "extended", "2026-03-26", deadline="2026-04-30")
    assert s.on("2026-03-18") == ["S order due unverified 0/1 by 2026-03-25"]
    assert s.on("2026-03-31") == ["S order met unverified 1/1 by 2026-03-23"]


def test_extended_after_the_deadline_is_due_again() -> None:
    s = ordered()
    s.step("case", "extended", "2026-03-22", deadline="2026-03-25")
    assert s.on("2026-03-21") == ["S order overdue unverified 0/1 by 2026-03-20"]
    assert s.on("2026-03-22") == ["S order due unverified 0/1 by 2026-03-25"]


def test_an_extension_before_the_trigger_or_of_another_case_moves_nothing() -> None:
    s = situation(respond=RECTIFY)
    s.step("case", "extended", "2026-03-01", deadline="2026-04-25")
    s.step("case", "ordered", "2026-03-02", deadline="2026-03-20", ident="order")
    s.step("other", "extended", "2026-03-03", deadline="2026-04-25")
    assert s.on("2026-03-21") == ["S order overdue unverified 0/1 by 2026-03-20"]


def test_extensions_of_the_same_minute_are_in_the_order_of_their_ids() -> None:
    s = ordered()
    s.step("case", "extended", "2026-03-18", deadline="2026-03-22", ident="y-second")
    s.step("case", "extended", "2026-03-18", deadline="2026-03-28", ident="x-first")
    assert s.on("2026-03-19") == ["S order due unverified 0/1 by 2026-03-22"]


def test_closes_counts_from_the_moved_deadline() -> None:
    s = ordered(closes={"days": 5})
    s.step("case", "extended", "2026-03-18", deadline="2026-03-25")
    assert s.on("2026-03-30") == ["S order overdue unverified 0/1 by 2026-03-25"]
    assert s.on("2026-03-31") == ["S order missed unverified 0/1 by 2026-03-25"]


def test_lifted_before_it_was_answered_is_no_row() -> None:
    s = ordered()
    s.step("case", "transferred", "2026-03-25")
    s.step("case", "rectified", "2026-03-26")
    assert s.on("2026-03-24") == ["S order overdue unverified 0/1 by 2026-03-20"]
    assert s.on("2026-03-25") == []
    assert s.on("2026-03-26") == []


def test_lifted_after_it_was_answered_stays_answered() -> None:
    s = ordered()
    s.step("case", "rectified", "2026-03-10")
    s.step("case", "transferred", "2026-03-25")
    assert s.on("2026-03-25") == ["S order met on time unverified 1/1 by 2026-03-20"]


def test_a_trigger_withdrawn_is_no_row() -> None:
    s = ordered()
    s.withdrawn("order", "2026-03-25")
    assert s.on("2026-04-01", known_at="2026-03-24") == ["S order overdue unverified 0/1 by 2026-03-20"]
    assert s.on("2026-04-01", known_at="2026-03-25") == []


def test_an_answer_withdrawn_leaves_it_open() -> None:
    s = ordered()
    s.step("case", "rectified", "2026-03-10", ident="answer")
    s.withdrawn("answer", "2026-03-25")
    assert s.on("2026-04-01", known_at="2026-03-24") == ["S order met on time unverified 1/1 by 2026-03-20"]
    assert s.on("2026-04-01", known_at="2026-03-25") == ["S order overdue unverified 0/1 by 2026-03-20"]


# --- verified -----


@pytest.mark.parametrize(
    ("counts", "status"), [("recorded", "met on time unverified 1/1"), ("verified", "overdue unverified 0/1")]
)
def test_an_answer_counts_verified_if_somebody_else_confirmed_it(counts: str, status: str) -> None:
    s = situation(respond=TEN_DAYS, counts=counts)
    s.opens("C", "county")
    for name in "AB":
        s.did("report", "2026-03-02", ident=name)
        s.did("visit", "2026-03-05", reference=name, ident=f"answer-{name}")
    s.verified("answer-A", "2026-03-06")
    assert s.on("2026-03-31") == [
        "S A met on time verified 1/1 by 2026-03-12",
        f"S B {status} by 2026-03-12",
    ]


# --- without a deadline -----


def test_a_trigger_that_carries_no_deadline_is_due_without_a_day() -> None:
    s = situation(respond=TEN_DAYS | {"within": {"field": "until"}})
    s.did("report", "2026-03-02", ident="A")
    assert s.on("2026-12-31") == ["S A due unverified 0/1 by no day"]


def test_why_it_is_due_without_a_day() -> None:
    s = situation(respond=TEN_DAYS | {"within": {"field": "until"}})
    s.did("report", "2026-03-02", ident="A")
    assert s.why("2026-12-31") == ["S · 例 · A：待办"]


def test_a_deadline_before_the_rulebook_closes_before_it_too() -> None:
    field = TEN_DAYS | {"within": {"field": "until"}, "closes": {"workdays": 3}}
    s = situation(respond=field, valid_from="2026-03-02")
    s.did("report", "2026-03-02", ident="A", until="2026-02-27")  # closes on Tuesday 3 March; 28 February is worked
    s.did("report", "2026-03-02", ident="B", until="2026-02-26")  # closes on Monday 2 March
    s.did("visit", "2026-03-03", reference="A")
    s.did("visit", "2026-03-03", reference="B")
    assert s.on("2026-03-02") == [
        "S A overdue unverified 0/1 by 2026-02-27",
        "S B overdue unverified 0/1 by 2026-02-26",
    ]
    assert s.on("2026-03-03") == [
        "S A met unverified 1/1 by 2026-02-27",
        "S B missed unverified 0/1 by 2026-02-26",
    ]


def test_a_deadline_years_before_the_rulebook_has_closed_as_well() -> None:
    s = situation(respond=TEN_DAYS | {"within": {"field": "until"}, "closes": {"workdays": 3}})
    s.did("report", "2026-03-02", ident="A", until="2024-03-02")
    assert s.on("2026-03-02") == ["S A missed unverified 0/1 by 2024-03-02"]


def test_what_both_answers_and_lifts_answers() -> None:
    s = ordered(**{"with": steps("rectified", "transferred")})
    s.step("case", "transferred", "2026-03-10")
    assert s.on("2026-03-31") == ["S order met on time unverified 1/1 by 2026-03-20"]
