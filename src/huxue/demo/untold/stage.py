"""Who is on the stage: the rulebook in effect, the calendar, and every organisation by its place in the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from huxue.core.calendar import Calendar
from huxue.core.duties.history import satisfies
from huxue.core.duties.shapes import Duty, Where
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.demo.pen import Pen
from huxue.demo.schools import does
from huxue.demo.world import City, Place, Unit
from huxue.demo.year import Year

EASE: Final = 0.35  # of what a habit leaves undone, the share that is caught up after all


@dataclass(slots=True)
class Stage:
    """What the tellers share. ``places``: the government that each organisation stands under."""

    rulebook: Rulebook
    year: Year
    city: City
    units: dict[str, Unit]
    places: dict[str, Place]
    entries: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # (owner, kind) → items

    @property
    def calendar(self) -> Calendar:
        """The calendar of the whole city."""
        return self.year.calendar

    def kind(self, code: str) -> Kind | None:
        """Return a declared kind."""
        return self.rulebook.kinds.get(code)

    def bearers(self, duty: Duty, place: Place) -> list[Unit]:
        """Return the organisations right under this government (or the government itself) that owe a duty."""
        return [unit for unit in place.units() if owes(duty, unit)]

    def territory(self, unit: Unit) -> Iterator[Unit]:
        """Yield the organisations below a government or township, or in the territory that a department looks after."""
        place = self.places[unit.code]
        if unit.type == "township":
            yield from (school for school in place.schools if school.parent == unit.code)
            return
        for one in (place, *(self.city.counties if place is self.city.place else ())):
            yield from one.units()

    def above(self, unit: Unit) -> list[Unit]:
        """Return who stands over an organisation, the nearest first: township, departments, government, the city."""
        place, city = self.places[unit.code], self.city.place
        towns = [self.units[unit.parent]] if unit.parent in self.units and unit.type == "school" else []
        bureaus = sorted(place.departments.values(), key=lambda d: d.topic != "education")
        higher = sorted(city.departments.values(), key=lambda d: d.topic != "education")
        order = [*bureaus, *towns, place.government, *higher, city.government]
        return [self.units[code] for code in dict.fromkeys(one.code for one in order) if code != unit.code]


def owes(duty: Duty, unit: Unit) -> bool:
    """Tell whether an organisation owes a duty: by type, traits and topic."""
    by = duty.owed_by
    return unit.type in by.type and (not by.topic or by.topic == unit.topic) and has(by.where, unit)


def has(where: Where, unit: Unit) -> bool:
    """Tell whether the traits of an organisation satisfy a filter."""
    return satisfies(where, unit.traits.get)


def keeps_up(pen: Pen, unit: Unit, day: int) -> bool:
    """Decide whether what is due on a day is done."""
    return does(pen, unit, day, EASE)


def stage_of(rulebook: Rulebook, year: Year, city: City) -> Stage:
    """Return the stage of a city. ``rulebook`` is as the edition applies it: each duty from the day it counts."""
    units: dict[str, Unit] = {}
    places: dict[str, Place] = {}
    for place in (city.place, *city.counties):
        for unit in place.units():
            units[unit.code], places[unit.code] = unit, place
    return Stage(rulebook, year, city, units, places)
