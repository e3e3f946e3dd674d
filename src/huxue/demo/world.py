"""The city as it stands on the first day: governments, departments, townships, schools, posts and who holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from huxue.core.values import FAR
from huxue.demo import names
from huxue.demo.habits import BACKFILLING, GOOD, LAZY, ORDINARY, OVERLOADED, Habit, choose
from huxue.demo.year import FIRST, LAST, WINTER

CITY: Final = "LZ"
GOVERNMENT_POSTS: Final = ("head", "deputy", "secretary", "joint-office", "officer")
DEPARTMENT_POSTS: Final = ("head", "deputy", "officer", "inspector")
TOWNSHIP_POSTS: Final = ("head", "deputy", "officer")
SCHOOL_POSTS: Final = (
    "principal", "secretary", "vice-principal-safety", "safety-director", "moral-education-director",
    "logistics-director", "grade-head", "class-teacher", "laboratory-keeper", "canteen-manager", "school-doctor",
    "guard",
)  # fmt: skip
# Of each level: how many of twenty schools, fewest and most pupils, share in a hundred that has boarders.
_LEVELS: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "kindergarten": (5, 40, 320, 0),
    "primary": (7, 90, 1900, 5),
    "junior": (3, 250, 2100, 40),
    "nine-year": (1, 300, 2200, 40),
    "senior": (1, 900, 3600, 80),
    "complete": (1, 600, 3000, 70),
    "training": (2, 30, 260, 0),
}
# What a county is like, in the order of ``names.COUNTIES``. The fourth is the lazy one.
_CHARACTERS: Final = ("good", "good", "ordinary", "lazy", "ordinary", "ordinary", "good")
_LAZY_COUNTY: Final = 3


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a city."""

    counties: int
    townships: int
    schools: int


LARGE: Final = Size(counties=7, townships=200, schools=2000)
FULL: Final = Size(counties=7, townships=70, schools=560)
SMALL: Final = Size(counties=7, townships=14, schools=56)


