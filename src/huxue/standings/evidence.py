"""What lies below the parts of scores: the obligations that were not good, and the facts that were counted.

Lines are plain values, so that they can be kept with the scores (``kept_scores``) and said later: ``["s", organisation,
duty, period, status]`` an obligation, ``["f", fact, kind, step, day, figure]`` a fact, ``["p", organisation, total]``
a score that is averaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from huxue.core.duties.explain import Reason
from huxue.core.duties.shapes import Duty
from huxue.core.duties.standing import STATUSES
from huxue.core.rulebook.model import Rulebook
from huxue.core.scoring import plan
from huxue.core.scoring.model import Given, Indicator, Recurring, Scoped, ScoresOf, Share, Tally, Tree, Veto
from huxue.core.scoring.sensitivity import decimal, points
from huxue.core.values import Text, date_of
from huxue.ledger.reserved import RESERVED
from huxue.standings.scores import COUNTING, Scored, again_sql, hits_sql, members_sql, seen_sql

SHOWN: Final = 50  # obligations or facts under one indicator; the sentence above says how many there are
Line = list[Any]
_EN = {"met": "met, but not as counted here"}
_STATUS = {"met": "已完成，但不合此项", "overdue": "逾期", "missed": "未履行"}


def evidence(scored: Scored, tree: str, organisation: str) -> Callable[[str], Sequence[Reason]]:
    """Return what shows, for the code of a part, the standings and facts behind it."""
    looking = Evidence(scored, tree, [organisation])
    return lambda part: [said(scored.rulebook, line) for line in looking.part(part).get(organisation, ())]


def said(rulebook: Rulebook, line: Line) -> Reason:
    """Return a line as a node of the tree of reasons."""
    sort, *values = line
    if sort == "s":
        return _obligation(*values)
    if sort == "f":
        return _fact(rulebook, *values)
    organisation, total = values
    zh, en = f"{organisation}：{points(total)} 分", f"{organisation}: {points(total)} points"
    return Reason(Text(zh=zh, en=en), to=("organisation", organisation))


class Evidence:
    """Looks for the lines below the parts of one tree's scores, for some of its organisations at once."""

    def __init__(self, scored: Scored, tree: str, organisations: Iterable[str]) -> None:
        """Keep what was scored, and whose scores are asked about."""
        self.scored, self.code, self.organisations = scored, tree, list(organisations)
        self.rulebook = scored.rulebook
        self.tree: Tree = self.rulebook.scoring[tree]
        self.span = scored.gathered.periods[tree]

    def part(self, code: str) -> dict[str, list[Line]]:
        """Return the lines below a part by organisation; those without any are left out."""
        one = self.tree.one(code)
        measure = one.measure if isinstance(one, Indicator) else one
        if isinstance(measure, Share):
            wanted = [n for n, d in enumerate(self._duties()) if plan.counts(measure, d, self.rulebook)]
            return self._obligations(measure, wanted, f"{seen_sql(measure)} AND NOT ({COUNTING[measure.counting]})")
        if isinstance(measure, ScoresOf):
            return self._scores(code, measure)
        if isinstance(measure, Given):
            return self._given(code, measure)
        if isinstance(measure, Veto) and measure.missed:
            wanted = [n for n, d in enumerate(self._duties()) if d.code in measure.missed]
            return self._obligations(measure, wanted, f"c.st = {STATUSES.index('missed')}")
        return self._facts(code, measure)

    def _duties(self) -> Sequence[Duty]:
        return self.scored.evaluation.compiled.duties

    def _obligations(self, scope: Scoped, duties: Sequence[int], which: str) -> dict[str, list[Line]]:
        listed = ", ".join(map(str, duties)) or "-1"
        return self._lines(f"""
SELECT a.code AS above, 's', g.code AS x, d.code AS y, coalesce(k.key, l.id) AS z, c.st FROM closed c
JOIN {members_sql(scope, self.span)} m ON m.o = c.o
JOIN org a ON a.o = m.above JOIN org g ON g.o = c.o JOIN duty_code d ON d.duty = c.duty
LEFT JOIN slot_key k ON k.slot = c.slot LEFT JOIN live l ON l.f = c.f
WHERE a.code IN (SELECT unnest(?)) AND c.duty IN ({listed}) AND c.day >= {self.span.lo} AND c.day <= {self.span.hi}
 AND {which}""", "x, y, z")  # fmt: skip

    def _signals(self, code: str) -> list[int]:
        found = self.scored.signals()
        return [n for (tree, part, _), n in found.items() if (tree, part) == (self.code, code)]

    def _facts(self, code: str, measure: object) -> dict[str, list[Line]]:
        """Return the facts of the period that were counted: of what comes again only what others found again."""
        if isinstance(measure, Veto) and measure.deed is not None:
            return self._facts(
                code, Tally(deed=measure.deed, over=measure.over, types=measure.types, found_by=measure.found_by)
            )
        if not isinstance(measure, Scoped):
            return {}
        hits = " UNION ".join(hits_sql(n, measure, self.span) for n in self._signals(code))
        counted = again_sql(measure) if isinstance(measure, Recurring) else "1 = 1"
        return self._lines(f"""
WITH x AS ({hits}) SELECT DISTINCT a.code AS above, 'f', l.id, l.kind, l.step, l.day, '' AS more, x.f AS f
FROM x JOIN org a ON a.o = x.above JOIN live l ON l.f = x.f
WHERE a.code IN (SELECT unnest(?)) AND x.day >= {self.span.lo} AND x.day <= {self.span.hi}
 AND {counted}""", "f")  # fmt: skip

    def _given(self, code: str, measure: Given) -> dict[str, list[Line]]:
        """Return the record that the figure was taken from, or the entries that it adds up."""
        (signal,) = self._signals(code)
        if measure.entry is not None:
            found = self._lines(f"""
SELECT DISTINCT g.code AS above, 'f', l.id, l.kind, l.step, l.day, p.amount, l.f AS f FROM spans p
JOIN org g ON g.o = p.o JOIN live l ON l.f = p.f WHERE g.code IN (SELECT unnest(?)) AND p.signal = {signal}
 AND p.lo <= {self.span.snap} AND p.hi >= {self.span.snap}""", "f")  # fmt: skip
        else:
            found = self._lines(f"""
SELECT g.code AS above, 'f', l.id, l.kind, l.step, l.day, d.amount, l.f AS f FROM deeds d
JOIN org g ON g.o = d.o JOIN live l ON l.f = d.f WHERE g.code IN (SELECT unnest(?)) AND d.signal = {signal}
 AND d.amount IS NOT NULL AND d.at_day >= {self.span.lo}
 AND d.at_day <= {self.span.hi}""", "f DESC", most=1)  # fmt: skip
        for lines in found.values():
            for line in lines:
                line[5] = decimal(line[5], measure.decimals)
        return found

    def _scores(self, code: str, measure: ScoresOf) -> dict[str, list[Line]]:
        made, below = self.scored.scores[measure.tree], self.scored.gathered.below.get((self.code, code), {})
        found = {}
        for organisation in self.organisations:
            scores = (made[org] for org in below.get(organisation, ()) if org in made)
            lowest = sorted((s.total, s.organisation) for s in scores if s.total is not None)
            if lowest:
                found[organisation] = [["p", org, total] for total, org in lowest[:SHOWN]]
        return found

    def _lines(self, sql: str, order: str, most: int = SHOWN) -> dict[str, list[Line]]:
        """Return the lines of a SELECT, whose first column is the scored organisation, the first so many of each."""
        first = f"""
SELECT * FROM ({sql}) QUALIFY row_number() OVER (PARTITION BY above ORDER BY {order}) <= {most}
ORDER BY above, {order}"""
        found: dict[str, list[Line]] = {}
        for above, sort, *values in self.scored.evaluation.con.execute(first, [self.organisations]).fetchall():
            found.setdefault(above, []).append([sort, *(values if sort == "s" else values[:5])])
        return found


def _fact(rulebook: Rulebook, ident: str, kind: str, step: str, day: int, figure: str) -> Reason:
    declared = rulebook.kinds.get(kind) or RESERVED.get(kind)
    zh, en = (declared.title.zh, declared.title.en) if declared else (kind, kind)
    if declared and step in declared.flow:
        title = declared.flow[step].title
        zh, en = f"{zh}·{title.zh}", f"{en}, {title.en}"
    more = f" {figure}" if figure else ""
    return Reason(Text(zh=f"{date_of(day)} {zh}{more}", en=f"{date_of(day)} {en}{more}"), ident)


def _obligation(organisation: str, duty: str, period: str, status: int) -> Reason:
    name = STATUSES[status]
    command = f"huxue why {organisation} {duty} {period}"
    zh, en = f"{organisation} {duty} {period}", f"{organisation} {duty} {period}"
    return Reason(
        Text(zh=f"{zh}：{_STATUS[name]}（{command}）", en=f"{en}: {_EN.get(name, name)} ({command})"),
        to=("standing", organisation, duty, period),
    )


__all__ = ["SHOWN", "Evidence", "Line", "evidence", "said"]
