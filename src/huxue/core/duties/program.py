"""The fixed program: named SELECTs over the frame, the compiled tables and the two generated lists.

Plain SQL that means the same on DuckDB, SQLite, PostgreSQL and Spark: joins, aggregation, CASE, window functions; no
FILTER, QUALIFY, integer division or column called "at". ``{now}`` is the last minute of the as-of day.

Facts are known by ``f``: minute x 1,000,000 + rank within the minute (ranked by id), so ``f`` is the order of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FAR_MINUTE: Final = 14_400_000_000
# signal, calendar, day and mark in one number: joining on it costs a sixth less; no window lies 179 years from 1970
_KEY: Final = "(CAST({signal} AS BIGINT) * 1048576 + {cal}) * 262144 + ({day} + 65536) * 2 + {makeup}"
_HITS: Final = f"""deeds d JOIN orgcal c ON c.o = d.o
JOIN slotmap m ON m.hit = {_KEY.format(signal="d.signal", cal="c.cal", day="d.day", makeup="d.makeup")}
 AND d.day BETWEEN -65536 AND 65535 AND d.rday <= m.max_rday AND d.at_day <= m.latest"""

PROGRAM: tuple[tuple[str, str], ...] = (
    # for each day the windows that a deed of it counts in, and by when it must have been entered
    (
        "slotmap",
        """
SELECT p.signal, p.cal, d.day, p.makeup, p.slot, p.part, p.due, coalesce(e.max_rday, 10000000) AS max_rday, p.latest,
 p.fine, {slot_key} AS hit FROM slotspan p JOIN days d ON d.day >= p.lo AND d.day <= p.hi
LEFT JOIN entered e ON e.cal = p.cal AND e.within = p.within AND e.day = d.day""",
    ),
    # who has to answer for which slots; nearly all bear a duty throughout, and for them the slots are those of the duty
    (
        "bounds",
        """
SELECT duty, cal, min(CASE WHEN due < lo THEN due ELSE lo END) AS lo, max(CASE WHEN due > hi THEN due ELSE hi END) AS hi
FROM slots GROUP BY duty, cal""",
    ),
    (
        "throughout",
        """
SELECT a.o, a.duty, c.cal FROM app a JOIN orgcal c ON c.o = a.o
JOIN bounds b ON b.duty = a.duty AND b.cal = c.cal AND a.lo <= b.lo AND a.hi >= b.hi AND c.since <= b.lo""",
    ),
    (
        "partly",
        """
SELECT a.o, a.duty, a.lo, a.hi, c.cal, c.since FROM app a JOIN orgcal c ON c.o = a.o
LEFT JOIN throughout t ON t.o = a.o AND t.duty = a.duty WHERE t.o IS NULL""",
    ),
    (
        "owed_partly",
        """
SELECT a.o, a.duty, s.slot FROM partly a
JOIN slots s ON s.duty = a.duty AND s.cal = a.cal AND a.lo <= s.hi AND a.hi >= s.lo AND s.lo >= a.since
GROUP BY a.o, a.duty, s.slot, s.is_state, s.present, s.lo, s.hi, s.snap
HAVING (s.is_state = 1 AND max(CASE WHEN a.lo <= s.snap AND s.snap <= a.hi THEN 1 ELSE 0 END) = 1)
 OR (s.is_state = 0 AND s.present = 0 AND 2 * sum(CASE WHEN a.hi < s.hi THEN a.hi ELSE s.hi END
     - CASE WHEN a.lo > s.lo THEN a.lo ELSE s.lo END + 1) >= s.hi - s.lo + 1)
 OR (s.is_state = 0 AND s.present = 1 AND sum(CASE WHEN a.hi < s.hi THEN a.hi ELSE s.hi END
     - CASE WHEN a.lo > s.lo THEN a.lo ELSE s.lo END + 1) = s.hi - s.lo + 1)
 UNION
