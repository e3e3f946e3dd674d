from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.calendar import Calendars, Period, period_in_words
from huxue.core.values import FAR, Text, date_of
from tests.core.calendar_world import DOCUMENTS, FIRST, LAST, NATIONAL, day, term, with_area

CALENDAR = NATIONAL.default
EVERYWHERE = ("week", "month", "quarter", "half-year", "year", "school-year")  # each day is in exactly one
DECLARED = ("school-day", "month-in-session", "term", "special:holidays", "special:term-start", "special:flood-season")
DAYS = st.integers(FIRST, LAST)
RELAXED = settings(deadline=None)  # tables are made when first asked for


def spans(found: tuple[Period, ...]) -> list[tuple[str, str, str]]:
    return [(p.key, str(date_of(p.lo)), str(date_of(p.hi))) for p in found]


def keys(found: tuple[Period, ...]) -> list[str]:
    return [p.key for p in found]


@RELAXED
@given(st.sampled_from(EVERYWHERE), DAYS)
def test_every_day_is_in_exactly_one(kind: str, some_day: int) -> None:
    (period,) = CALENDAR.periods(kind, some_day, some_day)
    assert (period.kind, period.lo <= some_day <= period.hi) == (kind, True)


@RELAXED
@given(st.sampled_from(EVERYWHERE), DAYS, st.integers(0, 2000))
def test_civil_periods_leave_no_gap(kind: str, lo: int, length: int) -> None:
    found = CALENDAR.periods(kind, lo, lo + length)
    assert found[0].lo <= lo
    assert found[-1].hi >= lo + length
    assert [after.lo - before.hi for before, after in pairwise(found)] == [1] * (len(found) - 1)
    assert len({p.key for p in found}) == len(found)


@RELAXED
@given(st.sampled_from(DECLARED), DAYS, st.integers(0, 4000))
def test_declared_periods_are_in_order_and_apart(kind: str, lo: int, length: int) -> None:
    found = CALENDAR.periods(kind, lo, lo + length)
    assert all(before.hi < after.lo for before, after in pairwise(found))
    whole = CALENDAR.periods(kind, -FAR, FAR)
    assert found == tuple(p for p in whole if p.lo <= lo + length and p.hi >= lo)


@pytest.mark.parametrize("kind", CALENDAR.kinds)
def test_an_empty_span_has_no_periods(kind: str) -> None:
    assert CALENDAR.periods(kind, day("2026-06-08"), day("2026-06-07")) == ()


@pytest.mark.parametrize(
    ("kind", "lo", "hi", "expected"),
    [
        ("year", "2026-02-01", "2026-02-01", [("2026", "2026-01-01", "2026-12-31")]),
        (
            "half-year",
            "2026-06-30",
            "2026-07-01",
            [("2026-H1", "2026-01-01", "2026-06-30"), ("2026-H2", "2026-07-01", "2026-12-31")],
        ),
        (
            "quarter",
            "2026-12-31",
            "2027-01-01",
            [("2026-Q4", "2026-10-01", "2026-12-31"), ("2027-Q1", "2027-01-01", "2027-03-31")],
        ),
        ("month", "2024-02-29", "2024-02-29", [("2024-02", "2024-02-01", "2024-02-29")]),
        (
            "week",
            "2027-01-01",
            "2027-01-04",
            [("2026-W53", "2026-12-28", "2027-01-03"), ("2027-W01", "2027-01-04", "2027-01-10")],
        ),
        ("week", "2024-12-31", "2024-12-31", [("2025-W01", "2024-12-30", "2025-01-05")]),
        (
            "school-year",
            "2026-08-31",
            "2026-09-01",
            [("2025-2026", "2025-09-01", "2026-08-31"), ("2026-2027", "2026-09-01", "2027-08-31")],
        ),
        ("term", "2026-01-30", "2026-03-01", [("2025-2026-1", "2025-09-01", "2026-01-30")]),
        ("term", "2026-01-31", "2026-03-01", []),
        (
            "school-day",
            "2026-02-27",
            "2026-03-03",
            [("2026-03-02", "2026-03-02", "2026-03-02"), ("2026-03-03", "2026-03-03", "2026-03-03")],
        ),
        ("school-day", "2025-09-27", "2025-09-28", [("2025-09-28", "2025-09-28", "2025-09-28")]),  # an adjusted Sunday
        ("month-in-session", "2026-07-01", "2026-09-30", [("2026-09", "2026-09-01", "2026-09-30")]),  # July has 8
        (
            "special:holidays",
            "2026-10-07",
            "2026-10-08",
            [("special:holidays:2026-national-day", "2026-10-01", "2026-10-07")],
        ),
        (
            "special:holidays",
            "2017-04-20",
            "2017-05-20",
            [("special:holidays:2017-labour-day", "2017-04-29", "2017-05-01")],
        ),  # with its weekend
        ("special:holidays", "2024-12-20", "2025-01-20", []),  # New Year's Day of 2025 was one day
        (
            "special:holidays",
            "2020-01-31",
            "2020-02-02",
            [("special:holidays:2020-spring-festival", "2020-01-24", "2020-02-02")],
        ),
        (
            "special:holidays",
            "2027-05-01",
            "2027-05-09",
            [("special:holidays:2027-labour-day", "2027-05-01", "2027-05-02")],
        ),  # declared
        (
            "special:term-start",
            "2026-03-01",
            "2026-03-31",
            [("special:term-start:2025-2026-2", "2026-03-02", "2026-03-08")],
        ),
        (
            "special:exams",
            "2020-06-01",
            "2020-07-31",
            [("special:exams:2020-college-entrance", "2020-07-07", "2020-07-09")],
        ),
        (
            "special:exams",
            "2026-01-01",
            "2026-12-31",
            [("special:exams:2026-college-entrance", "2026-06-07", "2026-06-09")],
        ),
        (
            "campaign:safety-month",
            "2026-01-01",
            "2026-12-31",
            [("campaign:safety-month:2026-june", "2026-06-01", "2026-06-30")],
        ),
        ("campaign:not-declared", "2026-01-01", "2026-12-31", []),
        ("special:not-declared", "2026-01-01", "2026-12-31", []),
    ],
)
def test_known_periods(kind: str, lo: str, hi: str, expected: list[tuple[str, str, str]]) -> None:
    assert spans(CALENDAR.periods(kind, day(lo), day(hi))) == expected


