"""Literals in stored units: numbers times their decimals, money in fen, dates as day numbers, choices as codes."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from huxue.core.duties.shapes import Literal_
from huxue.core.kinds import Field
from huxue.core.rulebook.findings import Findings, Place
from huxue.core.rulebook.names import Names
from huxue.core.values import day_of

MEASURED = ("number", "money", "date", "time")
PLAIN = ("text", "person", "organisation", "post", "entry")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_MONTH_DAY = re.compile(r"(?:next )?(\d{2})-(\d{2})\Z")
_LEAP = "2024-"  # a year that has every month and day
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?\Z")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)\s*([%‰])\Z")
_PER_MILLE = {"%": 10, "‰": 1}


def decimals_of(declared: Field) -> int:
    """Return the decimals in which a field is stored."""
    return 2 if declared.type == "money" else declared.decimals if declared.type == "number" else 0


def scaled(value: Any, decimals: int) -> int | None:
    """Return a number in units of 10^-decimals, ``None`` when it is no number or too fine."""
    if isinstance(value, str) and _NUMBER.match(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    result = Decimal(value).scaleb(decimals)
    return int(result) if result == result.to_integral_value() else None


def day(value: Any) -> int | None:
    """Return the day number of ``YYYY-MM-DD``, ``None`` when there is no such day."""
    if not isinstance(value, str) or not _DATE.match(value):
        return None
    try:
        return day_of(date.fromisoformat(value))
    except ValueError:
        return None


def is_month_day(text: str) -> bool:
    """Tell whether a text is a day of the year, ``03-31`` or ``next 03-31``."""
    said = _MONTH_DAY.match(text)
    return said is not None and day(f"{_LEAP}{said[1]}-{said[2]}") is not None


def per_mille(value: Any) -> int | None:
    """Return a share such as ``90 %`` or ``900 ‰`` per mille, ``None`` when it is neither or too fine."""
    said = _SHARE.match(value) if isinstance(value, str) else None
    return scaled(Decimal(said[1]) * _PER_MILLE[said[2]], 0) if said else None


def literal(value: Any, declared: Field, names: Names, place: Place, found: Findings) -> Literal_ | None:
    """Return a literal of a field in stored units, or ``None`` after saying what is wrong."""
    if declared.type == "choice":
        return _choice(value, declared, names, place, found)
    result: Literal_ | None = None
    if declared.type in ("number", "money"):
        result = scaled(value, decimals_of(declared))
    elif declared.type == "yes_no":
        result = value if isinstance(value, bool) else None
    elif declared.type in ("date", "time"):  # a moment is compared by its day
        result = day(value)
    elif declared.type in PLAIN and isinstance(value, str | int) and not isinstance(value, bool):
        result = str(value)
    if result is None:
        zh, en = _wanted(declared)
        found.add(place, f"“{value}”不合适，应为{zh}", f"'{value}' does not fit, expected {en}")
    return result


def _choice(value: Any, declared: Field, names: Names, place: Place, found: Findings) -> str | None:
    known = names.values(declared)
    if isinstance(value, bool) or str(value) not in known:
        found.unknown(place, ("选项", "choice"), value, known)
        return None
    return str(value)


def _wanted(declared: Field) -> tuple[str, str]:
    decimals = decimals_of(declared)
    return {
        "number": (f"最多 {decimals} 位小数的数", f"a number with at most {decimals} decimals"),
        "money": ("最多 2 位小数的金额", "an amount with at most 2 decimals"),
        "yes_no": ("true 或 false", "true or false"),
        "date": ("真实的日期（2026-09-01）", "a date that exists (2026-09-01)"),
        "time": ("真实的日期（2026-09-01）", "a date that exists (2026-09-01)"),
    }.get(
        declared.type,
        ("文字；照片、文件、签名、位置不能比较", "text; photos, files, signatures and places cannot be compared"),
    )
