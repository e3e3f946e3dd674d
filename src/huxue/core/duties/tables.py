"""The small tables that a rulebook, its calendars and a date become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huxue.core.duties.signals import Signals
from huxue.core.duties.window import CalendarLike

TABLES: dict[str, tuple[str, ...]] = {
    "slots": (
        "slot",
        "cal",
        "duty",
        "idx",
        "lo",
        "hi",
        "snap",
        "due",
        "closes",
        "need",
        "miss",
        "how",
        "is_state",
        "present",
        "spaced",
        "at_least",
        "share",
        "mend",
        "prev",
        "low",
        "high",
        "cmp",
        "base_need",
        "parts0",
        "parts1",
        "const0",
        "const1",
        "provisional",
    ),
    "slotspan": ("signal", "cal", "slot", "part", "lo", "hi", "makeup", "due", "latest", "within", "fine"),
    "entered": ("cal", "within", "day", "max_rday"),
    "days": ("day",),
    "stateslot": ("slot", "cal", "signal", "side", "snap"),
    "needpart": ("duty", "side", "trait", "lo", "hi", "base", "step", "every", "beyond"),
    "respond": (
        "duty",
        "to_signal",
        "with_signal",
        "lift_signal",
        "move_signal",
        "by_field",
        "hours",
        "lo",
        "hi",
        "closes_days",
        "closes_how",
    ),
    "after": ("duty", "cal", "what", "day", "due", "provisional"),
}


@dataclass(slots=True)
class Tables:
    """The rows being made (columns in ``TABLES``) for the windows and triggers from day ``since`` to day ``as_of``.

    ``keys``: the period key of every slot. ``calendars``: those in use, by index.
    """

    calendars: Sequence[CalendarLike]
    signals: Signals
    since: int
    as_of: int
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    keys: list[str] = field(default_factory=list)
    _limits: set[tuple[int, int, int]] = field(default_factory=set)
    _reached: tuple[int, int] | None = None

    def enter_within(self, cal: int, limit: int, lo: int, hi: int) -> None:
        """Say for the days from ``lo`` to ``hi`` by when a deed must be entered, ``limit`` workdays after its day."""
        for day in range(lo, hi + 1):
            if (cal, limit, day) not in self._limits:
                self._limits.add((cal, limit, day))
                # an entry on a free day is as late as the workday before it: the limit ends where the next one begins
                last = self.calendars[cal].add_workdays(day, limit + 1) - 1
                self.rows["entered"].append((cal, limit, day, last))

    def reach(self, lo: int, hi: int) -> None:
        """Say that some window reaches from day ``lo`` to day ``hi``."""
        days = self.rows["days"]
        first, last = self._reached or (lo, lo - 1)
        days += [(day,) for day in (*range(lo, first), *range(last + 1, hi + 1))]
        self._reached = min(first, lo), max(last, hi)
