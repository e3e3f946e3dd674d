"""What rules derive from: where schools and internet cafes lie, how long cameras ran, who fell ill in which class."""

from __future__ import annotations

from typing import Any, Final

from huxue.core.calendar import Period
from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY, date_of
from huxue.demo.habits import GOOD
from huxue.demo.pen import Pen
from huxue.demo.schools import does
from huxue.demo.tree import OPENED
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST, SET_UP, Year

_CAFES: Final = ("星河", "月光", "极速")
_SIDE: Final = 900  # of a campus, in millionths of a degree: about a hundred metres
_METRE: Final = 9  # millionths of a degree of latitude
_NEAR, _FAR, _UNKNOWN = 120, 330, 260  # metres from the wall
_EASE: Final = 0.35  # of the months that are left out, the share reported after all
_DAY_OF_SYMPTOMS: Final = FIRST + 190


def of_county(pen: Pen, year: Year, place: Place) -> list[Fact]:
    """Write what was measured in a county in the year."""
    few = [school for school in place.schools if school.level != "training"][:3]
    for n, school in enumerate(few):
        _cafe(pen, place, school, n)
    for school in place.schools:
        for month in year.months:
            _cameras(pen, school, month)
    if few:
        _illness(pen, few[-1])
    return pen.facts


def _cafe(pen: Pen, place: Place, school: Unit, n: int) -> None:
    """One internet cafe: far enough, too near where the county is lazy, or near a school of which a point is known."""
    culture = place.departments["culture"]
    south, west = 15_000_000 + pen.rng.randrange(900_000), 155_000_000 + pen.rng.randrange(900_000)
    metres = (_FAR, _NEAR if place.lazy else _FAR + 60, _UNKNOWN)[n]
    door = _point(south + _SIDE + metres * _METRE, west + _SIDE // 2)
    recorded = SET_UP * MINUTES_A_DAY + 700 + pen.rng.randrange(4000)
    site = {"point": _point(south + _SIDE // 2, west + _SIDE // 2)} if n > 1 else _walls(south, west)
    at_school = {"by": (school.code,)}
    known = pen.write("school-site", "open", culture, "inspector", OPENED, site, roles=at_school, recorded=recorded)
    named = {"name": f"{_CAFES[n]}网吧", "sort": "internet-cafe", "place": door}
    opened = (FIRST + 40 + pen.rng.randrange(60)) * MINUTES_A_DAY + 600
    venue = pen.write("venue", "open", culture, "inspector", opened, named, recorded=opened + 60)
    if n > 1 and culture.habit is GOOD:  # only a point was known: the wall is surveyed, and the way walked as well
        at = opened + 12 * MINUTES_A_DAY
        pen.write(
            "school-site", "change", culture, "inspector", at, _walls(south, west), roles=at_school, recorded=at + 90,
            item=known.item,
        )  # fmt: skip
        walked = {"venue": venue.item, "metres": (metres + 85) * 10, "gate": "南门"}
        roles = {"by": (culture.code,), "about": (school.code,)}
        pen.record("distance-measurement", culture, "inspector", at, walked, roles=roles, recorded=at + 95)


def _walls(south: int, west: int) -> dict[str, Any]:
    corners = ((south, west), (south, west + _SIDE), (south + _SIDE, west + _SIDE), (south + _SIDE, west))
    ring = "; ".join(f"{_degrees(lat)}, {_degrees(lon)}" for lat, lon in corners)
    return {"boundary": f"{ring} (cgcs2000)", "document": "校园测绘成果"}


def _point(lat: int, lon: int) -> dict[str, str]:
    return {"lat": _degrees(lat), "lon": _degrees(lon), "crs": "cgcs2000"}


def _degrees(millionths: int) -> str:
    whole, part = divmod(millionths, 1_000_000)
    return f"{whole}.{part:06d}".rstrip("0").rstrip(".")


def _cameras(pen: Pen, school: Unit, month: Period) -> None:
    """Report how long the recorder of a school was online in a month, on the first day after it."""
    if not does(pen, school, month.hi, _EASE):
        return
    minutes = (month.hi - month.lo + 1) * MINUTES_A_DAY
    per_mille = 962 + pen.rng.randrange(38) if pen.chance(school.habit.does) else 700 + pen.rng.randrange(240)
    fields = {
        "device": "1号录像机", "day": date_of(month.hi).isoformat(), "minutes": minutes,
        "online_minutes": minutes * per_mille // 1000,
    }  # fmt: skip
    at = pen.moment(month.hi + 1)
    pen.record("camera-status", school, "safety-director", at, fields, recorded=at + 5)


def _illness(pen: Pen, school: Unit) -> None:
    """A class in which some fell ill on three days running; another with a single case."""
    for day, cases in enumerate((1, 2, 3)):
        _cases(pen, school, "一年级2班", "vomiting", day, cases)
    _cases(pen, school, "一年级1班", "fever", 1, 1)


def _cases(pen: Pen, school: Unit, name: str, symptom: str, day: int, cases: int) -> None:
    at = (_DAY_OF_SYMPTOMS + day) * MINUTES_A_DAY + 9 * 60
    fields = {"unit": "class", "name": name, "symptom": symptom, "cases": cases}
    pen.record("illness", school, "safety-director", at, fields, recorded=at + 20)
