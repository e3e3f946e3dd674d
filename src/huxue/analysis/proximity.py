"""Distance: which venues lie within reach of which schools, since when, and whether within the limit (SUR-01..06).

``wall-straight`` measures from any point of the boundary, ``gate-radius`` from a gate, ``gate-walk`` takes what
somebody measured on the way. Where the boundary (the gates, the walk) is not known, the distance to the points that are
known is kept as ``bound`` and nothing is decided: ``within_limit`` is absent, never false (GEO-03). Distances are kept
in whole decimetres, rounded down, so that 199.99 m never becomes 200.0 m.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from huxue.analysis.boundaries import read_boundary, read_points
from huxue.analysis.coordinates import Point, of_place, place
from huxue.analysis.distance import near
from huxue.analysis.findings import Found, Note, Reads, Stand
from huxue.core.derivations import Derivation
from huxue.core.duties.spans import EntrySpan, spans_of
from huxue.core.facts import Fact
from huxue.core.kinds.wrong import Wrong

KNOWN_BY = {"wall-straight": ("boundary",), "gate-radius": ("gates",), "gate-walk": ()}
"""By measure: the fields of a site from which a distance decides. A walk is decided by what was measured alone."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A version of a site with its shape; ``decides`` if a distance from it is the one that the measure asks for."""

    span: EntrySpan
    shape: BaseGeometry
    field: str
    decides: bool


def find(derivation: Derivation, reads: Reads, organisations: Sequence[Fact]) -> Found:
    """Return how every venue stood to every school within reach, version by version."""
    notes: list[Note] = []
    measure = str(derivation.parameters["measure"])
    outlines = list(_outlines(reads["site"], measure, notes))
    venues = [span for span in _spans(reads["venue"]) if _wanted(span, derivation)]
    points = [of_place(span.fact.fields["place"]) for span in venues]
    levels = _Levels(organisations, derivation.words("levels"))
    walked = _walked(reads.get("measured", ())) if measure == "gate-walk" else {}
    pairs = near([one.shape for one in outlines], points, metres=derivation.number("reach"))
    stands: list[Stand] = []
    for index in range(len(pairs.shape)):
        outline, venue = outlines[pairs.shape[index]], venues[pairs.point[index]]
        met = _Met(outline, venue, int(pairs.millimetres[index]), Point(*map(float, pairs.nearest[index])))
        stands += met.stands(derivation, levels, walked)
    return Found(stands=tuple(sorted(stands, key=lambda one: (one.key, one.lo))), notes=tuple(notes))


def _spans(facts: Iterable[Fact]) -> list[EntrySpan]:
    by_item = spans_of(facts, lambda fact: fact.item)
    return [span for item in sorted(by_item) for span in by_item[item]]


def _wanted(span: EntrySpan, derivation: Derivation) -> bool:
    fields = span.fact.fields
    return fields.get("sort") in derivation.words("sorts") and bool(fields.get("place"))


def _outlines(facts: Iterable[Fact], measure: str, notes: list[Note]) -> Iterator[Outline]:
    """Yield the best shape that each version of a site gives: what the measure asks for, else any points known."""
    wanted = KNOWN_BY[measure]
    for span in _spans(facts):
        for name in (*wanted, *(n for n in ("boundary", "gates", "point") if n not in wanted)):
            shape = _shape(span.fact, name, notes)
            if shape is not None:
                yield Outline(span, shape, name, name in wanted)
                break


def _shape(fact: Fact, name: str, notes: list[Note]) -> BaseGeometry | None:
    said = fact.fields.get(name)
    if not said:
        return None
    try:
        if name == "boundary":
            return read_boundary(said)
        points = read_points(said) if name == "gates" else (of_place(said),)
    except Wrong as wrong:
        notes.append(Note(fact.id, f"{name}：{wrong.zh}", f"{name}: {wrong.en}"))
        return None
    return shapely.MultiPoint(points) if points else None


