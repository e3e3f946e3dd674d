from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import chinese_calendar  # type: ignore[import-untyped]
import pytest

from huxue.core.calendar import Calendars
from huxue.core.values import FAR, date_of
from tests.core.calendar_world import NATIONAL, RAW, day

CHECKED = (2015, 2026)


def test_every_day_of_the_checked_years_is_worked_as_the_notices_say() -> None:
    days = range(day(f"{CHECKED[0]}-01-01"), day(f"{CHECKED[1]}-12-31") + 1)
    calendar = NATIONAL.default
    wrong = [str(date_of(d)) for d in days if calendar.is_workday(d) != chinese_calendar.is_workday(date_of(d))]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("2015-09-03", False),  # the 70th anniversary, by a notice of its own
        ("2015-09-06", True),
        ("2018-12-29", True),  # a Saturday worked for the New Year of 2019
        ("2018-12-31", False),
        ("2019-05-03", False),  # Labour Day of 2019, lengthened afterwards
        ("2020-01-31", False),  # the Spring Festival of 2020, lengthened because of the epidemic
        ("2020-02-01", False),  # was to be worked before it was lengthened
        ("2020-02-03", True),
        ("2024-02-04", True),  # a Sunday
        ("2024-02-09", True),  # New Year's Eve of 2024 was no holiday
        ("2025-01-28", False),  # that of 2025 was
        ("2025-10-01", False),
        ("2026-09-20", True),
        ("2026-11-21", False),
        ("2027-02-05", False),  # statutory days alone
        ("2027-02-09", True),
        ("2031-10-01", True),  # no data: Monday to Friday
        ("2031-10-04", False),
        ("2003-05-01", True),
    ],
)
def test_known_days(text: str, worked: bool) -> None:
    assert NATIONAL.default.is_workday(day(text)) is worked


def test_each_year_says_its_notice_or_that_it_is_provisional() -> None:
    years = {int(year): value for year, value in RAW["years"].items()}
    assert sorted(years) == list(range(2015, 2028))
    assert [year for year, value in sorted(years.items()) if value["provisional"]] == [2027]
    assert all(
        value["notice"]["title"] == f"国务院办公厅关于{year}年部分节假日安排的通知"
        for year, value in years.items()
        if not value["provisional"]
    )


@pytest.mark.parametrize(
    ("lo", "hi", "provisional"),
    [
        ("2015-01-01", "2026-12-31", False),
        ("2026-12-31", "2026-12-31", False),
        ("2026-12-31", "2027-01-01", True),
        ("2027-06-01", "2027-06-30", True),
        ("2014-12-31", "2015-01-01", True),
        ("2029-01-01", "2029-01-01", True),
    ],
)
def test_days_of_unchecked_years_are_provisional(lo: str, hi: str, provisional: bool) -> None:
    assert NATIONAL.default.is_provisional(day(lo), day(hi)) is provisional


def test_a_checked_year_after_a_gap_does_not_vouch_for_the_gap() -> None:
    calendar = Calendars.build({"years": {2015: {}, 2017: {}, 2018: {"provisional": True}}}).default
    said = {
        text: calendar.is_provisional(day(text), day(text))
        for text in ("2015-07-01", "2016-07-01", "2017-07-01", "2018-07-01")
    }
    assert list(said.values()) == [False, True, False, True]
    assert calendar.is_provisional(day("2015-12-31"), day("2017-01-01"))


def test_open_ends_are_provisional() -> None:
    assert NATIONAL.default.is_provisional(-FAR, FAR)


def test_without_declarations_there_are_weekdays_and_nothing_else() -> None:
    calendar = Calendars.none().default
    week = [calendar.is_workday(day("2025-10-01") + i) for i in range(7)]  # Wednesday to Tuesday
    assert week == [True, True, True, False, False, True, True]
    assert calendar.is_provisional(day("2025-10-01"), day("2025-10-01"))
    assert not calendar.is_school_day(day("2025-10-01"))
    assert [
        calendar.periods(kind, day("2020-01-01"), day("2030-01-01"))
        for kind in ("term", "month-in-session", "school-day")
    ] == [(), (), ()]


