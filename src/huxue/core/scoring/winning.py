"""How points can still be won, and how far one score hangs on the weights somebody proposed. Exact until shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from huxue.core.scoring.model import Indicator, Share, Tree
from huxue.core.scoring.score import HUNDREDTHS, Gathered, Score, assembled
from huxue.core.scoring.sensitivity import weighed


@dataclass(frozen=True, slots=True)
class Win:
    """An indicator that still gives points: so many obligations (0: not counted by them), so many hundredths."""

    indicator: str
    obligations: int
    hundredths: int


def winnable(tree: Tree, score: Score, open_: Callable[[str], int]) -> list[Win]:
    """Return where points can still be won, the most first; ``open_(code)``: obligations that can be made good.

    Of what counts obligations only those that can still be met are counted; of the rest, everything lost so far.
    """
    found = []
    for leaf in tree.leaves():
        part = score.parts[leaf.code]
        if part.value is None or part.value == 1:
            continue
        won, n = part.worth * (1 - part.value), 0
        if isinstance(leaf.measure, Share):
            n = open_(leaf.code) if leaf.measure.counting == "met" else 0
            won = part.worth * n / part.figure[1] if n else Fraction(0)
        if won:
            found.append(Win(leaf.code, n, won.numerator * HUNDREDTHS // won.denominator))
    return sorted(found, key=lambda one: (-one.hundredths, one.indicator))


def own_range(code: str, tree: Tree, score: Score) -> tuple[int, int] | None:
    """Return the lowest and the highest total when any one weight is a tenth more or less; ``None`` without a total."""
    if score.total is None:
        return None
    adjusted = (*score.bonus, *score.deductions, *score.vetoes)
    figures = {(code, one.code): {score.organisation: one.figure} for one in adjusted}
    gathered = Gathered(figures=figures)
    values = {leaf.code: (score.parts[leaf.code].value, score.parts[leaf.code].figure) for leaf in tree.leaves()}
    totals = [score.total]
    for node in tree.nodes():
        for more in (True, False):
            other = tree.model_copy(update={"indicators": _weighed(tree.indicators, node.code, more=more)})
            total = assembled(code, other, score.organisation, gathered, values).total
            totals += [] if total is None else [total]
    return min(totals), max(totals)


def _weighed(nodes: tuple[Indicator, ...], code: str, *, more: bool) -> tuple[Indicator, ...]:
    return tuple(weighed(one, code, more=more) for one in nodes)


__all__ = ["Win", "own_range", "winnable"]
