"""What the ladders owe, from a finished evaluation: standings, cases and measures become proposals.

::

    for proposal in Climb(evaluation, rulebook, calendars).proposals():
        proposal.code        # governments.supervise.county.joint-inspection@LZ
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final

import pyarrow as pa

from huxue.core.calendar import Calendar, Calendars
from huxue.core.duties.standing import DUE, MET, MISSED, OVERDUE, STATUSES
from huxue.core.ladder import (
    CaseState,
    Chart,
    Episode,
    Ladder,
    Obligation,
    Owed,
    Proposal,
    Taken,
    counting,
    episode,
    episodes_of_cases,
    group,
    owed,
)
from huxue.core.ladder.episodes import first_day
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, day_of
from huxue.standings.beside import NOT_SHADOWED, shadow
from huxue.standings.evaluate import Evaluation
from huxue.standings.frame import make

# pairs that may be behind: something overdue, or something missed and nothing met that was due later
_BEHIND: Final = f"""
SELECT s.o, s.duty FROM standing s JOIN laddered_rows l ON l.duty = s.duty
WHERE s.st IN ({MET}, {OVERDUE}, {MISSED}) AND s.due >= l.since AND {NOT_SHADOWED} GROUP BY s.o, s.duty
HAVING max(CASE WHEN s.st = {OVERDUE} THEN 1 ELSE 0 END) = 1 OR coalesce(max(CASE WHEN s.st = {MISSED} THEN s.due END),
 -1) >= coalesce(max(CASE WHEN s.st = {MET} THEN s.due END), 0)"""
# a state has no deadline inside its period: it is behind from the day it lapsed, as far as that is known
_LAPSED: Final = "SELECT o, slot, min(lapse) AS lapse, min(since) AS since FROM held GROUP BY o, slot"
# the day on which something was met late and known to be; of what is answered, also in time
_MET: Final = f"""
SELECT s.o, s.duty, s.slot, s.f, max(greatest(d.at_day, d.rday)) AS day
FROM behind b JOIN standing s ON s.o = b.o AND s.duty = b.duty AND s.st = {MET} AND s.on_time = 0 AND s.slot >= 0
JOIN deeds d ON d.o = s.o JOIN slotmap m ON m.slot = s.slot AND m.signal = d.signal AND m.day = d.day
 AND m.makeup = d.makeup AND d.rday <= m.max_rday AND d.at_day <= m.latest GROUP BY s.o, s.duty, s.slot, s.f
 UNION ALL
SELECT s.o, s.duty, s.slot, s.f, max(greatest(l.day, l.rday))
FROM behind b JOIN standing s ON s.o = b.o AND s.duty = b.duty AND s.st = {MET} AND s.slot < 0
JOIN pairs p ON p.duty = s.duty AND p.o = s.o AND p.f = s.f JOIN live l ON l.f = p.ended
GROUP BY s.o, s.duty, s.slot, s.f"""
_OBLIGATIONS: Final = f"""
SELECT g.code, d.code, CASE WHEN s.slot >= 0 THEN k.key ELSE l.id END, s.st, s.due,
 CASE WHEN s.due < {{now}} THEN s.due // 1440 + 1 ELSE greatest(coalesce(w.lo, s.due // 1440),
  coalesce(CASE w.how WHEN 4 THEN h.since WHEN 6 THEN h.lapse + 1 END, 0)) END
