"""The SELECTs of counting on: what a count keeps, what changes it, and who is judged again.

They stand beside those of the program (``core.duties.program``) and read its tables.
"""

from __future__ import annotations

from typing import Final

from huxue.core.duties.program import COUNTS

NAMES: Final = ("met", "due", "overdue", "missed", "excused", "on_time", "verified", "verifiable")
SUMS: Final = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in NAMES)
ALL: Final = ", ".join(NAMES)
NOW: Final = ", ".join(f"now_{name}" for name in NAMES)
REST: Final = ("kept", *NAMES, *(f"now_{name}" for name in NAMES))
NONE: Final = ", ".join("0" for _ in NAMES)
CHAINS: Final = ("chain0", "chain1", "chain2", "chain3", "chain4")
RUNS: Final = ("mended", "run0", "run1", "run")
LOOKED_AT: Final = ("owed_partly", "owed", "stands", "excused")  # by organisation, duty and window: what is judged
JUDGED: Final = ("held", "members", "done", "covered", "ratio0", "ratio1", "ratio2", "judged", "verdict", "standing")
ANSWERED: Final = ("pairs", "moved", "ending", "answered")
KEYS: Final = {"tally": ("o", "slot", "part"), "each": ("o", "slot", "k", "day")}
SUMMED: Final = {"tally": ("n", "n_in", "n_ver", "hits"), "each": ("n", "n_in", "n_ver")}
THERE: Final = {"tally": "hits > 0", "each": "n > 0"}  # else there is no such row in the program's own
MET_COUNTS: Final = ("met", "due", "overdue", "on_time", "verified", "broken")
# what is met, counted from ``counted`` and ``tally``; numbers below zero stand for how it was the day before
MET: Final = """
SELECT c.o, s.duty, count(*) AS met,
 count(CASE WHEN CASE WHEN c.o < 0 THEN a.was ELSE s.miss END = 1 THEN 1 END) AS due,
 count(CASE WHEN CASE WHEN c.o < 0 THEN a.was ELSE s.miss END = 2 THEN 1 END) AS overdue,
 count(CASE WHEN c.n_in >= s.need THEN 1 END) AS on_time, count(CASE WHEN c.n_ver >= s.need THEN 1 END) AS verified,
 0 AS broken FROM counted c JOIN slots s ON s.slot = c.slot AND s.how IN (0, 1, 2) AND c.n >= s.need
JOIN age a ON a.slot = c.slot GROUP BY c.o, s.duty
 UNION ALL
SELECT t.o, s.duty, 0, 0, 0, 0, 0, count(*) FROM tally t
JOIN slots s ON s.slot = t.slot AND s.how = 4 AND s.is_state = 0
GROUP BY t.o, s.duty"""
OWING: Final = """
SELECT o, duty FROM partly WHERE duty IN (SELECT duty FROM slots) UNION
SELECT t.o, t.duty FROM throughout t LEFT JOIN plain p ON p.o = t.o AND p.duty = t.duty WHERE p.o IS NULL"""
# standings of windows by whether these are over, those of triggers by whether a later day can change them
BY_AGE: Final = f"""
SELECT o, duty, over, {COUNTS} FROM (SELECT v.*, a.over FROM standing v JOIN age a ON a.slot = v.slot)
GROUP BY o, duty, over"""
JUDGEMENT: Final = f"""
SELECT o, duty, over, {COUNTS} FROM (
 SELECT v.*, a.over FROM standing v JOIN age a ON a.slot = v.slot
 LEFT JOIN again g ON g.o = v.o AND g.duty = v.duty WHERE a.fresh = 1 OR g.o IS NOT NULL)
GROUP BY o, duty, over"""
FINAL: Final = """
SELECT duty, o, f, max(CASE WHEN (ending = 2 AND ended_at <= closes) OR closes < {now} THEN 1 ELSE 0 END) AS final
FROM closing GROUP BY duty, o, f"""
SETTLED: Final = f"""
SELECT o, duty, final, {COUNTS} FROM (SELECT v.*, s.final FROM standing v
 JOIN ({FINAL}) s ON s.duty = v.duty AND s.o = v.o AND s.f = v.f WHERE v.slot = -1) GROUP BY o, duty, final"""
