"""Reading somebody's table: CSV (plain or .gz) and Excel. What cannot be read is refused with a sentence.

Refusals: ``no_file`` ``file_too_big`` ``unreadable_file`` ``wrong_format`` ``no_rows`` ``several_sheets``
``merged_header`` ``blank_header`` ``duplicate_header`` ``too_many_columns``.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum, ZipError

from huxue.core.recipes.columns import LONGEST, tidy
from huxue.core.recipes.model import Reads
from huxue.core.values import Refused

MEGABYTE: Final = 1_000_000
MOST_COLUMNS: Final = 500
EXCEL: Final = (".xlsx", ".xlsm", ".xls")
Row = tuple[int, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that was opened: its titles, and its rows numbered as a spreadsheet shows them.

    ``rows`` can be gone through once. ``sheet`` and ``header_row`` say where the titles stand, ``encoding`` and
    ``delimiter`` how a CSV was written.
    """

    path: Path
    titles: tuple[str, ...]
    rows: Iterator[Row]
    sheet: str = ""
    header_row: int = 1
    encoding: str = ""
    delimiter: str = ","


def open_table(path: Path, reads: Reads) -> Table:
    """Open a file. Refuses what cannot be read; rows that are blank throughout are passed over."""
    if not path.is_file():
        raise Refused("no_file", f"找不到文件“{path}”。", f"There is no file {str(path)!r}.")
    if path.stat().st_size > reads.megabytes * MEGABYTE:
        raise _too_big(path, reads)
    ending = path.name.lower().removesuffix(".gz")
    if ending.endswith(EXCEL):
        if "xlsx" not in reads.format:
            raise _wrong_format(path, reads)
        return _excel(path, reads)
    if not ending.endswith((".csv", ".txt", ".tsv")) or "csv" not in reads.format:
        raise _wrong_format(path, reads)
    return _csv(path, reads)


def _too_big(path: Path, reads: Reads) -> Refused:
    return Refused(
        "file_too_big",
        f"“{path.name}”超过 {reads.megabytes} MB 的上限。",
        f"{path.name} is larger than the limit of {reads.megabytes} MB.",
    )


def _wrong_format(path: Path, reads: Reads) -> Refused:
    known = ", ".join(reads.format)
    return Refused("wrong_format", f"“{path.name}”不是可以导入的格式（{known}）。", f"{path.name} is none of: {known}.")


def _unreadable(path: Path, why: str) -> Refused:
    return Refused(
        "unreadable_file",
        f"“{path.name}”无法读取：{why}。请用表格软件打开后另存再试。",
        f"{path.name} cannot be read: {why}. Open it in a spreadsheet and save it again.",
    )


def contents(path: Path, reads: Reads) -> bytes:
    """Return the unpacked bytes of a file; refuses more than the limit."""
    limit = reads.megabytes * MEGABYTE
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as file:
            found = file.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(path, str(error)) from None
    if len(found) > limit:  # unpacked it is larger than it looked
        raise _too_big(path, reads)
    return found


# --- CSV ---------------------------------------------------------------------------------------------------------


def _csv(path: Path, reads: Reads) -> Table:
    encoding, text = _decoded(path, contents(path, reads), reads)
    delimiter = _delimiter(text)
    lines = _lines(path, text, delimiter)
    for number, first in lines:
        if any(cell.strip() for cell in first):
            titles = _titles(path, first)
            return Table(path, titles, _full(lines), header_row=number, encoding=encoding, delimiter=delimiter)
    raise Refused("no_rows", f"“{path.name}”是空的。", f"{path.name} is empty.")


def _decoded(path: Path, found: bytes, reads: Reads) -> tuple[str, str]:
    if b"\x00" in found[:1000] and not found.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _unreadable(path, "not a text file")
    tried = ["utf-16"] if found.startswith((b"\xff\xfe", b"\xfe\xff")) else list(reads.encoding)
    for encoding in tried:
        try:
            return encoding, found.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(path, f"not {' / '.join(tried)}")


def _delimiter(text: str) -> str:
    line = text.split("\n", 1)[0]
    return max(",\t;", key=line.count)


