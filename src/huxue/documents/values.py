"""What a document says: a title, blocks one below the other, and who signs. Plain text, already in its language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

MOST_ROWS: Final = 5_000  # rows of one table: a word processor takes no more with grace


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: level 1 (一、), 2 (（一）)."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``indent``: the first line two characters in. ``small``: a remark below something."""

    text: str
    indent: bool = True
    small: bool = False


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Names and values, in ``columns`` pairs side by side."""

    rows: Sequence[tuple[str, str]]
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``widths``: parts of the whole, one a column; none: all alike."""

    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on: what stands before each gap (``经办人`` ``负责人`` ``日期``)."""

    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Heading | Paragraph | KeyValues | Table | Signature | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A document. ``number``: 青崖隐〔2026〕0412. ``unit`` and ``date`` stand below the text, at the right.

    ``label``: 内部资料, above the title. ``foot``: check code and the like, at the foot of every page.
    """

    title: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    number: str = ""
    unit: str = ""
    date: str = ""
    label: str = ""
    foot: str = ""
    landscape: bool = False
    language: str = "zh"
