"""Both ways of scoring agree on generated trees and histories."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from huxue.core.duties.history import History
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan, reference
from huxue.core.scoring.score import Gathered, Scores, scores
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from huxue.standings.scores import gather
from tests.properties.test_agreement import years
from tests.properties.trees import Trees
from tests.properties.worlds import AREAS, World, world

BLOCK = 6


def drawn(seed: int) -> World:
    """A world with trees: some duties strengthen the one before."""
    w = world(seed, years(), duties=8)
    r = Random(seed)
    duties = dict(w.rulebook.duties)
    strong = r.sample(list(duties), 2)
    duties[strong[0]] = duties[strong[0]].model_copy(update={"strengthens": strong[1]})
    trees = Trees(r, tuple(duties)).all()
    w.rulebook = w.rulebook.model_copy(update={"duties": duties, "scoring": trees})
    return w


def by_program(w: World, rulebook: Rulebook | None = None) -> tuple[Gathered, Scores]:
    book = rulebook or w.rulebook
    found = evaluate(
        book,
        w.calendars,
        table_of(w.facts),
        as_of=w.as_of,
        known_at=w.known_at,
        areas=tuple(AREAS),
        besides=plan.besides(book.scoring),
    )
    gathered = gather(found, book, w.calendars, day=w.as_of)
    return gathered, scores(book.scoring, gathered)


def by_reference(w: World) -> tuple[Gathered, Scores]:
    history = History(w.rulebook, w.calendars, w.facts, as_of=w.as_of, known_at=w.known_at)
    gathered = reference.gather(history, day=w.as_of)
    return gathered, scores(w.rulebook.scoring, gathered)


def differences(one: Gathered, other: Gathered) -> list[str]:
    lines = [f"{one.periods} / {other.periods}"] if one.periods != other.periods else []
    lines += [f"{one.scored} / {other.scored}"] if one.scored != other.scored else []
    for key in sorted({*one.figures, *other.figures}):
        a, b = one.figures.get(key, {}), other.figures.get(key, {})
        lines += [f"{key} {o}: {a.get(o)} / {b.get(o)}" for o in sorted({*a, *b}) if a.get(o) != b.get(o)]
    return lines


@pytest.mark.parametrize("block", range(4))
def test_the_program_agrees_with_the_reference(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        w = drawn(seed)
        (fast, totals), (slow, expected) = by_program(w), by_reference(w)
        assert differences(fast, slow) == [], f"seed {seed}"
        assert totals == expected, f"seed {seed}"


def test_the_worlds_reach_every_measure() -> None:
    seen: Counter[str] = Counter()
    for seed in range(4 * BLOCK):
        w = drawn(seed)
        gathered, totals = by_program(w)
        for code, tree in w.rulebook.scoring.items():
            for leaf in tree.leaves():
                parts = [score.parts[leaf.code] for score in totals.get(code, {}).values()]
                name = type(leaf.measure).__name__
                seen[f"{name} empty"] += sum(part.value is None for part in parts)
                seen[f"{name} full or not"] += sum(part.value is not None for part in parts)
        seen["veto"] += sum(bool(s.vetoes) for found in totals.values() for s in found.values())
        seen["not scored"] += sum(s.total is None for found in totals.values() for s in found.values())
        assert gathered.periods
    measures = ("Share", "Count", "Rate", "Change", "AverageDays", "Recurring", "Given", "ScoresOf")
    wanted = {f"{name} full or not" for name in measures} | {"not scored"}
    assert {name for name in wanted if not seen[name]} == set()
