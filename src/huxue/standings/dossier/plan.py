"""The plan of a school: its boundary, gates and what lies near, as decimetres around its middle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Any, Final

from huxue.analysis.coordinates import Point, of_place
from huxue.analysis.points import around, read_points, system_of
from huxue.core.kinds.wrong import Wrong
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.organisations.tables import select
from huxue.standings.dossier.model import Site, Venue

SITE: Final = "school-site"
VENUES: Final = "proximity"
SHOWN: Final = 40
_DRAWN: Final = 5_000  # decimetres from the middle


def site(rulebook: Rulebook, organisation: str) -> Site | None:
    """Return the plan of an organisation, ``None`` where neither its place nor anything near it is known."""
    sql = "SELECT kind, item, fields FROM ledger_entry WHERE kind IN (%s, %s) AND organisation = %s AND open"
    rows = [(kind, item, loads(fields)) for kind, item, fields in select(sql, SITE, VENUES, organisation)]
    said: Mapping[str, Any] = next((fields for kind, _, fields in rows if kind == SITE), {})
    near = sorted(
        ((item, fields) for kind, item, fields in rows if kind == VENUES),
        key=lambda one: (one[1].get("distance", one[1].get("bound")) or 0, one[0]),
    )[:SHOWN]
    if not said and not near:
        return None
    ring, gates, point = _points(said.get("boundary")), _points(said.get("gates")), _place(said.get("point"))
    middle = _middle([*ring, *gates, *([point] if point else [])])
    venues = tuple(_venue(rulebook, item, fields, middle) for item, fields in near)
    if middle is None:
        return Site((), (), (), None, str(said.get("surveyed") or ""), venues)
    here = tuple(around(middle, [point])) if point else ()
    return Site(
        _systems(said), tuple(around(middle, ring)), tuple(around(middle, gates)), here[0] if here else None,
        str(said.get("surveyed") or ""), venues,
    )  # fmt: skip


def _points(text: object) -> tuple[Point, ...]:
    """Return the points of a text; what cannot be read is not drawn (the derivation says what is wrong with it)."""
    try:
        return read_points(str(text)) if text else ()
    except Wrong:
        return ()


def _place(stored: object) -> Point | None:
    return of_place(stored) if isinstance(stored, Mapping) and stored.get("crs") else None


def _middle(points: Sequence[Point]) -> Point | None:
    if not points:
        return None
    return Point(sum(p.lon for p in points) / len(points), sum(p.lat for p in points) / len(points))


def _systems(said: Mapping[str, Any]) -> tuple[str, ...]:
    point = said.get("point")
    found: Iterable[str] = (
        system_of(str(said.get("boundary") or "")), system_of(str(said.get("gates") or "")),
        str(point.get("crs") or "") if isinstance(point, Mapping) else "",
    )  # fmt: skip
    return tuple(sorted({one for one in found if one}))


def _venue(rulebook: Rulebook, item: str, fields: Mapping[str, Any], middle: Point | None) -> Venue:
    kind = rulebook.kinds.get(VENUES)
    choices = rulebook.lists.get(kind.fields["venue_kind"].list, {}) if kind else {}
    choice = choices.get(str(fields.get("venue_kind")))
    point = _place(fields.get("venue_point"))
    at = around(middle, [point])[0] if middle and point else None
    if at and max(abs(at[0]), abs(at[1])) > _DRAWN:
        at = None
    distance = fields.get("distance", fields.get("bound"))
    return Venue(
        item, str(fields.get("venue") or ""), choice.title if choice else Text(zh="", en=""),
        int(distance) if distance is not None else None, fields.get("within_limit"), at,
    )  # fmt: skip


__all__ = ["site"]
