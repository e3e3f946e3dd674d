"""Days and periods in words, as people here say them."""

from __future__ import annotations

from typing import Final

from huxue.core.calendar import MONTH_NAMES, period_in_words
from huxue.core.values import MINUTES_A_DAY, Language, date_of
from huxue.standings.owed import LONGEST_KEY

WEEKDAYS: Final = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}


def long_day(number: int, lang: Language) -> str:
    """Return 2026年3月5日（周四）, Thu 5 Mar 2026."""
    said = date_of(number)
    name = WEEKDAYS[lang][said.weekday()]
    if lang == "zh":
        return f"{said.year}年{said.month}月{said.day}日（周{name}）"
    return f"{name} {said.day} {MONTH_NAMES[said.month - 1]} {said.year}"


def short_day(number: int, lang: Language) -> str:
    """Return 3月5日（周四）, Thu 5 Mar."""
    said = date_of(number)
    name = WEEKDAYS[lang][said.weekday()]
    return (
        f"{said.month}月{said.day}日（周{name}）"
        if lang == "zh"
        else f"{name} {said.day} {MONTH_NAMES[said.month - 1]}"
    )


def until(due: int, now: int, lang: Language) -> str:
    """Return the day of a deadline (a moment) in words; today and tomorrow by their names."""
    ahead = due // MINUTES_A_DAY - now // MINUTES_A_DAY
    near = {0: ("今天", "today"), 1: ("明天", "tomorrow")}.get(ahead)
    said = short_day(due // MINUTES_A_DAY, lang)
    return said if near is None else f"{near[lang == 'en']} {said}"


def period(key: str, lang: Language, *, otherwise: str = "") -> str:
    """Return the key of a period in words (2026年上半年); ``otherwise`` for the id of what was to be answered."""
    said = period_in_words(key)
    if said is not None:
        return said.say(lang)
    if len(key) > LONGEST_KEY:
        return otherwise or ("逐件" if lang == "zh" else "each")
    return key
