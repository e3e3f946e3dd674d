"""What calendar documents declare, as frozen values, and how an area inherits from the one it extends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from huxue.core.calendar.periods import FIRST_YEAR, LAST_YEAR
from huxue.core.values import Text, day_of

DEFAULT = "default"  # the area of organisations that name none
SCHOOL_YEAR_FROM = (9, 1)
DAYS_IN_SESSION = 10  # school days that make a month one in session, where nothing else is declared


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days off, both ends included, with a code that is unique in its year."""

    code: str
    title: Text
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Year:
    """One year's holidays and adjusted workdays; ``provisional`` where its notice could not be checked."""

    year: int
    provisional: bool
    holidays: tuple[Holiday, ...]
    workdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A term, a break, a special period or a campaign: a span of days; or month and day of each year (``yearly``)."""

    key: str
    title: Text | None
    lo: int = 0
    hi: int = -1
    yearly: tuple[tuple[int, int], tuple[int, int]] | None = None


Named = Mapping[str, tuple[Item, ...]]


@dataclass(frozen=True, slots=True)
class Area:
    """What one area declares; None and empty mean "as the area it extends"."""

    extends: str = ""
    terms: tuple[Item, ...] = ()
    breaks: tuple[Item, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    workdays: tuple[int, ...] = ()
    school_year_from: tuple[int, int] | None = None
    month_in_session: int | None = None
    special: Named = field(default_factory=dict)
    campaigns: Named = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """Everything the documents say together."""

    years: Mapping[int, Year]
    areas: Mapping[str, Area]
    special: Named
    campaigns: Named

    def area(self, code: str) -> Area:
        """Return an area with everything it inherits; each area in a chain of ``extends`` is used once."""
        chain = list(self._chain(code))
        whole = Area(special=self.special, campaigns=self.campaigns)
        for own in reversed(chain):
            whole = _inherit(whole, own)
        return whole

    def _chain(self, code: str) -> Iterator[Area]:
        seen: set[str] = set()
        while code in self.areas and code not in seen:
            seen.add(code)
            yield self.areas[code]
            code = self.areas[code].extends


def _inherit(below: Area, own: Area) -> Area:
    codes = {h.code for h in own.holidays}
    return replace(
        own,
        terms=_by_key(below.terms, own.terms),
        breaks=_by_key(below.breaks, own.breaks),
        holidays=(*(h for h in below.holidays if h.code not in codes), *own.holidays),
        workdays=(*below.workdays, *own.workdays),
        school_year_from=own.school_year_from or below.school_year_from,
        month_in_session=own.month_in_session or below.month_in_session,
        special=_names(below.special, own.special),
        campaigns=_names(below.campaigns, own.campaigns),
    )


def _names(below: Named, own: Named) -> Named:
    return {name: _by_key(below.get(name, ()), own.get(name, ())) for name in (*below, *own)}


def _by_key(below: Iterable[Item], own: Iterable[Item]) -> tuple[Item, ...]:
    items = {item.key: item for item in (*below, *own)}
    return tuple(sorted(items.values(), key=lambda item: item.lo))


def spans(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return items with days: a yearly one becomes ``<year>-<key>`` of each year; a declared one of that key wins."""
    found: dict[str, Item] = {}
    declared = []
    for item in items:
        if item.yearly is None:
            declared.append(item)
        else:
            found |= {each.key: each for each in _each_year(item, *item.yearly)}
    return tuple((found | {item.key: item for item in declared}).values())


def _each_year(item: Item, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Item]:
    later = end < start  # it ends in the next year
    for year in range(FIRST_YEAR, LAST_YEAR):
        lo, hi = day_of(date(year, *start)), day_of(date(year + later, *end))
        yield Item(f"{year}-{item.key}", item.title, lo, hi)
