"""Hand-written DuckDB SQL of the same task: the sixty duties in the text, every shortcut that this rulebook allows.

One pass over the deeds counts everything that is plainly counted, by one packed integer; verdicts of organisations that
bear a duty all year and have no excuse are arithmetic, the others are written out as rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.evaluation.ways import plain
from benchmarks.evaluation.ways.plain import CALENDARS, FAR, NOW, START, TODAY

MEMORY: Final = "4GB"
_DAYS: Final = 1000  # a class of windows takes so many keys


def values(rows: Iterable[Sequence[object]]) -> str:
    """Return rows as VALUES."""
    return "VALUES " + ", ".join(f"({', '.join(map(str, row))})" for row in rows)


def class_of(period: int, calendar: int) -> int:
    """Return the number of a class of windows: a period, or a period of one calendar."""
    return period if period not in plain.BY_CALENDAR else (1 if period == plain.TERM else 2) * 10 + calendar


def signal_rows() -> list[tuple[int, int, int]]:
    """Return (signal, first key, keys from calendar to calendar) of what is counted in one pass."""
    counted = [(s, p) for _, s, p, _ in plain.COUNTS]
    counted += [(s, p) for _, a, b, p, _ in plain.RATIOS for s in (a, b)]
    counted += [plain.FEWER[1:], plain.BANNED[1:]]
    return sorted({(s, class_of(p, 0) * _DAYS, _DAYS if p in plain.BY_CALENDAR else 0) for s, p in counted})


def window_rows() -> list[tuple[int, int, int, int, int, int]]:
    """Return (class, window, first day, last day, due, open) of every window."""
    return [
        (class_of(period, calendar), number, lo, hi, plain.due(period, hi), int(plain.due(period, hi) >= TODAY))
        for period in range(8)
        for calendar in range(CALENDARS if period in plain.BY_CALENDAR else 1)
        for number, lo, hi in plain.windows(period, calendar)
    ]


def statements(folder: Path, *, rows: bool = False) -> list[str]:
    """Return the statements of one set; the last leaves ``summary``.

    ``rows``: every verdict is written out as a row (into ``judged``) before it is counted.
    """
    at = {
        name: f"read_parquet('{folder / name}.parquet')"
        for name in ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum")
    }
    counted = [*plain.COUNTS, plain.QUARTERLY_MEETING, *plain.DISTINCT, *((d, s, p, 2) for d, s, p, _ in plain.SPACED)]
    # duty, signal, period's class, whether by calendar, need
    duties = values((d, s, class_of(p, 0), int(p in plain.BY_CALENDAR), n) for d, s, p, n in counted)
    distinct = " OR ".join(f"d.signal = {s}" for _, s, _, _ in plain.DISTINCT)
    classes = ", ".join(
        f"({s}, {class_of(p, 0) * _DAYS}, {_DAYS if p in plain.BY_CALENDAR else 0})" for _, s, p, _ in plain.DISTINCT
    )
    spaced = plain.SPACED[0]
    late = [(plain.REPORT, d, plain.entered_by(plain.REPORT, d)) for d in range(START, TODAY + 1)]
    year = next(plain.windows(plain.YEAR, 0))
    quarters = list(plain.windows(plain.QUARTER, 0))
    quarter_of = "CASE " + " ".join(f"WHEN day BETWEEN {lo} AND {hi} THEN {n}" for n, lo, hi in quarters) + " END"
    quarter_due = "CASE " + " ".join(f"WHEN day BETWEEN {lo} AND {hi} THEN {hi}" for _, lo, hi in quarters) + " END"
    return [
        f"CREATE OR REPLACE TEMP TABLE sc AS SELECT * FROM ({values(signal_rows())}) t(signal, base, step)",
        f"CREATE OR REPLACE TEMP TABLE win AS SELECT * FROM ({values(window_rows())}) t(class, p, lo, hi, due, is_open)",
        f"""
