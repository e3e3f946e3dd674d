"""Counting on: the summary of a day from what was kept of an earlier one, for one shard.

A summary is a sum over windows and triggers. Windows that were over are kept added up; what changes them is found and
counted apart:

* deeds that came (+1) and that were taken back (-1) are counted by the program's own tally, and added to the kept one;
* windows that were not over are judged as ever, over the tally of these few windows alone;
* in windows that were over, what is met is corrected by new less old; organisations and duties that are looked at row
  by row are judged again in all their windows where a deed, an entry, a member or an excuse of theirs changed;
* triggers are matched again under the keys that were touched, and all of them are held against today.

Leaves ``summary`` and the tables that are kept (``new_…``, see ``tally.KEPT``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import duckdb
import pyarrow as pa

from huxue.core.duties.program import COUNTS, ONCE, program
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.frame import make
from huxue.standings.sets.layout import TABLES
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.tally import Tally
from huxue.standings.sets.windows import Numbered

_NAMES: Final = ("met", "due", "overdue", "missed", "excused", "on_time", "verified", "verifiable")
_SUMS: Final = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in _NAMES)
_ALL: Final = ", ".join(_NAMES)
_TOLD: Final = ("chain0", "chain1", "chain2", "chain3", "chain4", "told_apart", "counted")
_STATES: Final = ("mended", "run0", "run1", "run", "stands", "held")
_JUDGED: Final = (
    "owed_partly", "owed", *_TOLD, *_STATES, "members", "done", "covered", "ratio0", "ratio1", "ratio2", "judged",
    "excused", "verdict", "standing",
)  # fmt: skip
_ANSWERED: Final = ("pairs", "moved", "ending", "answered")
_TALLY: Final = "o, slot, part, CAST(sum(n) AS BIGINT) AS n, CAST(sum(n_in) AS BIGINT) AS n_in, \
CAST(sum(n_ver) AS BIGINT) AS n_ver, CAST(sum(hits) AS BIGINT) AS hits"
_EACH: Final = "o, slot, k, day, CAST(sum(n) AS BIGINT) AS n, CAST(sum(n_in) AS BIGINT) AS n_in, \
CAST(sum(n_ver) AS BIGINT) AS n_ver"
# what of ``counted`` and ``tally`` is over
MET: Final = """
SELECT c.o, s.duty, count(*) AS met, count(CASE WHEN c.n_in >= s.need THEN 1 END) AS on_time,
 count(CASE WHEN c.n_ver >= s.need THEN 1 END) AS verified, 0 AS broken
FROM counted c JOIN slots s ON s.slot = c.slot AND s.how IN (0, 1, 2) AND c.n >= s.need
JOIN age a ON a.slot = c.slot AND a.over = 1 GROUP BY c.o, s.duty
 UNION ALL
SELECT t.o, s.duty, 0, 0, 0, count(*) FROM tally t JOIN slots s ON s.slot = t.slot AND s.how = 4 AND s.is_state = 0
JOIN age a ON a.slot = t.slot AND a.over = 1 GROUP BY t.o, s.duty"""
OWING: Final = """
SELECT o, duty FROM partly WHERE duty IN (SELECT duty FROM slots) UNION
SELECT t.o, t.duty FROM throughout t LEFT JOIN plain p ON p.o = t.o AND p.duty = t.duty WHERE p.o IS NULL"""
_JUDGEMENT: Final = f"""
SELECT o, duty, over, {COUNTS} FROM (SELECT v.*, a.over FROM standing v JOIN age a ON a.slot = v.slot{{fresh}})
GROUP BY o, duty, over"""
# all that a whole count keeps, read off what the lean program leaves
WHOLE: Final = {
    "tally": "SELECT * FROM tally",
    "each": "SELECT * FROM each",
    "met": MET,
    "rest": f"""
