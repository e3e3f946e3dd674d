"""A workbook that somebody filled in, read as people and WPS leave it: which sheet, where the titles stand, the cells.

Blank sheets, other sheets, hidden ones, a title row that was pushed down, titles in another order or in the other
language, titles merged over two rows, blank rows and formatted rows at the end are all taken as meant. What cannot be
read is refused: ``unreadable_file`` ``file_too_big`` ``not_this_book`` ``several_sheets`` ``missing_columns``
``duplicate_header`` ``no_rows`` ``too_many_rows``.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from huxue.core.recipes.columns import NOTES
from huxue.core.values import Refused
from huxue.exchange.tables import letters
from huxue.exchange.workbook_columns import Column, by_title, plain_title
from huxue.exchange.workbooks import END

MEGABYTE: Final = 1_000_000
LARGEST: Final = 10  # megabytes of a file
UNPACKED: Final = 200  # megabytes it may unfold to
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 300
MOST_CELLS: Final = 5_000_000
_CELL: Final = re.compile(rb'<(?:\w+:)?c\s([^>]*?)\br="([A-Z]{1,3})(\d{1,7})"([^>]*)>')
_ATTRIBUTE: Final = re.compile(rb'([\w:]+)="([^"]*)"')
FAILED: Final = "#N/A"  # what stands for a formula that failed
_SEARCHED: Final = 30  # rows in which the titles are looked for
ZIP, OLE = b"PK", b"\xd0\xcf\x11\xe0"

Cells = Sequence[Any]


@dataclass(slots=True)
class Filled:
    """What was found: ``rows`` are (number as a spreadsheet shows it, cells); ``places``: code of a column → its index.

    ``unknown``: index and title of columns that the kind does not have.
    """

    name: str
    sheet: str
    header_row: int
    places: dict[str, int]
    rows: list[tuple[int, Cells]]
    unknown: list[tuple[int, str]] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)

    def raw(self, cells: Cells) -> dict[str, Any]:
        """Return what was typed in a row by column; a row may be shorter than the titles."""
        width = len(cells)
        return {code: cells[index] if index < width else None for code, index in self.places.items()}

    def letter(self, code: str) -> str:
        """Return the letter of a column, ``""`` for one that is not in the file."""
        return letters(self.places[code]) if code in self.places else ""


def read_book(content: bytes, name: str, columns: Sequence[Column]) -> Filled:
    """Return what a workbook says, or refuse it (see the module)."""
    _refuse_size(content, name)
    failed = _look_inside(content, name)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return _read(book, name, columns, failed)
    except PasswordError:
        raise _unreadable(name, "文件有密码", "it is protected by a password") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise _unreadable(name, "不是完好的表格文件", str(error) or type(error).__name__) from None


def _refuse_size(content: bytes, name: str) -> None:
    if not content.startswith((ZIP, OLE)):
        raise _unreadable(name, "不是 .xlsx 或 .xls 文件", "it is neither .xlsx nor .xls")
    if len(content) > LARGEST * MEGABYTE or unpacked(content, name) > UNPACKED * MEGABYTE:
        raise Refused(
            "file_too_big",
            f"“{name}”超过 {LARGEST} MB 的上限，请分成几个文件。",
            f"{name} is larger than {LARGEST} MB: split it into several files.",
        )


def unpacked(content: bytes, name: str) -> int:
    """Return how many bytes a workbook unfolds to; an .xls is what it is."""
    if not content.startswith(ZIP):
        return len(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable(name, "文件不完整", str(error)) from None


def _unreadable(name: str, zh: str, en: str) -> Refused:
    return Refused(
        "unreadable_file",
        f"“{name}”无法读取：{zh}。请用 WPS 或 Excel 打开，另存为 .xlsx 后再传。",
        f"{name} cannot be read: {en}. Open it in a spreadsheet, save it as .xlsx and upload it again.",
    )


Corner = tuple[int, int]  # row and column, from 1


def _look_inside(content: bytes, name: str) -> dict[str, set[Corner]]:
    """Return the cells of each sheet whose formula failed: the reader shows them as blank.

    Refuses two cells a million rows apart: the reader would lay out everything between them.
    """
    if not content.startswith(ZIP):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        sheets = _sheets(packed)
        found: dict[str, set[Corner]] = {}
        for sheet, part in sheets.items():
            last, failed = _cells(packed.read(part))
            if last[0] * last[1] > MOST_CELLS:
                raise _unreadable(
                    name,
                    f"第 {last[0]} 行、第 {last[1]} 列还有内容",
                    f"something stands as far as {last[1]} × {last[0]}",
                )
            found[sheet] = failed
    return found


def _sheets(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet by its name."""
    try:
        book, links = packed.read("xl/workbook.xml"), packed.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {}
    for link in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", links):
        said = dict(_ATTRIBUTE.findall(link))
        targets[said.get(b"Id", b"")] = said.get(b"Target", b"").decode().removeprefix("/").removeprefix("xl/")
    found = {}
    for sheet in re.findall(rb"<(?:\w+:)?sheet\s[^>]*>", book):
        said = dict(_ATTRIBUTE.findall(sheet))
        part = f"xl/{targets.get(said.get(b'r:id', b''), '')}"
        if part in packed.namelist():
            found[html.unescape(said.get(b"name", b"").decode())] = part
    return found


