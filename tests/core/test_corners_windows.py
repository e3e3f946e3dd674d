"""When a period opens, is due and closes, and who has to answer for it; every limit with the day before and after."""

from __future__ import annotations

import pytest

from tests.core.situations import MARCH, Situation, situation

MEETING = {"deed": {"record": "meeting"}, "per": "month"}


def schools(s: Situation, deeds: dict[str, dict[str, object]]) -> Situation:
    """One school for each case, so that a limit is seen from both sides in one evaluation."""
    for code, deed in deeds.items():
        s.opens(code)
        s.did("meeting", by=code, **deed)  # type: ignore[arg-type]
    return s


# --- due, overdue, missed -----


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-03-01", "due"), ("2026-03-31", "due"), ("2026-04-01", "missed")],
)
def test_a_period_is_due_at_its_end_and_then_closed(as_of: str, status: str) -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    assert s.on(as_of) == [f"S 2026-03 {status} unverified 0/1 by 2026-03-31"]


def test_a_window_that_has_not_begun_gives_no_row() -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    assert s.on("2026-02-28") == []


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-04-10", "due"), ("2026-04-11", "overdue"), ("2026-05-10", "overdue"), ("2026-05-11", "missed")],
)
def test_due_ten_days_later_and_closed_thirty_days_after_that(as_of: str, status: str) -> None:
    s = situation(repeat=MEETING | {"due": {"days": 10}, "closes": {"days": 30}}, in_force=MARCH)
    assert s.on(as_of) == [f"S 2026-03 {status} unverified 0/1 by 2026-04-10"]


@pytest.mark.parametrize(
    ("as_of", "status"),
    [("2026-03-11", "due"), ("2026-03-12", "overdue"), ("2026-03-31", "overdue"), ("2026-04-01", "missed")],
)
def test_a_period_due_early_stays_open_until_its_last_day(as_of: str, status: str) -> None:
    s = situation(repeat=MEETING | {"due": {"days_after_start": 10}}, in_force=MARCH)
    assert s.on(as_of) == [f"S 2026-03 {status} unverified 0/1 by 2026-03-11"]


def test_done_after_an_early_due_day_is_met_but_not_on_time() -> None:
    s = situation(repeat=MEETING | {"due": {"days_after_start": 10}}, in_force=MARCH, school=False)
    schools(s, {"A": {"at": "2026-03-11"}, "B": {"at": "2026-03-12"}, "C": {"at": "2026-03-31"}})
    assert s.on("2026-04-01") == [
        "A 2026-03 met on time unverified 1/1 by 2026-03-11",
        "B 2026-03 met unverified 1/1 by 2026-03-11",
        "C 2026-03 met unverified 1/1 by 2026-03-11",
    ]


def test_workdays_after_the_end_skip_tomb_sweeping_day() -> None:
    s = situation(repeat=MEETING | {"due": {"workdays": 4}}, in_force=MARCH)
    assert s.on("2026-04-07") == ["S 2026-03 due unverified 0/1 by 2026-04-07"]
    assert s.on("2026-04-08") == ["S 2026-03 missed unverified 0/1 by 2026-04-07"]


def test_workdays_count_a_saturday_that_is_worked() -> None:
    s = situation(repeat=MEETING | {"due": {"workdays": 4}}, in_force=("2026-04-01", "2026-04-30"))
    assert s.on("2026-05-01") == ["S 2026-04 due unverified 0/1 by 2026-05-09"]


def test_a_named_date_is_in_the_year_the_window_opens_or_the_next() -> None:
    year = {"deed": {"record": "meeting"}, "per": "year", "due": {"date": "03-31"}}
    s = situation(repeat=year, others={"e": {"repeat": year | {"due": {"date": "next 03-31"}}}})
    assert s.on("2026-04-01") == [
        "S 2026 overdue unverified 0/1 by 2026-03-31",
        "S e 2026 due unverified 0/1 by 2027-03-31",
    ]


def test_deeds_count_on_the_first_and_the_last_day_and_not_outside() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, school=False)
    days = ["2026-02-28T23:59", "2026-03-01T00:00", "2026-03-31T23:59", "2026-04-01T00:00"]
    schools(s, {code: {"at": at} for code, at in zip("ABCD", days, strict=True)})
    assert s.on("2026-04-01") == [
        "A 2026-03 missed unverified 0/1 by 2026-03-31",
        "B 2026-03 met on time unverified 1/1 by 2026-03-31",
        "C 2026-03 met on time unverified 1/1 by 2026-03-31",
        "D 2026-03 missed unverified 0/1 by 2026-03-31",
    ]


