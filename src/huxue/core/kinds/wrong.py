"""What is wrong with one value, as a sentence in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Wrong(Exception):  # noqa: N818 - a refusal of one value, not an error; never leaves this package
    """Raised by a reader of one value; the checker turns it into a :class:`Mistake` of that field."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep both sentences."""
        super().__init__(en)
        self.zh, self.en = zh, en


class Mistake(NamedTuple):
    """One field that cannot be taken as typed, and why."""

    field: str
    zh: str
    en: str
