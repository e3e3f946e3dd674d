"""From gathered figures to scores: exact fractions inside, one rounding at the very end.

``Gathered`` holds whole numbers only; :func:`scores` is pure. A share with nothing to divide by gives no points and
takes none: its weight is shared out among its siblings, and where all are empty the node above is empty too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from huxue.core.scoring.model import (
    AverageDays,
    Change,
    Count,
    Given,
    Indicator,
    Measure,
    Rate,
    Recurring,
    ScoresOf,
    Share,
    Tree,
    Veto,
)

HUNDREDTHS = 100
THOUSAND = 1000
Figure = tuple[int, ...]
Key = tuple[str, str]  # tree, part of it


@dataclass(frozen=True, slots=True)
class Span:
    """An assessment period: its key, first and last day, and the day whose tree and traits count."""

    key: str
    lo: int
    hi: int
    snap: int


@dataclass(slots=True)
class Gathered:
    """What scores are worked out from.

    ``figures[tree, part][organisation]`` are whole numbers, by the sort of measure:

    * share (n, of) · count (n,) · rate (n, base) · change (n, base, n before, base before)
    * average days (days, cases) · recurring (n, of) · value (v,), absent where nothing was recorded
    * bonus and deduction (n,) · veto (n,)

    ``below[tree, part][organisation]``: the organisations whose scores a ``scores_of`` averages.
    """

    periods: dict[str, Span] = field(default_factory=dict)
    scored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    figures: dict[Key, dict[str, Figure]] = field(default_factory=dict)
    below: dict[Key, dict[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One indicator of one score.

    ``value``: its share of its points, ``None`` where it is empty. ``worth``: the points it can give here, after the
    weight of empty siblings was shared out. ``figure``: the whole numbers it was worked out from.
    """

    code: str
    value: Fraction | None
    worth: Fraction
    figure: Figure = ()

    @property
    def points(self) -> Fraction:
        """The points it gives."""
        return (self.value or Fraction(0)) * self.worth


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Points that a bonus adds or a deduction takes, or the ceiling of a veto that holds."""

    code: str
    points: int
    figure: Figure = ()


@dataclass(frozen=True, slots=True)
class Score:
    """What a tree gives one organisation: ``total`` in hundredths of a point, ``None`` where nothing was scored."""

    organisation: str
    tree: str
    total: int | None
    grade: str
    exact: Fraction | None
    parts: Mapping[str, Part]
    bonus: tuple[Adjusted, ...] = ()
    deductions: tuple[Adjusted, ...] = ()
    vetoes: tuple[Adjusted, ...] = ()


Scores = dict[str, dict[str, Score]]  # tree → organisation → score


def scores(trees: Mapping[str, Tree], gathered: Gathered) -> Scores:
    """Return every score of every tree; those that another tree averages come first."""
    made: Scores = {}
    for code in _order(trees):
        made[code] = {org: score(code, trees, org, gathered, made) for org in gathered.scored.get(code, ())}
    return made


def _order(trees: Mapping[str, Tree]) -> list[str]:
    done: list[str] = []

    def visit(code: str) -> None:
        if code in done or code not in trees:
            return
        for name in sorted(averaged(trees[code])):
            visit(name)
        done.append(code)

    for code in sorted(trees):
        visit(code)
    return done


def averaged(tree: Tree) -> set[str]:
    """Return the trees whose scores a tree averages."""
    return {leaf.measure.tree for leaf in tree.leaves() if isinstance(leaf.measure, ScoresOf)}


def score(code: str, trees: Mapping[str, Tree], organisation: str, gathered: Gathered, made: Scores) -> Score:
    """Return one score; ``made`` holds those of the trees that it averages."""
    values: dict[str, tuple[Fraction | None, Figure]] = {}
    for leaf in trees[code].leaves():
        measure = leaf.measure
        if isinstance(measure, ScoresOf):
            below = gathered.below.get((code, leaf.code), {}).get(organisation, ())
            values[leaf.code] = _mean_of(trees[measure.tree], made.get(measure.tree, {}), below)
        elif measure is not None:
            figure = gathered.figures.get((code, leaf.code), {}).get(organisation, ())
            values[leaf.code] = valued(measure, figure), figure
    return assembled(code, trees[code], organisation, gathered, values)


def assembled(
    code: str, tree: Tree, organisation: str, gathered: Gathered, values: Mapping[str, tuple[Fraction | None, Figure]]
) -> Score:
    """Return the score that leaves of these values and figures make."""
    parts: dict[str, Part] = {}
    root = _spread(tree.indicators, Fraction(tree.points), values, parts)

    def figure(part: str) -> Figure:
        return gathered.figures.get((code, part), {}).get(organisation, ())

    bonus = tuple(
        Adjusted(b.code, min(b.each * sum(figure(b.code)[:1]), b.at_most), figure(b.code)) for b in tree.bonus
    )
    deductions = tuple(
        Adjusted(d.code, min(d.each * sum(figure(d.code)[:1]), d.at_most), figure(d.code)) for d in tree.deductions
    )
    vetoes = tuple(Adjusted(v.code, v.ceiling, figure(v.code)) for v in tree.veto if _holds(v, figure(v.code)))
    exact = _total(tree, root, bonus, deductions, vetoes)
    total = None if exact is None else exact.numerator * HUNDREDTHS // exact.denominator
    return Score(organisation, code, total, grade_of(tree, total), exact, parts, bonus, deductions, vetoes)


def _total(
    tree: Tree,
    root: Fraction | None,
    bonus: Iterable[Adjusted],
    deductions: Iterable[Adjusted],
    vetoes: tuple[Adjusted, ...],
) -> Fraction | None:
    """Return the exact total.

    A deduction or a veto needs nothing to divide by: where every indicator is empty it is taken from the full points.
    (Otherwise the first obligation met would turn "not scored" into a score below the mean.)
    """
    added, taken = sum(b.points for b in bonus), sum(d.points for d in deductions)
    if tree.caps.bonus is not None:
        added = min(added, tree.caps.bonus)
    if tree.caps.deductions is not None:
        taken = min(taken, tree.caps.deductions)
    if root is None and not taken and not vetoes:
        return None
    value = (Fraction(1) if root is None else root) * tree.points + added - taken
    return min(max(value, Fraction(0)), Fraction(tree.points), *(Fraction(v.points) for v in vetoes))


def _holds(veto: Veto, figure: Figure) -> bool:
    return veto.adopted and sum(figure[:1]) >= veto.at_least


def grade_of(tree: Tree, total: int | None) -> str:
    """Return the code of the grade of a total in hundredths; empty where there is none."""
    if total is None:
        return ""
    for band in tree.grades:
        top = tree.points + 1 if band.below is None else band.below
        if band.at_least * HUNDREDTHS <= total < top * HUNDREDTHS:
            return band.code
    return ""


def _spread(
    nodes: tuple[Indicator, ...],
    worth: Fraction,
    values: Mapping[str, tuple[Fraction | None, Figure]],
    parts: dict[str, Part],
) -> Fraction | None:
    """Fill ``parts`` for nodes that share ``worth`` points; return their weighted mean, ``None`` if all are empty."""
    means = {node.code: _mean(node, values) for node in nodes}
    weight = sum(node.weight for node in nodes if means[node.code] is not None)
    for node in nodes:
        mean = means[node.code]
        own = worth * node.weight / weight if mean is not None else Fraction(0)
        parts[node.code] = Part(node.code, mean, own, values[node.code][1] if not node.children else ())
        _spread(node.children, own, values, parts)
    return _weighted((node.weight, means[node.code]) for node in nodes)


def _mean(node: Indicator, values: Mapping[str, tuple[Fraction | None, Figure]]) -> Fraction | None:
    if not node.children:
        return values[node.code][0]
    return _weighted((child.weight, _mean(child, values)) for child in node.children)


def _weighted(pairs: Iterable[tuple[int, Fraction | None]]) -> Fraction | None:
    known = [(weight, value) for weight, value in pairs if value is not None]
    weights = sum(weight for weight, _ in known)
    return sum((weight * value for weight, value in known), Fraction(0)) / weights if weights else None


# --- leaves ----------------------------------------------------------------------------------------------------------


def _mean_of(tree: Tree, made: Mapping[str, Score], below: Iterable[str]) -> tuple[Fraction | None, Figure]:
    """Return the mean share of published totals, and (sum in hundredths, how many)."""
    found = [one.total for org in below if (one := made.get(org)) and one.total is not None]
    mean = Fraction(sum(found), len(found) * tree.points * HUNDREDTHS) if found else None
    return mean, (sum(found), len(found))


def valued(measure: Measure, figure: Figure) -> Fraction | None:
    """Return the share of its points that a measure gives for its whole numbers; ``None`` where it is empty."""
    if not figure:
        return None
    match measure:
        case Share():
            n, of = figure
            return Fraction(n, of) if of else None
        case Count():
            return _linear(measure, Fraction(figure[0], 10**measure.decimals))
        case Rate():
            rate = _rate(measure, figure[0], figure[1])
            return None if rate is None else _linear(measure, rate)
        case Change():
            return _change(measure, figure)
        case AverageDays():
            days, cases = figure
            return _linear(measure, Fraction(days, cases)) if cases else None
        case Recurring():
            n, of = figure
            return _linear(measure, Fraction(n * THOUSAND, of)) if of else None
        case Given():
            return _linear(measure, Fraction(figure[0], 10**measure.decimals))
        case _:
            raise TypeError(measure)


def _rate(measure: Rate | Change, n: int, base: int) -> Fraction | None:
    return Fraction(n * measure.per, base * 10**measure.decimals) if base > 0 else None


def _change(measure: Change, figure: Figure) -> Fraction | None:
    """Return the share for a change in thousandths; nothing in either year is full where less is better."""
    n, base, n_before, base_before = figure
    now, before = Fraction(n), Fraction(n_before)
    if measure.of:
        rates = _rate(measure, n, base), _rate(measure, n_before, base_before)
        if rates[0] is None or rates[1] is None:
            return None
        now, before = rates[0], rates[1]
    falls = measure.full_at < measure.none_at
    if before == 0:
        return (Fraction(1) if falls else None) if now == 0 else Fraction(0 if falls else 1)
    return _linear(measure, (now / before - 1) * THOUSAND)


def _linear(measure: Count | Rate | Change | AverageDays | Recurring | Given, value: Fraction) -> Fraction:
    share = (value - measure.none_at) / (measure.full_at - measure.none_at)
    return min(max(share, Fraction(0)), Fraction(1))