@dataclass(slots=True)
class Unit:
    """An organisation. ``holders``: post type → the persons who hold it, each with the first day; none: vacant."""

    code: str
    name: str
    type: str
    parent: str
    habit: Habit
    topic: str = ""
    traits: dict[str, Any] = field(default_factory=dict)
    holders: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    silent_from: int = FAR
    away: tuple[int, int] = (FAR, FAR)  # first and last day in which the school is elsewhere and excused
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Prepare the roles of a fact that concerns nobody else."""
        self.by = {"by": (self.code,)}

    def holder(self, post: str, day: int) -> str:
        """Return the person who holds a post on a day, "" when nobody does."""
        return next((person for since, person in reversed(self.holders.get(post, ())) if since <= day), "")

    @property
    def level(self) -> str:
        """School level."""
        return str(self.traits.get("level", ""))

    @property
    def pupils(self) -> int:
        """Number of pupils."""
        return int(self.traits.get("pupils", 0))


@dataclass(slots=True)
class Place:
    """A government with its departments, and below it townships and schools (of a county) or counties (of the city)."""

    government: Unit
    departments: dict[str, Unit]
    townships: list[Unit] = field(default_factory=list)
    schools: list[Unit] = field(default_factory=list)
    lazy: bool = False

    def units(self) -> Iterator[Unit]:
        """Yield every organisation, those above first."""
        yield self.government
        yield from self.departments.values()
        yield from self.townships
        yield from self.schools

    def township_of(self, school: Unit) -> Unit:
        """Return the township that a school lies in."""
        return next(t for t in self.townships if t.code == school.parent)


@dataclass(slots=True)
class City:
    """The whole city."""

    place: Place
    counties: list[Place]


def build(seed: int, size: Size) -> City:
    """Return the city of a seed."""
    rng = Random(f"{seed}:world")  # noqa: S311 - a story, not a secret
    government = _unit(rng, CITY, names.CITY, "city-government", "", GOOD, GOVERNMENT_POSTS)
    city = Place(government, _departments(rng, government, "city", "good"))
    towns = names.townships(rng, size.townships)
    counties = []
    for n in range(size.counties):
        mine = towns[n :: size.counties]
        share = size.schools * (n + 1) // size.counties - size.schools * n // size.counties
        counties.append(_county(rng, n, mine, share))
    _set_laggards(counties)
    _fall_silent(rng, counties)
    _move_out(rng, counties)
    _change_holders(rng, counties)
    return City(city, counties)


def _county(rng: Random, n: int, towns: list[str], schools: int) -> Place:
    character, lazy = _CHARACTERS[n], n == _LAZY_COUNTY
    code, name = f"{CITY}{n + 1:02d}", names.COUNTIES[n]
    habit = LAZY if lazy else (GOOD if character == "good" else ORDINARY)
    government = _unit(rng, code, name, "county-government", CITY, habit, GOVERNMENT_POSTS)
    place = Place(government, _departments(rng, government, "county", character), lazy=lazy)
    for i, town in enumerate(towns):
        place.townships.append(
            _unit(rng, f"{code}T{i + 1:02d}", name + town, "township", code, choose(rng, character), TOWNSHIP_POSTS)
        )
    for i, township in enumerate(place.townships):
        share = schools * (i + 1) // len(towns) - schools * i // len(towns)
        place.schools += _schools(rng, township, towns[i], share, character)
    return place


def _departments(rng: Random, government: Unit, level: str, character: str) -> dict[str, Unit]:
    found = {}
    for topic, title in names.DEPARTMENTS.items():
        name = government.name + (title if level == "county" else title.replace("大队", "支队"))
        found[topic] = _unit(
            rng, f"{government.code}-{topic}", name, f"{level}-department", government.code, choose(rng, character),
            DEPARTMENT_POSTS, topic=topic,
        )  # fmt: skip
    return found


def _schools(rng: Random, township: Unit, town: str, count: int, character: str) -> Iterator[Unit]:
    seen: dict[str, int] = {}
    weights = [share for share, *_ in _LEVELS.values()]
    for i in range(count):
        level = ("primary", "kindergarten")[i] if i < 2 else rng.choices(list(_LEVELS), weights)[0]  # noqa: PLR2004
        name = names.school(town, level, seen.setdefault(level, 0))
        seen[level] += 1
        traits = _traits(rng, level, urban=town.endswith("街道"))
        posts = _posts(level, traits["pupils"])
        yield _unit(
            rng,
            f"{township.code}S{i + 1:02d}",
            name,
            "school",
            township.code,
            choose(rng, character),
            posts,
            traits=traits,
        )


def _traits(rng: Random, level: str, *, urban: bool) -> dict[str, Any]:
    _, fewest, most, boarding = _LEVELS[level]
    pupils = fewest + int((most - fewest) * rng.random() ** (1.2 if urban else 2.2))
    boards = _happens(rng, boarding)
    boarders = pupils * rng.randrange(20, 80) // 100 if boards else 0
    canteen, small = level != "training" and _happens(rng, 85), pupils < 300  # noqa: PLR2004 - a small school
    return {
        "level": level, "ownership": "private" if level == "training" or _happens(rng, 12) else "public",
        "pupils": pupils, "day_pupils": pupils - boarders, "boarders": boarders, "boarding": boards,
        "canteen": canteen, "diners": pupils if canteen else 0, "floors": 1 + rng.randrange(4 if small else 6),
        "fire_key_unit": not small and _happens(rng, 15), "counter_terror_target": _happens(rng, 2),
        "buses": level in ("kindergarten", "primary", "nine-year") and _happens(rng, 14),
        "remote": not urban and _happens(rng, 30), "urban_fringe": urban and _happens(rng, 20), "newly_opened": False,
    }  # fmt: skip


def _happens(rng: Random, percent: int) -> bool:
    return rng.random() * 100 < percent


def _posts(level: str, pupils: int) -> tuple[str, ...]:
    without = set()
    if level in ("kindergarten", "training"):
        without |= {"laboratory-keeper", "moral-education-director"}
    if level == "training" or pupils < 80:  # noqa: PLR2004 - a small school has fewer posts
        without |= {"secretary"}
    return tuple(post for post in SCHOOL_POSTS if post not in without)


def _unit(
    rng: Random, code: str, name: str, type_: str, parent: str, habit: Habit, posts: tuple[str, ...], **more: Any
) -> Unit:
    unit = Unit(code, name, type_, parent, habit, **more)
    for post in posts:
        vacant = type_ in ("school", "township") and post not in ("head", "principal") and _happens(rng, 1)
        unit.holders[post] = [] if vacant else [(-FAR, f"P{rng.randrange(10**9):09d}")]
    return unit


def _set_laggards(counties: list[Place]) -> None:
    """Some habits are fixed, so that every city has the same sort of laggards to find."""
    for n, (topic, habit) in enumerate(
        (
            ("housing", OVERLOADED),
            ("transport", OVERLOADED),
            ("urban-management", LAZY),
            ("market", BACKFILLING),
            ("health", OVERLOADED),
        )
    ):
        counties[n % len(counties)].departments[topic].habit = habit
    for place in counties:
        place.departments["education"].habit = ORDINARY if place.lazy else GOOD


def _fall_silent(rng: Random, counties: list[Place]) -> None:
    """Let a few schools stop writing anything down, from some day between November and April."""
    for place in counties:
        few = max(1, len(place.schools) // 140) if place.lazy else len(place.schools) // 200
        for school in rng.sample(place.schools, few):
            school.silent_from = FIRST + 70 + rng.randrange(150)


def _move_out(rng: Random, counties: list[Place]) -> None:
    """Let one school in thirty, and one in every city, move out for some weeks while its building is made safe."""
    chosen = counties[0].schools[-1:]
    for place in counties:
        for school in place.schools:
            if rng.random() < 1 / 30 or school in chosen:
                first = FIRST + rng.randrange(200)
                school.away = first, min(LAST, first + 30 + rng.randrange(60))


def _change_holders(rng: Random, counties: list[Place]) -> None:
    """Give one post in sixty of the schools, and one in twenty of the offices, another holder in the winter."""
    for place in counties:
        for unit in place.units():
            share = 1 / 60 if unit.type == "school" else 1 / 20
            for held in unit.holders.values():
                if held and rng.random() < share:
                    held.append((WINTER + rng.randrange(20), f"P{rng.randrange(10**9):09d}"))
