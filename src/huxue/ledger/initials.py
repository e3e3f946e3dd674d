"""Pinyin initials: 护学 is found by "hx"."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """Return the first letters of the pinyin of Chinese characters, and other letters and digits as they are."""
    if text.isascii():
        return ""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