CREATE OR REPLACE TEMP TABLE cd AS SELECT x.class * {_DAYS} + x.day - {START} AS key, p, due, coalesce(t.till, {FAR}) AS till
FROM (SELECT *, unnest(range(lo, least(hi, {TODAY}) + 1)) AS day FROM win) x
LEFT JOIN ({values(late)}) t(class, day, till) ON t.class = x.class AND t.day = x.day""",
        f"CREATE OR REPLACE TEMP TABLE du AS SELECT * FROM ({duties}) t(duty, signal, class, step, need)",
        f"CREATE OR REPLACE TEMP TABLE oc AS SELECT o, cal FROM {at['orgcal']}",
        f"CREATE OR REPLACE TEMP TABLE ap AS SELECT * FROM {at['app']}",
        f"CREATE OR REPLACE TEMP TABLE ex AS SELECT * FROM {at['excuse']}",
        # one pass
        f"""
CREATE OR REPLACE TEMP TABLE packed AS
SELECT (d.o::BIGINT * 128 + d.signal) * 64 + cd.p AS g, sum(d.amount::INTEGER)::BIGINT AS n,
 sum(CASE WHEN d.rday <= cd.due THEN d.amount ELSE 0 END::INTEGER)::BIGINT AS n_in
FROM {at["deeds"]} d JOIN oc ON oc.o = d.o JOIN sc ON sc.signal = d.signal
JOIN cd ON cd.key = sc.base + sc.step * oc.cal + d.day - {START} AND d.rday <= cd.till GROUP BY g""",
        """
