"""On the shipped rulebook too, looking never costs: whatever tree, whoever is scored, on any day."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from huxue.demo import FIRST, LAST
from tests.properties.cities import BUREAU, Judged, hazards, judged, lowered

DAYS = (FIRST + 121, LAST)  # the last day of the calendar year, and the end of the school year


@cache
def before(day: int) -> Judged:
    return judged((), day)


@pytest.mark.parametrize(("day", "seed"), [(day, seed) for day in DAYS for seed in (100, 101)])
def test_more_self_found_hazards_in_time_lower_no_score(day: int, seed: int) -> None:
    more = tuple(hazards(Random(seed), 30))
    assert lowered(before(day), judged(more, day)) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_late_one_costs_no_more_than_one_that_others_found(seed: int) -> None:
    own, others = (tuple(hazards(Random(seed), 4, finder=finder, late=True)) for finder in ("", BUREAU))
    assert lowered(judged(others, LAST), judged(own, LAST), but=frozenset({BUREAU})) == []
