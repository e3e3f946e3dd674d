"""Figures the slow way: straight from a history and its verdicts, one organisation at a time.

It is the specification of ``standings.scores`` and its test oracle; the two share the plan, not the counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from huxue.core.duties.history import History
from huxue.core.duties.reference import verdicts
from huxue.core.duties.shapes import Deed
from huxue.core.duties.verdict import Verdict
from huxue.core.facts import Fact
from huxue.core.scoring import plan
from huxue.core.scoring.model import (
    AverageDays,
    Change,
    Given,
    Rate,
    Recurring,
    Scoped,
    ScoresOf,
    Share,
    Tally,
    Tree,
    Veto,
)
from huxue.core.scoring.score import Figure, Gathered, Span
from huxue.core.values import MINUTES_A_DAY

CLOSED = ("met", "overdue", "missed")


def gather(history: History, *, day: int) -> Gathered:
    """Return the figures of every tree of the history's rulebook for the period that holds ``day``."""
    gathering = _Gathering(history, _closed(history))
    for code, tree in history.rulebook.scoring.items():
        spans = plan.periods(tree, history.calendars, day, history.as_of)
        if spans is not None:
            gathering.tree(code, tree, *spans)
    return gathering.found


def _closed(history: History) -> list[Verdict]:
    """Return the closed obligations; where an organisation owes the stronger duty, the weaker does not count."""
    every = list(verdicts(history))
    duties = history.rulebook.duties
    beside: set[tuple[str, str]] = set()
    for verdict in every:
        seen, weaker = {verdict.duty.code}, verdict.duty.strengthens
        while weaker and weaker not in seen:
            seen.add(weaker)
            beside.add((verdict.standing.organisation, weaker))
            weaker = duties[weaker].strengthens if weaker in duties else ""
    return [v for v in every if v.standing.status in CLOSED and (v.standing.organisation, v.duty.code) not in beside]


def _day(verdict: Verdict) -> int:
    """Return the day by which an obligation belongs to a year: its period's last, or its deadline."""
    return verdict.window.hi if verdict.window else verdict.standing.due // MINUTES_A_DAY