CREATE OR REPLACE TEMP TABLE tally AS
SELECT (g // 8192)::INTEGER AS o, (g // 64 % 128)::INTEGER AS signal, (g % 64)::INTEGER AS p, n, n_in FROM packed""",
        # distinct, spaced, the county's quarters
        f"""
CREATE OR REPLACE TEMP TABLE cnt AS
SELECT t.o, u.duty, t.p, t.n, t.n_in, u.need FROM tally t
JOIN (SELECT * FROM du WHERE duty IN ({", ".join(str(d) for d, *_ in plain.COUNTS)})) u ON u.signal = t.signal
 UNION ALL
SELECT e.o, u.duty, e.p, count(*), count(CASE WHEN e.early <= e.due THEN 1 END), u.need FROM (
 SELECT d.o, d.signal, cd.p, d.k, min(d.rday) AS early, min(cd.due) AS due FROM {at["deeds"]} d JOIN oc ON oc.o = d.o
 JOIN (VALUES {classes}) sc(signal, base, step) ON sc.signal = d.signal
 JOIN cd ON cd.key = sc.base + sc.step * oc.cal + d.day - {START} WHERE ({distinct}) AND d.k IS NOT NULL
 GROUP BY d.o, d.signal, cd.p, d.k) e JOIN du u ON u.signal = e.signal GROUP BY e.o, u.duty, e.p, u.need
 UNION ALL
SELECT o, duty, 0, 1 + (last - first >= {spaced[3]})::INTEGER, coalesce(1 + (last_in - first_in >= {spaced[3]})::INTEGER, 0), 2
FROM (SELECT o, min(day) AS first, max(day) AS last, min(CASE WHEN rday <= {year[2]} THEN day END) AS first_in,
  max(CASE WHEN rday <= {year[2]} THEN day END) AS last_in
  FROM {at["deeds"]} WHERE signal = {spaced[1]} AND day BETWEEN {year[1]} AND {year[2]} GROUP BY o) s,
 (VALUES ({plain.SPACED[0][0]}), ({plain.SPACED[1][0]})) u(duty)
 UNION ALL
SELECT o, {plain.QUARTERLY_MEETING[0]}, p, sum(amount)::BIGINT, sum(CASE WHEN rday <= due THEN amount ELSE 0 END)::BIGINT, 1
FROM (SELECT d.o, {quarter_of} AS p, {quarter_due} AS due, rday, amount FROM {at["deeds"]} d
 SEMI JOIN (SELECT o FROM ap WHERE duty = {plain.QUARTERLY_MEETING[0]}) a ON a.o = d.o
 WHERE signal = {plain.QUARTERLY_MEETING[1]}) WHERE p IS NOT NULL GROUP BY o, p""",
        # who bears a counted duty all year without an excuse
        """
CREATE OR REPLACE TEMP TABLE bear AS
SELECT a.o, a.duty, u.class + u.step * oc.cal AS class, a.lo, a.hi, count(*) OVER (PARTITION BY a.o, a.duty) AS spans
FROM ap a JOIN oc ON oc.o = a.o JOIN (SELECT DISTINCT duty, class, step FROM du) u ON u.duty = a.duty""",
        """
CREATE OR REPLACE TEMP TABLE cls AS SELECT class, min(lo) AS lo, max(greatest(hi, due)) AS hi, count(*) AS size,
 sum(is_open) AS due FROM win GROUP BY class""",
        f"""
CREATE OR REPLACE TEMP TABLE whole AS SELECT b.o, b.duty, c.size, c.due FROM bear b JOIN cls c ON c.class = b.class
ANTI JOIN ex e ON e.o = b.o AND (e.duty = b.duty OR e.duty = -1)
WHERE b.spans = 1 AND b.lo <= c.lo AND b.hi >= c.hi{" AND FALSE" if rows else ""}""",
        # everybody else, window by window
        """
CREATE OR REPLACE TEMP TABLE owed AS
SELECT b.o, b.duty, w.p, w.due, w.is_open FROM (SELECT * FROM bear ANTI JOIN whole USING (o, duty)) b
JOIN win w ON w.class = b.class AND b.lo <= w.hi AND b.hi >= w.lo
GROUP BY b.o, b.duty, w.p, w.lo, w.hi, w.due, w.is_open
HAVING 2 * sum(least(b.hi, w.hi) - greatest(b.lo, w.lo) + 1) >= w.hi - w.lo + 1""",
        # states: what stands on the last day of a window, or today
        *_states(at),
        *_covers(at),
        *_ratios(),
        *_respond(at),
        """
CREATE OR REPLACE TEMP TABLE judged AS
SELECT w.o, w.duty, w.due AS day, CASE WHEN c.n >= c.need THEN 0 WHEN w.is_open = 1 THEN 1 ELSE 3 END AS st,
 coalesce(c.n_in >= c.need, FALSE) AS on_time FROM owed w LEFT JOIN cnt c ON c.o = w.o AND c.duty = w.duty AND c.p = w.p
 UNION ALL SELECT o, duty, day, st, on_time FROM kept
 UNION ALL SELECT o, duty, day, st, on_time FROM covered
 UNION ALL SELECT o, duty, day, st, on_time FROM shares
 UNION ALL SELECT o, duty, day, st, on_time FROM answered""",
        """
CREATE OR REPLACE TEMP TABLE summary AS
SELECT w.o, w.duty, coalesce(m.met, 0) AS met, w.due - coalesce(m.due, 0) AS due, 0 AS overdue,
 w.size - w.due - coalesce(m.met, 0) + coalesce(m.due, 0) AS missed, 0 AS excused, coalesce(m.on_time, 0) AS on_time
FROM whole w LEFT JOIN (SELECT c.o, c.duty, count(*) AS met, count(CASE WHEN w.is_open = 1 THEN 1 END) AS due,
 count(CASE WHEN c.n_in >= c.need THEN 1 END) AS on_time FROM cnt c JOIN oc ON oc.o = c.o JOIN du u ON u.duty = c.duty
 JOIN win w ON w.class = u.class + u.step * oc.cal AND w.p = c.p WHERE c.n >= c.need GROUP BY c.o, c.duty) m
 ON m.o = w.o AND m.duty = w.duty
 UNION ALL
SELECT o, duty, count(CASE WHEN st = 0 THEN 1 END), count(CASE WHEN st = 1 AND NOT ex THEN 1 END),
 count(CASE WHEN st = 2 AND NOT ex THEN 1 END), count(CASE WHEN st = 3 AND NOT ex THEN 1 END),
 count(CASE WHEN st > 0 AND ex THEN 1 END), count(CASE WHEN st = 0 AND on_time THEN 1 END)
FROM (SELECT j.o, j.duty, j.st, j.on_time, x.o IS NOT NULL AS ex FROM judged j LEFT JOIN (
  SELECT DISTINCT j.o, j.duty, j.day FROM judged j JOIN ex e ON e.o = j.o AND (e.duty = j.duty OR e.duty = -1)
  AND e.lo <= j.day AND j.day <= e.hi) x ON x.o = j.o AND x.duty = j.duty AND x.day = j.day) GROUP BY o, duty""",
    ]  # fmt: skip


