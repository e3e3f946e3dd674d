"""The school year of the demonstration, as its calendar has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Final

from huxue.core.calendar import Calendar, Period
from huxue.core.values import MINUTES_A_DAY, day_of, end_of_day

FIRST: Final = day_of(date(2025, 9, 1))
LAST: Final = day_of(date(2026, 7, 31))
TODAY: Final = day_of(date(2026, 6, 24))  # where a demonstration stands: a Wednesday with some of the term to go
SET_UP: Final = day_of(date(2025, 8, 25))  # the site is set up, its tree and posts written down
WINTER: Final = day_of(date(2026, 2, 2))  # from here on posts change hands
UNTIL: Final = (LAST + 1) * MINUTES_A_DAY - 1  # nothing is written down after this minute
# Days on which back-filling organisations catch up with their records.
BULK_DAYS: Final = tuple(
    day_of(date(y, m, d)) for y, m, d in ((2025, 11, 20), (2026, 1, 19), (2026, 4, 22), (2026, 6, 26))
)


@dataclass(frozen=True)
class Year:
    """Days and periods of the school year."""

    calendar: Calendar

    @cached_property
    def months(self) -> tuple[Period, ...]:
        """The eleven months."""
        return self.calendar.periods("month", FIRST, LAST)

    @cached_property
    def in_session(self) -> tuple[Period, ...]:
        """The months in session."""
        return self.calendar.periods("month-in-session", FIRST, LAST)

    @cached_property
    def terms(self) -> tuple[Period, ...]:
        """Both terms."""
        return self.calendar.periods("term", FIRST, LAST)

    @cached_property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters that begin in the year, the last unfinished."""
        return tuple(q for q in self.calendar.periods("quarter", FIRST, LAST) if q.lo >= FIRST)

    @cached_property
    def holidays(self) -> tuple[Period, ...]:
        """The public holidays."""
        return self.calendar.periods("special:holidays", FIRST, LAST)

    @cached_property
    def _workdays(self) -> list[int]:
        return [day for day in range(FIRST, LAST + 1) if self.calendar.is_workday(day)]

    @cached_property
    def _by_span(self) -> dict[tuple[int, int], list[int]]:
        return {}

    def workday(self, rng: Random, lo: int, hi: int) -> int:
        """Return a workday of the year between two days, ``lo`` itself where there is none."""
        days = self._by_span.get((lo, hi))
        if days is None:
            days = self._by_span[lo, hi] = [day for day in self._workdays if lo <= day <= hi] or [lo]
        return days[int(rng.random() * len(days))]

    def after_workdays(self, day: int, n: int) -> int:
        """Return the last minute of the n-th workday after a day."""
        return end_of_day(self.calendar.add_workdays(day, n))
