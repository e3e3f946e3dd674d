"""Recurrence at its limits, as tables: how long after, and how near, a hazard counts as come back (M93)."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxue.analysis import recurrence
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from tests.analysis.worlds import TITLE, day, derivation, fact, place

RULE = derivation("recurrence", days=365, metres=15, ending="fixed", rises_to="major")
START = day("2025-03-01")


def step(**more: Any) -> dict[str, Any]:
    return {"title": TITLE, "by": ["anybody"], **more}


KIND = Kind.model_validate(
    {
        "code": "k",
        "shape": "case",
        "title": TITLE,
        "flow": {
            "found": step(),
            "noted": step(stays=True, **{"from": ["found", "fixed_at_once"]}),
            "fixed_at_once": step(ends="fixed", **{"from": ["found"]}),
            "accepted": step(ends="accepted", **{"from": ["found"]}),
            "reopened": step(reopens=["fixed"]),
        },
    }
)


def hazard(found: int, *steps: tuple[str, int], school: str = "S1", **fields: Any) -> list[Fact]:
    told = {"category": "fire", "area": "campus", "location": "三楼东侧楼梯", **fields}
    first = fact(START + found, told, verb="step", step="found", about=school)
    return [first, *(fact(START + on, {}, verb="step", step=s, item=first.item, about=school) for s, on in steps)]


def found_in(*cases: list[Fact]) -> list[int]:
    facts = [one for case in cases for one in case]
    return sorted(int(finding.fields["days"]) for finding in recurrence.find(RULE, {"case": facts}, KIND).findings)


@pytest.mark.parametrize(("days", "came_back"), [(0, [0]), (1, [1]), (364, [364]), (365, [365]), (366, [])])
def test_days_since_it_was_fixed(days: int, came_back: list[int]) -> None:
    later = hazard(10 + days) if days else hazard(10, ("noted", 11))
    if not days:  # the same day, an hour later
        later = [Fact(**{s: getattr(one, s) for s in Fact.__slots__} | {"at": one.at + 60}) for one in later]
    assert found_in(hazard(0, ("fixed_at_once", 10)), later) == came_back


@pytest.mark.parametrize(
    ("earlier", "came_back"),
    [
        (hazard(0), []),  # never fixed: it is the same one still
        (hazard(0, ("accepted", 5)), []),  # ended otherwise
        (hazard(0, ("fixed_at_once", 5), ("noted", 6)), [95]),  # a note changes nothing
        (hazard(0, ("fixed_at_once", 5), ("reopened", 50)), []),  # open again when the other was found
        (hazard(0, ("fixed_at_once", 5), ("reopened", 150)), [95]),  # re-opened only afterwards
        (hazard(0, ("fixed_at_once", 100)), []),  # in the same minute: not before
        (hazard(0, ("fixed_at_once", 101)), []),  # fixed after the other was found
    ],
)
def test_what_counts_as_fixed(earlier: list[Fact], came_back: list[int]) -> None:
    assert found_in(earlier, hazard(100)) == came_back


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        ({}, True),
        ({"location": "三楼 东侧楼梯。"}, True),
        ({"location": "二楼东侧楼梯"}, False),
        ({"location": ""}, False),  # nobody says where: not known to be the same
        ({"category": "food"}, False),
        ({"area": "surroundings"}, False),
        ({"school": "S2"}, False),
        ({"location": "楼梯口", "place": place(31.2100, 107.4700)}, True),
        ({"location": "楼梯口", "place": place(31.2100 + 14.9 / 110_860, 107.4700)}, True),
        ({"location": "楼梯口", "place": place(31.2100 + 15.1 / 110_860, 107.4700)}, False),
        ({"location": "", "place": place(31.2078491, 107.4746497, "gcj02")}, True),  # the same point, another system
        ({"location": "", "place": place(31.2078491, 107.4746497)}, False),  # the same numbers, 500 m away
    ],
)
def test_what_is_the_same_spot(fields: dict[str, Any], same: bool) -> None:
    earlier = hazard(0, ("fixed_at_once", 5), place=place(31.2100, 107.4700))
    assert found_in(earlier, hazard(100, **fields)) == ([95] if same else [])


def test_the_latest_is_the_earlier_one() -> None:
    first, second = hazard(0, ("fixed_at_once", 5)), hazard(50, ("fixed_at_once", 60))
    facts = [*first, *second, *hazard(100)]
    found = recurrence.find(RULE, {"case": facts}, KIND).findings
    said = {finding.reference: (finding.fields["earlier"], finding.fields["measure"]) for finding in found}
    assert said == {
        second[0].item: (first[0].item, "days=45 times=1"),
        facts[-1].item: (second[0].item, "days=40 times=2"),
    }


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(1, 60)), max_size=8), st.randoms())
def test_order_does_not_matter(spans: list[tuple[int, int]], rng: random.Random) -> None:
    facts = [one for found, length in spans for one in hazard(found, ("fixed_at_once", found + length))]
    before = recurrence.find(RULE, {"case": facts}, KIND)
    rng.shuffle(facts)
    assert recurrence.find(RULE, {"case": facts}, KIND) == before