TRIGGERS: Final = f"""
SELECT a.* FROM answered a JOIN ({FINAL}) s ON s.duty = a.duty AND s.o = a.o AND s.f = a.f WHERE s.final = {{final}}"""
# all that a whole count keeps, read off what the lean program leaves
WHOLE: Final = {
    "tally": "SELECT * FROM tally",
    "each": "SELECT * FROM each",
    "met": MET,
    "rest": f"""
SELECT w.o, w.duty, 1 AS kept, {", ".join(f"coalesce(v.{name}, 0) AS {name}" for name in NAMES)},
 {", ".join(f"coalesce(n.{name}, 0) AS now_{name}" for name in NAMES)} FROM ({OWING}) w
LEFT JOIN (SELECT * FROM ({BY_AGE}) WHERE over = 1) v ON v.o = w.o AND v.duty = w.duty
LEFT JOIN (SELECT * FROM ({BY_AGE}) WHERE over = 0) n ON n.o = w.o AND n.duty = w.duty""",
    "event": "SELECT * FROM events",
    "answered": TRIGGERS.replace("{final}", "1"),
    "open": TRIGGERS.replace("{final}", "0"),
    "settled": f"SELECT o, duty, {ALL} FROM ({SETTLED}) WHERE final = 1",
    "ahead": "SELECT * FROM deeds WHERE day > {today}",
}
# who is judged again in all windows, because an entry, a member or an excuse changed
CHANGED: Final = {
    "spans": """
SELECT DISTINCT p.o, s.duty FROM ({touched}) p
JOIN stateslot t ON t.signal = p.signal JOIN slots s ON s.slot = t.slot""",
    "member": "SELECT DISTINCT o, duty FROM ({touched})",
    "excuse": """
SELECT DISTINCT w.o, w.duty FROM owing w JOIN ({touched}) e ON e.o = w.o AND (e.duty = w.duty OR e.duty = -1)""",
}
# who is judged again in windows that are not over, because of what came or because days went by: a window opened, fell
# due, closed or ended; an entry, a member, a trait or a duty began or ended; something lapsed or is being mended
PASSED: Final = (
    "SELECT o, duty FROM again",
    "SELECT w.o, w.duty FROM owing w JOIN orgcal c ON c.o = w.o JOIN moved_duty m ON m.duty = w.duty AND m.cal = c.cal",
    "SELECT d.o, s.duty FROM new_tally d JOIN slots s ON s.slot = d.slot",
    "SELECT d.o, s.duty FROM new_each d JOIN slots s ON s.slot = d.slot",
    """
SELECT DISTINCT p.o, t.duty FROM all_spans p JOIN state_duty t ON t.signal = p.signal
WHERE (p.lo > {before} AND p.lo <= {today}) OR (p.hi >= {before} AND p.hi < {today})
 OR (p.till >= {before} AND p.till < {today})""",
    """
SELECT r.o, r.duty FROM rest_before r JOIN (SELECT DISTINCT duty FROM slots WHERE mend >= 0) s ON s.duty = r.duty
WHERE r.now_due > 0""",
    """
SELECT n.o, p.duty FROM traitnum n JOIN (SELECT DISTINCT duty, trait FROM needpart) p ON p.trait = n.trait
WHERE (n.lo > {before} AND n.lo <= {today}) OR (n.hi >= {before} AND n.hi < {today})""",
    *(
        f"""
SELECT o, duty FROM {name} WHERE (lo > {{before}} AND lo <= {{today}}) OR (hi >= {{before}} AND hi < {{today}})"""
        for name in ("member", "app")
    ),
)
