"""What a school does in a year: drills, checks, meetings, queries of records."""

from __future__ import annotations

from typing import Final

from huxue.core.calendar import Period
from huxue.demo.hazards import Desk, from_self_check
from huxue.demo.pen import Pen
from huxue.demo.world import Unit
from huxue.demo.year import FIRST, Year

_AREAS: Final = (
    "教学楼、楼道、操场",
    "食堂、宿舍、配电房",
    "校门、围墙、监控",
    "实验室、图书馆、消防通道",
    "校舍、体育器材、水电",
)
_REVIEWS: Final = (
    "疏散有序，个别班级集合偏慢",
    "二楼东侧楼梯口略有拥堵，已调整路线",
    "全员按时到达集合点",
    "广播不清晰，已报修",
)
_OTHER_DRILLS: Final = ("fire", "earthquake", "self-defence", "epidemic")
_OPENS, _ENDS = 15, 3  # days before a holiday in which a special check counts


def year_of(pen: Pen, year: Year, school: Unit, desk: Desk) -> None:
    """Write what a school did in the year."""
    _drills(pen, year, school)
    for month in year.months:
        _self_check(pen, year, school, month, desk)
        _fire_check(pen, year, school, month)
    for month in year.in_session:
        _leading_group(pen, year, school, month)
    for holiday in year.holidays:
        _before_holiday(pen, year, school, holiday, desk)
    _staff_query(pen, year, school)


def does(pen: Pen, school: Unit, day: int, ease: float = 0.0) -> bool:
    """Decide whether a deed of a day is done; ``ease`` is the share of omissions that are caught up after all."""
    if day >= school.silent_from or school.away[0] <= day <= school.away[1]:
        return False
    return pen.rng.random() < school.habit.does + (1 - school.habit.does) * ease


def _drills(pen: Pen, year: Year, school: Unit) -> None:
    periods = {"kindergarten": year.quarters, "training": year.terms}.get(school.level, year.in_session)
    for period in periods:
        day = year.workday(pen.rng, max(period.lo + 2, FIRST), period.hi - 1)
        if does(pen, school, day):
            _drill(pen, school, day, "evacuation")
    for kind in _OTHER_DRILLS[:2]:
        day = year.workday(pen.rng, FIRST + 20, FIRST + 270)
        if does(pen, school, day) and pen.chance(0.7):
            _drill(pen, school, day, kind)


def _drill(pen: Pen, school: Unit, day: int, kind: str) -> None:
    missing = int(pen.rng.random() * 12)
    fields = {
        "drill_kind": kind, "participants": max(1, school.pupils - missing),
        "seconds_to_assemble": 90 + school.pupils // 12 + int(pen.rng.random() * 90),
        "head_count_complete": pen.chance(0.96), "photos": [pen.digest()],
    }  # fmt: skip
    if pen.chance(0.35):
        fields["review"] = pen.pick(_REVIEWS)
    pen.record("drill", school, "safety-director", pen.moment(day), fields)


def _self_check(pen: Pen, year: Year, school: Unit, month: Period, desk: Desk) -> None:
    day = year.workday(pen.rng, month.lo, month.hi)
    if does(pen, school, day, ease=0.2):
        _check(pen, year, school, day, "none", desk)


def _before_holiday(pen: Pen, year: Year, school: Unit, holiday: Period, desk: Desk) -> None:
    day = year.workday(pen.rng, holiday.lo - _OPENS, holiday.lo - _ENDS)
    if does(pen, school, day):
        _check(pen, year, school, day, "holiday", desk)


def _check(pen: Pen, year: Year, school: Unit, day: int, occasion: str, desk: Desk) -> None:
    found = (1 if pen.chance(0.19) else 0) + (1 if pen.chance(0.04) else 0)
    at = pen.moment(day)
    fields = {"occasion": occasion, "areas": pen.pick(_AREAS), "hazards_found": found}
    fact = pen.record("self-check", school, "safety-director", at, fields)
    for n in range(found):
        from_self_check(pen, year, school, desk, at=at + 7 + n, recorded=fact.recorded + 7 + n)


def _fire_check(pen: Pen, year: Year, school: Unit, month: Period) -> None:
    day = year.workday(pen.rng, month.lo, month.hi)
    if does(pen, school, day, ease=0.1):
        fields = {"exits_clear": pen.chance(0.985), "equipment_works": pen.chance(0.97)}
        pen.record("fire-check", school, "logistics-director", pen.moment(day), fields)


def _leading_group(pen: Pen, year: Year, school: Unit, month: Period) -> None:
    day = year.workday(pen.rng, month.lo, month.hi)
    if does(pen, school, day) and pen.chance(0.55):
        fields = {
            "meeting_kind": "leading-group", "agenda_school_safety": True, "hears_safety_report": pen.chance(0.4),
            "chaired_by": f"{school.code}/principal",
        }  # fmt: skip
        pen.record("meeting", school, "principal", pen.moment(day), fields)


def _staff_query(pen: Pen, year: Year, school: Unit) -> None:
    day = year.workday(pen.rng, FIRST + 125, FIRST + 320)
    if does(pen, school, day):
        staff = 8 + school.pupils // 13
        fields = {"staff_queried": staff, "all_staff": pen.chance(0.97)}
        pen.record("staff-record-query", school, "secretary", pen.moment(day), fields)
