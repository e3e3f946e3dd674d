"""Kept standings: a full evaluation written down, so that pages read rows and evaluate nothing.

::

    keep(edition, as_of=today, known_at=today, now=minute)   # once a day, and after what only it can follow
    refreshing.settle("S1", now=minute)                      # after a write: see ``refreshing``

Readers never see half of it: everything is replaced in one transaction.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa
from django.db import transaction

from huxue.core.duties.standing import DUE, MET, OVERDUE
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.values import end_of_day
from huxue.organisations.tables import Row, insert, select
from huxue.standings import counting
from huxue.standings.beside import shadow
from huxue.standings.evaluate import Evaluation
from huxue.standings.frame import make
from huxue.standings.models import Kept, Stale, Standing, Tally
from huxue.standings.rollups import Rollups
from huxue.standings.site import calendars_of, evaluate_site

_NAMED: Final = """
SELECT g.code AS organisation, d.code AS duty, CASE WHEN s.slot >= 0 THEN k.key ELSE l.id END AS period, s.st,
 s.on_time, s.ver, s.have, s.need, s.due, s.provisional, w.o IS NOT NULL AS shadowed, a.soon
FROM standing s JOIN org g ON g.o = s.o JOIN duty_code d ON d.duty = s.duty
LEFT JOIN slot_key k ON k.slot = s.slot LEFT JOIN live l ON l.f = s.f
LEFT JOIN orgcal0 c ON c.o = s.o LEFT JOIN soon_rows a ON a.cal = c.cal
LEFT JOIN shadowed w ON w.o = s.o AND w.duty = s.duty"""
_STANDING: Final = f"""
SELECT organisation, duty, period, st, on_time = 1, ver, have, need, due, provisional <> 0, shadowed FROM kept_named
WHERE st <> {MET} ORDER BY 1, 2, due, 3"""
_OWN: Final = f"""
SELECT organisation, duty, 1 AS bearers, CASE WHEN bool_or(st = {OVERDUE}) THEN 1 ELSE 0 END AS behind,
 count(*) FILTER (st = 0) AS met, count(*) FILTER (st = 0 AND on_time = 1) AS on_time,
 count(*) FILTER (st = 0 AND ver = 1) AS verified, count(*) FILTER (st = 0 AND ver >= 0) AS verifiable,
 count(*) FILTER (st = 1) AS due, count(*) FILTER (st = 1 AND due <= soon) AS at_risk,
 count(*) FILTER (st = 2) AS overdue, count(*) FILTER (st = 3) AS missed, count(*) FILTER (st = 4) AS excused,
 0 AS confirmed, 0 AS checked,
 arg_max(st, (due, period)) FILTER (st NOT IN ({DUE}, {OVERDUE})) AS last,
 min(due) FILTER (st = {OVERDUE} AND due < $now) AS oldest, min(due) FILTER (st = {DUE}) AS nearest,
 bool_or(shadowed) AS shadowed
FROM kept_named GROUP BY organisation, duty"""
_SPOTS: Final = """
SELECT g.code AS organisation, d.code AS duty, CAST(sum(p.confirmed) AS INTEGER) AS confirmed, count(*) AS checked
FROM spot_duty p JOIN org g ON g.o = p.o JOIN duty_code d ON d.duty = p.duty GROUP BY 1, 2
 UNION ALL
SELECT g.code, '', CAST(sum(p.confirmed) AS INTEGER), count(*) FROM spot p JOIN org g ON g.o = p.o GROUP BY 1"""
_ADDED: Final = ", ".join(f"CAST(sum({name}) AS INTEGER) AS {name}" for name in counting.COUNTED[2:])
_PAIRS: Final = f"""
WITH own AS ({_OWN}), every AS (
 SELECT organisation, duty, {", ".join(counting.COUNTED)}, last, oldest, nearest, shadowed FROM own
 UNION ALL
 SELECT organisation, '', 1, max(behind), {", ".join(f"sum({n})" for n in counting.COUNTED[2:])}, NULL, min(oldest),
  min(nearest), false FROM own WHERE NOT shadowed GROUP BY organisation
 UNION ALL
 SELECT organisation, duty, 0, 0, {", ".join("0" for _ in counting.COUNTED[2:-2])}, confirmed, checked, NULL, NULL,
  NULL, false FROM ({_SPOTS}))
