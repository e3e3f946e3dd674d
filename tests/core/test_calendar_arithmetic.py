"""Counting forward and back, against a reference that walks day by day."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.calendar import Calendar, Calendars
from huxue.core.duties.shapes import Span
from huxue.core.values import FAR, end_of_day
from tests.core.calendar_world import FIRST, LAST, NATIONAL, day, minute, term, with_area

NATION = NATIONAL.default
TIBET = with_area(
    "tibet",
    {
        "extends": "default",
        "holidays": [
            {"code": "losar", "name": {"zh": "藏历新年", "en": "Losar"}, "days": ["2026-02-16", "2026-02-27"]}
        ],
        "workdays": ["2026-03-01"],
        "breaks": [term("autumn-break", "2025-11-10", "2025-11-14")],
    },
)["tibet"]
CALENDARS = st.sampled_from([NATION, TIBET, Calendars.none().default])
DAYS = st.integers(FIRST, LAST)
STEPS = st.integers(-700, 700)
RELAXED = settings(deadline=None)  # tables are made when first asked for


def _walked(counts: Callable[[int], bool], start: int, n: int) -> int:
    """Walk to the n-th counted day."""
    step, left = (1 if n > 0 else -1), abs(n)
    while left:
        start += step
        left -= counts(start)
    return start


@RELAXED
@given(CALENDARS, DAYS, st.integers(-40, 40))
def test_adding_workdays_walks_from_workday_to_workday(calendar: Calendar, start: int, n: int) -> None:
    assert calendar.add_workdays(start, n) == _walked(calendar.is_workday, start, n)


@RELAXED
@given(CALENDARS, DAYS, STEPS)
def test_from_a_workday_adding_and_taking_away_is_inverse(calendar: Calendar, start: int, n: int) -> None:
    workday = calendar.add_workdays(start, 1)
    assert calendar.add_workdays(calendar.add_workdays(workday, n), -n) == workday


@RELAXED
@given(CALENDARS, DAYS, STEPS, STEPS)
def test_from_a_workday_steps_add_up(calendar: Calendar, start: int, n: int, m: int) -> None:
    workday = calendar.add_workdays(start, 1)
    assert calendar.add_workdays(calendar.add_workdays(workday, n), m) == calendar.add_workdays(workday, n + m)


@RELAXED
@given(CALENDARS, DAYS, st.integers(1, 700))
def test_between_inverts_adding(calendar: Calendar, start: int, n: int) -> None:
    assert calendar.workdays_between(start, calendar.add_workdays(start, n)) == n


@RELAXED
@given(CALENDARS, DAYS, DAYS, DAYS)
def test_between_is_additive_and_signed(calendar: Calendar, a: int, b: int, c: int) -> None:
    assert calendar.workdays_between(a, b) + calendar.workdays_between(b, c) == calendar.workdays_between(a, c)
    assert calendar.workdays_between(a, b) == -calendar.workdays_between(b, a)


@RELAXED
@given(CALENDARS, DAYS, st.integers(0, 100))
def test_between_counts_the_workdays_after_the_first_day(calendar: Calendar, a: int, length: int) -> None:
    assert calendar.workdays_between(a, a + length) == sum(calendar.is_workday(d) for d in range(a + 1, a + length + 1))


@RELAXED
@given(st.sampled_from([NATION, TIBET]), st.integers(day("2014-02-17"), day("2028-06-30")), st.integers(-40, 40))
def test_adding_school_days_walks_from_school_day_to_school_day(calendar: Calendar, start: int, n: int) -> None:
    reached = calendar.add_school_days(start, n)
    if day("2014-02-17") <= reached <= day("2029-01-26"):
        assert reached == _walked(calendar.is_school_day, start, n)


@RELAXED
@given(CALENDARS, DAYS, STEPS)
def test_from_a_school_day_adding_and_taking_away_is_inverse(calendar: Calendar, start: int, n: int) -> None:
    school_day = calendar.add_school_days(start, 1)
    assert calendar.add_school_days(calendar.add_school_days(school_day, n), -n) == school_day


@RELAXED
@given(st.sampled_from([NATION, TIBET]), DAYS)
def test_a_school_day_is_a_workday_of_a_term(calendar: Calendar, some_day: int) -> None:
    in_term = calendar.periods("term", some_day, some_day) != ()
    broken = calendar is TIBET and day("2025-11-10") <= some_day <= day("2025-11-14")
    assert calendar.is_school_day(some_day) == (in_term and not broken and calendar.is_workday(some_day))


def test_beyond_all_terms_school_days_are_counted_as_workdays() -> None:
    after = day("2029-02-01")
    assert NATION.add_school_days(after, 5) == NATION.add_workdays(after, 5)
    assert not NATION.is_school_day(day("2029-02-01"))
    assert Calendars.none().default.add_school_days(after, 5) == NATION.add_workdays(after, 5)


def test_days_beyond_every_date_still_count() -> None:
    assert NATION.workdays_between(FAR, NATION.add_workdays(FAR, 5)) == 5
    assert NATION.workdays_between(-FAR, NATION.add_workdays(-FAR, 5)) == 5


@pytest.mark.parametrize(
    ("start", "span", "due"),
    [
        ("2026-02-13T16:30", {"hours": 60}, "2026-02-16T04:30"),
        ("2026-02-13T16:30", {"hours": 0}, "2026-02-13T16:30"),
        ("2026-02-13T16:30", {"days": 0}, "2026-02-13T23:59"),
        ("2026-02-13T00:00", {"days": 15}, "2026-02-28T23:59"),
        ("2026-02-13T16:30", {"workdays": 0}, "2026-02-13T23:59"),
        ("2026-02-13T16:30", {"workdays": 1}, "2026-02-14T23:59"),  # an adjusted Saturday
        ("2026-02-13T23:59", {"workdays": 2}, "2026-02-24T23:59"),  # over the Spring Festival
        ("2026-02-14T00:00", {"workdays": 1}, "2026-02-24T23:59"),
        ("2026-02-15T09:00", {"workdays": 1}, "2026-02-24T23:59"),  # from inside the festival
        ("2026-02-24T09:00", {"workdays": 5}, "2026-03-02T23:59"),  # Saturday the 28th is worked
        ("2025-12-31T09:00", {"workdays": 1}, "2026-01-04T23:59"),
        ("2026-01-30T09:00", {"school_days": 1}, "2026-03-02T23:59"),  # over the winter holidays
        ("2026-07-10T09:00", {"school_days": 0}, "2026-07-10T23:59"),
        ("2026-07-10T09:00", {"school_days": 2}, "2026-09-02T23:59"),
    ],
)
def test_deadlines(start: str, span: dict[str, int], due: str) -> None:
    assert NATION.deadline(minute(start), Span(**span)) == minute(due)


@RELAXED
@given(CALENDARS, st.integers(FIRST * 1440, LAST * 1440), st.integers(0, 200))
def test_a_deadline_in_days_of_any_sort_ends_its_day(calendar: Calendar, start: int, n: int) -> None:
    found = [calendar.deadline(start, span) for span in (Span(days=n), Span(workdays=n), Span(school_days=n))]
    reached = [start // 1440 + n, calendar.add_workdays(start // 1440, n), calendar.add_school_days(start // 1440, n)]
    assert found == [end_of_day(d) for d in reached]
    assert found == sorted(found)


def test_a_span_that_names_a_field_has_no_length() -> None:
    with pytest.raises(ValueError, match="deadline"):
        NATION.deadline(0, Span(field="deadline"))


def test_a_deadline_that_crosses_into_an_unchecked_year_says_so() -> None:
    start = minute("2026-12-30T10:00")
    reached = [NATION.deadline(start, Span(workdays=n)) for n in (1, 2)]
    assert reached == [minute("2026-12-31T23:59"), minute("2027-01-04T23:59")]
    assert [NATION.is_provisional(start // 1440, due // 1440) for due in reached] == [False, True]


def test_an_area_may_have_holidays_and_workdays_of_its_own() -> None:
    days = [day("2026-02-16"), day("2026-02-25"), day("2026-02-28"), day("2026-03-01")]
    assert [NATION.is_workday(d) for d in days] == [False, True, True, False]
    assert [TIBET.is_workday(d) for d in days] == [False, False, True, True]
    assert (
        TIBET.workdays_between(day("2026-01-31"), day("2026-03-31"))
        == NATION.workdays_between(day("2026-01-31"), day("2026-03-31")) - 3
    )
