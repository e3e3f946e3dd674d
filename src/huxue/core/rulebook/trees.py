"""Indicator trees, read from YAML: the deeds and entries inside them are phrases like those of duties."""

from __future__ import annotations

from typing import Any

from huxue.core.duties.shapes import Deed, Entry
from huxue.core.kinds import Kind
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.fit import fit
from huxue.core.rulebook.literals import decimals_of
from huxue.core.rulebook.names import Names
from huxue.core.rulebook.nodes import Map, Seq
from huxue.core.rulebook.phrases import Phrases
from huxue.core.scoring.model import Tree

NUMBERS = ("number", "money")
_AVERAGE = ("case", "from", "to", "as", "where")


def tree(node: Map, parameters: tuple[str, ...], names: Names, found: Findings) -> Tree | None:
    """Return the tree of a mapping (parameters put in), or ``None`` after saying what is wrong with it."""
    before = len(found)
    whole = _Reading(Phrases(names, found, rank=10_000)).map(node)
    value = fit(Tree, whole, found, {"parameters": parameters}) if len(found) == before else None
    return value if len(found) == before else None


class _Reading:
    """Copies a tree with its phrases read: ``deed`` and ``entry`` become values, names of fields are looked up."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases, self.names, self.found = phrases, phrases.names, phrases.found

    def map(self, node: Map) -> Map:
        twin = node.like()
        for key, value in node.items():
            twin[key] = self._part(node, key, value)
        kind = self._kind(twin)
        for key in ("sum", "field"):
            if key in node and kind is not None:
                twin["decimals"] = self._decimals(node, key, kind)
        if "same" in node and kind is not None:
            self._same(node, kind)
        return twin

    def _part(self, node: Map, key: str, value: Any) -> Any:
        if key == "deed":
            return self.phrases.deed(value, node.place(key))
        if key == "entry":
            return self._entry(node, value)
        if key == "average_days" and isinstance(value, Map):
            return self._average(value)
        if key == "within":
            return self.phrases.amount(node, key, "days", 0, lowest=1)
        return self._any(value)

    def _any(self, value: Any) -> Any:
        if isinstance(value, Map):
            return self.map(value)
        if isinstance(value, Seq):
            rows = Seq(value.file, value.line)
            for item, line in zip(value, value.lines, strict=True):
                rows.put(self._any(item), line)
            return rows
        return value

    def _entry(self, node: Map, value: Any) -> Entry | None:
        entry = self.phrases.entry(value, node.place("entry"))
        if entry is not None and entry.as_ != "by":
            self.found.add(
                node.place("entry"),
                "指标只看单位自己的台账条目",
                "an indicator looks at the organisation's own entries only",
            )
        return entry

    def _average(self, node: Map) -> Map:
        """``{case, from: [steps], to: [steps], as, where}`` as two deeds."""
        twin = node.like()
        twin.update({key: self._any(value) for key, value in node.items() if key not in _AVERAGE})
        for name, key in (("begins", "from"), ("ends", "to")):
            deed = node.like()
            deed.update({"step": node.get(key), "as": node.get("as", "about")})
            deed.lines["step"] = node.lines.get(key, node.line)
            if "case" in node:
                deed["case"] = node["case"]
            if "where" in node and name == "begins":
                deed["where"] = node["where"]
            twin.put(name, self.phrases.deed(deed, node.place(key)), node.place(key))
        return twin

    def _kind(self, twin: Map) -> Kind | None:
        deed, entry = twin.get("deed"), twin.get("entry")
        if isinstance(deed, Deed):
            return self.phrases.kind_of(deed)
        return self.names.kind(entry.entry) if isinstance(entry, Entry) else None

    def _decimals(self, node: Map, key: str, kind: Kind) -> int:
        declared = kind.fields.get(str(node[key]))
        if declared is None or declared.type not in NUMBERS or declared.many:
            known = [name for name, one in kind.fields.items() if one.type in NUMBERS and not one.many]
            self.found.unknown(node.place(key), ("数字字段", "number field"), node[key], known)
            return 0
        return decimals_of(declared)

    def _same(self, node: Map, kind: Kind) -> None:
        known = [name for name, one in kind.fields.items() if one.type in ("choice", "text") and not one.many]
        for name in self.phrases.words(node, "same", known, ("字段", "field")):
            del name