SELECT a.o, a.duty, s.slot FROM partly a
JOIN slots s ON s.duty = a.duty AND s.cal = a.cal AND a.lo <= s.due AND a.hi >= s.due AND s.lo >= a.since
WHERE s.is_state = 0 AND s.present = 2""",
    ),
    (
        "owed",
        """
SELECT t.o, t.duty, s.slot FROM throughout t JOIN slots s ON s.duty = t.duty AND s.cal = t.cal
 UNION ALL SELECT o, duty, slot FROM owed_partly""",
    ),
    # one pass over the deeds for every duty that adds up what counts; sums, so that facts can be added and taken back
    (
        "tally",
        """
SELECT d.o, m.slot, m.part, CAST(sum(d.amount) AS BIGINT) AS n,
 CAST(sum(CASE WHEN {in_time} THEN d.amount ELSE 0 END) AS BIGINT) AS n_in,
 CAST(sum(CASE WHEN d.ver = 1 THEN d.amount ELSE 0 END) AS BIGINT) AS n_ver, count(*) AS hits
FROM {hits} AND m.fine = 0 GROUP BY d.o, m.slot, m.part""",
    ),
    # and another for those that tell deeds apart: by a value or a member (1), by the day (2)
    ("fine_signal", "SELECT DISTINCT signal FROM slotmap WHERE fine <> 0"),
    (
        "each",
        """
SELECT d.o, m.slot, d.k, CASE WHEN m.fine = 2 THEN d.at_day ELSE 0 END AS day, count(*) AS n,
 count(CASE WHEN {in_time} THEN 1 END) AS n_in, count(CASE WHEN d.ver = 1 THEN 1 END) AS n_ver
FROM {hits} AND m.fine <> 0 WHERE d.signal IN (SELECT signal FROM fine_signal)
GROUP BY d.o, m.slot, d.k, CASE WHEN m.fine = 2 THEN d.at_day ELSE 0 END""",
    ),
    # spaced (only they have a day in ``each``): greedy from the earliest, unrolled; v = 0 all, 1 in time, 2 verified
    (
        "chain0",
        """
SELECT e.o, e.slot, s.spaced, 0 AS v, e.day FROM each e JOIN slots s ON s.slot = e.slot AND s.how = 1 WHERE e.day <> 0
 UNION ALL
SELECT e.o, e.slot, s.spaced, 1, e.day FROM each e JOIN slots s ON s.slot = e.slot AND s.how = 1
WHERE e.day <> 0 AND e.n_in > 0
 UNION ALL
SELECT e.o, e.slot, s.spaced, 2, e.day FROM each e JOIN slots s ON s.slot = e.slot AND s.how = 1
WHERE e.day <> 0 AND e.n_ver > 0""",
    ),
    ("chain1", "SELECT o, slot, spaced, v, 1 AS n, min(day) AS last FROM chain0 GROUP BY o, slot, spaced, v"),
    *(
        (
            f"chain{i}",
            f"""
SELECT c.o, c.slot, c.spaced, c.v, c.n + CASE WHEN min(h.day) IS NULL THEN 0 ELSE 1 END AS n,
 coalesce(min(h.day), 10000000) AS last
FROM chain{i - 1} c LEFT JOIN chain0 h ON h.o = c.o AND h.slot = c.slot AND h.v = c.v AND h.day >= c.last + c.spaced
GROUP BY c.o, c.slot, c.spaced, c.v, c.n""",
        )
        for i in (2, 3, 4)
    ),
    (
        "told_apart",
        """
SELECT e.o, e.slot, count(e.k) AS n, sum(CASE WHEN e.k IS NOT NULL AND e.n_in > 0 THEN 1 ELSE 0 END) AS n_in,
 sum(CASE WHEN e.k IS NOT NULL AND e.n_ver > 0 THEN 1 ELSE 0 END) AS n_ver
FROM each e JOIN slots s ON s.slot = e.slot AND s.how = 2 GROUP BY e.o, e.slot
 UNION ALL
