"""Coordinate systems against published values, and there and back (GEO-01)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxue.analysis.coordinates import Point, _turned, bd09, gcj02, of_place, place, wgs84
from huxue.analysis.distance import between

TIANANMEN = Point(116.404, 39.915)


def test_published_values() -> None:
    """Those of the widely used coordtransform library."""
    assert gcj02(TIANANMEN) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert _turned(TIANANMEN) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@pytest.mark.parametrize(("crs", "there"), [("gcj02", gcj02), ("bd09", bd09), ("wgs84", Point), ("cgcs2000", Point)])
@given(lon=st.floats(73, 135), lat=st.floats(5, 53))
def test_there_and_back(crs: str, there: object, lon: float, lat: float) -> None:
    moved = there(lon, lat) if there is Point else there(Point(lon, lat))  # type: ignore[operator]
    assert between(wgs84(*moved, crs), Point(lon, lat)) <= 1  # a millimetre


def test_what_a_wrong_system_costs() -> None:
    off = [between(TIANANMEN, gcj02(TIANANMEN)) // 1000, between(TIANANMEN, bd09(TIANANMEN)) // 1000]
    assert off == [556, 1377]


def test_outside_china_nothing_is_moved() -> None:
    assert gcj02(Point(-73.97, 40.75)) == Point(-73.97, 40.75)


def test_a_stored_place_there_and_back() -> None:
    assert of_place(place(Point(107.4700001, 31.21))) == Point(107.4700001, 31.21)
