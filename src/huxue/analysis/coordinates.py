"""Coordinate systems, and everything in one of them: WGS 84 longitude and latitude in degrees.

CGCS2000 differs from WGS 84 by centimetres and is taken as it is. GCJ-02 lies some hundreds of metres off inside China
and is WGS 84 outside of it; BD-09 is GCJ-02 moved and turned once more. Both are turned back by fixed-point iteration,
which meets the forward formulas to well below a millimetre. Source: GEO-01, from the published open implementations.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import NamedTuple

_A, _EE = 6_378_245.0, 0.00669342162296594323  # Krasovsky ellipsoid, as GCJ-02 uses it
_TURN = pi * 3000 / 180
_SHIFT = (0.0065, 0.006)  # degrees that BD-09 adds to longitude and latitude
_STEPS, _ENOUGH = 30, 1e-10  # degrees, a hundredth of a millimetre


class Point(NamedTuple):
    """A point in WGS 84, degrees."""

    lon: float
    lat: float


def wgs84(lon: float, lat: float, crs: str) -> Point:
    """Return a point given in ``wgs84``, ``cgcs2000``, ``gcj02`` or ``bd09`` as WGS 84. ``KeyError`` for another."""
    return _BACK[crs](Point(lon, lat))


def of_place(stored: Mapping[str, str]) -> Point:
    """Return a stored place (see docs/reference/kinds.md) as WGS 84."""
    return wgs84(float(stored["lon"]), float(stored["lat"]), stored["crs"])


def place(point: Point) -> dict[str, str]:
    """Return a point as a stored place in WGS 84, to about a centimetre."""
    return {"lat": _degrees(point.lat), "lon": _degrees(point.lon), "crs": "wgs84"}


def gcj02(point: Point) -> Point:
    """Return a WGS 84 point in GCJ-02."""
    if not _in_china(point):
        return point
    x, y = point.lon - 105.0, point.lat - 35.0
    radians = point.lat / 180.0 * pi
    magic = 1 - _EE * sin(radians) ** 2
    north = _north(x, y) * 180.0 / (_A * (1 - _EE) / (magic * sqrt(magic)) * pi)
    east = _east(x, y) * 180.0 / (_A / sqrt(magic) * cos(radians) * pi)
    return Point(point.lon + east, point.lat + north)


def bd09(point: Point) -> Point:
    """Return a WGS 84 point in BD-09."""
    return _turned(gcj02(point))


def _turned(point: Point) -> Point:
    """GCJ-02 to BD-09."""
    far = hypot(point.lon, point.lat) + 0.00002 * sin(point.lat * _TURN)
    angle = atan2(point.lat, point.lon) + 0.000003 * cos(point.lon * _TURN)
    return Point(far * cos(angle) + _SHIFT[0], far * sin(angle) + _SHIFT[1])


def _from_gcj02(point: Point) -> Point:
    guess = point
    for _ in range(_STEPS):
        there = gcj02(guess)
        off = Point(point.lon - there.lon, point.lat - there.lat)
        guess = Point(guess.lon + off.lon, guess.lat + off.lat)
        if abs(off.lon) < _ENOUGH and abs(off.lat) < _ENOUGH:
            break
    return guess


def _from_bd09(point: Point) -> Point:
    guess = Point(point.lon - _SHIFT[0], point.lat - _SHIFT[1])
    for _ in range(_STEPS):
        there = _turned(guess)
        guess = Point(guess.lon + point.lon - there.lon, guess.lat + point.lat - there.lat)
    return _from_gcj02(guess)


def _same(point: Point) -> Point:
    return point


_BACK = {"wgs84": _same, "cgcs2000": _same, "gcj02": _from_gcj02, "bd09": _from_bd09}


def _in_china(point: Point) -> bool:
    """Whether the offset applies: the rectangle of the published formulas."""
    return 72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271  # noqa: PLR2004 - that rectangle


def _ripple(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _north(x: float, y: float) -> float:
    """Metres-like offset to the north before it is scaled."""
    base = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    long = (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    longest = (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    return base + _ripple(x) + long + longest


def _east(x: float, y: float) -> float:
    """Metres-like offset to the east before it is scaled."""
    base = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    long = (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    longest = (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    return base + _ripple(x) + long + longest


def _degrees(value: float) -> str:
    text = f"{value:.7f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
