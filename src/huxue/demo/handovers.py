"""Posts that changed hands in the course of the year, each with its sheet."""

from __future__ import annotations

from itertools import pairwise

from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY
from huxue.demo.pen import Pen
from huxue.demo.world import Place

_NOTHING = "交接当日没有单列的未结事项；岗位职责随岗位移交。"


def of_place(pen: Pen, place: Place) -> list[Fact]:
    """Write the hand-overs of a government's territory: the successor signs on the first morning."""
    for unit in place.units():
        for post, held in unit.holders.items():
            for (_, left), (day, came) in pairwise(held):
                fields = {
                    "post": f"{unit.code}/{post}", "from": left, "to": came, "open": 0, "sheet": _NOTHING,
                    "signed": True,
                }  # fmt: skip
                at = day * MINUTES_A_DAY + 540
                pen.record("handover", unit, post, at, fields, recorded=at + 10)
    return pen.facts
