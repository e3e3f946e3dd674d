"""The shipped calendars, small made-up ones, and days written as dates."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

import huxue
from huxue.core.calendar import Calendars, merge
from huxue.core.values import day_of, minute_of

FOLDER = Path(huxue.__file__).parent / "rulebooks" / "national" / "calendars"
DOCUMENTS: list[dict[str, Any]] = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
RAW = merge(DOCUMENTS)
NATIONAL = Calendars.build(RAW)

FIRST, LAST = day_of(date(2010, 1, 1)), day_of(date(2032, 12, 31))  # beyond all data on both sides


def day(text: str) -> int:
    """Return the number of a day written YYYY-MM-DD."""
    return day_of(date.fromisoformat(text))


def minute(text: str) -> int:
    """Return the number of a minute written YYYY-MM-DDTHH:MM."""
    return minute_of(datetime.fromisoformat(text))


def term(key: str, first: str, last: str) -> dict[str, str]:
    """Return a declared term, break, special period or campaign."""
    return {"key": key, "from": first, "to": last}


def with_area(code: str, area: dict[str, Any], **sections: Any) -> Calendars:
    """Return the shipped calendars with one more document on top."""
    return Calendars.build(merge([*DOCUMENTS, {"areas": {code: area}, **sections}]))
