"""What a file says against what the ledger has from earlier files: new, the same, changed, no longer there.

A correction that a person made by hand stands as long as the file says what it said before; what a person withdrew
stays withdrawn. Nothing is ever withdrawn because a file no longer names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from huxue.core.facts import Verb
from huxue.core.recipes.model import Absent
from huxue.core.recipes.planned import Planned


@dataclass(frozen=True, slots=True)
class Earlier:
    """A fact of the ledger that came from a file. ``head``: id of what stands in its place now, "" if withdrawn.

    ``said`` is the content as the last file gave it (``Planned.said``), not as a person corrected it; empty where
    personal values of it were erased: what was erased does not come back by an import.
    """

    origin: str
    head: str
    item: str
    verb: str
    said: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an entry that stands in the ledger, in order of time; ``verb`` close ends it.

    ``origin`` and ``said`` are those of the last file that spoke of it, "" and empty for a person's own.
    """

    id: str
    item: str
    verb: str
    at: int
    roles: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any]
    origin: str = ""
    said: tuple[Any, ...] = ()


class Wanted(NamedTuple):
    """A fact to append: what is planned, the fact it corrects and the item it belongs to ("" for a new one)."""

    planned: Planned
    replaces: str = ""
    item: str = ""


@dataclass(slots=True)
class Difference:
    """The outcome of a comparison."""

    new: list[Wanted] = field(default_factory=list)
    changed: list[Wanted] = field(default_factory=list)
    same: int = 0
    withdrawn: list[Planned] = field(default_factory=list)  # said again by the file, withdrawn by a person
    closed: list[Planned] = field(default_factory=list)  # entries that ended before the file speaks of them
    elsewhere: int = 0  # organisations that came from another source: left as they are
    absent: list[Wanted] = field(default_factory=list)  # no longer named by a later file of the register
    disappeared: list[str] = field(default_factory=list)  # origins that this scope had and the file has no more

    @property
    def wanted(self) -> list[Wanted]:
        """Everything to append, in order."""
        return [*self.new, *self.changed, *self.absent]


def compare_facts(planned: Iterable[Planned], earlier: Mapping[str, Earlier], difference: Difference) -> None:
    """Compare records and steps of cases by their origin."""
    for fact in planned:
        before = earlier.get(fact.origin)
        if before is None:
            group = earlier.get(fact.group)
            difference.new.append(Wanted(fact, item=group.item if group else ""))
        elif not before.head:
            difference.withdrawn.append(fact)
        elif before.said == fact.said or not before.said:
            difference.same += 1
        else:
            difference.changed.append(Wanted(fact, before.head, before.item))