def _looks(duty: int, period: int, calendar: int = 0) -> list[tuple[int, ...]]:
    """Return (duty, class, window, last day, day looked at, open) of the windows of a state."""
    return [
        (duty, class_of(period, calendar), n, hi, min(hi, TODAY), int(hi >= TODAY))
        for n, _, hi in plain.windows(period, calendar)
    ]


def _states(at: dict[str, str]) -> list[str]:
    looks = [row for d, _, p, *_ in (*plain.VALID, *plain.HOLDS, plain.GUARDS, plain.LEASE) for row in _looks(d, p)]
    rules = [(cal, *row[2:]) for cal in range(CALENDARS) for row in _looks(plain.RULES[0], plain.TERM, cal)]
    valid, holds = plain.VALID, plain.HOLDS
    guards, lease, kept = plain.GUARDS, plain.LEASE, f"{valid[0][0]}, {valid[1][0]}, {holds[0][0]}, {holds[1][0]}"
    return [
        f"CREATE OR REPLACE TEMP TABLE sp AS SELECT * FROM {at['spans']}",
        f"CREATE OR REPLACE TEMP TABLE look AS SELECT * FROM ({values(looks)}) t(duty, class, p, hi, snap, is_open)",
        """
CREATE OR REPLACE TEMP TABLE seen AS SELECT a.o, l.duty, l.p, l.hi, l.snap, l.is_open FROM look l
JOIN ap a ON a.duty = l.duty AND a.lo <= l.snap AND a.hi >= l.snap""",
        # since when a version has been good or bad without a break: needed only where days to mend are given
        f"""
CREATE OR REPLACE TEMP TABLE runs AS SELECT *, min(lo) OVER (PARTITION BY o, item, run) AS since FROM (
 SELECT *, sum(fresh) OVER (PARTITION BY o, item ORDER BY lo) AS run FROM (
  SELECT *, CASE WHEN lag(hi) OVER (PARTITION BY o, item ORDER BY lo) = lo - 1
   AND lag(good) OVER (PARTITION BY o, item ORDER BY lo) = good THEN 0 ELSE 1 END AS fresh FROM sp
  WHERE signal = {holds[0][1]}))""",
        f"""
CREATE OR REPLACE TEMP TABLE stood AS
SELECT p.o, l.duty, l.p, count(*) AS n, count(CASE WHEN p.till < l.snap THEN 1 END) AS bad,
 min(CASE WHEN p.till < l.snap THEN p.till END) AS lapse FROM (
 SELECT o, {valid[0][0]} AS duty, lo, hi, till FROM sp WHERE signal = {valid[0][1]}
 UNION ALL SELECT o, {valid[1][0]}, lo, hi, till FROM sp WHERE signal = {valid[1][1]}
 UNION ALL SELECT o, {holds[0][0]}, lo, hi, CASE WHEN good = 1 THEN till ELSE since - 1 END FROM runs
 UNION ALL SELECT o, {holds[1][0]}, lo, hi, CASE WHEN good = 1 THEN till ELSE lo - 1 END FROM sp WHERE signal = {holds[1][1]}
 UNION ALL SELECT o, {guards[0]}, lo, hi, 10000000 FROM sp WHERE signal = {guards[1]}
 UNION ALL SELECT o, {lease[0]}, lo, hi, 10000000 FROM sp WHERE signal = {lease[1]}) p
JOIN look l ON l.duty = p.duty AND p.lo <= l.snap AND l.snap <= p.hi GROUP BY p.o, l.duty, l.p""",
        f"""
CREATE OR REPLACE TEMP TABLE kept AS
SELECT w.o, w.duty, w.hi AS day, CASE WHEN s.bad = 0 THEN 0 WHEN w.is_open = 1 AND w.duty = {valid[1][0]}
  AND w.snap <= s.lapse + {valid[1][3]} THEN 1 WHEN w.is_open = 1 AND w.duty = {holds[0][0]}
  AND w.snap <= s.lapse + {holds[0][3]} THEN 1 WHEN w.is_open = 1 THEN 2 ELSE 3 END AS st, TRUE AS on_time
FROM seen w JOIN stood s ON s.o = w.o AND s.duty = w.duty AND s.p = w.p WHERE w.duty IN ({kept})
 UNION ALL
SELECT w.o, w.duty, w.hi, CASE WHEN s.o IS NULL THEN 0 WHEN w.is_open = 1 THEN 2 ELSE 3 END, TRUE
FROM seen w LEFT JOIN stood s ON s.o = w.o AND s.duty = w.duty AND s.p = w.p WHERE w.duty = {lease[0]}
 UNION ALL
SELECT w.o, w.duty, w.hi, CASE WHEN coalesce(s.n, 0) >= CASE WHEN t.value < 100 THEN 1 WHEN t.value < 1000 THEN 2
 ELSE 2 + (t.value - 1000) // 500 END THEN 0 WHEN w.is_open = 1 THEN 2 ELSE 3 END, TRUE
FROM seen w JOIN (SELECT * FROM {at["traitnum"]} WHERE trait = 'pupils' AND value BETWEEN 0 AND 10000000) t
 ON t.o = w.o AND t.lo <= w.snap AND w.snap <= t.hi
LEFT JOIN stood s ON s.o = w.o AND s.duty = w.duty AND s.p = w.p WHERE w.duty = {guards[0]}
 UNION ALL
SELECT a.o, a.duty, l.hi, CASE WHEN coalesce(r.n, 0) = {plain.RULES[3]} THEN 0 WHEN l.is_open = 1 THEN 2 ELSE 3 END, TRUE
FROM ap a JOIN oc ON oc.o = a.o JOIN ({values(rules)}) l(cal, p, hi, snap, is_open)
 ON l.cal = oc.cal AND a.lo <= l.snap AND l.snap <= a.hi
LEFT JOIN (SELECT s.o, l.p, count(DISTINCT s.k) AS n FROM sp s JOIN oc ON oc.o = s.o
 JOIN ({values(rules)}) l(cal, p, hi, snap, is_open) ON l.cal = oc.cal AND s.lo <= l.snap AND l.snap <= s.hi
 WHERE s.signal = {plain.RULES[1]} GROUP BY s.o, l.p) r ON r.o = a.o AND r.p = l.p WHERE a.duty = {plain.RULES[0]}""",
    ]  # fmt: skip


