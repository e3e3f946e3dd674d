"""What is good again leaves the desk: by itself, and only what it is about."""

from __future__ import annotations

import pytest

from huxue.core.duties.standing import STATUSES, Standing
from huxue.standings.kept_proposals import forget, withdraw
from huxue.standings.outcomes import Proposal, Proposed

pytestmark = pytest.mark.usefixtures("site")
CODE = "schools.supervise.school.drill@B"


def late(organisation: str) -> str:
    return (
        f'{{"organisation":"{organisation}","workdays":5,"late":1,"missed":0,"start":1,"behind":[],"earlier":[]}}'
    )  # fmt: skip


def keep() -> None:
    Proposal.objects.create(
        code=CODE, ladder="schools", measure="supervise", subject="school.drill", decides="B", addressees=2,
        workdays=5, text=f"[{late('S1')},{late('S2')}]", as_of=100,
    )  # fmt: skip
    for organisation in ("S1", "S2"):
        Proposed.objects.create(organisation=organisation, proposal=CODE)


def standing(status: str, due: int) -> Standing:
    assert status in STATUSES
    return Standing("S1", "school.drill", str(due), status, False, None, 0, 1, due)  # type: ignore[arg-type]


def addressees() -> list[str]:
    return sorted(Proposed.objects.values_list("organisation", flat=True))


@pytest.mark.parametrize(
    ("found", "left"),
    [
        ([standing("met", 2), standing("missed", 1)], ["S2"]),
        ([standing("missed", 2), standing("met", 1)], ["S1", "S2"]),
        ([standing("overdue", 1), standing("met", 2)], ["S1", "S2"]),
        ([standing("due", 3)], ["S2"]),
        ([], ["S2"]),
    ],
)
def test_who_is_behind_no_more_is_taken_off(found: list[Standing], left: list[str]) -> None:
    keep()
    withdraw("S1", {"school.drill": found, "school.other": []})
    assert addressees() == left
    assert Proposal.objects.get(code=CODE).addressees == len(left)


def test_the_last_one_takes_the_proposal_along() -> None:
    keep()
    forget(CODE, ["S1"])
    forget(CODE, ["S2"])
    forget(CODE)
    assert (addressees(), Proposal.objects.count()) == ([], 0)