def _lines(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LONGEST)
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            yield number, cells
    except csv.Error as error:
        raise _unreadable(path, f"row {number + 1}: {error}") from None


def _full(lines: Iterator[tuple[int, list[str]]]) -> Iterator[Row]:
    for number, cells in lines:
        if any(cells):
            yield number, cells


# --- Excel -------------------------------------------------------------------------------------------------------


def _excel(path: Path, reads: Reads) -> Table:
    found = contents(path, reads)
    _refuse_bomb(path, found, reads)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(found)) as book:
            sheet = _sheet(path, book, reads)
            cells = sheet.to_python(skip_empty_area=False)
            merged = sheet.merged_cell_ranges or []
    except PasswordError:
        raise _unreadable(path, "it is protected by a password") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise _unreadable(path, str(error) or type(error).__name__) from None
    first = next((i for i, row in enumerate(cells) if not _blank(row)), None)
    if first is None:
        raise Refused("no_rows", f"“{path.name}”是空的。", f"{path.name} is empty.")
    if any(lo[0] <= first <= hi[0] for lo, hi in merged):
        raise Refused(
            "merged_header",
            f"“{path.name}”的表头有合并单元格，请取消合并，每列一个标题。",
            f"The header of {path.name} has merged cells: give each column a title of its own.",
        )
    titles = _titles(path, cells[first])
    rows = ((i + 1, row) for i, row in enumerate(cells[first + 1 :], first + 1) if not _blank(row))
    return Table(path, titles, rows, sheet=sheet.name, header_row=first + 1)


def _refuse_bomb(path: Path, found: bytes, reads: Reads) -> None:
    """A zip can unfold into far more than it weighs."""
    if not found.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(found)) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable(path, str(error)) from None
    if size > 10 * reads.megabytes * MEGABYTE:
        raise _too_big(path, reads)


def _sheet(path: Path, book: CalamineWorkbook, reads: Reads) -> CalamineSheet:
    if reads.sheet:
        if reads.sheet not in book.sheet_names:
            raise Refused(
                "no_sheet", f"“{path.name}”中没有工作表“{reads.sheet}”。", f"{path.name} has no sheet {reads.sheet!r}."
            )
        return book.get_sheet_by_name(reads.sheet)
    shown = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    filled = [sheet for sheet in map(book.get_sheet_by_name, shown) if sheet.height]
    if not filled:
        raise Refused("no_rows", f"“{path.name}”是空的。", f"{path.name} is empty.")
    if len(filled) > 1:
        names = [sheet.name for sheet in filled]
        raise Refused(
            "several_sheets",
            f"“{path.name}”有多个工作表（{'、'.join(names)}），请只留要导入的一个。",
            f"{path.name} has several sheets ({', '.join(names)}): leave only the one to import.",
        )
    return filled[0]


def _blank(row: Sequence[Any]) -> bool:
    return not any(cell not in ("", None) and str(cell).strip() for cell in row)


# --- titles ------------------------------------------------------------------------------------------------------


def _titles(path: Path, cells: Sequence[Any]) -> tuple[str, ...]:
    titles = [tidy(cell) for cell in cells]
    while titles and not titles[-1]:
        titles.pop()
    if len(titles) > MOST_COLUMNS:
        raise Refused(
            "too_many_columns",
            f"“{path.name}”超过 {MOST_COLUMNS} 列。",
            f"{path.name} has more than {MOST_COLUMNS} columns.",
        )
    blank = [letters(i) for i, title in enumerate(titles) if not title]
    if blank:
        raise Refused(
            "blank_header",
            f"“{path.name}”第 {'、'.join(blank)} 列没有标题。",
            f"In {path.name}, column {', '.join(blank)} has no title.",
        )
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise Refused(
            "duplicate_header",
            f"“{path.name}”有重复的列标题：{'、'.join(twice)}。",
            f"In {path.name}, these titles stand twice: {', '.join(twice)}.",
        )
    return tuple(titles)


def letters(index: int) -> str:
    """Return a column as a spreadsheet names it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
