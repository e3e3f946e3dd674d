"""The sixty duties once more, written down by hand for the peers: no compiler of ours says what they count.

Duties and signals are known by their numbers in the set. A window is (period, number, first day, last day); days are
days since 1970-01-01.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

EPOCH: Final = date(1970, 1, 1)


def day(year: int, month: int, of_month: int) -> int:
    """Return the number of a day."""
    return (date(year, month, of_month) - EPOCH).days


START: Final = day(2025, 9, 1)
TODAY: Final = day(2026, 8, 20)
NOW: Final = TODAY * 1440 + 1439
FAR: Final = 10_000_000

WEEK, MONTH, QUARTER, HALF, YEAR, REPORT, TERM, SESSION = range(8)
BY_CALENDAR: Final = (TERM, SESSION)

# duties that count: duty, signal, period, need
COUNTS: Final = (
    (0, 0, MONTH, 1), (1, 1, MONTH, 4), (2, 2, HALF, 1), (4, 3, HALF, 1), (7, 6, MONTH, 1), (28, 36, MONTH, 1),
    (29, 37, TERM, 1), (30, 38, HALF, 1), (31, 39, YEAR, 1), (32, 40, QUARTER, 2), (33, 41, WEEK, 1), (34, 42, WEEK, 1),
    (35, 43, MONTH, 1), (36, 44, MONTH, 1), (37, 45, MONTH, 1), (38, 46, QUARTER, 1), (39, 47, MONTH, 1),
    (40, 48, TERM, 1), (41, 49, TERM, 1), (42, 50, HALF, 1), (43, 51, HALF, 1), (44, 52, SESSION, 1), (45, 53, TERM, 30),
    (47, 55, WEEK, 1), (48, 56, WEEK, 1), (49, 57, WEEK, 1), (50, 58, MONTH, 200), (52, 60, HALF, 1), (53, 61, QUARTER, 1),
    (54, 62, YEAR, 1), (55, 63, YEAR, 12), (56, 0, MONTH, 1), (58, 64, TERM, 1), (59, 65, REPORT, 1),
)  # fmt: skip
QUARTERLY_MEETING: Final = (3, 0, QUARTER, 1)  # its signal is counted by the month for others
DISTINCT: Final = ((5, 4, YEAR, 2), (46, 54, TERM, 4), (51, 59, WEEK, 2))
SPACED: Final = ((6, 5, YEAR, 60), (57, 5, YEAR, 60))  # the last: days apart; two are needed
RATIOS: Final = ((17, 15, 16, HALF, 900), (18, 17, 18, MONTH, 950))  # have, of, per mille
FEWER: Final = (19, 19, QUARTER)
BANNED: Final = (21, 21, YEAR)
COVERS: Final = ((12, 11, TERM, 1000), (13, 11, HALF, 900), (14, 12, TERM, 1000))
# states: duty, signal, period, days to mend
VALID: Final = ((8, 7, MONTH, -1), (9, 8, QUARTER, 5))
HOLDS: Final = ((10, 9, MONTH, 3), (11, 10, QUARTER, -1))
RULES: Final = (15, 13, TERM, 4)
GUARDS: Final = (16, 14, QUARTER)
LEASE: Final = (20, 20, QUARTER)
# respond: duty, trigger, answer, lifted by, moved by
RESPOND: Final = (
    (22, 22, 23, 25, 24),
    (23, 26, 27, -1, -1),
    (24, 28, 29, -1, -1),
    (25, 30, 31, -1, -1),
    (26, 32, 33, -1, -1),
    (27, 34, 35, -1, -1),
)

_OFF: Final = (
    (day(2025, 10, 1), day(2025, 10, 8)), (day(2026, 1, 1), day(2026, 1, 3)), (day(2026, 2, 15), day(2026, 2, 23)),
    (day(2026, 4, 4), day(2026, 4, 6)), (day(2026, 5, 1), day(2026, 5, 5)), (day(2026, 6, 19), day(2026, 6, 21)),
    (day(2026, 9, 25), day(2026, 9, 27)), (day(2026, 10, 1), day(2026, 10, 7)),
)  # fmt: skip
_ON: Final = frozenset(
    day(*one)
    for one in ((2025, 9, 28), (2025, 10, 11), (2026, 1, 4), (2026, 2, 14), (2026, 2, 28), (2026, 5, 9), (2026, 9, 20))
)
WORKDAYS: Final = tuple(
    d
    for d in range(START - 60, TODAY + 60)
    if d in _ON or ((EPOCH + timedelta(d)).weekday() < 5 and not any(lo <= d <= hi for lo, hi in _OFF))
)
# autumn and spring term of each calendar, and the months with enough school days
_TERMS: Final = (
    ((2025, 9, 1), (2026, 1, 30), (2026, 3, 2), (2026, 7, 10)),
    ((2025, 9, 1), (2026, 1, 23), (2026, 2, 24), (2026, 7, 3)),
    ((2025, 8, 25), (2026, 1, 16), (2026, 2, 24), (2026, 7, 3)),
    ((2025, 9, 1), (2026, 2, 6), (2026, 3, 5), (2026, 7, 10)),
    ((2025, 9, 1), (2026, 1, 24), (2026, 3, 1), (2026, 7, 8)),
    ((2025, 9, 8), (2026, 1, 30), (2026, 3, 2), (2026, 7, 17)),
    ((2025, 9, 1), (2026, 1, 16), (2026, 2, 25), (2026, 6, 30)),
)
CALENDARS: Final = len(_TERMS)
_MONTHS: Final = [(2025 + (8 + n) // 12, (8 + n) % 12 + 1) for n in range(13)]


def after(start: int, workdays: int) -> int:
    """Return the n-th workday after a day."""
    return [d for d in WORKDAYS if d > start][workdays - 1]


def _months() -> list[tuple[int, int]]:
    return [(day(*a, 1), day(*b, 1) - 1) for a, b in pairwise(_MONTHS)]


def windows(period: int, calendar: int) -> Iterator[tuple[int, int, int]]:
    """Yield (number, first day, last day) of the windows that began by today, from the first day of the rulebook on."""
    months = _months()
    quarters = [(months[n][0], months[n + 2][1]) for n in (1, 4, 7)] + [(months[10][0], day(2026, 9, 30))]
    spans = {
        WEEK: [(lo, lo + 6) for lo in range(START, TODAY + 1, 7)],
        MONTH: months,
        REPORT: months,
        QUARTER: quarters,
        HALF: [(day(2026, 1, 1), day(2026, 6, 30)), (day(2026, 7, 1), day(2026, 12, 31))],
        YEAR: [(day(2026, 1, 1), day(2026, 12, 31))],
        TERM: [(day(*a), day(*b)) for a, b in zip(_TERMS[calendar][::2], _TERMS[calendar][1::2], strict=True)],
        SESSION: [month for month in months if _school_days(calendar, *month) >= 10 - calendar % 3],
    }
    # a quarter is July to September: months[10] is July
    for number, (lo, hi) in enumerate(spans[period]):
        if START <= lo <= TODAY:
            yield number, lo, hi


def _school_days(calendar: int, lo: int, hi: int) -> int:
    a, b, c, d = (day(*one) for one in _TERMS[calendar])
    return sum(1 for w in WORKDAYS if lo <= w <= hi and (a <= w <= b or c <= w <= d))


def due(period: int, hi: int) -> int:
    """Return the day a window is due."""
    return after(hi, 5) if period == REPORT else hi


def entered_by(period: int, of: int) -> int:
    """Return the last day on which a deed of a day may be entered."""
    return after(of, 11) - 1 if period == REPORT else FAR
