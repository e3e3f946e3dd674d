"""The facts that set the city up: organisations, oversight, posts and who holds them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huxue.core.facts import Fact
from huxue.core.values import FAR, MINUTES_A_DAY
from huxue.demo.pen import Pen
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST, SET_UP

OPENED: Final = (FIRST - 365) * MINUTES_A_DAY + 8 * 60
_WRITTEN: Final = SET_UP * MINUTES_A_DAY + 9 * 60


def opening(pen: Pen, place: Place) -> list[Fact]:
    """Write down a government with all below it; what lies above it must be known already."""
    for unit in place.units():
        _organisation(pen, unit)
    for department in place.departments.values():
        fields = {"supervised": place.government.code, "topic": department.topic}
        pen.write("oversight", "open", department, "", OPENED, fields, recorded=_WRITTEN)
    for unit in place.units():
        for post in unit.holders:
            _post(pen, unit, post)
    return pen.facts


def _organisation(pen: Pen, unit: Unit) -> None:
    fields = {
        "code": unit.code,
        "name": unit.name,
        "type": unit.type,
        "area": "",
        "parent": unit.parent,
        "traits": unit.traits,
    }
    pen.write("organisation", "open", unit, "", OPENED, fields, recorded=_WRITTEN, roles={"about": (unit.code,)})


def _post(pen: Pen, unit: Unit, post: str) -> None:
    code, about = f"{unit.code}/{post}", {"about": (unit.code,)}
    fields = {"code": code, "organisation": unit.code, "type": post}
    pen.write("post", "open", unit, "", OPENED, fields, recorded=_WRITTEN, roles=about)
    for since, until, person in _held(unit.holders[post]):
        held = {"post": code, "person": person}
        began = max(since, OPENED)
        item = pen.write("holding", "open", unit, "", began, held, recorded=max(_WRITTEN, began), roles=about).item
        if until < FAR * MINUTES_A_DAY:
            pen.write("holding", "close", unit, "", until, recorded=until + 5, roles=about, item=item)


def _held(holders: list[tuple[int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield each holder's first and last minute; a new one takes over at eight in the morning."""
    for n, (day, person) in enumerate(holders):
        until = holders[n + 1][0] * MINUTES_A_DAY + 480 if n + 1 < len(holders) else FAR * MINUTES_A_DAY
        yield day * MINUTES_A_DAY + 480, until, person