@dataclass(slots=True)
class _Gathering:
    h: History
    closed: list[Verdict]
    found: Gathered = field(default_factory=Gathered)

    def tree(self, code: str, tree: Tree, now: Span, before: Span) -> None:
        self.found.periods[code] = now
        self.found.scored[code] = tuple(org for org in self.h.organisations if self._is_scored(tree, org, now.snap))
        for org in self.found.scored[code]:
            for leaf in tree.leaves():
                if isinstance(leaf.measure, ScoresOf):
                    kind = self.h.rulebook.scoring[leaf.measure.tree].type
                    below = self._territory(org, (kind,), now.snap)
                    self.found.below.setdefault((code, leaf.code), {})[org] = tuple(sorted(below))
                elif leaf.measure is not None:
                    self._put(code, leaf.code, org, self._leaf(leaf.measure, org, now, before))
            for one in (*tree.bonus, *tree.deductions):
                self._put(code, one.code, org, (self._count(one, org, now),))
            for veto in tree.veto:
                self._put(code, veto.code, org, (self._veto(veto, org, now),))

    def _put(self, tree: str, part: str, org: str, figure: Figure | None) -> None:
        figures = self.found.figures.setdefault((tree, part), {})
        if figure is not None:
            figures[org] = figure

    def _is_scored(self, tree: Tree, org: str, day: int) -> bool:
        fields = self.h.on(org, day)
        if fields is None or fields["type"] != tree.type or self.h.in_use_from(org) > day:
            return False
        return not tree.topic or self.h.supervises(org, tree.topic, day)

    def _territory(self, org: str, types: Iterable[str], day: int) -> list[str]:
        wanted, found = tuple(types), []
        for other in self.h.organisations:
            fields = self.h.on(other, day)
            if fields and (not wanted or fields["type"] in wanted) and self.h.in_territory(org, other, day):
                found.append(other)
        return found

    def _members(self, scope: Scoped, org: str, day: int) -> list[str]:
        return [org] if scope.over == "own" else self._territory(org, scope.types, day)

    def _leaf(self, measure: object, org: str, now: Span, before: Span) -> Figure | None:
        match measure:
            case Share():
                return self._share(measure, org, now)
            case Rate():
                return self._count(measure, org, now), self._base(measure, org, now)
            case Change():
                rates = bool(measure.of)
                return (
                    *(self._count(measure, org, now), self._base(measure, org, now) if rates else 0),
                    *(self._count(measure, org, before), self._base(measure, org, before) if rates else 0),
                )
            case Tally():
                return (self._count(measure, org, now),)
            case AverageDays():
                return self._average(measure, org, now)
            case Recurring():
                return self._recurring(measure, org, now)
            case Given():
                return self._given(measure, org, now)
            case _:
                raise TypeError(measure)

    def _share(self, share: Share, org: str, span: Span) -> Figure | None:
        rulebook = self.h.rulebook
        duties = [duty for duty in rulebook.duties.values() if plan.counts(share, duty, rulebook)]
        members = set(self._members(share, org, span.snap))
        n = of = 0
        for verdict in self.closed:
            s = verdict.standing
            if s.organisation not in members or verdict.duty not in duties or not span.lo <= _day(verdict) <= span.hi:
                continue
            if share.counting == "verified" and s.verified is None:
                continue
            of += 1
            good = {"met": True, "on_time": s.on_time, "verified": bool(s.verified)}[share.counting]
            n += s.status == "met" and good
        return (n, of) if of else None

    def _hits(self, deed: Deed, scope: Scoped, org: str, span: Span) -> Iterator[tuple[str, Fact]]:
        """Yield the deeds of the members, each with the member, leaving out what the scored side found itself."""
        for member in self._members(scope, org, span.snap):
            for fact in self.h.deeds(deed, member):
                if getattr(scope, "found_by", "anybody") == "anybody" or self._by_others(fact, org, span):
                    yield member, fact

    def _by_others(self, fact: Fact, org: str, span: Span) -> bool:
        """Tell whether neither the place itself nor the scored side found a case, or made a record."""
        first = fact
        if fact.verb == "step":
            first = min((f for f in self.h.live if f.verb == "step" and f.item == fact.item), key=_order)
        finders = set(first.roles.get("by", ()))
        return not finders & {*first.roles.get("about", ()), org, *self._territory(org, (), span.snap)}

    def _count(self, tally: Tally, org: str, span: Span) -> int:
        if self.h.on(org, span.snap) is None:
            return 0
        facts = {f.id: f for _, f in self._hits(tally.deed, tally, org, span) if span.lo <= f.day <= span.hi}
        return sum(int(f.fields.get(tally.sum) or 0) if tally.sum else 1 for f in facts.values())

    def _base(self, measure: Rate | Change, org: str, span: Span) -> int:
        found = ((self.h.on(o, span.snap) or {}).get("traits") or {} for o in self._members(measure, org, span.snap))
        return sum(int(traits.get(measure.of) or 0) for traits in found)

    def _average(self, measure: AverageDays, org: str, span: Span) -> Figure | None:
        begins: dict[tuple[str, str], Fact] = {}
        ends: dict[tuple[str, str], list[Fact]] = {}
        for member, fact in self._hits(measure.begins, measure, org, span):
            key = member, fact.item
            begins[key] = min(begins.get(key, fact), fact, key=_order)
        for member, fact in self._hits(measure.ends, measure, org, span):
            ends.setdefault((member, fact.item), []).append(fact)
        days = []
        for key, begun in begins.items():
            later = sorted((f for f in ends.get(key, ()) if _order(f) > _order(begun)), key=_order)
            if later and span.lo <= later[0].day <= span.hi:
                days.append(later[0].day - begun.day)
        return (sum(days), len(days)) if days else None

    def _recurring(self, measure: Recurring, org: str, span: Span) -> Figure | None:
        hits = list(self._hits(measure.deed, measure, org, span))
        inside = {f.id for _, f in hits if span.lo <= f.day <= span.hi}
        by_others = [(place, f) for place, f in hits if self._by_others(f, org, span)]
        again = {
            f.id
            for place, f in by_others
            if f.id in inside and any(_is_earlier(e, f, measure) for other, e in by_others if other == place)
        }
        return (len(again), len(inside)) if inside else None

    def _given(self, measure: Given, org: str, span: Span) -> Figure | None:
        if measure.entry is not None:
            spans = self.h.owned(measure.entry.entry, measure.entry.where, org, span.snap)
            return (sum(int(s.fact.fields.get(measure.field) or 0) for s in spans),) if spans else None
        found = [
            f
            for f in (self.h.deeds(measure.deed, org) if measure.deed else ())
            if span.lo <= f.day <= span.hi and f.fields.get(measure.field) is not None
        ]
        return (int(max(found, key=_order).fields[measure.field]),) if found else None

    def _veto(self, veto: Veto, org: str, span: Span) -> int:
        if veto.deed is not None:
            tally = Tally(deed=veto.deed, over=veto.over, types=veto.types, found_by=veto.found_by)
            return self._count(tally, org, span)
        members = set(self._members(veto, org, span.snap))
        return sum(
            v.standing.organisation in members
            and v.duty.code in veto.missed
            and v.standing.status == "missed"
            and span.lo <= _day(v) <= span.hi
            for v in self.closed
        )


def _is_earlier(earlier: Fact, fact: Fact, measure: Recurring) -> bool:
    keys = [tuple(f.fields.get(name) for name in measure.same) for f in (earlier, fact)]
    return (
        None not in keys[1]
        and keys[0] == keys[1]
        and _order(earlier) < _order(fact)
        and earlier.day >= fact.day - measure.within
    )


def _order(fact: Fact) -> tuple[int, str]:
    return fact.at, fact.id
