"""Workbooks of a kind, written: the template that somebody fills in, and the list that goes out.

Three rows stand above the data in both: what it is and how it is filled in, what each column wants, and the titles; so
an export read back is an import. Written through xlsxwriter, row by row, in constant memory.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any, BinaryIO, Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from huxue.core.values import Language, Text
from huxue.exchange.workbook_columns import BYTES, ITEM, Column
from huxue.exchange.workbook_rows import CheckCode, Item, Words

END: Final = "※"  # what begins the line below the last row; a reader stops there
INTERNAL: Final = Text(zh="内部资料", en="Internal")
CHOICES: Final = Text(zh="选项", en="Choices")
MOST_ROWS: Final = 10_000  # rows of a template that have drop-downs and formats
_ALLOWED: Final = (
    "insert_rows", "delete_rows", "sort", "autofilter", "format_cells", "format_columns", "format_rows",
)  # fmt: skip
_FIRST: Final = 3  # index of the first row of data
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_TYPES: Final = {
    "number": Text(zh="数字", en="number"),
    "money": Text(zh="金额（元）", en="amount"),
    "date": Text(zh="日期，如 2026-03-05", en="date, as 2026-03-05"),
    "time": Text(zh="时刻，如 2026-03-05 08:30", en="moment, as 2026-03-05 08:30"),
    "place": Text(zh="31.21, 107.47 (gcj02)", en="31.21, 107.47 (gcj02)"),
    "post": Text(zh="岗位编码", en="code of the post"),
    "person": Text(zh="姓名或人员编号", en="name or number of the person"),
    "entry": Text(zh="台账条目的名称或系统编号", en="name or system number of the entry"),
    "organisation": Text(zh="单位全称或编码", en="full name or code"),
}


@dataclass(frozen=True, slots=True)
class Book:
    """What stands in a workbook beside its rows. ``organisations``: what the drop-downs of roles offer."""

    title: Text
    columns: Sequence[Column]
    words: Words
    unit: str = ""
    said: str = ""  # term, date, filters: one line
    organisations: Sequence[str] = field(default_factory=tuple)

    @property
    def language(self) -> Language:
        """The language of titles, choices and notes."""
        return self.words.language


def template(book: Book, rows: Iterable[Item] = ()) -> bytes:
    """Return a workbook to fill in; ``rows`` are entries that stand already, put in so that nobody types them again."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        looks = Looks(made)
        sheet = made.add_worksheet(sheet_name(book.title.say(book.language)))
        _columns(sheet, book, looks)
        _head(sheet, book, looks, _how(book))
        for number, item in enumerate(rows, _FIRST):
            _row(sheet, number, book, item, looks)
        _drop_downs(made, sheet, book, looks)
        sheet.protect("", dict.fromkeys(_ALLOWED, True))
    return out.getvalue()


def listing(to: BinaryIO, book: Book, rows: Iterable[Item]) -> tuple[int, str]:
    """Write a list and return how many rows it has and its check code, which also stand below it."""
    code = CheckCode()
    with xlsxwriter.Workbook(to, {"constant_memory": True}) as made:
        looks = Looks(made)
        sheet = made.add_worksheet(sheet_name(book.title.say(book.language)))
        _columns(sheet, book, looks)
        _head(sheet, book, looks, _about(book))
        number = _FIRST
        for number, item in enumerate(rows, _FIRST + 1):
            code.add(_row(sheet, number - 1, book, item, looks))
        sheet.autofilter(_FIRST - 1, 0, max(_FIRST, number - 1), len(book.columns) - 1)
        sheet.write_string(max(number, _FIRST), 0, _end(book.language, code), looks.note)
        _page(sheet, book)
    return code.rows, str(code)


def sheet_name(title: str) -> str:
    """Return a title as a spreadsheet takes it for a sheet."""
    return _FORBIDDEN.sub(" ", title).strip()[:31] or "Sheet"


