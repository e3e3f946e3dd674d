"""Reading a place: a point with the coordinate system it was measured in (GCJ-02 lies hundreds of metres off)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from huxue.core.kinds.numbers import plain
from huxue.core.kinds.wrong import Wrong

SYSTEMS = ("wgs84", "gcj02", "cgcs2000", "bd09")
_OFFSET = ("gcj02", "bd09")  # defined for China only
_WORLD = {"lat": (-90, 90), "lon": (-180, 180)}
_CHINA = {"lat": (0, 56), "lon": (72, 138)}
_TITLES = {"lat": ("纬度", "latitude"), "lon": ("经度", "longitude")}
_DECIMALS = 7  # about a centimetre
_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d+)?", re.ASCII)
_TEXT = re.compile(r"([^,，\s]+)\s*[,，\s]\s*([^,，\s]+)\s*[(（]\s*([A-Za-z0-9-]+)\s*[)）]")


def read_place(raw: Any) -> dict[str, str]:
    """Return ``{"lat", "lon", "crs"}``. Takes such a mapping, or text: ``31.2100000, 107.4700000 (wgs84)``."""
    said = _TEXT.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if said:
        raw = {"lat": said[1], "lon": said[2], "crs": said[3]}
    if not isinstance(raw, Mapping) or not set(raw) <= {"lat", "lon", "crs"}:
        raise Wrong(
            "位置应写成“纬度, 经度 (坐标系)”，例如 31.21, 107.47 (wgs84)",
            "write a place as 'latitude, longitude (system)', for example 31.21, 107.47 (wgs84)",
        )
    system = str(raw.get("crs") or "").strip().lower().replace("-", "")
    if system not in SYSTEMS:
        raise Wrong(f"请注明坐标系：{'、'.join(SYSTEMS)}", f"say the coordinate system: {', '.join(SYSTEMS)}")
    return {
        "lat": _degrees(raw.get("lat"), "lat", system),
        "lon": _degrees(raw.get("lon"), "lon", system),
        "crs": system,
    }


def place_text(stored: Mapping[str, str]) -> str:
    """Return a stored place as text that :func:`read_place` reads back."""
    return f"{stored['lat']}, {stored['lon']} ({stored['crs']})"


def _degrees(raw: Any, axis: str, system: str) -> str:
    zh, en = _TITLES[axis]
    text = "" if raw is None else plain(raw)
    if not _NUMBER.fullmatch(text):
        raise Wrong(f"{zh}应是十进制度数", f"the {en} must be decimal degrees")
    value = Decimal(text)
    low, high = (_CHINA if system in _OFFSET else _WORLD)[axis]
    if not low <= value <= high:
        raise Wrong(f"{system} 的{zh}应在 {low} 到 {high} 之间", f"in {system} the {en} is between {low} and {high}")
    whole, _, part = format(value, "f").partition(".")
    if len(part.rstrip("0")) > _DECIMALS:
        raise Wrong(f"{zh}最多 {_DECIMALS} 位小数", f"the {en} has at most {_DECIMALS} decimals")
    part = part.rstrip("0")
    result = f"{whole}.{part}" if part else whole
    return "0" if result == "-0" else result
