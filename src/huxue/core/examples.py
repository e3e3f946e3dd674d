"""Worked examples of a rulebook: from a file that an official can read to facts and expected standings.

An example file belongs to one family of duties. ``situation`` says who exists; each example adds what happened and what
must follow from it. Names of organisations stand for their codes. ``docs/reference/examples.md`` explains every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from huxue.core.duties.standing import Standing
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, Text, day_of, end_of_day, minute_of

Sort = Literal["positive", "negative", "boundary"]
Roles = Mapping[str, tuple[str, ...]]
SORTS: tuple[Sort, ...] = ("positive", "negative", "boundary")
NO_ROW = "none"  # expected status: there is no standing at all
_MORNING = 9 * 60  # a deed given by its day alone happened at nine
_BEGINS = "2025-07-01"  # when the common situation begins, unless it says ``from``
_PARTS = ("by", "about", "to", "with")


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true of one standing; ``None`` means: not looked at. ``period`` may be a trigger's fact id."""

    organisation: str
    period: str
    status: str
    on_time: bool | None = None
    verified: bool | None = None
    have: int | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: facts in, standings out, as of a day and as known on a day."""

    title: Text
    sort: Sort
    duty: str
    as_of: int
    known_at: int
    facts: tuple[Fact, ...]
    expected: tuple[Expected, ...]


def read_examples(said: Mapping[str, Any], rulebook: Rulebook) -> tuple[Example, ...]:
    """Return the examples of one file. Raises ``Refused("example", …)`` where the file names what does not exist."""
    common = said.get("situation") or {}
    return tuple(_example(common, one, rulebook) for one in said.get("examples") or ())


def differences(example: Example, standings: Iterable[Standing]) -> list[str]:
    """Return one line for each expectation that the standings do not meet; empty when all hold."""
    rows = {(s.organisation, s.period): s for s in standings if s.duty == example.duty}
    told = {(e.organisation, e.period): e for e in example.expected}
    return [line for key, e in told.items() for line in _unmet(e, rows.get(key))]


def _unmet(e: Expected, found: Standing | None) -> list[str]:
    where = f"{e.organisation} {e.period}"
    status = found.status if found else NO_ROW
    if status != e.status:
        return [f"{where}: expected {e.status}, found {status}"]
    looked = ("on_time", "verified", "have", "need") if found else ()
    wanted = {name: getattr(e, name) for name in looked if getattr(e, name) is not None}
    real = {name: getattr(found, name) for name in wanted}
    return [f"{where}: expected {n} {wanted[n]}, found {real[n]}" for n in wanted if wanted[n] != real[n]]


def _example(common: Mapping[str, Any], said: Mapping[str, Any], rulebook: Rulebook) -> Example:
    writer = _Writer(rulebook, said["duty"])
    _situate(writer, _together(common, said.get("situation") or {}))
    for fact in said.get("facts") or ():
        writer.write(fact)
    as_of = _day(said["as_of"])
    expected = tuple(_expected(row, writer.names) for row in said["expect"])
    known_at = _day(said.get("known_at", said["as_of"]))
    return Example(Text(**said["title"]), said["sort"], said["duty"], as_of, known_at, tuple(writer.facts), expected)


def _expected(row: Mapping[str, Any], names: Mapping[str, str]) -> Expected:
    period = str(row["period"])
    return Expected(**{**row, "period": names.get(period, period)})


def _together(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an example's own situation over the common one: maps are joined by key, lists are added."""
    whole: dict[str, Any] = dict(common)
    for key, value in own.items():
        below = whole.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            whole[key] = {**below, **{k: _joined(below.get(k), v) for k, v in value.items()}}
        else:
            whole[key] = [*below, *value] if isinstance(below, Sequence) and not isinstance(below, str) else value
    return whole


def _joined(below: object, above: object) -> object:
    return {**below, **above} if isinstance(below, Mapping) and isinstance(above, Mapping) else above