class Looks:
    """The formats of one workbook."""

    def __init__(self, made: xlsxwriter.Workbook) -> None:
        """Declare them."""
        edge = {"border": 1, "border_color": "#B8C2CE", "valign": "vcenter"}
        self.title = made.add_format({"bold": True, "text_wrap": True, "valign": "top", "font_color": "#14365C"})
        self.hint = made.add_format({"font_size": 9, "font_color": "#455363", "text_wrap": True, **edge})
        self.head = made.add_format({"bold": True, "bg_color": "#E6EDF5", "text_wrap": True, **edge})
        self.must = made.add_format(
            {"bold": True, "bg_color": "#E6EDF5", "font_color": "#AD2024", "text_wrap": True, **edge}
        )
        self.note = made.add_format({"font_color": "#455363"})
        free = {"locked": False, "valign": "vcenter"}
        self.text = made.add_format({"num_format": "@", **free})
        self.plain = made.add_format(free)
        self.date = made.add_format({"num_format": "yyyy-mm-dd", **free})
        self.money = made.add_format({"num_format": "0.00", **free})
        self.item = made.add_format({"num_format": "@", "font_color": "#5D6B7B", "font_size": 9, "valign": "vcenter"})

    def of(self, column: Column) -> Format:
        """Return the format of a column's cells."""
        if column.code == ITEM:
            return self.item
        kind = column.field.type if column.field else "text"
        found = {"number": self.plain, "money": self.money, "date": self.date}
        return self.text if column.many else found.get(kind, self.text)


def _columns(sheet: Worksheet, book: Book, looks: Looks) -> None:
    for index, column in enumerate(book.columns):
        sheet.set_column(index, index, column.width, looks.of(column))


def _head(sheet: Worksheet, book: Book, looks: Looks, said: str) -> None:
    last = len(book.columns) - 1
    sheet.set_row(0, 30 + 15 * said.count("\n"))
    if last:
        sheet.merge_range(0, 0, 0, last, said, looks.title)
    else:
        sheet.write_string(0, 0, said, looks.title)
    for index, column in enumerate(book.columns):
        sheet.write_string(1, index, wants(column, book.language), looks.hint)
    sheet.set_row(1, 38)
    for index, column in enumerate(book.columns):
        sheet.write_string(2, index, column.heading(book.language), looks.must if column.required else looks.head)
    sheet.set_row(2, 24)
    sheet.freeze_panes(_FIRST, min(2, last))


def wants(column: Column, language: Language) -> str:
    """Return what a column asks for, in a few words."""
    if column.code == ITEM:
        return "新增的留空" if language == "zh" else "empty for a new one"
    text = _asked(column, language)
    must = ("必填；" if language == "zh" else "required; ") if column.required else ""
    several = ("，多个用“；”隔开" if language == "zh" else ", several: with ;") if column.many else ""
    helped = column.field.help.say(language) if column.field and column.field.help else ""
    return f"{must}{text}{several}{'。' if helped and language == 'zh' else ' ' if helped else ''}{helped}"


def _asked(column: Column, language: Language) -> str:
    zh = language == "zh"
    if column.choices:
        return "从下拉中选择" if zh else "choose from the list"
    if column.role:
        return _TYPES["organisation"].say(language)
    if column.field is None:
        return "日期或时刻，如 2026-03-05 08:30" if zh else "date or moment, as 2026-03-05 08:30"
    if column.field.type in BYTES:
        return "附件的 SHA-256 摘要" if zh else "SHA-256 of the file"
    if column.as_text:
        return (
            ("按文本填写" if column.field.type == "text" else _TYPES[column.field.type].zh)
            if zh
            else ("as text" if column.field.type == "text" else _TYPES[column.field.type].en)
        )
    known = _TYPES.get(column.field.type)
    limits = _limits(column, language)
    return f"{known.say(language) if known else ('文字' if zh else 'text')}{limits}"


