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

import duckdb
import pyarrow as pa

from huxue.core.duties.program import ONCE, program
from huxue.standings.frame import make
from huxue.standings.sets.layout import TABLES
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.tally import Tally
from huxue.standings.sets.texts import (
    ALL,
    ANSWERED,
    CHAINS,
    CHANGED,
    JUDGED,
    JUDGEMENT,
    KEYS,
    LOOKED_AT,
    MET,
    MET_COUNTS,
    NAMES,
    NONE,
    NOW,
    OWING,
    PASSED,
    REST,
    RUNS,
    SETTLED,
    SUMMED,
    SUMS,
    THERE,
    TRIGGERS,
)
from huxue.standings.sets.windows import Numbered


def load_age(con: duckdb.DuckDBPyConnection, numbers: Numbered) -> None:
    """Make ``age``, see ``windows``."""
    names = ("slot", "fresh", "over", "was", "moved")
    columns = list(zip(*numbers.age, strict=True)) if numbers.age else [()] * len(names)
    con.register("rows", pa.table({n: pa.array(c, pa.int64()) for n, c in zip(names, columns, strict=True)}))
    make(con, "age", "SELECT * FROM rows")
    con.unregister("rows")


@dataclass(slots=True)
class Onward:
    """Counts on, one shard after another; the compiled tables, ``age`` and ``gone`` are in the connection."""

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

    def begin(self) -> None:
        """Put aside what is the same for every shard. What is switched between is a view from here on."""
        for name in ("slots", "slotspan", "stateslot"):
            self.con.execute(f"ALTER TABLE {name} RENAME TO all_{name}").fetchall()
        self._view(slots="all_slots", stateslot="all_stateslot")
        self._make(
            needed="""
SELECT slot FROM age WHERE fresh = 1 UNION
SELECT s.prev FROM slots s JOIN age a ON a.slot = s.slot AND a.fresh = 1 WHERE s.prev >= 0""",
            recount=f"""
SELECT DISTINCT p.slot FROM all_slotspan p JOIN age a ON a.slot = p.slot AND a.was = -1
WHERE p.lo <= {self.tally.kept.as_of}""",
        )
        self._make(
            needed_slots="SELECT * FROM slots WHERE slot IN (SELECT slot FROM needed)",
            needed_stateslot="SELECT * FROM stateslot WHERE slot IN (SELECT slot FROM needed)",
            other_stateslot="SELECT * FROM stateslot WHERE slot NOT IN (SELECT slot FROM needed)",
            slotspan_onward="SELECT * FROM all_slotspan WHERE slot NOT IN (SELECT slot FROM recount)",
            slotspan_recount="SELECT * FROM all_slotspan WHERE slot IN (SELECT slot FROM recount)",
        )
        self._make(
            counting="""
SELECT a.* FROM age a JOIN slots s ON s.slot = a.slot AND (s.how IN (0, 1, 2) OR (s.how = 4 AND s.is_state = 0))""",
            state_duty="SELECT DISTINCT t.signal, s.duty FROM stateslot t JOIN slots s ON s.slot = t.slot",
            moved_duty="""
SELECT DISTINCT s.duty, s.cal FROM slots s JOIN age a ON a.slot = s.slot
WHERE a.fresh = 1 AND (a.moved = 1 OR a.over = 1)""",
        )

    def count(self, shard: int) -> None:
        """Count one shard."""
        self._read(shard)
        self._who(shard)
        self._delta(shard)
        self._met(shard)
        self._again(shard)
        self._respond(shard)
        self._judge(shard)
        self._settle(shard)
        self._sum()

    # --- helpers -------------------------------------------------------------------------------------------------

    def _make(self, **tables: str) -> None:
        for name, select in tables.items():
            make(self.con, name, select)

    def _view(self, **views: str) -> None:
        """Let names stand for tables."""
        for name, table in views.items():
            self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM {table}").fetchall()

    def _run(self, names: Iterable[str]) -> None:
        texts = dict(program(self._today, lean=True))
        for name in names:
            if name in ONCE:
                self.con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {texts[name]}").fetchall()
            else:
                make(self.con, name, texts[name])

    def _some(self, sql: str) -> bool:
        return bool(self.con.execute(f"SELECT 1 FROM ({sql}) LIMIT 1").fetchall())

    def _tell_apart(self) -> None:
        """Make ``counted`` of ``tally`` and ``each``; those that must lie apart are chained."""
        if self._some("SELECT * FROM each WHERE day <> 0"):
            self._run(CHAINS)
        else:
            self._make(chain4="SELECT 0 AS o, 0 AS slot, 0 AS spaced, 0 AS v, 0 AS n, 0 AS last WHERE 1 = 0")
        self._run(("told_apart", "counted"))

    # --- what there is -------------------------------------------------------------------------------------------

    def _read(self, shard: int) -> None:
        for name in ("app", "member", "excuse", "traitnum", "orgcal0"):
            self._make(**{name: self.opened.select(TABLES[name], shard)})
        self.con.execute(
            f"CREATE OR REPLACE TEMP VIEW all_spans AS {self.opened.select(TABLES['spans'], shard)}"
        ).fetchall()
        since = self.numbers.made.since
        self._make(
            calendar=f"SELECT o, cal, greatest(in_use, {since}) AS since FROM orgcal0",
            calendar_signed=f"""
SELECT o, cal, greatest(in_use, {since}) AS since FROM orgcal0 UNION ALL SELECT -o, cal, in_use FROM orgcal0""",
        )
        self._view(orgcal="calendar")

    def _who(self, shard: int) -> None:
        """Make ``owing`` (o, duty): those whose windows are judged one by one; and what is kept of them."""
        self._run(("throughout", "partly", "plain"))
        self._make(owing=OWING, rest_before=self._summed("rest", shard, REST))

    def _summed(self, name: str, shard: int, counts: tuple[str, ...], more: str = "") -> str:
        """Return the SELECT of sums by (o, duty) over all counts, and ``more``: most rows are of the first alone."""
        first, *later = (
            f"SELECT o, duty, {', '.join(counts)} FROM read_parquet({paths})"
            for _, paths in self.tally.files(name, shard)
        )
        later += [more] if more else []
        if not later:
            return first
        sums = ", ".join(f"CAST(sum({count}) AS BIGINT) AS {count}" for count in counts)
        both = ", ".join(f"coalesce(a.{count}, 0) + coalesce(b.{count}, 0) AS {count}" for count in counts)
        return f"""
SELECT coalesce(a.o, b.o) AS o, coalesce(a.duty, b.duty) AS duty, {both} FROM ({first}) a
FULL JOIN (SELECT o, duty, {sums} FROM ({" UNION ALL ".join(later)}) GROUP BY o, duty) b
ON b.o = a.o AND b.duty = a.duty"""

    # --- deeds that came and that were taken back -----------------------------------------------------------------

    def _delta(self, shard: int) -> None:
        """Make ``new_tally`` and ``new_each``: what changes of the kept ones; and ``new_ahead``."""
        before, deeds = self.tally.kept.as_of, TABLES["deeds"]
        self._make(came=self.opened.since(deeds, shard, self._told), back=self.opened.taken(deeds, shard, self._told))
        ahead = self.tally.last("ahead", shard) or "SELECT * FROM came WHERE 1 = 0"
        taken = f"SELECT f FROM gone WHERE n >= {self._told}"
        self._make(still=f"SELECT * FROM ({ahead}) WHERE f NOT IN ({taken})")
        # what is taken back has its organisation's number negated, so that both are counted at once
        self._make(
            new_ahead=f"SELECT * FROM (SELECT * FROM still UNION ALL SELECT * FROM came) WHERE day > {self._today}",
        )
        self._view(orgcal="calendar_signed", slotspan="slotspan_onward")
        self._count(f"""
SELECT * FROM came UNION ALL SELECT * FROM still WHERE day <= {self._today}
 UNION ALL SELECT * REPLACE (-o AS o) FROM back WHERE day <= {before}""")
        parts = {name: [_signed(name)] for name in KEYS}
        for name in KEYS:
            self._make(**{f"{name}_delta": f"SELECT * FROM {name}"})
        if self._some("SELECT * FROM recount"):
            self._view(slotspan="slotspan_recount")
            signals = self.con.execute("SELECT DISTINCT signal FROM slotspan").fetchall()
            self._count(self.opened.select(deeds, shard, f"signal IN ({', '.join(str(s) for (s,) in signals)})"))
            for name, found in parts.items():
                self._make(**{f"{name}_anew": f"SELECT * FROM {name}"})
                found.append(f"SELECT * FROM {name}_anew")
        self._view(orgcal="calendar")
        for name, found in parts.items():
            changed = " OR ".join(f"{count} <> 0" for count in SUMMED[name])
            self._make(**{f"new_{name}": _added(name, found, changed)})

    def _count(self, rows: str) -> None:
        """Count deeds by the program's tally."""
        self._make(deed_rows=rows, days="SELECT DISTINCT day FROM deed_rows WHERE day IS NOT NULL")
        self._view(deeds="deed_rows")
        self._run(("slotmap", "tally", "each"))

    # --- what is met ------------------------------------------------------------------------------------------------

    def _met(self, shard: int) -> None:
        """Make ``plain_met`` and ``broken``, and ``new_met``, what changed of them: new less old.

        Looked at are the windows in which something changed, for their organisations, and those that mean something
        else today, for all.
        """
        for name in KEYS:
            self._make(
                touched=f"""
SELECT DISTINCT d.o, d.slot FROM new_{name} d JOIN counting c ON c.slot = d.slot WHERE c.moved = 0""",
                touched_slot="SELECT DISTINCT slot FROM touched",
            )
            old = [
                self.tally.select(name, shard, "slot IN (SELECT slot FROM counting WHERE moved = 1 AND was >= 0)"),
                f"""
SELECT t.* FROM ({self.tally.select(name, shard, "slot IN (SELECT slot FROM touched_slot)")}) t
SEMI JOIN touched u ON u.o = t.o AND u.slot = t.slot""",
            ]
            self._make(**{f"old_{name}": _added(name, old, THERE[name])})
            now = _added(name, [f"SELECT * FROM old_{name}", f"SELECT * FROM new_{name}"], THERE[name])
            self._make(**{name: f"{now} UNION ALL SELECT * REPLACE (-o AS o) FROM old_{name}"})
        self._tell_apart()
        counts = ", ".join(f"CAST(sum({name} * sign(o)) AS BIGINT) AS {name}" for name in MET_COUNTS)
        some = " OR ".join(f"{name} <> 0" for name in MET_COUNTS)
        self._make(
            new_met=f"SELECT * FROM (SELECT abs(o) AS o, duty, {counts} FROM ({MET}) GROUP BY 1, 2) WHERE {some}"
        )
        self._make(
            plain_met=self._summed("met", shard, MET_COUNTS, "SELECT * FROM new_met"),
            broken="SELECT o, duty, broken AS n FROM plain_met WHERE broken <> 0",
        )

    # --- who is judged again ---------------------------------------------------------------------------------------

    def _again(self, shard: int) -> None:
        """Make ``again`` (o, duty), who is judged in all windows, and ``look``, who is in those that are not over."""
        parts = [
            *(
                f"SELECT d.o, s.duty FROM new_{name} d JOIN slots s ON s.slot = d.slot "
                "JOIN age a ON a.slot = d.slot AND a.fresh = 0"
                for name in KEYS
            ),
            """
SELECT w.o, w.duty FROM owing w LEFT JOIN rest_before r ON r.o = w.o AND r.duty = w.duty AND r.kept = 1
WHERE r.o IS NULL""",
        ]
        for name, text in CHANGED.items():
            since, taken = (of(TABLES[name], shard, self._told) for of in (self.opened.since, self.opened.taken))
            self._make(**{f"changed_{name}": f"{since} UNION ALL {taken}"})
            parts.append(text.replace("{touched}", f"changed_{name}"))
        days = {"{before}": str(self.tally.kept.as_of), "{today}": str(self._today)}
        passed = " UNION ".join(PASSED)
        for mark, day in days.items():
            passed = passed.replace(mark, day)
        for name, select in (("again", " UNION ".join(parts)), ("look", passed)):
            self._make(
                **{name: f"SELECT w.o, w.duty FROM owing w SEMI JOIN ({select}) t ON t.o = w.o AND t.duty = w.duty"}
            )

    # --- triggers --------------------------------------------------------------------------------------------------

    def _respond(self, shard: int) -> None:
        """Make ``closing`` of all triggers, ``new_event``, ``new_answered`` and ``new_keys``."""
        self._view(deeds="came")
        self._run(("events",))
        self._make(new_event="SELECT * FROM events")
        self._make(new_keys="""
SELECT duty, o, k FROM new_event WHERE k IS NOT NULL UNION
SELECT r.duty, d.o, d.k FROM back d JOIN event_signal r ON r.signal = d.signal WHERE d.k IS NOT NULL""")  # fmt: skip
        there = " UNION ALL ".join(
            f"""
SELECT * FROM read_parquet({paths}) t WHERE (duty, o, k) IN (SELECT (duty, o, k) FROM new_keys)
 AND f NOT IN (SELECT f FROM gone WHERE n >= {self.tally.kept.covers[number]})"""
            for number, paths in self.tally.files("event", shard)
        )
        self._make(events=f"{there} UNION ALL SELECT * FROM new_event WHERE k IS NOT NULL")
        self._run(ANSWERED)
        self._make(touched_pair="""
SELECT o, duty FROM new_keys UNION
SELECT e.o, r.duty FROM changed_excuse e JOIN respond r ON r.duty = e.duty OR e.duty = -1""")  # fmt: skip
        keys = [
            f"SELECT {number} AS n, duty, o, k FROM read_parquet({paths})"
            for number, paths in self.tally.files("keys", shard)
        ]
        keys.append(f"SELECT {len(self.tally.kept.counts)} AS n, duty, o, k FROM new_keys")
        self._make(later_keys=" UNION ALL ".join(keys))
        kept = self.tally.select("answered", shard, """NOT EXISTS (SELECT 1 FROM later_keys g WHERE g.duty = t.duty
 AND g.o = t.o AND g.k = t.k AND g.n > {number})
 AND EXISTS (SELECT 1 FROM touched_pair g WHERE g.o = t.o AND g.duty = t.duty)""")  # fmt: skip
        still = f"SELECT * FROM ({self.tally.last('open', shard)}) ANTI JOIN new_keys USING (duty, o, k)"
        self.con.execute(f"INSERT INTO answered {still}").fetchall()
        self._make(told_now="SELECT * FROM answered")
        self.con.execute(f"INSERT INTO answered {kept}").fetchall()
        self._run(("closing",))

    def _settle(self, shard: int) -> None:
        """Make of the standings of triggers ``response`` (o, duty, counts), and what is kept of them."""
        now = str((self._today + 1) * 1440 - 1)
        of_now = TRIGGERS.replace("{now}", now).replace("FROM answered", "FROM told_now")
        minus = ", ".join(f"-{name} AS {name}" for name in NAMES)
        self._make(
            new_answered=of_now.replace("{final}", "1"),
            new_open=of_now.replace("{final}", "0"),
            by_final=SETTLED.replace("{now}", now),
            settled_before=self._summed("settled", shard, NAMES),
        )
        self._make(
            new_settled=f"""
SELECT o, duty, {SUMS} FROM (SELECT o, duty, {ALL} FROM by_final WHERE final = 1
 UNION ALL SELECT o, duty, {minus} FROM settled_before SEMI JOIN touched_pair USING (o, duty)) GROUP BY o, duty"""
        )
        self._make(
            response=f"""
SELECT o, duty, {SUMS} FROM (SELECT o, duty, {ALL} FROM by_final WHERE final = 0 UNION ALL
 SELECT o, duty, {ALL} FROM new_settled UNION ALL SELECT o, duty, {ALL} FROM settled_before) GROUP BY o, duty"""
        )

    # --- judging ---------------------------------------------------------------------------------------------------

    def _judge(self, shard: int) -> None:
        """Make ``judgement`` (o, duty, over, counts): of windows that are not over, of all of those judged again."""
        self._looked_at_tally(shard)
        self._make(spans="SELECT * FROM all_spans WHERE o IN (SELECT o FROM look)")
        self._run(RUNS)
        some = self._some("SELECT * FROM again")
        for name in ("throughout", "partly"):
            self._make(**{
                f"all_{name}": f"SELECT * FROM {name} SEMI JOIN look USING (o, duty)",
                name: f"SELECT * FROM all_{name} ANTI JOIN again USING (o, duty)",
            })  # fmt: skip
        self._view(slots="needed_slots", stateslot="needed_stateslot")
        self._run(LOOKED_AT)
        self._view(slots="all_slots", stateslot="all_stateslot")
        if some:
            self._look_again(shard)
        self._tell_apart()
        self._run(JUDGED)
        self._make(judgement=JUDGEMENT)

    def _looked_at_tally(self, shard: int) -> None:
        """Make the tally of the windows that are judged: those not over, of those who are looked at."""
        self._make(wanted_slot="SELECT slot FROM needed_slots WHERE duty IN (SELECT duty FROM look)")
        for name in KEYS:
            rows = self._of_few(name, shard, "look")
            wanted = f"""
SELECT t.* FROM ({rows}) t JOIN needed_slots w ON w.slot = t.slot SEMI JOIN look g ON g.o = t.o AND g.duty = w.duty"""
            self._make(**{name: _added(name, [wanted], THERE[name])})

    def _of_few(self, name: str, shard: int, pairs: str) -> str:
        """Return the SELECT of the tally of a few organisations in the windows of ``wanted_slot``."""
        kept = self.tally.select(
            name, shard, f"o IN (SELECT o FROM {pairs}) AND slot IN (SELECT slot FROM wanted_slot)"
        )
        return f"{kept} UNION ALL SELECT * FROM new_{name}"

    def _look_again(self, shard: int) -> None:
        """Add to what is judged all windows of those who are judged again, and to the tally what counts in them."""
        for name in LOOKED_AT[1:]:
            self._make(**{f"first_{name}": f"SELECT * FROM {name}"})
        for name in ("throughout", "partly"):
            self._make(**{name: f"SELECT * FROM all_{name} SEMI JOIN again USING (o, duty)"})
        self._make(
            windows="SELECT s.slot, s.duty FROM slots s WHERE duty IN (SELECT duty FROM again)",
            run="SELECT * FROM run WHERE o IN (SELECT o FROM again)",
            excuse="SELECT * FROM excuse WHERE o IN (SELECT o FROM again)",
        )
        self._view(stateslot="other_stateslot")
        self._run(LOOKED_AT)
        self._view(stateslot="all_stateslot")
        for name in LOOKED_AT[1:]:
            union = "UNION" if name == "excused" else "UNION ALL"
            self._make(**{name: f"SELECT * FROM first_{name} {union} SELECT * FROM {name}"})
        self._make(wanted_slot="SELECT slot FROM windows WHERE slot NOT IN (SELECT slot FROM needed)")
        for name in KEYS:
            rows = self._of_few(name, shard, "again")
            wanted = f"""
SELECT t.* FROM ({rows}) t JOIN windows w ON w.slot = t.slot
SEMI JOIN again g ON g.o = t.o AND g.duty = w.duty ANTI JOIN needed n ON n.slot = t.slot"""
            self.con.execute(f"INSERT INTO {name} {_added(name, [wanted], THERE[name])}").fetchall()

    # --- together --------------------------------------------------------------------------------------------------

    def _sum(self) -> None:
        """Make ``summary`` and ``new_rest``."""
        minus, now = (", ".join(f"-{name}" for name in names) for names in (NAMES, NOW.split(", ")))
        sums = ", ".join(f"CAST(sum({name}) AS BIGINT) AS {name}" for name in REST)
        both = ", ".join(
            f"coalesce(b.{n}, 0) + coalesce(c.{n}, 0) + coalesce(b.now_{n}, 0) + coalesce(c.now_{n}, 0) AS {n}"
            for n in NAMES
        )
        self._make(
            new_rest=f"""
SELECT o, duty, {sums} FROM (
 SELECT o, duty, 0 AS kept, {ALL}, {", ".join(f"0 AS now_{name}" for name in NAMES)} FROM judgement WHERE over = 1
 UNION ALL SELECT o, duty, 0, {NONE}, {ALL} FROM judgement WHERE over = 0
 UNION ALL SELECT o, duty, 1, {NONE}, {NONE} FROM again
 UNION ALL SELECT o, duty, -kept, {minus}, {now} FROM rest_before SEMI JOIN again USING (o, duty)
 UNION ALL SELECT o, duty, -kept, {minus}, {now} FROM rest_before ANTI JOIN owing USING (o, duty)
 UNION ALL SELECT o, duty, 0, {NONE}, {now} FROM rest_before
 SEMI JOIN look USING (o, duty) ANTI JOIN again USING (o, duty))
GROUP BY o, duty""",
            rest=f"""
SELECT coalesce(b.o, c.o) AS o, coalesce(b.duty, c.duty) AS duty, {both} FROM rest_before b
FULL JOIN new_rest c ON c.o = b.o AND c.duty = b.duty""",
            standing="SELECT * FROM standing WHERE 1 = 0",
        )
        self._run(("summary",))
        some = "met + due + overdue + missed + excused > 0"
        for name in ("rest", "response"):
            self.con.execute(f"INSERT INTO summary SELECT o, duty, {ALL} FROM {name} WHERE {some}").fetchall()


def _signed(name: str) -> str:
    """Return the SELECT of a counted delta, where numbers below zero stand for what is taken back."""
    keys = ", ".join(key for key in KEYS[name] if key != "o")
    counts = ", ".join(f"CASE WHEN o < 0 THEN -{count} ELSE {count} END AS {count}" for count in SUMMED[name])
    return f"SELECT abs(o) AS o, {keys}, {counts} FROM {name}_delta"


def _added(name: str, parts: list[str], there: str) -> str:
    """Return the SELECT of tallies added up, of those rows of which a condition holds afterwards."""
    keys = ", ".join(KEYS[name])
    sums = ", ".join(f"CAST(sum({count}) AS BIGINT) AS {count}" for count in SUMMED[name])
    rows = " UNION ALL ".join(one for one in parts if one)
    return f"SELECT * FROM (SELECT {keys}, {sums} FROM ({rows}) GROUP BY {keys}) WHERE {there}"


__all__ = ["Onward", "load_age"]
