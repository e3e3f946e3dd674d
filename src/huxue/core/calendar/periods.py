"""Periods: spans of days with a name, and the civil ones among them, which are the same everywhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from huxue.core.values import Text, date_of, day_of

FIRST_YEAR, LAST_YEAR = 1970, 2100  # no period is made outside these years
FIRST_DAY, LAST_DAY = day_of(date(FIRST_YEAR, 1, 1)), day_of(date(LAST_YEAR, 12, 31))
MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_LETTER = {"quarter": "Q", "half-year": "H"}


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days ``lo`` to ``hi``, both inside it. ``key`` is unique within its kind and area.

    ``provisional``: it touches a year whose notice of holidays could not be checked. ``title`` where one was declared.
    """

    kind: str
    key: str
    lo: int
    hi: int
    provisional: bool
    title: Text | None = None


class Periods:
    """Periods of one kind in order of their first day, found by the days they overlap."""

    def __init__(self, periods: Iterable[Period]) -> None:
        """Sort them."""
        self.all = tuple(sorted(periods, key=lambda p: (p.lo, p.hi, p.key)))
        self._los = [p.lo for p in self.all]
        self._reach = list(accumulate((p.hi for p in self.all), max))  # declared periods may overlap each other

    def overlapping(self, lo: int, hi: int) -> tuple[Period, ...]:
        """Return the periods that share a day with [lo, hi], in order."""
        if lo > hi:
            return ()
        near = self.all[bisect_left(self._reach, lo) : bisect_right(self._los, hi)]
        return tuple(p for p in near if p.hi >= lo)


def civil(kind: str, is_provisional: Callable[[int, int], bool]) -> Periods:
    """Return every period of a civil kind (week, month, quarter, half-year, year)."""
    spans = _weeks() if kind == "week" else _months(kind)
    return Periods(Period(kind, key, lo, hi, is_provisional(lo, hi)) for key, lo, hi in spans)


def _weeks() -> Iterator[tuple[str, int, int]]:
    """ISO 8601 weeks: Monday to Sunday, of the year that holds their Thursday."""
    for monday in range(day_of(date.fromisocalendar(FIRST_YEAR, 1, 1)), LAST_DAY + 1, 7):
        year, week, _ = date_of(monday).isocalendar()
        yield f"{year}-W{week:02}", monday, monday + 6


def _months(kind: str) -> Iterator[tuple[str, int, int]]:
    step = MONTHS[kind]
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for month in range(1, 13, step):
            years, months = divmod(month - 1 + step, 12)
            yield _key(kind, year, month), day_of(date(year, month, 1)), day_of(date(year + years, months + 1, 1)) - 1


def _key(kind: str, year: int, month: int) -> str:
    if kind == "year":
        return str(year)
    if kind == "month":
        return f"{year}-{month:02}"
    return f"{year}-{_LETTER[kind]}{(month - 1) // MONTHS[kind] + 1}"


def school_years(month: int, day: int, is_provisional: Callable[[int, int], bool]) -> Periods:
    """Return the school years that begin on this date of each year; key ``2025-2026``, or ``2025`` from 1 January."""
    made = []
    for year in range(FIRST_YEAR, LAST_YEAR):
        lo, hi = day_of(date(year, month, day)), day_of(date(year + 1, month, day)) - 1
        last = date_of(hi).year
        key = str(year) if last == year else f"{year}-{last}"
        made.append(Period("school-year", key, lo, hi, is_provisional(lo, hi)))
    return Periods(made)
