"""What a leader reads in two minutes, from a finished evaluation: who is behind on what, and which schools to visit.

Rules are few and stated (``RULES``), so that everybody can check why a school stands where it does. Only organisations
are listed, never persons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from huxue.core.duties.standing import MISSED, OVERDUE
from huxue.core.values import MINUTES_A_DAY, Text
from huxue.standings.beside import NOT_SHADOWED, shadow
from huxue.standings.evaluate import Evaluation

SILENT_AFTER: Final = 60  # days without anything written down
HAZARDS: Final = "hazard.rectified"  # the duty whose overdue obligations are open hazards
_NO_DUE: Final = 14_400_000_000  # minutes: the program's "no deadline"
RULES: Final = (
    Text(
        zh=f"{SILENT_AFTER} 天以上没有任何记录，且有逾期隐患",
        en=f"nothing written down for {SILENT_AFTER} days or more, and hazards overdue",
    ),
    Text(zh=f"{SILENT_AFTER} 天以上没有任何记录", en=f"nothing written down for {SILENT_AFTER} days or more"),
    Text(zh="有重大隐患逾期未改", en="a major hazard overdue"),
    Text(zh="有一般隐患逾期未改", en="other hazards overdue"),
)


@dataclass(frozen=True, slots=True)
class Behind:
    """How far organisations are behind on one duty.

    ``since``: the first day after the earliest deadline still open, else of those missed. What has no deadline but must
    never stand (or always) and does so in the first period has None.

    ``organisation`` owes the duty itself, or, with ``bearers`` above 0, that many schools of its territory do.
    """

    organisation: str
    duty: str
    overdue: int
    missed: int
    since: int | None
    bearers: int = 0


@dataclass(slots=True)
class School:
    """Why a school is worth a visit. ``rule``: place in ``RULES``; ``silent``: days without a record."""

    organisation: str
    silent: int = 0
    hazards: int = 0
    major: int = 0
    days: int = 0  # of the hazard that is overdue longest
    lapses: int = 0  # obligations overdue or missed
    rule: int = field(default=0)

    def place(self) -> tuple[int, int, int, int, str]:
        """Where it stands in the list: by rule, then hazards overdue, then days, then lapses."""
        return self.rule, -self.hazards, -max(self.days, self.silent), -self.lapses, self.organisation


_OF_TYPE = "(SELECT DISTINCT o, type FROM trait WHERE lo <= {day} AND hi >= {day})"
_OFFICES = """
SELECT g.code, d.code, count(CASE WHEN s.st = {overdue} THEN 1 END), count(CASE WHEN s.st = {missed} THEN 1 END),
 coalesce(min(CASE WHEN s.st = {overdue} AND s.due <= {now} THEN s.due END),
 min(CASE WHEN s.st = {missed} THEN s.due END))
FROM standing s JOIN org g ON g.o = s.o JOIN duty_code d ON d.duty = s.duty JOIN {types} t ON t.o = s.o
WHERE s.st IN ({overdue}, {missed}) AND t.type <> 'school' AND {alone} GROUP BY 1, 2"""
_SCHOOLS = """
SELECT g.code, d.code, count(CASE WHEN s.st = {overdue} THEN 1 END), count(CASE WHEN s.st = {missed} THEN 1 END),
 coalesce(min(CASE WHEN s.st = {overdue} AND s.due <= {now} THEN s.due END),
 min(CASE WHEN s.st = {missed} THEN s.due END)),
 count(DISTINCT s.o)