def _limits(column: Column, language: Language) -> str:
    rule = column.field
    if rule is None or rule.many or (rule.at_least is None and rule.at_most is None):
        return ""
    low, high = rule.at_least, rule.at_most
    if low is not None and high is not None:
        return f"，{low} 至 {high}" if language == "zh" else f", {low} to {high}"
    if low is not None:
        return f"，不小于 {low}" if language == "zh" else f", at least {low}"
    return f"，不大于 {high}" if language == "zh" else f", at most {high}"


def _how(book: Book) -> str:
    title = book.title.say(book.language)
    if book.language == "zh":
        return (
            f"{title} · {book.unit} · {book.said} · {INTERNAL.zh}\n"
            "带 * 的列必填。从第 4 行起填写，一行一条；不要改动表头。号码类请保持文本格式。"
            "已带出的行改后即为变更，不改不会重复登记；表里没有的条目不会被删除。"
        )
    return (
        f"{title} · {book.unit} · {book.said} · {INTERNAL.en}\n"
        "Columns with * are required. Fill in from row 4, one item a row; leave the titles as they are and keep "
        "numbers of papers and phones as text. Rows already filled in are changed, never doubled; what is absent is "
        "not deleted."
    )


def _about(book: Book) -> str:
    return f"{book.title.say(book.language)} · {book.unit} · {book.said} · {INTERNAL.say(book.language)}"


def _end(language: Language, code: CheckCode) -> str:
    if language == "zh":
        return f"{END} 共 {code.rows} 行 · 校验码 {code} · {INTERNAL.zh}"
    return f"{END} {code.rows} rows · check code {code} · {INTERNAL.en}"


def _row(sheet: Worksheet, number: int, book: Book, item: Item, looks: Looks) -> list[str]:
    """Write a row and return its cells as text."""
    said = []
    for index, column in enumerate(book.columns):
        value = book.words.cell(column, item)
        said.append(_write(sheet, number, index, value, looks.of(column)))
    return said


def _write(sheet: Worksheet, row: int, column: int, value: str | float | date | datetime, look: Format) -> str:
    if isinstance(value, str):
        if value:
            sheet.write_string(row, column, value, look)
        return value
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, look)
        return value.isoformat()
    sheet.write_number(row, column, value, look)
    return str(value)


def _drop_downs(made: xlsxwriter.Workbook, sheet: Worksheet, book: Book, looks: Looks) -> None:
    offered = [(index, c, _offered(c, book)) for index, c in enumerate(book.columns)]
    offered = [one for one in offered if one[2]]
    if not offered:
        return
    name = CHOICES.say(book.language)
    choices = made.add_worksheet(name)
    for at, (index, column, values) in enumerate(offered):
        choices.write_string(0, at, column.title.say(book.language), looks.head)
        choices.set_column(at, at, 24)
        for number, value in enumerate(values, 1):
            choices.write_string(number, at, value)
        letter = xl_col_to_name(at)
        sheet.data_validation(_FIRST, index, _FIRST + MOST_ROWS - 1, index, _rule(column, book.language) | {
            "validate": "list", "source": f"='{name}'!${letter}$2:${letter}${len(values) + 1}",
        })  # fmt: skip
    choices.protect()


def _offered(column: Column, book: Book) -> Sequence[str]:
    if column.choices:
        return [choice.say(book.language) for choice in column.choices]
    if column.role or (column.field and column.field.type == "organisation"):
        return book.organisations
    return ()


def _rule(column: Column, language: Language) -> dict[str, Any]:
    """Return how strict a drop-down is: several values, and organisations elsewhere, may be written by hand."""
    zh = language == "zh"
    return {
        "show_error": not column.many and not column.role and (column.field is None or bool(column.choices)),
        "error_title": "不在选项中" if zh else "Not one of the choices",
        "error_message": "请从下拉中选择。" if zh else "Please choose from the list.",
    }


def _page(sheet: Worksheet, book: Book) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(_FIRST - 1)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{INTERNAL.say(book.language)}&C&P / &N")
