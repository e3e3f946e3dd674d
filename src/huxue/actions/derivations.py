"""Deriving: run the rules of the editions over the ledger, and write what follows as facts of the system.

One transaction for each derivation. A day is judged by the edition in force on it, so a new value of a parameter makes
new records from the edition's first day on and leaves the earlier ones as they were made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.db import transaction

from huxue.actions.derived_drafts import Made, Plan, Wanted, plan, wanted_entries, wanted_record
from huxue.analysis import cluster, online_rate, proximity, recurrence
from huxue.analysis.findings import Found, Note
from huxue.core.derivations import Derivation, RuleName
from huxue.core.facts import Fact, known
from huxue.core.kinds import Kind
from huxue.core.rulebook.edition import Edition
from huxue.core.values import FAR, MINUTES_A_DAY, Refused, Text, date_of, end_of_day
from huxue.ledger import editions, reading
from huxue.ledger.append import append
from huxue.ledger.locks import hold
from huxue.standings.site import edition_for

NOTES_KEPT = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one derivation came to: facts read, and derived facts written, corrected, withdrawn and kept."""

    code: str
    title: Text
    rule: RuleName
    read: int
    written: int
    corrected: int
    withdrawn: int
    kept: int
    notes: tuple[Note, ...]
    notes_count: int


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which an edition is in force, both included."""

    lo: int
    hi: int
    edition: Edition


def derive(*, as_of: int, now: int, only: Collection[str] = (), dry_run: bool = False) -> list[Outcome]:
    """Bring every derived record up to day ``as_of``; ``only`` names derivations or rules.

    Facts that happened by the end of ``as_of`` count, as known at ``now`` (a minute). With ``dry_run`` nothing is
    written. Raises ``Refused``: ``in_future``, ``unknown_derivation``, ``no_edition`` and the codes of ``append``.
    """
    if as_of > now // MINUTES_A_DAY:
        raise Refused("in_future", f"{date_of(as_of)} 尚未到来。", f"{date_of(as_of)} has not come yet.")
    spans = spans_of_editions(as_of=as_of, known_at=now // MINUTES_A_DAY)
    every = {code: one for span in spans for code, one in span.edition.rulebook.derivations.items()}
    _refuse_unknown(every, only)
    chosen = {code: one for code, one in every.items() if not only or code in only or one.rule in only}
    return [_derive(code, one, spans, as_of=as_of, now=now, dry_run=dry_run) for code, one in chosen.items()]


def _refuse_unknown(every: Mapping[str, Derivation], only: Collection[str]) -> None:
    names = {*every, *(one.rule for one in every.values())}
    for name in only:
        if name not in names:
            known_names = ", ".join(sorted(names)) or "–"
            raise Refused(
                "unknown_derivation",
                f"制度中没有推导规则“{name}”，现有：{known_names}",
                f"the rulebook has no derivation '{name}' but: {known_names}",
            )


def spans_of_editions(*, as_of: int, known_at: int) -> list[Span]:
    """Return which edition is in force when, up to day ``as_of``; the first also holds for the days before it."""
    starts = sorted({one.valid_from for one in editions.activations() if one.valid_from <= as_of}) or [as_of]
    found: list[Span] = []
    for start, after in pairwise([*starts, as_of + 1]):
        edition = edition_for(as_of=start, known_at=known_at)
        if found and found[-1].edition.hash == edition.hash:
            found[-1] = replace(found[-1], hi=after - 1)
        else:
            found.append(Span(start if found else -FAR, after - 1, edition))
    found[-1] = replace(found[-1], hi=FAR)
    return found


def _derive(
    code: str, derivation: Derivation, spans: Sequence[Span], *, as_of: int, now: int, dry_run: bool
) -> Outcome:
    with transaction.atomic():
        hold({f"derivation:{code}"})  # two runs of one rule wait for each other
        facts = _Facts(_kinds(code, spans), as_of=as_of, now=now)
        found = list(_found(code, spans, facts))
        derived = facts.derived(derivation.writes, code)
        planned = plan(derivation.writes, _wanted(found, as_of), derived, until=end_of_day(as_of), now=now)
        if planned.drafts and not dry_run:
            append(planned.drafts, kinds=spans[-1].edition.rulebook.kinds, recorded=now)
    notes = tuple({(note.fact, note.en): note for _, _, one in found for note in one.notes}.values())
    return _outcome(code, derivation, facts.read, planned, notes)


def _outcome(code: str, derivation: Derivation, read: int, planned: Plan, notes: Sequence[Note]) -> Outcome:
    return Outcome(
        code, derivation.title, derivation.rule, read, len(planned.written), len(planned.corrected),
        len(planned.withdrawn), planned.kept, tuple(notes[:NOTES_KEPT]), len(notes),
    )  # fmt: skip


def _kinds(code: str, spans: Iterable[Span]) -> Iterator[str]:
    """Yield every kind that a derivation reads or writes under any edition, and the organisations."""
    yield "organisation"
    for _, made in _in_force(code, spans):
        yield from (*made.derivation.reads.values(), made.derivation.writes)


def _in_force(code: str, spans: Iterable[Span]) -> Iterator[tuple[Span, Made]]:
    for span in spans:
        derivation = span.edition.rulebook.derivations.get(code)
        if derivation is not None:
            yield span, Made(code, derivation, span.edition.hash)


def _found(code: str, spans: Iterable[Span], facts: _Facts) -> Iterator[tuple[Span, Made, Found]]:
    """Run the rule for each edition; one that says the same as the edition before need not run again."""
    before: tuple[Derivation, dict[str, Kind], Found] | None = None
    for span, made in _in_force(code, spans):
        kinds = {name: span.edition.rulebook.kinds[name] for name in made.derivation.reads.values()}
        if before is None or before[:2] != (made.derivation, kinds):
            before = made.derivation, kinds, _run(made.derivation, kinds, facts)
        yield span, made, before[2]


class _Facts:
    """The facts of a run, read in one pass over the ledger."""

    def __init__(self, kinds: Iterable[str], *, as_of: int, now: int) -> None:
        self.as_of = as_of
        self.read = 0
        self._every: dict[str, list[Fact]] = defaultdict(list)
        for fact in reading.of_kinds(sorted(set(kinds)), known_at=FAR // 2):
            self._every[fact.kind].append(fact)
        self._today = now // MINUTES_A_DAY
        self._counting: dict[str, list[Fact]] = {}

    def of(self, kind: str) -> list[Fact]:
        """Return the facts of a kind that count today and happened by the day it is about."""
        if kind not in self._counting:
            counting = known(self._every[kind], self._today)
            self._counting[kind] = [fact for fact in counting if fact.at <= end_of_day(self.as_of)]
            self.read += len(self._counting[kind])
        return self._counting[kind]

    def derived(self, kind: str, code: str) -> list[Fact]:
        """Return every fact of what a derivation wrote, with those replaced and the withdrawals."""
        items = {fact.item for fact in self._every[kind] if fact.fields.get("derivation") == code}
        return [fact for fact in self._every[kind] if fact.item in items]


def _run(derivation: Derivation, kinds: Mapping[str, Kind], facts: _Facts) -> Found:
    """Run the rule of a derivation over the whole ledger; what falls into an edition's days is picked afterwards."""
    reads = {part: facts.of(kind) for part, kind in derivation.reads.items()}
    match derivation.rule:
        case "recurrence":
            return recurrence.find(derivation, reads, kinds[derivation.reads["case"]])
        case "distance":
            return proximity.find(derivation, reads, facts.of("organisation"))
        case "cluster":
            return cluster.find(derivation, reads)
        case "online-rate":
            return online_rate.find(derivation, reads, as_of=facts.as_of)


def _wanted(found: Sequence[tuple[Span, Made, Found]], as_of: int) -> list[Wanted]:
    records = [
        wanted_record(finding, made)
        for span, made, one in found
        for finding in one.findings
        if span.lo <= finding.at // MINUTES_A_DAY <= span.hi
    ]
    stands = [
        (replace(stand, lo=max(stand.lo, span.lo), hi=min(stand.hi, span.hi)), made)
        for span, made, one in found
        for stand in one.stands
        if max(stand.lo, span.lo) <= min(stand.hi, span.hi)
    ]
    return [*records, *wanted_entries([one for one in stands if one[0].lo <= as_of], as_of)]
