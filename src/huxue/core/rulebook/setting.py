"""A later layer sets the value of a parameter: it is of the sort that was declared, and within its bounds.

Told where the value stands, so that whoever set it is named, and not the duty of a lower layer that reads it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from huxue.core.rulebook.findings import Findings, Place
from huxue.core.rulebook.literals import is_month_day
from huxue.core.rulebook.nodes import Map

MONTH_DAY: Final = "month-day"  # the unit of a parameter that is a day of the year


def accepts(declared: Any, code: str, value: Any, place: Place, found: Findings) -> bool:
    """Tell whether a value may stand where the parameter was declared; add the problem where it may not.

    A declaration that is itself wrong accepts anything: it has its own problem.
    """
    if not isinstance(declared, Map) or "value" not in declared:
        return True
    why = _sort(declared["value"], value) or _bounds(declared, value) or _day(declared, value)
    if why:
        found.add(place, f"参数“{code}”的值{why[0]}", f"the value of parameter '{code}' {why[1]}")
    return why is None


def _sort(old: Any, value: Any) -> tuple[str, str] | None:
    """Whole numbers stay whole numbers, yes or no stays yes or no, text stays text."""
    if isinstance(old, bool):
        return None if isinstance(value, bool) else ("应为 true 或 false", "must be true or false")
    if isinstance(old, int):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole else ("应为整数", "must be a whole number")
    if isinstance(old, Decimal):
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        return None if number else ("应为数字", "must be a number")
    said = isinstance(value, str | int | Decimal) and not isinstance(value, bool)  # a number may stand for its text
    return None if said else ("应为文字", "must be text")


def _bounds(declared: Map, value: Any) -> tuple[str, str] | None:
    low, high = declared.get("at_least"), declared.get("at_most")
    if not isinstance(value, int) or not ((low is not None and value < low) or (high is not None and value > high)):
        return None
    bounds = f"{'' if low is None else low}–{'' if high is None else high}"
    return f" {value} 超出 {bounds}", f"is {value}, outside {bounds}"


def _day(declared: Map, value: Any) -> tuple[str, str] | None:
    if declared.get("unit") != MONTH_DAY or is_month_day(str(value)):
        return None
    zh, en = f"“{value}”不是一年中的一天，应写 03-31 或 next 03-31", f"is '{value}', no day of a year"
    return zh, f"{en}: write 03-31 or next 03-31"
