"""Bars and pubs around New York's schools: real points through the rule, counted a second time without a tree."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod
from shapely import points as shapes

from huxue.analysis import proximity
from huxue.analysis.distance import near
from huxue.core.facts import Fact
from tests.analysis.worlds import derivation, fact
from tests.data.shared import DATA, rows, skip_without_data

skip_without_data()

POI = DATA / "surroundings_poi/osm_poi_NYC-2016.csv.gz"
SCHOOLS = DATA / "schools_nyc/nyc_schools_atlas.csv.gz"
SORTS = {"bar", "pub", "nightclub"}


@pytest.fixture(scope="module")
def points() -> tuple[np.ndarray, np.ndarray]:
    """Schools and venues as rows of longitude and latitude."""
    schools = [(float(r["lon"]), float(r["lat"])) for r in rows(SCHOOLS) if r["lon"] and r["lat"]]
    venues = [(float(r["lon"]), float(r["lat"])) for r in rows(POI) if r["fclass"] in SORTS]
    return np.array(schools), np.array(venues)


def plainly(schools: np.ndarray, venues: np.ndarray) -> np.ndarray:
    """Distances of every school to every venue, one after another, in metres."""
    geod = Geod(ellps="WGS84")
    return np.array([geod.inv(*np.full_like(venues, one).T, *venues.T)[2] for one in schools])


def test_every_pair_within_200_metres_and_no_other(points: tuple[np.ndarray, np.ndarray]) -> None:

    schools, venues = points
    found = near(list(shapes(schools)), venues, metres=200)
    far = plainly(schools, venues)
    expected = sorted(zip(*(axis.tolist() for axis in np.nonzero(np.rint(far * 1000) <= 200_000)), strict=True))
    assert sorted(zip(found.shape.tolist(), found.point.tolist(), strict=True)) == expected
    assert len(expected) == 328
    assert np.abs(far[found.shape, found.point] * 1000 - found.millimetres).max() <= 1


def test_points_alone_decide_nothing(points: tuple[np.ndarray, np.ndarray]) -> None:
    schools, venues = points
    derived = derivation(
        "distance", limit=200, reach=200, measure="wall-straight", document="-", sorts=["bar"], levels=[]
    )
    facts = [
        fact("2020-01-01", {"code": f"S{n}", "traits": {}}, verb="open", about=f"S{n}") for n in range(len(schools))
    ]
    sites = [opened({"point": placed(*one)}, f"S{n}") for n, one in enumerate(schools)]
    bars = [opened({"name": f"V{n}", "sort": "bar", "place": placed(*one)}, "D") for n, one in enumerate(venues)]
    stands = proximity.find(derived, {"site": sites, "venue": bars}, facts).stands
    assert {(stand.fields.get("within_limit"), stand.fields.get("distance")) for stand in stands} == {(None, None)}
    assert len(stands) == int((np.rint(plainly(schools, venues) * 1000) <= 200_000).sum())


def opened(fields: dict[str, object], by: str) -> Fact:
    return fact("2020-01-01", fields, verb="open", by=by)


def placed(lon: float, lat: float) -> dict[str, str]:
    return {"lat": repr(float(lat)), "lon": repr(float(lon)), "crs": "wgs84"}
