"""The one place where a period becomes dates. Shared by the compiler and the reference on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from huxue.core.duties.shapes import CIVIL, Cover, Due, Duty, Respond, Span, Windowed
from huxue.core.values import date_of, day_of


class PeriodLike(Protocol):
    """What this module needs to know of a period: its key and its first and last day."""

    @property
    def key(self) -> str:
        """The period's name, as ``2026-Q1``."""

    @property
    def lo(self) -> int:
        """The first day."""

    @property
    def hi(self) -> int:
        """The last day."""


class CalendarLike(Protocol):
    """What the evaluators need to know of a calendar (``core.calendar.Calendar`` is one)."""

    def add_workdays(self, day: int, n: int, /) -> int:
        """Return the n-th workday after a day (before it where n is negative)."""

    def workdays_between(self, a: int, b: int, /) -> int:
        """Count the workdays after day ``a`` up to day ``b``."""

    def periods(self, kind: str, lo: int, hi: int, /) -> tuple[PeriodLike, ...]:
        """Return the periods of a kind that overlap the days lo to hi, in order."""

    def is_provisional(self, lo: int, hi: int, /) -> bool:
        """Tell whether the days lo to hi touch a year whose holidays are not announced yet."""

    def deadline(self, minute: int, span: Span, /) -> int:
        """Return the last minute of a span that begins with a minute."""


LOOK_BACK = 400  # days before the first organisation opened: a window it was there for most of may begin then


def first_day(valid_from: int, first: int | None, as_of: int) -> int:
    """Return the day before which no window is looked at: the rulebook's first, or long before any organisation."""
    return max(valid_from, (first if first is not None else as_of + 1) - LOOK_BACK)


@dataclass(frozen=True, slots=True)
class Window:
    """The dates of one period of one duty, as day numbers: opens, ends, due, closes; and the period's key."""

    key: str
    lo: int
    hi: int
    due: int
    closes: int
    provisional: bool


def is_civil(period: str) -> bool:
    """Tell whether a kind of period is the same in every area (school days are not)."""
    return period in CIVIL and period != "school-day"


def windows(duty: Duty, calendar: CalendarLike, since: int, as_of: int) -> Iterator[Window]:
    """Yield the windows of a duty that opened by ``as_of``, and not before ``since`` and the duty's own dates."""
    shape = duty.shape
    if isinstance(shape, Respond):
        return
    since = max(since, duty.in_force[0])
    if isinstance(shape, Cover) and shape.last:
        if since <= as_of - shape.last + 1 <= duty.in_force[1]:
            yield Window(f"last-{shape.last}-days", as_of - shape.last + 1, as_of, as_of, as_of, provisional=False)
        return
    ahead = shape.before[0] if shape.before else 0
    for period in calendar.periods(shape.period, since, as_of + ahead):
        window = _window(shape, period, calendar)
        if since <= window.lo <= min(as_of, duty.in_force[1]):
            yield window


def _window(shape: Windowed, period: PeriodLike, calendar: CalendarLike) -> Window:
    lo, hi = period.lo, period.hi
    if shape.before:
        lo, hi = period.lo - shape.before[0], period.lo - shape.before[1]
    if shape.each:
        return Window(period.key, lo, hi, hi, hi, provisional=False)
    due = _day(shape.due, lo, hi, calendar)
    # a deed inside the period always counts, so an obligation due early stays open until the period ends
    closes = _day(shape.closes, lo, due, calendar) if shape.closes else max(due, hi)
    by_workdays = (shape.due and shape.due.workdays) or (shape.closes and shape.closes.workdays)
    provisional = bool(by_workdays) and calendar.is_provisional(hi, max(due, closes))
    return Window(period.key, lo, hi, due, max(due, closes), provisional)


def _day(rule: Due | None, lo: int, hi: int, calendar: CalendarLike) -> int:
    if rule is None:
        return hi
    if rule.days is not None:
        return hi + rule.days
    if rule.workdays is not None:
        return calendar.add_workdays(hi, rule.workdays)
    if rule.days_after_start is not None:
        return lo + rule.days_after_start
    return _named_day(rule.date or "", lo)


def _named_day(text: str, lo: int) -> int:
    """``03-31`` in the year the window opens, ``next 03-31`` in the year after; 02-29 is the last day of February."""
    later, month_day = text.startswith("next "), text.removeprefix("next ")
    month, day = (int(x) for x in month_day.split("-"))
    year = date_of(lo).year + later
    if (month, day) == (2, 29):
        return day_of(date(year, 3, 1)) - 1
    return day_of(date(year, month, day))
