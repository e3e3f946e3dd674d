"""The plan of a school as a drawing: boundary, gates, the 200 metres around it, and what lies there, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huxue.standings.dossier.model import Site

REACH: Final = 2_000  # decimetres: 200 m
_EDGE: Final = 300
_SYSTEMS: Final = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "cgcs2000": "CGCS2000", "bd09": "BD-09"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the drawing; ``number`` as in the list."""

    x: int
    y: int
    number: int
    within: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is drawn, in decimetres, y downwards; ``ring`` as the points of a polygon."""

    box: str
    ring: str
    middle: tuple[int, int] | None
    gates: tuple[tuple[int, int], ...]
    venues: tuple[Mark, ...]
    systems: str
    bar: tuple[int, int, int]  # x, y and length of the bar of 100 m


def plan(site: Site | None) -> Plan | None:
    """Return the drawing of a site, ``None`` where its place is not known."""
    if site is None or not (site.ring or site.gates or site.point):
        return None
    own = [*site.ring, *site.gates, *([site.point] if site.point else [])]
    marks = tuple(
        Mark(venue.at[0], -venue.at[1], number, bool(venue.within))
        for number, venue in enumerate(site.venues, 1)
        if venue.at is not None
    )
    xs = [x for x, _ in own] + [mark.x for mark in marks]
    ys = [-y for _, y in own] + [mark.y for mark in marks]
    left = min(min(xs) - _EDGE, min(x for x, _ in own) - REACH - _EDGE)
    right = max(max(xs) + _EDGE, max(x for x, _ in own) + REACH + _EDGE)
    top = min(min(ys) - _EDGE, min(-y for _, y in own) - REACH - _EDGE)
    bottom = max(max(ys) + _EDGE, max(-y for _, y in own) + REACH + _EDGE)
    return Plan(
        box=f"{left} {top} {right - left} {bottom - top}",
        ring=" ".join(f"{x},{-y}" for x, y in site.ring),
        middle=None if site.ring else (own[0][0], -own[0][1]),
        gates=tuple((x, -y) for x, y in site.gates),
        venues=marks,
        systems=", ".join(_SYSTEMS.get(one, one) for one in site.systems),
        bar=(left + _EDGE, bottom - _EDGE, 1_000),
    )


__all__ = ["REACH", "Mark", "Plan", "plan"]
