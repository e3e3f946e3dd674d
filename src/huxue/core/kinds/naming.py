"""What an item is called where only one line can stand for it: in lists, links and headings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from huxue.core.kinds.model import Field, Kind
from huxue.core.kinds.readers import Lists
from huxue.core.kinds.text import canonical
from huxue.core.values import Language

LONGEST_TITLE: Final = 44  # characters


class _Order(NamedTuple):
    kind: Kind
    names: tuple[str, ...]


_ORDERS: dict[int, _Order] = {}  # by identity of the kind, which is held here so that it stays its own


def naming_fields(kind: Kind) -> tuple[str, ...]:
    """Return the fields that say what an item is, best first: searched texts, required ones, then choices."""
    kept = _ORDERS.get(id(kind))
    if kept is None:
        if len(_ORDERS) > 2_000:  # noqa: PLR2004 - some editions' kinds
            _ORDERS.clear()
        kept = _ORDERS[id(kind)] = _Order(kind, _naming_fields(kind))
    return kept.names


def _naming_fields(kind: Kind) -> tuple[str, ...]:
    asked = {name for step in kind.flow.values() if step.opening for name in step.asks}
    ranked = []
    for place, (name, field) in enumerate(kind.fields.items()):
        must = field.required or name in asked
        rank = _rank(field, must=must)
        if rank is not None:
            ranked.append((rank, place, name))
    return tuple(name for _, _, name in sorted(ranked))


def _rank(field: Field, *, must: bool) -> int | None:
    if field.type == "text":
        return (0 if must else 1) if field.search else (2 if must else 5)
    if field.type == "choice":
        return 3 if must else 4
    return None


def title_of(kind: Kind, fields: Mapping[str, Any], lists: Lists, lang: Language) -> str:
    """Return what an item is called: the first of its naming fields that is said and may be read, else its kind.

    A personal value that is not given in the clear does not count.
    """
    for name in naming_fields(kind):
        value = fields.get(name)
        if value is None or value == [] or isinstance(value, Mapping):
            continue
        said = canonical(kind.fields[name], value, lists=lists, language=lang)
        if said:
            return shortened(said)
    return kind.title.say(lang)


@lru_cache(maxsize=2_000)
def shortened(text: str) -> str:
    """Return the first line of a text, cut where it is too long for a title."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
