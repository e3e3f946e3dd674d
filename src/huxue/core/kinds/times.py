"""Reading dates and moments as people and spreadsheets write them; impossible ones are refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from huxue.core.kinds.wrong import Wrong

_DATE = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", re.ASCII)
_SHORT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_MOMENT = re.compile(r"(.+?)[T\s]\s*(\d{1,2})[:：](\d\d)(?::\d\d(?:\.\d+)?)?", re.ASCII)
_FIRST, _LAST = 1900, 2199


def read_date(raw: Any) -> str:
    """Return ``YYYY-MM-DD``. Takes ISO, ``2026/3/5``, ``2026.3.5``, ``2026年3月5日``, ``20260305``, date values.

    A moment gives its day.
    """
    if type(raw) is str:
        return _date_of_text(raw.strip())
    if isinstance(raw, datetime):
        return _within(raw.date())
    if isinstance(raw, date):
        return _within(raw)
    raise Wrong(f"“{raw}”不是日期，请写成 2026-03-05", f"'{raw}' is not a date, write 2026-03-05")


def read_time(raw: Any) -> str:
    """Return ``YYYY-MM-DDTHH:MM`` in the site's civil time; seconds are cut off. A date alone is refused."""
    if isinstance(raw, datetime):
        if raw.tzinfo is not None:
            raise Wrong("请填写当地时间，不带时区", "give the local time, without a time zone")
        return f"{_within(raw.date())}T{raw:%H:%M}"
    said = _MOMENT.fullmatch(raw.strip()) if type(raw) is str else None
    if not said:
        raise Wrong(f"“{raw}”不是时刻，请写成 2026-03-05 08:30", f"'{raw}' is not a moment, write 2026-03-05 08:30")
    hour, minute = int(said[2]), int(said[3])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the last hour and minute of a day
        raise Wrong(f"{said[2]}:{said[3]} 不是一天中的时刻", f"{said[2]}:{said[3]} is not a time of day")
    return f"{_date_of_text(said[1].strip())}T{hour:02}:{minute:02}"


def _date_of_text(text: str) -> str:
    said = _DATE.fullmatch(text) or _SHORT.fullmatch(text)
    if not said:
        moment = _MOMENT.fullmatch(text)
        if moment:
            return _date_of_text(moment[1].strip())
        raise Wrong(f"“{text}”不是日期，请写成 2026-03-05", f"'{text}' is not a date, write 2026-03-05")
    try:
        return _within(date(int(said[1]), int(said[2]), int(said[3])))
    except ValueError:
        raise Wrong(f"{text} 这一天不存在", f"there is no such day as {text}") from None


def _within(day: date) -> str:
    if not _FIRST <= day.year <= _LAST:
        raise Wrong(f"年份应在 {_FIRST} 到 {_LAST} 之间", f"the year must be between {_FIRST} and {_LAST}")
    return day.isoformat()
