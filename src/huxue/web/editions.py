"""Editions in words, for pages: which was in force from when, who activated it and why, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from huxue.core.rulebook.diff import Row, diff
from huxue.core.rulebook.edition import Edition, from_json
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language, Text
from huxue.ledger.editions import Activation, activations, content

WORDS: Final = ("parameter", "value", "document", "reason")


@dataclass(frozen=True, slots=True)
class Step:
    """One activation: its number from 1, what it was, and the rows in which it differs from the one before."""

    number: int
    activation: Activation
    rows: tuple[Row, ...]

    @property
    def said(self) -> dict[str, str]:
        """What was said of it, "" where nothing was."""
        return {key: str(self.activation.said.get(key, "")) for key in WORDS}


def steps() -> list[Step]:
    """Return the activations in their order, each with what it changed."""
    every = activations()
    return [
        Step(n, one, changed(every[n - 2].identity, one.identity) if n > 1 else ()) for n, one in enumerate(every, 1)
    ]


@lru_cache(maxsize=64)
def changed(old: str, new: str) -> tuple[Row, ...]:
    """Return the rows in which two editions differ, by their identities; kept in the process, editions never change."""
    return tuple(diff(_read(old), _read(new)))


def _read(identity: str) -> Edition:
    """Return an edition for a moment: one weighs some megabytes, and only those in force are kept in the process."""
    return from_json(content(identity))


def history_of(duty: str, lang: Language) -> list[tuple[Step, list[tuple[str, str, str]]]]:
    """Return the activations that touched a duty, the latest first: field, before, after."""
    every = steps()
    found = [
        (one, [_words(row, lang) for row in one.rows if row.what == "duties" and row.code == duty]) for one in every
    ]
    first = [(one, rows) for one, rows in found if rows or one.number == _first_with(every, duty)]
    return first[::-1]


def _words(row: Row, lang: Language) -> tuple[str, str, str]:
    return row.field, row.before.say(lang), row.after.say(lang)


def _first_with(every: list[Step], duty: str) -> int:
    return next(_numbers(every, duty), 0)


def _numbers(every: list[Step], duty: str) -> Iterator[int]:
    for one in every:
        if duty in codes_of(one.activation.identity):
            yield one.number


@lru_cache(maxsize=64)
def codes_of(identity: str) -> frozenset[str]:
    """Return the codes of the duties that an edition has switched on."""
    edition = _read(identity)
    return frozenset(code for code, one in edition.rulebook.duties.items() if one.family in edition.families_on)


FIELDS: Final = {
    "valid_from": Text(zh="起算日期", en="counts from"),
    "families_on": Text(zh="启用的职责族", en="families on"),
}


def readable(row: Row, rulebook: Rulebook) -> tuple[Text, Text, Text]:
    """Return a row's field, before and after in words; of the families that are on only those that came or went."""
    field = FIELDS.get(row.field, Text(zh=row.field, en=row.field))
    if row.field != "families_on":
        return field, row.before, row.after
    before, after = (tuple(text.zh.split(", ")) for text in (row.before, row.after))
    gone, come = ([one for one in some if one not in other] for some, other in ((before, after), (after, before)))
    return field, _titles(gone, rulebook), _titles(come, rulebook)


def _titles(codes: list[str], rulebook: Rulebook) -> Text:
    titles = [rulebook.families[code].title for code in codes if code in rulebook.families]
    return Text(zh="、".join(one.zh for one in titles), en=", ".join(one.en for one in titles))
