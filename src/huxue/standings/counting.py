"""Counting standings into tallies, one pair of organisation and duty at a time: what ``kept.SQL`` says, in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Final

from huxue.core.calendar import Calendars
from huxue.core.duties.standing import DUE, EXCUSED, MET, MISSED, OVERDUE, STATUSES, Standing
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import end_of_day

AT_RISK: Final = 3  # workdays, unless the rulebook has the parameter
AT_RISK_PARAMETER: Final = "at-risk-workdays"
NUMBER: Final = {status: number for number, status in enumerate(STATUSES)}


@dataclass(slots=True)
class Counts:
    """What is counted, and may be added up over duties and organisations."""

    bearers: int = 0
    behind: int = 0
    met: int = 0
    on_time: int = 0
    verified: int = 0
    verifiable: int = 0
    due: int = 0
    at_risk: int = 0
    overdue: int = 0
    missed: int = 0
    excused: int = 0
    confirmed: int = 0
    checked: int = 0

    def values(self) -> tuple[int, ...]:
        """Return the counts in the order of ``COUNTED``."""
        return _VALUES(self)


COUNTED: Final = tuple(one.name for one in fields(Counts))
_VALUES: Final = attrgetter(*COUNTED)  # ``astuple`` would copy each number


@dataclass(slots=True)
class Pair:
    """The tally of one organisation and one duty, or of one organisation over all."""

    counts: Counts
    last: int = -1
    oldest: int | None = None
    nearest: int | None = None
    shadowed: bool = False


def at_risk(rulebook: Rulebook) -> int:
    """Return the workdays before a deadline in which something due is at risk."""
    declared = rulebook.parameters.get(AT_RISK_PARAMETER)
    return int(declared.value) if declared is not None and isinstance(declared.value, int) else AT_RISK


def soon(calendars: Calendars, area: str, today: int, workdays: int) -> int:
    """Return the last minute that is at risk in an area ("" or one without a calendar of its own: the default)."""
    calendar = calendars[area] if area and area in calendars else calendars.default
    return end_of_day(calendar.add_workdays(today, workdays))


def counted(standings: Sequence[Standing], *, today: int, soon: int) -> Pair:
    """Count the standings of one organisation and duty; ``soon`` as of :func:`soon`."""
    one, now = Counts(bearers=1 if standings else 0), end_of_day(today)
    for s in standings:
        _count(one, s, soon)
    one.behind = 1 if one.overdue else 0
    ended = [(s.due, s.period, NUMBER[s.status]) for s in standings if s.status not in ("due", "overdue")]
    return Pair(
        one,
        last=max(ended)[2] if ended else -1,
        oldest=min((s.due for s in standings if s.status == "overdue" and s.due < now), default=None),
        nearest=min((s.due for s in standings if s.status == "due"), default=None),
    )


def _count(one: Counts, s: Standing, soon: int) -> None:
    match NUMBER[s.status]:
        case x if x == MET:
            one.met += 1
            one.on_time += s.on_time
            one.verified += s.verified is True
            one.verifiable += s.verified is not None
        case x if x == DUE:
            one.due += 1
            one.at_risk += s.due <= soon
        case x if x == OVERDUE:
            one.overdue += 1
        case x if x == MISSED:
            one.missed += 1
        case x if x == EXCUSED:
            one.excused += 1


def summed(pairs: Mapping[str, Pair]) -> Pair:
    """Return the sum over an organisation's duties, without those that stand beside a stronger one."""
    alone = [pair for pair in pairs.values() if not pair.shadowed and pair.counts.bearers]
    total = Counts(*map(sum, zip(*(pair.counts.values() for pair in alone), strict=True))) if alone else Counts()
    total.bearers, total.behind = min(total.bearers, 1), min(total.behind, 1)
    return Pair(
        total,
        oldest=min((pair.oldest for pair in alone if pair.oldest is not None), default=None),
        nearest=min((pair.nearest for pair in alone if pair.nearest is not None), default=None),
    )


__all__ = [
    "AT_RISK", "COUNTED", "NUMBER", "Counts", "Pair", "at_risk", "counted", "soon", "summed",
]  # fmt: skip
