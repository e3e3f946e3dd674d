"""Episodes: whether a bearer is behind on a duty, since when, and with which obligations.

An episode is one bearer and one duty. It exists while an obligation is overdue, or the latest closed one is missed; it
reaches back without a break as far as one of them was overdue, or missed and nothing later met. What was met late is
behind no more, but while it was overdue it belonged to the episode it was part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from huxue.core.duties.standing import Status
from huxue.core.duties.window import PeriodLike
from huxue.core.ladder.model import Ladder, Time
from huxue.core.values import FAR, MINUTES_A_DAY


class CalendarLike(Protocol):
    """What ladders ask of a calendar."""

    def workdays_between(self, a: int, b: int, /) -> int:
        """Count the workdays after day ``a`` up to day ``b``."""

    def periods(self, kind: str, lo: int, hi: int, /) -> tuple[PeriodLike, ...]:
        """Return the periods of a kind that overlap the days lo to hi."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """An obligation as it stands. ``due``: last minute in time. ``since``: first day behind, or the day after ``due``.

    ``met``: the day it was met and known to be; on time, as far as that is not known, the day it was due. ``closes``:
    the last day on which it can be made good, by default the day it is due.
    """

    period: str
    status: Status
    due: int
    since: int
    met: int | None = None
    closes: int | None = None

    @property
    def order(self) -> tuple[int, str]:
        """Its place among those of its bearer and duty."""
        return self.due, self.period

    @property
    def met_on(self) -> int:
        """The day it was met."""
        return self.due // MINUTES_A_DAY if self.met is None else self.met


@dataclass(frozen=True, slots=True)
class Episode:
    """One bearer behind on one subject (a duty's code, or a case).

    ``behind``: what is overdue or missed, in order. ``start``: the day it began. ``names``: the periods that were
    behind in it, those met late or excused since too: a measure that names one of them belongs here. ``counted``: all
    that is taken into account. ``kind``: of the case, ``""`` for a duty.
    """

    organisation: str
    subject: str
    behind: tuple[Obligation, ...]
    start: int
    names: frozenset[str]
    counted: tuple[Obligation, ...]
    kind: str = ""

    @property
    def since(self) -> int:
        """The first day past the oldest deadline that is still not kept."""
        return min(one.since for one in self.behind)

    @property
    def missed(self) -> int:
        """How many of its obligations are missed."""
        return sum(one.status == "missed" for one in self.behind)


def episode(organisation: str, duty: str, obligations: Iterable[Obligation]) -> Episode | None:
    """Return the present episode of a bearer and a duty, ``None`` where nothing is behind."""
    counted = sorted((one for one in obligations if one.status != "due"), key=lambda one: one.order)
    seeds = [one for one in counted if one.status == "overdue"]
    closed = [one for one in counted if one.status != "excused"]
    if closed and closed[-1].status == "missed":
        seeds.append(closed[-1])
    if not seeds:
        return None
    start, members = _reaching_back(min(one.since for one in seeds), _late(counted))
    behind = tuple(one for one in counted if one in members and one.status in ("overdue", "missed"))
    return Episode(organisation, duty, behind, start, frozenset(one.period for one in members), tuple(counted))


def _late(counted: Sequence[Obligation]) -> list[tuple[Obligation, int]]:
    """Return everything that ever was behind with the day from which it was no more."""
    found: list[tuple[Obligation, int]] = []
    ends = FAR  # the first day on which something due later was met
    for one in reversed(counted):
        if one.status == "met":
            ends = min(ends, one.met_on)
        open_until = (one.due // MINUTES_A_DAY if one.closes is None else one.closes) + 1
        until = {"met": one.met_on, "overdue": FAR}.get(one.status, max(ends, open_until))
        if until > one.since or one.status in ("overdue", "missed"):
            found.append((one, until))
    return found


def _reaching_back(start: int, late: Sequence[tuple[Obligation, int]]) -> tuple[int, set[Obligation]]:
    """Return the first day of the unbroken run that ends today, and what was behind in it."""
    members: set[Obligation] = set()
    while more := {one for one, until in late if until > start} - members:
        members |= more
        start = min(start, *(one.since for one in more))
    return start, members


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
