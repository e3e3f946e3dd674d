"""The clocks of a case: when one ran, against which deadline, and for how long it was overdue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from huxue.core.facts import Fact
from huxue.core.flow.states import NOT_YET, Taker, after
from huxue.core.kinds import Kind


class Stretch(NamedTuple):
    """A time in which the case was open, stood at one step and had one deadline: minutes after ``lo``, up to ``hi``.

    ``deadline`` is ``None`` where no clock ran. A deed at the very minute of its deadline is in time.
    """

    step: str
    lo: int
    hi: int
    deadline: int | None

    @property
    def overdue(self) -> int:
        """Minutes of it after the deadline."""
        return 0 if self.deadline is None else max(0, self.hi - max(self.lo, self.deadline))


class Clock(NamedTuple):
    """The clocks of a case up to some minute."""

    stretches: tuple[Stretch, ...]

    @property
    def open(self) -> int:
        """Minutes in which the case was open."""
        return sum(s.hi - s.lo for s in self.stretches)

    @property
    def running(self) -> int:
        """Minutes in which a deadline was running, passed or not."""
        return sum(s.hi - s.lo for s in self.stretches if s.deadline is not None)

    @property
    def overdue(self) -> int:
        """Minutes in which the deadline then in force had passed."""
        return sum(s.overdue for s in self.stretches)


def clock(kind: Kind, facts: Iterable[Fact], *, until: int) -> Clock:
    """Return the clocks of a case from its step facts (in order, corrections applied) up to a minute.

    Time after an ending does not count; after a re-opening it counts again. Stretches of no length are left out.
    """
    found: list[Stretch] = []
    now = NOT_YET
    for fact in facts:
        if fact.verb != "step" or fact.at > until:
            continue
        if now.open and now.at is not None and now.at < fact.at:
            found.append(Stretch(now.step, now.at, fact.at, now.deadline))
        now = after(kind, now, fact.step, at=fact.at, taker=Taker(), fields={}, roles={}, deadline=fact.deadline)
    if now.open and now.at is not None and now.at < until:
        found.append(Stretch(now.step, now.at, until, now.deadline))
    return Clock(tuple(found))
