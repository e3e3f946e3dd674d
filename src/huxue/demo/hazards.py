"""Hazards: found, ordered, put right, checked; some handed over, some listed, some left lying."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY, date_of, end_of_day
from huxue.demo.habits import Habit, in_office_hours
from huxue.demo.pen import Pen
from huxue.demo.world import Place, Unit
from huxue.demo.year import LAST, Year

# category: where, what
_SEEN: Final = (
    ("fire", "教学楼三层走廊", "灭火器压力不足"), ("fire", "宿舍楼安全出口", "疏散通道堆放杂物"),
    ("electricity", "食堂配电箱", "线路老化、无漏电保护"), ("crush", "教学楼东侧楼梯", "扶手松动"),
    ("building", "操场看台", "外墙瓷砖空鼓脱落"), ("building", "北侧围墙", "墙体出现裂缝"),
    ("food", "食堂库房", "食品留样记录不全"), ("sport", "操场单杠", "固定螺栓锈蚀"),
    ("laboratory", "化学实验室", "药品柜未双人双锁"), ("surroundings", "校门口", "上下学时段车辆占道"),
    ("traffic", "校门东侧道路", "缺少减速标线"), ("geological", "后山边坡", "雨后有小块落石"),
)  # fmt: skip
_OF_OTHERS: Final = {
    "surroundings": "urban-management",
    "traffic": "transport",
    "geological": "natural-resources",
    "building": "housing",
}  # whose matter it is when a school cannot mend it
_BASIS: Final = "中小学幼儿园安全管理办法"
_LISTED_SHARE: Final = 0.15  # of the major ones


@dataclass(slots=True)
class Desk:
    """Those who deal with the hazards of a school; ``listed`` gathers the major ones for the government's list."""

    place: Place
    township: Unit
    listed: list[tuple[Unit, Fact]] = field(default_factory=list)

    @property
    def bureau(self) -> Unit:
        """The education department."""
        return self.place.departments["education"]


class Path:
    """One hazard on its way: every step later than the one before it, and written down after it."""

    def __init__(self, pen: Pen, year: Year, school: Unit) -> None:
        """Begin before the first step."""
        self.pen, self.year, self.school = pen, year, school
        self.item, self.at, self.recorded = "", 0, 0
        self.deadline: int | None = None
        self.to: Unit | None = None  # the department in charge of what lies outside the school

    def step(  # noqa: PLR0913 - a step has many parts
        self, step: str, unit: Unit, post: str, day: int, fields: dict[str, Any], *, deadline: int | None = None,
        workdays: int = 0, at: int = 0, recorded: int = 0, to: Unit | None = None,
    ) -> Fact:  # fmt: skip
        """Take a step on a day, not before the last one; it leaves a deadline, or one some workdays later."""
        self.at = max(at or in_office_hours(self.pen.rng, day), self.at + 20)
        self.recorded = max(recorded or self.pen.entered(unit.habit, self.at), self.recorded + 1, self.at + 1)
        roles = {"by": (unit.code,), "about": (self.school.code,)}
        if to and self.to:
            roles["from"] = (self.to.code,)
        self.to = to or self.to
        if self.to:
            roles["to"] = (self.to.code,)
        self.deadline = self.year.after_workdays(self.day, workdays) if workdays else deadline
        fact = self.pen.write(
            "hazard", "step", unit, post, self.at, fields, recorded=self.recorded, roles=roles, item=self.item,
            step=step, deadline=self.deadline,
        )  # fmt: skip
        self.item = fact.item
        return fact

    @property
    def day(self) -> int:
        """Day of the last step."""
        return self.at // MINUTES_A_DAY


def from_self_check(pen: Pen, year: Year, school: Unit, desk: Desk, *, at: int, recorded: int) -> None:
    """Let a school find a hazard in its own check: the small ones it mends at once."""
    path = Path(pen, year, school)
    grade = "major" if pen.chance(0.03) else "minor"
    category = _find(path, school, "safety-director", grade, desk, at=at, recorded=recorded)
    if grade == "minor" and pen.chance(0.5):
        path.step(
            "fixed_at_once",
            school,
            "logistics-director",
            path.day,
            {"measures": "当场整改到位", "photos_after": [pen.digest()]},
            at=path.at + 25,
            recorded=recorded + 40,
        )
    else:
        _order_and_mend(path, desk, grade, category)


def from_inspection(pen: Pen, year: Year, school: Unit, desk: Desk, *, by: Unit, at: int) -> None:
    """Let an inspector find a hazard, and its department order it to be put right."""
    path = Path(pen, year, school)
    grade = "major" if pen.chance(0.08) else "minor"
    post = "inspector" if "inspector" in by.holders else "officer"
    category = _find(path, by, post, grade, desk, at=at)
    _order_and_mend(path, desk, grade, category)


