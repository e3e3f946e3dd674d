"""Whether a venue lies within the limit, as tables: each measure, each sort of knowledge, and the limit itself."""

from __future__ import annotations

from typing import Any

import pytest

from huxue.analysis import proximity
from huxue.analysis.coordinates import Point, gcj02
from huxue.analysis.distance import ELLIPSOID
from huxue.analysis.findings import Stand
from huxue.core.facts import Fact
from huxue.core.values import FAR
from tests.analysis.worlds import day, derivation, fact, place

WALL = "31.2100, 107.4700; 31.2100, 107.4710; 31.2090, 107.4710; 31.2090, 107.4700 (wgs84)"
GATES = "31.2100, 107.4705 (wgs84)"
BOUNDARY, GATE, POINT = {"boundary": WALL}, {"gates": GATES}, {"point": place(31.2100, 107.4705)}


def rule(measure: str = "wall-straight", limit: int = 200, **more: Any) -> Any:
    told = {"reach": 500, "document": "某文件", "sorts": ["internet-cafe"], "levels": [], **more}
    return derivation("distance", limit=limit, measure=measure, **told)


def venue(metres: float, at: str = "2026-01-01", crs: str = "wgs84", **more: Any) -> Fact:
    """A venue so many metres north of the gate, and half a centimetre: places are kept to the centimetre."""
    lon, lat, _ = ELLIPSOID.fwd(107.4705, 31.21, 0, metres + 0.0055)
    point = gcj02(Point(lon, lat)) if crs == "gcj02" else Point(lon, lat)
    told = {"name": "星河网吧", "sort": "internet-cafe", "place": place(point.lat, point.lon, crs), **more}
    return fact(at, told, verb="open", by="D")


def school(level: str = "primary", opened: str = "2020-01-01") -> Fact:
    return fact(opened, {"code": "S", "traits": {"level": level}}, verb="open", about="S")


def stands(derived: Any, *venues: Fact, site: Any = BOUNDARY, walks: Any = (), level: str = "primary") -> list[Stand]:
    sites = [fact("2020-01-01", site, verb="open", by="S")]
    reads = {"venue": venues, "site": sites, "measured": walks}
    return list(proximity.find(derived, reads, [school(level)]).stands)


def decided(stand: Stand) -> tuple[Any, Any, Any]:
    return tuple(stand.fields.get(name) for name in ("within_limit", "distance", "bound"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("metres", "within", "decimetres"),
    [
        (0.5, True, 5),
        (199, True, 1990),
        (199.94, True, 1999),
        (199.99, True, 1999),
        (200, False, 2000),
        (200.05, False, 2000),
        (201, False, 2010),
        (499.9, False, 4999),
    ],
)
def test_the_limit(metres: float, within: bool, decimetres: int) -> None:
    (found,) = stands(rule(), venue(metres))
    assert decided(found) == (within, decimetres, None)


def test_beyond_reach_nothing_is_put_on_record() -> None:
    assert stands(rule(), venue(500.1)) == []


@pytest.mark.parametrize("crs", ["wgs84", "gcj02"])
def test_the_system_of_a_point_does_not_matter(crs: str) -> None:
    (found,) = stands(rule(), venue(199.5, crs=crs))
    assert decided(found) == (True, 1995 if crs == "wgs84" else pytest.approx(1995, abs=1), None)


@pytest.mark.parametrize(
    ("measure", "site", "metres", "result"),
    [
        ("wall-straight", BOUNDARY, 150, (True, 1500, None)),
        ("wall-straight", GATE, 150, (None, None, 1500)),
        ("wall-straight", POINT, 150, (None, None, 1500)),
        ("wall-straight", POINT, 450, (None, None, 4500)),  # far from the point, and still no pass
        ("gate-radius", GATE, 150, (True, 1500, None)),
        ("gate-radius", GATE, 250, (False, 2500, None)),
        ("gate-radius", BOUNDARY, 250, (None, None, 2500)),
        ("gate-radius", POINT, 250, (None, None, 2500)),
        ("gate-walk", BOUNDARY, 150, (None, None, 1500)),
        ("gate-walk", BOUNDARY, 250, (False, None, 2500)),  # no way is shorter than the straight line
        ("gate-walk", GATE, 250, (None, None, 2500)),
        ("gate-walk", POINT, 250, (None, None, 2500)),
        ("wall-straight", {**BOUNDARY, **GATE, **POINT}, 150, (True, 1500, None)),
    ],
)
def test_what_is_decided_by_what_is_known(measure: str, site: Any, metres: float, result: Any) -> None:
    (found,) = stands(rule(measure), venue(metres), site=site)
    assert decided(found) == result


def test_nothing_known_nothing_said() -> None:
    assert stands(rule(), venue(10), site={"document": "测绘中"}) == []


def test_a_walk_measured_on_the_spot_decides_from_its_day_on() -> None:
    cafe = venue(150)
    walks = [fact(at, {"venue": cafe.item, "metres": tenths}, about="S") for at, tenths in WALKS]
    found = stands(rule("gate-walk"), cafe, walks=walks)
    assert [(one.lo, one.hi, *decided(one)) for one in found] == [
        (day("2026-01-01"), day("2026-02-28"), None, None, 1500),
        (day("2026-03-01"), day("2026-04-30"), False, 2431, None),
        (day("2026-05-01"), FAR, True, 1999, None),
    ]


WALKS = (("2026-03-01", 2431), ("2026-05-01", 1999))


@pytest.mark.parametrize(
    ("level", "levels", "count"),
    [("primary", ["primary"], 1), ("kindergarten", ["primary"], 0), ("training", [], 1), ("primary", [], 1)],
)
def test_levels(level: str, levels: list[str], count: int) -> None:
    assert len(stands(rule(levels=levels), venue(150), level=level)) == count


def test_a_kindergarten_may_have_a_limit_of_its_own() -> None:
    (found,) = stands(rule(limit=100, levels=["kindergarten"]), venue(150), level="kindergarten")
    assert decided(found) == (False, 1500, None)


def test_other_sorts_of_venue_are_not_meant() -> None:
    assert stands(rule(), venue(10, sort="tobacco")) == []


def test_both_points_and_the_document_are_kept() -> None:
    cafe = venue(150)
    (found,) = stands(rule(), cafe)
    told = {name: found.fields[name] for name in ("school_point", "venue_point", "document", "limit", "measure")}
    assert told == {
        "school_point": {"lat": "31.21", "lon": "107.4705", "crs": "wgs84"}, "venue_point": cafe.fields["place"],
        "document": "某文件", "limit": 200, "measure": "wall-straight",
    }  # fmt: skip


def test_only_while_both_were_there() -> None:
    cafe = venue(150, "2026-02-01")
    shut = fact("2026-06-01", {}, verb="close", item=cafe.item, by="D")
    (found,) = stands(rule(), cafe, shut)
    assert (found.lo, found.hi) == (day("2026-02-01"), day("2026-05-31"))
