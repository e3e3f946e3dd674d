"""Reading numbers and money exactly: what was typed becomes an integer of 10^-decimals, or is refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from huxue.core.kinds.model import Field
from huxue.core.kinds.wrong import Wrong

_PLAIN = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.(\d*))?", re.ASCII)
_TOO_BIG = 10**18  # stored numbers must fit the 64-bit integers of every database
_EXACT_FLOAT = 10**15  # a spreadsheet keeps 15 digits; beyond them what it shows is not what was typed


def decimals_of(field: Field) -> int:
    """Return the decimals in which a number or money field is stored."""
    return 2 if field.type == "money" else field.decimals


def number_text(stored: int, decimals: int) -> str:
    """Return a stored number as text with exactly its decimals: ``-5`` with two is ``-0.05``."""
    if not decimals:
        return str(stored)
    digits = str(abs(stored)).rjust(decimals + 1, "0")
    return f"{'-' if stored < 0 else ''}{digits[:-decimals]}.{digits[-decimals:]}"


def number_reader(field: Field) -> Callable[[Any], int]:
    """Return the reader of a number or money field: text, int, Decimal or float in, scaled integer out."""
    decimals = decimals_of(field)
    scale = 10**decimals
    low = -_TOO_BIG + 1 if field.at_least is None or field.many else field.at_least * scale
    high = _TOO_BIG - 1 if field.at_most is None or field.many else field.at_most * scale

    def read(raw: Any) -> int:
        if type(raw) is int:
            stored: int = raw * scale
        elif type(raw) is str and raw.isascii() and raw.isdigit() and len(raw) < 19:  # noqa: PLR2004 - digits of 10^18
            stored = int(raw) * scale
        else:
            stored = scaled(plain(raw), decimals)
        if not low <= stored <= high:
            raise _out_of_bounds(stored, low, high, decimals)
        return stored

    return read


def plain(raw: Any) -> str:
    """Return a number as it would be written by hand, without an exponent; refuse what is no number."""
    if isinstance(raw, str):
        return unicodedata.normalize("NFKC", raw).strip()
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise _no_number(raw)
    exact = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    if not exact.is_finite():
        raise _no_number(raw)
    if isinstance(raw, float) and abs(exact) >= _EXACT_FLOAT:
        raise Wrong(
            "这个数超过 15 位，表格软件已经丢失末尾数字，请改成文本格式重新填写",
            "this number has more than 15 digits; the spreadsheet has lost the last ones, enter it as text",
        )
    if abs(exact) >= _TOO_BIG:
        raise _too_big()
    return format(exact, "f")


def scaled(text: str, decimals: int) -> int:
    """Return a hand-written number in units of 10^-decimals, exactly; refuse more decimals than there are."""
    said = _PLAIN.fullmatch(text)
    if not said:
        raise _no_number(text)
    sign, whole, part = said[1], said[2].replace(",", ""), (said[3] or "").rstrip("0")
    if len(whole) > 18:  # noqa: PLR2004 - digits of 10^18
        raise _too_big()
    if len(part) > decimals:
        raise Wrong(
            f"“{text}”的小数超过 {decimals} 位" if decimals else f"“{text}”不是整数",
            f"'{text}' has more than {decimals} decimals" if decimals else f"'{text}' is not a whole number",
        )
    stored = int(whole + part.ljust(decimals, "0"))
    return -stored if sign == "-" else stored


def _no_number(raw: object) -> Wrong:
    return Wrong(f"“{raw}”不是数", f"'{raw}' is not a number")


def _too_big() -> Wrong:
    return Wrong("这个数太大，最多 18 位", "this number is too big, at most 18 digits")


def _out_of_bounds(stored: int, low: int, high: int, decimals: int) -> Wrong:
    if not -_TOO_BIG < stored < _TOO_BIG:
        return _too_big()
    bound = low if stored < low else high
    zh, en = ("不能小于", "at least") if stored < low else ("不能大于", "at most")
    said = number_text(bound, decimals)
    return Wrong(f"{zh} {said}", f"must be {en} {said}")
