"""A header meets a recipe: which column is what, and how its cells are read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from huxue.core.kinds import Field
from huxue.core.kinds.readers import reader
from huxue.core.kinds.times import read_date, read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.model import Column, Layout, Pattern, Recipe
from huxue.core.recipes.templates import lookup
from huxue.core.values import Text

NOTES = "问题 Problems"  # the column we add to a file that is given back; read again, it is passed over
LONGEST = 20_000  # characters of one cell
_WHOLE = re.compile(r"([+-]?\d+)(?:\.0*)?", re.ASCII)

Cell = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Bound:
    """A column of the file at ``index`` that goes by ``name``."""

    index: int
    header: str
    name: str
    read: Cell
    required: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """A column of the file that becomes a record of its own; ``says`` holds the groups of its pattern."""

    index: int
    header: str
    read: Cell
    required: bool
    says: Mapping[str, str]


@dataclass(slots=True)
class Header:
    """A header as a layout sees it. ``unknown`` columns are neither mapped nor ignored, ``missing`` ones not there."""

    layout: Layout
    titles: tuple[str, ...]
    bound: list[Bound] = field(default_factory=list)
    spread: dict[str, list[Spread]] = field(default_factory=dict)
    ignored: list[tuple[str, Text]] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def index_of(self, name: str) -> int | None:
        """Return where the column with this short name stands."""
        return next((b.index for b in self.bound if b.name == name), None)


def tidy(title: object) -> str:
    """Return a column's title with its white space made plain."""
    return " ".join(unicodedata.normalize("NFC", str(title)).split())


def bind(recipe: Recipe, titles: Sequence[object]) -> Header:
    """Return the header under the layout that fits best: nothing missing, then the fewest unknown columns."""
    tidied = tuple(map(tidy, titles))
    found = [_under(layout, tidied) for layout in recipe.layouts]
    return min(found, key=lambda header: (len(header.missing), len(header.unknown)))


def _under(layout: Layout, titles: tuple[str, ...]) -> Header:
    header = Header(layout, titles, spread={pattern.name: [] for pattern in layout.unpivot})
    columns = {tidy(title): (title, said) for title, said in layout.columns.items()}
    for index, title in enumerate(titles):
        if title in columns:
            _bind_named(header, index, title, _column(columns[title][1]))
        elif not title.startswith(NOTES):
            _bind_pattern(header, index, title)
    header.missing = [t for t, (_, said) in columns.items() if t not in titles and not _column(said).optional]
    return header


def _column(said: str | Column) -> Column:
    return Column.model_validate({"as": said}) if isinstance(said, str) else said


def _bind_named(header: Header, index: int, title: str, column: Column) -> None:
    if column.ignore:
        header.ignored.append((title, column.ignore))
        return
    required = column.required or title in map(tidy, header.layout.key)
    header.bound.append(Bound(index, title, column.as_ or title, cell_reader(column), required))


def _bind_pattern(header: Header, index: int, title: str) -> None:
    for pattern in header.layout.unpivot:
        said = re.fullmatch(pattern.column, title)
        if said:
            header.spread[pattern.name].append(_spread(index, title, pattern, said.groupdict()))
            return
    for pattern in header.layout.ignore:
        if re.fullmatch(pattern.column, title):
            header.ignored.append((title, pattern.why or Text(zh="", en="")))
            return
    header.unknown.append((index, title))


def _spread(index: int, title: str, pattern: Pattern, groups: Mapping[str, str | None]) -> Spread:
    says = {name: (value or "").strip() for name, value in groups.items()} | {"column": title}
    return Spread(index, title, cell_reader(Column(type=pattern.cell)), pattern.required, says)


# --- cells -------------------------------------------------------------------------------------------------------

_as_text = reader(Field(type="text", title=Text(zh="", en=""), max_length=LONGEST), {})


def cell_reader(column: Column) -> Cell:
    """Return the reader of a column's cells: a cell in, its value out (``None`` for a blank one), or ``Wrong``."""
    read = _READ[column.type](column.format)
    seen: dict[Any, Any] = {}  # most columns repeat themselves

    def cell(raw: Any) -> Any:
        if raw is None or raw == "":
            return None
        try:
            return seen[type(raw), raw]
        except KeyError:
            value = _mapped(column, read(raw))
            if len(seen) < 10_000:  # noqa: PLR2004 - bounds the memory of columns that never repeat
                seen[type(raw), raw] = value
            return value

    return cell


def _mapped(column: Column, value: Any) -> Any:
    if value is None or not column.map:
        return value
    return lookup(column.map, column.otherwise, value)


def _text(_formats: Sequence[str]) -> Cell:
    return lambda raw: _as_text(raw) or None


def _number(_formats: Sequence[str]) -> Cell:
    return lambda raw: (raw.strip() or None) if isinstance(raw, str) else raw


def _whole(_formats: Sequence[str]) -> Cell:
    def read(raw: Any) -> str | None:
        text = _as_text(raw)
        if not text:
            return None
        said = _WHOLE.fullmatch(text)
        if not said:
            raise Wrong(f"“{raw}”不是整数", f"'{raw}' is not a whole number")
        return said[1]

    return read


def _date(formats: Sequence[str]) -> Cell:
    return _in_format(formats, read_date)


def _moment(formats: Sequence[str]) -> Cell:
    return _in_format(formats, read_time)


def _in_format(formats: Sequence[str], read: Cell) -> Cell:
    def cell(raw: Any) -> Any:
        if not isinstance(raw, str) or not formats:
            return read(raw) if not isinstance(raw, str) or raw.strip() else None
        text = raw.strip()
        for one in formats:
            try:
                return read(datetime.strptime(text, one))  # noqa: DTZ007 - civil time of the site
            except ValueError:
                continue
        if not text:
            return None
        raise Wrong(
            f"“{text}”不合日期格式 {formats[0]}，或者这一天不存在", f"'{text}' is no date of the form {formats[0]}"
        )

    return cell


_READ: dict[str, Callable[[Sequence[str]], Cell]] = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "date": _date,
    "moment": _moment,
}
