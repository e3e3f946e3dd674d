"""Editions of the rulebook: when which was activated (facts), and what each says (kept once, by identity)."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from json import loads
from typing import NamedTuple

from huxue.core.values import day_of
from huxue.ledger.models import Edition, Fact


class Activation(NamedTuple):
    """An edition was activated: its identity, its first day, and the minute we learned of it."""

    identity: str
    valid_from: int
    recorded: int


def identity(content: str) -> str:
    """Return what tells editions apart: the SHA-256 (hex) of the whole stored text."""
    return sha256(content.encode()).hexdigest()


def activations() -> list[Activation]:
    """Return all activations in the order of their arrival; the same edition may come back later."""
    rows = Fact.objects.filter(organisation="", kind="edition", verb="record").order_by("seq")
    return [_activation(loads(fields), recorded) for fields, recorded in rows.values_list("fields", "recorded_min")]


def _activation(fields: dict[str, object], recorded: int) -> Activation:
    return Activation(str(fields["content"]), day_of(date.fromisoformat(str(fields["valid_from"]))), recorded)


def content(identity: str) -> str:
    """Return the text of an edition."""
    return Edition.objects.get(hash=identity).content
