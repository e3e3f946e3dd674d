"""Clusters at their limits, as tables: which counts of new cases bring a signal, and on which day (HLTH-03)."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxue.analysis import cluster
from huxue.core.facts import Fact
from tests.analysis.worlds import day, derivation, fact

RULE = derivation("cluster", in_a_day=3, days=3, in_days=5, quiet_days=7)
FIRST = day("2026-03-02")


def ill(on: int, cases: int, name: str = "三年级2班", symptom: str = "vomiting", school: str = "S1") -> Fact:
    told = {"unit": "class", "name": name, "symptom": symptom, "cases": cases}
    return fact(FIRST + on - 1, told, by=school)


def days_of(facts: list[Fact]) -> list[int]:
    found = cluster.find(RULE, {"counts": facts}).findings
    return sorted(finding.at // 1440 - FIRST + 1 for finding in found)


@pytest.mark.parametrize(
    ("cases", "signals"),
    [  # new cases on day 1, 2, 3 … → days of the signals
        ([2], []),
        ([3], [1]),
        ([2, 2], []),
        ([2, 2, 1], [3]),
        ([2, 1, 2], [3]),
        ([2, 0, 2], []),
        ([2, 0, 0, 2, 1], []),  # five, but in five days
        ([1, 1, 1, 1, 1], []),  # three in any three days
        ([2, 1, 1, 1, 2], []),
        ([2, 1, 1, 2, 2], [5]),
        ([0, 0, 3], [3]),
        ([3, 3, 3, 3], [1]),  # a running cluster does not repeat
        ([3, 0, 0, 0, 0, 0, 0, 3], [1]),  # the seventh day after: it still runs
        ([3, 0, 0, 0, 0, 0, 0, 0, 3], [1, 9]),  # more than seven days without a case: another one
        ([3, 0, 0, 0, 0, 0, 0, 0, 2], [1]),  # over, and two are no cluster
    ],
)
def test_which_counts_make_a_signal(cases: list[int], signals: list[int]) -> None:
    assert days_of([ill(on, n) for on, n in enumerate(cases, 1)]) == signals


@pytest.mark.parametrize(
    ("facts", "signals"),
    [
        ([ill(1, 2), ill(1, 1)], [1]),  # two counts of one day add up
        ([ill(1, 2), ill(1, 2, "三年级3班")], []),  # of two classes
        ([ill(1, 2), ill(1, 2, symptom="fever")], []),  # other symptoms
        ([ill(1, 2), ill(1, 2, school="S2")], []),  # of two schools
        ([ill(1, 2), ill(1, 1, "三年级 ２班")], [1]),  # the same class written otherwise
    ],
)
def test_what_is_counted_together(facts: list[Fact], signals: list[int]) -> None:
    assert days_of(facts) == signals


def test_a_signal_says_where_what_and_how_many() -> None:
    facts = [ill(1, 2), ill(2, 3)]
    (finding,) = cluster.find(RULE, {"counts": facts}).findings
    assert finding.roles == {"to": ("S1",)}
    assert finding.fields == {
        "unit": "class", "name": "三年级2班", "symptom": "vomiting", "cases": 5, "measure": "in_a_day=3 in_days=5",
    }  # fmt: skip
    assert finding.inputs == (facts[0].id, facts[1].id)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 6)), max_size=25), st.randoms())
def test_order_does_not_matter_and_signals_stand_apart(counts: list[tuple[int, int]], rng: random.Random) -> None:
    facts = [ill(*one) for one in counts]
    found = days_of(facts)
    rng.shuffle(facts)
    assert days_of(facts) == found
    assert all(later - earlier > RULE.number("quiet_days") for earlier, later in pairwise(found))
    assert bool(found) == any(
        sum(n for on, n in counts if low <= on <= low + length - 1) >= least
        for low in range(1, 41)
        for length, least in ((1, 3), (3, 5))
    )
