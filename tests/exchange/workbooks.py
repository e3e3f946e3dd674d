"""What the tests of workbooks share: the city's kinds, places, a value of any field, and workbooks as found."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from openpyxl import Workbook

from huxue.core.kinds import Checker, Field, Kind
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, Language
from huxue.exchange.workbook_checking import Checking, Limits
from huxue.exchange.workbook_columns import Column, fill_columns
from huxue.exchange.workbook_places import Place, Places
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book
from huxue.rulebooks import read

NOW = 20_000 * 1440 + 600
SHA = "ab" * 32


@cache
def city() -> Rulebook:
    found, problems = load(read("city"))
    assert found is not None, problems
    return found


@cache
def places() -> tuple[Place, ...]:
    """One organisation of each type within reach, one school outside, one that closed, two of one name."""
    one_each = [Place(code.upper(), f"甲{title.title.zh}", code, inside=True, closed=FAR * 1440)
                for code, title in city().organisation_types.items()]  # fmt: skip
    return (
        *one_each,
        Place("FAR1", "远方学校", "school", inside=False, closed=FAR * 1440),
        Place("SHUT", "撤销学校", "school", inside=True, closed=NOW - 10_000),
        Place("TWIN1", "同名学校", "school", inside=True, closed=FAR * 1440),
        Place("TWIN2", "同名学校", "school", inside=True, closed=FAR * 1440),
    )


@dataclass
class Item:
    """A row to be written."""

    item: str = ""
    at: int = NOW - 2880
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    step: str = ""
    ended_as: str = ""
    deadline: int | None = None


def value(rule: Field) -> Any:
    """A stored value of a field."""
    single = _single(rule)
    return [single] * max(1, 1 if rule.at_least is None else min(1, rule.at_least)) if rule.many else single


FIXED = {
    "yes_no": True, "date": "2024-02-29", "time": "2024-02-29T08:30", "organisation": "SCHOOL", "photo": SHA,
    "place": {"lat": "31.21", "lon": "107.47", "crs": "cgcs2000"}, "post": "SCHOOL/principal", "file": SHA,
    "entry": "0198e10bd9f57218ad76c622c7607e52", "signature": {"person": "张三", "at": NOW - 3000, "sha256": SHA},
    "person": "P1",
}  # fmt: skip


def _single(rule: Field) -> Any:
    low = rule.at_least if rule.at_least is not None and not rule.many else 1
    match rule.type:
        case "text":
            return "甲乙丙-1"[: rule.max_length]
        case "number":
            return low * 10**rule.decimals + (5 if rule.decimals else 0)
        case "money":
            return max(low, 1) * 100 + 25
        case "choice":
            return next(iter(city().lists[rule.list]))
        case _:
            return FIXED[rule.type]


def columns(kind: Kind, *, whole: bool = True) -> tuple[Column, ...]:
    return fill_columns(kind, city().lists, whole=whole)


def filled(kind: Kind) -> Item:
    """An item with a value in every column of its workbook."""
    here = columns(kind)
    fields = {column.code: value(column.field) for column in here if column.field is not None}
    return Item(roles={c.role: (_standing(kind, c.role),) for c in here if c.role}, fields=fields)


def _standing(kind: Kind, role: str) -> str:
    rule = kind.roles.get(role)
    types = (rule.types if rule else ()) or (kind.written_by if role == "by" else ()) or ("school",)
    return types[0].upper()


def book(kind: Kind, language: Language = "zh") -> Book:
    names = labels({place.code: place.name for place in places()})
    return Book(
        kind.title, columns(kind), Words(kind, city().lists, language, names), "甲教育局", "2024-03-01", ["甲学校"]
    )


def checking(kind: Kind, own: str = "") -> Checking:
    limits = Limits(own, NOW, city().posts)
    return Checking(kind, columns(kind, whole=not own), Checker(kind, city().lists), Places.of(places()), limits)


def entries(kinds: Any, codes: Any) -> dict[tuple[str, str, str], str]:
    """Entries that the ledger has: one by its number, one school bus by its plate, two buildings of one name."""
    number = value(Field(type="entry", title={"zh": "", "en": ""}))
    found = {(kind, "", number): number for kind in kinds}
    return found | {("bus", "SCHOOL", "川A12345"): number, ("school-building", "SCHOOL", "教学楼"): ""}


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]], merge: str = "", more: Any = None) -> bytes:
    """An .xlsx of sheets with these rows; ``more`` may do what it likes to the workbook."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    if merge:
        for one in merge.split():
            made.worksheets[0].merge_cells(one)
    if more:
        more(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
