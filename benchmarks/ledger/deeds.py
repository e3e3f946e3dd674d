"""What is written: of a hundred facts 80 are records, 15 of entries and 5 steps of cases, in the order of time.

An entry opens and changes later; a hazard takes four steps, weeks apart. Ids are ordered by time, as a client makes
them. The same number of facts and the same seed give the same facts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.drafts import Draft

LAST: Final = 20_600 * MINUTES_A_DAY  # the moment after the last deed: a day in May 2026
YEAR: Final = 365 * MINUTES_A_DAY
FACTS_OF_A_SCHOOL: Final = 1_000
MOST_SCHOOLS: Final = 20_000
SCHOOLS_OF_A_COUNTY: Final = 100
AREAS: Final = ("校门", "食堂", "宿舍", "实验室", "操场", "教学楼", "配电房", "围墙")
REMARKS: Final = ("情况正常", "已现场整改", "个别学生未到位", "设备运转良好", "下周复查", "已通知责任人", "按计划完成")
EQUIPMENT: Final = ("防暴盾牌", "橡胶警棍", "钢叉", "头盔", "灭火器", "强光手电", "防割手套", "催泪喷射器")
STEPS: Final = ("found", "ordered", "rectified", "verified")
PAUSE: Final = 10 * MINUTES_A_DAY  # between two steps of a hazard, and an entry and its change
Choices = Mapping[tuple[str, str], tuple[str, ...]]
Said = tuple[str, Mapping[str, tuple[str, ...]], dict[str, Any]]  # kind, roles, fields
BEGINNING: Final = LAST - 2 * YEAR  # of the organisations


def schools_of(facts: int) -> int:
    """Return how many schools so many facts are of."""
    return min(max(facts // FACTS_OF_A_SCHOOL, 10), MOST_SCHOOLS)


def school(number: int) -> str:
    """Return the code of a school."""
    return f"S{number:05d}"


def bureau(number: int) -> str:
    """Return the code of the bureau of education over a school."""
    return f"E{number // SCHOOLS_OF_A_COUNTY:03d}"


def tree(schools: int) -> list[Draft]:
    """Return the organisations: a city, its counties, a bureau in each, the schools."""
    found = [_organisation("CITY", "", "city-government", "测试市人民政府")]
    for county in range((schools - 1) // SCHOOLS_OF_A_COUNTY + 1):
        found.append(_organisation(f"C{county:03d}", "CITY", "county-government", f"第{county}区人民政府"))
        found.append(_organisation(f"E{county:03d}", f"C{county:03d}", "county-department", f"第{county}区教育局"))
    for n in range(schools):
        above = f"C{n // SCHOOLS_OF_A_COUNTY:03d}"
        found.append(_organisation(school(n), above, "school", f"第{n}实验学校"))
    return found


def _organisation(code: str, parent: str, of: str, name: str) -> Draft:
    fields = {"code": code, "name": name, "type": of, "area": "", "parent": parent, "traits": {}}
    item = f"o-{code}"
    return Draft(item, "organisation", "open", BEGINNING, item, {"about": (code,)}, fields)


class Story:
    """A year of facts. ``choices``: the values of lists by kind and field, as ``choices_of`` returns them."""

    def __init__(self, facts: int, choices: Choices, *, seed: int = 1) -> None:
        """Prepare ``facts`` facts."""
        self.facts, self.choices, self.rng = facts, choices, Random(seed)
        self.schools = schools_of(facts)
        self.opened: deque[tuple[int, str, int]] = deque()  # entries to be changed: from when, item, school
        self.found: deque[tuple[int, str, int, int]] = deque()  # hazards: from when, item, school, next step

    def drafts(self) -> Iterator[Draft]:
        """Yield them in the order of time."""
        for n in range(self.facts):
            at = LAST - YEAR + n * (YEAR - MINUTES_A_DAY) // self.facts
            chance = n % 20
            make = self.record if chance < 16 else self.entry if chance < 19 else self.step
            yield make(f"{at * 60_000 + n % 60_000:012x}7{n & 0xFFF:03x}{1 << 63 | self.rng.getrandbits(62):016x}", at)

    def record(self, uid: str, at: int) -> Draft:
        """Return a record of one of six kinds."""
        number = self.rng.randrange(self.schools)
        kind, roles, fields = self._said(RECORDS[self.rng.randrange(len(RECORDS))], number, at)
        return Draft(uid, kind, "record", at, "", roles, fields, post=f"{roles['by'][0]}/officer", recorded=at + 5)

    def entry(self, uid: str, at: int) -> Draft:
        """Return the opening of an entry, or the change of one that was opened before."""
        if self.opened and self.opened[0][0] <= at:
            _, item, number = self.opened.popleft()
            return Draft(uid, "equipment", "change", at, item, by(number), self._equipment(at), recorded=at + 5)
        number = self.rng.randrange(self.schools)
        self.opened.append((at + PAUSE, uid, number))
        return Draft(uid, "equipment", "open", at, uid, by(number), self._equipment(at), recorded=at + 5)

    def step(self, uid: str, at: int) -> Draft:
        """Return the next step of a hazard, or a new hazard."""
        item, number, place = uid, self.rng.randrange(self.schools), 0
        if self.found and self.found[0][0] <= at:
            _, item, number, place = self.found.popleft()
        if place + 1 < len(STEPS):
            self.found.append((at + PAUSE, item, number, place + 1))
        code = (school(number),)
        roles = {"by": code if STEPS[place] == "rectified" else (bureau(number),), "about": code}
        deadline = None if place == len(STEPS) - 1 else at + 2 * PAUSE
        return Draft(
            uid, "hazard", "step", at, item, roles, self._of_step(place, at), STEPS[place], deadline=deadline,
            recorded=at + 5,
        )  # fmt: skip

    def _of_step(self, place: int, at: int) -> dict[str, Any]:
        if place == 0:
            return {
                "category": self._choice("hazard", "category"), "grade": self._choice("hazard", "grade"),
                "area": self._choice("hazard", "area"), "location": self.rng.choice(AREAS), "finding": self._remark(),
            }  # fmt: skip
        return {1: {"deadline": _day(at + 2 * PAUSE), "basis": "第九条"}, 2: {"measures": "已更换"}}.get(place, {})

    def _equipment(self, at: int) -> dict[str, Any]:
        return {
            "equipment_class": self._choice("equipment", "equipment_class"), "item": self.rng.choice(EQUIPMENT),
            "usable": self.rng.randrange(40), "valid_until": _day(at + YEAR),
        }  # fmt: skip

    def _said(self, kind: str, number: int, at: int) -> Said:
        number_of = self.rng.randrange
        match kind:
            case "safety-lesson":
                topic, content = self._choice(kind, "topic"), self._remark()
                return (
                    kind,
                    by(number),
                    {"topic": topic, "occasion": self._choice(kind, "occasion"), "content": content},
                )
            case "bus-day":
                return kind, by(number), {"runs": number_of(20), "unescorted": 0, "counted_off": True}
            case "camera-status":
                fields = {"device": f"K{number:05d}-{number_of(40)}", "day": _day(at), "minutes": 1440}
                return kind, by(number), {**fields, "online_minutes": 1300 + number_of(140)}
            case "self-check":
                fields = {"areas": self.rng.choice(AREAS), "hazards_found": number_of(3), "findings": self._remark()}
                return kind, by(number), fields
            case "drill":
                fields = {"drill_kind": self._choice(kind, "drill_kind"), "participants": number_of(2000)}
                return kind, by(number), {**fields, "seconds_to_assemble": number_of(400), "head_count_complete": True}
            case _:
                roles = {"by": (bureau(number),), "about": (school(number),)}
                return kind, roles, {"purpose": self._choice(kind, "purpose"), "findings": self._remark()}

    def _choice(self, kind: str, field: str) -> str:
        return self.rng.choice(self.choices[kind, field])

    def _remark(self) -> str:
        return f"{self.rng.choice(AREAS)}{self.rng.randrange(100)}号点{self.rng.choice(REMARKS)}"


RECORDS: Final = (
    "safety-lesson", "safety-lesson", "safety-lesson", "bus-day", "camera-status", "camera-status", "self-check",
    "drill", "visit",
)  # fmt: skip
CHOSEN: Final = (
    ("safety-lesson", "topic"), ("safety-lesson", "occasion"), ("drill", "drill_kind"), ("visit", "purpose"),
    ("equipment", "equipment_class"), ("hazard", "category"), ("hazard", "grade"), ("hazard", "area"),
)  # fmt: skip


def choices_of(rulebook: Rulebook) -> Choices:
    """Return what the lists of a rulebook offer for the fields that are chosen."""
    return {(kind, field): tuple(rulebook.lists[rulebook.kinds[kind].fields[field].list]) for kind, field in CHOSEN}


def by(number: int) -> dict[str, tuple[str, ...]]:
    """Return the roles of what a school did."""
    return {"by": (school(number),)}


@cache
def _of(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _day(at: int) -> str:
    return _of(at // MINUTES_A_DAY)