def _situate(writer: _Writer, said: Mapping[str, Any]) -> None:
    """Write the organisations, who oversees what, and who holds which post."""
    since = said.get("from", _BEGINS)
    for name, about in (said.get("organisations") or {}).items():
        fields = {k: v for k, v in about.items() if k not in ("parent", "type", "area", "in_use_from", "from", "until")}
        told = {"code": name, "name": name, "type": about["type"], "area": about.get("area", ""),
                "parent": about.get("parent", ""), "traits": fields}
        if "in_use_from" in about:
            told["in_use_from"] = about["in_use_from"]
        begins = about.get("from", since)
        writer.stand("organisation", {"about": (name,)}, told, begins, about.get("until"))
    for edge in said.get("oversight") or ():
        told = {"supervised": edge["supervised"], "topic": edge["topic"]}
        writer.stand("oversight", {"by": (edge["by"],)}, told, edge.get("from", since), edge.get("until"))
    for name, holders in (said.get("posts") or {}).items():
        for post, person in holders.items():
            code = f"{name}/{post}"
            told = {"code": code, "organisation": name, "type": post.partition(":")[0]}
            writer.stand("post", {"about": (name,)}, told, since)
            if person:
                writer.stand("holding", {"about": (name,)}, {"post": code, "person": person}, since)
    for fact in said.get("facts") or ():
        writer.write(fact)


class _Writer:
    """Collects facts in the order of the file; their ids sort in that order."""

    def __init__(self, rulebook: Rulebook, duty: str) -> None:
        self.rulebook, self.duty = rulebook, duty
        self.facts: list[Fact] = []
        self.names: dict[str, str] = {}  # the name in the file → the id of the fact

    def write(self, said: Mapping[str, Any]) -> None:
        """Write one item of ``facts``."""
        for word, take in _SORTS_OF_FACT.items():
            if word in said:
                take(self, said)
                return
        raise Refused("example", f"看不懂这条事实：{dict(said)}", f"not a fact that an example can say: {dict(said)}")

    def _add(self, fact: Fact, name: str = "") -> Fact:
        fact = replace(fact, id=f"{len(self.facts) + 1:04d}", item=fact.item or f"{len(self.facts) + 1:04d}")
        self.facts.append(fact)
        if name:
            self.names[self._free(name)] = fact.id
        return fact

    def _free(self, name: str) -> str:
        n = 2
        free = name
        while free in self.names:
            free, n = f"{name}.{n}", n + 1
        return free

    def _named(self, name: str) -> Fact:
        if name not in self.names:
            raise Refused("example", f"没有名为“{name}”的事实", f"there is no fact named '{name}'")
        return next(f for f in self.facts if f.id == self.names[name])

    def _kind(self, code: str) -> Kind:
        kind = self.rulebook.kinds.get(code)
        if kind is None:
            raise Refused("example", f"没有类型“{code}”", f"there is no kind '{code}'")
        return kind

    def stand(self, kind: str, roles: Roles, fields: Mapping[str, Any], begins: str, until: str | None = None) -> None:
        """Write an entry of a reserved kind that stands from one day, to another if said (its last day)."""
        fact = self._add(Fact("", kind, "open", "", _moment(begins), _moment(begins), roles, fields))
        if until:
            self._end(fact, until, until)

    def record(self, said: Mapping[str, Any]) -> None:
        """Write a record."""
        self._add(self._deed(self._kind(said["record"]), said), said.get("name", ""))

    def _deed(self, kind: Kind, said: Mapping[str, Any]) -> Fact:
        at = _moment(said["at"])
        reference = self._named(said["reference"]).item if "reference" in said else ""
        recorded = _moment(said["recorded"]) if "recorded" in said else at
        return Fact(
            "", kind.code, "record", "", at, recorded, _roles(kind, said), _fields(kind, said.get("fields") or {}),
            reference=reference, post=said.get("post", ""), person=said.get("person", ""),
            makeup=said.get("makeup", False), deadline=_deadline(said["deadline"]) if "deadline" in said else None,
        )

    def step(self, said: Mapping[str, Any]) -> None:
        """Write a step of a case; the roles of the step before hold until others are said."""
        kind, case, step = self._kind(said["case"]), said["name"], said["step"]
        if step not in kind.flow:
            raise Refused("example", f"“{kind.code}”没有环节“{step}”", f"'{kind.code}' has no step '{step}'")
        earlier = [f for f in self.facts if f.kind == kind.code and f.item == case]
        fact = self._deed(kind, said)
        roles = {**(earlier[-1].roles if earlier else {}), **fact.roles}
        self._add(replace(fact, verb="step", step=step, item=case, roles=roles), f"{case}.{step}")

    def entry(self, said: Mapping[str, Any]) -> None:
        """Write an entry that stands from a day, to its last day if ``until`` is said."""
        kind = self._kind(said["entry"])
        told = {"at": said["from"], **said} | ({"by": said["owner"]} if "owner" in said else {})
        fact = self._add(replace(self._deed(kind, told), verb="open"), said.get("name", ""))
        if "until" in said:
            self._end(fact, said["until"], said.get("until_recorded", said["until"]))

    def _end(self, fact: Fact, last: str, recorded: str) -> None:
        """Close an entry so that ``last`` is the last day on which it stands."""
        at = (_day(last) + 1) * 1440
        self._add(replace(fact, id="", verb="close", at=at, recorded=max(at, _moment(recorded))))

    def change(self, said: Mapping[str, Any]) -> None:
        """Write a change of an entry: the fields that are said replace those that held."""
        old = [f for f in self.facts if f.item == self._named(said["change"]).item][-1]
        fields = {**old.fields, **_fields(self._kind(old.kind), said.get("fields") or {})}
        at = _moment(said["from"])
        recorded = _moment(said.get("recorded", said["from"]))
        self._add(replace(old, id="", verb="change", at=at, recorded=recorded, fields=fields), said.get("name", ""))

    def correct(self, said: Mapping[str, Any]) -> None:
        """Write a correction: what is said takes the place of what was written."""
        old = self._named(said["correct"])
        kind = self._kind(old.kind)
        at = _moment(said["at"]) if "at" in said else old.at
        fields = {**old.fields, **_fields(kind, said.get("fields") or {})}
        roles = {**old.roles, **_roles(kind, said)}
        new = replace(old, at=at, recorded=_moment(said["recorded"]), fields=fields, roles=roles, replaces=old.id)
        self.names[said["correct"]] = self._add(new).id

    def withdraw(self, said: Mapping[str, Any]) -> None:
        """Write a withdrawal."""
        old, recorded = self._named(said["withdraw"]), _moment(said["recorded"])
        self._add(Fact("", old.kind, "withdraw", old.item, recorded, recorded, old.roles, {}, replaces=old.id))

    def excuse(self, said: Mapping[str, Any]) -> None:
        """Write an excuse: for the example's duty unless it names another or ``*``."""
        fields = {"duty": said.get("duty", self.duty), "from": said["from"], "to": said["to"], "reason": said["reason"]}
        at = _moment(said.get("recorded", said["from"]))
        self._add(Fact("", "excuse", "record", "", at, at, {"about": _names(said["excuse"])}, fields))

    def verify(self, said: Mapping[str, Any]) -> None:
        """Write a verification of an earlier fact by somebody else."""
        old, at = self._named(said["verify"]), _moment(said["at"])
        fields = {"result": said.get("result", "confirmed"), "spot": said.get("spot", False)}
        roles = {"by": _names(said["by"]), "about": old.roles.get("by", ())}
        self._add(Fact("", "verification", "record", "", at, at, roles, fields, reference=old.item))