class _Levels:
    """When an organisation was open and of one of the levels asked for (none asked: any)."""

    def __init__(self, organisations: Iterable[Fact], wanted: Sequence[str]) -> None:
        by_code = spans_of(organisations, lambda fact: str((fact.fields or {}).get("code") or fact.roles["about"][0]))
        self._spans: dict[str, list[tuple[int, int]]] = {
            code: [
                (s.lo, s.hi) for s in spans if not wanted or (s.fact.fields.get("traits") or {}).get("level") in wanted
            ]
            for code, spans in by_code.items()
        }

    def clip(self, code: str, lo: int, hi: int) -> Iterator[tuple[int, int]]:
        """Yield the parts of a span of days in which it was."""
        for low, high in self._spans.get(code, ()):
            if max(low, lo) <= min(high, hi):
                yield max(low, lo), min(high, hi)


def _walked(facts: Iterable[Fact]) -> dict[tuple[str, str], list[Fact]]:
    """Return the walks measured: (school, venue) → records in order of time."""
    found: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for fact in sorted(facts, key=lambda one: (one.at, one.id)):
        for school in fact.roles.get("about", ()):
            found[school, str(fact.fields.get("venue"))].append(fact)
    return found


@dataclass(frozen=True, slots=True)
class _Met:
    """A version of a site and one of a venue within reach of each other."""

    outline: Outline
    venue: EntrySpan
    millimetres: int
    nearest: Point

    def stands(
        self, derivation: Derivation, levels: _Levels, walked: Mapping[tuple[str, str], Sequence[Fact]]
    ) -> Iterator[Stand]:
        """Yield how they stood to each other while both did, cut where a walk was measured."""
        site = self.outline.span
        lo, hi = max(site.lo, self.venue.lo), min(site.hi, self.venue.hi)
        if lo > hi:
            return
        for school in site.fact.roles.get("by", ()):
            walks = walked.get((school, self.venue.item), ())
            for low, high in levels.clip(school, lo, hi):
                for first, last, walk in _cut(low, high, walks):
                    yield self._stand(derivation, school, (first, last), walk)

    def _stand(self, derivation: Derivation, school: str, days: tuple[int, int], walk: Fact | None) -> Stand:
        site, venue = self.outline.span, self.venue
        inputs = (site.fact.id, venue.fact.id, *((walk.id,) if walk else ()))
        fields = {
            "venue": venue.fact.fields.get("name", ""), "venue_kind": venue.fact.fields["sort"],
            "venue_entry": venue.item, "measure": derivation.parameters["measure"],
            "limit": derivation.number("limit"), "document": derivation.parameters["document"],
            "school_point": place(self.nearest), "venue_point": venue.fact.fields["place"],
            **self._decided(derivation, walk),
        }  # fmt: skip
        return Stand(f"{site.item}|{venue.item}", *days, {"by": (school,)}, fields, venue.item, inputs)

    def _decided(self, derivation: Derivation, walk: Fact | None) -> dict[str, Any]:
        """Return the distance and whether it lies within the limit; a bound where that cannot be decided."""
        limit = derivation.number("limit")
        if walk is not None:
            tenths = int(walk.fields["metres"])  # one decimal: decimetres
            return {"distance": tenths, "within_limit": tenths < limit * 10}
        tenths, within = self.millimetres // 100, self.millimetres < limit * 1000
        if self.outline.decides:
            return {"distance": tenths, "within_limit": within}
        if derivation.parameters["measure"] == "gate-walk" and self.outline.field == "boundary" and not within:
            return {"bound": tenths, "within_limit": False}  # no way is shorter than the straight line from the wall
        return {"bound": tenths}


def _cut(lo: int, hi: int, walks: Sequence[Fact]) -> Iterator[tuple[int, int, Fact | None]]:
    """Cut a span of days where a walk was measured; the last one measured by then goes with each part."""
    inside = sorted({lo, *(walk.day for walk in walks if lo < walk.day <= hi)})
    for first, after in zip(inside, [*inside[1:], hi + 1], strict=True):
        by_then = [walk for walk in walks if walk.day <= first and walk.fields.get("metres") is not None]
        yield first, after - 1, by_then[-1] if by_then else None
