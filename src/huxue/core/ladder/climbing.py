"""The next rung of one episode.

No rung is skipped, none is taken twice in an episode, and it never goes down. What was dismissed rests for the
obligations known then, what was postponed waits for its day, and neither lets a higher rung come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from huxue.core.ladder.episodes import CalendarLike, Episode, longest_behind, missed_within, passed
from huxue.core.ladder.model import Ladder, Rung, Time, When
from huxue.core.values import MINUTES_A_DAY

Decision = Literal["issued", "dismissed", "postponed"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision on a rung. ``episodes``: organisation → first and last obligation it was about. Minutes, days."""

    measure: str
    subject: str
    decision: Decision
    at: int
    episodes: Mapping[str, tuple[str, str]]
    until: int | None = None
    ladder: str = ""
    id: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Owed:
    """A rung that is owed to one episode today. ``workdays``: since the oldest deadline, or since a case's step."""

    ladder: str
    rung: Rung
    episode: Episode
    workdays: int


def owed(
    code: str, ladder: Ladder, one: Episode, taken: Iterable[Taken], *, calendar: CalendarLike, today: int
) -> Owed | None:
    """Return the next rung of an episode if it is owed today. ``taken``: any decisions; those of others are ignored."""
    mine = [t for t in taken if t.at < (today + 1) * MINUTES_A_DAY and belongs(t, one)]
    index = _next(ladder, mine)
    if index >= len(ladder.rungs):
        return None
    rung = ladder.rungs[index]
    if _rests(rung, one, mine, today) or not _holds(rung, one, mine, calendar, today):
        return None
    workdays = Time(workdays=0)
    since = passed(workdays, calendar, one.start, today) if one.kind else longest_behind(one, workdays, calendar, today)
    return Owed(code, rung, one, since)


def belongs(taken: Taken, one: Episode) -> bool:
    """Tell whether a decision is of this episode: taken since it began, or about one of its obligations.

    The second half keeps a corrected or excused history from making a rung be taken twice.
    """
    if taken.subject != one.subject or one.organisation not in taken.episodes:
        return False
    return taken.at >= one.start * MINUTES_A_DAY or not one.names.isdisjoint(taken.episodes[one.organisation])


def _next(ladder: Ladder, mine: Sequence[Taken]) -> int:
    place = {rung.measure: n for n, rung in enumerate(ladder.rungs)}
    reached = [place[t.measure] for t in mine if t.decision == "issued" and t.measure in place]
    return max([*reached, ladder.start - 1]) + 1


def _rests(rung: Rung, one: Episode, mine: Sequence[Taken], today: int) -> bool:
    decisions = [t for t in mine if t.measure == rung.measure]
    postponed = any(t.decision == "postponed" and t.until is not None and today < t.until for t in decisions)
    return postponed or any(t.decision == "dismissed" and _knew_all(t, one) for t in decisions)


def _knew_all(taken: Taken, one: Episode) -> bool:
    day, named = taken.at // MINUTES_A_DAY, taken.episodes[one.organisation]
    return all(o.since <= day or o.period in named for o in one.behind)


def _holds(rung: Rung, one: Episode, mine: Sequence[Taken], calendar: CalendarLike, today: int) -> bool:
    return any(_one_holds(when, one, mine, calendar, today) for when in rung.conditions())


def _one_holds(when: When, one: Episode, mine: Sequence[Taken], calendar: CalendarLike, today: int) -> bool:
    if when.overdue is not None:
        return longest_behind(one, when.overdue, calendar, today) > when.overdue.length
    if when.missed is not None:
        return missed_within(one, when.within, calendar, today) >= when.missed
    if when.since is not None:
        return passed(when.since, calendar, one.start, today) >= when.since.length
    days = [t.at // MINUTES_A_DAY for t in mine if t.decision == "issued" and t.measure == when.after]
    return bool(days) and passed(when.time, calendar, max(days), today) >= when.time.length
