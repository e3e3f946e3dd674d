"""The columns of a kind's workbook: which there are, what their titles say, how their cells are read and shown.

One declaration serves the empty template, the export, the import and the printed list, so that what goes out comes
back in. Codes of columns: the names of fields; ``#item`` ``#at`` ``#step`` ``#ended`` ``#deadline`` for what the ledger
itself knows; ``@by`` ``@about`` … for the organisations in a role.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from huxue.core.kinds import Field, Kind, fields_of_step
from huxue.core.kinds.readers import Lists
from huxue.core.values import Language, Text

ITEM, AT, STEP, ENDED, DEADLINE = "#item", "#at", "#step", "#ended", "#deadline"
BYTES: Final = ("photo", "file", "signature")  # these travel as files, never through a table
NAMED: Final = ("text", "person", "organisation", "post", "entry")  # types that can tell one entry from another
ROLE: Final = "@"
YES_NO: Final = (Text(zh="是", en="yes"), Text(zh="否", en="no"))
_WHEN: Final = {
    "record": Text(zh="发生时间", en="When it happened"),
    "register": Text(zh="自何时起", en="Since when"),
    "case": Text(zh="发生时间", en="When it happened"),
}
_NUMBERED_ZH: Final = re.compile(r"(号|号码|编号|编码|代码|电话|手机|身份证)(（.*）)?$")
_NUMBERED_EN: Final = re.compile(r"\b(number|phone|code|id|telephone|mobile|licence plate)\b", re.IGNORECASE)
_OTHERWISE: Final = {"at": "记录", "deadline": "当前", "by": "填报", "about": "涉及", "to": "接收", "with": "参加"}
_MARKS: Final = re.compile(r"[*＊]|[(（](必填|required|选填|optional)[)）]", re.IGNORECASE)
_WIDTHS: Final = {"text": 26, "date": 13, "time": 18, "number": 12, "money": 14, "yes_no": 8, "place": 32}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``field`` is ``None`` for what the ledger knows and for roles; ``many``: several values in a cell."""

    code: str
    title: Text
    required: bool = False
    field: Field | None = None
    many: bool = False
    choices: tuple[Text, ...] = ()
    width: int = 18

    @property
    def role(self) -> str:
        """The role whose organisations stand here, ``""`` if none."""
        return self.code[1:] if self.code.startswith(ROLE) else ""

    @property
    def as_text(self) -> bool:
        """Whether a number typed here has lost something: codes, numbers of phones and papers."""
        if self.field is None:
            return self.code == ITEM or bool(self.role)
        if self.field.type == "text":
            return bool(_NUMBERED_ZH.search(self.title.zh) or _NUMBERED_EN.search(self.title.en))
        return self.field.type in NAMED

    def heading(self, language: Language) -> str:
        """Return the title as it stands in a workbook: a star marks what must be given."""
        return f"{self.title.say(language)} *" if self.required else self.title.say(language)


def opening_step(kind: Kind) -> str:
    """Return the step that begins a case of this kind, ``""`` for other shapes."""
    return next((name for name, step in kind.flow.items() if step.opening), "")


def fill_columns(kind: Kind, lists: Lists, *, whole: bool) -> tuple[Column, ...]:
    """Return the columns that somebody fills in. ``whole``: for several organisations, so each row names its own."""
    step = opening_step(kind)
    must = {name for name, field in kind.fields.items() if field.required}
    may = set(kind.fields)
    if step:
        must, may = must | set(kind.flow[step].asks), set(fields_of_step(kind, kind.flow[step]))
    fields = [
        field_column(name, field, lists, required=name in must)
        for name, field in kind.fields.items()
        if name in may and (field.type not in BYTES or name in must)
    ]
    item = [item_column()] if kind.shape == "register" else []
    when = Column(AT, _WHEN[kind.shape], kind.shape != "register")
    return _apart([*item, *_roles(kind, whole=whole), when, *fields])


