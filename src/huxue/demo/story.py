"""The story in order: the city, then each county with all of its year. Every batch refers to earlier ones only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from huxue.core.calendar import Calendar
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.demo import (
    afterwards,
    departments,
    directives,
    governments,
    handovers,
    letters,
    measured,
    registers,
    schools,
    serious,
)
from huxue.demo.hazards import Desk
from huxue.demo.pen import Pen
from huxue.demo.tree import opening
from huxue.demo.untold import others, stage_of, tell
from huxue.demo.world import City, Place, Size, Unit, build
from huxue.demo.year import Year

TOLD: Final = frozenset(
    {
        *(
            "department.analysis",
            "department.joint-attendance",
            "department.linked-visits",
            "county.leader-links",
            "department.leaders-linked",
        ),
        *("national.evacuation-drill", "national.evacuation-drill-kindergarten", "speech.evacuation-drill"),
        *("speech.evacuation-drill-kindergarten", "speech.evacuation-drill-training"),
        *("county.hear-reports", "county.safety-meeting", "county.field-study", "government.joint-meeting"),
        *("hazard.rectified", "listed.noted", "hazard.taken-over", "county.joint-inspection"),
        *("government.special-inspection", "school.special-check", "interview.noticed", "interview.held"),
        *("interview.replied", "county.letters", "organisation.post-letters", "leaders.duty-statement"),
        *("education.quarterly-report", "government.report-studied", "city.half-year-circular", "school.self-check"),
        *("school.no-forbidden-lease", "culture.no-internet-cafe-nearby", "school.bus-inspection"),
        *("school.fire-check", "school.guards", "school.staff-record-query", directives.DUTY),
        "school.cameras-online",
    }
)
"""The duties whose year is told by hand in the modules beside this one; the rest is worked out (``untold``)."""


def school_year(*, seed: int, size: Size, calendar: Calendar, rulebook: Rulebook) -> Iterator[list[Fact]]:
    """Yield the facts in whole batches: the trees, then the year of a county at a time in order of recording.

    ``rulebook`` as the edition of the last day applies it: each duty from the day it counts.
    """
    year, city = Year(calendar), build(seed, size)
    stage = stage_of(rulebook, year, city)
    for place in (city.place, *city.counties):
        yield opening(Pen(f"{seed}:tree:{place.government.code}"), place)
    seen: set[str] = set()
    for county in city.counties:
        facts = _county(seed, year, city, county) + tell(stage, county, TOLD, seed)
        seen |= {fact.kind for fact in facts}
        yield _in_order(facts)
    facts = _city(seed, year, city) + tell(stage, city.place, TOLD, seed)
    yield _in_order(facts + others(stage, seen | {fact.kind for fact in facts}, seed))


def _in_order(facts: list[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.recorded, fact.id))


def _county(seed: int, year: Year, city: City, place: Place) -> list[Fact]:
    desks = {t.code: Desk(place, t) for t in place.townships}
    facts: list[Fact] = []
    for school in place.schools:
        facts += _school(Pen(f"{seed}:{school.code}"), year, place, desks[school.parent], school)
    for township in place.townships:
        facts += _township(Pen(f"{seed}:{township.code}"), year, place, desks[township.code], township)
    pen = Pen(f"{seed}:{place.government.code}")
    linked = departments.links(pen, place, list(city.place.departments.values()))
    everybody = {**place.departments, **{f"city:{t}": d for t, d in city.place.departments.items()}}
    for department in everybody.values():
        departments.visits(pen, year, department, linked.get(department.code, []))
    for department in place.departments.values():
        departments.year_of(pen, year, place, department, desks)
        letters.with_posts(pen, year, department, "head")
    governments.year_of(pen, year, place)
    letters.with_posts(pen, year, place.government, "head")
    letters.with_below(pen, year, place)
    for desk in desks.values():
        governments.listed(pen, place, desk)
    serious.incidents(pen, year, place)
    serious.interviews(pen, year, place, serious.lagging(place))
    facts += measured.of_county(Pen(f"{seed}:{place.government.code}:measured"), year, place)
    facts += handovers.of_place(Pen(f"{seed}:{place.government.code}:handovers"), place)
    return facts + pen.facts + directives.of_county(Pen(f"{seed}:{place.government.code}:directives"), place)


def _school(pen: Pen, year: Year, place: Place, desk: Desk, school: Unit) -> list[Fact]:
    registers.year_of(pen, school, place)
    schools.year_of(pen, year, school, desk)
    letters.with_posts(pen, year, school, "principal")
    afterwards.of_school(pen, place, desk.township, school, list(pen.facts))
    return pen.facts


def _township(pen: Pen, year: Year, place: Place, desk: Desk, township: Unit) -> list[Fact]:
    mine = [school for school in place.schools if school.parent == township.code]
    departments.township_year(pen, year, township, mine, desk)
    letters.with_posts(pen, year, township, "head")
    return pen.facts


def _city(seed: int, year: Year, city: City) -> list[Fact]:
    pen = Pen(f"{seed}:{city.place.government.code}")
    governments.city_year(pen, year, city)
    letters.with_posts(pen, year, city.place.government, "head")
    for department in city.place.departments.values():
        departments.year_of(pen, year, city.place, department, {})
    serious.interviews(pen, year, city.place, serious.lagging(city.place, city))
    return pen.facts + directives.of_city(Pen(f"{seed}:{city.place.government.code}:directives"), city)
