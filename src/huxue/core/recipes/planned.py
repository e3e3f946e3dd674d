"""What a file says, as plain values: facts-to-be with their origin, and notes on its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from huxue.core.facts import Verb
from huxue.core.values import Language


class At(NamedTuple):
    """A row of a file: the file's place in the list of files, and the row as a spreadsheet counts it (header = 1)."""

    file: int
    row: int


NOWHERE = At(0, 0)  # of what no row says


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be said of a row. ``kept``: it was taken all the same."""

    at: At
    column: int | None  # of the cell it stands at
    zh: str
    en: str
    kept: bool = False

    def say(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(slots=True)
class Planned:
    """One fact that a row asks for. ``group``: origin of the first step of its case."""

    origin: str
    kind: str
    verb: Verb
    at: int
    roles: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any]
    step: str = ""
    deadline: int | None = None
    reference: str = ""
    group: str = ""
    row: At = NOWHERE

    @property
    def said(self) -> tuple[Any, ...]:
        """The content, for comparing with what an earlier file said."""
        return (self.kind, self.step, self.at, self.deadline, self.reference, self.roles, self.fields)


@dataclass(slots=True)
class Plan:
    """What the files of one scope say. ``standing`` holds what is true of entries from their date on, by origin."""

    scope: str
    facts: list[Planned] = field(default_factory=list)
    standing: dict[str, Planned] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)  # of every row seen
    left: set[str] = field(default_factory=set)  # of the rows that could not be taken
    shared: set[str] = field(default_factory=set)  # origins of organisations and entries that several rows name
    rows: int = 0
    taken: int = 0
    left_out: int = 0
    beyond: int = 0  # organisations outside the part asked for
    counts: Counter[str] = field(default_factory=Counter)  # what was planned, by target


def safe(text: str) -> str:
    """Return a key as it stands in an origin, where ``|`` separates."""
    return text.replace("%", "%25").replace("|", "%7C") if "%" in text or "|" in text else text


def origin(recipe: str, scope: str, target: str, *key: str) -> str:
    """Return the origin of a fact: recipe|scope|target|key…; the scope of organisations and entries is their first."""
    return "|".join((recipe, safe(scope), target, *map(safe, key)))
