"""The boundary and the gates of a school as somebody wrote them: points with the coordinate system they were taken in.

``31.2101, 107.4702; 31.2101, 107.4711; 31.2093, 107.4711 (gcj02)``: latitude first, as on the form for places. A
semicolon or a line break stands between points, the system once at the end. A boundary is one ring of three points or
more that does not cross itself; whether its first point is repeated at its end does not matter.
"""

from __future__ import annotations

from shapely import Polygon, is_valid_reason

from huxue.analysis.points import MOST, read_points
from huxue.core.kinds.wrong import Wrong

_RING = 3


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


__all__ = ["MOST", "read_boundary", "read_points"]
