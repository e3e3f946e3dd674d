"""Habits: how an organisation keeps up with what it owes, and how promptly it writes it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from huxue.core.values import MINUTES_A_DAY

_OPENS, _HOURS = 8 * 60, 9 * 60  # minutes: deeds are done and written down between 8 and 17 o'clock


@dataclass(frozen=True, slots=True)
class Habit:
    """Shares lie between 0 and 1. ``bulk``: writes down everything of a while in one go, long after."""

    name: str
    does: float  # share of what is due that is done
    late: float  # share that is written down late
    lag: int  # days: at most so late
    mends: float  # share of ordered hazards put right in time
    bulk: bool = False


GOOD: Final = Habit("good", 0.955, 0.05, 6, 0.94)
ORDINARY: Final = Habit("ordinary", 0.85, 0.12, 15, 0.80)
BACKFILLING: Final = Habit("backfilling", 0.92, 0.9, 60, 0.74, bulk=True)
OVERLOADED: Final = Habit("overloaded", 0.70, 0.35, 40, 0.52)
LAZY: Final = Habit("lazy", 0.42, 0.30, 30, 0.30)
HABITS: Final = (GOOD, ORDINARY, BACKFILLING, OVERLOADED, LAZY)

# How habits are spread over the organisations of a county, by the county's own character.
SPREAD: Final[Mapping[str, Sequence[float]]] = {
    "good": (0.62, 0.26, 0.06, 0.04, 0.02),
    "ordinary": (0.46, 0.34, 0.10, 0.06, 0.04),
    "lazy": (0.16, 0.36, 0.12, 0.14, 0.22),
}


def choose(rng: Random, character: str) -> Habit:
    """Return a habit as they are spread in a county of this character."""
    return rng.choices(HABITS, SPREAD[character])[0]


def in_office_hours(rng: Random, day: int) -> int:
    """Return a minute of a day between 8 and 17 o'clock."""
    return day * MINUTES_A_DAY + _OPENS + int(rng.random() * _HOURS)


def entered(habit: Habit, rng: Random, at: int, bulk_days: Sequence[int]) -> int:
    """Return the minute at which something that happened at ``at`` is written down."""
    if rng.random() >= habit.late:
        return at + 15 + int(rng.random() * 600)
    if habit.bulk:
        day = next((d for d in bulk_days if d > at // MINUTES_A_DAY), bulk_days[-1])
        return max(in_office_hours(rng, day), at + 15)
    return in_office_hours(rng, at // MINUTES_A_DAY + 2 + int(rng.random() * habit.lag))
