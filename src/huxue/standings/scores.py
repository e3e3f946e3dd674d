"""Scores of a finished evaluation: the figures are gathered with SQL over its tables, the points come from the core.

``scores_of_site`` evaluates and scores; ``gather`` reads an evaluation that was made with ``tallied``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.shapes import Duty
from huxue.core.duties.standing import MET, MISSED, OVERDUE
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan
from huxue.core.scoring.model import (
    AverageDays,
    Change,
    Given,
    Rate,
    Recurring,
    Scoped,
    ScoresOf,
    Share,
    Tally,
    Tree,
    Veto,
)
from huxue.core.scoring.score import Figure, Gathered, Scores, Span, scores
from huxue.core.values import Refused, day_of
from huxue.standings.beside import NOT_SHADOWED, shadow
from huxue.standings.evaluate import Evaluation
from huxue.standings.frame import make
from huxue.standings.site import calendars_of, edition_for, evaluate_site

Figures = dict[str, Figure]
_NO_SIGNAL = -1
_CLOSED = f"""
SELECT s.o, s.duty, CASE WHEN s.slot >= 0 THEN sl.hi ELSE s.due // 1440 END AS day, s.st, s.on_time, s.ver,
 s.slot, s.f
FROM standing s LEFT JOIN slots sl ON sl.slot = s.slot WHERE s.st IN ({MET}, {OVERDUE}, {MISSED}) AND {NOT_SHADOWED}"""
_FINDER = """
SELECT l.f, c.o FROM live l JOIN credit c ON c.f = l.f AND c.role = 'by' WHERE l.verb <> 'step'
 UNION
SELECT l.f, c.o FROM live l JOIN (SELECT item, min(f) AS first FROM live WHERE verb = 'step' GROUP BY item) i
 ON i.item = l.item JOIN credit c ON c.f = i.first AND c.role = 'by' WHERE l.verb = 'step'"""
_OWN_FIND = """
SELECT l.f FROM live l JOIN credit a ON a.f = l.f AND a.role = 'by' JOIN credit b ON b.f = l.f AND b.role = 'about'
 AND b.o = a.o WHERE l.verb <> 'step'
 UNION
SELECT l.f FROM live l JOIN (SELECT item, min(f) AS first FROM live WHERE verb = 'step' GROUP BY item) i
 ON i.item = l.item JOIN credit a ON a.f = i.first AND a.role = 'by' JOIN credit b ON b.f = i.first
 AND b.role = 'about' AND b.o = a.o WHERE l.verb = 'step'"""
_SIDE = """
SELECT DISTINCT a.o AS above, c.o, 0 AS own, t.type FROM kind_{day} a JOIN closure c ON c.above = a.o
 AND c.lo <= {day} AND c.hi >= {day} JOIN kind_{day} t ON t.o = c.o
 UNION ALL SELECT o, o, 1, type FROM kind_{day}"""
COUNTING = {  # of rows of ``closed c``
    "met": f"c.st = {MET}",
    "on_time": f"c.st = {MET} AND c.on_time = 1",
    "verified": f"c.st = {MET} AND c.ver = 1",
}


@dataclass(slots=True)
class Scored:
    """Scores with what they were worked out from."""

    edition: Edition
    evaluation: Evaluation
    gathered: Gathered
    scores: Scores

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook as the edition applies it."""
        return in_effect(self.edition)

    def signals(self) -> dict[plan.Part, int]:
        """Return the signal of each part that counts deeds or entries."""
        return _signals(self.evaluation, self.rulebook)


def assessed(key: str, *, as_of: int, known_at: int) -> tuple[Edition, int]:
    """Return the edition that an assessment year is scored by, and a day of that year.

    It is the edition in force on the last day of the year (or on the as-of day before it): new weights never score an
    old year. ``key`` is ``2026``, or ``2025-2026`` for a school year. Refused (``no_year``) where none has begun.
    """
    first = int(key[:4]) if key[:4].isascii() and key[:4].isdecimal() else 0
    for middle in (day_of(date(first, month, 15)) for month in (6, 12) if first):
        edition = edition_for(as_of=min(middle, as_of), known_at=known_at)
        for tree in edition.rulebook.scoring.values():
            found = plan.periods(tree, calendars_of(edition), middle, as_of)
            if found and found[0].key == key:
                return edition_for(as_of=found[0].snap, known_at=known_at), found[0].snap
    raise Refused("no_year", f"没有已开始的考核年度“{key}”", f"there is no assessment year '{key}' that has begun")


