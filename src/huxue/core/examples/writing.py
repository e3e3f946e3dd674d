"""Facts of a worked example, written as an official would tell them: dates, names, what happened.

Only what matters has to be said: fields that a kind requires may be missing, a day alone means nine in the morning,
and a deed was recorded when it happened unless ``recorded`` says otherwise. Unknown words are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from huxue.core.facts import Fact
from huxue.core.kinds import Kind, checked
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, day_of, end_of_day, minute_of

Roles = Mapping[str, tuple[str, ...]]
_MORNING = 9 * 60  # minutes
_PARTS = ("by", "about", "to", "with")


class Writer:
    """Collects facts in the order of the file; their ids sort in that order."""

    def __init__(self, rulebook: Rulebook, duty: str) -> None:
        """Start with no facts; ``duty`` is the one that excuses are for."""
        self.rulebook, self.duty = rulebook, duty
        self.facts: list[Fact] = []
        self.names: dict[str, str] = {}  # the name in the file → the id of the fact

    def write(self, said: Mapping[str, Any]) -> None:
        """Write one item of ``facts``."""
        for word, (take, keys) in _SORTS_OF_FACT.items():
            if word in said:
                roles = self._kind(said[word]).roles if word in ("record", "case", "entry") else ()
                only(said, (word, *keys, *(_PARTS if word in _WITH_ROLES else ()), *roles))
                take(self, said)
                return
        raise refuse(f"看不懂这条事实：{dict(said)}", f"not a fact that an example can say: {dict(said)}")

    def organisation(self, name: str) -> str:
        """Return the name of an organisation that the situation knows."""
        if not any(f.kind == "organisation" and f.fields["code"] == name for f in self.facts):
            raise refuse(f"情境中没有单位“{name}”", f"the situation knows no organisation '{name}'")
        return name

    def _roles(self, kind: Kind, said: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
        return {role: self._organisations(said[role]) for role in (*_PARTS, *kind.roles) if role in said}

    def _fields(self, kind: Kind, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that are said as facts hold them; a missing one is no mistake here."""
        told = said.get("fields") or {}
        read = checked(kind, told, lists=self.rulebook.lists)
        for name, zh, en in read.mistakes:
            if name in told:
                raise refuse(f"“{kind.code}”的“{name}”：{zh}", f"'{name}' of '{kind.code}': {en}")
        return {name: self._pointed(kind, name, value) for name, value in read.values.items()}

    def _pointed(self, kind: Kind, name: str, value: Any) -> Any:
        """Return the entry that a field names by the name it has in the file; any other value as it is."""
        if kind.fields[name].type != "entry":
            return value
        return [self._named(one).item for one in value] if isinstance(value, list) else self._named(value).item

    def _organisations(self, said: str | Sequence[str]) -> tuple[str, ...]:
        return tuple(map(self.organisation, (said,) if isinstance(said, str) else said))

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
            raise refuse(f"没有名为“{name}”的事实", f"there is no fact named '{name}'")
        return next(f for f in self.facts if f.id == self.names[name])

    def _kind(self, code: str) -> Kind:
        kind = self.rulebook.kinds.get(code)
        if kind is None:
            raise refuse(f"没有类型“{code}”", f"there is no kind '{code}'")
        return kind

    def stand(self, kind: str, roles: Roles, fields: Mapping[str, Any], begins: str, until: str | None = None) -> None:
        """Write an entry of a reserved kind that stands from one day, to another if said (its last day)."""
        fact = self._add(Fact("", kind, "open", "", _moment(begins), _moment(begins), roles, fields))
        if until:
            self._end(fact, until, until)

    def holding(self, said: Mapping[str, Any]) -> None:
        """Write that somebody takes up a post of the situation, vacant until then."""
        post, at = said["holding"], _moment(said["from"])
        if not any(f.kind == "post" and f.fields["code"] == post for f in self.facts):
            raise refuse(f"情境中没有岗位“{post}”", f"the situation knows no post '{post}'")
        roles = {"about": self._organisations(post.partition("/")[0])}
        fields = {"post": post, "person": said["person"]}
        recorded = _moment(said.get("recorded", said["from"]))
        self._add(Fact("", "holding", "open", "", at, recorded, roles, fields), said.get("name", ""))

    def record(self, said: Mapping[str, Any]) -> None:
        """Write a record."""
        self._add(self._deed(self._kind(said["record"]), said), said.get("name", ""))

    def _deed(self, kind: Kind, said: Mapping[str, Any]) -> Fact:
        at = _moment(said["at"])
        reference = self._named(said["reference"]).item if "reference" in said else ""
        recorded = _moment(said["recorded"]) if "recorded" in said else at
        return Fact(
            "",
            kind.code,
            "record",
            "",
            at,
            recorded,
            self._roles(kind, said),
            self._fields(kind, said),
            reference=reference,
            post=said.get("post", ""),
            person=said.get("person", ""),
            makeup=said.get("makeup", False),
            deadline=_deadline(said["deadline"]) if "deadline" in said else None,
        )

    def step(self, said: Mapping[str, Any]) -> None:
        """Write a step of a case; the roles of the step before hold until others are said."""
        kind, case, step = self._kind(said["case"]), said["name"], said["step"]
        if step not in kind.flow:
            raise refuse(f"“{kind.code}”没有环节“{step}”", f"'{kind.code}' has no step '{step}'")
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
        at = (day(last) + 1) * 1440
        self._add(replace(fact, id="", verb="close", at=at, recorded=max(at, _moment(recorded))))

    def change(self, said: Mapping[str, Any]) -> None:
        """Write a change of an entry: the fields that are said replace those that held."""
        old = [f for f in self.facts if f.item == self._named(said["change"]).item][-1]
        fields = {**old.fields, **self._fields(self._kind(old.kind), said)}
        at = _moment(said["from"])
        recorded = _moment(said.get("recorded", said["from"]))
        self._add(replace(old, id="", verb="change", at=at, recorded=recorded, fields=fields), said.get("name", ""))

    def correct(self, said: Mapping[str, Any]) -> None:
        """Write a correction: what is said takes the place of what was written."""
        old = self._named(said["correct"])
        kind = self._kind(old.kind)
        at = _moment(said["at"]) if "at" in said else old.at
        fields = {**old.fields, **self._fields(kind, said)}
        roles = {**old.roles, **self._roles(kind, said)}
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
        roles = {"about": self._organisations(said["excuse"])}
        self._add(Fact("", "excuse", "record", "", at, at, roles, fields))

    def verify(self, said: Mapping[str, Any]) -> None:
        """Write a verification of an earlier fact by somebody else."""
        old, at = self._named(said["verify"]), _moment(said["at"])
        fields = {"result": said.get("result", "confirmed"), "spot": said.get("spot", False)}
        roles = {"by": self._organisations(said["by"]), "about": old.roles.get("by", ())}
        self._add(Fact("", "verification", "record", "", at, at, roles, fields, reference=old.item))


