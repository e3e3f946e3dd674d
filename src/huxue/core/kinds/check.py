"""What somebody typed becomes what is stored, or all that is wrong with it at once."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from huxue.core.kinds.model import FlowStep, Kind
from huxue.core.kinds.readers import Lists, Read, reader
from huxue.core.kinds.text import canonical
from huxue.core.kinds.wrong import Mistake, Wrong
from huxue.core.values import Language, Refused

SPOT = "spot"  # the yes_no field in which a taker declares that the check was made on the spot
COMMON_ROLES = ("by", "with", "about", "to")


@dataclass(frozen=True, slots=True)
class Checked:
    """Stored values of the fields that could be read, and a mistake for each that could not."""

    values: dict[str, Any]
    mistakes: tuple[Mistake, ...] = ()

    def or_refuse(self) -> dict[str, Any]:
        """Return the values; refuse with every mistake in one sentence when there is any."""
        if self.mistakes:
            zh = "；".join(f"{field}：{said}" for field, said, _ in self.mistakes)
            en = "; ".join(f"{field}: {said}" for field, _, said in self.mistakes)
            raise Refused("bad_fields", zh, en)
        return self.values


@dataclass(frozen=True, slots=True)
class _Plan:
    """What may and must be given in one place: a whole record or entry, or one step of a case."""

    reads: dict[str, Read]
    required: tuple[str, ...]
    required_set: frozenset[str]


class Checker:
    """The checks of one kind, compiled once and used for every line of an import.

    ``lists`` are the rulebook's: list → code → a choice with a title. Times: about a microsecond a field.
    """

    def __init__(self, kind: Kind, lists: Lists) -> None:
        """Compile the reader of every field, and what each step of a flow may and must be given."""
        self.kind, self._lists = kind, lists
        reads = {name: reader(field, lists) for name, field in kind.fields.items()}
        required = tuple(name for name, field in kind.fields.items() if field.required)
        self._plans = {"": _plan(reads, () if kind.shape == "case" else required)}
        for name, step in kind.flow.items():
            allowed = fields_of_step(kind, step)
            self._plans[name] = _plan(
                {field: reads[field] for field in reads if field in allowed},
                (*step.asks, *(required if step.opening else ())),
            )

    def check(self, values: Mapping[str, Any], *, step: str = "") -> Checked:
        """Return stored values and mistakes. Empty values count as not given; ``step`` names the step of a case.

        Without ``step`` a case's fields are read but none is asked for. Raises ``KeyError`` for an unknown step.
        """
        plan = self._plans[step]
        reads, stored, mistakes = plan.reads, {}, []
        for name, raw in values.items():
            if raw is None or (type(raw) is str and (not raw or raw.isspace())) or raw in ([], ()):
                continue
            read = reads.get(name)
            if read is None:
                mistakes.append(self._unknown(name, step))
                continue
            try:
                value = read(raw)
            except Wrong as wrong:
                mistakes.append(Mistake(name, wrong.zh, wrong.en))
                continue
            if value != []:  # a list of nothing but blanks
                stored[name] = value
        if not stored.keys() >= plan.required_set:
            mistakes += _missing(plan, stored, mistakes)
        return Checked(stored, tuple(mistakes))

    def text(self, stored: Mapping[str, Any], language: Language) -> dict[str, str]:
        """Return every stored value as text in one language; :meth:`check` reads it back to the same values."""
        fields = self.kind.fields
        return {
            name: canonical(fields[name], value, lists=self._lists, language=language) for name, value in stored.items()
        }

    def _unknown(self, name: str, step: str) -> Mistake:
        known = self._plans[step].reads
        if name in self.kind.fields:
            title = self.kind.flow[step].title
            return Mistake(name, f"“{title.zh}”环节不填这一项", f"the step '{title.en}' does not take this field")
        near = difflib.get_close_matches(name, known, 1)
        zh, en = (f"，是否为“{near[0]}”", f", did you mean '{near[0]}'") if near else ("", "")
        return Mistake(name, f"{self.kind.title.zh}没有这一项{zh}", f"{self.kind.title.en} has no such field{en}")


def checked(kind: Kind, values: Mapping[str, Any], *, lists: Lists, step: str = "") -> Checked:
    """Check one set of values; for many lines build a :class:`Checker` once."""
    return Checker(kind, lists).check(values, step=step)


def fields_of_step(kind: Kind, step: FlowStep) -> frozenset[str]:
    """Return the fields that a step may carry: those it asks for, and those that no step asks for.

    So nobody can change the grade of a hazard in a step that does not ask for the grade. ``spot`` belongs to the
    steps that speak of ``on_the_spot``.
    """
    asked = {name for other in kind.flow.values() for name in other.asks}
    spot = {SPOT} if step.on_the_spot else set()
    spoken = {SPOT} if any(other.on_the_spot for other in kind.flow.values()) else set()
    return frozenset((kind.fields.keys() - asked - spoken) | set(step.asks) | spot)


def checked_roles(
    kind: Kind,
    roles: Mapping[str, Sequence[str]],
    *,
    type_of: Callable[[str], str],
) -> tuple[Mistake, ...]:
    """Return what is wrong with the organisations of a fact: unknown roles, missing ones, too many, of a wrong type.

    ``by``, ``with``, ``about`` and ``to`` may always be given; a kind that declares one of them may ask more of it.
    """
    found = [
        Mistake(name, f"{kind.title.zh}没有“{name}”这一角色", f"{kind.title.en} has no role '{name}'")
        for name in roles
        if name not in kind.roles and name not in COMMON_ROLES
    ]
    for name, role in kind.roles.items():
        given = roles.get(name, ())
        if role.required and not given:
            found.append(Mistake(name, f"缺少{role.title.zh}", f"{role.title.en} is missing"))
        if not role.many and len(given) > 1:
            found.append(Mistake(name, f"{role.title.zh}只能有一个", f"only one {role.title.en}"))
        odd = [code for code in given if role.types and type_of(code) not in role.types]
        if odd:
            found.append(
                Mistake(
                    name,
                    f"{'、'.join(odd)} 不能作为{role.title.zh}",
                    f"{', '.join(odd)} cannot stand as {role.title.en}",
                )
            )
    return tuple(found)


def _plan(reads: dict[str, Read], required: Iterable[str]) -> _Plan:
    names = tuple(dict.fromkeys(required))
    return _Plan(reads, names, frozenset(names))


def _missing(plan: _Plan, stored: Mapping[str, Any], mistakes: Sequence[Mistake]) -> list[Mistake]:
    wrong = {mistake.field for mistake in mistakes}
    return [Mistake(name, "必填", "is required") for name in plan.required if name not in stored and name not in wrong]
