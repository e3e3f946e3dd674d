"""Sets and amounts of a duty: the members of a cover, the parts of a ratio, and the units they are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.duties.shapes import Members, Part, Step
from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.findings import Place
from huxue.core.rulebook.literals import decimals_of, scaled
from huxue.core.rulebook.nodes import Map, Seq
from huxue.core.rulebook.phrases import Phrases
from huxue.core.values import FAR

SETS = ("children", "supervised", "posts", "holdings", "entries", "list", "through")
STEP = ("from", "to", "base", "add", "for_every", "beyond")


@dataclass(frozen=True, slots=True)
class Amount:
    """The parts of a value, and the decimals they are counted in (``None``: any, as for a constant)."""

    parts: tuple[Part, ...]
    decimals: int | None


class Amounts(Phrases):
    """Reads members and values."""

    # --- members ---------------------------------------------------------------------------------------------------

    def members(self, value: Any, place: Place) -> Members | None:
        """Read the set that a cover asks about."""
        node = self.found.map(value, place, ("范围", "members"))
        if node is None:
            return None
        self.found.keys(node, (*SETS, "type", "field", "where"))
        said = [key for key in SETS if key in node]
        if len(said) != 1:
            words = ", ".join(SETS)
            self.found.add(node.place(), f"范围应写这些之一：{words}", f"members say one of {words}")
            return None
        self._fitting(node, said[0])
        reader = self._organisations if said[0] in ("children", "supervised") else self._things
        return reader(node, said[0])

    def _fitting(self, node: Map, sort: str) -> None:
        """Refuse what does not go with this sort of set."""
        allowed = {
            "supervised": ("type", "where"),
            "children": ("where",),
            "entries": ("where",),
            "through": ("field", "where"),
        }
        for key in ("type", "field", "where"):
            if key in node and key not in allowed.get(sort, ()):
                self.found.add(node.place(key), f"{key} 不能与 {sort} 同用", f"{key} does not go with {sort}")

    def _organisations(self, node: Map, sort: str) -> Members | None:
        where = self.where(node.get("where"), self.names.trait_scope(), node.place("where"))
        what = ("单位类型", "organisation type")
        if sort == "children":
            return Members(children=self.words(node, "children", list(self.names.types), what), where=where)
        if node["supervised"] not in self.names.topics:
            self.found.unknown(node.place("supervised"), ("监管事项", "topic"), node["supervised"], self.names.topics)
        if "type" not in node:
            self.found.add(node.place(), "supervised 还应写 type", "supervised also says a type")
            return None
        types = self.words(node, "type", list(self.names.types), what)
        return Members(supervised=str(node["supervised"]), type=types, where=where)

    def _things(self, node: Map, sort: str) -> Members | None:
        if sort in ("posts", "holdings"):
            posts = self.words(node, sort, ("*", *self.names.posts), ("岗位", "post"))
            return Members(posts=posts) if sort == "posts" else Members(holdings=posts)
        if sort == "list":
            name = str(node["list"])
            if name not in self.names.lists:
                self.found.unknown(node.place("list"), ("清单", "list"), name, self.names.lists)
                return None
            return Members(list=name, codes=self.names.lists.get(name, ()))
        kind = self.register(node, sort)
        if kind is None:
            return None
        where = self.where(node.get("where"), self.names.scope(kind), node.place("where"))
        if sort == "entries":
            return Members(entries=kind.code, where=where)
        return Members(through=kind.code, field=self._pointer(node, kind), where=where)

    def _pointer(self, node: Map, kind: Kind) -> str:
        """Return the field of a link kind that points at organisations: the one named, or the only one."""
        fields = [name for name, declared in kind.fields.items() if declared.type == "organisation"]
        if "field" in node:
            if node["field"] not in fields:
                self.found.unknown(
                    node.place("field"), ("单位字段", "field of type organisation"), node["field"], fields
                )
            return str(node["field"])
        if len(fields) != 1:
            self.found.add(
                node.place("through"),
                f"“{kind.code}”应恰有一个单位字段，否则请写 field:",
                f"'{kind.code}' must have exactly one field of type organisation; otherwise say field:",
            )
        return fields[0] if fields else ""

    # --- values ----------------------------------------------------------------------------------------------------

    def value(self, said: Any, place: Place, decimals: int = 0) -> Amount | None:
        """Read V. ``decimals`` is the unit that constants and tables are written for."""
        if not isinstance(said, Map):
            constant = scaled(said, decimals)
            if constant is None:
                self.found.add(place, f"“{said}”不是合适的数", f"'{said}' is not a fitting number")
                return None
            return Amount((Part(constant=constant),), None)
        if isinstance(said.get("sum"), Seq):
            self.found.keys(said, ("sum",))
            return self._sum(said["sum"], decimals)
        if "trait" in said:
            self.found.keys(said, ("trait",))
            return self._trait(said, "trait")
        if "table" in said:
            return self._table(said, decimals)
        return self._counted(said, place)

    def _sum(self, rows: Seq, decimals: int) -> Amount | None:
        amounts = [self.value(row, rows.place(i), decimals) for i, row in enumerate(rows)]
        fitting = [amount for amount in amounts if amount is not None]
        units = {amount.decimals for amount in fitting if amount.decimals is not None}
        if len(units) > 1:
            self.found.add(
                rows.place(), "相加的数单位（小数位数）不同", "the parts of a sum are counted in different units"
            )
        if len(fitting) != len(rows) or not rows:
            return None
        return Amount(tuple(part for amount in fitting for part in amount.parts), max(units, default=None))

    def _trait(self, node: Map, key: str) -> Amount | None:
        name = str(node[key])
        trait = self.names.traits.get(name)
        if trait is None or trait.type != "number":
            numbers = [code for code, one in self.names.traits.items() if one.type == "number"]
            self.found.unknown(node.place(key), ("数值属性", "trait that is a number"), name, numbers)
            return None
        return Amount((Part(trait=name),), trait.decimals)

    def _table(self, node: Map, decimals: int) -> Amount | None:
        self.found.keys(node, ("table", "of"))
        if "of" not in node:
            self.found.add(
                node.place(), "表应写 of:（按哪个属性查表）", "a table says of: (the trait it is looked up by)"
            )
            return None
        size = self._trait(node, "of")
        name = str(node["table"])
        if name not in self.names.tables:
            self.found.unknown(node.place("table"), ("表", "table"), name, self.names.tables)
            return None
        if size is None:
            return None
        steps = self.steps(self.names.tables[name], self.names.tables.place(name), size.decimals or 0, decimals)
        return Amount((Part(trait=str(node["of"]), table=steps),), decimals) if steps else None

    def steps(self, rows: Any, place: Place, size: int, decimals: int) -> tuple[Step, ...]:
        """Read the rows of a table; sizes get ``size`` decimals, needs ``decimals``. It must cover every size once."""
        listed = self.found.seq(rows, place, ("表", "a table"))
        if not listed:
            return ()
        numbers = [self._row(row, listed.place(i), size, decimals) for i, row in enumerate(listed)]
        steps: list[Step] = []
        expected = 0
        for index, row in enumerate(numbers):
            if row is None:
                return ()
            following = numbers[index + 1] if index + 1 < len(numbers) else None
            row.setdefault("to", following["from"] - 1 if following and "from" in following else FAR)
            if row.get("from", 0) != expected or row["to"] < expected:
                self._gap(listed.place(index), row, expected, size)
                return ()
            expected = row["to"] + 1
            steps.append(Step.model_validate(row))
        if expected <= FAR:
            self.found.add(
                listed.place(len(listed) - 1),
                "表没有覆盖更大的数：最后一行不写 to",
                "the table ends too early: leave out 'to' in its last row",
            )
            return ()
        return tuple(steps)

    def _gap(self, place: Place, row: dict[str, int], expected: int, size: int) -> None:
        start = row.get("from", 0)
        zh, en = ("有空档", "leaves a gap") if start > expected else ("重叠", "overlaps")
        unit = 10**size
        self.found.add(
            place,
            f"表{zh}：这一行应从 {expected / unit:g} 开始",
            f"the table {en}: this row should start from {expected / unit:g}",
        )

    def _row(self, value: Any, place: Place, size: int, decimals: int) -> dict[str, int] | None:
        node = self.found.map(value, place, ("表的一行", "a row of a table"))
        if node is None:
            return None
        self.found.keys(node, STEP)
        result: dict[str, int] = {}
        for key in STEP:
            if node.get(key) is None:
                continue
            number = scaled(node[key], size if key in ("from", "to", "beyond", "for_every") else decimals)
            if number is None or number < 0:
                self.found.add(node.place(key), f"“{key}”应为不小于 0 的数", f"'{key}' must be a number of at least 0")
                return None
            result[key] = number
        return result

    def _counted(self, node: Map, place: Place) -> Amount | None:
        """Read a count or a sum of deeds or entries."""
        rest = node.like()
        rest.update({key: part for key, part in node.items() if key != "sum"})
        if "entry" in node:
            entry = self.entry(rest, place)
            kind = self.names.kind(entry.entry) if entry else None
            part = Part(entry=entry)
        elif "record" in node or "step" in node:
            deed = self.deed(rest, place)
            kind = self.kind_of(deed) if deed else None
            part = Part(deed=deed)
        else:
            self.found.add(
                node.place(),
                "数值应写 record、step、entry、trait、table 或 sum 之一",
                "a value says one of record, step, entry, trait, table, sum",
            )
            return None
        if kind is None:
            return None
        if "sum" not in node:
            return Amount((part,), 0)
        declared = self.summed(node, "sum", kind)
        return Amount((part.model_copy(update={"sum": str(node["sum"])}),), decimals_of(declared)) if declared else None

    def summed(self, node: Map, key: str, kind: Kind) -> Field | None:
        """Return the field of a kind that is summed: a number or an amount of money."""
        declared = kind.fields.get(str(node[key]))
        if declared is None:
            self.found.unknown(node.place(key), ("字段", "field"), node[key], kind.fields)
        elif declared.type not in ("number", "money"):
            self.found.add(
                node.place(key), f"“{node[key]}”不是数，不能相加", f"'{node[key]}' is not a number and cannot be summed"
            )
            return None
        return declared


def deeds_in(parts: Sequence[Part]) -> bool:
    """Tell whether any part counts deeds."""
    return any(part.deed for part in parts)
