"""Signals: what a fact can count as. The only generated text of the program is here: two lists of filters.

Reads the frame's tables ``live`` (one row per fact, one column per field that some duty reads), ``credit`` (fact, role,
organisation), ``ent`` (versions of entries), ``trait`` and ``watch``; writes SELECTs for ``deeds``, ``spans``, ``app``
and ``member``. Everything else of the program is fixed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

from huxue.core.duties.history import EVENTS
from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Members, Test, Where
from huxue.core.rulebook.model import Rulebook

ColumnClass = Literal["t", "n", "d", "m", "p", "c"]  # text · number · day · minute · post type · count of a role
_CLASS: dict[str, ColumnClass] = {"number": "n", "money": "n", "yes_no": "n", "date": "d", "time": "d"}
_OPERATORS = {"=": "=", "at_least": ">=", "at_most": "<=", "below": "<", "above": ">"}
FALSE = "1 = 0"
HIDDEN = "-"  # a name that no field can have: nothing is read
_NO_FACT = "CAST(-1 AS BIGINT) AS f"  # a member that follows from the tree or the rulebook alone
_UNSAFE = re.compile(r"[^a-z0-9_]")  # written as its number: two names never share a column


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the frame: its class, and the trait or role it is read from, or for which kinds the field.

    Fields of different kinds share the columns of ``live``: ``place`` is the column's number within its class. So the
    frame stays as narrow as the widest kind, however many duties there are.
    """

    kind: ColumnClass
    name: str
    kinds: tuple[str, ...] = ()
    place: int = -1

    @property
    def sql(self) -> str:
        """The column's name in ``live`` or ``trait``."""
        if self.place >= 0:
            return f"{self.kind}_{self.place}"
        return f"{self.kind}_{_UNSAFE.sub(lambda m: f'_{ord(m[0]):x}_', self.name)}"


def quoted(text: str) -> str:
    """Return a text literal."""
    return "'" + text.replace("'", "''") + "'"


def _later(a: str, b: str) -> str:
    return f"CASE WHEN {a} > {b} THEN {a} ELSE {b} END"


def _earlier(a: str, b: str) -> str:
    return f"CASE WHEN {a} < {b} THEN {a} ELSE {b} END"


def _clip(a: str, b: str) -> str:
    """Return the days that a row of ``a`` and one of ``b`` share, as columns."""
    return f"{_later(f'{a}.lo', f'{b}.lo')} AS lo, {_earlier(f'{a}.hi', f'{b}.hi')} AS hi"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value) if isinstance(value, int) else quoted(str(value))


def where_sql(where: Where, column: Callable[[str], str], *, many: Callable[[str], bool] = lambda _: False) -> str:
    """Return a filter as a condition that is never NULL; ``column`` names the column of a field."""

    def one(part: Test | Where) -> str:
        return where_sql(part, column, many=many) if isinstance(part, Where) else _test_sql(part, column, many=many)

    parts = [one(p) for p in where.all]
    if where.any:
        parts.append("(" + " OR ".join(one(p) for p in where.any) + ")")
    parts += [f"NOT ({one(p)})" for p in where.not_]
    return " AND ".join(parts) if parts else "1 = 1"


def _test_sql(test: Test, column: Callable[[str], str], *, many: Callable[[str], bool]) -> str:
    name = column(test.field)
    wanted = test.value if isinstance(test.value, tuple) else (test.value,)
    if many(test.field):
        likes = " OR ".join(f"{name} LIKE {quoted(chr(37) + chr(34) + str(w) + chr(34) + chr(37))}" for w in wanted)
        return f"({name} IS NOT NULL AND ({likes or FALSE}))"
    if test.op == "in":
        return f"({name} IS NOT NULL AND {name} IN ({', '.join(map(_literal, wanted))}))" if wanted else f"({FALSE})"
    return f"({name} IS NOT NULL AND {name} {_OPERATORS[test.op]} {_literal(test.value)})"


