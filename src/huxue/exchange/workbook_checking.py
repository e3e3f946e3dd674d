"""Every row of a workbook that somebody filled in: what it says, or all that is wrong with it, cell by cell.

Values in, values out. A row is one item: a new entry, a change of one, a record, the opening of a case. What only the
ledger knows (whether an entry is there already) is asked afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from json import dumps
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Checker, Kind
from huxue.core.kinds.times import read_date, read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.values import MINUTES_A_DAY, Text, date_of, day_of, minute_of, moment_of
from huxue.exchange.workbook_columns import AT, ITEM, ROLE, Column, identity, opening_step
from huxue.exchange.workbook_places import Place, Places, split
from huxue.exchange.workbook_reading import Filled

_SERIAL: Final = (20_000, 80_000)  # 1954 to 2119: days as a spreadsheet counts them, from the end of 1899
_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zones
_BROKEN: Final = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_SHOWN: Final = 60


class WrongCell(NamedTuple):
    """One thing wrong: the row as a spreadsheet numbers it, the column's code (``""``: the row), what stands there."""

    row: int
    code: str
    value: str
    zh: str
    en: str


@dataclass(slots=True)
class Said:
    """What a row says. ``item``: the number of an entry that is meant; ``at``: ``None`` where the row leaves it open.

    ``blank``: columns of the file that the row leaves empty.
    """

    row: int
    item: str
    at: int | None
    roles: dict[str, tuple[str, ...]]
    fields: dict[str, Any]
    blank: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """Who writes, and when: ``own`` is the organisation meant where a row names none (``""``: it must)."""

    own: str
    now: int
    posts: Mapping[str, Text]  # types of posts and their titles


Entries = Mapping[tuple[str, str, str], str]
"""(kind, organisation or "", name or number of an entry) → its number; "" where two bear the name."""


