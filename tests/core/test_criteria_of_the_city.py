"""The criteria and checklists that ship: what is verified, and what follows from typical findings."""

from __future__ import annotations

import pytest

from huxue.core.checklists import judge
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.rulebooks import read


@pytest.fixture(scope="module")
def national() -> Rulebook:
    rulebook, problems = load(read("national"))
    assert problems == []
    assert rulebook is not None
    return rulebook


def test_only_the_direct_conditions_for_fire_are_verified(national: Rulebook) -> None:
    rows = national.criteria["education-major-hazards"].rows
    wanted = ["fire-no-system", "fire-floors", "fire-flammables", "fire-equipment"]
    assert [row.code for row in rows if row.verified] == wanted
    assert {row.group for row in rows} == set(national.criteria["education-major-hazards"].groups)


@pytest.mark.parametrize(
    ("holding", "concludes", "unverified"),
    [
        (("fire-floors",), True, ()),
        (("bus-overload",), True, ("bus-overload",)),
        (("fire-exits",), False, ()),
        (("fire-exits", "fire-patrols"), True, ("fire-exits", "fire-patrols")),
        (("fire-exits", "crush-staff"), False, ()),
    ],
)
def test_what_follows_from_findings(
    national: Rulebook, holding: tuple[str, ...], concludes: bool, unverified: tuple[str, ...]
) -> None:
    table = national.criteria["education-major-hazards"]
    found = judge(table, {row.code: row.code in holding for row in table.rows})
    assert (found.concludes, found.unverified, found.open) == (concludes, unverified, ())


SCOPES = (
    *("campus-security", "fire", "canteen", "buildings", "laboratory", "dormitory", "school-bus", "surroundings"),
    *("sport-and-stairs", "health", "kindergarten", "training-body", "utilities"),
)


def test_each_main_scope_has_eight_to_fifteen_items(national: Rulebook) -> None:
    sizes = {code: len(national.checklists[code].items) for code in SCOPES}
    assert {code: size for code, size in sizes.items() if not 8 <= size <= 15} == {}
