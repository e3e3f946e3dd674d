"""Counting days of one sort (workdays, school days): how many up to a day, and which day is the n-th.

A count numbers its days 1, 2, 3 … so that ``rank`` (how many up to and including a day) and ``nth`` are inverse on
counted days. Inside the days it was built from it looks up; outside it asks the count it rests on.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Protocol

_MONDAY = 3  # 1970-01-01 was a Thursday: day + 3 is a number of days since a Monday
WEEK = 7


class Ranked(Protocol):
    """Days numbered in order."""

    def rank(self, day: int) -> int:
        """Return the number of counted days up to and including ``day``, from the count's own origin."""

    def nth(self, number: int) -> int:
        """Return the counted day with this number."""


class Weekdays:
    """Monday to Friday of every week, by arithmetic."""

    def rank(self, day: int) -> int:
        """Return the number of weekdays since Monday 1969-12-29."""
        weeks, weekday = divmod(day + _MONDAY, WEEK)
        return 5 * weeks + min(weekday + 1, 5)

    def nth(self, number: int) -> int:
        """Return the weekday with this number."""
        weeks, weekday = divmod(number - 1, 5)
        return WEEK * weeks + weekday - _MONDAY


class Count:
    """The days from ``lo`` to ``hi`` that ``counts``; before and after them, the days that ``outside`` counts."""

    def __init__(self, outside: Ranked, lo: int, hi: int, counts: Callable[[int], bool]) -> None:
        """Look at every day once: O(hi - lo). An empty range (``hi`` = ``lo`` - 1) is the count outside."""
        self.lo, self.hi, self.outside = lo, hi, outside
        self.days = tuple(day for day in range(lo, hi + 1) if counts(day))
        marked = set(self.days)
        self._upto = tuple(accumulate((day in marked for day in range(lo, hi + 1)), initial=0))
        self._before = outside.rank(lo - 1)
        self._after = outside.rank(hi) - len(self.days)

    def rank(self, day: int) -> int:
        """Return the number of counted days from ``lo`` up to and including ``day``; 0 or less before ``lo``."""
        if day < self.lo:
            return self.outside.rank(day) - self._before
        if day > self.hi:
            return self.outside.rank(day) - self._after
        return self._upto[day - self.lo + 1]

    def nth(self, number: int) -> int:
        """Return the counted day with this number."""
        if number <= 0:
            return self.outside.nth(number + self._before)
        if number > len(self.days):
            return self.outside.nth(number + self._after)
        return self.days[number - 1]


def counted(count: Ranked, day: int) -> bool:
    """Tell whether a day is one of the counted."""
    return count.rank(day) > count.rank(day - 1)


def add(count: Ranked, day: int, n: int) -> int:
    """Return the n-th counted day after ``day`` (before it where ``n`` < 0); ``day`` itself where ``n`` is 0."""
    if n > 0:
        return count.nth(count.rank(day) + n)
    return count.nth(count.rank(day - 1) + n + 1) if n else day


def between(count: Ranked, a: int, b: int) -> int:
    """Return the number of counted days in (a, b]; where ``b`` < ``a``, minus those in (b, a]."""
    return count.rank(b) - count.rank(a)
