"""What departments and townships do: analyses, reports, inspections, visits to linked schools."""

from __future__ import annotations

from typing import Final

from huxue.core.calendar import Period
from huxue.core.values import MINUTES_A_DAY, date_of, end_of_day
from huxue.demo.governments import before_holiday, does, statements
from huxue.demo.hazards import Desk, from_inspection
from huxue.demo.pen import Pen
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST, LAST, SET_UP, Year

_BUSY: Final = 60  # schools of a county that keep every department inspecting each month
_SITUATION: Final = (
    "总体平稳，消防隐患有所上升",
    "平稳，上下学交通秩序需加强",
    "汛期临近，边坡和低洼校舍需重点关注",
    "总体可控，食品安全投诉减少",
)


def year_of(pen: Pen, year: Year, place: Place, department: Unit, desks: dict[str, Desk]) -> None:
    """Write what one department did in the year; ``desks`` by township. Of the city's, no inspections of schools."""
    for month in year.months[:-1]:
        _analysis(pen, year, department, month)
    if department.topic == "education":
        for quarter in year.quarters[:-1]:
            _report(pen, year, place, department, quarter)
    for holiday in year.holidays if place.schools else ():
        before_holiday(pen, year, department, "inspector", holiday.lo, place.schools)
    if place.schools:
        busy = 1 + len(place.schools) // 32
        for month in year.in_session:
            _inspections(
                pen, year, department, place.schools, month, desks, busy if department.topic == "education" else 1
            )
    statements(pen, year, department, ("head", "deputy"))


def _analysis(pen: Pen, year: Year, department: Unit, month: Period) -> None:
    if not does(pen, department, 0.3):
        return
    late = pen.chance(department.habit.late * 0.7)
    day = (
        year.workday(pen.rng, month.hi + 12, month.hi + 28)
        if late
        else year.workday(pen.rng, month.hi + 1, month.hi + 9)
    )
    at = pen.moment(day)
    fields = {"covers_until": date_of(month.hi).isoformat(), "situation": pen.pick(_SITUATION)}
    pen.record("analysis", department, "officer", at, fields, recorded=at + 40)


def _report(pen: Pen, year: Year, place: Place, bureau: Unit, quarter: Period) -> None:
    """The report, and its study by a leader of the government, which is late where the government is lazy."""
    limit = year.after_workdays(quarter.hi, 10) // MINUTES_A_DAY
    at = pen.moment(
        year.workday(pen.rng, limit + 2, limit + 9) if place.lazy else year.workday(pen.rng, quarter.hi + 2, limit - 1)
    )
    government = place.government
    fields = {
        "parts": ["situation", "problems", "proposals"],
        "covers_until": date_of(quarter.hi).isoformat(),
        "summary": "本季度学校安全总体平稳",
        "report": pen.digest(),
    }
    roles = {"by": (bureau.code,), "to": (government.code,)}
    report = pen.record("quarterly-report", bureau, "head", at, fields, roles=roles, recorded=at + 30)
    if place.lazy and pen.chance(0.6):
        return
    on = report.day + 2 + int(pen.rng.random() * (28 if place.lazy else 14))
    studied = {"form": pen.pick(("written", "meeting")), "content": "同意，请教育局牵头逐项落实"}
    answered = pen.moment(year.workday(pen.rng, on, on + 3))
    pen.record(
        "instruction",
        government,
        "deputy",
        answered,
        studied,
        reference=report.item,
        recorded=answered + 60,
        roles={"by": (government.code,), "to": (bureau.code,)},
    )


def _inspections(
    pen: Pen, year: Year, unit: Unit, schools: list[Unit], month: Period, desks: dict[str, Desk], count: int
) -> None:
    post = "inspector" if "inspector" in unit.holders else "officer"
    often = (
        1.0 if unit.topic in ("", "education") else len(schools) / _BUSY
    )  # few schools are not visited by all at once
    for _ in range(count):
        if not does(pen, unit, 0.3) or not pen.chance(often):
            continue
        some = pen.rng.sample(schools, min(2, len(schools)))
        at = pen.moment(year.workday(pen.rng, month.lo, month.hi))
        found = [school for school in some if pen.chance(0.55)]
        fields = {"scope": "routine", "covert": pen.chance(0.3), "hazards_found": len(found)}
        pen.record(
            "inspection", unit, post, at, fields, roles={"by": (unit.code,), "about": tuple(s.code for s in some)}
        )
        for school in found:
            from_inspection(pen, year, school, desks[school.parent], by=unit, at=at + 15)


def township_year(pen: Pen, year: Year, township: Unit, schools: list[Unit], desk: Desk) -> None:
    """Write what a township did: inspections of its schools, and its leaders' statements."""
    for month in year.in_session:
        _inspections(pen, year, township, schools, month, {township.code: desk}, 2)
    statements(pen, year, township, ("head", "deputy"))


def links(pen: Pen, place: Place, others: list[Unit]) -> dict[str, list[Unit]]:
    """Link every school to a leader of a department, and every leader to a school; the lazy county forgets some.

    In a large county some schools are linked to the city's departments (``others``).
    """
    departments = [*place.departments.values(), *(others if len(place.schools) > 100 else [])]  # noqa: PLR2004 - a large county
    found: dict[str, list[Unit]] = {d.code: [] for d in departments}
    for n in range(max(len(place.schools), 2 * len(departments))):
        school = place.schools[n % len(place.schools)]
        if place.lazy and pen.chance(0.06):
            continue
        department = departments[n % len(departments)]
        post = ("head", "deputy")[n // len(departments) % 2]
        at = (FIRST - 4) * MINUTES_A_DAY + 600
        roles = {"by": (place.government.code, department.code)}
        fields = {"school": school.code, "leader": f"{department.code}/{post}"}
        pen.write("leader-link", "open", place.government, "joint-office", at, fields, roles=roles, recorded=at + n)
        found[department.code].append(school)
    return found


def visits(pen: Pen, year: Year, department: Unit, schools: list[Unit]) -> None:
    """Visit the linked schools each term, two at a time; who has too much to do leaves some out."""
    for term in year.terms:
        thorough = pen.chance(department.habit.does)
        for start in range(0, len(schools), 2):
            some = schools[start : start + 2]
            if not thorough and pen.chance(0.3):
                continue
            at = pen.moment(year.workday(pen.rng, term.lo + 5, term.hi - 8))
            fields = {"purpose": "linked", "findings": "查看门卫、食堂和消防设施，提出三条建议"}
            recorded = min(pen.entered(department.habit, at), end_of_day(max(LAST, SET_UP)))
            pen.record(
                "visit",
                department,
                "deputy",
                at,
                fields,
                recorded=recorded,
                roles={"by": (department.code,), "about": tuple(s.code for s in some)},
            )
