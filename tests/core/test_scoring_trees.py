"""Indicator trees: worked by hand, and every mistake of one with its file and line."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from huxue.core.duties.shapes import Deed, Source
from huxue.core.rulebook.load import load
from huxue.core.scoring.model import (
    Adjustment,
    Band,
    Caps,
    Change,
    Count,
    Indicator,
    Rate,
    ScoresOf,
    Share,
    Tree,
    Veto,
)
from huxue.core.scoring.score import Gathered, Score, Span, scores, valued
from huxue.core.scoring.sensitivity import places, sensitivity
from huxue.core.values import Text
from huxue.rulebooks import read

T = Text(zh="例", en="example")
S = Source(text="s", clause="1")
DEED = Deed.model_validate({"case": "incident", "step": ("confirmed",), "as": "about"})
BOOKS = Path(__file__).parent / "rulebooks"


def leaf(code: str, weight: int, **measure: Any) -> Indicator:
    return Indicator(code=code, title=T, weight=weight, source=S, **(measure or {"share": Share(family=("f",))}))


def tree(*nodes: Indicator, **more: Any) -> Tree:
    points = sum(node.weight for node in nodes)
    return Tree(title=T, type="school", per="year", points=points, indicators=nodes, source=S, **more)


# two leaves of 30 under one node, and one of 40: figures (met, closed) of each
NESTED = tree(Indicator(code="ab", title=T, weight=60, children=(leaf("a", 30), leaf("b", 30))), leaf("c", 40))


def scored(one: Tree, figures: dict[str, tuple[int, ...]]) -> Score:
    gathered = Gathered(
        periods={"t": Span("2026", 0, 364, 364)},
        scored={"t": ("S",)},
        figures={("t", code): {"S": figure} for code, figure in figures.items()},
    )
    return scores({"t": one}, gathered)["t"]["S"]


@pytest.mark.parametrize(
    ("figures", "total", "why"),
    [
        ({"a": (1, 1), "b": (1, 1), "c": (1, 1)}, 10000, "everything met"),
        ({"a": (1, 2), "b": (1, 1), "c": (1, 1)}, 8500, "half of thirty is lost"),
        ({"a": (1, 3), "b": (1, 1), "c": (1, 1)}, 8000, "two thirds of thirty are lost"),
        ({"a": (2, 7), "b": (0, 1), "c": (0, 1)}, 857, "60/7 is 8.571…, cut once"),
        ({"b": (1, 2), "c": (1, 1)}, 7000, "a is empty: b has all sixty"),
        ({"c": (1, 4)}, 2500, "a and b are empty: so is their node, and c has the hundred"),
        ({}, None, "nothing to score"),
    ],
)
def test_weights_are_shared_out(figures: dict[str, tuple[int, ...]], total: int | None, why: str) -> None:
    assert scored(NESTED, figures).total == total, why


PENALTIES = tree(
    leaf("a", 100),
    bonus=(Adjustment(code="plus", title=T, deed=DEED, each=2, at_most=4, source=S),),
    deductions=(
        Adjustment(code="minus", title=T, deed=DEED, each=3, at_most=9, source=S),
        Adjustment(code="less", title=T, deed=DEED, each=5, at_most=50, source=S),
    ),
    caps=Caps(deductions=20),
    veto=(
        Veto(code="dead", title=T, deed=DEED, ceiling=59, adopted=True, source=S),
        Veto(code="not-adopted", title=T, deed=DEED, ceiling=0, adopted=False, source=S),
    ),
    grades=(
        Band(code="good", title=T, at_least=80),
        Band(code="passed", title=T, at_least=60, below=80),
        Band(code="failed", title=T, at_least=0, below=60),
    ),
)


@pytest.mark.parametrize(
    ("figures", "total", "grade"),
    [
        ({"a": (9, 10)}, 9000, "good"),
        ({"a": (9, 10), "plus": (1,)}, 9200, "good"),
        ({"a": (9, 10), "plus": (7,)}, 9400, "good"),  # at most 4
        ({"a": (10, 10), "plus": (1,)}, 10000, "good"),  # never above the full points
        ({"a": (9, 10), "minus": (2,)}, 8400, "good"),
        ({"a": (9, 10), "minus": (5,)}, 8100, "good"),  # at most 9
        ({"a": (9, 10), "minus": (5,), "less": (9,)}, 7000, "passed"),  # 9 + 45, capped at 20
        ({"a": (1, 10), "less": (9,)}, 0, "failed"),  # never below nothing
        ({"a": (9, 10), "dead": (1,)}, 5900, "failed"),
        ({"a": (1, 2), "dead": (1,)}, 5000, "failed"),
        ({"a": (9, 10), "not-adopted": (3,)}, 9000, "good"),
        ({"less": (1,)}, 9500, "good"),  # every indicator empty: taken from the full points
        ({"dead": (1,)}, 5900, "failed"),
        ({"plus": (1,)}, None, ""),  # a bonus alone is no score
    ],
)
def test_points_added_taken_and_the_ceiling(figures: dict[str, tuple[int, ...]], total: int | None, grade: str) -> None:
    found = scored(PENALTIES, figures)
    assert (found.total, found.grade) == (total, grade)


def rate(**more: Any) -> Rate:
    return Rate(deed=DEED, of="pupils", **{"full_at": 0, "none_at": 4, **more})


def change(**more: Any) -> Change:
    return Change(deed=DEED, **{"full_at": -100, "none_at": 100, **more})


@pytest.mark.parametrize(
    ("measure", "figure", "value"),
    [
        (Count(deed=DEED, full_at=10, none_at=0), (3,), Fraction(3, 10)),
        (Count(deed=DEED, full_at=10, none_at=0), (12,), Fraction(1)),
        (Count(deed=DEED, full_at=0, none_at=3), (1,), Fraction(2, 3)),
        (Count(deed=DEED, full_at=2, none_at=0, sum="hours", decimals=1), (15,), Fraction(3, 4)),  # 1.5 hours
        (rate(), (1, 10_000), Fraction(3, 4)),
        (rate(), (1, 7000), Fraction(9, 14)),  # 10/7 of 4
        (rate(), (1, 0), None),  # no pupils: no rate
        (change(), (10, 0, 10, 0), Fraction(1, 2)),
        (change(), (9, 0, 10, 0), Fraction(1)),
        (change(), (0, 0, 0, 0), Fraction(1)),  # nothing in either year
        (change(), (1, 0, 0, 0), Fraction(0)),
        (change(of="pupils"), (10, 2000, 10, 1000), Fraction(1)),  # twice the pupils: half the rate
        (change(full_at=100, none_at=-100), (0, 0, 0, 0), None),  # more is better: nothing to compare
        (Share(family=("f",)), (0, 0), None),
    ],
)
def test_measures_by_hand(measure: Any, figure: tuple[int, ...], value: Fraction | None) -> None:
    assert valued(measure, figure) == value


def test_a_layer_averages_the_one_below() -> None:
    county = tree(leaf("schools", 100, scores_of=ScoresOf(tree="t")))
    gathered = Gathered(
        scored={"t": ("S1", "S2", "S3"), "c": ("C",)},
        figures={("t", "a"): {"S1": (1, 2), "S2": (1, 1)}},
        below={("c", "schools"): {"C": ("S1", "S2", "S3")}},
    )
    found = scores({"c": county, "t": tree(leaf("a", 50))}, gathered)
    assert {org: one.total for org, one in found["t"].items()} == {"S1": 2500, "S2": 5000, "S3": None}
    assert found["c"]["C"].total == 7500  # S3 was not scored and counts on neither side


def test_what_would_turn_the_order() -> None:
    gathered = Gathered(
        scored={"t": ("A", "B", "C")},
        figures={
            ("t", "a"): {"A": (9, 10), "B": (8, 10), "C": (0, 10)},
            ("t", "c"): {"A": (1, 2), "B": (1, 2), "C": (1, 2)},
        },
    )
    one = tree(leaf("a", 60), leaf("c", 40))
    found = scores({"t": one}, gathered)["t"]
    said = sensitivity("t", one, found, gathered)
    turns = [(t.upper, t.lower, t.gap, t.indicator, t.obligations) for t in said.turns]
    assert turns == [("A", "B", 600, "c", 1), ("B", "C", 4800, "a", 8)]
    assert [m.places for m in said.moved if m.places] == []
    assert not said.robust  # one obligation would turn A and B
    assert places({"A": 5, "B": 7, "C": 5, "D": None}) == {"A": 2, "B": 1, "C": 2}


# --- refused by the loader -------------------------------------------------------------------------------------------

TREE = """
school:
  title: {zh: 表, en: Tree}
  type: school
  per: year
  points: 100
  indicators:
    - {code: a, title: {zh: 甲, en: A}, weight: 60, share: {duties: [hazard.rectified], counting: on_time}, SOURCE}
    - code: b
      title: {zh: 乙, en: B}
      weight: 40
      MEASURE
      SOURCE_LINE
  grades:
    - {code: good, title: {zh: 好, en: Good}, at_least: 60}
    - {code: bad, title: {zh: 差, en: Bad}, at_least: 0, below: 60}
  source: {text: city-speech, clause: M50}
