"""One item as the cells of a workbook or of a printed list: values in, words out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from huxue.core.kinds import Kind, canonical
from huxue.core.kinds.readers import Lists
from huxue.core.values import MINUTES_A_DAY, Language, Text, moment_of
from huxue.exchange.workbook_columns import AT, DEADLINE, ENDED, ITEM, STEP, Column

_JOIN: Final = {"zh": "；", "en": "; "}
_EXACT: Final = 10**15  # a spreadsheet keeps 15 digits of a number
ENDINGS: Final = Text(zh="已办结", en="ended")


class Item(Protocol):
    """What a row shows: an entry, a record or a case as it stands."""

    @property
    def item(self) -> str:
        """Its number in the ledger."""
        ...

    @property
    def at(self) -> int:
        """The minute since when, or at which."""
        ...

    @property
    def roles(self) -> Mapping[str, Sequence[str]]:
        """The organisations by role."""
        ...

    @property
    def fields(self) -> Mapping[str, Any]:
        """Stored values."""
        ...

    @property
    def step(self) -> str:
        """Where a case is."""
        ...

    @property
    def ended_as(self) -> str:
        """How a case ended."""
        ...

    @property
    def deadline(self) -> int | None:
        """The minute of the running deadline."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """What turns codes into words: the lists, and names of organisations (``labels``) and of posts."""

    kind: Kind
    lists: Lists
    language: Language
    names: Mapping[str, str] = field(default_factory=dict)  # code of an organisation → its name, told apart
    endings: Mapping[str, Text] = field(default_factory=dict)

    def text(self, column: Column, item: Item) -> str:
        """Return what stands in a cell, as text."""
        if column.field is not None:
            value = item.fields.get(column.code)
            return "" if value is None or _hidden(value) else self._said(column, value)
        if column.role:
            return _JOIN[self.language].join(self.names.get(code, code) for code in item.roles.get(column.role, ()))
        return self._known(column.code, item)

    def cell(self, column: Column, item: Item) -> str | int | float | date | datetime:
        """Return what stands in a cell, with numbers and dates as a spreadsheet has them."""
        value = item.fields.get(column.code) if column.field is not None else None
        if value is None or column.many or column.field is None or _hidden(value):
            return self.text(column, item)
        if column.field.type in ("number", "money") and abs(value) < _EXACT:
            text = canonical(column.field, value, lists=self.lists, language=self.language)
            return float(text) if "." in text else int(text)  # what the file format itself holds
        if column.field.type == "date":
            return date.fromisoformat(value)
        return self.text(column, item)

    def _said(self, column: Column, value: Any) -> str:
        assert column.field is not None  # noqa: S101 - asked only for fields
        if column.field.type == "organisation":
            codes = value if isinstance(value, list | tuple) else [value]
            return _JOIN[self.language].join(self.names.get(code, code) for code in codes)
        return canonical(column.field, value, lists=self.lists, language=self.language)

    def _known(self, code: str, item: Item) -> str:
        match code:
            case "#item":
                return item.item
            case "#at":
                return moment_text(item.at)
            case "#deadline":
                return "" if item.deadline is None else _until(item.deadline)
            case "#step":
                step = self.kind.flow.get(item.step)
                return step.title.say(self.language) if step else item.step
            case _:
                return self._ending(item)

    def _ending(self, item: Item) -> str:
        if not item.ended_as:
            return ""
        step = self.kind.flow.get(item.step)
        named = self.endings.get(item.ended_as)
        return (named or (step.title if step else ENDINGS)).say(self.language)


def moment_text(minute: int) -> str:
    """Return a minute as ``2026-03-05 08:30``; midnight as the day alone."""
    at = moment_of(minute)
    return f"{at:%Y-%m-%d}" if at.hour == at.minute == 0 else f"{at:%Y-%m-%d %H:%M}"


def _until(minute: int) -> str:
    """Return a deadline; the last minute of a day as the day alone."""
    return moment_text(minute + 1 - MINUTES_A_DAY) if (minute + 1) % MINUTES_A_DAY == 0 else moment_text(minute)


def labels(names: Mapping[str, str]) -> dict[str, str]:
    """Return a word for each organisation that no other bears: its name, with the code where two share one."""
    counts = Counter(names.values())
    return {code: name if counts[name] == 1 else f"{name}[{code}]" for code, name in names.items()}


LABELLED: Final = re.compile(r"(.*)[\[［【]([^\]］】]+)[\]］】]\s*")


class CheckCode:
    """A short code over all cells of a list: two prints with the same code say the same."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._hash, self.rows = sha256(), 0

    def add(self, cells: Iterable[str]) -> None:
        """Take one more row."""
        self._hash.update(("\x1f".join(cells) + "\n").encode())
        self.rows += 1

    def __str__(self) -> str:
        """Twelve letters and digits in three groups."""
        found = self._hash.hexdigest()[:12].upper()
        return f"{found[:4]}-{found[4:8]}-{found[8:]}"


def _hidden(value: Any) -> bool:
    """Whether a value is a pointer to personal data that is not shown here."""
    return isinstance(value, Mapping) and "$personal" in value


__all__ = ["AT", "DEADLINE", "ENDED", "ITEM", "LABELLED", "STEP", "CheckCode", "Item", "Words", "labels", "moment_text"]