def _owed(duties: str) -> str:
    """Return the windows of a few duties that each bearer has to answer for."""
    return f"""
SELECT a.o, a.duty, w.class, w.p, w.lo, w.hi, w.due, w.is_open, least(w.hi, {TODAY}) AS snap FROM ap a JOIN oc ON oc.o = a.o
JOIN ({duties}) u(duty, class, step) ON u.duty = a.duty
JOIN win w ON w.class = u.class + u.step * oc.cal AND a.lo <= w.hi AND a.hi >= w.lo
GROUP BY a.o, a.duty, w.class, w.p, w.lo, w.hi, w.due, w.is_open
HAVING 2 * sum(least(a.hi, w.hi) - greatest(a.lo, w.lo) + 1) >= w.hi - w.lo + 1"""


def _covers(at: dict[str, str]) -> list[str]:
    duties = values((d, class_of(p, 0), int(p in plain.BY_CALENDAR)) for d, _, p, _ in plain.COVERS)
    signals = values((d, s, share) for d, s, _, share in plain.COVERS)
    return [
        f"CREATE OR REPLACE TEMP TABLE cover AS {_owed(duties)}",
        f"""
CREATE OR REPLACE TEMP TABLE covered AS
SELECT o, duty, due AS day, CASE WHEN n * 1000 >= size * share THEN 0 WHEN is_open = 1 THEN 1 ELSE 3 END AS st,
 n_in * 1000 >= size * share AS on_time FROM (
 SELECT m.o, m.duty, m.due, m.is_open, s.share, count(*) AS size, count(h.k) AS n, count(CASE WHEN h.early <= m.due THEN 1 END) AS n_in
 FROM (SELECT DISTINCT c.o, c.duty, c.p, c.due, c.is_open, m.k FROM cover c JOIN {at["member"]} m ON m.duty = c.duty
  AND m.o = c.o AND m.lo <= c.snap AND c.snap <= m.hi) m JOIN ({signals}) s(duty, signal, share) ON s.duty = m.duty
 LEFT JOIN (SELECT c.o, c.duty, c.p, d.k, min(d.rday) AS early FROM {at["deeds"]} d
  JOIN ({signals}) s(duty, signal, share) ON s.signal = d.signal
  JOIN cover c ON c.o = d.o AND c.duty = s.duty AND c.lo <= d.day AND d.day <= c.hi
  WHERE d.signal IN ({", ".join(str(s) for _, s, _, _ in plain.COVERS)}) GROUP BY c.o, c.duty, c.p, d.k) h
 ON h.o = m.o AND h.duty = m.duty AND h.p = m.p AND h.k = m.k GROUP BY m.o, m.duty, m.p, m.due, m.is_open, s.share)""",
    ]  # fmt: skip


