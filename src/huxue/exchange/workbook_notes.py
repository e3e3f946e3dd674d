"""The same workbook given back: a red cell with a comment where something is wrong, and the sentences in a last column.

What an earlier round of ours marked is cleared first. An .xls, and a sheet blown up by formats, is written anew.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from huxue.core.recipes.columns import NOTES
from huxue.core.values import Language
from huxue.exchange.tables import letters
from huxue.exchange.workbook_checking import WrongCell
from huxue.exchange.workbook_reading import MEGABYTE, ZIP, Filled, unpacked

AUTHOR: Final = "护学 Huxue"
_RED: Final = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_NONE: Final = PatternFill()
_FORMULA: Final = ("=", "+", "-", "@")
_HEAVY: Final = 40  # megabytes unpacked beyond which formats are not worth their memory


def corrected(content: bytes, filled: Filled, wrong: Iterable[WrongCell], language: Language) -> bytes:
    """Return the workbook that was handed in, marked."""
    light = content.startswith(ZIP) and unpacked(content, filled.name) <= _HEAVY * MEGABYTE
    book = load_workbook(io.BytesIO(content)) if light else _anew(content, filled)
    sheet = book[filled.sheet]
    sheet.protection.sheet = False  # the column of sentences must be writable, and theirs to delete
    last = _last_column(filled)
    _clear(sheet, last, filled)
    sheet.cell(filled.header_row, last, NOTES)
    for row, notes in _by_row(wrong).items():
        sheet.cell(row, last, _plain("；".join(dict.fromkeys(_said(one, filled, language) for one in notes))))
        for one in notes:
            _mark(sheet, row, filled.places.get(one.code, last - 1) + 1, one.zh if language == "zh" else one.en)
    sheet.column_dimensions[letters(last - 1)].width = 60
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _by_row(wrong: Iterable[WrongCell]) -> dict[int, list[WrongCell]]:
    found: dict[int, list[WrongCell]] = defaultdict(list)
    for one in wrong:
        found[one.row].append(one)
    return found


def _said(one: WrongCell, filled: Filled, language: Language) -> str:
    letter = filled.letter(one.code)
    text = one.zh if language == "zh" else one.en
    if not letter:
        return text
    return f"{letter} 列：{text}" if language == "zh" else f"column {letter}: {text}"


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text  # never a formula in somebody's spreadsheet


def _last_column(filled: Filled) -> int:
    """Return the column (from 1) of our sentences: the one of an earlier round, else the next free one."""
    ours = [index for index, title in filled.titles.items() if title == NOTES]
    titled = [index for index, title in filled.titles.items() if title]
    return (ours[0] if ours else max(titled)) + (1 if ours else 2)


def _clear(sheet: Worksheet, last: int, filled: Filled) -> None:
    for row in sheet.iter_rows(min_row=filled.header_row, max_row=filled.rows[-1][0] if filled.rows else None):
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = _NONE
            if cell.column == last and cell.value is not None and cell.row > filled.header_row:
                cell.value = None


def _mark(sheet: Worksheet, row: int, column: int, said: str) -> None:
    cell = sheet.cell(row, column)
    cell.fill = _RED
    earlier = f"{cell.comment.text}\n" if cell.comment else ""
    cell.comment = Comment(f"{earlier}{said}", AUTHOR, height=110, width=280)


def _anew(content: bytes, filled: Filled) -> Workbook:
    """Return a new workbook with the values of the sheet alone."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(filled.sheet)
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as old:
        for row in old.get_sheet_by_name(filled.sheet).to_python(skip_empty_area=False):
            sheet.append([_kept(value) for value in row])
    for (top, left), (bottom, right) in _merged(content, filled):
        sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
    return book


def _merged(content: bytes, filled: Filled) -> Sequence[tuple[tuple[int, int], tuple[int, int]]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as old:
        return old.get_sheet_by_name(filled.sheet).merged_cell_ranges or []


def _kept(value: object) -> object:
    if value == "":
        return None
    if isinstance(value, date | datetime | int | float | bool):
        return value
    return _plain(str(value))
