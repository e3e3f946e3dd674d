"""What the calendars of all areas share: statutory holidays, adjusted workdays, checked years, civil periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from huxue.core.calendar.counting import Count, Ranked, Weekdays, counted
from huxue.core.calendar.declared import Holiday, Year
from huxue.core.calendar.periods import Periods, civil
from huxue.core.values import day_of


class Nation:
    """The declared years. Days of a year that is not declared are workdays from Monday to Friday, provisionally."""

    def __init__(self, years: Mapping[int, Year]) -> None:
        """Count the workdays once."""
        ordered = [years[year] for year in sorted(years)]
        self.holidays = tuple((year.year, holiday) for year in ordered for holiday in year.holidays)
        self._checked = tuple(_runs(year.year for year in ordered if not year.provisional))
        marks: dict[int, bool] = {}
        for year in ordered:
            marks |= marked(year.holidays, year.workdays)
        self.workdays = changed(Weekdays(), marks)
        self._civil: dict[str, Periods] = {}

    def is_provisional(self, lo: int, hi: int) -> bool:
        """Tell whether [lo, hi] holds a day of a year that was not checked against its notice."""
        return not any(first <= lo and hi <= last for first, last in self._checked)

    def civil(self, kind: str) -> Periods:
        """Return the periods of a civil kind, made when first asked for."""
        if kind not in self._civil:
            self._civil[kind] = civil(kind, self.is_provisional)
        return self._civil[kind]


def marked(holidays: Iterable[Holiday], workdays: Iterable[int]) -> dict[int, bool]:
    """Return the days that holidays and adjusted workdays speak of, and whether each is worked."""
    off = {day: False for holiday in holidays for day in range(holiday.lo, holiday.hi + 1)}
    return off | dict.fromkeys(workdays, True)


def changed(base: Ranked, marks: Mapping[int, bool]) -> Ranked:
    """Return the count ``base`` with some days marked otherwise."""
    if not marks:
        return base
    return Count(base, min(marks), max(marks), lambda day: marks.get(day, counted(base, day)))


def _runs(years: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last day of each run of consecutive years."""
    first = last = None
    for year in years:
        if last is not None and first is not None and year > last + 1:
            yield _days(first, last)
            first = None
        first, last = (year if first is None else first), year
    if first is not None and last is not None:
        yield _days(first, last)


def _days(first: int, last: int) -> tuple[int, int]:
    return day_of(date(first, 1, 1)), day_of(date(last, 12, 31))
