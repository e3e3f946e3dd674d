"""Standings: how one obligation stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["met", "due", "overdue", "missed", "excused"]
STATUSES: tuple[Status, ...] = ("met", "due", "overdue", "missed", "excused")
MET, DUE, OVERDUE, MISSED, EXCUSED = range(5)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the obligation of one organisation, for one duty and one period or trigger, stands.

    ``period`` is a period's key, or the id of the fact that triggered it. ``have`` and ``need`` are in the unit the
    duty counts in. ``due`` is the last minute in time. ``verified`` is ``None`` where no deed is counted.
    """

    organisation: str
    duty: str
    period: str
    status: Status
    on_time: bool
    verified: bool | None
    have: int
    need: int
    due: int
    provisional: bool = False

    def key(self) -> tuple[str, str, str]:
        """What makes a standing one: organisation, duty, period or trigger."""
        return self.organisation, self.duty, self.period