def _cells(sheet: bytes) -> tuple[Corner, set[Corner]]:
    """Return the last row and column that hold a value (formatted empty cells do not count), and the failed ones."""
    rows, columns, failed = 0, b"", set()
    for before, column, row, more in _CELL.findall(sheet):
        if more.endswith(b"/"):
            continue
        rows, columns = max(rows, int(row)), max(columns, column, key=lambda one: (len(one), one))
        if b't="e"' in before + more:
            failed.add((int(row), _number(column)))
    return (rows, _number(columns)), failed


def _number(letters_: bytes) -> int:
    place = 0
    for letter in letters_:
        place = place * 26 + letter - 64
    return place


@dataclass(slots=True)
class _Head:
    """A row of titles in a sheet: its last row, and which column stands where."""

    name: str
    cells: Sequence[Cells]  # of the whole sheet, from A1
    last: int
    titles: dict[int, str]
    places: dict[str, int]
    twice: list[str]


def _read(
    book: CalamineWorkbook, name: str, columns: Sequence[Column], failed: Mapping[str, set[Corner]]
) -> Filled:  # fmt: skip
    known = by_title(columns)
    shown = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    sheets = [sheet for sheet in map(book.get_sheet_by_name, shown) if sheet.height]
    heads = [head for head in (_head(sheet, known, failed.get(sheet.name, set())) for sheet in sheets) if head]
    if not heads:
        raise _not_this_book(name, columns, blank=not sheets)
    most = max(len(head.places) for head in heads)
    heads = [head for head in heads if len(head.places) == most]  # the sheet of choices bears some of the titles too
    full = [(head, rows) for head in heads if (rows := _rows(head, name))]
    if not full:
        raise Refused("no_rows", f"“{name}”只有表头，没有填写内容。", f"{name} has titles but no rows.")
    if len(full) > 1:
        names = [head.name for head, _ in full]
        raise Refused(
            "several_sheets",
            f"“{name}”有几个工作表都填了内容（{'、'.join(names)}），请合到一个工作表。",
            f"{name} has several sheets with rows ({', '.join(names)}): put them into one.",
        )
    head, rows = full[0]
    _refuse_columns(name, head, columns)
    passed = {"", plain_title(NOTES)}
    unknown = [(i, t) for i, t in head.titles.items() if plain_title(t) not in known.keys() | passed]
    return Filled(name, head.name, head.last + 1, head.places, rows, unknown, head.titles)