FROM standing s JOIN closure c ON c.o = s.o AND c.lo <= {day} AND c.hi >= {day} JOIN {types} a ON a.o = c.above
JOIN org g ON g.o = c.above JOIN duty_code d ON d.duty = s.duty JOIN {types} t ON t.o = s.o
WHERE s.st IN ({overdue}, {missed}) AND t.type = 'school' AND a.type = 'county-government' AND {alone} GROUP BY 1, 2"""
_SILENT = """
SELECT g.code, {known} - max(l.rday) FROM credit c JOIN live l ON l.f = c.f JOIN org g ON g.o = c.o
JOIN {types} t ON t.o = c.o
WHERE c.role = 'by' AND t.type = 'school' AND l.kind <> 'organisation' GROUP BY 1"""
_OPEN = """
SELECT g.code, count(*), count(CASE WHEN w.grade = 'major' THEN 1 END), {now} - min(s.due)
FROM standing s JOIN org g ON g.o = s.o JOIN duty_code d ON d.duty = s.duty JOIN live0 l ON l.f = s.f
LEFT JOIN (
 SELECT item, max(json_extract_string(fields, '$.grade')) AS grade FROM live0 WHERE verb = 'step' GROUP BY item) w
 ON w.item = l.item
WHERE d.code = '{hazards}' AND s.st = {overdue} GROUP BY 1"""
_LAPSES = """
SELECT g.code, count(*) FROM standing s JOIN org g ON g.o = s.o
WHERE s.st IN ({overdue}, {missed}) AND {alone} GROUP BY 1"""


class Briefing:
    """Questions to one evaluation; a weaker duty beside the stronger one that its bearer owes too is left out."""

    def __init__(self, evaluation: Evaluation) -> None:
        """Keep it and say what stands beside what."""
        self._evaluation = evaluation
        shadow(evaluation)

    def offices(self) -> list[Behind]:
        """Return governments, departments and townships by duty: what is still open first, then the most."""
        rows = self._rows(_OFFICES)
        return self._sorted([Behind(o, d, n, m, _since(due)) for o, d, n, m, due in rows])

    def schools_of_counties(self) -> list[Behind]:
        """Return each county's schools by duty, the most schools first."""
        rows = self._rows(_SCHOOLS)
        found = self._sorted([Behind(o, d, n, m, _since(due), count) for o, d, n, m, due, count in rows])
        return sorted(found, key=lambda b: -b.bearers)

    def visit_first(self, count: int = 10) -> list[School]:
        """Return the schools to visit first, by ``RULES``."""
        found = {code: School(code, silent=days) for code, days in self._rows(_SILENT)}
        for code, hazards, major, late in self._rows(_OPEN):
            school = found.setdefault(code, School(code))
            school.hazards, school.major, school.days = hazards, major, late // MINUTES_A_DAY + 1
        for code, lapses in self._rows(_LAPSES):
            if code in found:
                found[code].lapses = lapses
        ruled = [school for school in found.values() if _ruled(school)]
        return sorted(ruled, key=School.place)[:count]

    def names(self) -> dict[str, str]:
        """Return the name of every organisation."""
        sql = (
            "SELECT code, json_extract_string(fields, '$.name') FROM orgspan1 "
            "QUALIFY row_number() OVER (PARTITION BY code ORDER BY f DESC) = 1"
        )
        return dict(self._evaluation.con.execute(sql).fetchall())

    def _rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        day = self._evaluation.as_of
        types = _OF_TYPE.format(day=day)
        text = sql.format(
            types=types, day=day, known=min(self._evaluation.known_at, day), now=(day + 1) * MINUTES_A_DAY - 1,
            overdue=OVERDUE, missed=MISSED, hazards=HAZARDS, alone=NOT_SHADOWED,
        )  # fmt: skip
        return self._evaluation.con.execute(text).fetchall()

    def _sorted(self, found: list[Behind]) -> list[Behind]:
        return sorted(
            found, key=lambda b: (b.overdue == 0, -b.overdue, -b.missed, b.since or 0, b.organisation, b.duty)
        )


def _since(due: int | None) -> int | None:
    return None if due is None or due >= _NO_DUE else due // MINUTES_A_DAY + 1


def _ruled(school: School) -> bool:
    """Set which rule a school falls under; False: none."""
    silent = school.silent >= SILENT_AFTER
    cases = (silent and school.hazards > 0, silent, school.major > 0, school.hazards > 0)
    school.rule = next((n for n, holds in enumerate(cases) if holds), len(cases))
    return any(cases)


__all__ = ["RULES", "SILENT_AFTER", "Behind", "Briefing", "School"]