@dataclass(slots=True)
class Checking:
    """The checks of one kind over one file. ``wrong`` fills up; a row that is in it is not among what is said."""

    kind: Kind
    columns: Sequence[Column]
    checker: Checker
    places: Places
    limits: Limits
    wrong: list[WrongCell] = field(default_factory=list)

    def check(self, filled: Filled, entries_of: Callable[[Iterable[str], Iterable[str]], Entries]) -> list[Said]:
        """Return what the right rows say. ``entries_of(kinds, organisations)`` tells the entries that fields name."""
        here = [column for column in self.columns if column.code in filled.places]
        roles = [self._roles(number, filled.raw(cells), here) for number, cells in filled.rows]
        entries: Entries = {}
        kinds = {c.field.kind for c in here if c.field is not None and c.field.type == "entry"}
        if kinds:
            entries = entries_of(kinds, {code for one in roles for codes in one.values() for code in codes})
        found = []
        for (number, cells), credited in zip(filled.rows, roles, strict=True):
            said = self._row(number, filled.raw(cells), here, credited, entries)
            found.append(said)
        bad = {one.row for one in self.wrong}
        return self._single([said for said in found if said.row not in bad])

    # --- organisations ---------------------------------------------------------------------------------------------

    def _roles(self, row: int, raw: Mapping[str, Any], here: Sequence[Column]) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for column in here:
            if not column.role:
                continue
            try:
                codes = self._codes(column, raw[column.code])
            except Wrong as wrong:
                self._note(row, column.code, raw[column.code], wrong.zh, wrong.en)
                found[column.role] = ()
            else:
                if codes:
                    found[column.role] = codes
                elif column.required:
                    self._note(row, column.code, "", f"{column.title.zh}必填", f"{column.title.en} is required")
        if "by" not in found and self.limits.own:
            found["by"] = (self.limits.own,)
            self._try(row, "", self._written, self.places.places[self.limits.own], "by")
        return found

    def _codes(self, column: Column, raw: Any) -> tuple[str, ...]:
        _refuse_number(column, raw)
        codes: list[str] = []
        for place in self.places.find_all("" if raw is None else str(raw), many=column.many):
            self._written(place, column.role)
            if place.code not in codes:
                codes.append(place.code)
        return tuple(codes)

    def _written(self, place: Place, role: str) -> None:
        """Refuse an organisation that cannot stand in a role here: out of reach, or of a wrong type."""
        if role in ("by", "about") and not place.inside:
            raise Wrong(
                f"“{place.name}”不在您的管理范围内，请删去这一行",
                f"'{place.name}' is not within your reach; delete this row",
            )
        rule = self.kind.roles.get(role)
        types = (rule.types if rule else ()) or (self.kind.written_by if role == "by" else ())
        if types and place.type not in types:
            said = (rule.title.zh, rule.title.en) if rule else ("填报单位", "organisation")
            raise Wrong(
                f"“{place.name}”不能作为{said[0]}，请改填", f"'{place.name}' cannot stand as {said[1]}; change it"
            )

    # --- a row -----------------------------------------------------------------------------------------------------

    def _row(
        self, row: int, raw: Mapping[str, Any], here: Sequence[Column], roles: dict[str, tuple[str, ...]],
        entries: Entries,
    ) -> Said:  # fmt: skip
        typed: dict[str, Any] = {}
        blank = []
        for column in here:
            if column.field is None:
                continue
            value = raw[column.code]
            if value in ("", None) or not str(value).strip():
                blank.append(column.code)
                continue
            try:
                typed[column.code] = self._value(column, value, roles, entries)
            except Wrong as wrong:
                self._note(row, column.code, value, wrong.zh, wrong.en)
        self._fields(row, typed, raw)
        at = self._at(row, raw)
        self._standing(row, at, roles)
        item = raw.get(ITEM)
        return Said(row, "" if item is None else str(item).strip(), at, roles, typed, frozenset(blank))

    def _fields(self, row: int, typed: dict[str, Any], raw: Mapping[str, Any]) -> None:
        """Put what is stored in the place of what was typed, and note what cannot be."""
        noted = {one.code for one in self.wrong[-len(raw) :] if one.row == row}
        checked = self.checker.check(typed, step=opening_step(self.kind))
        for mistake in checked.mistakes:
            if mistake.field not in noted and not self._kept(mistake.field, raw):
                value = raw.get(mistake.field)
                title = self.kind.fields[mistake.field].title if mistake.field in self.kind.fields else None
                blank = value in ("", None)
                zh = f"{title.zh}{mistake.zh}" if title and blank else mistake.zh
                en = f"{title.en} {mistake.en}" if title and blank else mistake.en
                self._note(row, mistake.field, value, zh, en)
        typed.clear()
        typed.update(checked.values)

    def _kept(self, name: str, raw: Mapping[str, Any]) -> bool:
        """Whether an empty cell leaves what stands: a personal value of an entry that was handed out without it."""
        rule = self.kind.fields.get(name)
        return rule is not None and rule.personal and raw.get(name) in ("", None) and bool(raw.get(ITEM))

    def _value(self, column: Column, raw: Any, roles: Mapping[str, tuple[str, ...]], entries: Entries) -> Any:
        rule = column.field
        assert rule is not None  # noqa: S101 - asked only for fields
        if raw in _BROKEN:
            raise Wrong("公式出错，请改成实际的值", "the formula failed; write the value itself")
        _refuse_number(column, raw)
        if rule.type in ("date", "time") and type(raw) in (int, float):
            return _serial(raw)
        if rule.type == "organisation":
            named = [place.code for place in self.places.find_all(str(raw), many=rule.many)]
            return named if rule.many else named[0]
        if rule.type == "entry":
            found = [self._entry(rule.kind, said, roles, entries) for said in _parts(raw, many=rule.many)]
            return found if rule.many else found[0]
        if rule.type == "post":
            found = [self._post(said, roles) for said in _parts(raw, many=rule.many)]
            return found if rule.many else found[0]
        return raw

    def _entry(self, kind: str, said: str, roles: Mapping[str, tuple[str, ...]], entries: Entries) -> str:
        known = [
            entries[key]
            for code in ("", *(c for r in roles.values() for c in r))
            if (key := (kind, code, said)) in entries
        ]
        if not known:
            raise Wrong(
                f"台账中没有“{said}”，请先登记该条目，或填它的系统编号",
                f"there is no entry '{said}'; register it first, or write its system number",
            )
        if "" in known or len(set(known)) > 1:
            raise Wrong(
                f"“{said}”有几个同名条目，请填系统编号", f"several entries are called '{said}'; write the number"
            )
        return known[0]

    def _post(self, said: str, roles: Mapping[str, tuple[str, ...]]) -> str:
        if "/" in said:
            return said
        for code, title in self.limits.posts.items():
            if said in (code, title.zh, title.en) and roles.get("by"):
                return f"{roles['by'][0]}/{code}"
        raise Wrong(
            f"“{said}”不是岗位，请写岗位名称（如 校长）或岗位编码", f"'{said}' is no post; write its title or its code"
        )

    def _at(self, row: int, raw: Mapping[str, Any]) -> int | None:
        value = raw.get(AT)
        if value in ("", None) or not str(value).strip():
            column = next((one for one in self.columns if one.code == AT), None)
            if column is not None and column.required:
                self._note(row, AT, "", f"{column.title.zh}必填", f"{column.title.en} is required")
            return None
        try:
            at = _moment(value)
        except Wrong as wrong:
            self._note(row, AT, value, wrong.zh, wrong.en)
            return None
        if at > self.limits.now + MINUTES_A_DAY:
            self._note(row, AT, value, "时间晚于现在，请核对年份", "this lies in the future; look at the year")
        return at

    def _standing(self, row: int, at: int | None, roles: Mapping[str, Iterable[str]]) -> None:
        moment = self.limits.now if at is None else at
        for role, codes in roles.items():
            for code in codes:
                place = self.places.places[code]
                if place.closed <= moment:
                    day = moment_of(place.closed).date()
                    self._note(
                        row, f"{ROLE}{role}", place.name, f"“{place.name}”已于 {day} 撤销，时间应早于此日",
                        f"'{place.name}' closed on {day}; the time must lie before",
                    )  # fmt: skip

    # --- rows together ---------------------------------------------------------------------------------------------

    def _single(self, said: Sequence[Said]) -> list[Said]:
        """Leave out a row that says the same as one above it, or means the same entry."""
        first: dict[Any, int] = {}
        found = []
        for one in said:
            before = first.setdefault(self.key(one), one.row)
            if before == one.row:
                found.append(one)
                continue
            zh, en = f"与第 {before} 行重复，请删去一行", f"the same as row {before}; delete one of them"
            if self.kind.shape == "register" and not one.item:
                zh += "；若确是两个，请填能区分它们的编号"
                en += ", or give a number that tells them apart"
            self._note(one.row, "", "", zh, en)
        return found

    def key(self, said: Said) -> Any:
        """Return what tells a row from others: its entry, what names it, or for a deed all it says."""
        if self.kind.shape != "register":
            return dumps([said.at, said.roles, said.fields], sort_keys=True, ensure_ascii=False)
        if said.item:
            return said.item
        return (said.roles.get("by"), named(self.kind, said.fields), numbered(self.columns, said.fields))

    def note(self, row: int, code: str, value: Any, zh: str, en: str) -> None:
        """Say that something else is wrong with a row, as the ledger sees it."""
        self._note(row, code, value, zh, en)

    def _note(self, row: int, code: str, value: Any, zh: str, en: str) -> None:
        whole = type(value) is float and value.is_integer()  # a spreadsheet has no whole numbers
        shown = "" if value is None else str(int(value) if whole else value)[:_SHOWN]
        self.wrong.append(WrongCell(row, code, shown, zh, en))

    def _try(self, row: int, code: str, check: Callable[[Place, str], None], place: Place, role: str) -> None:
        try:
            check(place, role)
        except Wrong as wrong:
            self._note(row, code, "", wrong.zh, wrong.en)