def test_a_deed_of_tomorrow_does_not_count_today() -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    s.did("meeting", "2026-03-11", entered="2026-03-10")
    assert s.on("2026-03-10") == ["S 2026-03 due unverified 0/1 by 2026-03-31"]
    assert s.on("2026-03-11") == ["S 2026-03 met on time unverified 1/1 by 2026-03-31"]


def test_a_window_before_a_holiday() -> None:
    # Tomb-sweeping Day 2026 is 4 to 6 April: the window is 20 March (15 days before) to 1 April (3 days before)
    before = {"deed": {"record": "meeting"}, "per": "special:holidays", "before": (15, 3)}
    s = situation(repeat=before, in_force=("2026-03-20", "2026-03-20"), school=False)
    days = ["2026-03-19", "2026-03-20", "2026-04-01", "2026-04-02"]
    schools(s, {code: {"at": at} for code, at in zip("ABCD", days, strict=True)})
    assert s.on("2026-04-02") == [
        "A special:holidays:2026-tomb-sweeping missed unverified 0/1 by 2026-04-01",
        "B special:holidays:2026-tomb-sweeping met on time unverified 1/1 by 2026-04-01",
        "C special:holidays:2026-tomb-sweeping met on time unverified 1/1 by 2026-04-01",
        "D special:holidays:2026-tomb-sweeping missed unverified 0/1 by 2026-04-01",
    ]
    assert s.on("2026-03-19") == []


# --- made good, entered late, dated by a field -----


def test_a_deed_after_the_period_counts_for_it_only_if_marked() -> None:
    made = MEETING | {"due": {"days": 10}, "closes": {"days": 5}, "make_good": True}
    s = situation(repeat=made, in_force=("2026-03-01", "2026-04-30"), school=False)
    schools(s, {"A": {"at": "2026-04-15", "makeup": True}, "B": {"at": "2026-04-15"}})
    assert s.on("2026-04-16") == [
        "A 2026-03 met unverified 1/1 by 2026-04-10",
        "A 2026-04 due unverified 0/1 by 2026-05-10",
        "B 2026-03 missed unverified 0/1 by 2026-04-10",
        "B 2026-04 met on time unverified 1/1 by 2026-05-10",
    ]


def test_a_marked_deed_makes_nothing_good_where_the_duty_does_not_allow_it() -> None:
    s = situation(repeat=MEETING | {"due": {"days": 10}, "closes": {"days": 5}}, in_force=MARCH)
    s.did("meeting", "2026-04-05", makeup=True)
    assert s.on("2026-04-16") == ["S 2026-03 missed unverified 0/1 by 2026-04-10"]


def test_a_marked_deed_counts_by_its_date_where_the_duty_does_not_make_good() -> None:
    s = situation(repeat={"deed": {"record": "meeting"}, "per": "year"})
    s.did("meeting", "2026-04-05", makeup=True)  # made good for March under a monthly duty
    assert s.on("2026-04-16") == ["S 2026 met on time unverified 1/1 by 2026-12-31"]


def test_made_good_until_the_period_closes_and_never_on_time() -> None:
    made = MEETING | {"due": {"days": 10}, "closes": {"days": 5}, "make_good": True}
    s = situation(repeat=made, in_force=MARCH, school=False)
    days = ["2026-03-31", "2026-04-01", "2026-04-15", "2026-04-16"]
    schools(s, {code: {"at": at, "makeup": True} for code, at in zip("ABCD", days, strict=True)})
    assert s.on("2026-04-16") == [
        "A 2026-03 missed unverified 0/1 by 2026-04-10",  # not after the period
        "B 2026-03 met unverified 1/1 by 2026-04-10",
        "C 2026-03 met unverified 1/1 by 2026-04-10",
        "D 2026-03 missed unverified 0/1 by 2026-04-10",
    ]


def test_entered_late_counts_until_the_limit_in_workdays() -> None:
    # 7 May 2026 is a Thursday; 9 May is a Saturday that is worked: the third workday is Monday 11 May
    s = situation(repeat=MEETING | {"enter_within": 3}, in_force=("2026-05-01", "2026-05-31"), school=False)
    entered = ["2026-05-10", "2026-05-11", "2026-05-12"]
    schools(s, {code: {"at": "2026-05-07", "entered": on} for code, on in zip("ABC", entered, strict=True)})
    assert s.on("2026-06-01") == [
        "A 2026-05 met on time unverified 1/1 by 2026-05-31",
        "B 2026-05 met on time unverified 1/1 by 2026-05-31",
        "C 2026-05 missed unverified 0/1 by 2026-05-31",
    ]


