"""Roll-ups of a finished evaluation: counts and the four rates, for every organisation's territory and every duty.

* done = met / (met + overdue + missed)
* on time = met on time / the same
* verified = met whose counted deeds somebody else verified / met (standings that count no deed, such as "nothing of
  this sort may stand", have nothing to verify and stay out)
* still true = spot checks of the last 12 months that confirmed / all of them

A rate is a pair of integers (n, of); ``None`` where ``of`` is 0: nothing is not zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import add

import pyarrow as pa

from huxue.standings import frame
from huxue.standings.beside import NOT_SHADOWED, shadow
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import Evaluation

A_YEAR = 365  # days

_SPOT = """
SELECT v.f, c.o, l.reference,
 CASE WHEN json_extract_string(l.fields, '$.result') = 'confirmed' THEN 1 ELSE 0 END AS confirmed
FROM live v JOIN live0 l ON l.f = v.f JOIN credit c ON c.f = v.f AND c.role = 'about'
WHERE v.kind = 'verification' AND json_extract_string(l.fields, '$.spot') = 'true' AND v.day > {since}"""
_COUNTED = f"""
CREATE OR REPLACE TEMP TABLE summed AS
SELECT s.*, CASE WHEN {NOT_SHADOWED} THEN 0 ELSE 1 END AS beside FROM standing s
LEFT JOIN slot_key k ON k.slot = s.slot LEFT JOIN live l ON l.f = s.f
WHERE $period = '' OR (CASE WHEN s.slot >= 0 THEN k.key ELSE l.id END) = $period"""
_OTHER_TREE = """
SELECT DISTINCT o.o, a.o AS above
FROM tree_rows t JOIN org o ON o.code = t.organisation JOIN org a ON a.code = t.above"""
_SPOT_DUTY = """
SELECT DISTINCT p.f, p.o, u.duty, p.confirmed FROM spot p
JOIN (SELECT id AS name, f FROM live UNION SELECT item, f FROM live) l ON l.name = p.reference
JOIN (SELECT signal, f FROM deeds UNION SELECT signal, f FROM spans) x ON x.f = l.f
JOIN (SELECT DISTINCT m.signal, s.duty FROM slotmap m JOIN slots s ON s.slot = m.slot
 UNION SELECT DISTINCT m.signal, s.duty FROM stateslot m JOIN slots s ON s.slot = m.slot
 UNION SELECT with_signal, duty FROM respond) d ON d.signal = x.signal
