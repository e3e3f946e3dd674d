"""The calendar of one area: its workdays, school days, periods and deadlines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from huxue.core.calendar.counting import Count, Ranked, add, between, counted
from huxue.core.calendar.declared import DAYS_IN_SESSION, SCHOOL_YEAR_FROM, Area, Holiday, Item, spans
from huxue.core.calendar.nation import Nation, changed, marked
from huxue.core.calendar.periods import MONTHS, Period, Periods, school_years
from huxue.core.duties.shapes import CIVIL, OF_CALENDAR, Span
from huxue.core.values import MINUTES_A_DAY, Text, date_of, end_of_day

LEAST_HOLIDAY = 3  # days off in a row that make a statutory holiday a special period
TERM_START = 7  # days: "special:term-start" is the first week of each term
_FIRST_WEEK = Text(zh="开学第一周", en="First week of term")


class Calendar:
    """One area. Days and minutes are numbers (see ``core.values``); every answer is exact and costs O(log n).

    School days are workdays inside a term and outside its breaks. Where the area declares no term, nothing is in
    session; only counting forward or back still needs an answer there, and takes workdays for school days.
    """

    def __init__(self, code: str, area: Area, nation: Nation) -> None:
        """Take an area with everything it inherits."""
        self.code = code
        self._area, self._nation = area, nation
        self._tables: dict[str, Periods] = {}

    def __repr__(self) -> str:
        """Say which area."""
        return f"Calendar({self.code!r})"

    @cached_property
    def _workdays(self) -> Ranked:
        return changed(self._nation.workdays, marked(self._area.holidays, self._area.workdays))

    @cached_property
    def _school_days(self) -> Count:
        terms = self._area.terms
        lo, hi = min((t.lo for t in terms), default=0), max((t.hi for t in terms), default=-1)
        inside, broken = _days(terms), _days(self._area.breaks)
        return Count(
            self._workdays, lo, hi, lambda day: day in inside and day not in broken and counted(self._workdays, day)
        )

    def is_workday(self, day: int, /) -> bool:
        """Tell whether a day is worked: Monday to Friday but for holidays, and adjusted workdays."""
        return counted(self._workdays, day)

    def add_workdays(self, day: int, n: int, /) -> int:
        """Return the n-th workday after a day, before it for negative ``n``, the day itself for 0."""
        return add(self._workdays, day, n)

    def workdays_between(self, a: int, b: int, /) -> int:
        """Return the number of workdays in (a, b]; where ``b`` < ``a``, minus those in (b, a]."""
        return between(self._workdays, a, b)

    def is_school_day(self, day: int, /) -> bool:
        """Tell whether school is held: a workday inside a term and outside its breaks."""
        count = self._school_days
        return count.lo <= day <= count.hi and counted(count, day)

    def add_school_days(self, day: int, n: int, /) -> int:
        """Return the n-th school day after a day (before it for negative ``n``); workdays count beyond known terms."""
        return add(self._school_days, day, n)

    def is_provisional(self, lo: int, hi: int, /) -> bool:
        """Tell whether [lo, hi] holds a day of a year whose notice of holidays could not be checked."""
        return self._nation.is_provisional(lo, hi)

    def deadline(self, minute: int, span: Span, /) -> int:
        """Return the minute that ends ``span`` after ``minute``: hours to the minute, all else to the end of a day.

        A span that names a field has no length of its own: ValueError.
        """
        day = minute // MINUTES_A_DAY
        if span.hours is not None:
            return minute + 60 * span.hours
        if span.days is not None:
            return end_of_day(day + span.days)
        if span.workdays is not None:
            return end_of_day(self.add_workdays(day, span.workdays))
        if span.school_days is not None:
            return end_of_day(self.add_school_days(day, span.school_days))
        raise ValueError(span)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of period this area has."""
        special = ("holidays", "term-start", *self._area.special)
        named = [f"special:{name}" for name in special] + [f"campaign:{name}" for name in self._area.campaigns]
        return (*CIVIL, *OF_CALENDAR, *sorted(set(named)))

    def periods(self, kind: str, lo: int, hi: int, /) -> tuple[Period, ...]:
        """Return the periods of a kind that share a day with [lo, hi], in order; none outside 1970 to 2100.

        A special period or campaign that this area does not declare has none. An unknown kind: KeyError.
        """
        if kind in MONTHS or kind == "week":
            return self._nation.civil(kind).overlapping(lo, hi)
        if kind not in self._tables:
            self._tables[kind] = Periods(self._made(kind))
        return self._tables[kind].overlapping(lo, hi)

    def _made(self, kind: str) -> Iterable[Period]:
        sort, _, name = kind.partition(":")
        if sort == "special" and name:
            return self._special(kind, name)
        if sort == "campaign" and name:
            return self._named(kind, f"{kind}:", spans(self._area.campaigns.get(name, ())))
        if kind == "school-year":
            return school_years(*(self._area.school_year_from or SCHOOL_YEAR_FROM), self.is_provisional).all
        if kind == "term":
            return self._named(kind, "", self._area.terms)
        if kind == "month-in-session":
            return self._in_session()
        if kind == "school-day":
            return (self._period(kind, str(date_of(day)), day, day, None) for day in self._school_days.days)
        raise KeyError(kind)

    def _special(self, kind: str, name: str) -> Iterable[Period]:
        made = {item.key: item for item in spans(self._area.special.get(name, ()))}
        if name == "holidays":
            made = {item.key: item for item in self._long_holidays()} | made
        if name == "term-start":
            weeks = (Item(t.key, _FIRST_WEEK, t.lo, min(t.lo + TERM_START - 1, t.hi)) for t in self._area.terms)
            made = {item.key: item for item in weeks} | made
        return self._named(kind, f"{kind}:", made.values())

    def _long_holidays(self) -> Iterator[Item]:
        """Holidays with the days off that touch them, a weekend say, where that is long enough together."""
        own = [(date_of(holiday.lo).year, holiday) for holiday in self._area.holidays]
        for year, holiday in (*self._nation.holidays, *own):
            lo, hi = self._rest(holiday)
            if hi - lo + 1 >= LEAST_HOLIDAY:
                yield Item(f"{year}-{holiday.code}", holiday.title, lo, hi)

    def _rest(self, holiday: Holiday) -> tuple[int, int]:
        before, after = add(self._workdays, holiday.lo, -1), add(self._workdays, holiday.hi, 1)
        return before + 1, after - 1

    def _in_session(self) -> Iterator[Period]:
        count, least = self._school_days, self._area.month_in_session or DAYS_IN_SESSION
        for month in self._nation.civil("month").overlapping(count.lo, count.hi):
            if between(count, max(month.lo, count.lo) - 1, min(month.hi, count.hi)) >= least:
                yield self._period("month-in-session", month.key, month.lo, month.hi, None)

    def _named(self, kind: str, prefix: str, items: Iterable[Item]) -> Iterator[Period]:
        return (self._period(kind, f"{prefix}{item.key}", item.lo, item.hi, item.title) for item in items)

    def _period(self, kind: str, key: str, lo: int, hi: int, title: Text | None) -> Period:
        return Period(kind, key, lo, hi, self.is_provisional(lo, hi), title)


def _days(items: Iterable[Item]) -> set[int]:
    return {day for item in items for day in range(item.lo, item.hi + 1)}
