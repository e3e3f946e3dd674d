"""What governments do: meetings, field studies, joint inspections, letters, circulars, lists of major hazards."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY, date_of, day_of, end_of_day
from huxue.demo.hazards import Desk
from huxue.demo.pen import Pen
from huxue.demo.world import City, Place, Unit
from huxue.demo.year import FIRST, LAST, Year

_LEADERS: Final = ("head", "deputy")
_JANUARY: Final = day_of(date(2026, 1, 5))
_HALF: Final = day_of(date(2026, 6, 30))


def year_of(pen: Pen, year: Year, place: Place) -> None:
    """Write what a county's government did in the year."""
    _meetings(pen, year, place)
    _field_studies(pen, year, place)
    joint_meetings(pen, year, place, list(place.departments.values()))
    _joint_inspections(pen, year, place)
    for holiday in year.holidays:
        before_holiday(pen, year, place.government, "officer", holiday.lo, place.schools)
    statements(pen, year, place.government, _LEADERS)


def does(pen: Pen, unit: Unit, ease: float = 0.5) -> bool:
    """Decide whether a government or department does something; offices omit less than schools."""
    return pen.rng.random() < unit.habit.does + (1 - unit.habit.does) * ease


def _meetings(pen: Pen, year: Year, place: Place) -> None:
    government = place.government
    spring = (_JANUARY + 20, _JANUARY + 80), (_JANUARY + 100, _JANUARY + 170)
    for n, (lo, hi) in enumerate(((FIRST + 20, FIRST + 90), *spring[: 1 if place.lazy else 2])):
        fields = {
            "meeting_kind": "school-safety" if n < 2 else "government", "agenda_school_safety": True,  # noqa: PLR2004 - two of them
            "hears_safety_report": True, "chaired_by": f"{government.code}/head", "subject": "听取学校安全工作汇报",
            "decisions": "限期整改重大隐患，补足安保力量",
        }  # fmt: skip
        roles = {"by": (government.code,), "with": tuple(d.code for d in place.departments.values())}
        pen.record("meeting", government, "head", pen.moment(year.workday(pen.rng, lo, hi)), fields, roles=roles)


def _field_studies(pen: Pen, year: Year, place: Place) -> None:
    """The head of the lazy county sends the deputy, which does not count."""
    for n in range(2):
        schools = pen.rng.sample(place.schools, min(3, len(place.schools)))
        day = year.workday(pen.rng, _JANUARY + 70 * n, _JANUARY + 70 * n + 60)
        roles = {"by": (place.government.code,), "about": tuple(s.code for s in schools)}
        post = "deputy" if place.lazy else ("head", "deputy")[n]
        fields = {"findings": "校门口车辆占道，个别学校安保人员年龄偏大", "route": "城区—乡镇—村小"}
        pen.record("field-study", place.government, post, pen.moment(day), fields, roles=roles)


def joint_meetings(pen: Pen, year: Year, place: Place, members: list[Unit]) -> None:
    """Write the joint meetings of the year; who is busy sends a delegate, who is careless nobody."""
    for lo in (FIRST + 15, _JANUARY + 45, _JANUARY + 120):
        came = [d for d in members if pen.chance(min(0.97, d.habit.does + 0.1))]
        sent = [d for d in members if d not in came and pen.chance(0.7)]
        roles = {
            "by": place.government.by["by"],
            "invited": tuple(d.code for d in members),
            "attended": tuple(d.code for d in came),
            "delegated": tuple(d.code for d in sent),
        }
        fields = {"subject": "学校安全联席会议", "decisions": "明确隐患清单和责任部门"}
        day = year.workday(pen.rng, lo, lo + 25)
        pen.record(
            "joint-meeting",
            place.government,
            "joint-office",
            pen.moment(day),
            fields,
            roles={role: codes for role, codes in roles.items() if codes},
        )


