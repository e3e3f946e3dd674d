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
    "slotmap": ("signal", "cal", "day", "makeup", "slot", "part", "due", "max_rday", "latest", "fine"),
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
