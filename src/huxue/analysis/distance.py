"""How far points lie from shapes: candidates from a tree, nearest points in a local plane, then the ellipsoid.

The tree only sorts out what is certainly too far. What is left is measured on the ellipsoid between the nearest points;
the sphere (haversine) is up to half a per cent off and decides pairs near a line wrongly. Shapes and points are in WGS
84 degrees. Shapes are small (a campus, a few gates): inside one, a plane with the ellipsoid's own two radii is flat to
millimetres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from huxue.analysis.coordinates import Point

ELLIPSOID = Geod(ellps="GRS80")  # CGCS2000's, a tenth of a millimetre from WGS 84's
_E2 = 0.00669438002290
_A = 6_378_137.0
_SLACK = 1.02  # by how much the first sieve is wider than what is asked for
Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Near:
    """Pairs of a shape and a point within reach, with the shape's nearest point and the distance in millimetres."""

    shape: Indices
    point: Indices
    millimetres: Indices
    nearest: Floats  # rows of longitude and latitude; the point itself where it lies inside the shape


def near(shapes: Sequence[BaseGeometry], points: Sequence[Point] | Floats, *, metres: int) -> Near:
    """Return every pair at most ``metres`` apart, ordered by shape, then point. Inside a shape the distance is 0."""
    where = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    outlines = np.asarray(shapes, dtype=object)
    if not len(where) or not len(outlines):
        nothing = np.empty(0, dtype=np.int64)
        return Near(nothing, nothing, nothing, np.empty((0, 2)))
    doors: NDArray[Any] = np.asarray(shapely.points(where), dtype=object)
    tree = shapely.STRtree(doors)
    shape, point = tree.query(_widened(outlines, metres))
    nearest, planar = _nearest(outlines, where, shape, point)
    kept = planar <= metres * _SLACK
    shape, point, nearest = shape[kept], point[kept], nearest[kept]
    exact = _apart(nearest, where[point])
    kept = exact <= metres * 1000
    shape, point, nearest, exact = shape[kept], point[kept], nearest[kept], exact[kept]
    order = np.lexsort((point, shape))
    return Near(shape[order], point[order], exact[order], nearest[order])


def between(one: Point, other: Point) -> int:
    """Return the distance of two points on the ellipsoid in millimetres."""
    return int(_apart(np.array([one]), np.array([other]))[0])


def _apart(one: Floats, other: Floats) -> Indices:
    """Return distances in whole millimetres."""
    _, _, metres = ELLIPSOID.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])
    whole: Indices = np.rint(np.asarray(metres) * 1000).astype(np.int64)
    return whole


def _metres_a_degree(latitude: Floats) -> tuple[Floats, Floats]:
    """Return the length of a degree of longitude and of latitude on the ellipsoid."""
    radians = np.radians(latitude)
    bent = 1 - _E2 * np.sin(radians) ** 2
    east = _A / np.sqrt(bent) * np.cos(radians)
    north = _A * (1 - _E2) / bent**1.5
    return np.radians(east), np.radians(north)


def _widened(outlines: NDArray[Any], metres: int) -> NDArray[Any]:
    """Return a box around each shape, wider by ``metres`` and a little more on every side."""
    low_x, low_y, high_x, high_y = shapely.bounds(outlines).T
    east, north = _metres_a_degree(np.minimum(np.maximum(np.abs(low_y), np.abs(high_y)) + metres / 100_000, 89.0))
    dx, dy = metres * _SLACK / east, metres * _SLACK / north * 1.01
    boxes: NDArray[Any] = shapely.box(low_x - dx, low_y - dy, high_x + dx, high_y + dy)
    return boxes


def _nearest(outlines: NDArray[Any], where: Floats, shape: Indices, point: Indices) -> tuple[Floats, Floats]:
    """Return the nearest point of its shape to the point of each pair, in degrees, and their distance in the plane."""
    middle = shapely.get_coordinates(shapely.centroid(outlines))
    east, north = _metres_a_degree(middle[:, 1])
    scale = np.column_stack((east, north))
    coordinates, owner = shapely.get_coordinates(outlines, return_index=True)
    flat = shapely.set_coordinates(outlines.copy(), (coordinates - middle[owner]) * scale[owner])
    there = (where[point] - middle[shape]) * scale[shape]
    shapely.prepare(flat)
    lines = shapely.shortest_line(flat[shape], shapely.points(there))
    starts = shapely.get_coordinates(shapely.get_point(lines, 0))
    planar = np.hypot(*(starts - there).T)
    return starts / scale[shape] + middle[shape], planar
