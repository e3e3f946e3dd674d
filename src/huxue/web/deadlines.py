"""Deadlines in words: how many workdays are left or gone, by the calendar of the organisation concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huxue.core.calendar import Calendar, Calendars
from huxue.core.values import FAR, MINUTES_A_DAY, Text, date_of
from huxue.organisations.relations import area_of

SOON: Final = 3  # workdays
NEVER: Final = FAR * MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: its state (``overdue``, ``atrisk``, ``pending``), its words and its date."""

    status: str
    words: Text
    date: str


def calendar_of(organisation: str, calendars: Calendars) -> Calendar:
    """Return the calendar of an organisation: that of its area, else the default."""
    area = area_of(organisation)
    return calendars[area] if area and area in calendars else calendars.default


def clock(due: int | None, *, today: int, calendar: Calendar) -> Clock | None:
    """Return a deadline in words, ``None`` where there is none."""
    if due is None or due >= NEVER:
        return None
    day = due // MINUTES_A_DAY
    if day < today:
        late = calendar.workdays_between(day, today)
        return Clock("overdue", Text(zh=f"逾期 {late} 个工作日", en=_days(late, "late")), date_of(day).isoformat())
    left = calendar.workdays_between(today, day)
    status = "atrisk" if left <= SOON else "pending"
    if day == today:
        return Clock(status, Text(zh="今天到期", en="due today"), date_of(day).isoformat())
    return Clock(status, Text(zh=f"剩 {left} 个工作日", en=_days(left, "left")), date_of(day).isoformat())


def _days(n: int, word: str) -> str:
    return f"{n} workday{'' if n == 1 else 's'} {word}"


__all__ = ["Clock", "calendar_of", "clock"]
