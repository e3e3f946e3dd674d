"""The boundary and the gates of a school as somebody wrote them: points with the coordinate system they were taken in.

``31.2101, 107.4702; 31.2101, 107.4711; 31.2093, 107.4711 (gcj02)``: latitude first, as on the form for places. A
semicolon or a line break stands between points, the system once at the end. A boundary is one ring of three points or
more that does not cross itself; whether its first point is repeated at its end does not matter.
"""

from __future__ import annotations

import re

from shapely import Polygon, is_valid_reason

from huxue.analysis.coordinates import Point, wgs84
from huxue.core.kinds.places import read_place
from huxue.core.kinds.wrong import Wrong

_WHOLE = re.compile(r"(.*?)[\s;；]*[(（]\s*([A-Za-z0-9-]+)\s*[)）]\s*", re.DOTALL)
_BETWEEN = re.compile(r"[;；\n]+")
_RING = 3
MOST = 2000  # points of one boundary


def read_points(text: str) -> tuple[Point, ...]:
    """Return the points of a text in WGS 84. Raises ``Wrong`` with a sentence in both languages."""
    said = _WHOLE.fullmatch(text.strip())
    if not said:
        raise Wrong(
            "应写成“纬度, 经度; 纬度, 经度 … (坐标系)”", "write 'latitude, longitude; latitude, longitude … (system)'"
        )
    parts = [part for part in _BETWEEN.split(said[1]) if part.strip()]
    if len(parts) > MOST:
        raise Wrong(f"点数超过 {MOST}", f"there are more than {MOST} points")
    places = [read_place(f"{part} ({said[2]})") for part in parts]
    return tuple(wgs84(float(p["lon"]), float(p["lat"]), p["crs"]) for p in places)


def read_boundary(text: str) -> Polygon:
    """Return a boundary as a polygon of WGS 84 degrees. Raises ``Wrong``: too few points, or a ring that crosses."""
    points = list(dict.fromkeys(read_points(text)))
    if len(points) < _RING:
        raise Wrong("围墙至少三个点", "a boundary has three points or more")
    polygon = Polygon(points)
    if not polygon.is_valid or polygon.area == 0:
        reason = is_valid_reason(polygon)
        raise Wrong(f"围墙不是一个简单的闭合环（{reason}）", f"the boundary is no simple ring ({reason})")
    return polygon
