"""Editions of the rulebook: when which was activated (facts), and what each says (kept once, by identity)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from json import dumps, loads
from typing import Any, NamedTuple
from zlib import compress, decompress

from huxue.core.values import day_of
from huxue.ledger.models import Edition, Fact, RulebookFiles


class Activation(NamedTuple):
    """An edition was activated: its identity, its first day, the minute we learned of it, who did it and what for."""

    identity: str
    valid_from: int
    recorded: int
    post: str = ""
    person: str = ""
    said: Mapping[str, Any] = {}


class Files(NamedTuple):
    """What a rulebook was made of: its layers (name, relative file → text), and the site's own settings."""

    layers: Sequence[tuple[str, Mapping[str, str]]]
    settings: Mapping[str, Mapping[str, Any]]


def identity(content: str) -> str:
    """Return what tells editions apart: the SHA-256 (hex) of the whole stored text."""
    return sha256(content.encode()).hexdigest()


def activations() -> list[Activation]:
    """Return all activations in the order of their arrival; the same edition may come back later."""
    rows = Fact.objects.filter(organisation="", kind="edition", verb="record").order_by("seq")
    return [
        _activation(loads(row[0]), *row[1:]) for row in rows.values_list("fields", "recorded_min", "post", "person")
    ]


def _activation(fields: dict[str, Any], recorded: int, post: str, person: str) -> Activation:
    first = day_of(date.fromisoformat(str(fields["valid_from"])))
    said = {key: value for key, value in fields.items() if key not in _FRAME}
    return Activation(str(fields["content"]), first, recorded, post, person, said)


_FRAME = ("hash", "content", "valid_from", "families")


def keep_files(rulebook: str, files: Files) -> None:
    """Keep what the rulebook of this hash was made of; the same rulebook is kept once."""
    said = dumps({"layers": [list(layer) for layer in files.layers], "settings": files.settings}, ensure_ascii=False)
    RulebookFiles.objects.get_or_create(hash=rulebook, defaults={"content": compress(said.encode())})


def files(rulebook: str) -> Files | None:
    """Return what the rulebook of this hash was made of, ``None`` where nobody kept it."""
    row = RulebookFiles.objects.filter(hash=rulebook).first()
    if row is None:
        return None
    said = loads(decompress(bytes(row.content)))
    return Files([(name, texts) for name, texts in said["layers"]], said["settings"])


def content(identity: str) -> str:
    """Return the text of an edition."""
    return Edition.objects.get(hash=identity).content