SELECT o, slot, max(CASE WHEN v = 0 THEN n ELSE 0 END), max(CASE WHEN v = 1 THEN n ELSE 0 END),
 max(CASE WHEN v = 2 THEN n ELSE 0 END)
FROM chain4 GROUP BY o, slot""",
    ),
    (
        "counted",
        "SELECT o, slot, n, n_in, n_ver FROM tally WHERE part = 0 UNION ALL SELECT * FROM told_apart",
    ),
    # what stands on the slot's day; ``since``: from when it has been like this without a break, where there is mending
    (
        "mended",
        "SELECT DISTINCT t.signal FROM stateslot t JOIN slots s ON s.slot = t.slot AND s.mend >= 0",
    ),
    (
        "run0",
        """
SELECT p.signal, p.o, p.item, p.lo, p.hi, p.k, p.amount, p.good, p.till,
 CASE WHEN lag(p.hi) OVER (PARTITION BY p.signal, p.o, p.item, p.k ORDER BY p.lo) = p.lo - 1
  AND lag(p.good) OVER (PARTITION BY p.signal, p.o, p.item, p.k ORDER BY p.lo) = p.good THEN 0 ELSE 1 END AS starts
FROM spans p JOIN mended m ON m.signal = p.signal""",
    ),
    (
        "run1",
        """