@pytest.mark.parametrize("kind", ["fortnight", "", "special", "special:", "campaign:", "term:x"])
def test_an_unknown_kind_is_an_error(kind: str) -> None:
    with pytest.raises(KeyError):
        CALENDAR.periods(kind, 0, 1)


def test_the_last_monday_of_march_is_the_day_of_safety_education() -> None:
    found = [date_of(p.lo) for p in CALENDAR.periods("special:safety-days", FIRST, LAST) if p.key.endswith("-pupils")]
    assert [(d.year, d.weekday(), d.month, d.day > 24) for d in found] == [(y, 0, 3, True) for y in range(2015, 2029)]


def test_periods_of_an_unchecked_year_say_so() -> None:
    said = {
        p.key: p.provisional
        for kind in ("month", "week", "term", "special:holidays")
        for p in CALENDAR.periods(kind, day("2026-12-24"), day("2027-01-08"))
    }
    assert said == {
        "2026-12": False,
        "2027-01": True,
        "2026-W52": False,
        "2026-W53": True,
        "2027-W01": True,
        "2026-2027-1": True,
        "special:holidays:2027-new-year": True,
    }


def test_titles_come_from_the_declaration() -> None:
    found = [
        CALENDAR.periods(kind, day("2025-10-01"), day("2025-10-01"))[0].title
        for kind in ("term", "special:holidays", "month")
    ]
    assert [title and title.say("zh") for title in found] == ["2025—2026学年第一学期（默认）", "国庆节、中秋节", None]


