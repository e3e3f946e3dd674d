"""From what a rule came to and what the ledger holds of it, to the facts that are missing: pure.

The derived facts that count are a function of the facts they are made of and of the editions in force: whatever the
order of arrival, running a rule again writes nothing, and what was corrected or withdrawn below is corrected or
withdrawn here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from huxue.analysis.findings import Finding, Stand
from huxue.core.derivations import Derivation
from huxue.core.facts import Fact, Verb
from huxue.core.values import FAR, MINUTES_A_DAY
from huxue.ledger.drafts import Draft

INPUTS_KEPT = 500  # named in the record itself; the hash and the number are of all of them


@dataclass(frozen=True, slots=True)
class Made:
    """By what a record is made: the code of the derivation, the derivation itself, the hash of the edition."""

    code: str
    derivation: Derivation
    edition: str

    def fields(self, key: str, inputs: Iterable[str]) -> dict[str, Any]:
        """Return the fields by which a derived record says what it is."""
        ids = sorted(set(inputs))
        return {
            "derivation": self.code,
            "rule": self.derivation.rule,
            "parameters": self.derivation.said(),
            "key": key,
            "inputs": ids[:INPUTS_KEPT],
            "inputs_count": len(ids),
            "inputs_hash": sha256("\n".join(ids).encode()).hexdigest(),
            "edition": self.edition,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A derived fact as it should stand. ``group`` holds those that are one another's next version."""

    group: str
    verb: Verb
    at: int
    roles: Mapping[str, tuple[str, ...]]
    fields: Mapping[str, Any]
    reference: str
    near: int = FAR * MINUTES_A_DAY

    def like(self, fact: Fact) -> bool:
        """Whether a fact says this already; under which edition it was made does not matter."""
        if (fact.verb, fact.at, fact.reference) != (self.verb, self.at, self.reference):
            return False
        return _said(fact.fields) == _said(self.fields) and dict(fact.roles) == dict(self.roles)


def _said(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "edition"}


def wanted_record(finding: Finding, made: Made) -> Wanted:
    """Return the record that a finding asks for."""
    fields = {**finding.fields, **made.fields(finding.key, finding.inputs)}
    return Wanted(finding.key, "record", finding.at, finding.roles, fields, finding.reference, finding.near)


def wanted_entries(stands: Sequence[tuple[Stand, Made]], until: int) -> list[Wanted]:
    """Return the openings, changes and closings that stands ask for; ``until`` is the last day that is known.

    Where one stand follows another without a gap it is a change, or nothing if it says the same.
    """
    by_key: dict[str, list[tuple[Stand, Made]]] = defaultdict(list)
    for one in stands:
        by_key[one[0].key].append(one)
    return [wanted for key in sorted(by_key) for wanted in _life(sorted(by_key[key], key=lambda s: s[0].lo), until)]


def _life(stands: Sequence[tuple[Stand, Made]], until: int) -> Iterator[Wanted]:
    episode, last, ended = 0, None, -FAR
    for stand, made in stands:
        group = f"{stand.key}|{episode}"
        if last is not None and stand.lo > ended + 1:
            yield _closing(last, ended)
            episode, last = episode + 1, None
            group = f"{stand.key}|{episode}"
        fields = {**stand.fields, **made.fields(group, stand.inputs)}
        verb: Verb = "change" if last else "open"
        wanted = Wanted(group, verb, stand.lo * MINUTES_A_DAY, stand.roles, fields, stand.reference)
        if last is None or _said(last.fields) != _said(fields):
            yield wanted
            last = wanted
        ended = stand.hi
    if last is not None and ended < until:
        yield _closing(last, ended)