def scores_of_site(
    edition: Edition, *, as_of: int, known_at: int, day: int | None = None, evaluation: Evaluation | None = None
) -> Scored:
    """Evaluate the whole ledger and score every tree for the assessment period that holds ``day`` (default: as of).

    ``evaluation``: one of the same edition and days that was made already, with what scores count beside the duties.
    """
    rulebook = in_effect(edition)
    if evaluation is None:
        besides = plan.besides(rulebook.scoring)
        evaluation = evaluate_site(edition, as_of=as_of, known_at=known_at, besides=besides)
    gathered = gather(evaluation, rulebook, calendars_of(edition), day=as_of if day is None else day)
    return Scored(edition, evaluation, gathered, scores(rulebook.scoring, gathered))


def gather(evaluation: Evaluation, rulebook: Rulebook, calendars: CalendarsLike, *, day: int) -> Gathered:
    """Return the figures of every tree of a rulebook for the period that holds ``day``.

    The evaluation must have been made of the same rulebook, with its ``plan.besides``.
    """
    shadow(evaluation)
    make(evaluation.con, "closed", _CLOSED)
    make(evaluation.con, "finder", _FINDER)
    make(evaluation.con, "own_find", _OWN_FIND)
    gathering = _Gathering(evaluation, rulebook)
    for code, tree in rulebook.scoring.items():
        spans = plan.periods(tree, calendars, day, evaluation.as_of)
        if spans is not None:
            gathering.tree(code, tree, *spans)
    return gathering.found