@dataclass(frozen=True, slots=True)
class Standing:
    """Compares what is true of entries from a date on. ``later``: dates of other files of the same recipe, sorted."""

    scope: str
    versions: Mapping[str, Sequence[Version]]  # base origin → versions in order of time
    gone: frozenset[str]  # base origins whose entries a person withdrew
    elsewhere: frozenset[str]  # base origins of organisations whose code another source has opened
    later: Sequence[int]
    registers: Mapping[str, Absent] = field(default_factory=dict)  # target → what silence of a file means

    def compare(self, planned: Iterable[Planned], difference: Difference) -> None:
        """Compare entries and organisations."""
        for fact in planned:
            base = fact.origin
            versions = self.versions.get(base, ())
            if base in self.elsewhere:
                difference.elsewhere += 1
            elif base in self.gone:
                difference.withdrawn.append(fact)
            elif not versions:
                opened = _as(fact, self.named(base), "open", group=self.named(base))
                difference.new += [Wanted(opened), *(Wanted(one) for one in self._silence(fact, opened.group))]
            else:
                self._known(fact, versions, difference)

    def named(self, base: str) -> str:
        """Return the origin of the version that this scope makes."""
        return f"{base}|{self.scope}"

    def _known(self, fact: Planned, versions: Sequence[Version], difference: Difference) -> None:
        name, at = self.named(fact.origin), fact.at
        mine = next((v for v in versions if v.origin == name), None)
        if mine is not None:
            if mine.said == fact.said or not mine.said:
                difference.same += 1
            else:
                verb: Verb = "open" if mine.verb == "open" else "change"
                difference.changed.append(Wanted(_as(fact, name, verb), mine.id, mine.item))
            return
        if at < versions[0].at:
            self._earlier(fact, versions[0], difference)
            return
        holding = next(v for v in reversed(versions) if v.at <= at)
        if holding.verb == "close":
            difference.closed.append(fact)
        elif _alike(holding, fact):
            difference.same += 1
        else:
            difference.changed += self._change(fact, holding, versions)

    def _change(self, fact: Planned, holding: Version, versions: Sequence[Version]) -> list[Wanted]:
        """A change from the file's date on; what a later file said already stays true from that file's date on."""
        wanted = [Wanted(_as(fact, self.named(fact.origin), "change"), item=holding.item)]
        after = next((at for at in self.later if at > fact.at), None)
        if after is not None and not any(fact.at < v.at <= after for v in versions):
            name = self._kept(fact.origin)
            kept = Planned(name, fact.kind, "change", after, holding.roles, holding.fields, row=fact.row)
            wanted.append(Wanted(kept, item=holding.item))
        return wanted

    def _earlier(self, fact: Planned, first: Version, difference: Difference) -> None:
        """An earlier file came later: the opening moves back to its date, and what was said stays true from its own."""
        opened = Wanted(_as(fact, self.named(fact.origin), "open"), first.id, first.item)
        silence = self._silence(fact, "", before=first.at)
        difference.changed += [opened, *(Wanted(one, item=first.item) for one in silence)]
        if silence or not _alike(first, fact):
            name = first.origin or self._kept(fact.origin)
            kept = Planned(name, fact.kind, "change", first.at, first.roles, first.fields, row=fact.row)
            difference.changed.append(Wanted(kept, item=first.item))

    def _silence(self, fact: Planned, group: str, before: int | None = None) -> list[Planned]:
        """What a later file of the register has already said of an entry by not naming it."""
        absent = self.registers.get(fact.origin.split("|")[2])
        after = next((at for at in self.later if at > fact.at), None)
        if absent is None or after is None or (before is not None and after >= before):
            return []
        fields = over(fact.fields, absent.fields)
        return [
            Planned(self._kept(fact.origin), fact.kind, "change", after, fact.roles, fields, group=group, row=fact.row)
        ]

    def _kept(self, base: str) -> str:
        return f"{self.named(base)}|kept"

    def absences(
        self, absent: Absent, bases: Iterable[tuple[str, bool]], at: int, kind: str
    ) -> tuple[list[Wanted], int]:
        """Return what is to be said of entries that a file of the register does not name, and how many were on it.

        ``bases``: base origins of the register, and whether the file names each.
        """
        wanted: list[Wanted] = []
        on_it = 0
        for base, named in bases:
            versions = self.versions.get(base, ())
            holding = next((v for v in reversed(versions) if v.at <= at), None)
            if holding is None or holding.verb == "close":
                continue
            fields = over(holding.fields, absent.fields)
            if fields == holding.fields:
                continue
            on_it += 1
            if not named:
                fact = Planned(base, kind, "change", at, holding.roles, fields)
                wanted += self._change(fact, holding, versions)
        return wanted, on_it


def _as(fact: Planned, origin: str, verb: Verb, group: str = "") -> Planned:
    return Planned(origin, fact.kind, verb, fact.at, fact.roles, fact.fields, group=group, row=fact.row)


def _alike(version: Version, fact: Planned) -> bool:
    return version.fields == fact.fields and version.roles == fact.roles


def over(fields: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields with others laid over them; mappings (the traits) are laid over one by one."""
    result = dict(fields)
    for name, value in said.items():
        inner = result.get(name)
        result[name] = over(inner, value) if isinstance(value, Mapping) and isinstance(inner, Mapping) else value
    return result
