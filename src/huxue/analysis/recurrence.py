"""Recurrence: a hazard of the same category at the same spot, found again within so many days of being fixed (M93).

The same spot is one organisation in common, the same area, and the same words for where it is (spaces, punctuation and
width of letters aside) or two places at most ``metres`` apart. The days run from the day on which the earlier case
ended as fixed to the day on which the later one was found. A case that was re-opened by then does not count as fixed.
The record proposes a grade: it changes what the flow asks of the school and is never read by a score.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from huxue.analysis.coordinates import of_place
from huxue.analysis.distance import between
from huxue.analysis.findings import Finding, Found, Reads, plain
from huxue.core.derivations import Derivation
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.values import FAR


@dataclass(frozen=True, slots=True)
class Spell:
    """A case was ended as fixed by a step, until it was re-opened (a minute)."""

    by: Fact
    until: int


@dataclass(frozen=True, slots=True)
class Case:
    """What the rule looks at of one case."""

    found: Fact
    fixed: tuple[Spell, ...]

    @property
    def about(self) -> frozenset[str]:
        """The organisations it is about."""
        return frozenset(self.found.roles.get("about", ()))

    def says(self, name: str) -> str:
        """Return a field of the finding as plain text."""
        return plain(self.found.fields.get(name))

    def fixed_by(self, minute: int) -> Fact | None:
        """Return the step by which it stood as fixed at a minute."""
        standing = [spell.by for spell in self.fixed if spell.by.at < minute < spell.until]
        return standing[-1] if standing else None


def find(derivation: Derivation, reads: Reads, kind: Kind) -> Found:
    """Return a finding for every case that came back; ``kind`` is the kind of the cases, with its flow."""
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in _cases(reads["case"], kind, str(derivation.parameters["ending"])):
        for organisation in case.about:
            groups[organisation, case.says("category"), case.says("area")].append(case)
    found: dict[str, Finding] = {}
    for cases in groups.values():
        for later in cases:
            finding = _finding(later, _earlier(later, cases, derivation), derivation)
            if finding and (finding.key not in found or finding.fields["days"] < found[finding.key].fields["days"]):
                found[finding.key] = finding
    return Found(tuple(found[key] for key in sorted(found)))


def _cases(facts: Sequence[Fact], kind: Kind, ending: str) -> Iterator[Case]:
    by_item: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        by_item[fact.item].append(fact)
    for steps in by_item.values():
        steps.sort(key=lambda fact: (fact.at, fact.id))
        if steps[0].fields.get("category"):
            yield Case(steps[0], tuple(_spells(steps, kind, ending)))


def _spells(steps: Sequence[Fact], kind: Kind, ending: str) -> Iterator[Spell]:
    moves = [step for step in steps if step.step in kind.flow and not kind.flow[step.step].stays]
    for step, after in pairwise([*moves, None]):
        if step is not None and kind.flow[step.step].ends == ending:
            yield Spell(step, after.at if after else FAR * 1440)


def _earlier(later: Case, cases: Iterable[Case], derivation: Derivation) -> list[tuple[Case, Fact]]:
    """Return the cases that ``later`` repeats, with the step by which each stood as fixed, the latest first."""
    days = derivation.number("days")
    found = []
    for case in cases:
        step = case.fixed_by(later.found.at) if case is not later else None
        if step and later.found.day - step.day <= days and _same_spot(case, later, derivation.number("metres")):
            found.append((case, step))
    return sorted(found, key=lambda one: (one[1].at, one[1].id), reverse=True)


def _same_spot(one: Case, other: Case, metres: int) -> bool:
    words = one.says("location")
    if words and words == other.says("location"):
        return True
    here, there = one.found.fields.get("place"), other.found.fields.get("place")
    if not metres or here is None or there is None:
        return False
    return between(of_place(here), of_place(there)) <= metres * 1000


def _finding(later: Case, earlier: Sequence[tuple[Case, Fact]], derivation: Derivation) -> Finding | None:
    if not earlier:
        return None
    case, step = earlier[0]
    days = later.found.day - step.day
    fields = {
        "earlier": case.found.item, "days": days, "grade": str(derivation.parameters["rises_to"]),
        "measure": f"days={days} times={len(earlier)}",
    }  # fmt: skip
    inputs = (later.found.id, case.found.id, step.id)
    about = {"about": tuple(sorted(later.about))}
    return Finding(later.found.item, later.found.at, about, fields, later.found.item, inputs)