, CASE WHEN s.st = {MET} THEN CASE WHEN s.on_time = 0 THEN greatest(coalesce(m.day, 0), s.due // 1440 + 1)
  ELSE m.day END END, coalesce(w.closes, c.closes // 1440)
FROM behind b JOIN standing s ON s.o = b.o AND s.duty = b.duty JOIN org g ON g.o = s.o
JOIN duty_code d ON d.duty = s.duty LEFT JOIN slot_key k ON k.slot = s.slot LEFT JOIN live l ON l.f = s.f
LEFT JOIN slots w ON w.slot = s.slot LEFT JOIN ({_LAPSED}) h ON h.o = s.o AND h.slot = s.slot
LEFT JOIN closing c ON s.slot < 0 AND c.duty = s.duty AND c.o = s.o AND c.f = s.f
LEFT JOIN met_on m ON m.o = s.o AND m.duty = s.duty AND m.slot = s.slot AND m.f = s.f
WHERE s.st <> {DUE} ORDER BY 1, 2, 5, 3"""
_TREE: Final = "SELECT code, parent, type, area FROM orgspan1 WHERE lo <= {day} AND hi >= {day}"
_OVERSIGHT: Final = """
SELECT s.code, w.topic, g.code FROM oversight w JOIN org g ON g.o = w.o JOIN org s ON s.o = w.supervised
WHERE w.lo <= {day} AND w.hi >= {day}"""
_MEASURES: Final = """
SELECT id, at_min, reference, fields FROM live0 WHERE kind = 'measure' AND verb = 'record' ORDER BY f"""
_STEPS: Final = """
SELECT item, kind, step, at_min, deadline, roles, fields FROM live0
WHERE verb = 'step' AND kind IN (SELECT unnest(?)) ORDER BY f"""


class Climb:
    """Questions about the ladders to one evaluation. ``rulebook``: the one that was evaluated, with its ladders."""

    def __init__(self, evaluation: Evaluation, rulebook: Rulebook, calendars: Calendars) -> None:
        """Keep all three and read the tree and the measures of the day."""
        self._evaluation, self._rulebook, self._calendars = evaluation, rulebook, calendars
        self._today = evaluation.as_of
        self.chart = self._chart()
        self.taken = tuple(_taken(*row) for row in self._rows(_MEASURES))

    def proposals(self) -> list[Proposal]:
        """Return everything that is owed today, reminders too, by code."""
        return group([*self._of_duties(), *self._of_cases()], self.chart)

    def names(self) -> dict[str, str]:
        """Return the name of every organisation of the day."""
        select = "SELECT code, json_extract_string(fields, '$.name') FROM orgspan1 WHERE lo <= {day} AND hi >= {day}"
        return dict(self._rows(select))

    def _of_duties(self) -> Iterator[Owed]:
        ladders = self._laddered()
        by_subject = self._taken_by_subject()
        for organisation, duty, found in self._obligations(ladders):
            code, ladder = ladders[duty]
            calendar = self._calendar(organisation)
            one = episode(organisation, duty, counting(found, ladder, calendar, self._today))
            if one is not None:
                yield from self._owed(code, ladder, one, by_subject.get(duty, ()))

    def _of_cases(self) -> Iterator[Owed]:
        kinds = self._rulebook.kinds
        by_subject = self._taken_by_subject()
        for code, ladder in self._rulebook.ladders.items():
            if not ladder.when:
                continue
            first = first_day(ladder, self._calendars.default, self._today)
            cases = self._cases({kind for said in ladder.when for kind in said.case})
            for one in episodes_of_cases(ladder, cases, kinds, first=first, today=self._today):
                yield from self._owed(code, ladder, one, by_subject.get(one.subject, ()))

    def _owed(self, code: str, ladder: Ladder, one: Episode, taken: Collection[Taken]) -> Iterator[Owed]:
        calendar = self._calendar(one.organisation)
        found = owed(code, ladder, one, taken, calendar=calendar, today=self._today)
        if found is not None:
            yield found

    def _laddered(self) -> dict[str, tuple[str, Ladder]]:
        """Return the duties that carry a ladder of duties, with its code."""
        every = self._rulebook.ladders
        return {
            code: (duty.ladder, every[duty.ladder])
            for code, duty in self._rulebook.duties.items()
            if code == duty.code and duty.ladder in every and not every[duty.ladder].when
        }

    def _obligations(self, ladders: Mapping[str, tuple[str, Ladder]]) -> Iterator[tuple[str, str, list[Obligation]]]:
        """Yield (organisation, duty, its obligations) of every pair that may be behind and is not shadowed."""
        con, firsts = self._evaluation.con, dict[str, int]()
        for duty, (_, ladder) in ladders.items():
            day = first_day(ladder, self._calendars.default, self._today)
            firsts[duty] = 0 if day is None else (day - _SLACK) * MINUTES_A_DAY
        # a duty that changed stands under several numbers
        numbers = [(n, one.code) for n, one in enumerate(self._evaluation.compiled.duties) if one.code in ladders]
        rows = pa.table(
            {
                "duty": pa.array([n for n, _ in numbers], pa.int32()),
                "since": pa.array([firsts[code] for _, code in numbers], pa.int64()),
            }
        )
        shadow(self._evaluation)
        con.register("laddered_rows", rows)
        make(con, "behind", _BEHIND)
        make(con, "met_on", _MET)
        con.unregister("laddered_rows")
        last, found = ("", ""), list[Obligation]()
        for organisation, duty, period, st, due, since, met, closes in self._rows(_OBLIGATIONS):
            if (organisation, duty) != last and found:
                yield *last, found
                found = []
            last = organisation, duty
            found.append(Obligation(period, STATUSES[st], due, since, met, closes))
        if found:
            yield *last, found

    def _cases(self, kinds: Collection[str]) -> list[CaseState]:
        found: dict[str, CaseState] = {}
        rows = self._evaluation.con.execute(_STEPS, [sorted(kinds)]).fetchall()
        for item, kind, step, at, deadline, roles, fields in rows:
            case = found.setdefault(item, CaseState(item, kind))
            case.take(step, at, fields=json.loads(fields), deadline=deadline, about=json.loads(roles).get("about", ()))
        return list(found.values())

    def _taken_by_subject(self) -> dict[str, list[Taken]]:
        found: dict[str, list[Taken]] = {}
        for one in self.taken:
            found.setdefault(one.subject, []).append(one)
        return found

    def _chart(self) -> Chart:
        tree, oversight = self._rows(_TREE), dict[tuple[str, str], list[str]]()
        for supervised, topic, department in self._rows(_OVERSIGHT):
            oversight.setdefault((supervised, topic), []).append(department)
        known = set(self._calendars.areas)
        return Chart(
            parents={code: parent for code, parent, _, _ in tree},
            types={code: kind for code, _, kind, _ in tree},
            oversight=oversight,
            areas={code: area for code, _, _, area in tree if area in known},
        )

    def _calendar(self, organisation: str) -> Calendar:
        area = self.chart.area(organisation)
        return self._calendars[area] if area else self._calendars.default

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        text = sql.replace("{day}", str(self._today)).replace("{now}", str((self._today + 1) * MINUTES_A_DAY - 1))
        return self._evaluation.con.execute(text).fetchall()


_SLACK: Final = 40  # days by which an area's school year may begin before the default one: the exact cut comes later


def _taken(uid: str, at: int, reference: str, fields: str) -> Taken:
    said = json.loads(fields)
    until = said.get("until")
    spans = (line.rsplit(" ", 2) for line in said["episodes"])
    return Taken(
        measure=said["measure"],
        subject=reference or said.get("duty", ""),
        decision=said["decision"],
        at=at,
        episodes={organisation: (first, last) for organisation, first, last in spans},
        until=day_of(date.fromisoformat(until)) if until else None,
        ladder=said["ladder"],
        id=uid,
    )


__all__ = ["Climb"]
