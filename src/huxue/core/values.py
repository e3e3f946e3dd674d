"""Small values that every part of the core speaks in: bilingual text, problems, refusals, days and minutes.

A day is an integer: days since 1970-01-01. A moment is an integer too: minutes since 1970-01-01 00:00 in the
civil time of the site. Both are exact, sort, and mean the same in Python and in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["zh", "en"]

MINUTES_A_DAY = 1440
FAR = 10_000_000  # a day, a lag or a count beyond every real one; an open end of a span
_EPOCH = date(1970, 1, 1)
_EPOCH_MOMENT = datetime(1970, 1, 1)  # noqa: DTZ001 - civil time of the site, on purpose without a zone


class Value(BaseModel):
    """Base of everything read from a rulebook: frozen, and strict about names it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Text(Value):
    """A text in both languages of the product."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong in a file: where, and a sentence in both languages. Problems are values, never raised."""

    file: str
    line: int
    zh: str
    en: str

    def say(self, language: Language) -> str:
        """Return ``file:line: sentence``."""
        return f"{self.file}:{self.line}: {self.zh if language == 'zh' else self.en}"


class Refused(Exception):  # noqa: N818 - the vocabulary's word: an expected refusal is not an error
    """An expected refusal: a stable ``code`` for machines and one sentence in both languages for people."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        """Keep the code and both sentences."""
        super().__init__(code, zh, en)  # so that it can be copied, and passes from process to process
        self.code, self.zh, self.en = code, zh, en

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.en

    def say(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if language == "zh" else self.en


def day_of(value: date) -> int:
    """Return the day number of a date."""
    return value.toordinal() - _EPOCH.toordinal()


def date_of(day: int) -> date:
    """Return the date of a day number; the inverse of :func:`day_of`."""
    return _EPOCH + timedelta(days=day)


def minute_of(value: datetime) -> int:
    """Return the minute number of a civil (zone-less) moment; seconds are cut off."""
    return (value - _EPOCH_MOMENT) // timedelta(minutes=1)


def moment_of(minute: int) -> datetime:
    """Return the civil moment of a minute number; the inverse of :func:`minute_of`."""
    return _EPOCH_MOMENT + timedelta(minutes=minute)


def end_of_day(day: int) -> int:
    """Return the last minute of a day: deadlines counted in days end there."""
    return day * MINUTES_A_DAY + MINUTES_A_DAY - 1
