"""What lies below one part of one score: the obligations that were not good, and the facts that were counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from huxue.core.duties.explain import Reason
from huxue.core.duties.shapes import Duty
from huxue.core.duties.standing import STATUSES
from huxue.core.scoring import plan
from huxue.core.scoring.model import Given, Indicator, Recurring, Scoped, ScoresOf, Share, Tally, Tree, Veto
from huxue.core.scoring.sensitivity import decimal, points
from huxue.core.values import Text, date_of
from huxue.ledger.reserved import RESERVED
from huxue.standings.scores import COUNTING, Scored, again_sql, hits_sql, members_sql

_SHOWN = 50  # obligations or facts under one indicator; the sentence above says how many there are
_EN = {"met": "met, but not as counted here"}
_STATUS = {"met": "已完成，但不合此项", "overdue": "逾期", "missed": "未履行"}


def evidence(scored: Scored, tree: str, organisation: str) -> Callable[[str], Sequence[Reason]]:
    """Return what shows, for the code of a part, the standings and facts behind it."""
    return _Evidence(scored, tree, organisation).part


class _Evidence:
    def __init__(self, scored: Scored, tree: str, organisation: str) -> None:
        self.scored, self.code, self.organisation = scored, tree, organisation
        self.rulebook = scored.rulebook
        self.tree: Tree = self.rulebook.scoring[tree]
        self.span = scored.gathered.periods[tree]

    def part(self, code: str) -> Sequence[Reason]:
        one = self.tree.one(code)
        measure = one.measure if isinstance(one, Indicator) else one
        if isinstance(measure, Share):
            wanted = [n for n, d in enumerate(self._duties()) if plan.counts(measure, d, self.rulebook)]
            return self._obligations(measure, wanted, f"NOT ({COUNTING[measure.counting]})")
        if isinstance(measure, ScoresOf):
            return self._scores(code, measure)
        if isinstance(measure, Given):
            return self._given(code, measure)
        if isinstance(measure, Veto) and measure.missed:
            wanted = [n for n, d in enumerate(self._duties()) if d.code in measure.missed]
            return self._obligations(measure, wanted, f"st = {STATUSES.index('missed')}")
        return self._facts(code, measure)

    def _duties(self) -> Sequence[Duty]:
        return self.scored.evaluation.compiled.duties

    def _obligations(self, scope: Scoped, duties: Sequence[int], which: str) -> list[Reason]:
        listed = ", ".join(map(str, duties)) or "-1"
        sql = f"""
SELECT g.code, d.code, coalesce(k.key, l.id), c.st FROM closed c JOIN {members_sql(scope, self.span)} m ON m.o = c.o
JOIN org a ON a.o = m.above JOIN org g ON g.o = c.o JOIN duty_code d ON d.duty = c.duty
LEFT JOIN slot_key k ON k.slot = c.slot LEFT JOIN live l ON l.f = c.f
WHERE a.code = ? AND c.duty IN ({listed}) AND c.day >= {self.span.lo} AND c.day <= {self.span.hi} AND {which}
ORDER BY 1, 2, 3 LIMIT {_SHOWN}"""
        return [_obligation(*row) for row in self._rows(sql)]

    def _signals(self, code: str) -> list[int]:
        found = self.scored.signals()
        return [n for (tree, part, _), n in found.items() if (tree, part) == (self.code, code)]

    def _facts(self, code: str, measure: object) -> list[Reason]:
        """Return the facts of the period that were counted: of what comes again only what others found again."""
        if isinstance(measure, Veto) and measure.deed is not None:
            return self._facts(
                code, Tally(deed=measure.deed, over=measure.over, types=measure.types, found_by=measure.found_by)
            )
        if not isinstance(measure, Scoped):
            return []
        hits = " UNION ".join(hits_sql(n, measure, self.span) for n in self._signals(code))
        counted = again_sql(measure) if isinstance(measure, Recurring) else "1 = 1"
        sql = f"""
WITH x AS ({hits}) SELECT DISTINCT l.id, l.kind, l.step, l.day, x.f FROM x JOIN org a ON a.o = x.above
JOIN live l ON l.f = x.f WHERE a.code = ? AND x.day >= {self.span.lo} AND x.day <= {self.span.hi} AND {counted}
ORDER BY x.f LIMIT {_SHOWN}"""
        return [self._fact(*row[:4]) for row in self._rows(sql)]

    def _given(self, code: str, measure: Given) -> list[Reason]:
        """Return the record that the figure was taken from, or the entries that it adds up."""
        (signal,) = self._signals(code)
        if measure.entry is not None:
            sql = f"""
SELECT DISTINCT l.id, l.kind, l.step, l.day, l.f, p.amount FROM spans p JOIN org g ON g.o = p.o
JOIN live l ON l.f = p.f WHERE g.code = ? AND p.signal = {signal} AND p.lo <= {self.span.snap}
 AND p.hi >= {self.span.snap} ORDER BY l.f LIMIT {_SHOWN}"""
        else:
            sql = f"""
SELECT l.id, l.kind, l.step, l.day, l.f, d.amount FROM deeds d JOIN org g ON g.o = d.o JOIN live l ON l.f = d.f
WHERE g.code = ? AND d.signal = {signal} AND d.amount IS NOT NULL AND d.at_day >= {self.span.lo}
 AND d.at_day <= {self.span.hi} ORDER BY l.f DESC LIMIT 1"""
        return [
            self._fact(row[0], row[1], row[2], row[3], f" {decimal(row[5], measure.decimals)}")
            for row in self._rows(sql)
        ]

    def _fact(self, ident: str, kind: str, step: str, day: int, more: str = "") -> Reason:
        declared = self.rulebook.kinds.get(kind) or RESERVED.get(kind)
        zh, en = (declared.title.zh, declared.title.en) if declared else (kind, kind)
        if declared and step in declared.flow:
            title = declared.flow[step].title
            zh, en = f"{zh}·{title.zh}", f"{en}, {title.en}"
        return Reason(Text(zh=f"{date_of(day)} {zh}{more}", en=f"{date_of(day)} {en}{more}"), ident)

    def _scores(self, code: str, measure: ScoresOf) -> list[Reason]:
        below = self.scored.gathered.below.get((self.code, code), {}).get(self.organisation, ())
        found = [self.scored.scores[measure.tree][org] for org in below if org in self.scored.scores[measure.tree]]
        lowest = sorted((s for s in found if s.total is not None), key=lambda s: (s.total or 0, s.organisation))
        return [
            Reason(Text(zh=f"{s.organisation}：{points(s.total)} 分", en=f"{s.organisation}: {points(s.total)} points"))
            for s in lowest[:_SHOWN]
        ]

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.scored.evaluation.con.execute(sql, [self.organisation]).fetchall()


def _obligation(organisation: str, duty: str, period: str, status: int) -> Reason:
    name = STATUSES[status]
    command = f"huxue why {organisation} {duty} {period}"
    return Reason(
        Text(
            zh=f"{organisation} {duty} {period}：{_STATUS[name]}（{command}）",
            en=f"{organisation} {duty} {period}: {_EN.get(name, name)} ({command})",
        )
    )