def test_entered_within_no_workday_is_entered_before_the_next_one() -> None:
    s = situation(repeat=MEETING | {"enter_within": 0}, in_force=("2026-05-01", "2026-05-31"), school=False)
    # Friday 15 May: Saturday and Sunday are no workdays, Monday is the first
    entered = ["2026-05-15", "2026-05-17", "2026-05-18"]
    schools(s, {code: {"at": "2026-05-15", "entered": on} for code, on in zip("ABC", entered, strict=True)})
    assert [line.split()[2] for line in s.on("2026-06-01")] == ["met", "met", "missed"]


def test_done_in_time_and_entered_after_the_due_day_is_met_but_not_on_time() -> None:
    s = situation(repeat=MEETING | {"due": {"days": 10}}, in_force=MARCH, school=False)
    entered = ["2026-04-10T23:59", "2026-04-11T00:00", "2026-06-30"]
    schools(s, {code: {"at": "2026-03-31", "entered": on} for code, on in zip("ABC", entered, strict=True)})
    assert s.on("2026-07-01") == [
        "A 2026-03 met on time unverified 1/1 by 2026-04-10",
        "B 2026-03 met unverified 1/1 by 2026-04-10",
        "C 2026-03 met unverified 1/1 by 2026-04-10",
    ]


def test_a_report_says_itself_for_which_month_it_is_until_that_month_closes() -> None:
    dated = {
        "deed": {"record": "report"},
        "per": "month",
        "due": {"days": 10},
        "closes": {"days": 5},
        "dated_by": "until",
    }
    s = situation(repeat=dated, in_force=MARCH, school=False)
    for code, at, until in [
        ("A", "2026-04-10", "2026-03-31"),
        ("B", "2026-04-11", "2026-03-01"),
        ("C", "2026-04-15", "2026-03-31"),
        ("D", "2026-04-16", "2026-03-31"),
        ("E", "2026-03-20", "2026-04-01"),
        ("F", "2026-03-20", "2026-02-28"),
    ]:
        s.opens(code)
        s.did("report", at, code, until=until)
    s.opens("G")
    s.did("report", "2026-03-20", "G")  # says nothing
    assert s.on("2026-04-16") == [
        "A 2026-03 met on time unverified 1/1 by 2026-04-10",
        "B 2026-03 met unverified 1/1 by 2026-04-10",
        "C 2026-03 met unverified 1/1 by 2026-04-10",
        "D 2026-03 missed unverified 0/1 by 2026-04-10",
        "E 2026-03 missed unverified 0/1 by 2026-04-10",
        "F 2026-03 missed unverified 0/1 by 2026-04-10",
        "G 2026-03 missed unverified 0/1 by 2026-04-10",
    ]


# --- since when a duty counts -----


def test_windows_that_began_before_the_rulebook_give_no_row() -> None:
    assert situation(repeat=MEETING, valid_from="2026-03-02").on("2026-04-30") == [
        "S 2026-04 due unverified 0/1 by 2026-04-30"
    ]
    assert situation(repeat=MEETING, valid_from="2026-03-01").on("2026-03-31") == [
        "S 2026-03 due unverified 0/1 by 2026-03-31"
    ]


def test_windows_that_began_before_the_duty_give_no_row() -> None:
    s = situation(repeat=MEETING, in_force=("2026-03-02", None), others={"e": {"repeat": MEETING, "in_force": MARCH}})
    assert s.on("2026-04-30") == [
        "S 2026-04 due unverified 0/1 by 2026-04-30",
        "S e 2026-03 missed unverified 0/1 by 2026-03-31",
    ]


def test_windows_that_began_before_an_organisation_was_in_use_give_no_row() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, school=False)
    s.opens("A", in_use_from="2026-03-01")
    s.opens("B", in_use_from="2026-03-02")
    assert s.on("2026-03-31") == ["A 2026-03 due unverified 0/1 by 2026-03-31"]


def test_a_window_that_began_while_the_duty_was_in_force_is_answered_for_to_its_end() -> None:
    s = situation(repeat=MEETING, in_force=("2026-02-01", "2026-03-01"))
    assert s.on("2026-04-30") == [
        "S 2026-02 missed unverified 0/1 by 2026-02-28",
        "S 2026-03 missed unverified 0/1 by 2026-03-31",
    ]


# --- who was there -----


def test_most_of_a_month_is_half_its_days_or_more() -> None:
    s = situation(repeat=MEETING, in_force=("2026-03-01", "2026-04-30"), school=False)
    s.opens("C", "county")
    s.opens("A", on="2026-03-16")  # 16 of 31 days
    s.opens("B", on="2026-03-17")  # 15 of 31
    s.opens("D", on="2026-04-16")  # 15 of 30
    s.opens("E", on="2026-04-17")  # 14 of 30
    assert s.on("2026-04-30") == [
        "A 2026-03 missed unverified 0/1 by 2026-03-31",
        "A 2026-04 due unverified 0/1 by 2026-04-30",
        "B 2026-04 due unverified 0/1 by 2026-04-30",
        "D 2026-04 due unverified 0/1 by 2026-04-30",
    ]


