"""The canonical file of a year's scores: whole numbers only, sorted, the same bytes whenever it is made again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring.score import Adjusted, Gathered, Part, Score, Scores

FORMAT = 1


def canonical(
    scores: Scores, gathered: Gathered, rulebook: Rulebook, *, edition: str, content: str, as_of: int, known_at: int
) -> bytes:
    """Return the one text of these scores: days as numbers since 1970-01-01, totals in hundredths, shares as n/of.

    ``edition`` is the hash of the rulebook, ``content`` that of the whole edition as the ledger names it: two editions
    may say the same rulebook with other families on, or carry on from other duties.
    """
    said = {
        "format": FORMAT,
        "edition": edition,
        "content": content,
        "as_of": as_of,
        "known_at": known_at,
        "calendars": calendars_hash(rulebook),
        "trees": {
            code: {
                "period": [gathered.periods[code].key, gathered.periods[code].lo, gathered.periods[code].hi],
                "tree_of": gathered.periods[code].snap,
                "scores": {org: score_as_json(one) for org, one in found.items()},
            }
            for code, found in scores.items()
            if code in gathered.periods
        },
    }
    return (
        json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False) + "\n"
    ).encode()


def calendars_hash(rulebook: Rulebook) -> str:
    """Return the SHA-256 of the calendars that the scores were worked out with."""
    text = json.dumps(rulebook.calendars, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def score_as_json(one: Score) -> dict[str, Any]:
    """Return one score as plain values; ``score_from_json`` is the inverse."""
    return {
        "total": one.total,
        "grade": one.grade,
        "exact": _fraction(one.exact),
        "parts": {
            code: {"value": _fraction(part.value), "worth": _fraction(part.worth), "figure": list(part.figure)}
            for code, part in one.parts.items()
        },
        "bonus": {a.code: [a.points, *a.figure] for a in one.bonus},
        "deductions": {a.code: [a.points, *a.figure] for a in one.deductions},
        "vetoes": {a.code: [a.points, *a.figure] for a in one.vetoes},
    }


def score_from_json(organisation: str, tree: str, said: Mapping[str, Any]) -> Score:
    """Return the score that ``score_as_json`` wrote down."""
    parts = {
        code: Part(code, _read(one["value"]), _read(one["worth"]) or Fraction(0), tuple(one["figure"]))
        for code, one in said["parts"].items()
    }
    bonus, deductions, vetoes = (_adjusted(said[name]) for name in ("bonus", "deductions", "vetoes"))
    exact = _read(said["exact"])
    return Score(organisation, tree, said["total"], said["grade"], exact, parts, bonus, deductions, vetoes)


def _adjusted(said: Mapping[str, list[int]]) -> tuple[Adjusted, ...]:
    return tuple(Adjusted(code, points, tuple(figure)) for code, (points, *figure) in said.items())


def _read(value: list[int] | None) -> Fraction | None:
    return None if value is None else Fraction(value[0], value[1])


def _fraction(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]
