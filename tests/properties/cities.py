"""The shipped rulebook with every family on, a very small city's year, and hazards to add to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

import pyarrow as pa

from huxue.core.calendar import Calendars
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import edition, in_effect
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan
from huxue.core.scoring.score import Gathered, Scores, scores
from huxue.core.values import MINUTES_A_DAY, date_of, end_of_day
from huxue.demo import FIRST, LAST, Size, school_year
from huxue.rulebooks import read
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from huxue.standings.scores import gather

SPOTS = (
    ("fire", "campus", "教学楼三层走廊"),
    ("crush", "campus", "教学楼东侧楼梯"),
    ("surroundings", "surroundings", "校门口"),
    ("traffic", "surroundings", "校门东侧道路"),
    ("building", "campus", "新的地方"),
)  # the first four are those of the demonstration: hazards come again there
PLAN = ("goal", "method", "funds", "people", "time", "safety")
COUNTY, BUREAU, TOWN = "LZ01", "LZ01-education", "LZ01T01"
OTHERS = ("LZ01-police", "LZ01-urban-management", "LZ01-transport")
SCHOOLS = ("LZ01T01S01", "LZ01T01S02", "LZ01T01S03")
FOUND = {"photos": ["0" * 64], "finding": "自查发现"}


@dataclass(frozen=True)
class Judged:
    """What one evaluation says."""

    gathered: Gathered
    scores: Scores


@cache
def rulebook() -> Rulebook:
    """The city's rulebook, every family on from the first day of the school year."""
    found, problems = load(read("city"))
    assert (problems, found is not None) == ([], True)
    assert found is not None
    return in_effect(edition(found, families_on=found.families, valid_from=FIRST))


@cache
def calendars() -> Calendars:
    return Calendars.build(rulebook().calendars)


@cache
def year() -> pa.Table:
    """A county with three schools and its city."""
    told = school_year(seed=5, size=Size(1, 1, 3), calendar=calendars().default, rulebook=rulebook())
    return table_of(fact for batch in told for fact in batch)


def judged(more: tuple[Fact, ...], as_of: int) -> Judged:
    """Score the city with more facts."""
    book = rulebook()
    facts = pa.concat_tables([year(), table_of(more)]) if more else year()
    found = evaluate(book, calendars(), facts, as_of=as_of, known_at=as_of, besides=plan.besides(book.scoring))
    gathered = gather(found, book, calendars(), day=as_of)
    return Judged(gathered, scores(book.scoring, gathered))


