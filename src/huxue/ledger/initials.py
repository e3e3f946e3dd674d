"""Pinyin initials: 护学 is found by "hx".

They are those of ``pypinyin``, which takes 100 µs for a short text; here its words are remembered, because the same
ones come again and again: only the cutting into words is left, and that for runs of characters not seen lately.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import RE_HANS
from pypinyin.seg import mmseg

_RUN: Final = re.compile(RE_HANS.pattern.removeprefix("^").removesuffix("$"))  # Chinese characters, one or more


@lru_cache(maxsize=50_000)
def initials(text: str) -> str:
    """Return the first letters of the pinyin of Chinese characters, and other letters and digits as they are."""
    return "" if text.isascii() else _RUN.sub(_of_run, text).lower()


def _of_run(found: re.Match[str]) -> str:
    return _of_characters(found[0])


@lru_cache(maxsize=50_000)
def _of_characters(run: str) -> str:
    return "".join(map(_of_word, mmseg.seg.cut(run)))


@lru_cache(maxsize=50_000)
def _of_word(word: str) -> str:
    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
