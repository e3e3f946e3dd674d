"""The rare and serious: incidents, and the interviews that follow from them or from what is left undone."""

from __future__ import annotations

from typing import Any, Final

from huxue.core.values import MINUTES_A_DAY, end_of_day, moment_of
from huxue.demo.pen import Pen
from huxue.demo.world import City, Place, Unit
from huxue.demo.year import FIRST, LAST, Year

_HURTS: Final = (
    ("sport", "体育课跑步摔倒"),
    ("crush", "课间楼梯碰撞"),
    ("traffic", "上学途中电动车刮碰"),
    ("laboratory", "实验课轻微烫伤"),
)

_ENOUGH: Final = 0.8  # share of duties done below which a government asks somebody in


class _Steps:
    """The steps of one case, each after the one before."""

    def __init__(self, pen: Pen, year: Year, kind: str, about: Unit, day: int) -> None:
        self.pen, self.year, self.kind, self.about, self.day = pen, year, kind, about, day
        self.item, self.at = "", 0
        self.deadline: int | None = None

    def take(
        self,
        step: str,
        unit: Unit,
        post: str,
        later: int,
        fields: dict[str, Any],
        *,
        workdays: int = 0,
        days: int = 0,
        ends: bool = False,
    ) -> bool:
        """Take a step some days later (workdays for none on a Sunday); False: beyond the year."""
        self.day = self.year.workday(self.pen.rng, self.day + later, self.day + later + 2)
        if self.day > LAST - 1:
            return False
        self.at = max(self.pen.moment(self.day), self.at + 60)
        if workdays:
            self.deadline = self.year.after_workdays(self.day, workdays)
        elif days:
            self.deadline = end_of_day(self.day + days)
        elif ends:
            self.deadline = None
        fact = self.pen.write(
            self.kind,
            "step",
            unit,
            post,
            self.at,
            fields,
            recorded=self.at + 50,
            item=self.item,
            step=step,
            roles={"by": (unit.code,), "about": (self.about.code,)},
            deadline=self.deadline,
        )
        self.item = fact.item
        return True


def incidents(pen: Pen, year: Year, place: Place) -> None:
    """Let one school in thirty have an incident, slight as a rule; the department confirms and closes it."""
    bureau = place.departments["education"]
    for school in pen.rng.sample(place.schools, max(1, len(place.schools) // 30)):
        day = FIRST + 10 + pen.rng.randrange(LAST - FIRST - 20)
        if day >= school.silent_from:
            continue
        category, summary = _HURTS[int(pen.rng.random() * len(_HURTS))]
        case = _Steps(pen, year, "incident", school, day)
        happened = moment_of(day * MINUTES_A_DAY + 600).isoformat(timespec="minutes")
        if case.take(
            "reported",
            school,
            "principal",
            0,
            {"category": category, "happened": happened, "summary": summary},
            days=30,
        ):
            harm = "slight" if pen.chance(0.9) else "serious"
            confirmed = {"harm": harm, "deaths": 0, "injured": 1, "mass_casualty": False}
            if case.take("confirmed", bureau, "officer", 3, confirmed, days=60):
                case.take(
                    "closed", bureau, "deputy", 12, {"causes": "现场看护不到位", "measures": "调整看护岗位"}, ends=True
                )


def interviews(pen: Pen, year: Year, place: Place, lagging: list[Unit]) -> None:
    """Let a government interview those that lag; a lazy government is late with every one of the clocks."""
    slow = 9 if place.lazy else 0
    government = place.government
    for about in lagging:
        case = _Steps(pen, year, "interview", about, FIRST + 90 + pen.rng.randrange(190))
        due = {"subject": f"{about.name}履职不到位", "cause": pen.pick(("overdue", "repeated", "major-hazard"))}
        if not case.take("due", government, "joint-office", 0, due, workdays=3):
            continue
        held = moment_of((case.day + 5 + slow) * MINUTES_A_DAY + 540).isoformat(timespec="minutes")
        if case.take("noticed", government, "joint-office", slow, {"held_at": held}, workdays=10) and case.take(
            "met", government, "head", 3 + slow, _signed(pen, government, about, case.day), workdays=20
        ):
            _reply(pen, case, government, about)


def _reply(pen: Pen, case: _Steps, government: Unit, about: Unit) -> None:
    late = 30 if pen.chance(1 - about.habit.mends) else 0
    lead = next(iter(about.holders))
    if case.take(
        "written-reply", about, lead, 8 + late, {"measures": "专人负责，限期销号", "reply": pen.digest()}, workdays=10
    ):
        case.take("closed", government, "deputy", 3, {}, ends=True)


def _signed(pen: Pen, government: Unit, about: Unit, day: int) -> dict[str, Any]:
    lead = next(iter(about.holders))
    signers = (
        ("head_signature", government, "head"),
        ("deputy_signature", government, "deputy"),
        ("main_signature", about, lead),
        ("direct_signature", about, list(about.holders)[-1]),
    )
    found: dict[str, Any] = {"minutes": pen.digest()}
    for name, unit, post in signers:
        person = unit.holder(post, day) or unit.holder(next(iter(unit.holders)), day)
        found[name] = {"person": person, "at": (day + 3) * MINUTES_A_DAY + 660, "sha256": pen.digest()}
    return found


def lagging(place: Place, city: City | None = None) -> list[Unit]:
    """Return whom a government interviews: its laggards; of the city, the lazy county and lazy departments."""
    if city is not None:
        return [c.government for c in city.counties if c.lazy] + [
            d for d in place.departments.values() if d.habit.does < _ENOUGH
        ]
    schools = [s for s in place.schools if s.habit.does < 0.6][:4]  # noqa: PLR2004 - the laziest
    return [d for d in place.departments.values() if d.habit.does < _ENOUGH][:2] + schools