class Hazard:
    """One hazard of one school and so many of its steps, every one of them within its limits unless ``late``."""

    def __init__(self, r: Random, name: str, *, finder: str = "", late: bool = False) -> None:
        """Find it on some day of the year."""
        self.r, self.name, self.late = r, name, late
        self.school = r.choice(SCHOOLS)
        self.finder = finder or self.school
        self.facts: list[Fact] = []
        self.to: tuple[str, ...] = ()
        self.had: tuple[str, ...] = ()
        self.at = (FIRST + r.randrange(5, LAST - FIRST)) * MINUTES_A_DAY + r.choice([1, 600, 1439])
        self.major = r.random() < 0.4
        self._tell()

    @property
    def day(self) -> int:
        return self.at // MINUTES_A_DAY

    def _tell(self) -> None:
        r = self.r
        category, area, location = r.choice(SPOTS)
        if area == "surroundings":
            self.to = (r.choice(OTHERS),)
        told = {"category": category, "area": area, "location": location, "grade": "major" if self.major else "minor"}
        self._step("found", self.finder, {**FOUND, **told})
        if self.major:
            self._studied()
        if not self.major and r.random() < 0.25 and not self.late:
            self._step("fixed_at_once", self.school, {"measures": "当场整改"})
        elif r.random() < 0.9 or self.late or self.to:
            self._ordered()
        if r.random() < 0.3:
            self._again()

    def _step(
        self, step: str, by: str, fields: Mapping[str, Any], *, days: int = 0, deadline: int | None = None
    ) -> None:
        self.at += days * MINUTES_A_DAY + 1
        roles = {"by": (by,), "about": (self.school,)} | ({"to": self.to} if self.to else {})
        if step == "transferred" and self.had:
            roles["from"] = self.had
        end = None if deadline is None else end_of_day(deadline)
        said = fields if deadline is None else {**fields, "deadline": date_of(deadline).isoformat()}
        self._write("hazard", "step", roles, said, item=self.name, step=step, deadline=end)

    def _write(
        self, kind: str, verb: Any, roles: Mapping[str, tuple[str, ...]], fields: Mapping[str, Any], **more: Any
    ) -> None:
        ident = f"{self.name}-{len(self.facts)}"
        item = more.pop("item", ident)
        at = more.pop("at", self.at)
        self.facts.append(
            Fact(id=ident, kind=kind, verb=verb, item=item, at=at, recorded=at, roles=roles, fields=fields, **more)
        )

    def _studied(self) -> None:
        """What a major hazard asks of the school: a meeting in five workdays, a plan in fifteen days."""
        by = {"by": (self.school,)}
        soon = self.at + self.r.choice([1, 2 * MINUTES_A_DAY])
        meeting = {"meeting_kind": "leading-group", "agenda_school_safety": True}
        self._write("meeting", "record", by, meeting, at=soon, reference=self.name)
        self._write("hazard-plan", "record", by, {"parts": list(PLAN)}, at=soon + 10, reference=self.name)

    def _ordered(self) -> None:
        r = self.r
        limit = self.day + r.choice([3, 20, 40])
        self._step("ordered", BUREAU, {"basis": "依据"}, deadline=limit)
        if self.late:
            return
        if r.random() < 0.3:
            limit += 20
            self._step("extended", BUREAU, {"reason": "等配件"}, deadline=limit)
        ending = r.choice(["mended", "mended", "mended", "transferred", "scheduled", "accepted", "listed"])
        if ending == "transferred":
            self.had, self.to = self.to, (r.choice(OTHERS),)
            self._step(
                "transferred", BUREAU, {"to_department": self.to[0], "reason": "不属学校"}, days=r.choice([0, 1])
            )
            limit = self.day + 20
            self._step("ordered", self.to[0], {"basis": "依据"}, deadline=limit)
        elif ending == "scheduled" or (ending == "accepted" and not self.major):
            self._step(ending, BUREAU, {"reason": "列入计划"}, days=1)
            return
        elif ending == "listed" and self.major:
            self._listed()
        self._mended(limit)

    def _mended(self, limit: int) -> None:
        r = self.r
        left = limit - self.day
        self._step("rectified", self.school, {"measures": "已整改", "cost": 1}, days=r.choice([0, left // 2, left - 1]))
        if r.random() < 0.4:
            again = self.day + 7
            self._step("returned", BUREAU, {"reason": "不彻底"}, deadline=again)
            self._step("rectified", self.school, {"measures": "再整改", "cost": 1}, days=r.choice([0, 6]))
        self._step("verified", BUREAU, {"spot": True}, days=r.choice([0, 3]))

    def _listed(self) -> None:
        """The county lists it, notes how it goes, and takes it off the list."""
        roles = {"by": (COUNTY,), "about": (self.school,)}
        for n, step in enumerate(("listed", "noted", "delisted")):
            later = self.at + (10 * n) * MINUTES_A_DAY + 5
            self._write("listed-supervision", "step", roles, {}, item=f"{self.name}-L", step=step, at=later)

    def _again(self) -> None:
        """The rule that finds recurrences says so."""
        fields = {"earlier": self.name, "days": 20, "grade": "major", "derivation": "hazard-recurrence"}
        self._write("recurrence", "record", {"about": (self.school,)}, fields, reference=self.name)


def hazards(r: Random, how_many: int, *, finder: str = "", late: bool = False) -> Iterator[Fact]:
    """Yield so many hazards of the city's schools."""
    for n in range(how_many):
        yield from Hazard(r, f"zz{n}", finder=finder, late=late).facts


def lowered(before: Judged, after: Judged, *, but: frozenset[str] = frozenset()) -> list[str]:
    """Say which score, and which part of a score alone, is lower, or empty and not full when it comes to count."""
    return [
        line
        for tree, of in before.scores.items()
        for org in of
        if org not in but
        for line in _of(tree, org, before, after)
    ]


def _of(tree: str, org: str, before: Judged, after: Judged) -> Iterator[str]:
    one, then = before.scores[tree][org], after.scores[tree][org]
    if one.total is not None and (then.total is None or then.total < one.total):
        yield f"{tree} {org}: {one.total} to {then.total}"
    for code, part in one.parts.items():
        value = then.parts[code].value
        if (part.value is None and value not in (None, 1)) or (
            part.value is not None and (value is None or value < part.value)
        ):
            yield f"{tree}/{code} {org}: {part.value} to {value}"
    points = {a.code: a.points for a in one.deductions}
    yield from (f"{tree}/{a.code} {org}: taken" for a in then.deductions if a.points > points[a.code])
