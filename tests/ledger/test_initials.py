"""Initials are what the library says, however the text is cut."""

from __future__ import annotations

from random import Random

from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from huxue.ledger.initials import initials


def test_they_are_those_of_the_library() -> None:
    rng = Random(1)
    phrases = sorted(PHRASES_DICT)
    others = "，。3a A\n　①éß校长重行调〇"
    for _ in range(2_000):
        parts = (
            rng.choice((rng.choice(phrases), chr(rng.randrange(0x4E00, 0x9FA5)), rng.choice(others))) for _ in "12345"
        )
        text = "".join(parts)
        said = "" if text.isascii() else "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).lower()
        assert initials(text) == said


def test_what_is_ascii_has_none() -> None:
    assert initials("Room 3") == ""