def test_the_first_organisation_of_all_owes_for_the_month_it_opened_in() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, school=False)
    s.opens("A", on="2026-03-16")  # 16 of 31 days
    assert s.on("2026-03-31") == ["A 2026-03 due unverified 0/1 by 2026-03-31"]


def test_closed_before_half_the_month_owes_nothing() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, school=False)
    for code, closed in (("A", "2026-03-16"), ("B", "2026-03-17")):  # 15 and 16 days
        s.opens(code)
        s.opens(code, on=closed, verb="close")
    assert s.on("2026-03-31") == ["B 2026-03 due unverified 0/1 by 2026-03-31"]


def test_two_stays_in_a_month_add_up() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, school=False)
    s.opens("A")
    s.opens("A", "town", "2026-03-09", verb="change")  # 8 days a school, then a town
    s.opens("A", "school", "2026-03-24", verb="change")  # 8 more days a school
    assert s.on("2026-03-31") == ["A 2026-03 due unverified 0/1 by 2026-03-31"]


def test_whole_asks_for_every_day() -> None:
    s = situation(repeat=MEETING, in_force=MARCH, present="whole", school=False)
    s.opens("A", on="2026-03-01")
    s.opens("B", on="2026-03-02")
    s.opens("C")
    s.opens("C", on="2026-03-31", verb="close")
    s.opens("D")
    s.opens("D", on="2026-04-01", verb="close")
    assert s.on("2026-04-01") == [
        "A 2026-03 missed unverified 0/1 by 2026-03-31",
        "D 2026-03 missed unverified 0/1 by 2026-03-31",
    ]


def test_due_day_asks_for_that_day_alone() -> None:
    s = situation(repeat=MEETING | {"due": {"days": 10}}, in_force=MARCH, present="due-day", school=False)
    s.opens("A", on="2026-04-10")
    s.opens("B", on="2026-04-11")
    s.opens("C")
    s.opens("C", on="2026-04-10", verb="close")
    s.opens("D")
    s.opens("D", on="2026-04-11", verb="close")
    assert s.on("2026-04-11") == [
        "A 2026-03 missed unverified 0/1 by 2026-04-10",
        "D 2026-03 missed unverified 0/1 by 2026-04-10",
    ]


# --- calendars -----


def test_terms_are_those_of_the_organisations_own_area() -> None:
    term = {"deed": {"record": "meeting"}, "per": "term"}
    s = situation(repeat=term, owed_by={"type": ("school", "county")}, valid_from="2026-02-01", school=False)
    s.opens("C", "county")  # above both areas: its own, the default
    s.opens("L", under="C")
    s.opens("T", "town", under="C", area="hills")
    s.opens("H", under="T")  # inherits the hills
    for code in "CLH":
        s.did("meeting", "2026-06-30", code)
    assert s.on("2026-07-04") == [
        "C 2025-2026-2 met on time unverified 1/1 by 2026-07-03",
        "H 2025-2026-2 missed unverified 0/1 by 2026-06-26",
        "L 2025-2026-2 met on time unverified 1/1 by 2026-07-03",
    ]


def test_school_days_are_those_of_the_area() -> None:
    daily = {"deed": {"record": "meeting"}, "per": "school-day"}
    s = situation(repeat=daily, in_force=("2026-02-26", "2026-03-02"), school=False)
    s.opens("L")
    s.opens("H", area="hills")
    s.did("meeting", "2026-02-28", "H")  # a Saturday that is worked
    s.did("meeting", "2026-03-02", "L")
    assert s.on("2026-03-02") == [
        "H 2026-02-26 missed unverified 0/1 by 2026-02-26",
        "H 2026-02-27 missed unverified 0/1 by 2026-02-27",
        "H 2026-02-28 met on time unverified 1/1 by 2026-02-28",
        "H 2026-03-02 due unverified 0/1 by 2026-03-02",
        "L 2026-03-02 met on time unverified 1/1 by 2026-03-02",
    ]


def test_workdays_that_run_into_a_year_without_a_notice_are_provisional() -> None:
    december = ("2026-12-01", "2026-12-31")
    s = situation(
        repeat=MEETING | {"due": {"workdays": 1}},
        in_force=december,
        others={"e": {"repeat": MEETING | {"due": {"days": 5}}, "in_force": december}},
    )
    assert s.on("2026-12-31") == [
        "S 2026-12 due unverified 0/1 by 2027-01-04 provisional",
        "S e 2026-12 due unverified 0/1 by 2027-01-05",
    ]