def _ratios() -> list[str]:
    duties = values(
        [(d, class_of(p, 0), 0) for d, _, _, p, _ in plain.RATIOS]
        + [(d, class_of(p, 0), 0) for d, _, p in (plain.FEWER, plain.BANNED)]
    )
    sides = values((d, have, of, least) for d, have, of, _, least in plain.RATIOS)
    return [
        f"CREATE OR REPLACE TEMP TABLE ratio AS {_owed(duties)}",
        f"""
CREATE OR REPLACE TEMP TABLE shares AS
SELECT w.o, w.duty, w.due AS day, CASE WHEN h.n * 1000 >= b.n * s.least THEN 0 WHEN w.is_open = 1 THEN 1 ELSE 3 END AS st,
 h.n_in * 1000 >= b.n * s.least AS on_time FROM ratio w JOIN ({sides}) s(duty, have, of, least) ON s.duty = w.duty
JOIN tally b ON b.o = w.o AND b.signal = s.of AND b.p = w.p AND b.n > 0
JOIN tally h ON h.o = w.o AND h.signal = s.have AND h.p = w.p
 UNION ALL
SELECT w.o, w.duty, w.due, CASE WHEN coalesce(h.n, 0) < b.n THEN 0 WHEN w.is_open = 1 THEN 1 ELSE 3 END,
 coalesce(h.n_in, 0) < b.n FROM ratio w
JOIN tally b ON b.o = w.o AND b.signal = {plain.FEWER[1]} AND b.p = w.p - 1
LEFT JOIN tally h ON h.o = w.o AND h.signal = {plain.FEWER[1]} AND h.p = w.p WHERE w.duty = {plain.FEWER[0]}
 UNION ALL
SELECT w.o, w.duty, w.due, CASE WHEN h.o IS NULL THEN 0 ELSE 3 END, TRUE FROM ratio w
LEFT JOIN tally h ON h.o = w.o AND h.signal = {plain.BANNED[1]} AND h.p = w.p WHERE w.duty = {plain.BANNED[0]}""",
    ]