def named(kind: Kind, fields: Mapping[str, Any]) -> str:
    """Return what names an entry, as text that can be compared."""
    return dumps([fields.get(name) for name in identity(kind)], sort_keys=True, ensure_ascii=False)


def numbered(columns: Iterable[Column], fields: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Return the numbers of papers, plates and phones that an entry bears."""
    marks = (one for one in columns if one.field is not None and one.field.type == "text" and one.as_text)
    return tuple((one.code, fields[one.code]) for one in marks if fields.get(one.code))


def _refuse_number(column: Column, raw: Any) -> None:
    if column.as_text and type(raw) in (int, float):
        raise Wrong(
            "按数字保存，开头的 0 和 15 位以后的数字会丢失；请把这一列设为“文本”后重填",
            "kept as a number, which loses zeros in front and digits after the 15th; make the column text and write it "
            "again",
        )


def _parts(raw: Any, *, many: bool) -> list[str]:
    return split(str(raw), "；;\n、，," if many else "")


def _serial(raw: float) -> datetime:
    """Return the moment of a day as a spreadsheet counts it, to the minute."""
    if not _SERIAL[0] <= raw <= _SERIAL[1]:
        raise Wrong(f"“{raw:g}”不是日期，请写成 2026-03-05", f"'{raw:g}' is not a date, write 2026-03-05")
    return _ZERO + timedelta(minutes=round(raw * MINUTES_A_DAY))


def _moment(raw: Any) -> int:
    """Return the minute of a date or moment; a date alone begins at midnight."""
    if type(raw) in (int, float):
        raw = _serial(raw)
    if isinstance(raw, datetime):
        return minute_of(datetime.fromisoformat(read_time(raw)))
    if isinstance(raw, date):
        return day_of(date.fromisoformat(read_date(raw))) * MINUTES_A_DAY
    text = str(raw).strip()
    if ":" in text or "：" in text:
        return minute_of(datetime.fromisoformat(read_time(text)))
    return day_of(date.fromisoformat(read_date(text))) * MINUTES_A_DAY


__all__ = ["Checking", "Entries", "Limits", "Said", "WrongCell", "date_of", "named", "numbered"]
