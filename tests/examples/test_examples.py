"""The worked examples of the shipped rulebooks, each run through every evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

import pytest

from huxue.core.calendar import Calendars
from huxue.core.duties import reference
from huxue.core.duties.standing import Standing
from huxue.core.examples import SORTS, Example, differences, read_examples
from huxue.core.facts import Fact
from huxue.core.rulebook.fit import plain
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import parse
from huxue.rulebooks import read

CITY = "city"
Evaluator = Callable[[Rulebook, Calendars, tuple[Fact, ...], int, int], list[Standing]]


def by_reference(
    rulebook: Rulebook, calendars: Calendars, facts: tuple[Fact, ...], as_of: int, known_at: int
) -> list[Standing]:
    """Evaluate by the specification in plain Python."""
    return reference.evaluate(rulebook, calendars, facts, as_of=as_of, known_at=known_at)


EVALUATORS: dict[str, Evaluator] = {"reference": by_reference}


@cache
def city() -> tuple[Rulebook, Calendars]:
    """The city rulebook with the national layer below it, and its calendars."""
    rulebook, problems = load(read(CITY))
    assert [p.say("en") for p in problems] == []
    assert rulebook is not None
    return rulebook, Calendars.build(rulebook.calendars)


@cache
def examples() -> dict[str, Example]:
    """Every example of both layers, by file and number."""
    rulebook, _ = city()
    found: dict[str, Example] = {}
    for layer, files in read(CITY):
        for name in sorted(name for name in files if name.startswith("examples/")):
            said, problems = parse(f"{layer}/{name}", files[name])
            assert problems == []
            for number, example in enumerate(read_examples(plain(said), rulebook), 1):
                found[f"{layer}/{name}#{number}"] = example
    return found


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("name", examples())
def test_example(name: str, evaluator: str) -> None:
    rulebook, calendars = city()
    example = examples()[name]
    one = rulebook.model_copy(update={"duties": {example.duty: rulebook.duties[example.duty]}})
    standings = EVALUATORS[evaluator](one, calendars, example.facts, example.as_of, example.known_at)
    assert differences(example, standings) == []


@pytest.mark.parametrize("duty", city()[0].duties)
def test_a_duty_has_a_positive_a_negative_and_a_boundary_example(duty: str) -> None:
    sorts = Counter(example.sort for example in examples().values() if example.duty == duty)
    assert [sort for sort in SORTS if not sorts[sort]] == []


def test_the_national_layer_stands_alone() -> None:
    _, problems = load(read("national"))
    assert [p.say("en") for p in problems] == []


def test_every_mechanism_of_the_table_names_what_exists() -> None:
    rulebook, _ = city()
    files = dict(read(CITY))[CITY]
    said, _ = parse("mechanisms.yaml", files["mechanisms.yaml"])
    table = plain(said)["mechanisms"]
    named = [(m, part, name) for m, row in table.items() for part in row if part != "how" for name in row[part]]
    assert [(m, name) for m, part, name in named if name not in getattr(rulebook, part)] == []