_SORTS_OF_FACT = {
    "record": _Writer.record, "case": _Writer.step, "entry": _Writer.entry, "change": _Writer.change,
    "correct": _Writer.correct, "withdraw": _Writer.withdraw, "excuse": _Writer.excuse, "verify": _Writer.verify,
}


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _roles(kind: Kind, said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {role: _names(said[role]) for role in (*_PARTS, *kind.roles) if role in said}


def _fields(kind: Kind, said: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in said if name not in kind.fields]
    if unknown:
        raise Refused("example", f"“{kind.code}”没有字段“{unknown[0]}”", f"'{kind.code}' has no field '{unknown[0]}'")
    return {name: _stored(kind.fields[name].type, kind.fields[name].decimals, value) for name, value in said.items()}


def _stored(sort: str, decimals: int, value: Any) -> Any:  # noqa: ANN401 - any value of a field
    """Return a field's value as facts hold it: numbers and money as integers of their unit."""
    if sort in ("number", "money"):
        return int(Decimal(str(value)).scaleb(2 if sort == "money" else decimals))
    return list(value) if isinstance(value, list | tuple) else value


def _day(text: str) -> int:
    return day_of(date.fromisoformat(str(text)))


def _moment(text: str) -> int:
    """Return the minute of ``2026-03-12 09:30``; a day alone means nine in the morning."""
    said = str(text)
    return minute_of(datetime.fromisoformat(said)) if len(said) > len("2026-03-12") else _day(said) * 1440 + _MORNING


def _deadline(text: str) -> int:
    return _moment(text) if len(str(text)) > len("2026-03-12") else end_of_day(_day(text))