_DEED = ("at", "recorded", "name", "fields", "reference", "post", "person", "makeup", "deadline")
_SORTS_OF_FACT = {
    "record": (Writer.record, _DEED),
    "case": (Writer.step, (*_DEED, "step")),
    "entry": (Writer.entry, ("owner", "from", "until", "until_recorded", "recorded", "name", "fields")),
    "holding": (Writer.holding, ("person", "from", "recorded", "name")),
    "change": (Writer.change, ("from", "recorded", "name", "fields")),
    "correct": (Writer.correct, ("at", "recorded", "fields")),
    "withdraw": (Writer.withdraw, ("recorded",)),
    "excuse": (Writer.excuse, ("duty", "from", "to", "reason", "recorded")),
    "verify": (Writer.verify, ("at", "by", "result", "spot")),
}
_WITH_ROLES = ("record", "case", "entry", "correct")


def refuse(zh: str, en: str) -> Refused:
    """Return the refusal of an example that cannot be read."""
    return Refused("example", zh, en)


def only(said: Mapping[str, Any], allowed: Collection[str]) -> None:
    """Refuse words that mean nothing where they stand."""
    for word in said:
        if word not in allowed:
            raise refuse(f"这里不能写“{word}”：{dict(said)}", f"'{word}' is not allowed here: {dict(said)}")


def day(text: str) -> int:
    """Return the day number of ``2026-03-12``."""
    return day_of(date.fromisoformat(str(text)))


def _moment(text: str) -> int:
    """Return the minute of ``2026-03-12 09:30``; a day alone means nine in the morning."""
    said = str(text)
    return minute_of(datetime.fromisoformat(said)) if len(said) > len("2026-03-12") else day(said) * 1440 + _MORNING


def _deadline(text: str) -> int:
    return _moment(text) if len(str(text)) > len("2026-03-12") else end_of_day(day(text))
