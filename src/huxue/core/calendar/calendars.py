"""The calendars of a rulebook: one for each area, built when first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Self

from huxue.core.calendar.area import Calendar
from huxue.core.calendar.checks import read
from huxue.core.calendar.declared import DEFAULT, Declared
from huxue.core.calendar.nation import Nation
from huxue.core.values import Refused


class Calendars(Mapping[str, Calendar]):
    """Calendars by area code; an unknown code is a KeyError. There always is a default."""

    def __init__(self, declared: Declared) -> None:
        """Take what the documents declare."""
        self._declared, self._nation = declared, Nation(declared.years)
        self._made: dict[str, Calendar] = {}
        self.areas: tuple[str, ...] = tuple(sorted({DEFAULT, *declared.areas}))

    @classmethod
    def build(cls, raw: Mapping[str, Any]) -> Self:
        """Return the calendars of the raw mapping that ``merge`` makes. Refused: bad_calendar, if it has problems."""
        declared, found = read(raw)
        if found:
            path, zh, en = found[0]
            place = "/".join(str(step) for step in path)
            zh = f"历法有 {len(found)} 处问题，先看 {place}：{zh}"
            raise Refused("bad_calendar", zh, f"{len(found)} problem(s) in the calendars, first {place}: {en}")
        return cls(declared)

    @classmethod
    def none(cls) -> Self:
        """Return calendars without any declaration: Monday to Friday, no terms, everything provisional."""
        return cls.build({})

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that is declared: calendars of one digest say the same of every day."""
        return hashlib.sha256(repr(self._declared).encode()).hexdigest()

    @property
    def default(self) -> Calendar:
        """The calendar of organisations that name no area."""
        return self[DEFAULT]

    def __getitem__(self, area: str) -> Calendar:
        """Return the calendar of an area."""
        if area not in self.areas:
            raise KeyError(area)
        if area not in self._made:
            self._made[area] = Calendar(area, self._declared.area(area), self._nation)
        return self._made[area]

    def __iter__(self) -> Iterator[str]:
        """Yield the area codes."""
        return iter(self.areas)

    def __len__(self) -> int:
        """Return the number of areas."""
        return len(self.areas)
