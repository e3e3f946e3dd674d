"""A target of a recipe, compiled once: the values of a row in, the facts it asks for out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huxue.core.facts import Verb
from huxue.core.kinds import Checker, Field, Kind
from huxue.core.kinds.numbers import number_reader
from huxue.core.kinds.readers import Lists, reader
from huxue.core.kinds.times import read_date
from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.model import Said, Spec, StepOf, Target
from huxue.core.recipes.planned import Planned, origin
from huxue.core.recipes.templates import Make, Row, condition, made, names_in, template
from huxue.core.rulebook.model import Rulebook, Trait
from huxue.core.rulebook.reserved import RESERVED_KINDS
from huxue.core.values import Refused, minute_of

Facts = Callable[[Row, str], Iterator[Planned]]
_DAY = len("2026-03-05")


class Misfit(Exception):  # noqa: N818 - a value that does not fit; becomes a note of its row
    """A value that does not fit, and the names of the row it was made of."""

    def __init__(self, zh: str, en: str, names: tuple[str, ...]) -> None:
        """Keep both sentences and the names."""
        super().__init__(en)
        self.zh, self.en, self.names = zh, en, names


@dataclass(frozen=True, slots=True)
class Context:
    """What a target is compiled against. ``scope`` is that of the files at hand."""

    recipe: str
    scope: str
    rulebook: Rulebook

    def kind(self, code: str) -> Kind:
        """Return a kind of the rulebook or a reserved one; refuses ``unknown_kind``."""
        kind = self.rulebook.kinds.get(code) or RESERVED_KINDS.get(code)
        if kind is None:
            raise Refused("unknown_kind", f"制度中没有类型“{code}”。", f"The rulebook has no kind {code!r}.")
        return kind


def compiled(target: Target, context: Context) -> Facts:
    """Compile a target: row and row key in, facts out; raises :class:`Misfit`."""
    holds, names = condition(target.when), _names(target)
    make = _case(target, context) if target.case else _single(target, context)

    def facts(row: Row, key: str) -> Iterator[Planned]:
        if not holds(row):
            return
        try:
            yield from make(row, key)
        except Wrong as wrong:
            raise Misfit(wrong.zh, wrong.en, names) from None

    return facts


def _names(target: Target) -> tuple[str, ...]:
    said: list[Said] = [target.at, *target.fields.values(), *target.roles.values(), *target.traits.values()]
    for step in target.steps:
        said += [step.at, *step.fields.values(), step.deadline or ""]
    return tuple(name for one in said for name in _names_of(one))


def _names_of(said: Said | None) -> list[str]:
    if isinstance(said, Spec):
        texts = [said.value, said.not_before, *said.place.values()]
        return [name for text in texts if isinstance(text, str) for name in names_in(text)]
    return names_in(said) if isinstance(said, str) else []


# --- single facts ------------------------------------------------------------------------------------------------


def _single(target: Target, context: Context) -> Facts:
    kind = context.kind(target.kind)
    fields = (
        _organisation(target, context)
        if target.organisation
        else _fields(target.fields, kind, "", context.rulebook.lists)
    )
    roles, at, reference = roles_of(target.roles), _moment(target.at), made(target.reference)
    verb: Verb = "record" if target.record else "open"
    key_of = template(target.key) if target.key else None
    each = bool(target.each)
    lead = (context.recipe, context.scope if target.record else "=")

    def facts(row: Row, key: str) -> Iterator[Planned]:
        values = fields(row)
        credited = roles(row)
        if target.organisation:
            own = values["code"]
            credited = {"about": (own,)}
        else:
            own = str(key_of(row)) if key_of else key
        sub = (str(row["column"]),) if each and key_of is None else ()
        name = origin(*lead, target.name, own, *sub)
        yield Planned(name, kind.code, verb, at(row), credited, values, reference=reference(row) or "")

    return facts


def _moment(said: Said, *, end: bool = False) -> Callable[[Row], int]:
    """Compile a moment; a date alone is its first minute, or its last where it is the ``end`` of a time."""
    make, names = made(said), tuple(_names_of(said))
    seen: dict[str, int] = {}

    def moment(row: Row) -> int:
        value = make(row)
        if value is None or value == "":
            raise Misfit("缺少日期", "the date is missing", names)
        text = str(value)
        if text not in seen:
            day = read_date(text)  # refuses what is no day
            whole = text if len(text) > _DAY else f"{day}T23:59" if end else day
            seen[text] = minute_of(datetime.fromisoformat(whole))
        return seen[text]

    return moment


def roles_of(said: Mapping[str, Said]) -> Callable[[Row], dict[str, tuple[str, ...]]]:
    """Compile the roles of a fact."""
    makes = {role: made(one) for role, one in said.items()}
    names = {role: tuple(_names_of(one)) for role, one in said.items()}

    def roles(row: Row) -> dict[str, tuple[str, ...]]:
        found = {role: make(row) for role, make in makes.items()}
        for role, code in found.items():
            if code is None:
                raise Misfit(f"缺少单位（{role}）", f"the organisation is missing ({role})", names[role])
        return {role: (str(code),) for role, code in found.items()}

    return roles


def _fields(said: Mapping[str, Said], kind: Kind, step: str, lists: Lists) -> Callable[[Row], dict[str, Any]]:
    makes, checker = {name: made(one) for name, one in said.items()}, Checker(kind, lists)
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}

    def fields(row: Row) -> dict[str, Any]:
        values = {name: make(row) for name, make in makes.items()}
        try:
            return seen[tuple(values.values())]
        except (KeyError, TypeError):  # TypeError: a place is no key
            checked = checker.check(values, step=step)
        if checked.mistakes:
            one = checked.mistakes[0]
            raise Misfit(f"{one.field}：{one.zh}", f"{one.field}: {one.en}", tuple(_names_of(said.get(one.field))))
        if len(makes) < 4 and len(seen) < 50_000:  # noqa: PLR2004 - few fields repeat themselves
            seen[tuple(values.values())] = checked.values
        return checked.values

    return fields


# --- organisations -----------------------------------------------------------------------------------------------


def _organisation(target: Target, context: Context) -> Callable[[Row], dict[str, Any]]:
    makes = {name: made(said) for name, said in target.fields.items()} | {"type": template(target.organisation)}
    traits = {name: _trait(name, said, context) for name, said in target.traits.items()}
    types = context.rulebook.organisation_types

    def fields(row: Row) -> dict[str, Any]:
        values = {name: _plain(make(row)) for name, make in makes.items()}
        for name in ("code", "name", "type"):
            if not values.get(name):
                raise Wrong(f"单位缺少{name}", f"the organisation has no {name}")
        if values["type"] not in types:
            raise Wrong(
                f"制度中没有单位类型“{values['type']}”", f"the rulebook has no organisation type '{values['type']}'"
            )
        made_traits = {name: value for name, make in traits.items() if (value := make(row)) is not None}
        values = {"area": "", "parent": ""} | {name: value for name, value in values.items() if value}
        return values | {"traits": made_traits}

    return fields


def _plain(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _trait(name: str, said: Said, context: Context) -> Make:
    trait = context.rulebook.traits.get(name)
    if trait is None:
        raise Refused("unknown_trait", f"制度中没有属性“{name}”。", f"The rulebook has no trait {name!r}.")
    read, make = _reader_of(trait, context.rulebook), made(said)

    names = tuple(_names_of(said))

    def value(row: Row) -> Any:
        raw = make(row)
        if raw is None or raw == "":
            return None
        try:
            return read(raw)
        except Wrong as wrong:
            raise Misfit(f"{name}：{wrong.zh}", f"{name}: {wrong.en}", names) from None

    return value


def _reader_of(trait: Trait, rulebook: Rulebook) -> Callable[[Any], Any]:
    """Return the reader of a trait: it is stored as a field of the same type."""
    field = Field(type=trait.type, title=trait.title, list=trait.list, decimals=trait.decimals)
    return number_reader(field) if trait.type == "number" else reader(field, rulebook.lists)


# --- cases -------------------------------------------------------------------------------------------------------


def _case(target: Target, context: Context) -> Facts:
    kind = context.kind(target.case)
    steps = [_step(target, step, kind, context) for step in target.steps]
    key_of = template(target.key) if target.key else None
    names = [f"{index + 1}-{step.step}" for index, step in enumerate(target.steps)]

    def facts(row: Row, key: str) -> Iterator[Planned]:
        own = str(key_of(row)) if key_of else key
        group = ""
        for name, make in zip(names, steps, strict=True):
            fact = make(row, origin(context.recipe, context.scope, target.name, own, name))
            if fact is None:
                continue
            group = group or fact.origin
            fact.group = group
            yield fact

    return facts


def _step(target: Target, step: StepOf, kind: Kind, context: Context) -> Callable[[Row, str], Planned | None]:
    if step.step not in kind.flow:
        raise Refused(
            "unknown_step", f"“{kind.code}”的流程没有环节“{step.step}”。", f"{kind.code} has no step {step.step!r}."
        )
    holds, at = condition(step.when), _moment(step.at)
    fields = _fields(step.fields, kind, step.step, context.rulebook.lists)
    roles = roles_of({**target.roles, **step.roles})
    deadline = None if step.deadline is None else _moment(step.deadline, end=True)

    def make(row: Row, name: str) -> Planned | None:
        if not holds(row):
            return None
        left = deadline(row) if deadline else None
        return Planned(name, kind.code, "step", at(row), roles(row), fields(row), step=step.step, deadline=left)

    return make