def _not_this_book(name: str, columns: Sequence[Column], *, blank: bool) -> Refused:
    if blank:
        return Refused("no_rows", f"“{name}”是空的。", f"{name} is empty.")
    zh = "、".join(column.title.zh for column in columns if column.required)[:200]
    en = ", ".join(column.title.en for column in columns if column.required)[:200]
    return Refused(
        "not_this_book",
        f"“{name}”里没有找到这张表的表头（{zh}）。请用本页的空白模板填写。",
        f"No titles of this table ({en}) were found in {name}. Please use the empty template of this page.",
    )


def _refuse_columns(name: str, head: _Head, columns: Sequence[Column]) -> None:
    if head.twice:
        raise Refused(
            "duplicate_header",
            f"“{name}”有重复的列：{'、'.join(head.twice)}。请删去多余的一列。",
            f"In {name} these columns stand twice: {', '.join(head.twice)}. Delete one of them.",
        )
    missing = [column for column in columns if column.required and column.code not in head.places]
    if missing:
        raise Refused(
            "missing_columns",
            f"“{name}”缺少必填的列：{'、'.join(c.title.zh for c in missing)}。",
            f"{name} lacks these required columns: {', '.join(c.title.en for c in missing)}.",
        )


def _head(sheet: CalamineSheet, known: Mapping[str, Column], failed: set[Corner]) -> _Head | None:
    """Return the row among the first ones that names most columns; one title alone is a word, not a header."""
    cells = sheet.to_python(skip_empty_area=False)
    for row, column in failed:
        if row <= len(cells) and column <= len(cells[row - 1]):
            cells[row - 1][column - 1] = FAILED
    spans = _spans(sheet)
    best: _Head | None = None
    for index in range(min(len(cells), _SEARCHED)):
        head = _titles(sheet.name, cells, index, spans, known)
        if head.places and (best is None or len(head.places) > len(best.places)):
            best = head
    fewest = min(2, len({column.code for column in known.values()}))
    return best if best and len(best.places) >= fewest else None


Spans = Mapping[tuple[int, int], tuple[int, int]]


def _spans(sheet: CalamineSheet) -> Spans:
    """Return for each cell of the merged titles the cell that holds their text."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top < _SEARCHED and bottom < 2 * _SEARCHED and right < MOST_COLUMNS:
            found |= {(r, c): (top, left) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    return found


def _titles(name: str, cells: Sequence[Cells], index: int, spans: Spans, known: Mapping[str, Column]) -> _Head:
    titles: dict[int, str] = {}
    places: dict[str, int] = {}
    twice: list[str] = []
    for at in range(min(len(cells[index]), MOST_COLUMNS)):
        row, column = spans.get((index, at), (index, at))
        if column != at:  # the rest of a title merged sideways
            continue
        title = str(cells[row][column]).strip()
        found = known.get(plain_title(title))
        titles[at] = title
        if found is not None and found.code in places:
            twice.append(title)
        elif found is not None:
            places[found.code] = at
    last = index
    while any(spans.get((last + 1, at), (last + 1, at))[0] <= index for at in titles):
        last += 1  # titles merged downwards
    return _Head(name, cells, last, titles, places, twice)


def _rows(head: _Head, name: str) -> list[tuple[int, Cells]]:
    """Return the rows below the titles that say something in a column we know."""
    known = sorted(head.places.values())
    rows: list[tuple[int, Cells]] = []
    for number, cells in enumerate(head.cells[head.last + 1 :], head.last + 2):
        if str(cells[0]).startswith(END):
            break
        width = len(cells)
        if any(cells[at] not in ("", None) and str(cells[at]).strip() for at in known if at < width):
            rows.append((number, cells))
            if len(rows) > MOST_ROWS:
                raise Refused(
                    "too_many_rows",
                    f"“{name}”超过 {MOST_ROWS} 行，请分成几个文件。",
                    f"{name} has more than {MOST_ROWS} rows: split it into several files.",
                )
    return rows
