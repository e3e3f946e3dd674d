"""What a set stands on: an edition with its lists, and where on a site its folder is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from huxue.core.calendar import Calendars
from huxue.core.duties.compile import Besides, Compiled, compile_duties
from huxue.core.duties.signals import Column
from huxue.core.duties.window import first_day
from huxue.core.rulebook.edition import Edition, canonical, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan
from huxue.standings import frame

FOLDER = "sets"


@dataclass(frozen=True)
class Stand:
    """An edition as a set needs it: with its calendars, and with all that is counted beside the duties."""

    rulebook: Rulebook
    calendars: Calendars
    identity: str
    hash: str = ""
    families: tuple[str, ...] = ()

    @classmethod
    def of(cls, edition: Edition, calendars: Calendars) -> Stand:
        """Return the stand of an edition."""
        return cls(in_effect(edition), calendars, identity(edition), edition.hash, edition.families_on)

    @cached_property
    def besides(self) -> Besides:
        """What scores count and measure."""
        return plan.besides(self.rulebook.scoring)

    @cached_property
    def outline(self) -> Compiled:
        """The lists and columns; they are the same for every day and every tree."""
        return self.compiled(("",), as_of=self.rulebook.valid_from, since=self.rulebook.valid_from)

    def compiled(self, areas: tuple[str, ...], *, as_of: int, since: int) -> Compiled:
        """Return the compiled duties for a day."""
        return compile_duties(
            self.rulebook, self.calendars, areas, since=since, as_of=as_of, tallied=self.besides.tallied
        )

    def since(self, first: int | None, as_of: int) -> int:
        """Return the day before which no window is looked at."""
        return first_day(self.rulebook.valid_from, first, as_of)

    @property
    def columns(self) -> list[Column]:
        """The fields that are read, in order."""
        return frame.in_order(self.outline.columns)

    @property
    def measured(self) -> set[str]:
        """The traits that duties and scores measure by."""
        return {str(row[2]) for row in self.outline.rows["needpart"]} | set(self.besides.traits)

    @property
    def duties(self) -> list[str]:
        """The codes of the duties by number."""
        return [duty.code for duty in self.outline.duties]

    @cached_property
    def lists(self) -> str:
        """SHA-256 (hex) of everything that a row of the set depends on besides the facts: other text, other set."""
        made = self.outline
        columns = [
            [c.kind, c.name, c.kinds, c.place] for c in (*self.columns, *sorted(made.traits, key=lambda c: c.sql))
        ]
        personal = [
            [code, sorted(name for name, one in kind.fields.items() if one.personal)]
            for code, kind in sorted(self.rulebook.kinds.items())
        ]
        said = [
            made.deeds, made.spans, made.app, made.member, columns, sorted(self.measured), self.duties,
            sorted(self.calendars.areas), frame.texts(), personal,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def identity(edition: Edition) -> str:
    """Return what tells editions apart: SHA-256 (hex) of all that one says."""
    earlier = [canonical(duty) for duty in edition.earlier]
    said = [edition.hash, edition.families_on, edition.valid_from, sorted(edition.since.items()), earlier]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def folder_of(site: Path, stand: Stand) -> Path:
    """Return where the set of an edition lies."""
    return site / FOLDER / stand.identity[:16]


__all__ = ["FOLDER", "Stand", "folder_of", "identity"]