def _closing(last: Wanted, ended: int) -> Wanted:
    return replace(last, verb="close", at=(ended + 1) * MINUTES_A_DAY, fields={})


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts to write, by sort; ``kept`` is how many stand already."""

    written: tuple[Draft, ...]
    corrected: tuple[Draft, ...]
    withdrawn: tuple[Draft, ...]
    kept: int

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """All of them, in the order in which they are appended."""
        return (*self.withdrawn, *self.corrected, *self.written)


def plan(kind: str, wanted: Sequence[Wanted], every: Sequence[Fact], *, until: int, now: int) -> Plan:
    """Compare what should stand with ``every`` fact of the derivation (with those replaced or withdrawn).

    What stands of after the minute ``until`` is left alone: the run is about an earlier day.
    """
    gone = {fact.replaces for fact in every if fact.replaces}
    items = {fact.item: str(fact.fields["key"]) for fact in every if fact.fields.get("key")}
    seen: dict[str, list[Fact]] = defaultdict(list)
    for fact in every:
        seen[items[fact.item]].append(fact)
    groups: dict[str, list[Wanted]] = defaultdict(list)
    for one in wanted:
        groups[one.group].append(one)
    parts = [
        _group(kind, groups.get(group, []), seen.get(group, []), gone, (until, now))
        for group in sorted({*groups, *seen})
    ]
    return Plan(
        tuple(draft for part in parts for draft in part.written),
        tuple(draft for part in parts for draft in part.corrected),
        tuple(draft for part in parts for draft in part.withdrawn),
        sum(part.kept for part in parts),
    )


def _group(kind: str, wanted: Sequence[Wanted], seen: Sequence[Fact], gone: set[str], days: tuple[int, int]) -> Plan:
    until, now = days
    counting = [fact for fact in seen if fact.verb != "withdraw" and fact.id not in gone]
    standing = [fact for fact in counting if fact.at <= until]
    missing: list[Wanted] = []
    for one in wanted:
        same = next((fact for fact in standing if one.like(fact)), None)
        if same:
            standing.remove(same)
        else:
            missing.append(one)
    kept = len(wanted) - len(missing)
    ids = _Ids(kind, len(seen))
    corrected, written = [], []
    item = next((fact.item for fact in counting if fact.verb == "open"), "")
    for one in missing:
        old = _before(one, standing)
        if old:
            standing.remove(old)
            corrected.append(_draft(ids, kind, one, item=old.item, replaces=old.id))
        else:
            draft = _draft(ids, kind, one, item=item)
            item = draft.id if one.verb == "open" else item
            written.append(draft)
    withdrawn = [
        Draft(id=ids.next(now, fact.id), kind=kind, verb="withdraw", at=now, item=fact.item, replaces=fact.id)
        for fact in standing
    ]
    return Plan(tuple(written), tuple(corrected), tuple(withdrawn), kept)


def _before(wanted: Wanted, standing: Sequence[Fact]) -> Fact | None:
    """Return the standing fact that ``wanted`` is another version of: the nearest in time of its verb."""
    of_verb = [fact for fact in standing if fact.verb == wanted.verb and abs(fact.at - wanted.at) <= wanted.near]
    return min(of_verb, key=lambda fact: (abs(fact.at - wanted.at), fact.id), default=None)


def _draft(ids: _Ids, kind: str, wanted: Wanted, *, item: str = "", replaces: str = "") -> Draft:
    own = item if wanted.verb != "record" or replaces else ""
    return Draft(
        id=ids.next(wanted.at, wanted.group), kind=kind, verb=wanted.verb, at=wanted.at, item=own,
        roles=wanted.roles, fields=wanted.fields, reference=wanted.reference, replaces=replaces,
    )  # fmt: skip


class _Ids:
    """Ids that say the same for the same run: time-ordered like every id, then counted on from the facts there are.

    Two runs at once make the same ids with the same content, which the ledger takes as one fact sent twice.
    """

    def __init__(self, kind: str, count: int) -> None:
        self._kind, self._count = kind, count

    def next(self, at: int, *parts: str) -> str:
        """Return the next id."""
        digest = sha256("\n".join((self._kind, str(self._count), *parts)).encode()).hexdigest()
        number, self._count = self._count & 0xFFF, self._count + 1
        return f"{max(at, 0) * 60_000:012x}7{number:03x}8{digest[:15]}"