def _joint_inspections(pen: Pen, year: Year, place: Place) -> None:
    for quarter in year.quarters:
        if place.lazy and quarter.key == "2026-Q1":
            continue
        with_ = pen.rng.sample(list(place.departments.values()), 4)
        schools = pen.rng.sample(place.schools, min(6, len(place.schools)))
        at = pen.moment(year.workday(pen.rng, quarter.lo + 5, min(quarter.hi, LAST) - 10))
        late = 12 if place.lazy else 1  # workdays; beyond the limit of the rulebook it is void
        recorded = year.after_workdays(at // MINUTES_A_DAY, late) - 400
        roles = {
            "by": place.government.by["by"],
            "with": tuple(d.code for d in with_),
            "about": tuple(s.code for s in schools),
        }
        fields = {
            "scope": "comprehensive",
            "occasion": "none",
            "findings": "消防通道、食堂和实验室各有问题",
            "hazards_found": 3,
        }
        pen.record("inspection", place.government, "deputy", at, fields, roles=roles, recorded=recorded)


def before_holiday(pen: Pen, year: Year, unit: Unit, post: str, holiday: int, schools: list[Unit]) -> Fact | None:
    """Write the special inspection before a holiday, if there was one."""
    if not does(pen, unit):
        return None
    some = pen.rng.sample(schools, min(4, len(schools)))
    at = pen.moment(year.workday(pen.rng, holiday - 15, holiday - 3))
    fields = {"scope": "special", "occasion": "holiday", "hazards_found": int(pen.rng.random() * 3)}
    roles = {"by": (unit.code,), "about": tuple(s.code for s in some)}
    return pen.record("inspection", unit, post, at, fields, roles=roles)


def statements(pen: Pen, year: Year, unit: Unit, posts: tuple[str, ...]) -> None:
    """Write the statements of duty of last year, and of the half-year where they are given early."""
    for post in posts:
        for until, lo, share in (("2025-12-31", _JANUARY, 0.9), ("2026-06-30", _HALF + 2, 0.35)):
            if unit.holders.get(post) and pen.chance(share * unit.habit.does):
                day = year.workday(pen.rng, lo, lo + 24)
                fields = {
                    "covers_safety": pen.chance(0.95),
                    "covers_until": until,
                    "content": "履行学校安全领导责任情况",
                }
                pen.record("duty-statement", unit, post, pen.moment(day), fields)


def listed(pen: Pen, place: Place, desk: Desk) -> None:
    """Follow every listed hazard: a note about every fortnight, taken off by the head when it is mended."""
    for school, ordered in desk.listed:
        _follow(pen, place, school, ordered)


def _follow(pen: Pen, place: Place, school: Unit, ordered: Fact) -> None:
    government = place.government
    roles = {"by": (government.code,), "about": (school.code,)}
    day, limit = ordered.day + 3, ordered.day + 90
    late = 10 if place.lazy else 0

    def step(name: str, post: str, on: int, fields: dict[str, Any], *, item: str, deadline: int | None) -> Fact:
        at = pen.moment(on)
        return pen.write(
            "listed-supervision",
            "step",
            government,
            post,
            at,
            fields,
            recorded=at + 90,
            roles=roles,
            item=item,
            step=name,
            deadline=deadline,
            reference=ordered.item,
        )

    opened = {
        "subject": f"{school.name}重大隐患",
        "level": "county",
        "leader": f"{government.code}/deputy",
        "deadline": date_of(limit).isoformat(),
    }
    item = step("listed", "deputy", day, opened, item="", deadline=end_of_day(limit)).item
    ends = day + 30 + int(pen.rng.random() * 50)
    while (day := day + 9 + int(pen.rng.random() * 5) + (late if pen.chance(0.6) else 0)) < min(ends, LAST):
        noted = {"progress": "方案已评审，正在组织施工", "visited": pen.chance(0.6)}
        step("noted", "deputy", day, noted, item=item, deadline=end_of_day(limit))
    if ends < LAST - 3:
        step("delisted", "head", max(day, ends), {"acceptance": pen.digest(), "spot": True}, item=item, deadline=None)


def city_year(pen: Pen, year: Year, city: City) -> None:
    """Write what the city's government did: joint meetings and the half-year circular on everybody below it."""
    government = city.place.government
    joint_meetings(pen, year, city.place, [*city.place.departments.values()])
    about = (*(c.government.code for c in city.counties), *(d.code for d in city.place.departments.values()))
    for until, lo in (("2025-12-31", _JANUARY + 10), ("2026-06-30", _HALF + 16)):
        fields = {
            "circular_kind": "half-year",
            "number": f"澜政办通〔2026〕{3 if until < '2026' else 19}号",
            "causes": ["attention", "measures"],
            "content": "通报半年学校安全履职情况",
            "covers_until": until,
        }
        at = pen.moment(year.workday(pen.rng, lo, lo + 10))
        pen.record("circular", government, "joint-office", at, fields, roles={"by": (government.code,), "about": about})
    statements(pen, year, government, _LEADERS)
