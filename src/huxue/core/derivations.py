"""Derivations: records that a rule makes of other records, and what a rulebook may say of each (``derivations.yaml``).

A derived record is a fact like any other, written by the system. It names its derivation, its rule with the values of
its parameters, what was measured, and the facts it was made of; a person never writes, corrects or withdraws one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pydantic import Field as Setting

from huxue.core.duties.shapes import Source
from huxue.core.kinds import Kind
from huxue.core.values import Text, Value

if TYPE_CHECKING:
    from huxue.core.rulebook.model import Rulebook

Sentence = tuple[str, str, str]
RuleName = Literal["recurrence", "distance", "cluster", "online-rate"]
Given = int | str | tuple[str, ...]


class Derivation(Value):
    """Which rule makes which records of which: ``reads`` (part → kind), ``writes`` (a kind), the rule's parameters."""

    title: Text
    rule: RuleName
    reads: dict[str, str] = Setting(default_factory=dict)
    writes: str
    parameters: dict[str, Given] = Setting(default_factory=dict)
    source: Source
    note: Text | None = None

    def number(self, name: str) -> int:
        """Return a parameter that is a whole number; the rulebook's check has seen that it is one."""
        value = self.parameters[name]
        if not isinstance(value, int):
            raise TypeError(name)
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """Return a parameter that is one code or several; none where it is not given."""
        value = self.parameters.get(name, ())
        return value if isinstance(value, tuple) else (str(value),)

    def said(self) -> str:
        """Return the parameters with their values as the derived record keeps them: ``days=365 metres=15``."""
        values = sorted(self.parameters.items())
        return " ".join(f"{name}={','.join(v) if isinstance(v, tuple) else v}" for name, v in values)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number between two bounds, both included."""

    at_least: int
    at_most: int

    def wrong(self, said: Given, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a value, in both languages."""
        del rulebook
        low, high = self.at_least, self.at_most
        if not isinstance(said, int) or not low <= said <= high:
            yield f"应为 {low} 到 {high} 的整数", f"must be a whole number from {low} to {high}"


@dataclass(frozen=True, slots=True)
class Words:
    """Codes of a list of the rulebook; ``most`` of them. A free text where no list is named."""

    list: str = ""
    most: int = 1
    required: bool = True

    def wrong(self, said: Given, rulebook: Rulebook) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a value, in both languages."""
        codes = said if isinstance(said, tuple) else (said,)
        if not codes or len(codes) > self.most or not all(isinstance(one, str) and one.strip() for one in codes):
            yield f"应为文字，至多 {self.most} 项", f"must be text, at most {self.most} of it"
        elif self.list:
            for one in codes:
                if one not in rulebook.lists.get(self.list, {}):
                    yield f"：清单“{self.list}”中没有“{one}”", f"names '{one}', which the list '{self.list}' has not"


@dataclass(frozen=True, slots=True)
class Part:
    """What a rule reads: the shape of the kind, and the fields it must have with their types."""

    shape: str
    fields: Mapping[str, str]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule reads, writes and is told."""

    reads: Mapping[str, Part]
    writes: Part
    parameters: Mapping[str, Number | Words] = field(default_factory=dict)


NAMED = {
    "derivation": "text", "rule": "text", "parameters": "text", "inputs": "entry", "inputs_count": "number",
    "inputs_hash": "text", "key": "text", "edition": "text",
}  # fmt: skip
"""Fields that every derived record has, with their types; ``measure`` comes with the rule."""

