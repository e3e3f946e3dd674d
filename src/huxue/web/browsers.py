"""What a browser says of itself, in two words."""

from __future__ import annotations

from typing import Final

from huxue.core.values import Text

# Order decides: every browser also claims to be others.
_BROWSERS: Final = (
    ("MicroMessenger", "WeChat"), ("Edg", "Edge"), ("QQBrowser", "QQ"), ("Firefox", "Firefox"), ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device(said: str) -> Text:
    """Return the system and the browser, as Windows · Edge."""
    parts = [next((name for mark, name in names if mark in said), "") for names in (_SYSTEMS, _BROWSERS)]
    found = " · ".join(part for part in parts if part)
    return Text(zh=found or "未知设备", en=found or "Unknown device")