def test_the_default_terms_cover_2014_to_2028_twice_a_year() -> None:
    terms = CALENDAR.periods("term", day("2014-01-01"), day("2028-12-31"))
    assert keys(terms) == sorted(
        ["2013-2014-2", "2028-2029-1", *(f"{y}-{y + 1}-{n}" for y in range(2014, 2028) for n in (1, 2))]
    )
    weeks = {(p.hi - p.lo) // 7 for p in terms}
    assert weeks <= set(range(17, 23))


def test_an_area_overrides_one_term_and_keeps_the_rest() -> None:
    calendars = with_area(
        "county-x", {"extends": "default", "terms": [term("2025-2026-2", "2026-02-24", "2026-07-03")]}
    )
    county = calendars["county-x"]
    assert spans(county.periods("term", day("2025-09-01"), day("2026-08-31"))) == [
        ("2025-2026-1", "2025-09-01", "2026-01-30"),
        ("2025-2026-2", "2026-02-24", "2026-07-03"),
    ]
    assert [c.is_school_day(day("2026-02-25")) for c in (county, calendars.default)] == [True, False]
    assert [c.is_school_day(day("2026-02-28")) for c in (county, calendars.default)] == [True, False]  # 调休


def test_a_city_overrides_the_default_itself() -> None:
    document: dict[str, Any] = {"breaks": [term("autumn-break", "2025-11-10", "2025-11-14")], "month_in_session": 16}
    calendar = with_area("default", document).default
    november = [day("2025-11-01"), day("2025-11-30")]
    assert len(calendar.periods("school-day", *november)) == 15
    assert [keys(c.periods("month-in-session", *november)) for c in (calendar, CALENDAR)] == [[], ["2025-11"]]
    assert keys(calendar.periods("term", *november)) == ["2025-2026-1"]


def test_an_area_that_extends_nothing_has_no_terms() -> None:
    area = with_area("apart", {"school_year_from": "03-01"})["apart"]
    assert area.periods("term", FIRST, LAST) == ()
    assert area.periods("month-in-session", FIRST, LAST) == ()
    assert spans(area.periods("school-year", day("2026-02-28"), day("2026-02-28"))) == [
        ("2025-2026", "2025-03-01", "2026-02-28")
    ]
    assert (
        spans(area.periods("special:holidays", day("2026-10-01"), day("2026-10-01")))[0][0]
        == "special:holidays:2026-national-day"
    )


def test_a_school_year_may_be_the_civil_year() -> None:
    area = with_area("civil", {"school_year_from": "01-01"})["civil"]
    assert spans(area.periods("school-year", day("2026-05-01"), day("2026-05-01"))) == [
        ("2026", "2026-01-01", "2026-12-31")
    ]


def test_an_area_declares_special_periods_and_campaigns_of_its_own() -> None:
    flood = {"key": "flood", "yearly": ["11-15", "02-15"]}  # over the New Year
    area = {
        "extends": "default",
        "special": {"flood-season": [flood], "fair": [term("2026", "2026-04-01", "2026-04-03")]},
    }
    calendars = with_area("county-x", area)
    county = calendars["county-x"]
    assert spans(county.periods("special:flood-season", day("2026-06-01"), day("2026-12-31"))) == [
        ("special:flood-season:2026-flood", "2026-11-15", "2027-02-15"),
    ]
    assert keys(county.periods("special:fair", FIRST, LAST)) == ["special:fair:2026"]
    assert calendars.default.periods("special:fair", FIRST, LAST) == ()
    assert set(county.kinds) - set(calendars.default.kinds) == {"special:fair"}


def test_declared_special_periods_may_overlap_each_other() -> None:
    fairs = [term("long", "2026-01-01", "2026-12-31"), term("short", "2026-02-01", "2026-02-02")]
    calendar = with_area("default", {"special": {"fair": fairs}}).default
    assert keys(calendar.periods("special:fair", day("2026-06-01"), day("2026-06-01"))) == ["special:fair:long"]
    assert keys(calendar.periods("special:fair", day("2026-02-02"), day("2026-02-02"))) == [
        "special:fair:long",
        "special:fair:short",
    ]


def test_calendars_are_found_by_their_area() -> None:
    calendars = with_area("county-x", {"extends": "default"})
    assert (calendars.areas, len(calendars), list(calendars)) == (("county-x", "default"), 2, ["county-x", "default"])
    assert calendars["county-x"] is calendars["county-x"]
    assert repr(calendars.default) == "Calendar('default')"
    assert [code in calendars for code in ("county-x", "county-y", "")] == [True, False, False]
    with pytest.raises(KeyError):
        calendars["county-y"]


def test_a_default_is_there_even_when_none_is_declared() -> None:
    assert (Calendars.none().areas, Calendars.none().default.code) == (("default",), "default")
    assert len(DOCUMENTS) == 15


@pytest.mark.parametrize(
    ("key", "zh", "en"),
    [
        ("2026", "2026年", "2026"),
        ("2026-H1", "2026年上半年", "first half of 2026"),
        ("2026-H2", "2026年下半年", "second half of 2026"),
        ("2026-Q3", "2026年第3季度", "Q3 2026"),
        ("2026-06", "2026年6月", "Jun 2026"),
        ("2026-W05", "2026年第5周", "week 5 of 2026"),
        ("2026-06-04", "2026年6月4日", "4 Jun 2026"),
        ("2025-2026", "2025—2026学年", "school year 2025/26"),
        ("2025-2026-2", "2025—2026学年第2学期", "term 2 of 2025/26"),
    ],
)
def test_the_key_of_a_period_in_words(key: str, zh: str, en: str) -> None:
    assert period_in_words(key) == Text(zh=zh, en=en)


@pytest.mark.parametrize("key", ["", "spring-festival-2026", "2026-13", "2026-H3", "01a20bf9655670009f473d77bbca0f82"])
def test_other_keys_have_no_words(key: str) -> None:
    assert period_in_words(key) is None
