"""Episodes: whether a bearer is behind on a duty, since when, and with which obligations.

An episode is one bearer and one duty. It exists while an obligation is overdue, or the latest closed one is missed; it
begins with the first overdue or missed obligation after everything was last met. What was met late never begins one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from huxue.core.duties.standing import Status
from huxue.core.duties.window import PeriodLike
from huxue.core.ladder.model import Ladder, Time
from huxue.core.values import MINUTES_A_DAY


class CalendarLike(Protocol):
    """What ladders ask of a calendar."""

    def workdays_between(self, a: int, b: int, /) -> int:
        """Count the workdays after day ``a`` up to day ``b``."""

    def periods(self, kind: str, lo: int, hi: int, /) -> tuple[PeriodLike, ...]:
        """Return the periods of a kind that overlap the days lo to hi."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """An obligation as it stands. ``due``: last minute in time. ``since``: first day behind, where it is behind."""

    period: str
    status: Status
    due: int
    since: int

    @property
    def order(self) -> tuple[int, str]:
        """Its place among those of its bearer and duty."""
        return self.due, self.period


@dataclass(frozen=True, slots=True)
class Episode:
    """One bearer behind on one subject (a duty's code, or a case).

    ``behind``: what is overdue or missed, in order. ``names``: the periods since everything was last met, the excused
    ones too: a measure that names one of them belongs here. ``counted``: all that is taken into account. ``kind``: of
    the case, ``""`` for a duty.
    """

    organisation: str
    subject: str
    behind: tuple[Obligation, ...]
    names: frozenset[str]
    counted: tuple[Obligation, ...]
    kind: str = ""

    @property
    def start(self) -> int:
        """The first day behind."""
        return min(one.since for one in self.behind)

    @property
    def missed(self) -> int:
        """How many of its obligations are missed."""
        return sum(one.status == "missed" for one in self.behind)


def episode(organisation: str, duty: str, obligations: Iterable[Obligation]) -> Episode | None:
    """Return the present episode of a bearer and a duty, ``None`` where nothing is behind."""
    counted = sorted((one for one in obligations if one.status != "due"), key=lambda one: one.order)
    behind: list[Obligation] = []
    names: list[str] = []
    for one in counted:
        if one.status == "met" and not any(b.status == "overdue" for b in behind):
            behind, names = [], []
        elif one.status != "met":
            names.append(one.period)
            behind += [one] if one.status != "excused" else []
    closed = [one.status for one in counted if one.status != "excused"]
    if not behind or not (closed[-1] == "missed" or any(one.status == "overdue" for one in behind)):
        return None
    return Episode(organisation, duty, tuple(behind), frozenset(names), tuple(counted))


def counting(
    obligations: Iterable[Obligation], ladder: Ladder, calendar: CalendarLike, today: int
) -> Sequence[Obligation]:
    """Leave out what was due before the present assessment year, where the ladder stops with it."""
    first = first_day(ladder, calendar, today)
    return [one for one in obligations if first is None or one.due >= first * MINUTES_A_DAY]


def first_day(ladder: Ladder, calendar: CalendarLike, today: int) -> int | None:
    """Return the first day that a ladder looks at, ``None`` for all."""
    last = ladder.stops.at_latest
    return None if last == "never" else _opened(last, calendar, today)


def _opened(kind: str, calendar: CalendarLike, today: int) -> int | None:
    return max((period.lo for period in calendar.periods(kind, today, today)), default=None)


def missed_within(one: Episode, kind: str, calendar: CalendarLike, today: int) -> int:
    """Count the missed obligations due in the present period of a kind, those before the episode too.

    For no kind (``""``): those of the episode.
    """
    if not kind:
        return one.missed
    first = _opened(kind, calendar, today)
    since = 0 if first is None else first * MINUTES_A_DAY
    return sum(o.status == "missed" and o.due >= since for o in one.counted)


def passed(time: Time, calendar: CalendarLike, since: int, today: int) -> int:
    """Return how many days or workdays, as ``time`` counts, there are after a day up to today."""
    return today - since if time.unit == "days" else calendar.workdays_between(since, today)


def longest_behind(one: Episode, time: Time, calendar: CalendarLike, today: int) -> int:
    """Return for how long the oldest obligation of an episode has been past its deadline."""
    return max(passed(time, calendar, o.since - 1, today) for o in one.behind)