SELECT organisation, duty, CAST(max(bearers) AS INTEGER) AS bearers, CAST(max(behind) AS INTEGER) AS behind, {_ADDED},
 coalesce(max(last), -1) AS last, min(oldest) AS oldest, min(nearest) AS nearest, bool_or(shadowed) AS shadowed
FROM every GROUP BY organisation, duty"""
_TERRITORY: Final = f"""
SELECT a.code, p.duty, CAST(sum(p.bearers) AS INTEGER), CAST(sum(p.behind) AS INTEGER), {_ADDED}
FROM kept_pairs p JOIN org g ON g.code = p.organisation JOIN tree t ON t.o = g.o JOIN org a ON a.o = t.above
WHERE t.above IN (SELECT above FROM tree WHERE o <> above) GROUP BY 1, 2 ORDER BY 1, 2"""


def keep(
    edition: Edition, *, as_of: int, known_at: int, now: int, evaluation: Evaluation | None = None, through: int = 0
) -> None:
    """Evaluate everything and keep it. ``evaluation``: one of the same edition and days that was made already.

    ``through`` (of :func:`marked`) was asked before the facts of that evaluation were read: marks up to it are done
    with, later ones are not.
    """
    if evaluation is None:
        through = marked()
    made = evaluation or evaluate_site(edition, as_of=as_of, known_at=known_at)
    standings, tallies = rows(edition, made)
    with transaction.atomic():
        list(Kept.objects.select_for_update())
        for table in (Standing, Tally, Kept):
            table.objects.all().delete()
        insert(Standing, standings)
        insert(Tally, tallies)
        limit = counting.at_risk(in_effect(edition))
        Kept.objects.create(edition=edition.hash, as_of=as_of, known_at=known_at, at_risk=limit, made=now, moved=now)
        Stale.objects.filter(pk__lte=through).delete()


def marked() -> int:
    """Return the number of the last mark there is."""
    return Stale.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def rows(edition: Edition, evaluation: Evaluation) -> tuple[list[Row], list[Row]]:
    """Return the rows of the tables of standings and of tallies."""
    rulebook, con = in_effect(edition), evaluation.con
    Rollups(evaluation)  # makes the tree of the day and the spot checks
    shadow(evaluation)
    _name(edition, evaluation, counting.at_risk(rulebook))
    standings = con.execute(_STANDING).fetchall()
    con.execute(f"CREATE OR REPLACE TEMP TABLE kept_pairs AS {_PAIRS}", {"now": end_of_day(evaluation.as_of)})
    tallies = [(o, d, True, *rest) for o, d, *rest in con.execute("SELECT * FROM kept_pairs ORDER BY 1, 2").fetchall()]
    tallies += [(o, d, False, *n, -1, None, None, False) for o, d, *n in con.execute(_TERRITORY).fetchall()]
    return standings, tallies


def _name(edition: Edition, evaluation: Evaluation, workdays: int) -> None:
    """Make ``kept_named``: the standings with codes, and up to which minute something due is at risk."""
    calendars = calendars_of(edition)
    limits = [counting.soon(calendars, area, evaluation.as_of, workdays) for area in evaluation.areas]
    cals = pa.array(range(len(limits)), pa.int32())
    evaluation.con.register("soon_rows", pa.table({"cal": cals, "soon": pa.array(limits, pa.int64())}))
    make(evaluation.con, "kept_named", _NAMED)
    evaluation.con.unregister("soon_rows")


def kept() -> Kept | None:
    """Return what the kept standings are about, ``None`` where none were ever kept."""
    return Kept.objects.order_by("-pk").first()


def is_current(found: Kept | None, edition: Edition, today: int) -> bool:
    """Tell whether the kept standings are of this day and this edition."""
    return found is not None and (found.as_of, found.edition) == (today, edition.hash)


def must_keep(edition: Edition, today: int) -> bool:
    """Tell whether a full evaluation is owed: another day, another edition, or a change of the tree."""
    return not is_current(kept(), edition, today) or Stale.objects.filter(organisation="", kind="").exists()


def count_rows() -> dict[str, int]:
    """Return how many rows are kept."""
    ((standings,),) = select("SELECT count(*) FROM standings_standing")
    ((tallies,),) = select("SELECT count(*) FROM standings_tally")
    return {"standings": standings, "tallies": tallies}


__all__ = ["count_rows", "is_current", "keep", "kept", "marked", "must_keep", "rows"]
