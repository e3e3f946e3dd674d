"""A file handed back with notes: the same rows, and beside each what is wrong with it.

CSV: one more column at the end. Excel: a red cell with a comment where the mistake is, through openpyxl, and the same
sentence in one more column. The file that was read is never touched.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from huxue.core.recipes.columns import NOTES
from huxue.core.recipes.planned import Note
from huxue.core.values import Language
from huxue.exchange.tables import EXCEL, Table

_RED = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_FORMULA = ("=", "+", "-", "@")


def default_name(path: Path) -> Path:
    """Return where the copy of a file goes: next to it, ``….notes.csv`` or ``….notes.xlsx``."""
    name = path.name.removesuffix(".gz").removesuffix(".GZ")
    stem, _, ending = name.rpartition(".")
    return path.with_name(f"{stem}.notes.{'xlsx' if ending.lower().startswith('xls') else 'csv'}")


def write_notes(
    table: Table,
    content: bytes,
    notes: Sequence[Note],
    unknown: Sequence[tuple[int, str]],
    to: Path,
    language: Language,
) -> None:
    """Write the copy. ``content``: the unpacked bytes of the file; ``unknown``: place and title of unmapped columns."""
    rows: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        rows[note.at.row].append(note)
    if table.path.name.lower().removesuffix(".gz").endswith(EXCEL):
        _excel(table, content, rows, unknown, to, language)
    else:
        _csv(table, content, rows, unknown, to, language)


def title_of(unknown: Sequence[tuple[int, str]], language: Language) -> str:
    """Return the title of the column of notes; it names the columns that nobody knows."""
    if not unknown:
        return NOTES
    names = "、".join(title for _, title in unknown)
    return f"{NOTES}（{'未识别的列' if language == 'zh' else 'unknown columns'}：{names}）"


def _said(notes: Sequence[Note], language: Language) -> str:
    text = "；".join(dict.fromkeys(note.say(language) for note in notes))
    return f"'{text}" if text.startswith(_FORMULA) else text  # never a formula in somebody's spreadsheet


def _csv(
    table: Table,
    content: bytes,
    rows: Mapping[int, list[Note]],
    unknown: Sequence[tuple[int, str]],
    to: Path,
    language: Language,
) -> None:
    text = content.decode("utf-8-sig" if table.encoding == "utf-8" else table.encoding)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=table.delimiter)
    width = len(table.titles)
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter), 1):
        if number < table.header_row:
            continue
        more = title_of(unknown, language) if number == table.header_row else _said(rows.get(number, ()), language)
        writer.writerow([*cells, *[""] * (width - len(cells)), more])
    encoding = "utf-8-sig" if table.encoding.startswith("utf") else table.encoding  # spreadsheets want the mark
    to.write_bytes(out.getvalue().encode(encoding, "replace"))


def _excel(
    table: Table,
    content: bytes,
    rows: Mapping[int, list[Note]],
    unknown: Sequence[tuple[int, str]],
    to: Path,
    language: Language,
) -> None:
    book = load_workbook(io.BytesIO(content)) if content.startswith(b"PK") else _rebuilt(table, content)
    sheet = book[table.sheet]
    last = len(table.titles) + 1
    sheet.cell(table.header_row, last, title_of(unknown, language))
    for index, title in unknown:
        said = f"配方不认识这一列：{title}" if language == "zh" else f"the recipe does not know this column: {title}"
        _mark(sheet, table.header_row, index + 1, said)
    for number, notes in rows.items():
        sheet.cell(number, last, _said(notes, language))
        for note in notes:
            _mark(sheet, number, (note.column if note.column is not None else last - 1) + 1, note.say(language))
    book.save(to)


def _rebuilt(table: Table, content: bytes) -> Workbook:
    """Return a new workbook with the values of an old one (.xls), which openpyxl cannot change."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(table.sheet)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as old:
        for row in old.get_sheet_by_name(table.sheet).to_python(skip_empty_area=False):
            sheet.append(row)
    return book


def _mark(sheet: Worksheet, row: int, column: int, said: str) -> None:
    cell = sheet.cell(row, column)
    cell.fill = _RED
    earlier = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(f"{earlier}{said}", "护学 Huxue")
