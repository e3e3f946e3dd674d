"""What a rule comes to: findings that become records, and stands that become entries of a register."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huxue.core.facts import Fact
from huxue.core.values import FAR

Reads = Mapping[str, Sequence[Fact]]
"""Part of a rule → the facts that count of the kind it reads, neither replaced nor withdrawn."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One record: when (a minute), who stands in which role, what it says, the item it is about, what it was made of.

    ``key`` tells findings of one rule apart; one with the same key at most ``near`` minutes away is the same finding.
    """

    key: str
    at: int
    roles: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any]
    reference: str
    inputs: tuple[str, ...]
    near: int = FAR * 1440


@dataclass(frozen=True, slots=True)
class Stand:
    """One version of an entry: so from day ``lo`` to day ``hi`` (``FAR``: still), the rest as in ``Finding``."""

    key: str
    lo: int
    hi: int
    roles: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any]
    reference: str
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something a rule could not read: the fact, and a sentence in both languages."""

    fact: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a rule comes to."""

    findings: tuple[Finding, ...] = ()
    stands: tuple[Stand, ...] = ()
    notes: tuple[Note, ...] = field(default=())


def plain(text: Any) -> str:
    """Return what tells a written name apart: full-width and small letters alike, no spaces and no punctuation."""
    folded = unicodedata.normalize("NFKC", str(text or "")).casefold()
    return "".join(letter for letter in folded if unicodedata.category(letter)[0] in "LN")
