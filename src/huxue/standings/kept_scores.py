"""Scores kept for pages: the exact figures of every organisation and tree, and the lines that lie below each part.

::

    keep_scores(scored)                       # with the standings of the same evaluation
    found = kept_score("LZ01", "county-government", rulebook)
    found.reasons()                           # the same tree as ``huxue why LZ01 score:county-government``
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from huxue.core.duties.explain import Reason
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring.canonical import score_as_json, score_from_json
from huxue.core.scoring.reasons import explain
from huxue.core.scoring.score import Gathered, Score, Span
from huxue.organisations.tables import Row, insert, select
from huxue.standings.evidence import Evidence, Line, said
from huxue.standings.outcomes import KeptScore, TreeYear
from huxue.standings.scores import Scored

ENOUGH: Final = 5  # scores from which on it is said how they lie
_YEAR: Final = "period, lo, hi, snap, as_of, known_at, edition, spread"


@dataclass(frozen=True, slots=True)
class Spread:
    """How the totals of a tree lie, in hundredths: never which is whose."""

    count: int
    lowest: int
    quarter: int
    middle: int
    three_quarters: int
    highest: int


@dataclass(frozen=True, slots=True)
class Year:
    """The assessment period of a tree's kept scores; ``spread`` only where there are enough of them."""

    tree: str
    span: Span
    as_of: int
    known_at: int
    edition: str
    spread: Spread | None


@dataclass(frozen=True, slots=True)
class Found:
    """A kept score with what lies below it."""

    score: Score
    year: Year
    evidence: dict[str, list[Line]]
    rulebook: Rulebook

    def reasons(self, part: str = "") -> Reason:
        """Return the tree of reasons of the score, or of one of its parts."""
        gathered = Gathered(periods={self.year.tree: self.year.span})
        return explain(self.rulebook, self.year.tree, self.score, gathered, part=part, evidence=self.lines)

    def lines(self, part: str) -> list[Reason]:
        """Return what lies below a part."""
        return [said(self.rulebook, line) for line in self.evidence.get(part, ())]


@dataclass(frozen=True, slots=True)
class Total:
    """One line of an overview."""

    organisation: str
    name: str
    total: int | None
    grade: str


def keep_scores(scored: Scored) -> int:
    """Put the scores of an evaluation in the place of those kept before; return how many there are."""
    trees = [tree for tree in scored.scores if tree in scored.gathered.periods]
    rows = [row for tree in trees for row in _rows(scored, tree)]
    with transaction.atomic():
        KeptScore.objects.all().delete()
        TreeYear.objects.all().delete()
        insert(TreeYear, [_year_row(scored, tree) for tree in trees])
        insert(KeptScore, rows)
    return len(rows)


def kept_score(organisation: str, tree: str, rulebook: Rulebook) -> Found | None:
    """Return the kept score of an organisation by a tree, ``None`` where it is not scored by it."""
    sql = "SELECT score, evidence FROM standings_keptscore WHERE organisation = %s AND tree = %s"
    found, year = select(sql, organisation, tree), years([tree]).get(tree)
    if not found or year is None or tree not in rulebook.scoring:
        return None
    ((score, evidence),) = found
    return Found(score_from_json(organisation, tree, json.loads(score)), year, json.loads(evidence), rulebook)


def years(trees: Iterable[str] = ()) -> dict[str, Year]:
    """Return the periods that the kept scores are of, by tree (default: all trees)."""
    wanted = list(trees)
    where = f"WHERE tree IN ({', '.join(['%s'] * len(wanted))})" if wanted else ""
    rows = select(f"SELECT tree, {_YEAR} FROM standings_treeyear {where} ORDER BY tree", *wanted)
    return {row[0]: _year(row) for row in rows}


def totals(tree: str, where: str = "", values: Iterable[Any] = ()) -> list[Total]:
    """Return the totals of a tree in administrative order; ``where``: a condition on ``k.organisation``."""
    sql = f"""
SELECT k.organisation, o.name, k.total, k.grade FROM standings_keptscore k
JOIN organisations_organisation o ON o.code = k.organisation WHERE k.tree = %s {f"AND {where}" if where else ""}
ORDER BY o.path"""
    return [Total(*row) for row in select(sql, tree, *values)]


def scored_by(organisation: str) -> list[tuple[str, int | None, str]]:
    """Return (tree, total, grade) of each kept score of an organisation."""
    sql = "SELECT tree, total, grade FROM standings_keptscore WHERE organisation = %s ORDER BY tree"
    return [(tree, total, grade) for tree, total, grade in select(sql, organisation)]


# --- rows -----------------------------------------------------------------------------------------------------------


def _rows(scored: Scored, tree: str) -> list[Row]:
    found = scored.scores[tree]
    below: dict[str, dict[str, list[Line]]] = {org: {} for org in found}
    looking = Evidence(scored, tree, found)
    for part in _parts(scored, tree):
        for org, lines in looking.part(part).items():
            below[org][part] = lines
    return [
        (org, tree, one.total, one.grade, _json(score_as_json(one)), _json(below[org])) for org, one in found.items()
    ]


def _parts(scored: Scored, tree: str) -> list[str]:
    """Return the parts below which the explanation looks: leaves, and what adds or takes points."""
    declared = scored.rulebook.scoring[tree]
    inner = {one.code for one in declared.nodes() if one.children}
    return [code for code in declared.codes() if code not in inner]


def _year_row(scored: Scored, tree: str) -> Row:
    span, made = scored.gathered.periods[tree], scored.evaluation
    spread = _json(spread_of([one.total for one in scored.scores[tree].values() if one.total is not None]))
    return tree, span.key, span.lo, span.hi, span.snap, made.as_of, made.known_at, scored.edition.hash, spread


def spread_of(found: list[int]) -> list[int]:
    """Return how many totals there are, the lowest, the quartiles and the highest; none of fewer than ``ENOUGH``."""
    if len(found) < ENOUGH:
        return []
    ordered, last = sorted(found), len(found) - 1
    return [len(found), *(ordered[last * quarter // 4] for quarter in range(5))]


def _year(row: Row) -> Year:
    tree, period, lo, hi, snap, as_of, known_at, edition, spread = row
    figures = json.loads(spread)
    return Year(tree, Span(period, lo, hi, snap), as_of, known_at, edition, Spread(*figures) if figures else None)


def _json(made: object) -> str:
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


__all__ = ["Found", "Spread", "Total", "Year", "keep_scores", "kept_score", "scored_by", "spread_of", "totals", "years"]