def _respond(at: dict[str, str]) -> list[str]:
    answers = [(d, s, what) for d, _, a, lift, _ in plain.RESPOND for s, what in ((a, 2), (lift, 3)) if s >= 0]
    hazard, warning, visit, _, tip, complaint = plain.RESPOND
    signals = ", ".join(str(s) for row in plain.RESPOND for s in row[1:] if s >= 0)
    afters = values((d, plain.after(d, 5), plain.after(d, 10)) for d in range(START, TODAY + 1))
    far = FAR * 1440
    return [
        f"CREATE OR REPLACE TEMP TABLE rd AS SELECT signal, o, k, f, day, at_min, amount FROM {at['deeds']} WHERE signal IN ({signals})",
        f"""
CREATE OR REPLACE TEMP TABLE asked AS SELECT r.duty, d.o, d.k, d.f, d.day, d.at_min, d.amount FROM rd d
JOIN ({values((d, to) for d, to, *_ in plain.RESPOND)}) r(duty, signal) ON r.signal = d.signal
SEMI JOIN ap a ON a.o = d.o AND a.duty = r.duty AND a.lo <= d.day AND d.day <= a.hi
WHERE d.day >= {START} AND d.k IS NOT NULL""",
        f"""
CREATE OR REPLACE TEMP TABLE ends AS SELECT r.duty, d.o, d.k, d.f, r.what, d.at_min FROM rd d
JOIN ({values(answers)}) r(duty, signal, what) ON r.signal = d.signal WHERE d.k IS NOT NULL""",
        """
CREATE OR REPLACE TEMP TABLE first_end AS SELECT a.duty, a.o, a.k, a.f, a.day, a.at_min, a.amount, e.f AS ended, e.what,
 e.at_min AS ended_at FROM asked a ASOF LEFT JOIN ends e ON e.duty = a.duty AND e.o = a.o AND e.k = a.k AND a.f < e.f""",
        f"""
CREATE OR REPLACE TEMP TABLE moved AS SELECT a.f, a.o, arg_max(m.amount, m.f) AS amount
FROM first_end a JOIN rd m ON m.signal = {hazard[4]} AND m.o = a.o AND m.k = a.k AND m.f > a.f
 AND m.f < coalesce(a.ended, 9000000000000000000) AND m.amount IS NOT NULL WHERE a.duty = {hazard[0]} GROUP BY a.f, a.o""",
        f"""
CREATE OR REPLACE TEMP TABLE answered AS
SELECT o, duty, day, CASE WHEN what = 2 AND ended_at <= closes THEN 0 WHEN {NOW} <= due THEN 1 WHEN {NOW} <= closes THEN 2
 ELSE 3 END AS st, what = 2 AND ended_at <= due AS on_time FROM (
 SELECT *, CASE WHEN duty = {visit[0]} THEN due + 45 * 1440 ELSE {far} END AS closes FROM (
  SELECT a.o, a.duty, a.day, a.what, a.ended_at, CASE a.duty WHEN {hazard[0]} THEN coalesce(m.amount, a.amount, {far})
   WHEN {warning[0]} THEN a.at_min + 48 * 60 WHEN {visit[0]} THEN (a.day + 15) * 1440 + 1439
   WHEN {complaint[0]} THEN (a.day + 10) * 1440 + 1439 WHEN {tip[0]} THEN w.five * 1440 + 1439
   ELSE w.ten * 1440 + 1439 END AS due FROM first_end a JOIN ({afters}) w(day, five, ten) ON w.day = a.day
  LEFT JOIN moved m ON m.f = a.f AND m.o = a.o AND a.duty = {hazard[0]}
  WHERE coalesce(a.what, 0) <> 3))""",
    ]  # fmt: skip


class Way:
    """DuckDB with the hand-written text."""

    rows = False

    def __init__(self, folders: list[Path]) -> None:
        """Open an empty database with both cores."""
        self.folders = folders
        self.con = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "preserve_insertion_order": False})
        self.con.execute(f"SET temp_directory = '{folders[0].parent / 'spill'}'")
        self.said: dict[str, Any] = {}

    def run(self) -> None:
        """Evaluate."""
        for n, folder in enumerate(self.folders):
            for statement in statements(folder, rows=self.rows):
                self.con.execute(statement).fetchall()
            into = "INSERT INTO found" if n else "CREATE TEMP TABLE found AS"
            self.con.execute(f"{into} SELECT * FROM summary").fetchall()

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.con.execute(f"COPY found TO '{path}' (FORMAT parquet)")
