"""What parts of a calendar must be true together: no overlap, no circle, no workday inside a holiday."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from huxue.core.calendar.counting import Weekdays, counted
from huxue.core.calendar.declared import DEFAULT, Area, Declared, Holiday, Item
from huxue.core.calendar.documents import Path
from huxue.core.calendar.reading import Found, Reading
from huxue.core.values import date_of


def read(raw: Mapping[str, Any]) -> tuple[Declared, list[Found]]:
    """Return what a raw mapping declares, and everything wrong with it."""
    reading = Reading()
    declared = reading.declared(raw)
    return declared, [*reading.found, *_together(declared)]


def problems(raw: Mapping[str, Any]) -> list[Found]:
    """Return everything wrong with a raw mapping: the path of each finding, and a sentence in Chinese and in English.

    A path names items of lists by their ``key`` where they have one; ``origin`` finds the document that wrote it.
    """
    return read(raw)[1]


def _together(declared: Declared) -> Iterator[Found]:
    for year in declared.years.values():
        path: Path = ("years", str(year.year))
        yield from _holidays(path, year.holidays, year.workdays)
        for i, holiday in enumerate(year.holidays):
            if date_of(holiday.hi).year != year.year:
                yield (*path, "holidays", i, "days", 1), f"假期末日不在{year.year}年", f"it does not end in {year.year}"
    for code, area in declared.areas.items():
        yield from _extends(("areas", code), code, declared)
        yield from _holidays(("areas", code), area.holidays, area.workdays)
        yield from _terms(("areas", code, "terms"), area, declared.area(code).terms)


def _holidays(path: Path, holidays: tuple[Holiday, ...], workdays: tuple[int, ...]) -> Iterator[Found]:
    for i, holiday in enumerate(holidays):
        if any(h.lo <= holiday.hi and holiday.lo <= h.hi for h in holidays[:i]):
            said = f"假期“{holiday.code}”与前面的假期重叠"
            yield (*path, "holidays", i), said, f"the holiday '{holiday.code}' overlaps an earlier one"
    for i, day in enumerate(workdays):
        inside = [h for h in holidays if h.lo <= day <= h.hi]
        if inside:
            said = f"调休上班日 {date_of(day)} 在假期“{inside[0].code}”之内"
            yield (*path, "workdays", i), said, f"the workday {date_of(day)} is inside the holiday '{inside[0].code}'"
        elif path[0] == "years" and counted(Weekdays(), day):
            said = f"{date_of(day)} 不是周末，本来就上班"
            yield (*path, "workdays", i), said, f"{date_of(day)} is not on a weekend: it is a workday anyway"


def _extends(path: Path, code: str, declared: Declared) -> Iterator[Found]:
    above = declared.areas[code].extends
    if above and above not in declared.areas and above != DEFAULT:
        yield (*path, "extends"), f"没有名为“{above}”的地区历法", f"there is no area '{above}'"
    seen = [code]
    while above in declared.areas and above not in seen:
        seen.append(above)
        above = declared.areas[above].extends
    if above == code:
        circle = " → ".join((*seen, code))
        yield (*path, "extends"), f"继承成环：{circle}", f"the areas extend each other in a circle: {circle}"


def _terms(path: Path, own: Area, terms: Iterable[Item]) -> Iterator[Found]:
    mine = {item.key for item in own.terms}
    ordered = sorted(terms, key=lambda item: (item.lo, item.hi))
    for before, after in pairwise(ordered):
        if after.lo <= before.hi and {before.key, after.key} & mine:
            at = after.key if after.key in mine else before.key
            said = f"学期“{before.key}”与“{after.key}”重叠"
            yield (*path, at), said, f"the terms '{before.key}' and '{after.key}' overlap"
