"""Writes facts: their ids, their times, who acted. All chance comes from the pen's own generator."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any, Final

from huxue.core.facts import Fact, Verb
from huxue.core.values import MINUTES_A_DAY
from huxue.demo.habits import Habit, entered, in_office_hours
from huxue.demo.world import Unit
from huxue.demo.year import BULK_DAYS, UNTIL

_MILLISECONDS: Final = 60_000  # in a minute
_NOBODY: Final[Mapping[str, Any]] = {}


class Pen:
    """One generator for one organisation, so that the story of one never changes another's."""

    def __init__(self, seed: str) -> None:
        """Begin with nothing written."""
        self.rng = Random(seed)  # noqa: S311 - a story, not a secret
        self.facts: list[Fact] = []

    def chance(self, share: float) -> bool:
        """Decide something that happens in a share of all cases."""
        return self.rng.random() < share

    def pick(self, several: tuple[str, ...] | list[str]) -> str:
        """Choose one of several texts."""
        return several[int(self.rng.random() * len(several))]

    def moment(self, day: int) -> int:
        """Return a minute of a day in office hours."""
        return in_office_hours(self.rng, day)

    def digest(self) -> str:
        """Return what looks like the SHA-256 of a photo or file."""
        return f"{self.rng.getrandbits(256):064x}"

    def entered(self, habit: Habit, at: int) -> int:
        """Return when something is written down by this habit."""
        return entered(habit, self.rng, at, BULK_DAYS)

    def uid(self, recorded: int) -> str:
        """Return an id shaped like a UUID of version 7: the time, then bits of the seed."""
        bits = self.rng.getrandbits(90)
        stamp = recorded * _MILLISECONDS + (bits & 0xFFFF) % _MILLISECONDS
        tail = bits >> 16
        return f"{stamp:012x}7{tail & 0xFFF:03x}{0x8000 | tail >> 12 & 0x3FFF:04x}{tail >> 26:012x}"

    def write(  # noqa: PLR0913 - a fact has many parts
        self, kind: str, verb: Verb, unit: Unit, post: str, at: int, fields: Mapping[str, Any] = _NOBODY, *,
        recorded: int | None = None, roles: Mapping[str, tuple[str, ...]] | None = None, item: str = "", step: str = "",
        replaces: str = "", reference: str = "", makeup: bool = False, deadline: int | None = None,
    ) -> Fact:  # fmt: skip
        """Write a fact of a unit acting through a post; what would be recorded after the year's end is left out."""
        when = recorded if recorded is not None else self.entered(unit.habit, at)
        uid = self.uid(when)
        fact = Fact(
            uid, kind, verb, item or uid, at, when, roles or unit.by, fields, step, replaces, reference,
            f"{unit.code}/{post}" if post else "", unit.holder(post, at // MINUTES_A_DAY) if post else "", makeup,
            deadline,
        )  # fmt: skip
        if when <= UNTIL:
            self.facts.append(fact)
        return fact

    def record(
        self, kind: str, unit: Unit, post: str, at: int, fields: Mapping[str, Any], *, recorded: int | None = None,
        roles: Mapping[str, tuple[str, ...]] | None = None, reference: str = "",
    ) -> Fact:  # fmt: skip
        """Write a record; the same as :meth:`write` with the verb of records."""
        return self.write(kind, "record", unit, post, at, fields, recorded=recorded, roles=roles, reference=reference)