@dataclass(slots=True)
class Signals:
    """Collects the signals of a rulebook, and the columns they read."""

    rulebook: Rulebook
    columns: set[Column] = field(default_factory=set)
    traits: set[Column] = field(default_factory=set)
    deeds: dict[str, int] = field(default_factory=dict)  # SELECT body -> signal
    spans: dict[str, int] = field(default_factory=dict)
    _taken: set[tuple[str, ColumnClass, int]] = field(default_factory=set)  # kind, class, place
    _next: int = 0

    # --- columns -----------------------------------------------------------------------------------------------------

    def _type(self, kinds: tuple[str, ...], name: str) -> tuple[str, bool]:
        for kind in kinds:
            declared = self.rulebook.kinds.get(kind)
            if declared and name in declared.fields:
                return declared.fields[name].type, declared.fields[name].many
        return "text", False

    def _personal(self, kind: str, name: str) -> bool:
        declared = self.rulebook.kinds.get(kind)
        return declared is not None and name in declared.fields and declared.fields[name].personal

    def column(self, kinds: tuple[str, ...], name: str, kind: ColumnClass | None = None) -> str:
        """Return the name of the ``live`` column of a field of these kinds, and note that it is needed.

        A personal field reads as empty: duties do not see what can be erased.
        """
        if name == "by_post":
            return "f.by_post"
        declared = any(k in self.rulebook.kinds and name in self.rulebook.kinds[k].fields for k in kinds)
        if name.startswith("number_of_") and not declared:
            col = Column("c", name.removeprefix("number_of_"))
        elif name.endswith("_post") and not declared:
            col = self._placed("p", name.removesuffix("_post"), kinds)
        else:
            shown = HIDDEN if any(self._personal(code, name) for code in kinds) else name
            col = self._placed(kind or _CLASS.get(self._type(kinds, name)[0], "t"), shown, kinds)
        self.columns.add(col)
        return f"f.{col.sql}"

    def _placed(self, kind: ColumnClass, name: str, kinds: tuple[str, ...]) -> Column:
        """Return the column of a field, in the first place of its class that is free for all of its kinds."""
        for col in self.columns:
            if (col.kind, col.name, col.kinds) == (kind, name, kinds):
                return col
        place = next(n for n in count() if not any((code, kind, n) in self._taken for code in kinds))
        self._taken |= {(code, kind, place) for code in kinds}
        return Column(kind, name, kinds, place)

    def trait(self, name: str) -> str:
        """Return the name of the ``trait`` column of a trait."""
        declared = self.rulebook.traits.get(name)
        col = Column(_CLASS.get(declared.type, "t") if declared else "t", name)
        self.traits.add(col)
        return f"t.{col.sql}"

    def _kinds(self, deed: Deed) -> tuple[str, ...]:
        if deed.record:
            return (deed.record.partition(".")[0],)
        if deed.case:
            return (deed.case,)
        return tuple(k.code for k in self.rulebook.kinds.values() if set(deed.step) & set(k.flow))

    def _where(self, where: Where, kinds: tuple[str, ...]) -> str:
        return where_sql(where, lambda n: self.column(kinds, n), many=lambda n: self._type(kinds, n)[1])

    # --- deeds -------------------------------------------------------------------------------------------------------

    def deed(
        self,
        deed: Deed,
        *,
        key: str = "''",
        amount: str = "1",
        day: str = "f.day",
        join: str = "",
        made_good: bool = False,
        verified: bool = False,
    ) -> int:
        """Return the signal of a deed: one row for each live fact and each organisation it credits in the role."""
        kinds = self._kinds(deed)
        where = [f"c.role = {quoted(deed.as_)}", self._source(deed), self._where(deed.where, kinds)]
        if verified:
            where.append("f.ver = 1")
        makeup = "f.makeup" if made_good else "0"  # the mark means something only where a duty allows making good
        body = (
            f"c.o, f.f, {day} AS day, f.day AS at_day, f.at_min, {makeup} AS makeup, f.rday, "
            f"{key} AS k, {amount} AS amount, f.ver "
            f"FROM live f JOIN credit c ON c.f = f.f{join} WHERE {' AND '.join(where)}"
        )
        return self._add(self.deeds, body)

    @staticmethod
    def _source(deed: Deed) -> str:
        if deed.step:
            steps = ", ".join(map(quoted, deed.step))
            kind = f" AND f.kind = {quoted(deed.case)}" if deed.case else ""
            return f"f.verb = 'step' AND f.step IN ({steps}){kind}"
        kind, _, event = deed.record.partition(".")
        return f"f.kind = {quoted(kind)} AND f.verb = {quoted(EVENTS[event] if event else 'record')}"

    def amount(self, deed: Deed, name: str) -> str:
        """Return the amount a deed counts for: 1, or the sum field."""
        return f"coalesce({self.column(self._kinds(deed), name, 'n')}, 0)" if name else "1"

    def text(self, deed: Deed, name: str) -> str:
        """Return the text of a field, for distinct values and shared fields."""
        return f"CAST({self.column(self._kinds(deed), name)} AS VARCHAR)"

    def day(self, deed: Deed, dated_by: str) -> str:
        """Return the day a deed counts by."""
        return self.column(self._kinds(deed), dated_by, "d") if dated_by else "f.day"

    def minute(self, deed: Deed, name: str) -> str:
        """Return the deadline a deed carries, in minutes: the step's own, or that of a date or time field."""
        own = self.column(self._kinds(deed), name, "m")
        return f"coalesce(f.deadline, {own})" if name == "deadline" else own

    def member_key(self, shape: Cover, kind: str) -> tuple[str, str]:
        """Return (key expression, join) by which a deed or entry version ``f`` names its member."""
        key = shape.named_by
        if key == "post":
            return ("f.holding" if shape.members.holdings else "f.post"), ""
        if key == "reference":
            return "f.ref", ""
        declared = self.rulebook.kinds.get(kind)
        if declared is not None and key in declared.fields:
            name = self.column((kind,), key, "t" if declared.fields[key].type == "organisation" else None)
            if declared.fields[key].type == "organisation":
                return "CAST(m.o AS VARCHAR)", f" JOIN org m ON m.code = {name}"
            return f"CAST({name} AS VARCHAR)", ""
        return "CAST(m.o AS VARCHAR)", f" JOIN credit m ON m.f = f.f AND m.role = {quoted(key)}"

    def tally(self, deed: Deed | None, entry: Entry | None, *, sum_: str, key: tuple[str, ...]) -> int:
        """Return the signal of something counted beside the duties; a field left empty has no amount and no key."""
        if deed is None:
            if entry is None:
                raise ValueError(sum_)
            return self.entry(entry, None, sum_=sum_)
        fields = [self.text(deed, name) for name in key]
        amount = self.column(self._kinds(deed), sum_, "n") if sum_ else "1"
        return self.deed(deed, key=f" || {quoted(chr(31))} || ".join(fields) if fields else "''", amount=amount)

    def _add(self, into: dict[str, int], body: str) -> int:
        if body not in into:
            into[body] = self._next
            self._next += 1
        return into[body]

    # --- spans -----------------------------------------------------------------------------------------------------

    def entry(
        self,
        entry: Entry,
        duty: Duty | None,
        *,
        key: str = "''",
        join: str = "",
        good: Where | None = None,
        until: str = "",
        sum_: str = "",
    ) -> int:
        """Return the signal of an entry: one row for each version and each organisation it concerns.

        ``good`` 0 marks a version that does not hold what it must; ``till`` is the day it is valid until.
        """
        kinds = (entry.entry,)
        amount = f"coalesce({self.column(kinds, sum_, 'n')}, 0)" if sum_ else "1"
        flag = f"CASE WHEN {self._where(good, kinds)} THEN 1 ELSE 0 END" if good is not None else "1"
        till = f"coalesce({self.column(kinds, until, 'd')}, e.lo - 1)" if until else "10000000"
        owner = "JOIN credit c ON c.f = f.f AND c.role = 'by'"
        org, lo, hi, more = "c.o", "e.lo", "e.hi", ""
        if entry.as_ == "supervised":
            topic = quoted(duty.owed_by.topic if duty else "")
            more = f" JOIN watch w ON w.member = c.o AND w.topic = {topic} AND w.lo <= e.hi AND w.hi >= e.lo"
            org, lo, hi = "w.o", _later("w.lo", "e.lo"), _earlier("w.hi", "e.hi")
        body = (
            f"{org} AS o, f.f, e.item, {lo} AS lo, {hi} AS hi, "
            f"{key} AS k, {amount} AS amount, {flag} AS good, {till} AS till "
            f"FROM ent e JOIN live f ON f.f = e.f {owner}{more}{join} "
            f"WHERE e.kind = {quoted(entry.entry)} AND {self._where(entry.where, kinds)}"
        )
        return self._add(self.spans, body)

    # --- who bears, who is a member ----------------------------------------------------------------------------------

    def app(self, number: int, duty: Duty) -> str:
        """Return the SELECT of who bears a duty, and when."""
        owed = duty.owed_by
        types = ", ".join(map(quoted, owed.type))
        where = f"t.type IN ({types}) AND {where_sql(owed.where, self.trait)}"
        if not owed.topic:
            return f"SELECT t.o, {number} AS duty, t.lo, t.hi FROM trait t WHERE {where}"
        return (
            f"SELECT t.o, {number} AS duty, {_clip('w', 't')} FROM trait t "
            f"JOIN topic w ON w.o = t.o AND w.topic = {quoted(owed.topic)} AND w.lo <= t.hi AND w.hi >= t.lo "
            f"WHERE {where}"
        )

    def member(self, number: int, m: Members) -> str:
        """Return the SELECT of the members of a cover duty; organisation -1 stands for every bearer.

        ``f``: the fact that it follows from, -1 where the tree or the rulebook alone says so.
        """
        head = f"SELECT {number} AS duty, "
        if m.children or m.supervised:
            return head + self._organisation_member(m)
        if m.posts or m.holdings:
            return head + self._post_member(m)
        if m.entries or m.through:
            return head + self._entry_member(m)
        codes = " UNION ALL ".join(f"SELECT {quoted(c)} AS k" for c in m.codes)
        return f"{head}-1 AS o, x.k, -10000000 AS lo, 10000000 AS hi, {_NO_FACT} FROM ({codes}) x"

    def _organisation_member(self, m: Members) -> str:
        types = ", ".join(map(quoted, m.children or m.type))
        if m.children:
            above, source = "x.above", "closure x JOIN trait t ON t.o = x.o"
        else:
            above, source = "x.o", f"watch x JOIN trait t ON t.o = x.member AND x.topic = {quoted(m.supervised)}"
        return (
            f"{above} AS o, CAST(t.o AS VARCHAR) AS k, {_clip('x', 't')}, {_NO_FACT} "
            f"FROM {source} AND x.lo <= t.hi AND x.hi >= t.lo "
            f"WHERE t.type IN ({types}) AND {where_sql(m.where, self.trait)}"
        )

    def _entry_member(self, m: Members) -> str:
        kinds = (m.entries or m.through,)
        k = "e.item" if m.entries else "CAST(x.o AS VARCHAR)"
        join = "" if m.entries else f" JOIN org x ON x.code = {self.column(kinds, m.field, 't')}"
        return (
            f"c.o, {k} AS k, e.lo, e.hi, f.f FROM ent e JOIN live f ON f.f = e.f "
            f"JOIN credit c ON c.f = f.f AND c.role = 'by'{join} "
            f"WHERE e.kind = {quoted(kinds[0])} AND {self._where(m.where, kinds)}"
        )

    @staticmethod
    def _post_member(m: Members) -> str:
        types = m.posts or m.holdings
        where = "1 = 1" if "*" in types else f"p.type IN ({', '.join(map(quoted, types))})"
        if m.posts:
            return f"p.o, p.code AS k, p.lo, p.hi, p.f FROM post p WHERE {where}"
        return (
            f"p.o, h.item AS k, {_clip('h', 'p')}, h.f "
            f"FROM post p JOIN holding h ON h.post = p.code AND h.lo <= p.hi AND h.hi >= p.lo WHERE {where}"
        )
