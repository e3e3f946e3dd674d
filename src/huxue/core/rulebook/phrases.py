"""Phrases of a duty, read from YAML: filters, deeds, entries, spans of time, periods, shares, members, values.

Each function returns ``None`` after saying what is wrong; the duty is built only when nothing was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.duties.shapes import CIVIL, OF_CALENDAR, Deed, Due, Entry, Operator, Span, Test, Where
from huxue.core.kinds import Kind
from huxue.core.rulebook.findings import Findings, Place
from huxue.core.rulebook.literals import MEASURED, is_month_day, literal, per_mille
from huxue.core.rulebook.names import Names, Scope
from huxue.core.rulebook.nodes import Map, Seq

OPERATORS: tuple[Operator, ...] = ("in", "at_least", "at_most", "below", "above")
ROLES = ("by", "with", "about", "to")
SPANS = ("hours", "days", "workdays", "school_days", "field")
DUES = ("days", "workdays", "days_after_start", "days after start", "date")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Reads phrases against the names that exist; problems go to ``found``."""

    names: Names
    found: Findings
    rank: int = 0  # number of the layer that is read: names of its own and lower layers come first

    # --- filters ---------------------------------------------------------------------------------------------------

    def where(self, value: Any, scope: Scope, place: Place) -> Where:
        """Read a filter: ``{field: literal}``, ``{field: {at_least: n}}``, ``all``, ``any``, ``not``."""
        if value is None:
            return Where()
        node = self.found.map(value, place, ("条件", "a filter"))
        if node is None:
            return Where()
        every: list[Test | Where] = []
        some: list[Test | Where] = []
        none: list[Test | Where] = []
        for key in node:
            if key == "all":
                every += self._parts(node, key, scope)
            elif key == "any":
                some += self._parts(node, key, scope)
            elif key == "not":
                none += self._parts(node, key, scope)
            else:
                every += self._tests(key, node[key], scope, node.place(key))
        return Where(all=tuple(every), any=tuple(some), not_=tuple(none))

    def _parts(self, node: Map, key: str, scope: Scope) -> list[Test | Where]:
        value = node[key]
        rows = value if isinstance(value, Seq) else [value]
        if isinstance(value, Seq) and not value:
            self.found.add(node.place(key), f"“{key}”不能为空", f"'{key}' must not be empty")
        places = [value.place(i) for i in range(len(value))] if isinstance(value, Seq) else [node.place(key)]
        return [_single(self.where(row, scope, place)) for row, place in zip(rows, places, strict=True)]

    def _tests(self, name: str, value: Any, scope: Scope, place: Place) -> list[Test | Where]:
        declared = scope.get(name)
        if declared is None:
            self.found.unknown(place, ("字段", "field"), name, scope)
            return []
        if isinstance(value, Seq):
            return self._test(name, "in", value, scope, place)
        if not isinstance(value, Map):
            return self._test(name, "=", value, scope, place)
        self.found.keys(value, OPERATORS)
        if not value:
            self.found.add(place, f"“{name}”缺少条件", f"'{name}' needs a condition")
        return [t for op in OPERATORS if op in value for t in self._test(name, op, value[op], scope, value.place(op))]

    def _test(self, name: str, op: Operator, value: Any, scope: Scope, place: Place) -> list[Test | Where]:
        declared = scope[name]
        if op in ("at_least", "at_most", "below", "above") and (declared.type not in MEASURED or declared.many):
            self.found.add(place, f"“{name}”没有大小，不能用 {op}", f"'{name}' has no size, so {op} means nothing")
            return []
        if op != "in":
            said = literal(value, declared, self.names, place, self.found)
            return [] if said is None else [Test(field=name, op=op, value=said)]
        rows = self.found.seq(value, place, ("“in”", "'in'"))
        if not rows:
            if rows is not None:
                self.found.add(place, "“in”不能为空", "'in' must not be empty")
            return []
        many = [literal(row, declared, self.names, rows.place(i), self.found) for i, row in enumerate(rows)]
        return [Test(field=name, op="in", value=tuple(m for m in many if m is not None))]

    # --- deeds and entries -----------------------------------------------------------------------------------------

    def deed(self, value: Any, place: Place) -> Deed | None:
        """Read ``{record: kind | case, step: [names], as: role, where: {…}}``."""
        node = self.found.map(value, place, ("行为", "a deed"))
        if node is None:
            return None
        self.found.keys(node, ("record", "case", "step", "as", "where"))
        if ("record" in node) == ("step" in node):
            self.found.add(node.place(), "行为应写 record 或 step 之一", "a deed says either record or step")
            return None
        kind, steps = self._source(node)
        if kind is None:
            return None
        role = self._role(node, kind)
        where = self.where(node.get("where"), self.names.scope(kind), node.place("where"))
        record = str(node["record"]) if "record" in node else ""
        return Deed.model_validate(
            {"record": record, "case": kind.code if steps else "", "step": steps, "as": role, "where": where}
        )

    def kind_of(self, deed: Deed) -> Kind:
        """Return the kind behind a deed that was read."""
        kind = self.names.kind(deed.case) if deed.step else self.names.source_kind(deed.record)
        assert kind is not None  # noqa: S101 - it was there when the deed was read
        return kind

    def _source(self, node: Map) -> tuple[Kind | None, tuple[str, ...]]:
        if "record" in node:
            if "case" in node:
                self.found.add(node.place("case"), "case 只与 step 同用", "case goes with step only")
            kind = self.names.source_kind(str(node["record"]))
            if kind is None:
                known = [*self.names.of_shape("record"), *self.names.events()]
                self.found.unknown(node.place("record"), ("记录类型", "record kind"), node["record"], known)
            return kind, ()
        steps = self.words(node, "step")
        return (self._case(node, steps) if steps else None), steps

    def _case(self, node: Map, steps: tuple[str, ...]) -> Kind | None:
        cases = [kind for kind in self.names.kinds.values() if kind.shape == "case"]
        place = node.place("step")
        if "case" in node:
            cases = [kind for kind in cases if kind.code == node["case"]]
            if not cases:
                self.found.unknown(
                    node.place("case"), ("事项类型", "case kind"), node["case"], self.names.of_shape("case")
                )
                return None
        fitting = [kind for kind in cases if steps and set(steps) <= set(kind.flow)]
        if len(fitting) > 1:  # a kind added by a later layer makes nothing ambiguous below it
            fitting = [kind for kind in fitting if self.names.rank.get(kind.code, 0) <= self.rank] or fitting
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            codes = ", ".join(kind.code for kind in fitting)
            self.found.add(
                place,
                f"几种事项都有这个环节（{codes}），请写 case:",
                f"several case kinds have this step ({codes}): say case:",
            )
            return None
        known = sorted({step for kind in cases for step in kind.flow})
        unknown = [step for step in steps if step not in known]
        for step in unknown:
            self.found.unknown(place, ("环节", "step"), step, known)
        if not unknown:
            self.found.add(place, "这些环节不属于同一种事项", "these steps do not belong to one case kind")
        return None

    def _role(self, node: Map, kind: Kind) -> str:
        role = str(node.get("as", "by"))
        if role not in (*ROLES, *kind.roles):
            self.found.unknown(node.place("as"), ("角色", "role"), role, (*ROLES, *kind.roles))
        return role

    def entry(self, value: Any, place: Place) -> Entry | None:
        """Read ``{entry: kind, as: by | supervised, where: {…}}``."""
        node = self.found.map(value, place, ("条目", "an entry"))
        if node is None:
            return None
        self.found.keys(node, ("entry", "as", "where"))
        kind = self.register(node, "entry")
        if node.get("as", "by") not in ("by", "supervised"):
            self.found.unknown(node.place("as"), ("条目角色", "role of an entry"), node["as"], ("by", "supervised"))
            return None
        if kind is None:
            return None
        where = self.where(node.get("where"), self.names.scope(kind), node.place("where"))
        return Entry.model_validate({"entry": kind.code, "as": node.get("as", "by"), "where": where})

    def register(self, node: Map, key: str) -> Kind | None:
        """Return the register kind that a key names."""
        kind = self.names.kind(str(node.get(key)))
        if kind is None or kind.shape != "register":
            self.found.unknown(
                node.place(key), ("台账类型", "register kind"), node.get(key), self.names.of_shape("register")
            )
            return None
        return kind

    # --- words and numbers -----------------------------------------------------------------------------------------

    def words(
        self, node: Map, key: str, known: Sequence[str] | None = None, what: tuple[str, str] = ("", "")
    ) -> tuple[str, ...]:
        """Return one word or a list of them; each must be among ``known`` where that is given."""
        value = node.get(key)
        rows = list(value) if isinstance(value, Seq) else [] if value is None else [value]
        if not rows or any(not isinstance(row, str | int) or isinstance(row, bool) for row in rows):
            self.found.add(node.place(key), f"“{key}”应为名称", f"'{key}' must be a name or a list of names")
            return ()
        for index, row in enumerate(rows):
            if known is not None and str(row) not in known:
                place = value.place(index) if isinstance(value, Seq) else node.place(key)
                self.found.unknown(place, what, row, known)
        return tuple(str(row) for row in rows)

    def whole(self, node: Map, key: str, default: int, *, lowest: int = 0) -> int:
        """Return a whole number not below ``lowest``."""
        value = node.get(key, default)
        if type(value) is not int or (key in node and value < lowest):
            self.found.add(
                node.place(key),
                f"“{key}”应为不小于 {lowest} 的整数",
                f"'{key}' must be a whole number of at least {lowest}",
            )
            return default
        return int(value)

    def yes(self, node: Map, key: str) -> bool:
        """Return a yes or no, no by default."""
        value = node.get(key, False)
        if not isinstance(value, bool):
            self.found.add(node.place(key), f"“{key}”应为 true 或 false", f"'{key}' must be true or false")
        return value is True

    def share(self, node: Map, key: str, *, plain: bool = False) -> int | None:
        """Return a share per mille: ``90 %``, ``900 ‰``, or the bare per mille where ``plain``."""
        value = node[key]
        if plain and isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        result = per_mille(value)
        if result is None:
            self.found.add(node.place(key), f"“{key}”应为 90 % 这样的比例", f"'{key}' must be a share such as 90 %")
        return result

    # --- time ------------------------------------------------------------------------------------------------------

    def span(self, value: Any, place: Place, units: Sequence[str] = SPANS) -> Span | None:
        """Read a length of time with exactly one unit, such as ``{workdays: 5}`` or ``{field: deadline}``."""
        node = self.found.map(value, place, ("时限", "a length of time"))
        if node is None:
            return None
        self.found.keys(node, units)
        said = [unit for unit in units if unit in node]
        if len(said) != 1:
            words = ", ".join(units)
            self.found.add(node.place(), f"时限应写一个单位（{words}）", f"a length of time says one unit ({words})")
            return None
        if said[0] == "field":
            return Span(field=str(node["field"]))
        return Span.model_validate({said[0]: self.whole(node, said[0], 0)})

    def amount(self, node: Map, key: str, unit: str, default: int | None = None, *, lowest: int = 0) -> int | None:
        """Read a length of time that may have one unit only, such as ``mend: {days: 5}``, as its number."""
        if key not in node:
            return default
        value = self.found.map(node[key], node.place(key), (f"“{key}”", f"'{key}'"))
        if value is None:
            return default
        if list(value) != [unit]:
            self.found.add(node.place(key), f"“{key}”应写成 {{{unit}: n}}", f"'{key}' is written {{{unit}: n}}")
            return default
        return self.whole(value, unit, 0, lowest=lowest)

    def due(self, node: Map, key: str) -> Due | None:
        """Read ``{days: n}``, ``{workdays: n}``, ``{days_after_start: n}``, ``{date: next 03-31}``."""
        if key not in node:
            return None
        value = self.found.map(node[key], node.place(key), (f"“{key}”", f"'{key}'"))
        if value is None:
            return None
        self.found.keys(value, DUES)
        said = [name for name in DUES if name in value]
        if len(said) != 1:
            self.found.add(
                node.place(key),
                f"“{key}”应写 days、workdays、days_after_start、date 之一",
                f"'{key}' says one of days, workdays, days_after_start, date",
            )
            return None
        if said[0] != "date":
            return Due.model_validate({said[0].replace(" ", "_"): self.whole(value, said[0], 0)})
        text = str(value["date"])
        if not is_month_day(text):
            self.found.add(
                value.place("date"),
                f"没有“{text}”这一天，应写 03-31 或 next 03-31",
                f"'{text}' is no day of a year, write 03-31 or next 03-31",
            )
            return None
        return Due(date=text)

    def period(self, node: Map, key: str) -> str:
        """Read a period: a word, ``{special: name}`` or ``{campaign: name}``; its name, ``""`` when not known."""
        value = node.get(key)
        if isinstance(value, Map):
            self.found.keys(value, ("special", "campaign"))
            name = next((f"{sort}:{value[sort]}" for sort in ("special", "campaign") if sort in value), "")
        else:
            name = str(value)
        known = [
            *CIVIL,
            *OF_CALENDAR,
            *(f"special:{n}" for n in self.names.specials),
            *(f"campaign:{n}" for n in self.names.campaigns),
        ]
        if name not in known:
            self.found.unknown(node.place(key), ("周期", "period"), name, known)
            return ""
        return name


def _single(where: Where) -> Test | Where:
    """Return the one comparison of a filter that has no more than that."""
    return where.all[0] if len(where.all) == 1 and not where.any and not where.not_ else where
