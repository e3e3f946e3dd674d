"""The two workbooks of the first week: the tree of organisations, and the people who hold their posts.

A row is read by the same checkers as every other workbook; what only the whole file knows (a parent that is nowhere, a
circle, a code or a user name twice) is said here, cell by cell. Rows may stand in any order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Checker, Field, FieldType, Kind
from huxue.core.rulebook.model import Choice, Rulebook
from huxue.core.values import Language, Text
from huxue.exchange.workbook_checking import WrongCell
from huxue.exchange.workbook_columns import Column, field_column
from huxue.exchange.workbook_reading import Filled, read_book
from huxue.exchange.workbook_rows import Words
from huxue.exchange.workbooks import Book, template

TYPES, TOPICS, POSTS = "#types", "#topics", "#posts"  # lists made of the rulebook's own names
DEEPEST: Final = 16  # levels of the tree
TRAIT: Final = "trait-"


class Standing(NamedTuple):
    """An organisation that stands already."""

    code: str
    name: str
    type: str
    parent: str


class Row(NamedTuple):
    """A row that could be read: its number in the file, and its values."""

    number: int
    says: dict[str, Any]


@dataclass(slots=True)
class Examined:
    """What a workbook says: the rows to be written, how many stand already, and everything that is wrong."""

    filled: Filled
    rows: list[Row] = field(default_factory=list)
    unchanged: int = 0
    wrong: list[WrongCell] = field(default_factory=list)


def tree_kind(book: Rulebook) -> Kind:
    """Return the fields of the workbook of the tree: a column for each trait of the rulebook comes last."""
    fields = {
        "code": _field(
            "text", "编码", "Code", required=True, max_length=64, help=_text("一经使用不再更改", "never changes")
        ),
        "name": _field("text", "名称", "Name", required=True, max_length=200),
        "type": _field("choice", "类型", "Type", required=True, list=TYPES),
        "parent": _field(
            "text", "上级编码", "Code of the one above", max_length=64, help=_text("最上级留空", "top: blank")
        ),
        "topic": _field("choice", "行业监管事项", "Supervises", list=TOPICS, help=_text("部门填写", "for departments")),
        "area": _field("text", "校历区域", "Area of the calendar", max_length=64),
        "in_use_from": _field("date", "启用日期", "In use from", help=_text("留空为制度首日", "blank: the first day")),
    }
    for name, trait in book.traits.items():
        fields[f"{TRAIT}{name}"] = Field(type=trait.type, title=trait.title, list=trait.list, decimals=trait.decimals)
    return Kind(code="first-tree", shape="record", title=_text("单位", "Organisations"), fields=fields)


def people_kind() -> Kind:
    """Return the fields of the workbook of the people: a row is one post that somebody holds."""
    fields = {
        "person": _field("text", "人员编号", "Number of the person", required=True, max_length=64),
        "name": _field("text", "姓名", "Name", required=True, max_length=100),
        "organisation": _field("text", "单位编码", "Code of the organisation", required=True, max_length=64),
        "post": _field("choice", "岗位", "Post", required=True, list=POSTS),
        "from": _field("date", "任职自", "Since", help=_text("留空为制度首日", "blank: the first day")),
        "username": _field(
            "text", "用户名", "User name", max_length=64, help=_text("留空不开账号", "blank: no account")
        ),
    }
    return Kind(code="first-people", shape="record", title=_text("人员和任职", "People and their posts"), fields=fields)


def lists_of(book: Rulebook) -> dict[str, dict[str, Choice]]:
    """Return the lists of a rulebook, with its types, topics and posts as lists too."""
    types = {code: Choice(title=one.title) for code, one in book.organisation_types.items()}
    topics = {code: Choice(title=_text(one.zh, one.en)) for code, one in book.topics.items()}
    posts = {code: Choice(title=one) for code, one in book.posts.items()}
    return {**book.lists, TYPES: types, TOPICS: topics, POSTS: posts}


def columns(kind: Kind, book: Rulebook) -> tuple[Column, ...]:
    """Return the columns of one of the two workbooks."""
    lists = lists_of(book)
    return tuple(field_column(name, one, lists, required=one.required) for name, one in kind.fields.items())


def empty_book(kind: Kind, book: Rulebook, language: Language, said: str) -> bytes:
    """Return the workbook to fill in."""
    words = Words(kind, lists_of(book), language)
    return template(Book(kind.title, columns(kind, book), words, book.title.say(language), said))


def read(content: bytes, name: str, kind: Kind, book: Rulebook) -> Examined:
    """Return the rows of a workbook with what is wrong in single cells; refuses what cannot be read at all."""
    filled = read_book(content, name, columns(kind, book))
    checker = Checker(kind, lists_of(book))
    found = Examined(filled)
    for number, cells in filled.rows:
        raw = {code: _plain(value) for code, value in filled.raw(cells).items()}
        checked = checker.check(raw)
        found.wrong += [WrongCell(number, m[0], str(raw.get(m[0], "")), m[1], m[2]) for m in checked.mistakes]
        if not checked.mistakes:
            found.rows.append(Row(number, checked.values))
    return found


def examine_tree(content: bytes, name: str, book: Rulebook, standing: Mapping[str, Standing]) -> Examined:
    """Return what the workbook of the tree would add to what stands already."""
    found = read(content, name, tree_kind(book), book)
    _refuse_twice(found, "code", "编码", "code")
    fresh = [row for row in found.rows if row.says["code"] not in standing]
    for row in found.rows:
        if row.says["code"] in standing:
            _known(found, row, standing[row.says["code"]])
    said = {row.says["code"]: row.says.get("parent", "") for row in fresh}
    parents = {**{one.code: one.parent for one in standing.values()}, **said}
    found.wrong += [wrong for row in fresh if (wrong := _misplaced(row, parents))]
    found.rows = _without_wrong(found, fresh)
    return found


def _known(found: Examined, row: Row, one: Standing) -> None:
    """Pass over an organisation that stands as the row says; one that stands otherwise is changed on its page."""
    for name in ("name", "type", "parent"):
        if (said := row.says.get(name, "")) != getattr(one, name):
            zh = f"编码“{one.code}”已有单位“{one.name}”，与此不同；更名、改隶属请到单位页办理，或删去这一行。"
            en = f"{one.code!r} is {one.name} already and differs; rename or move it on its page, or delete this row."
            found.wrong.append(WrongCell(row.number, name, str(said), zh, en))
            return
    found.unchanged += 1


def _misplaced(row: Row, parents: Mapping[str, str]) -> WrongCell | None:
    parent = row.says.get("parent", "")
    if parent and parent not in parents:
        zh = f"表里和系统里都没有编码为“{parent}”的单位；请补上这家单位，或改正编码。"
        en = f"No organisation has the code {parent!r}, neither here nor in the system: add it or mend the code."
        return WrongCell(row.number, "parent", parent, zh, en)
    seen, at = [row.says["code"]], parent
    while at:
        if at in seen:
            zh = f"上下级形成循环：{' → '.join([*seen, at])}；请改正其中一家的上级。"
            en = f"They stand in a circle: {' → '.join([*seen, at])}; mend one of them."
            return WrongCell(row.number, "parent", parent, zh, en)
        seen.append(at)
        at = parents.get(at, "")
    if len(seen) > DEEPEST:
        return WrongCell(row.number, "parent", parent, f"超过 {DEEPEST} 级。", f"More than {DEEPEST} levels.")
    return None


class Known(NamedTuple):
    """What the check of the people needs to know of the system."""

    organisations: Mapping[str, Standing]
    held: frozenset[tuple[str, str, str]]  # (person, organisation, type of post)
    accounts: Mapping[str, str]  # user name → person
    persons: frozenset[str]  # those who have an account


def examine_people(content: bytes, name: str, book: Rulebook, known: Known) -> Examined:
    """Return what the workbook of the people would add to what stands already."""
    found = read(content, name, people_kind(), book)
    fresh = [row for row in found.rows if _key(row) not in known.held]
    found.unchanged = len(found.rows) - len(fresh)
    for row in fresh:
        found.wrong += _unfit(row, book, known)
    found.wrong += [*_named_otherwise(fresh), *_user_names(fresh, known)]
    found.rows = _without_wrong(found, fresh)
    return found


def _key(row: Row) -> tuple[str, str, str]:
    return row.says["person"], row.says["organisation"], row.says["post"]


def _unfit(row: Row, book: Rulebook, known: Known) -> Iterator[WrongCell]:
    code, post = row.says["organisation"], row.says["post"]
    one = known.organisations.get(code)
    if one is None:
        zh = f"没有编码为“{code}”的单位；请先导入单位，或改正编码。"
        en = f"No organisation has the code {code!r}: load the organisations first, or mend the code."
        yield WrongCell(row.number, "organisation", code, zh, en)
        return
    declared = book.organisation_types.get(one.type)
    if declared and post not in declared.posts:
        zh = f"“{declared.title.zh}”没有“{book.posts[post].zh}”这个岗位；请从这类单位的岗位中选择。"
        en = f"A {declared.title.en} has no post called {book.posts[post].en}: choose one of its own."
        yield WrongCell(row.number, "post", book.posts[post].zh, zh, en)


def _named_otherwise(rows: Sequence[Row]) -> Iterator[WrongCell]:
    """Yield rows that call a person by another name, or another user name, than an earlier row does."""
    first: dict[str, Row] = {}
    for row in rows:
        earlier = first.setdefault(row.says["person"], row)
        for name in ("name", "username"):
            said, before = row.says.get(name, ""), earlier.says.get(name, "")
            if said and before and said != before:
                zh = f"第 {earlier.number} 行同一人员编号写的是“{before}”；请改成一致。"
                en = f"Row {earlier.number} says {before!r} of the same person: make them agree."
                yield WrongCell(row.number, name, said, zh, en)


def _user_names(rows: Sequence[Row], known: Known) -> Iterator[WrongCell]:
    owner: dict[str, tuple[str, int]] = {}
    for row in rows:
        said, person = row.says.get("username", "").lower(), row.says["person"]
        if not said:
            continue
        taken = known.accounts.get(said)
        if taken is not None and taken != person:
            zh = f"用户名“{said}”已有人使用；请换一个。"
            yield WrongCell(row.number, "username", said, zh, f"The user name {said!r} is taken: choose another.")
        before, number = owner.setdefault(said, (person, row.number))
        if before != person:
            zh = f"第 {number} 行已用了用户名“{said}”；请换一个。"
            yield WrongCell(row.number, "username", said, zh, f"Row {number} uses {said!r} already: choose another.")


def _refuse_twice(found: Examined, name: str, zh: str, en: str) -> None:
    count = Counter(row.says[name] for row in found.rows)
    first: dict[str, int] = {}
    for row in found.rows:
        code = row.says[name]
        if count[code] > 1 and first.setdefault(code, row.number) != row.number:
            said = f"{zh}“{code}”与第 {first[code]} 行重复；请删去一行或改正。"
            english = f"The {en} {code!r} stands in row {first[code]} too: delete one row or mend it."
            found.wrong.append(WrongCell(row.number, name, code, said, english))


def _without_wrong(found: Examined, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that nothing is wrong with, and put what is wrong into the order of the file."""
    bad = {one.row for one in found.wrong}
    found.wrong.sort(key=lambda one: one.row)
    return [row for row in rows if row.number not in bad]


def _plain(value: Any) -> Any:
    """Return a whole number that a spreadsheet gave as 1.0 as it was typed."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _text(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


def _field(of: FieldType, zh: str, en: str, **more: Any) -> Field:
    return Field(type=of, title=_text(zh, en), **more)