SELECT o, duty, 0 AS kept, {_ALL} FROM ({_JUDGEMENT.replace("{fresh}", " AND a.over = 1")})
 UNION ALL SELECT o, duty, 1, {", ".join("0" for _ in _NAMES)} FROM ({OWING})""",
    "event": "SELECT * FROM events",
    "answered": "SELECT * FROM answered",
    "ahead": "SELECT * FROM deeds WHERE day > {today}",
}
_LATE: Final = {
    "spans": """
SELECT DISTINCT p.o, s.duty FROM ({touched}) p JOIN stateslot t ON t.signal = p.signal JOIN slots s ON s.slot = t.slot""",
    "member": "SELECT DISTINCT o, duty FROM ({touched})",
    "excuse": """
SELECT DISTINCT w.o, w.duty FROM owing w JOIN ({touched}) e ON e.o = w.o AND (e.duty = w.duty OR e.duty = -1)""",
}
TEXTS: Final = [MET, OWING, _JUDGEMENT, *WHOLE.values(), *_LATE.values(), _TALLY, _EACH]


def load_age(con: duckdb.DuckDBPyConnection, numbers: Numbered) -> None:
    """Make ``age`` (slot, fresh, over, recount), see ``windows``."""
    columns = list(zip(*numbers.age, strict=True)) if numbers.age else [()] * 4
    names = ("slot", "fresh", "over", "recount")
    con.register("rows", pa.table({n: pa.array(c, pa.int64()) for n, c in zip(names, columns, strict=True)}))
    make(con, "age", "SELECT * FROM rows")
    con.unregister("rows")


@dataclass(slots=True)
class Onward:
    """Counts on, one shard after another; the compiled tables and ``gone`` are in the connection."""

    con: duckdb.DuckDBPyConnection
    opened: Opened
    numbers: Numbered
    tally: Tally

    @property
    def _today(self) -> int:
        return self.numbers.made.as_of

    @property
    def _told(self) -> int:
        """How many generations of the set are counted already."""
        return self.tally.kept.covers[-1]

    def count(self, shard: int) -> None:
        """Count one shard."""
        engine.load(self.con, self.numbers.made)
        load_age(self.con, self.numbers)
        self._begin(shard)
        self._who()
        self._delta(shard)
        self._fresh_tally(shard)
        self._met(shard)
        self._again(shard)
        self._judge(shard)
        self._respond(shard)
        self._sum()

    # --- helpers -------------------------------------------------------------------------------------------------

    def _make(self, **tables: str) -> None:
        for name, select in tables.items():
            make(self.con, name, select)

    def _run(self, names: Iterable[str]) -> None:
        texts = dict(program(self._today, lean=True))
        for name in names:
            if name in ONCE:
                self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {texts[name]}").fetchall()
            else:
                make(self.con, name, texts[name])

    def _some(self, sql: str) -> bool:
        return bool(self.con.execute(f"SELECT 1 FROM ({sql}) LIMIT 1").fetchall())

    def _kept(self, name: str, shard: int, where: str = "") -> str:
        return self.tally.select(name, shard, where)

    # --- what there is -------------------------------------------------------------------------------------------

    def _begin(self, shard: int) -> None:
        self._make(**{
            name: self.opened.select(TABLES[name], shard)
            for name in ("app", "member", "excuse", "traitnum", "orgcal0", "spans")
        })  # fmt: skip
        frame.make(
            self.con, "orgcal", f"SELECT o, cal, greatest(in_use, {self.numbers.made.since}) AS since FROM orgcal0"
        )
        self._make(all_slots="SELECT * FROM slots", all_stateslot="SELECT * FROM stateslot")

    def _who(self) -> None:
        """Make ``owing`` (o, duty): those whose windows are judged one by one; and what is kept of them."""
        self._run(("bounds", "throughout", "partly", "plain_slots", "plain"))
        self._make(owing=OWING, all_throughout="SELECT * FROM throughout", all_partly="SELECT * FROM partly")

    # --- deeds that came and that were taken back -----------------------------------------------------------------

    def _delta(self, shard: int) -> None:
        con, before, deeds = self.con, self.tally.kept.as_of, TABLES["deeds"]
        self._make(came=self.opened.since(deeds, shard, self._told), back=self.opened.taken(deeds, shard, self._told))
        last = list(self.tally.files("ahead", shard))[-1:]
        ahead = f"SELECT * FROM read_parquet({last[0][1]})" if last else "SELECT * FROM came WHERE 1 = 0"
        taken = f"SELECT f FROM gone WHERE n >= {self._told}"
        self._make(
            still=f"SELECT * FROM ({ahead}) WHERE f NOT IN ({taken})",
            recount=f"""