# The sky over Beijing: why the festivals of the provisional year fall on these days.


def _new_moon(number: int) -> datetime:
    """Beijing time of a new moon, counted from 2000-01-06 (Meeus, Astronomical Algorithms, 49)."""
    t = number / 1236.85
    e = 1 - 0.002516 * t
    sun = math.radians(2.5534 + 29.1053567 * number)
    moon = math.radians(201.5643 + 385.81693528 * number + 0.0107582 * t * t)
    node = math.radians(160.7108 + 390.67050284 * number - 0.0016118 * t * t)
    terms = (
        (-0.4072, moon),
        (0.17241 * e, sun),
        (0.01608, 2 * moon),
        (0.01039, 2 * node),
        (0.00739 * e, moon - sun),
        (-0.00514 * e, moon + sun),
        (0.00208 * e * e, 2 * sun),
        (-0.00111, moon - 2 * node),
        (-0.00057, moon + 2 * node),
        (0.00056 * e, 2 * moon + sun),
        (-0.00042, 3 * moon),
        (0.00042 * e, sun + 2 * node),
        (0.00038 * e, sun - 2 * node),
        (-0.00024 * e, 2 * moon - sun),
        (-0.00017, math.radians(124.7746 - 1.56375588 * number)),
    )
    days = 2451550.09766 + 29.530588861 * number + 0.00015437 * t * t + sum(a * math.sin(x) for a, x in terms)
    return datetime(2000, 1, 1, 20) + timedelta(days=days - 2451545, seconds=-69)  # noqa: DTZ001 - Beijing civil time


def _sun(moment: datetime) -> float:
    """Longitude of the sun in degrees at a moment of Beijing time (Astronomical Almanac, low precision: 0.01°)."""
    n = (moment - datetime(2000, 1, 1, 20)) / timedelta(days=1)  # noqa: DTZ001 - Beijing civil time
    mean, anomaly = 280.460 + 0.9856474 * n, math.radians(357.528 + 0.9856003 * n)
    return (mean + 1.915 * math.sin(anomaly) + 0.020 * math.sin(2 * anomaly)) % 360


def _month_begins(near: date) -> date:
    """First day of the lunar month whose new moon is nearest to a day."""
    guess = round((near - date(2000, 1, 6)).days / 29.530588861)
    return min((_new_moon(k).date() for k in range(guess - 1, guess + 2)), key=lambda d: abs((d - near).days))


def test_the_new_moons_give_the_spring_festivals_of_the_checked_years() -> None:
    declared = {}
    for year in range(*CHECKED):
        holiday = next(h for h in RAW["years"][str(year)]["holidays"] if h["code"] == "spring-festival")
        first = _month_begins(date.fromisoformat(holiday["days"][0]))
        declared[year] = timedelta(0) <= first - date.fromisoformat(holiday["days"][0]) <= timedelta(days=1)
    assert declared == dict.fromkeys(range(*CHECKED), True)


def test_the_provisional_year_holds_the_statutory_days_alone() -> None:
    festival, fifth, eighth = (_month_begins(date(2027, *near)) for near in ((2, 6), (6, 5), (9, 1)))
    clear = date(2027, 4, 5)  # the day on which the sun reaches 15°
    assert _sun(datetime(2027, 4, 5)) < 15 <= _sun(datetime(2027, 4, 6))  # noqa: DTZ001 - Beijing civil time
    expected = {
        "new-year": (date(2027, 1, 1), 1),
        "spring-festival": (festival - timedelta(days=1), 4),
        "tomb-sweeping": (clear, 1),
        "labour-day": (date(2027, 5, 1), 2),
        "dragon-boat": (fifth + timedelta(days=4), 1),
        "mid-autumn": (eighth + timedelta(days=14), 1),
        "national-day": (date(2027, 10, 1), 3),
    }
    found = {}
    for holiday in RAW["years"]["2027"]["holidays"]:
        lo, hi = (date.fromisoformat(text) for text in holiday["days"])
        found[holiday["code"]] = (lo, (hi - lo).days + 1)
    assert found == expected