SELECT signal, o, item, lo, hi, k, amount, good, till,
 sum(starts) OVER (PARTITION BY signal, o, item, k ORDER BY lo
  ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS run FROM run0""",
    ),
    (
        "run",
        """
SELECT signal, o, lo, hi, k, amount, good, till,
 min(lo) OVER (PARTITION BY signal, o, item, k, run) AS since FROM run1
 UNION ALL
SELECT p.signal, p.o, p.lo, p.hi, p.k, p.amount, p.good, p.till, p.lo
FROM spans p LEFT JOIN mended m ON m.signal = p.signal WHERE m.signal IS NULL""",
    ),
    (
        "stands",
        """
SELECT p.o, s.slot, s.side, p.k, p.amount, p.since,
 CASE WHEN p.good = 1 THEN p.till ELSE p.since - 1 END AS till, s.snap
FROM run p JOIN orgcal c ON c.o = p.o JOIN stateslot s ON s.signal = p.signal AND s.cal = c.cal
 AND p.lo <= s.snap AND s.snap <= p.hi""",
    ),
    (
        "held",
        """
SELECT o, slot, side, count(*) AS n, sum(amount) AS amount, sum(CASE WHEN till >= snap THEN 1 ELSE 0 END) AS valid,
 min(CASE WHEN till < snap THEN till END) AS lapse, min(since) AS since FROM stands GROUP BY o, slot, side""",
    ),
    # cover: the members of the slot's day, left join what was done
    (
        "members",
        """
SELECT w.o, w.slot, m.k FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 3
JOIN member m ON m.duty = w.duty AND m.o = w.o AND m.lo <= s.snap AND s.snap <= m.hi
 UNION
SELECT w.o, w.slot, m.k FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 3
 JOIN member m ON m.duty = w.duty AND m.o = -1""",
    ),
    (
        "done",
        """
SELECT e.o, e.slot, e.k, e.n, e.n_in, e.n_ver FROM each e JOIN slots s ON s.slot = e.slot AND s.how = 3
 UNION ALL
SELECT p.o, p.slot, p.k, count(*), count(*), 0 FROM stands p JOIN slots s ON s.slot = p.slot AND s.how = 3
 GROUP BY p.o, p.slot, p.k""",
    ),
    (
        "covered",
        """
SELECT m.o, m.slot, count(*) AS size, sum(CASE WHEN d.n >= s.at_least THEN 1 ELSE 0 END) AS n,
 sum(CASE WHEN d.n_in >= s.at_least THEN 1 ELSE 0 END) AS n_in,
 sum(CASE WHEN d.n_ver >= s.at_least THEN 1 ELSE 0 END) AS n_ver
FROM members m JOIN slots s ON s.slot = m.slot LEFT JOIN done d ON d.o = m.o AND d.slot = m.slot AND d.k = m.k
GROUP BY m.o, m.slot""",
    ),
    # ratio: both sides added up from deeds, entries, traits and tables, constants
    (
        "ratio0",
        """
SELECT t.o, t.slot, t.part AS side, t.n, CASE WHEN t.part = 0 THEN t.n_in ELSE t.n END AS n_in,
 CASE WHEN t.part = 0 THEN t.n_ver ELSE t.n END AS n_ver, 0 AS tables
FROM tally t JOIN slots s ON s.slot = t.slot AND s.how = 5
 UNION ALL
SELECT h.o, h.slot, h.side, h.amount, h.amount, h.amount, 0 FROM held h JOIN slots s ON s.slot = h.slot AND s.how = 5
 UNION ALL
SELECT w.o, w.slot, p.side, {need}, {need}, {need}, 1 FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 5
JOIN needpart p ON p.duty = w.duty
JOIN traitnum n ON n.o = w.o AND n.trait = p.trait AND n.lo <= s.snap AND s.snap <= n.hi
 AND n.value BETWEEN p.lo AND p.hi
 UNION ALL
SELECT w.o, w.slot, 0, s.const0, s.const0, s.const0, 0
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 5 WHERE s.const0 IS NOT NULL
 UNION ALL
SELECT w.o, w.slot, 1, s.const1, s.const1, s.const1, 0
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 5 WHERE s.const1 IS NOT NULL""",
    ),
    (
        "ratio1",
        """
SELECT o, slot, side, sum(n) AS n, sum(n_in) AS n_in, sum(n_ver) AS n_ver, sum(tables) AS tables
FROM ratio0 GROUP BY o, slot, side""",
    ),
    (
        "ratio2",
        """
SELECT w.o, w.slot, s.low, s.high, s.cmp,
 coalesce(h.n, 0) AS n, coalesce(h.n_in, 0) AS n_in, coalesce(h.n_ver, 0) AS n_ver,
 CASE WHEN s.cmp <> 0 THEN p.n ELSE b.n END AS base
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 5
LEFT JOIN ratio1 h ON h.o = w.o AND h.slot = w.slot AND h.side = 0 AND h.tables = s.parts0
LEFT JOIN ratio1 b ON b.o = w.o AND b.slot = w.slot AND b.side = 1 AND b.tables = s.parts1
LEFT JOIN ratio1 p ON p.o = w.o AND p.slot = s.prev AND p.side = 0
WHERE CASE WHEN s.cmp <> 0 THEN p.n ELSE b.n END IS NOT NULL AND (s.cmp <> 0 OR s.base_need = 0 OR b.n > 0)""",
    ),
    # every verdict of a window: met 1, mending 2, not 0
    (
        "judged",
        """
SELECT w.o, w.slot, coalesce(t.n, 0) AS have, s.need,
 CASE WHEN coalesce(t.n, 0) >= s.need THEN 1 ELSE 0 END AS ok,
 CASE WHEN coalesce(t.n_in, 0) >= s.need THEN 1 ELSE 0 END AS on_time,
 CASE WHEN coalesce(t.n_ver, 0) >= s.need THEN 1 ELSE 0 END AS ver
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how IN (0, 1, 2) LEFT JOIN counted t ON t.o = w.o AND t.slot = w.slot
 UNION ALL
SELECT c.o, c.slot, c.n, {share},
 CASE WHEN c.n >= {share} THEN 1 ELSE 0 END, CASE WHEN c.n_in >= {share} THEN 1 ELSE 0 END,
 CASE WHEN s.is_entry = 1 THEN -1 WHEN c.n_ver >= {share} THEN 1 ELSE 0 END
FROM covered c JOIN (SELECT s.slot, s.share, CASE WHEN e.slot IS NULL THEN 0 ELSE 1 END AS is_entry FROM slots s
 LEFT JOIN (SELECT DISTINCT slot FROM stateslot) e ON e.slot = s.slot WHERE s.how = 3) s ON s.slot = c.slot
 UNION ALL
SELECT w.o, w.slot, coalesce(t.n, 0), 0, CASE WHEN coalesce(t.hits, 0) = 0 THEN 1 ELSE 0 END, 1, -1
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 4 AND s.is_state = 0
LEFT JOIN tally t ON t.o = w.o AND t.slot = w.slot AND t.part = 0
 UNION ALL
SELECT w.o, w.slot, coalesce(h.n, 0), 0, CASE WHEN coalesce(h.n, 0) = 0 THEN 1
 WHEN s.mend >= 0 AND s.snap <= h.since - 1 + s.mend THEN 2 ELSE 0 END, 1, -1
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 4 AND s.is_state = 1
LEFT JOIN held h ON h.o = w.o AND h.slot = w.slot
 UNION ALL
SELECT w.o, w.slot, h.valid, h.n, CASE WHEN h.valid = h.n THEN 1
 WHEN s.mend >= 0 AND s.snap <= h.lapse + s.mend THEN 2 ELSE 0 END, 1, -1
FROM owed w JOIN slots s ON s.slot = w.slot AND s.how = 6 JOIN held h ON h.o = w.o AND h.slot = w.slot
 UNION ALL
SELECT r.o, r.slot, r.n, CASE WHEN r.cmp <> 0 THEN r.base + r.cmp WHEN r.low IS NOT NULL THEN {low} ELSE {high} END,
 {pass_n}, CASE WHEN s.is_state = 1 THEN 1 ELSE {pass_in} END,
 CASE WHEN s.is_state = 1 OR r.cmp < 0 OR (r.cmp = 0 AND r.low IS NULL) THEN -1 ELSE {pass_ver} END
FROM ratio2 r JOIN slots s ON s.slot = r.slot""",
    ),
    # respond: triggers (1), answers (2), lifts (3), moved deadlines (4) in one list; the first later ending of each
    (
        "event_signal",
        """
SELECT duty, to_signal AS signal, 1 AS what FROM respond UNION ALL SELECT duty, with_signal, 2 FROM respond
 UNION ALL SELECT duty, lift_signal, 3 FROM respond UNION ALL SELECT duty, move_signal, 4 FROM respond""",
    ),
    (
        "events",
        """
SELECT r.duty, d.o, d.k, d.f, d.at_min, d.at_day AS day, r.what, CASE WHEN r.what IN (1, 4) THEN d.amount END AS amount,
 d.ver FROM deeds d JOIN event_signal r ON r.signal = d.signal""",
    ),
    (
        "pairs",
        """
SELECT duty, o, k, f, at_min, day, what, amount, min(CASE WHEN what IN (2, 3) THEN f END)
 OVER (PARTITION BY duty, o, k ORDER BY f RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS ended
FROM events WHERE k IS NOT NULL""",
    ),
    (
        "moved",
        """
SELECT duty, o, f, amount FROM (SELECT p.duty, p.o, p.f, m.amount,
 row_number() OVER (PARTITION BY p.duty, p.o, p.f ORDER BY m.f DESC) AS nth
FROM pairs p JOIN events m ON m.duty = p.duty AND m.o = p.o AND m.k = p.k AND m.what = 4 AND m.amount IS NOT NULL
 AND m.f > p.f AND m.f < coalesce(p.ended, 9000000000000000000) WHERE p.what = 1) z WHERE nth = 1""",
    ),
    (
        "ending",
        """
SELECT duty, o, k, f, min(what) AS what, max(ver) AS ver, min(at_min) AS at_min
FROM events WHERE what IN (2, 3) GROUP BY duty, o, k, f""",
    ),
    (
        "answered",
        """
SELECT p.duty, p.o, p.k, p.f, p.day, coalesce(e.what, 0) AS ending, e.at_min AS ended_at, coalesce(e.ver, 0) AS ver,
 c.cal, r.closes_days, r.closes_how,
 CASE WHEN m.f IS NULL AND r.by_field = 0 THEN coalesce(a.provisional, 0) ELSE 0 END AS provisional,
 coalesce(m.amount, CASE WHEN r.by_field = 1 THEN p.amount WHEN r.hours > 0 THEN p.at_min + 60 * r.hours
 ELSE a.due END, {far}) AS due
FROM pairs p JOIN respond r ON r.duty = p.duty JOIN orgcal c ON c.o = p.o
LEFT JOIN moved m ON m.duty = p.duty AND m.o = p.o AND m.f = p.f
LEFT JOIN after a ON a.duty = p.duty AND a.cal = c.cal AND a.what = 0 AND a.day = p.day
LEFT JOIN ending e ON e.duty = p.duty AND e.o = p.o AND e.k = p.k AND e.f = p.ended
WHERE p.what = 1 AND p.day >= c.since AND p.day >= r.lo AND p.day <= r.hi
 AND EXISTS (SELECT 1 FROM app x WHERE x.o = p.o AND x.duty = p.duty AND x.lo <= p.day AND p.day <= x.hi)""",
    ),
    (
        "closing",
        """
SELECT q.duty, q.o, q.f, q.day, q.ending, q.ended_at, q.ver, q.due, q.provisional,
 CASE q.closes_how WHEN 1 THEN q.due - q.due % 1440 + q.closes_days * 1440 + 1439 WHEN 2 THEN q.due + q.closes_days * 60
  WHEN 3 THEN coalesce(a.due, CASE WHEN q.due <= {now} THEN q.due ELSE {far} END) ELSE {far} END AS closes
FROM answered q LEFT JOIN after a ON a.duty = q.duty AND a.cal = q.cal AND a.what = 1
 AND a.day = (q.due - q.due % 1440) / 1440
WHERE q.ending <> 3""",
    ),
    (
        "excused",
        """
SELECT e.o, s.duty, s.slot, CAST(-1 AS BIGINT) AS f FROM excuse e JOIN orgcal c ON c.o = e.o
JOIN slots s ON s.cal = c.cal AND (e.duty = s.duty OR e.duty = -1) AND e.lo <= s.due AND s.due <= e.hi
 UNION
SELECT q.o, q.duty, -1, q.f FROM closing q JOIN excuse e ON e.o = q.o AND (e.duty = q.duty OR e.duty = -1)
 AND e.lo <= q.day AND q.day <= e.hi""",
    ),
    (
        "verdict",
        """
SELECT j.o, s.duty, s.slot, CAST(-1 AS BIGINT) AS f,
 CASE WHEN j.ok = 1 THEN 0 WHEN j.ok = 2 THEN 1 ELSE s.miss END AS st, j.on_time,
 CASE WHEN j.ok = 1 OR j.ver = -1 THEN j.ver ELSE 0 END AS ver, j.have, j.need,
 s.due * 1440 + 1439 AS due, s.provisional
FROM judged j JOIN slots s ON s.slot = j.slot
 UNION ALL
SELECT o, duty, -1, f,
 CASE WHEN ending = 2 AND ended_at <= closes THEN 0 WHEN {now} <= due THEN 1 WHEN {now} <= closes THEN 2 ELSE 3 END,
 CASE WHEN ending = 2 AND ended_at <= due THEN 1 ELSE 0 END,
 CASE WHEN ending = 2 AND ended_at <= closes THEN ver ELSE 0 END,
 CASE WHEN ending = 2 AND ended_at <= closes THEN 1 ELSE 0 END, 1, due, provisional FROM closing""",
    ),
    (
        "standing",
        """
SELECT v.o, v.duty, v.slot, v.f, CASE WHEN v.st <> 0 AND x.o IS NOT NULL THEN 4 ELSE v.st END AS st,
 CASE WHEN v.st = 0 THEN v.on_time ELSE 0 END AS on_time, v.ver, v.have, v.need, v.due, v.provisional
FROM verdict v LEFT JOIN excused x ON x.o = v.o AND x.duty = v.duty AND x.slot = v.slot AND x.f = v.f""",
    ),
)
# of the compiled tables alone: the same whoever is judged
FIXED: Final = frozenset({"slotmap", "fine_signal", "bounds", "mended", "event_signal", "plain_slots"})
ONCE: Final = frozenset({"counted", "judged", "verdict"})  # read once: an engine need not keep them
ONCE_FOR_SUMS: Final = ONCE | {"answered", "standing"}  # and these, where nothing but ``summary`` is read afterwards

COUNTS: Final = """count(CASE WHEN st = 0 THEN 1 END) AS met, count(CASE WHEN st = 1 THEN 1 END) AS due,
 count(CASE WHEN st = 2 THEN 1 END) AS overdue, count(CASE WHEN st = 3 THEN 1 END) AS missed,
 count(CASE WHEN st = 4 THEN 1 END) AS excused, count(CASE WHEN st = 0 AND on_time = 1 THEN 1 END) AS on_time,
 count(CASE WHEN st = 0 AND ver = 1 THEN 1 END) AS verified,
 count(CASE WHEN st = 0 AND ver >= 0 THEN 1 END) AS verifiable
"""
SUMMARY: Final = ("summary", f"SELECT o, duty, {COUNTS}FROM standing GROUP BY o, duty")

# Lean: for windows that deeds are counted in, "not met" depends on the slot and the day and never on the organisation.
# Who bears such a duty throughout and has no excuse needs no rows: what is not met is all less what is met.
_PLAIN: Final = (
    (
        "plain_slots",
        """
SELECT duty, cal, count(*) AS size, count(CASE WHEN miss = 1 THEN 1 END) AS due,
 count(CASE WHEN miss = 2 THEN 1 END) AS overdue, count(CASE WHEN miss = 3 THEN 1 END) AS missed,
 max(CASE WHEN how = 4 THEN 1 ELSE 0 END) AS banned
FROM slots WHERE (how IN (0, 1, 2) AND need > 0) OR (how = 4 AND is_state = 0) GROUP BY duty, cal""",
    ),
    (
        "plain",
        """
SELECT t.o, t.duty, p.size, p.due, p.overdue, p.missed, p.banned
FROM throughout t JOIN plain_slots p ON p.duty = t.duty AND p.cal = t.cal
LEFT JOIN (SELECT DISTINCT o FROM excuse WHERE duty = -1) x ON x.o = t.o
LEFT JOIN (SELECT DISTINCT o, duty FROM excuse) e ON e.o = t.o AND e.duty = t.duty
WHERE x.o IS NULL AND e.o IS NULL""",
    ),
    (
        "owed",
        """
SELECT t.o, t.duty, s.slot FROM throughout t JOIN slots s ON s.duty = t.duty AND s.cal = t.cal
LEFT JOIN plain p ON p.o = t.o AND p.duty = t.duty WHERE p.o IS NULL
 UNION ALL SELECT o, duty, slot FROM owed_partly""",
    ),
)
_LEAN: Final = (
    (
        "plain_met",
        """
SELECT c.o, s.duty, count(*) AS met, count(CASE WHEN s.miss = 1 THEN 1 END) AS due,
 count(CASE WHEN s.miss = 2 THEN 1 END) AS overdue,
 count(CASE WHEN c.n_in >= s.need THEN 1 END) AS on_time,
 count(CASE WHEN c.n_ver >= s.need THEN 1 END) AS verified
FROM counted c JOIN slots s ON s.slot = c.slot AND s.how IN (0, 1, 2) AND c.n >= s.need GROUP BY c.o, s.duty""",
    ),
    (
        "broken",
        """
SELECT t.o, s.duty, count(*) AS n FROM tally t JOIN slots s ON s.slot = t.slot AND s.how = 4 AND s.is_state = 0
GROUP BY t.o, s.duty""",
    ),
    (
        "summary",
        f"""
SELECT p.o, p.duty, coalesce(m.met, 0) AS met, p.due - coalesce(m.due, 0) AS due,
 p.overdue - coalesce(m.overdue, 0) AS overdue,
 p.missed - coalesce(m.met - m.due - m.overdue, 0) AS missed, 0 AS excused,
 coalesce(m.on_time, 0) AS on_time, coalesce(m.verified, 0) AS verified, coalesce(m.met, 0) AS verifiable
FROM plain p LEFT JOIN plain_met m ON m.o = p.o AND m.duty = p.duty WHERE p.banned = 0
 UNION ALL
SELECT p.o, p.duty, p.size - coalesce(b.n, 0), 0, 0, coalesce(b.n, 0), 0, p.size - coalesce(b.n, 0), 0, 0
FROM plain p LEFT JOIN broken b ON b.o = p.o AND b.duty = p.duty WHERE p.banned = 1
 UNION ALL
SELECT o, duty, {COUNTS}FROM standing GROUP BY o, duty""",
    ),
)


def program(as_of: int, *, lean: bool = False) -> list[tuple[str, str]]:
    """Return the named SELECTs for one as-of day, in order; the last is ``standing``.

    ``lean``: the last is ``summary`` (what ``SUMMARY`` says of all standings), and ``standing`` has only those rows
    that cannot be counted without being written out.
    """
    named = list(PROGRAM)
    if lean:
        place = next(i for i, (name, _) in enumerate(named) if name == "owed")
        named[place : place + 1] = _PLAIN
        named += _LEAN
    # (value - beyond) over every, rounded down, in integers of any sign that every engine divides alike
    over = "(n.value - p.beyond)"
    rest = f"(({over} % p.every + p.every) % p.every)"
    need = f"p.base + CASE WHEN p.every > 0 THEN p.step * CAST(({over} - {rest}) / p.every AS BIGINT) ELSE 0 END"
    share = _up("c.size * s.share")
    texts = {
        "{hits}": _HITS,
        "{slot_key}": _KEY.format(signal="p.signal", cal="p.cal", day="d.day", makeup="p.makeup"),
        "{in_time}": "(d.makeup = 0 AND d.rday <= m.due)",
        "{now}": str(as_of * 1440 + 1439),
        "{far}": str(FAR_MINUTE),
        "{need}": need,
        "{share}": share,
        "{low}": _up("r.base * r.low"),
        "{high}": _down("r.base * r.high"),
        "{pass_n}": _pass("r.n"),
        "{pass_in}": _pass("r.n_in"),
        "{pass_ver}": _pass("r.n_ver"),
    }
    return [(name, _filled(text, texts).strip()) for name, text in named]


def _filled(text: str, texts: Mapping[str, str]) -> str:
    for mark, value in texts.items():
        text = text.replace(mark, value)
    return text


def _down(product: str) -> str:
    return f"CAST(({product} - {product} % 1000) / 1000 AS BIGINT)"


def _up(product: str) -> str:
    return f"CAST(({product} + 999 - ({product} + 999) % 1000) / 1000 AS BIGINT)"


def _pass(n: str) -> str:
    return (
        f"CASE WHEN r.cmp > 0 THEN CASE WHEN {n} > r.base THEN 1 ELSE 0 END "
        f"WHEN r.cmp < 0 THEN CASE WHEN {n} < r.base THEN 1 ELSE 0 END "
        f"WHEN (r.low IS NULL OR {n} * 1000 >= r.base * r.low) "
        f"AND (r.high IS NULL OR {n} * 1000 <= r.base * r.high) THEN 1 ELSE 0 END"
    )