def list_columns(kind: Kind, lists: Lists) -> tuple[Column, ...]:
    """Return the columns of an export: all that can be filled in, and where a case stands."""
    state = [
        Column(STEP, Text(zh="环节", en="Step")),
        Column(ENDED, Text(zh="办结方式", en="Ended as")),
        Column(DEADLINE, Text(zh="期限", en="Deadline"), width=18),
    ]
    fields = [
        field_column(name, field, lists, required=False)
        for name, field in kind.fields.items()
        if field.type not in BYTES
    ]
    roles = [Column(f"{ROLE}{name}", role.title, many=role.many, width=28) for name, role in kind.roles.items()]
    when = Column(AT, _WHEN[kind.shape])
    return _apart([item_column(), *roles, when, *(state if kind.shape == "case" else []), *fields])


def identity(kind: Kind) -> tuple[str, ...]:
    """Return the fields that tell one entry of an organisation from another: what names it, else all it must say."""
    required = [name for name, field in kind.fields.items() if field.required and field.type not in BYTES]
    named = [name for name in required if kind.fields[name].type in NAMED]
    return tuple(named or required)


def item_column() -> Column:
    """Return the column of the number by which the ledger knows an entry."""
    return Column(ITEM, Text(zh="系统编号（勿改）", en="System number (leave as it is)"), width=20)


def field_column(name: str, field: Field, lists: Lists, *, required: bool) -> Column:
    """Return the column of one field."""
    width = _WIDTHS.get(field.type, 18)
    longest = max(_width(field.title.zh), _width(field.title.en) // 2) + 4
    return Column(
        name, field.title, required, field, field.many, choices_of(field, lists), max(width, min(longest, 40))
    )


def choices_of(field: Field, lists: Lists) -> tuple[Text, ...]:
    """Return what may be chosen, in order; none where anything may be written."""
    if field.type == "yes_no":
        return YES_NO
    return tuple(choice.title for choice in lists.get(field.list, {}).values()) if field.type == "choice" else ()


def by_title(columns: Iterable[Column]) -> Mapping[str, Column]:
    """Return columns by every title they may bear in a workbook: in both languages, and their code."""
    found: dict[str, Column] = {}
    for column in columns:
        for title in (column.code, column.title.zh, column.title.en):
            found.setdefault(plain_title(title), column)
    return found


def plain_title(cell: Any) -> str:
    """Return a title without stars, blanks, case and full-width letters, as two titles are compared."""
    text = _MARKS.sub("", unicodedata.normalize("NFKC", str(cell if cell is not None else "")))
    return "".join(text.split()).casefold()


def _roles(kind: Kind, *, whole: bool) -> list[Column]:
    found = []
    for name, role in kind.roles.items():
        if name == "by" and (not whole or kind.shape == "case"):
            continue  # a step is taken by whoever takes it
        found.append(Column(f"{ROLE}{name}", role.title, role.required, many=role.many, width=28))
    if whole and kind.shape != "case" and "by" not in kind.roles:
        title = Text(zh="填报单位", en="Organisation")
        found.insert(0, Column(f"{ROLE}by", title, required=True, many=False, width=28))
    return found


def _apart(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return columns of which no two bear the same title in a language; fields keep theirs before anything else."""
    taken: set[str] = set()
    titles: dict[str, Text] = {}
    for column in sorted(columns, key=lambda one: one.field is None):
        zh, en = column.title.zh, column.title.en
        name = column.role or column.code.removeprefix("#")
        if plain_title(zh) in taken:
            zh = f"{zh}（{_OTHERWISE.get(name, name)}）"
        if plain_title(en) in taken:
            en = f"{en} ({'now' if column.code == DEADLINE else name})"
        taken |= {plain_title(zh), plain_title(en)}
        titles[column.code] = Text(zh=zh, en=en)
    return tuple(replace(column, title=titles[column.code]) for column in columns)


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)  # noqa: PLR2004 - the first ideographs
