"""Points as somebody wrote them, with the coordinate system they were taken in, and as metres around one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import cos, radians

from huxue.analysis.coordinates import Point, wgs84
from huxue.core.kinds.places import read_place
from huxue.core.kinds.wrong import Wrong

_WHOLE = re.compile(r"(.*?)[\s;；]*[(（]\s*([A-Za-z0-9-]+)\s*[)）]\s*", re.DOTALL)
_BETWEEN = re.compile(r"[;；\n]+")
_DEGREE = 111_195  # metres of a degree on the sphere of equal area
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


def system_of(text: str) -> str:
    """Return the coordinate system that a text names, "" where it names none."""
    said = _WHOLE.fullmatch(text.strip())
    return said[2].lower().replace("-", "") if said else ""


def around(middle: Point, points: Iterable[Point]) -> list[tuple[int, int]]:
    """Return points as whole decimetres east and north of one, for a plan of a few hundred metres: no figure."""
    across = _DEGREE * cos(radians(middle.lat))
    return [
        (round((p.lon - middle.lon) * across * 10), round((p.lat - middle.lat) * _DEGREE * 10)) for p in points
    ]  # fmt: skip


__all__ = ["MOST", "around", "read_points", "system_of"]
