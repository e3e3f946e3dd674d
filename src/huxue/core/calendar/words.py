"""The keys of periods in words: 2026-H1 is 2026年上半年, first half of 2026."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from huxue.core.values import Text

MONTH_NAMES: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_HALF: Final = {"1": ("上", "first"), "2": ("下", "second")}
_Said = Callable[..., Text]
_FORMS: Final[tuple[tuple[str, _Said], ...]] = (
    (r"(\d{4})", lambda year: Text(zh=f"{year}年", en=year)),
    (r"(\d{4})-H([12])", lambda year, n: Text(zh=f"{year}年{_HALF[n][0]}半年", en=f"{_HALF[n][1]} half of {year}")),
    (r"(\d{4})-Q([1-4])", lambda year, n: Text(zh=f"{year}年第{n}季度", en=f"Q{n} {year}")),
    (r"(\d{4})-(0[1-9]|1[0-2])", lambda year, month: Text(zh=f"{year}年{int(month)}月", en=f"{_month(month)} {year}")),
    (r"(\d{4})-W(\d\d)", lambda year, week: Text(zh=f"{year}年第{int(week)}周", en=f"week {int(week)} of {year}")),
    (
        r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)",
        lambda year, month, day: Text(
            zh=f"{year}年{int(month)}月{int(day)}日", en=f"{int(day)} {_month(month)} {year}"
        ),
    ),
    (r"(\d{4})-(\d{4})", lambda one, two: Text(zh=f"{one}—{two}学年", en=f"school year {one}/{two[2:]}")),
    (
        r"(\d{4})-(\d{4})-([1-9])",
        lambda one, two, n: Text(zh=f"{one}—{two}学年第{n}学期", en=f"term {n} of {one}/{two[2:]}"),
    ),
)
_COMPILED: Final = tuple((re.compile(form), said) for form, said in _FORMS)


def _month(number: str) -> str:
    return MONTH_NAMES[int(number) - 1]


def period_in_words(key: str) -> Text | None:
    """Return a civil period, a day, a term or a school year in words; ``None`` for a name that a calendar gave."""
    for pattern, said in _COMPILED:
        if found := pattern.fullmatch(key):
            return said(*found.groups())
    return None