def _find(path: Path, by: Unit, post: str, grade: str, desk: Desk, *, at: int, recorded: int = 0) -> str:
    pen = path.pen
    category, location, finding = _SEEN[int(pen.rng.random() * len(_SEEN))]
    # Open sea: this city is nowhere.
    place = {"lat": f"15.{_decimals(pen)}", "lon": f"155.{_decimals(pen)}", "crs": "cgcs2000"}
    location = f"{location}（{1 + pen.rng.randrange(12)} 号点）"
    outside = category in ("surroundings", "traffic")
    fields = {
        "category": category, "grade": grade, "area": "surroundings" if outside else "campus",
        "place": place, "location": location, "finding": finding, "photos": [pen.digest()],
    }  # fmt: skip
    if outside:
        path.to = desk.place.departments["police" if category == "traffic" else "urban-management"]
    found = path.step("found", by, post, at // MINUTES_A_DAY, fields, at=at, recorded=recorded, workdays=5)
    if grade == "major" and pen.chance(path.school.habit.does):
        _studied(path, found)
    return category


def _studied(path: Path, found: Fact) -> None:
    """Let the school study a major hazard in a meeting."""
    pen, school = path.pen, path.school
    at = pen.moment(path.year.workday(pen.rng, found.day + 1, found.day + 4))
    if at // MINUTES_A_DAY < min(LAST, school.silent_from):
        fields = {
            "meeting_kind": "leading-group", "agenda_school_safety": True, "hears_safety_report": False,
            "chaired_by": f"{school.code}/principal",
        }  # fmt: skip
        pen.record(
            "meeting", school, "principal", at, fields, recorded=max(at, found.recorded) + 30, reference=found.item
        )


def _decimals(pen: Pen) -> str:
    """Return seven decimals; the stored form of a coordinate does not end in a zero."""
    return f"{pen.rng.randrange(10**6):06d}{1 + pen.rng.randrange(9)}"


def _order_and_mend(path: Path, desk: Desk, grade: str, category: str) -> None:
    pen, bureau = path.pen, desk.bureau
    days = (60 + 15 * int(pen.rng.random() * 3)) if grade == "major" else 15
    ordered = path.day + 1 + int(pen.rng.random() * 4)
    limit = ordered + days
    fact = path.step(
        "ordered", bureau, "officer", ordered, {"deadline": _date(limit), "basis": _BASIS}, deadline=end_of_day(limit)
    )
    if grade == "major" and pen.chance(_LISTED_SHARE) and path.recorded // MINUTES_A_DAY < LAST - 30:
        path.step("listed", desk.place.government, "deputy", ordered + 2, {}, deadline=path.deadline)
        desk.listed.append((path.school, fact))
    if category in _OF_OTHERS and grade == "minor" and pen.chance(0.16):
        _hand_over(path, desk, _OF_OTHERS[category], ordered + 1 + int(pen.rng.random() * 4))
    elif grade == "minor" and pen.chance(0.03):
        fields = {"reason": "拆除前影响更大，加装围挡", "interim_protection": "设置警示标志并安排专人值守"}
        path.step("accepted", bureau, "head", ordered + 5, fields)
    else:
        _mend(path, desk, grade, ordered, limit)


def _hand_over(path: Path, desk: Desk, topic: str, day: int) -> None:
    """Hand the matter to whom it belongs; whether that one takes it up is its own habit."""
    pen, other = path.pen, desk.place.departments[topic]
    fields = {"to_department": other.code, "reason": "不属学校能够整改的事项"}
    path.step("transferred", desk.bureau, "officer", day, fields, deadline=path.deadline, to=other)
    if not pen.chance(other.habit.mends + 0.1):
        return
    taken = path.day + int(pen.rng.random() * (3 if pen.chance(other.habit.mends) else 14))
    limit = taken + 30
    path.step(
        "ordered", other, "officer", taken, {"deadline": _date(limit), "basis": _BASIS}, deadline=end_of_day(limit)
    )
    _mend(path, desk, "minor", path.day, limit)


def _mend(path: Path, desk: Desk, grade: str, ordered: int, limit: int) -> None:
    pen, school = path.pen, path.school
    day = _mended_on(pen, school.habit, ordered, limit)
    if day > limit and pen.chance(0.4) and limit > path.day + 2:
        day, limit = _extend(path, desk, limit, day)
    if day > LAST or day >= school.silent_from:
        return
    _rectify(path, day)
    if pen.chance(0.07):
        limit = path.day + 2 + 12
        path.step(
            "returned",
            desk.bureau,
            "inspector",
            path.day + 2,
            {"reason": "整改不彻底", "deadline": _date(limit)},
            deadline=end_of_day(limit),
        )
        again = _mended_on(pen, school.habit, path.day, limit)
        if again > LAST or again >= school.silent_from:
            return
        _rectify(path, again)
    if pen.chance(0.9):
        _verify(path, desk, grade)


def _rectify(path: Path, day: int) -> None:
    fields = {
        "measures": "已更换维修并复查",
        "cost": 100 * int(50 + path.pen.rng.random() * 4000),
        "photos_after": [path.pen.digest()],
    }
    path.step("rectified", path.school, "logistics-director", day, fields, workdays=10)


def _extend(path: Path, desk: Desk, limit: int, day: int) -> tuple[int, int]:
    later = limit + 15
    fields = {"deadline": _date(later), "reason": "配件采购需要时间", "interim_protection": "设置围挡和警示"}
    path.step("extended", desk.bureau, "officer", limit - 1, fields, deadline=end_of_day(later))
    return (day if day <= later + 10 else later - 2), later


def _verify(path: Path, desk: Desk, grade: str) -> None:
    fields: dict[str, Any] = {"photos_check": [path.pen.digest()]}
    if grade == "major":
        fields["spot"] = True
    path.step("verified", desk.bureau, "deputy", path.day + 1 + int(path.pen.rng.random() * 8), fields)


def _mended_on(pen: Pen, habit: Habit, ordered: int, limit: int) -> int:
    """Return the day on which a school mends what it was ordered to: in time, late, or beyond the year."""
    if pen.chance(habit.mends):
        return ordered + 1 + int(pen.rng.random() * max(1, limit - ordered - 1))
    if pen.chance(0.75):
        return limit + 1 + int(pen.rng.random() * 25)
    return LAST + 1


def _date(day: int) -> str:
    return date_of(day).isoformat()