JOIN duty_code n ON n.duty = d.duty
JOIN (SELECT code, min(duty) AS duty FROM duty_code GROUP BY code) u ON u.code = n.code"""


@dataclass(frozen=True, slots=True)
class Rollup:
    """Counts of the standings of one territory (or organisation), over all duties or one."""

    organisation: str
    duty: str  # "" for all duties
    met: int = 0
    due: int = 0
    overdue: int = 0
    missed: int = 0
    excused: int = 0
    on_time: int = 0
    verified: int = 0
    verifiable: int = 0
    confirmed: int = 0
    spot_checks: int = 0

    def rates(self) -> dict[str, tuple[int, int] | None]:
        """Return the four rates as (n, of), ``None`` where there is nothing to divide by."""
        closed = self.met + self.overdue + self.missed
        pairs = {
            "done": (self.met, closed),
            "on_time": (self.on_time, closed),
            "verified": (self.verified, self.verifiable),
            "still_true": (self.confirmed, self.spot_checks),
        }
        return {name: pair if pair[1] else None for name, pair in pairs.items()}


def per_mille(rate: tuple[int, int] | None) -> int | None:
    """Return a rate in thousandths, rounded half up; ``None`` stays ``None``."""
    return None if rate is None else (2000 * rate[0] + rate[1]) // (2 * rate[1])


class Rollups:
    """Makes the roll-ups of one evaluation. ``tree``: whose territory an organisation belongs to.

    A weaker duty beside the stronger one that its bearer owes too is counted where duties are told apart, not in sums.
    Without ``tree`` it is the tree of the as-of day; another one (:func:`tree_on`) gives the labelled second figure.
    ``period`` counts the standings of one period or trigger alone; spot checks are those of 12 months all the same.
    """

    def __init__(self, evaluation: Evaluation, tree: pa.Table | None = None, *, period: str = "") -> None:
        """Prepare the tree, the standings to count and the spot checks."""
        self.con, day = evaluation.con, evaluation.as_of
        shadow(evaluation)
        self.con.execute(_COUNTED, {"period": period})
        if tree is None:
            frame.tree_of(self.con, day)
        else:
            self.con.register("tree_rows", tree)
            frame.make(self.con, "tree", _OTHER_TREE)
            self.con.unregister("tree_rows")
        frame.make(self.con, "spot", _SPOT.replace("{since}", str(day - A_YEAR)))
        frame.make(self.con, "spot_duty", _SPOT_DUTY)

    def territories(self, *, by_duty: bool = False) -> list[Rollup]:
        """Return one roll-up for every organisation's territory (itself included), or one for each duty there."""
        return self._made(
            "summed s JOIN tree t ON t.o = s.o", "t.above", "spot{d} p JOIN tree t ON t.o = p.o", by_duty=by_duty
        )

    def organisations(self, *, by_duty: bool = False) -> list[Rollup]:
        """Return one roll-up for every organisation alone."""
        return self._made("summed s", "s.o", "spot{d} p", by_duty=by_duty)

    def duties(self) -> list[Rollup]:
        """Return one roll-up for every duty over all organisations (``organisation`` is "")."""
        return self._collected("summed s", "-1 AS o", "s.duty", "spot_duty p", "-1", "p.duty")

    def total(self) -> Rollup:
        """Return the roll-up of everything."""
        found = self._collected("summed s", "-1 AS o", "-1 AS d", "spot p", "-1", "-1")
        return found[0] if found else Rollup("", "")

    def _made(self, source: str, org: str, spot: str, *, by_duty: bool) -> list[Rollup]:
        duty = "s.duty" if by_duty else "-1 AS d"
        spot_org = org if org.startswith("t.") else "p.o"
        return self._collected(
            source, org, duty, spot.replace("{d}", "_duty" if by_duty else ""), spot_org, "p.duty" if by_duty else "-1"
        )

    def _collected(self, source: str, org: str, duty: str, spot: str, spot_org: str, spot_duty: str) -> list[Rollup]:
        counts = f"""
SELECT {org}, {duty}, {", ".join(f"count(CASE WHEN s.st = {i} THEN 1 END)" for i in range(5))},
 count(CASE WHEN s.st = 0 AND s.on_time = 1 THEN 1 END),
 count(CASE WHEN s.st = 0 AND s.ver = 1 THEN 1 END), count(CASE WHEN s.st = 0 AND s.ver >= 0 THEN 1 END)
FROM {source} {"WHERE s.beside = 0" if duty.startswith("-1") else ""} GROUP BY 1, 2"""
        checks = f"SELECT {spot_org}, {spot_duty}, CAST(sum(p.confirmed) AS BIGINT), count(*) FROM {spot} GROUP BY 1, 2"
        names: Mapping[int, str] = dict(self.con.execute("SELECT o, code FROM org").fetchall())
        codes: Mapping[int, str] = dict(self.con.execute("SELECT duty, code FROM duty_code WHERE duty >= 0").fetchall())
        rows: dict[tuple[str, str], list[int]] = {}  # a duty that changed counts under two numbers and one code
        found = [(o, d, [*n, 0, 0]) for o, d, *n in self.con.execute(counts).fetchall()]
        found += [(o, d, [0] * 8 + [*n]) for o, d, *n in self.con.execute(checks).fetchall()]
        for o, d, counted in found:
            before = rows.setdefault((names.get(o, ""), codes.get(d, "")), [0] * 10)
            before[:] = map(add, before, counted)
        return [Rollup(*key, *counted) for key, counted in sorted(rows.items())]


def tree_on(facts: pa.Table, day: int, known_at: int) -> pa.Table:
    """Return (organisation, above) of the tree of another day, each organisation above itself too."""
    with engine.connect(threads=1) as con:
        frame.begin(con, facts, as_of=day, known_at=known_at, areas=())
        frame.finish_tree(con)
        return con.sql(f"""
SELECT o.code AS organisation, a.code AS above FROM closure c JOIN org o ON o.o = c.o JOIN org a ON a.o = c.above
WHERE c.lo <= {day} AND c.hi >= {day}
 UNION SELECT code, code FROM org""").to_arrow_table()