"""
GOOD = "count: {deed: {case: hazard, step: found, as: about}, full_at: 0, none_at: 5, found_by: others}"


TOWN = {
    "rulebook.yaml": """
code: town
title: {zh: 镇, en: Town}
layer: city
sources: {city-speech: {title: {zh: 讲话, en: Speech}}}
""",
    "duties/hazards.yaml": """
- code: hazard.rectified
  title: {zh: 整改, en: Rectified}
  family: hazards
  owed_by: {type: school}
  respond:
    to: {case: hazard, step: [ordered, returned], as: about}
    with: {case: hazard, step: [rectified], as: about}
    match: case
    within: {field: deadline}
  source: {text: city-speech, clause: M40}
""",
}


def said(measure: str = GOOD, change: str = "") -> list[str]:
    """What the loader says of the tree with this measure, or with one thing changed (``old => new``)."""
    text = TREE.replace("MEASURE", measure)
    if change:
        text = text.replace(*change.split(" => "))
    text = text.replace("SOURCE_LINE", "source: {text: city-speech, clause: M1}")
    text = text.replace("SOURCE", "source: {text: city-speech, clause: M1}")
    _, problems = load([*read("national"), ("town", {**TOWN, "scoring.yaml": text})])
    return [f"{p.file.rpartition('/')[2]}:{p.line} {p.en}" for p in problems]


HAZARD = "deed: {case: hazard, step: found, as: about}"


AT = "scoring.yaml:12 'school': "
OTHERS = AT + "what the scored side found or reported itself may not cost points: say found_by: others"
FOLLOWS = AT + "cases that follow from a found one may not cost points: one that was found by itself brings them too"
COMPARED = (
    AT + "found cases may not cost points by comparing periods or averaging the days of the place: "
    "one more makes it worse"
)
REWARDED = AT + "more points for what others found: looking oneself would cost"
VERIFIED = AT + (
    "the duty 'hazard.rectified' may not be counted like this: one more self-found hazard in time would cost"
)
LISTED = "deed: {case: listed-supervision, step: listed, as: about}"
INCIDENT = "deed: {case: incident, step: confirmed, as: about}"  # harm, not a finding
DAYS = "average_days: {case: hazard, from: ordered, to: verified, full_at: 5, none_at: 30"


@pytest.mark.parametrize(
    ("measure", "wrong"),
    [
        (GOOD, []),
        (f"count: {{{HAZARD}, full_at: 0, none_at: 5}}", [OTHERS]),
        (f"count: {{{HAZARD}, full_at: 5, none_at: 0}}", []),  # finding more is better
        (f"count: {{{HAZARD}, full_at: 9, none_at: 0, found_by: others}}", [REWARDED]),
        (f"change: {{{HAZARD}, full_at: -10, none_at: 10, found_by: others}}", [COMPARED]),
        (f"change: {{{INCIDENT}, full_at: -10, none_at: 10}}", []),
        (f"{DAYS}, found_by: others}}", [COMPARED]),
        (f"{DAYS}, as: by}}", [OTHERS]),
        (f"{DAYS}, as: by, found_by: others}}", []),
        (f"count: {{{LISTED}, full_at: 0, none_at: 2, found_by: others}}", [FOLLOWS]),
        (f"count: {{{INCIDENT}, full_at: 0, none_at: 2}}", []),
        ("share: {duties: [hazard.rectified], counting: verified}", [VERIFIED]),
        ("share: {family: hazards, counting: verified}", []),  # a family leaves such a duty out
        ("share: {duties: [x]}", [AT + "there is no duty 'x'"]),
        ("share: {family: x}", [AT + "there is no family 'x'"]),
        ("scores_of: {tree: school}", ["scoring.yaml:7 'school': scores_of goes round in a circle"]),
        (
            "count: {deed: {case: hazard, step: fond}, full_at: 0, none_at: 5}",
            ["scoring.yaml:12 there is no step 'fond'; did you mean 'found'?"],
        ),
    ],
)
def test_what_a_measure_may_not_say(measure: str, wrong: list[str]) -> None:
    assert said(measure) == wrong


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ("weight: 40 => weight: 30", "7 'school': the weights add up to 90, not to the full points, 100"),
        ("code: b => code: a", "7 'school': the indicator code 'a' is used twice"),
        ("SOURCE_LINE => source: {text: city-speech, clause: ''}", "13 'school': an indicator needs its clause"),
        ("at_least: 0, below: 60 => at_least: 0, below: 70", "15 'school': the grades 'good' and 'bad' overlap"),
        ("  per: year\n => ", "3 'per' is missing"),
        ("points: 100 => points: 100\n  caps: {bonus: -1}", "7 'school': a cap must not be below zero"),
    ],
)
def test_what_a_tree_may_not_say(change: str, wrong: str) -> None:
    assert said(change=change) == [f"scoring.yaml:{wrong}"]