@dataclass(slots=True)
class _Gathering:
    evaluation: Evaluation
    rulebook: Rulebook
    found: Gathered = field(default_factory=Gathered)
    sides: set[int] = field(default_factory=set)
    signals: Mapping[plan.Part, int] = field(init=False)

    def __post_init__(self) -> None:
        self.signals = _signals(self.evaluation, self.rulebook)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.evaluation.con.execute(sql, list(values)).fetchall()

    def tree(self, code: str, tree: Tree, now: Span, before: Span) -> None:
        self.found.periods[code] = now
        for span in (now, before):
            self._side(span.snap)
        self.found.scored[code] = self._scored(tree, now)
        for leaf in tree.leaves():
            measure = leaf.measure
            if isinstance(measure, ScoresOf):
                self.found.below[code, leaf.code] = self._below(measure, now)
            elif measure is not None:
                self.found.figures[code, leaf.code] = self._leaf(code, leaf.code, measure, now, before)
        for one in (*tree.bonus, *tree.deductions):
            self.found.figures[code, one.code] = self._count(code, one.code, one, now)
        for veto in tree.veto:
            self.found.figures[code, veto.code] = self._veto(code, veto, now)
        here = set(self.found.scored[code])
        for part in tree.codes():  # figures of other types of organisation are nobody's here
            figures = self.found.figures.get((code, part))
            if figures is not None:
                self.found.figures[code, part] = {org: figure for org, figure in figures.items() if org in here}

    # --- who ---------------------------------------------------------------------------------------------------------

    def _side(self, day: int) -> None:
        """Make ``side_<day>``: every organisation with itself and those of its territory on a day."""
        if day in self.sides:
            return
        self.sides.add(day)
        con = self.evaluation.con
        name = _name(day)
        make(con, f"kind_{name}", f"SELECT DISTINCT o, type FROM trait WHERE lo <= {day} AND hi >= {day}")
        text = _SIDE.replace("kind_{day}", f"kind_{name}").format(day=day)
        make(con, f"side_{name}", text)

    def _scored(self, tree: Tree, span: Span) -> tuple[str, ...]:
        sql = f"""
SELECT g.code FROM kind_{_name(span.snap)} k JOIN org g ON g.o = k.o JOIN orgcal0 c ON c.o = k.o
WHERE k.type = ? AND c.in_use <= ? AND (? = '' OR EXISTS (SELECT 1 FROM topic w WHERE w.o = k.o AND w.topic = ?
 AND w.lo <= ? AND w.hi >= ?)) ORDER BY g.code"""
        values = [tree.type, span.snap, tree.topic, tree.topic, span.snap, span.snap]
        return tuple(str(org) for (org,) in self.rows(sql, values))

    def _below(self, measure: ScoresOf, span: Span) -> dict[str, tuple[str, ...]]:
        sql = f"""
SELECT a.code, list(g.code ORDER BY g.code) FROM side_{_name(span.snap)} s JOIN org g ON g.o = s.o
JOIN org a ON a.o = s.above WHERE s.own = 0 AND s.type = ? GROUP BY a.code"""
        return {str(a): tuple(below) for a, below in self.rows(sql, [self.rulebook.scoring[measure.tree].type])}

    # --- leaves ------------------------------------------------------------------------------------------------------

    def _leaf(self, code: str, part: str, measure: object, now: Span, before: Span) -> Figures:
        match measure:
            case Share():
                return self._share(measure, now)
            case Rate():
                return self._with_base(self._count(code, part, measure, now), self._base(measure, now), now)
            case Change():
                return self._change(code, part, measure, now, before)
            case Tally():
                return self._count(code, part, measure, now)
            case AverageDays():
                return self._average(code, part, measure, now)
            case Recurring():
                return self._recurring(code, part, measure, now)
            case Given():
                return self._given(code, part, measure, now)
            case _:
                raise TypeError(measure)

    def _duties(self, wanted: Callable[[Duty], bool]) -> str:
        """Return the numbers of the duties: what a changed one said before has its own number and the same code."""
        numbers = [str(n) for n, duty in enumerate(self.evaluation.compiled.duties) if wanted(duty)]
        return ", ".join(numbers) or "-1"

    def _share(self, share: Share, span: Span) -> Figures:
        duties = self._duties(lambda duty: plan.counts(share, duty, self.rulebook))
        seen = seen_sql(share)
        sql = f"""
SELECT g.code, count(CASE WHEN {COUNTING[share.counting]} THEN 1 END), count(*)
FROM closed c JOIN {members_sql(share, span)} m ON m.o = c.o JOIN org g ON g.o = m.above
WHERE c.duty IN ({duties}) AND c.day >= {span.lo} AND c.day <= {span.hi} AND {seen} GROUP BY g.code"""
        return self._figures(sql)

    def _count(self, code: str, part: str, tally: Tally, span: Span) -> Figures:
        """Return (n,) of every organisation: nothing done is nought, not nothing."""
        sql = f"""
SELECT g.code, coalesce(sum(x.amount), 0) FROM ({self._hits(code, part, "", tally, span)}) x
JOIN org g ON g.o = x.above WHERE x.day >= {span.lo} AND x.day <= {span.hi} GROUP BY g.code"""
        return {**self._nought(span), **self._figures(sql)}

    def _nought(self, span: Span) -> Figures:
        return {str(o): (0,) for (o,) in self.rows(f"SELECT g.code FROM kind_{_name(span.snap)} JOIN org g USING (o)")}

    def _hits(self, code: str, part: str, which: str, scope: Scoped, span: Span) -> str:
        return hits_sql(self.signals.get((code, part, which), _NO_SIGNAL), scope, span)

    def _base(self, measure: Rate | Change, span: Span) -> dict[str, int]:
        sql = f"""
SELECT g.code, sum(n.value) FROM traitnum n JOIN {members_sql(measure, span)} m ON m.o = n.o
JOIN org g ON g.o = m.above WHERE n.trait = ? AND n.lo <= {span.snap} AND n.hi >= {span.snap} GROUP BY g.code"""
        return {str(o): int(value) for o, value in self.rows(sql, [measure.of]) if value is not None}

    @staticmethod
    def _with_base(counts: Figures, base: Mapping[str, int], span: Span) -> Figures:
        del span
        return {org: (*figure, base.get(org, 0)) for org, figure in counts.items()}

    def _change(self, code: str, part: str, measure: Change, now: Span, before: Span) -> Figures:
        sides = []
        for span in (now, before):
            counts = self._count(code, part, measure, span)
            sides.append(self._with_base(counts, self._base(measure, span) if measure.of else {}, span))
        return {org: (*figure, *sides[1].get(org, (0, 0))) for org, figure in sides[0].items()}

    def _average(self, code: str, part: str, measure: AverageDays, span: Span) -> Figures:
        begins, ends = (self._hits(code, part, which, measure, span) for which in ("begins", "ends"))
        sql = f"""
SELECT g.code, sum(p.day - p.begun), count(*) FROM (
 SELECT b.above, b.o, b.item, b.day AS begun, min(e.f) AS f, min(e.day) AS day FROM (
  SELECT x.above, x.o, l.item, min(x.f) AS f, min(x.day) AS day FROM ({begins}) x
  JOIN live l ON l.f = x.f GROUP BY 1, 2, 3) b
 JOIN (SELECT x.above, x.o, l.item, x.f, x.day FROM ({ends}) x
  JOIN live l ON l.f = x.f) e ON e.above = b.above AND e.o = b.o AND e.item = b.item AND e.f > b.f
 GROUP BY 1, 2, 3, 4) p
JOIN org g ON g.o = p.above WHERE p.day >= {span.lo} AND p.day <= {span.hi} GROUP BY g.code"""
        return self._figures(sql)

    def _recurring(self, code: str, part: str, measure: Recurring, span: Span) -> Figures:
        hits = self._hits(code, part, "", measure, span)
        sql = f"""
WITH x AS ({hits}) SELECT g.code, count(DISTINCT CASE WHEN {again_sql(measure)} THEN x.f END), count(DISTINCT x.f)
FROM x JOIN org g ON g.o = x.above WHERE x.day >= {span.lo} AND x.day <= {span.hi} GROUP BY g.code"""
        return self._figures(sql)

    def _given(self, code: str, part: str, measure: Given, span: Span) -> Figures:
        signal = self.signals.get((code, part, ""), _NO_SIGNAL)
        if measure.entry is not None:
            sql = f"""
SELECT g.code, sum(p.amount) FROM spans p JOIN org g ON g.o = p.o
WHERE p.signal = {signal} AND p.lo <= {span.snap} AND p.hi >= {span.snap} GROUP BY g.code"""
        else:
            sql = f"""
SELECT g.code, arg_max(d.amount, d.f) FROM deeds d JOIN org g ON g.o = d.o WHERE d.signal = {signal}
 AND d.amount IS NOT NULL AND d.at_day >= {span.lo} AND d.at_day <= {span.hi} GROUP BY g.code"""
        return self._figures(sql)

    def _veto(self, code: str, veto: Veto, span: Span) -> Figures:
        if veto.deed is not None:
            tally = Tally(deed=veto.deed, over=veto.over, types=veto.types, found_by=veto.found_by)
            return self._count(code, veto.code, tally, span)
        duties = self._duties(lambda duty: duty.code in veto.missed)
        sql = f"""
SELECT g.code, count(*) FROM closed c JOIN {members_sql(veto, span)} m ON m.o = c.o JOIN org g ON g.o = m.above
WHERE c.duty IN ({duties}) AND c.st = {MISSED} AND c.day >= {span.lo} AND c.day <= {span.hi}
GROUP BY g.code"""
        return {**self._nought(span), **self._figures(sql)}

    def _figures(self, sql: str) -> Figures:
        return {str(row[0]): tuple(int(n) for n in row[1:]) for row in self.rows(sql)}