_A_DECADE = 3660
RULES: Mapping[str, Rule] = {
    "recurrence": Rule(
        {"case": Part("case", {"category": "choice", "area": "choice", "location": "text", "place": "place"})},
        Part("record", {"measure": "text", "earlier": "entry", "days": "number", "grade": "choice"}),
        {"days": Number(1, _A_DECADE), "metres": Number(0, 1000), "ending": Words(),
         "rises_to": Words("hazard-grades")},
    ),
    "distance": Rule(
        {
            "venue": Part("register", {"sort": "choice", "name": "text", "place": "place"}),
            "site": Part("register", {"boundary": "text", "gates": "text", "point": "place"}),
            "measured": Part("record", {"venue": "entry", "metres": "number"}, required=False),
        },
        Part(
            "register",
            {"measure": "choice", "venue": "text", "venue_kind": "choice", "venue_entry": "entry", "limit": "number",
             "within_limit": "yes_no", "distance": "number", "bound": "number", "school_point": "place",
             "venue_point": "place", "document": "text"},
        ),
        {
            "limit": Number(1, 5000), "reach": Number(1, 10_000), "measure": Words("distance-measures"),
            "document": Words(), "sorts": Words("venue-kinds", 50),
            "levels": Words("school-levels", 50, required=False),
        },
    ),
    "cluster": Rule(
        {"counts": Part("record", {"unit": "choice", "name": "text", "symptom": "choice", "cases": "number"})},
        Part("record", {"measure": "text", "unit": "choice", "name": "text", "symptom": "choice", "cases": "number"}),
        {
            "in_a_day": Number(1, 1000), "days": Number(1, 60), "in_days": Number(1, 1000), "quiet_days": Number(1, 60),
        },
    ),
    "online-rate": Rule(
        {"status": Part("record", {"minutes": "number", "online_minutes": "number", "device": "text"})},
        Part("record", {"measure": "text", "minutes": "number", "online_minutes": "number", "month": "text"}),
    ),
}  # fmt: skip


RAISES: Mapping[str, tuple[str, ...]] = {"recurrence": ("grade",)}
"""By rule: fields of its record that take the place of the case's own where the flow decides what may follow."""


def problems(code: str, value: Derivation, rulebook: Rulebook) -> Iterator[Sentence]:
    """Yield what is wrong with a derivation: its source, the kinds and fields it names, its parameters."""
    del code
    rule = RULES[value.rule]
    if value.source.text not in rulebook.sources:
        said = value.source.text
        yield "source.text", f"没有来源文本“{said}”", f"there is no source text '{said}'"
    if not value.source.clause.strip():
        yield "source.clause", "缺少依据条款", "the clause is missing"
    yield from _reads(value, rule, rulebook)
    yield from _kind("writes", value.writes, Part("", {**NAMED, **rule.writes.fields}), rule.writes.shape, rulebook)
    yield from _parameters(value, rule, rulebook)


def _reads(value: Derivation, rule: Rule, rulebook: Rulebook) -> Iterator[Sentence]:
    for part in value.reads:
        if part not in rule.reads:
            known = ", ".join(rule.reads)
            yield f"reads.{part}", f"规则不读“{part}”，可写：{known}", f"the rule reads no '{part}' but: {known}"
    for part, wanted in rule.reads.items():
        if part in value.reads:
            yield from _kind(f"reads.{part}", value.reads[part], wanted, wanted.shape, rulebook)
        elif wanted.required:
            yield "reads", f"缺少“{part}”：从哪个类型读取", f"'{part}' is missing: which kind it is read from"


def _kind(path: str, code: str, wanted: Part, shape: str, rulebook: Rulebook) -> Iterator[Sentence]:
    kind = rulebook.kinds.get(code)
    if kind is None or kind.shape != shape:
        yield path, f"没有这样的类型（{shape}）：“{code}”", f"there is no {shape} called '{code}'"
        return
    for name, of in wanted.fields.items():
        yield from _field(path, kind, name, of)


def _field(path: str, kind: Kind, name: str, of: str) -> Iterator[Sentence]:
    declared = kind.fields.get(name)
    if declared is None or declared.type != of:
        yield path, f"类型“{kind.code}”缺少字段“{name}”（{of}）", f"the kind '{kind.code}' has no field '{name}' ({of})"
    elif declared.personal:
        yield path, f"规则不读个人信息：“{name}”", f"no rule reads personal data: '{name}'"


def _parameters(value: Derivation, rule: Rule, rulebook: Rulebook) -> Iterator[Sentence]:
    for name in value.parameters:
        if name not in rule.parameters:
            known = ", ".join(rule.parameters) or "–"
            yield (
                f"parameters.{name}",
                f"规则没有参数“{name}”，可写：{known}",
                f"the rule has no parameter '{name}' but: {known}",
            )
    for name, wanted in rule.parameters.items():
        if name in value.parameters:
            for zh, en in wanted.wrong(value.parameters[name], rulebook):
                yield f"parameters.{name}", f"参数“{name}”{zh}", f"the parameter '{name}' {en}"
        elif isinstance(wanted, Number) or wanted.required:
            yield "parameters", f"缺少参数“{name}”", f"the parameter '{name}' is missing"
