"""The worked examples of the shipped rulebooks, each run through every evaluator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import duckdb
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
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of

CITY = "city"
IN_A_GROUP = 40  # examples: each is judged by the duties of all, so that a group costs its square
Evaluator = Callable[[Rulebook, Calendars, tuple[Fact, ...], int, int], list[Standing]]


def by_reference(
    rulebook: Rulebook, calendars: Calendars, facts: tuple[Fact, ...], as_of: int, known_at: int
) -> list[Standing]:
    """Evaluate by the specification in plain Python."""
    return reference.evaluate(rulebook, calendars, facts, as_of=as_of, known_at=known_at)


def by_program(
    rulebook: Rulebook, calendars: Calendars, facts: tuple[Fact, ...], as_of: int, known_at: int
) -> list[Standing]:
    """Evaluate by the compiled program."""
    with duckdb.connect() as connection:
        found = evaluate(rulebook, calendars, table_of(facts), as_of=as_of, known_at=known_at, con=connection)
        return found.standings()


@cache
def groups() -> list[list[str]]:
    """The examples in groups of one day each, neighbours together, since they are of the same few duties."""
    days: dict[tuple[int, int], list[str]] = {}
    for name, example in examples().items():
        days.setdefault((example.as_of, example.known_at), []).append(name)
    return [names[at : at + IN_A_GROUP] for _, names in sorted(days.items()) for at in range(0, len(names), IN_A_GROUP)]


@cache
def group_of() -> dict[str, int]:
    """The number of each example's group."""
    return {name: number for number, names in enumerate(groups()) for name in names}


@cache
def together(evaluator: str, group: int) -> list[Standing]:
    """Evaluate the examples of a group at once, each in a country of its own: the program starts slowly.

    Only the duties of the group's examples are owed, and those of every school day in their own examples alone: three
    hundred duties over hundreds of days would say the same again and again.
    """
    rulebook, calendars = city()
    chosen = {name: examples()[name] for name in groups()[group]}
    found: list[Standing] = []
    for daily in (False, True):
        names = [name for name, example in chosen.items() if is_daily(example.duty) == daily]
        duties = {code: rulebook.duties[code] for code in dict.fromkeys(chosen[name].duty for name in names)}
        facts = tuple(fact for name in names for fact in abroad(chosen[name], name).facts)
        asked = rulebook.model_copy(update={"duties": duties})
        day = next((example.as_of, example.known_at) for example in chosen.values())
        found += EVALUATORS[evaluator](asked, calendars, facts, *day) if names else []
    return found


def is_daily(code: str) -> bool:
    """Whether a duty is owed on every school day."""
    return getattr(city()[0].duties[code].shape, "per", "") == "school-day"


def abroad(example: Example, name: str) -> Example:
    """The same example with the name of a country before every organisation and every id."""
    own = {fact.fields["code"] for fact in example.facts if fact.kind == "organisation"}
    items = {fact.item for fact in example.facts} | {fact.id for fact in example.facts}

    def moved(value: Any) -> Any:
        if isinstance(value, list | tuple):
            return type(value)(map(moved, value))
        if isinstance(value, Mapping):
            return {key: moved(part) for key, part in value.items()}
        known = isinstance(value, str) and (value in own or value in items or value.partition("/")[0] in own)
        return f"{name}|{value}" if known else value

    def fact_abroad(fact: Fact) -> Fact:
        parts = ("id", "item", "roles", "fields", "replaces", "reference", "post")
        return replace(fact, **{part: moved(getattr(fact, part)) for part in parts})

    expected = tuple(replace(e, organisation=moved(e.organisation), period=moved(e.period)) for e in example.expected)
    return replace(example, facts=tuple(map(fact_abroad, example.facts)), expected=expected)


EVALUATORS: dict[str, Evaluator] = {"reference": by_reference, "program": by_program}


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
                found[f"{layer}.{name.removeprefix('examples/').removesuffix('.yaml')}.{number}"] = example
    return found


@pytest.mark.parametrize("evaluator", EVALUATORS)
@pytest.mark.parametrize("name", [name for names in groups() for name in names])
def test_example(name: str, evaluator: str) -> None:
    example = examples()[name]
    standings = together(evaluator, group_of()[name])
    assert differences(abroad(example, name), standings) == []


@pytest.mark.parametrize("group", range(len(groups())))
def test_the_evaluators_agree_on_every_standing_of_the_groups_duties(group: int) -> None:
    first, *others = (together(evaluator, group) for evaluator in EVALUATORS)
    assert [sorted({*other} ^ {*first}, key=repr) for other in others] == [[] for _ in others]


@pytest.mark.parametrize("duty", dict.fromkeys(duty.one_of or duty.code for duty in city()[0].duties.values()))
def test_a_duty_has_a_positive_a_negative_and_a_boundary_example(duty: str) -> None:
    codes = {one.code for one in city()[0].duties.values() if duty in (one.code, one.one_of)}
    sorts = Counter(example.sort for example in examples().values() if example.duty in codes)
    assert [sort for sort in SORTS if not sorts[sort]] == []


def test_the_national_layer_stands_alone() -> None:
    _, problems = load(read("national"))
    assert [p.say("en") for p in problems] == []
