"""How firm an order is: what would turn neighbours round, and which places move when a weight is ten per cent off.

An assessment may order organisations; it never orders persons. An order that hangs on one obligation or on a weight
that somebody proposed is said to be not robust.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from huxue.core.scoring.model import Indicator, Share, Tree
from huxue.core.scoring.score import HUNDREDTHS, Figure, Gathered, Score, assembled

TENTH = Fraction(1, 10)
CLOSE = 3  # obligations: an order that so few would turn round is not robust


@dataclass(frozen=True, slots=True)
class Turn:
    """What would put the lower of two neighbours level with the upper: one indicator, and how many obligations of it.

    ``obligations``: the fewest that, met, would do (0 where the indicator does not count obligations).
    """

    upper: str
    lower: str
    gap: int  # hundredths
    indicator: str = ""
    obligations: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """Organisations whose place changes when one weight is a tenth more or less: organisation → (place, new place)."""

    indicator: str
    more: bool
    places: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What would change an order."""

    turns: tuple[Turn, ...]
    moved: tuple[Moved, ...]

    @property
    def robust(self) -> bool:
        """Whether no tenth of a weight moves a place, and no two neighbours are a few obligations apart."""
        close = any(t.gap == 0 or 0 < t.obligations <= CLOSE for t in self.turns)
        return not close and not any(m.places for m in self.moved)


def ordered(found: Mapping[str, Score]) -> list[Score]:
    """Return scores from the most points to the fewest; those with none come last. Equal ones by code."""
    return sorted(found.values(), key=lambda s: (s.total is None, -(s.total or 0), s.organisation))


def places(found: Mapping[str, int | None]) -> dict[str, int]:
    """Return the place of each organisation with a total; equal totals share a place."""
    totals = sorted((total for total in found.values() if total is not None), reverse=True)
    first = {total: place for place, total in reversed(list(enumerate(totals, 1)))}
    return {org: first[total] for org, total in found.items() if total is not None}


def sensitivity(code: str, tree: Tree, found: Mapping[str, Score], gathered: Gathered) -> Sensitivity:
    """Return what would change the order of one tree's scores."""
    order = [score for score in ordered(found) if score.total is not None]
    turns = tuple(_turn(tree, upper, lower) for upper, lower in pairwise(order))
    before = places({org: score.total for org, score in found.items()})
    moved = tuple(
        Moved(node.code, more, _moved(code, tree, node.code, found, gathered, before, more=more))
        for node in tree.nodes()
        for more in (True, False)
    )
    return Sensitivity(turns, moved)


def _turn(tree: Tree, upper: Score, lower: Score) -> Turn:
    """Return the one indicator by which the lower would come level, and the fewest obligations of it."""
    gap = (upper.total or 0) - (lower.total or 0)
    exact = (upper.exact or Fraction(0)) - (lower.exact or Fraction(0))
    best: tuple[tuple[bool, int, Fraction, str], Turn] | None = None
    for leaf in tree.leaves():
        part = lower.parts[leaf.code]
        room = part.worth * (1 - part.value) if part.value is not None else Fraction(0)
        if room < exact or room == 0:
            continue
        needed = _obligations(leaf, part.figure, part.worth, exact)
        rank = (needed == 0, needed, -room, leaf.code)
        turn = Turn(upper.organisation, lower.organisation, gap, leaf.code, needed)
        if best is None or rank < best[0]:
            best = rank, turn
    return best[1] if best else Turn(upper.organisation, lower.organisation, gap)


def _obligations(leaf: Indicator, figure: Figure, worth: Fraction, gap: Fraction) -> int:
    if not isinstance(leaf.measure, Share) or not figure:
        return 0
    each = worth / figure[1]
    return max(-(-gap // each), 1) if each else 0


def _moved(
    code: str,
    tree: Tree,
    node: str,
    found: Mapping[str, Score],
    gathered: Gathered,
    before: Mapping[str, int],
    *,
    more: bool,
) -> dict[str, tuple[int, int]]:
    other = tree.model_copy(update={"indicators": tuple(weighed(one, node, more=more) for one in tree.indicators)})
    leaves = [leaf.code for leaf in tree.leaves()]
    totals: dict[str, int | None] = {}
    for org, score in found.items():
        values = {leaf: (score.parts[leaf].value, score.parts[leaf].figure) for leaf in leaves}
        totals[org] = assembled(code, other, org, gathered, values).total
    after = places(totals)
    return {org: (before[org], after[org]) for org in before if before[org] != after[org]}


def weighed(node: Indicator, code: str, *, more: bool) -> Indicator:
    """Return a node in tenfold weights, one of them a tenth more or less: whole numbers, of which the ratio counts."""
    own = 10 + (1 if more else -1) * (node.code == code)
    children = tuple(weighed(child, code, more=more) for child in node.children)
    return node.model_copy(update={"weight": node.weight * own, "children": children})


def as_json(found: Sensitivity) -> dict[str, Any]:
    """Return it as plain values; gaps in hundredths of a point."""
    return {
        "robust": found.robust,
        "neighbours": [
            {
                "upper": t.upper,
                "lower": t.lower,
                "gap_hundredths": t.gap,
                "indicator": t.indicator or None,
                "obligations": t.obligations or None,
            }
            for t in found.turns
        ],
        "weights": [
            {
                "indicator": m.indicator,
                "by": "+10%" if m.more else "-10%",
                "places": {o: list(p) for o, p in m.places.items()},
            }
            for m in found.moved
            if m.places
        ],
    }


def points(hundredths: int | None) -> str:
    """Return a total as people write it, empty where there is none."""
    return "" if hundredths is None else f"{hundredths // HUNDREDTHS}.{hundredths % HUNDREDTHS:02}"


def decimal(units: int, decimals: int) -> str:
    """Return a number kept in units of its last decimal as people write it: 835 of one decimal is ``83.5``."""
    whole, rest = divmod(abs(units), 10**decimals)
    return f"{'-' if units < 0 else ''}{whole}{f'.{rest:0{decimals}}' if decimals else ''}"