SELECT DISTINCT p.slot FROM slotspan p JOIN age a ON a.slot = p.slot AND a.recount = 1 WHERE p.lo <= {before}""",
        )
        self._make(
            new_ahead=f"SELECT * FROM (SELECT * FROM still UNION ALL SELECT * FROM came) WHERE day > {self._today}",
            all_slotspan="SELECT * FROM slotspan",
            slotspan="SELECT * FROM slotspan WHERE slot NOT IN (SELECT slot FROM recount)",
        )
        signs = {
            "plus": f"SELECT * FROM came UNION ALL SELECT * FROM still WHERE day <= {self._today}",
            "minus": f"SELECT * FROM back WHERE day <= {before}",
        }
        parts: dict[str, list[str]] = {"tally": [], "each": []}
        for sign, rows in signs.items():
            self._count(rows, sign)
            for name, found in parts.items():
                found.append(f"SELECT * FROM {name}_{sign}" if sign == "plus" else _negative(name))
        if self._some("SELECT * FROM recount"):
            self._make(slotspan="SELECT * FROM all_slotspan WHERE slot IN (SELECT slot FROM recount)")
            signals = [s for (s,) in con.execute("SELECT DISTINCT signal FROM slotspan").fetchall()]
            inside = ", ".join(map(str, signals))
            self._count(self.opened.select(deeds, shard, f"signal IN ({inside})"), "anew")
            for name, found in parts.items():
                found.append(f"SELECT * FROM {name}_anew")
        self._make(
            new_tally=_added("tally", parts["tally"], "hits <> 0 OR n <> 0 OR n_in <> 0 OR n_ver <> 0"),
            new_each=_added("each", parts["each"], "n <> 0 OR n_in <> 0 OR n_ver <> 0"),
        )

    def _count(self, rows: str, into: str) -> None:
        """Count deeds by the program's tally, into ``tally_…`` and ``each_…``."""
        self._make(deeds=rows, days="SELECT DISTINCT day FROM deeds WHERE day IS NOT NULL")
        self._run(("slotmap", "tally", "each"))
        self._make(**{f"tally_{into}": "SELECT * FROM tally", f"each_{into}": "SELECT * FROM each"})

    # --- windows that are not over ----------------------------------------------------------------------------------

    def _fresh_tally(self, shard: int) -> None:
        """Make ``needed`` (slot) and the tally of these windows."""
        self._make(
            needed="""
SELECT slot FROM age WHERE fresh = 1 UNION
SELECT s.prev FROM slots s JOIN age a ON a.slot = s.slot AND a.fresh = 1 WHERE s.prev >= 0"""
        )
        slots = ", ".join(str(s) for (s,) in self.con.execute("SELECT slot FROM needed").fetchall()) or "-1"
        inside = f"slot IN ({slots})"
        for name, there in (("tally", "hits > 0"), ("each", "n > 0")):
            parts = [self._kept(name, shard, inside), f"SELECT * FROM new_{name} WHERE {inside}"]
            self._make(**{f"fresh_{name}": _added(name, parts, there)})

    def _tables(self, source: str) -> None:
        self._make(tally=f"SELECT * FROM {source}_tally", each=f"SELECT * FROM {source}_each")

    def _met(self, shard: int) -> None:
        """Make ``plain_met`` and ``broken`` of all windows, and ``new_met``."""
        self._make(slots="SELECT s.* FROM all_slots s JOIN age a ON a.slot = s.slot AND a.fresh = 1")
        self._tables("fresh")
        self._run((*_TOLD, "plain_met", "broken"))
        self._make(plain_fresh="SELECT * FROM plain_met", broken_fresh="SELECT * FROM broken", met_fresh=MET)
        self._make(slots="SELECT * FROM all_slots")
        self._late(shard)
        nothing = "SELECT o, duty, -met AS met, -on_time AS on_time, -verified AS verified, -broken AS broken FROM met_old"
        late = f"SELECT * FROM met_late UNION ALL {nothing}"
        self._make(
            new_met=_met_added(f"SELECT * FROM met_fresh UNION ALL {late}"),
            met_before=_met_added(f"{self._kept('met', shard)} UNION ALL {late}"),
        )
        self._make(
            plain_met="""
SELECT o, duty, sum(met) AS met, sum(due) AS due, sum(overdue) AS overdue, sum(on_time) AS on_time,
 sum(verified) AS verified FROM (SELECT * FROM plain_fresh UNION ALL
 SELECT o, duty, met, 0, 0, on_time, verified FROM met_before) GROUP BY o, duty""",
            broken="""
SELECT o, duty, sum(n) AS n FROM (SELECT o, duty, n FROM broken_fresh UNION ALL SELECT o, duty, broken FROM met_before)
GROUP BY o, duty""",
        )

    def _late(self, shard: int) -> None:
        """Make ``met_old`` and ``met_late``: windows that were over and in which something changed, before and now."""
        for name, there in (("tally", "hits > 0"), ("each", "n > 0")):
            self._make(**{
                f"late_{name}0": f"SELECT d.* FROM new_{name} d JOIN age a ON a.slot = d.slot AND a.fresh = 0"
            })  # fmt: skip
            pairs = f"(o, slot) IN (SELECT (o, slot) FROM late_{name}0)"
            old = self._kept(name, shard, pairs)
            if not self._some(f"SELECT * FROM late_{name}0"):
                old = f"SELECT * FROM late_{name}0"
            self._make(**{f"old_{name}": _added(name, [old], there)})
            self._make(**{f"late_{name}": _added(name, [f"SELECT * FROM old_{name}", f"SELECT * FROM late_{name}0"], there)})
        for source in ("old", "late"):
            self._tables(source)
            self._run(_TOLD)
            self._make(**{f"met_{source}": MET})

    # --- those who are judged again in all windows -----------------------------------------------------------------

    def _again(self, shard: int) -> None:
        """Make ``again`` (o, duty)."""
        kept = f"SELECT o, duty, sum(kept) AS kept, {_SUMS} FROM ({self._kept('rest', shard)}) GROUP BY o, duty"
        parts = [
            f"""
SELECT DISTINCT d.o, s.duty FROM (SELECT o, slot FROM late_{name}0) d JOIN slots s ON s.slot = d.slot"""
            for name in ("tally", "each")
        ]
        for name, text in _LATE.items():
            since, taken = (of(TABLES[name], shard, self._told) for of in (self.opened.since, self.opened.taken))
            parts.append(text.replace("{touched}", f"{since} UNION ALL {taken}"))
        self._make(rest_before=kept)
        parts.append("""
SELECT w.o, w.duty FROM owing w LEFT JOIN rest_before r ON r.o = w.o AND r.duty = w.duty AND r.kept = 1 WHERE r.o IS NULL""")
        self._make(
            again=f"SELECT w.o, w.duty FROM owing w WHERE (w.o, w.duty) IN (SELECT (o, duty) FROM ({' UNION '.join(parts)}))"
        )

    def _judge(self, shard: int) -> None:
        """Make ``judgement`` (o, duty, over, counts): of fresh windows, and of all windows of those judged again."""
        self._make(no_closing="""
SELECT 0 AS duty, 0 AS o, CAST(0 AS BIGINT) AS f, 0 AS day, 0 AS ending, 0 AS ended_at, 0 AS ver, 0 AS due,
 0 AS provisional, 0 AS closes WHERE 1 = 0""")  # fmt: skip
        self._make(
            closing="SELECT * FROM no_closing",
            throughout="SELECT * FROM all_throughout ANTI JOIN again USING (o, duty)",
            partly="SELECT * FROM all_partly ANTI JOIN again USING (o, duty)",
            slots="SELECT * FROM all_slots WHERE slot IN (SELECT slot FROM needed)",
            stateslot="SELECT * FROM all_stateslot WHERE slot IN (SELECT slot FROM needed)",
        )
        self._tables("fresh")
        self._run(_JUDGED)
        self._make(judgement=_JUDGEMENT.replace("{fresh}", " AND a.fresh = 1"))
        if not self._some("SELECT * FROM again"):
            return
        self._make(slots="SELECT * FROM all_slots", stateslot="SELECT * FROM all_stateslot")
        self._make(windows="SELECT s.slot, s.duty FROM slots s WHERE duty IN (SELECT duty FROM again)")
        for name, there in (("tally", "hits > 0"), ("each", "n > 0")):
            rows = f"{self._kept(name, shard)} UNION ALL SELECT * FROM new_{name}"
            wanted = f"""
SELECT t.* FROM ({rows}) t JOIN windows w ON w.slot = t.slot WHERE (t.o, w.duty) IN (SELECT (o, duty) FROM again)"""
            self._make(**{name: _added(name, [wanted], there)})
        self._make(
            throughout="SELECT * FROM all_throughout SEMI JOIN again USING (o, duty)",
            partly="SELECT * FROM all_partly SEMI JOIN again USING (o, duty)",
            all_spans="SELECT * FROM spans",
            spans="""
SELECT * FROM spans WHERE (o, signal) IN (SELECT (g.o, t.signal) FROM again g JOIN windows w ON w.duty = g.duty
 JOIN stateslot t ON t.slot = w.slot)""",
        )
        self._run(_JUDGED)
        self._make(spans="SELECT * FROM all_spans")
        self.con.execute(f"INSERT INTO judgement {_JUDGEMENT.replace('{fresh}', '')}").fetchall()

    # --- triggers --------------------------------------------------------------------------------------------------

    def _respond(self, shard: int) -> None:
        """Make ``response`` (o, duty, counts), ``new_event``, ``new_answered`` and ``new_keys``."""
        self._run(("event_signal",))
        self._make(deeds="SELECT * FROM back")
        self._run(("events",))
        self._make(event_back="SELECT * FROM events", deeds="SELECT * FROM came")
        self._run(("events",))
        self._make(new_event="SELECT * FROM events")
        self._make(new_keys="""
SELECT DISTINCT duty, o, k FROM (SELECT duty, o, k FROM event_back UNION ALL SELECT duty, o, k FROM new_event)
WHERE k IS NOT NULL""")  # fmt: skip
        there = " UNION ALL ".join(
            f"""
SELECT * FROM read_parquet({paths}) t WHERE (duty, o, k) IN (SELECT (duty, o, k) FROM new_keys)
 AND f NOT IN (SELECT f FROM gone WHERE n >= {self.tally.kept.covers[number]})"""
            for number, paths in self.tally.files("event", shard)
        )
        self._make(events=f"{there} UNION ALL SELECT * FROM new_event WHERE k IS NOT NULL")
        self._run(_ANSWERED)
        self._make(new_answered="SELECT * FROM answered")
        keys = " UNION ALL ".join(
            f"SELECT {number} AS n, * FROM read_parquet({paths})" for number, paths in self.tally.files("keys", shard)
        )
        here = f"SELECT {len(self.tally.kept.counts)} AS n, * FROM new_keys"
        self._make(later_keys=f"{keys} UNION ALL {here}" if keys else here)
        before = self._kept("answered", shard, """NOT EXISTS (SELECT 1 FROM later_keys g WHERE g.duty = t.duty
 AND g.o = t.o AND g.k = t.k AND g.n > {number})""")  # fmt: skip
        self.con.execute(f"INSERT INTO answered {before}").fetchall()
        self._run(("closing",))
        self._make(slots="SELECT * FROM all_slots WHERE 1 = 0", no_judged="SELECT * FROM judged WHERE 1 = 0")
        self.con.execute("CREATE OR REPLACE TEMP VIEW judged AS SELECT * FROM no_judged").fetchall()
        self._run(("excused", "verdict", "standing"))
        self._make(response=f"SELECT o, duty, {COUNTS} FROM standing GROUP BY o, duty", slots="SELECT * FROM all_slots")

    # --- together --------------------------------------------------------------------------------------------------

    def _sum(self) -> None:
        """Make ``summary`` and ``new_rest``."""
        minus = ", ".join(f"-{name}" for name in _NAMES)
        self._make(
            new_rest=f"""
SELECT o, duty, sum(kept) AS kept, {_SUMS} FROM (
 SELECT o, duty, 0 AS kept, {_ALL} FROM judgement WHERE over = 1
 UNION ALL SELECT o, duty, 1, {", ".join("0" for _ in _NAMES)} FROM again
 UNION ALL SELECT r.o, r.duty, -r.kept, {minus} FROM rest_before r SEMI JOIN again g ON g.o = r.o AND g.duty = r.duty
 UNION ALL SELECT r.o, r.duty, -r.kept, {minus} FROM rest_before r ANTI JOIN owing g ON g.o = r.o AND g.duty = r.duty)
GROUP BY o, duty""",
            rest=f"""
SELECT o, duty, {_SUMS} FROM (
 SELECT o, duty, {_ALL} FROM judgement UNION ALL SELECT o, duty, {_ALL} FROM response
 UNION ALL SELECT r.o, r.duty, {_ALL} FROM rest_before r SEMI JOIN owing w ON w.o = r.o AND w.duty = r.duty
 ANTI JOIN again g ON g.o = r.o AND g.duty = r.duty) GROUP BY o, duty
HAVING sum(met + due + overdue + missed + excused) > 0""",
            standing="SELECT * FROM standing WHERE 1 = 0",
        )
        self._run(("summary",))
        self.con.execute(f"INSERT INTO summary SELECT o, duty, {_ALL} FROM rest").fetchall()


def _negative(name: str) -> str:
    if name == "tally":
        return "SELECT o, slot, part, -n AS n, -n_in AS n_in, -n_ver AS n_ver, -hits AS hits FROM tally_minus"
    return "SELECT o, slot, k, day, -n AS n, -n_in AS n_in, -n_ver AS n_ver FROM each_minus"


def _added(name: str, parts: list[str], there: str) -> str:
    """Return the SELECT of tallies added up, of those rows of which a condition holds afterwards."""
    columns, keys = (_TALLY, "o, slot, part") if name == "tally" else (_EACH, "o, slot, k, day")
    rows = " UNION ALL ".join(one for one in parts if one)
    return f"SELECT * FROM (SELECT {columns} FROM ({rows}) GROUP BY {keys}) WHERE {there}"


def _met_added(rows: str) -> str:
    names = ("met", "on_time", "verified", "broken")
    sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in names)
    return f"SELECT * FROM (SELECT o, duty, {sums} FROM ({rows}) GROUP BY o, duty) WHERE met <> 0 OR broken <> 0 OR on_time <> 0 OR verified <> 0"


__all__ = ["MET", "OWING", "TEXTS", "WHOLE", "Onward", "load_age"]
