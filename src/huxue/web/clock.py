"""What time it is. Everything below the pages is told; a demonstration stands still at its own day."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings

from huxue.core.values import MINUTES_A_DAY, day_of, minute_of

STANDING: Final = "today.txt"  # in the site: a date at which it stands, as a demonstration does


def now() -> int:
    """Return the minute it is, in the civil time of the site."""
    minute = minute_of(datetime.now(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None))
    day = standing()
    return minute if day is None else day * MINUTES_A_DAY + minute % MINUTES_A_DAY


def standing() -> int | None:
    """Return the day at which the site stands still, ``None`` for one that lives."""
    return _standing(settings.SITE)


@lru_cache(maxsize=64)
def _standing(site: Path) -> int | None:
    said = site / STANDING
    return day_of(date.fromisoformat(said.read_text("ascii").strip())) if said.is_file() else None
