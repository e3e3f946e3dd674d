"""Distances: exact at the line, against a slow second way of measuring, and fast enough for a province."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPoint, Polygon

from huxue.analysis.boundaries import read_boundary, read_points
from huxue.analysis.coordinates import Point
from huxue.analysis.distance import ELLIPSOID, between, near
from huxue.core.kinds.wrong import Wrong

CORNER = Point(107.47, 31.21)
SQUARE = Polygon([(107.47, 31.21), (107.471, 31.21), (107.471, 31.209), (107.47, 31.209)])


def away(metres: float, bearing: float, start: Point = CORNER) -> Point:
    lon, lat, _ = ELLIPSOID.fwd(start.lon, start.lat, bearing, metres)
    return Point(lon, lat)


def haversine(one: Point, other: Point) -> float:
    """Metres on the sphere, for comparison."""
    a, b = radians(one.lat), radians(other.lat)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * 6_371_008.8 * asin(sqrt(half))


@pytest.mark.parametrize("bearing", [270, 300, 315, 359])
@pytest.mark.parametrize("metres", [199, 199.999, 200, 200.001, 201])
def test_from_a_corner_of_the_wall(metres: float, bearing: float) -> None:
    """North-west of the corner the corner is the nearest point of the wall."""
    found = near([SQUARE], [away(metres, bearing)], metres=300)
    assert found.millimetres.tolist() == [round(metres * 1000)]


@pytest.mark.parametrize(("lon", "metres"), [(107.4705, 200.0), (107.4701, 200.0), (107.4709, 37.5)])
def test_from_the_middle_of_a_wall(lon: float, metres: float) -> None:
    found = near([SQUARE], [away(metres, 0, Point(lon, 31.21))], metres=300)
    assert found.millimetres.tolist() == [round(metres * 1000)]
    assert found.nearest[0].tolist() == pytest.approx([lon, 31.21], abs=1e-8)


def test_inside_the_wall_there_is_no_distance() -> None:
    assert near([SQUARE], [Point(107.4705, 31.2095)], metres=100).millimetres.tolist() == [0]


def test_the_nearest_of_several_gates() -> None:
    gates = MultiPoint([away(50, 90), away(50, 0)])
    found = near([gates], [away(150, 0)], metres=300)
    assert found.millimetres.tolist() == [100_000]


def test_exactly_what_was_asked_for_is_within_reach() -> None:
    points = [away(metres, 0) for metres in (200, 200.001)]
    assert near([SQUARE], points, metres=200).point.tolist() == [0]


def test_nothing_among_nothing() -> None:
    assert near([], [CORNER], metres=100).shape.tolist() == near([SQUARE], [], metres=100).shape.tolist() == []


def test_the_sphere_decides_wrongly_near_the_line() -> None:
    """Why the ellipsoid: of pairs within a metre of the line the sphere puts many on its wrong side."""
    pairs = [(away(199 + n / 50, bearing), 199 + n / 50 < 200) for n in range(100) for bearing in (0, 45, 90, 180)]
    wrong = [within for point, within in pairs if (haversine(CORNER, point) < 200) != within]
    ours = [within for point, within in pairs if (between(CORNER, point) < 200_000) != within]
    assert (len(wrong) > 40, ours) == (True, [])


@settings(deadline=None)  # each example measures 8,000 geodesics
@given(st.floats(0, 400), st.floats(0, 360), st.floats(18, 53), st.floats(75, 134))
def test_it_agrees_with_a_slow_way_of_measuring(metres: float, bearing: float, lat: float, lon: float) -> None:
    """The shortest of many geodesics to points along the wall, six centimetres apart."""
    size = 0.001
    ring = [(lon, lat), (lon + size, lat + size / 3), (lon + size, lat + size), (lon, lat + size)]
    point = away(metres, bearing, Point(lon, lat))
    if Polygon(ring).contains(shapely.Point(point)):
        return
    along = np.linspace(0, 1, 2001)[:, None]
    sides = [
        np.asarray(a) + along * (np.asarray(b) - np.asarray(a)) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    wall = np.vstack(sides)
    _, _, far = ELLIPSOID.inv(wall[:, 0], wall[:, 1], np.full(len(wall), point.lon), np.full(len(wall), point.lat))
    (found,) = near([Polygon(ring)], [point], metres=1000).millimetres.tolist()
    assert found / 1000 == pytest.approx(float(np.min(far)), abs=0.03)


def test_a_province() -> None:
    """20,000 schools with walls and 200,000 venues in 2,000 towns: all pairs within 200 m."""
    rng = np.random.default_rng(1)
    towns = np.column_stack((rng.uniform(103, 110, 2000), rng.uniform(28, 33, 2000)))
    schools, venues = (towns[rng.integers(0, 2000, n)] + rng.normal(0, 0.02, (n, 2)) for n in (20_000, 200_000))
    turn = np.linspace(0, 2 * np.pi, 13)[:-1]
    walls = [Polygon(np.column_stack((x + 0.001 * np.cos(turn), y + 0.0008 * np.sin(turn)))) for x, y in schools]
    assert len(near(walls, venues, metres=200).shape) == 12_627


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("31.21, 107.47; 31.21, 107.471 (wgs84)", "a boundary has three points or more"),
        (
            "31.21, 107.47; 31.21, 107.471; 31.209, 107.471",
            "write 'latitude, longitude; latitude, longitude … (system)'",
        ),
        ("31.21, 107.47; 31.21; 31.209, 107.471 (wgs84)", "write a place as"),
        ("31.21, 107.47; 131.21, 107.471; 31.209, 107.471 (wgs84)", "in wgs84 the latitude is between -90 and 90"),
        ("31.21, 107.47; 31.209, 107.471; 31.21, 107.471; 31.209, 107.47 (wgs84)", "the boundary is no simple ring"),
        ("31.21, 107.47; 31.21, 107.471; 31.21, 107.472 (wgs84)", "the boundary is no simple ring"),
        ("31.21, 107.47; 31.21, 107.471; 31.209, 107.471 (mars)", "say the coordinate system"),
    ],
)
def test_a_boundary_that_cannot_be_read(text: str, said: str) -> None:
    with pytest.raises(Wrong) as wrong:
        read_boundary(text)
    assert wrong.value.en[: len(said)] == said


def test_a_boundary_in_another_system() -> None:
    text = "31.2078489, 107.4746497\n31.2078489, 107.4756497；31.2068489, 107.4756497 （GCJ-02）"
    assert read_points(text)[0] == pytest.approx((107.47, 31.21), abs=1e-6)
    assert read_boundary(text).area > 0


def test_whether_the_ring_is_closed_does_not_matter() -> None:
    open_ring = "31.21, 107.47; 31.21, 107.471; 31.209, 107.471"
    assert read_boundary(f"{open_ring} (wgs84)") == read_boundary(f"{open_ring}; 31.21, 107.47 (wgs84)")