def _signals(evaluation: Evaluation, rulebook: Rulebook) -> dict[plan.Part, int]:
    return dict(zip(plan.tallied(rulebook.scoring), evaluation.compiled.tallied, strict=True))


def hits_sql(signal: int, scope: Scoped, span: Span) -> str:
    """Return the SELECT of the deeds of a signal: (above, f, day, amount), each fact once for each it counts for.

    What averages or compares places has (o, k) too, and ``others``: 1 where others found it.
    """
    others = getattr(scope, "found_by", "anybody") == "others"
    found = f"""NOT EXISTS (SELECT 1 FROM own_find q WHERE q.f = d.f)
 AND NOT EXISTS (SELECT 1 FROM finder q JOIN side_{_name(span.snap)} z ON z.o = q.o
 WHERE q.f = d.f AND z.above = m.above)"""
    place = ", d.o, d.k" if isinstance(scope, Recurring | AverageDays) else ""
    place += f", CASE WHEN {found} THEN 1 ELSE 0 END AS others" if isinstance(scope, Recurring) else ""
    return f"""
SELECT DISTINCT m.above, d.f, d.at_day AS day, d.amount{place} FROM deeds d
JOIN {members_sql(scope, span)} m ON m.o = d.o
WHERE d.signal = {signal}{f" AND {found}" if others else ""}"""


def seen_sql(share: Share) -> str:
    """Return the condition that an obligation can be counted at all: what counts no deed has nothing to verify."""
    return "c.ver >= 0" if share.counting == "verified" else "1 = 1"


def again_sql(measure: Recurring) -> str:
    """Return the condition that ``x``, a row of the deeds ``x``, was found again by others."""
    return f"""x.others = 1 AND EXISTS (SELECT 1 FROM x e
 WHERE e.above = x.above AND e.others = 1 AND e.o = x.o AND e.k = x.k AND e.f < x.f
 AND e.day >= x.day - {measure.within})"""


def members_sql(scope: Scoped, span: Span) -> str:
    """Return the SELECT of (above, o) that a figure is counted over."""
    table = f"side_{_name(span.snap)}"
    if scope.over == "own":
        return f"(SELECT above, o FROM {table} WHERE own = 1)"
    types = ", ".join(f"'{one}'" for one in scope.types)
    return f"(SELECT above, o FROM {table} WHERE own = 0{f' AND type IN ({types})' if types else ''})"


def _name(day: int) -> str:
    """Return the name of a day in tables: a day before 1970 is not a minus."""
    return str(day).replace("-", "m")


__all__ = [
    "COUNTING", "Scored", "again_sql", "assessed", "gather", "hits_sql", "members_sql", "scores_of_site", "seen_sql",
]  # fmt: skip
