"""Which facts a fold has to look at again, and which it needs beside them.

Affected are, of the facts that can be seen:

* those that are new or whose day has come, and those that they replace;
* every version of an entry that one of those opens, changes or closes;
* what was done in a post whose holdings changed, and the holdings of a post that changed;
* what a verification speaks of, by the fact's id or its item's;
* the facts of a minute whose order an older id upsets.

Needed beside them are the other versions of their entries, the verifications that speak of them, and the holdings and
posts in which they were done.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa

from huxue.ledger import columnar
from huxue.ledger.reading import Mark
from huxue.standings.frame import SPACED, make
from huxue.standings.sets.make import waits
from huxue.standings.sets.manifest import Unfit


@dataclass(frozen=True, slots=True)
class Affected:
    """``facts``: the affected and the needed. In the connection: ``ranked`` (id, f), ``fresh`` (f), ``taken`` (f)."""

    facts: pa.Table
    mark: Mark


def affected(
    con: duckdb.DuckDBPyConnection, parts: Sequence[pa.Table], *, mark: Mark, today: int, most: int
) -> Affected:
    """Work out what a fold of new facts has to look at.

    Unfit where the tree is among it (``set_tree``) or more than ``most`` facts are (``set_much``).

    Needs views of the set's ``live``, ``holding``, ``post`` and ``waiting``.
    """
    return _Search(con, today, mark, most).of([*parts, columnar.by_id(_column(con, "SELECT id FROM waiting"))])


_PLACES = (
    ("neighbour", "SELECT id, at_min, f FROM live WHERE at_min IN (SELECT at_min FROM seen WHERE f IS NULL)"),
    (
        "gap",
        """
SELECT a.id, a.at_min, coalesce(a.lo, a.at_min * 1000000) AS lo, q.f AS hi FROM (
 SELECT s.id, s.at_min, p.f AS lo FROM (SELECT * FROM seen WHERE f IS NULL) s
 ASOF LEFT JOIN neighbour p ON p.at_min = s.at_min AND s.id >= p.id) a
ASOF LEFT JOIN neighbour q ON q.at_min = a.at_min AND a.id <= q.id""",
    ),
    (
        "between",
        """
SELECT *, CASE WHEN hi IS NULL THEN least(1000, (at_min * 1000000 + 999999 - lo) // c) ELSE (hi - lo) // (c + 1) END
 AS step FROM (
 SELECT *, row_number() OVER (PARTITION BY at_min, lo ORDER BY id) AS j, count(*) OVER (PARTITION BY at_min, lo) AS c
 FROM gap)""",
    ),
    ("upset", "SELECT DISTINCT at_min FROM between WHERE step < 1"),
    (
        "kin",
        """
SELECT id, at_min, f FROM seen UNION
SELECT l.id, l.at_min, l.f FROM live l WHERE l.at_min IN (SELECT at_min FROM upset)
 AND l.id NOT IN (SELECT id FROM reached)""",
    ),
    (
        "placed",
        f"""
SELECT k.id, coalesce(k.f, b.lo + b.j * b.step) AS f FROM kin k LEFT JOIN between b ON b.id = k.id
WHERE k.at_min NOT IN (SELECT at_min FROM upset)
 UNION ALL SELECT id, at_min * 1000000 + {SPACED} FROM kin WHERE at_min IN (SELECT at_min FROM upset)""",
    ),
)


@dataclass(slots=True)
class _Search:
    con: duckdb.DuckDBPyConnection
    today: int
    mark: Mark
    most: int

    def of(self, parts: Sequence[pa.Table]) -> Affected:
        """Search outward from what arrived."""
        con = self.con
        _facts(con, "arrived_facts", parts)
        make(con, "still", f"SELECT id FROM arrived_facts WHERE {waits(self.today)}")
        now = _arrow(con, "SELECT * FROM arrived_facts WHERE id NOT IN (SELECT id FROM still)")
        _facts(con, "changed", [now, columnar.by_id(self._replaced())])
        if con.execute("SELECT 1 FROM changed WHERE kind IN ('organisation', 'oversight') LIMIT 1").fetchall():
            raise Unfit("set_tree", "单位或监管关系有变动", "organisations or oversight have changed")
        _facts(con, "reached", [_arrow(con, "SELECT * FROM changed"), *self._reached()])
        self._seen("reached")
        self._rank()
        if con.execute("SELECT count(*) FROM kin").fetchall()[0][0] > self.most:
            raise much()
        _facts(con, "needed", [_arrow(con, "SELECT * FROM reached"), *self._minutes(), *self._beside()])
        return Affected(_arrow(con, "SELECT * FROM needed WHERE id IN (SELECT id FROM ranked)"), self.mark)

    # --- what is affected ----------------------------------------------------------------------------------------

    def _replaced(self) -> list[str]:
        """Return the facts of the set that something replaces, be its own day still to come."""
        known = (self.today + 1) * 1440
        sql = f"SELECT replaces FROM arrived_facts WHERE replaces IN (SELECT id FROM live) AND recorded_min < {known}"
        return _column(self.con, sql)

    def _reached(self) -> list[pa.Table]:
        """Return the facts that a changed one reaches."""
        con = self.con
        entries = columnar.by_item(
            _column(con, "SELECT DISTINCT item FROM changed WHERE verb IN ('open', 'change', 'close')")
        )
        posts, held = _named(entries)
        items = _column(con, "SELECT item FROM holding WHERE post IN (SELECT unnest(?))", [sorted(posts)])
        done = _column(con, "SELECT id FROM live WHERE post IN (SELECT unnest(?))", [sorted(held)])
        names = _column(con, "SELECT DISTINCT reference FROM changed WHERE kind = 'verification' AND reference <> ''")
        return [
            entries, columnar.by_item(items), columnar.by_id(done), columnar.by_id(names), columnar.by_item(names)
        ]  # fmt: skip

    def _seen(self, name: str) -> None:
        """Make ``seen`` (id, at_min, f): the facts that can be seen now, with the place in the set that they have."""
        con, day = self.con, self.today
        gone = columnar.replaced(_column(con, f"SELECT id FROM {name}"), known_at=day)
        con.register("gone_rows", pa.table({"id": pa.array(sorted(gone), pa.string())}))
        make(con, "taken", f"SELECT l.f FROM live l JOIN {name} c ON c.id = l.id AND c.at_min = l.at_min")
        make(con, "seen", f"""
SELECT c.id, c.at_min, l.f FROM (SELECT * FROM {name} WHERE verb <> 'withdraw' AND NOT {waits(day)}) c
LEFT JOIN live l ON l.id = c.id AND l.at_min = c.at_min WHERE c.id NOT IN (SELECT id FROM gone_rows)""")  # fmt: skip
        con.unregister("gone_rows")

    # --- their place ---------------------------------------------------------------------------------------------

    def _rank(self) -> None:
        """Make ``placed`` (id, f) and ``fresh`` (f): new facts go between those of their minute, by id.

        Where there is no room between two of them, the minute is ``upset``: all of it is placed anew.
        """
        con = self.con
        for name, select in _PLACES:
            make(con, name, select)
        con.execute("INSERT INTO taken SELECT f FROM live WHERE at_min IN (SELECT at_min FROM upset)").fetchall()
        make(con, "fresh", "SELECT f FROM placed")

    def _minutes(self) -> list[pa.Table]:
        """Return the facts of the minutes that are ordered anew."""
        return [columnar.by_id(_column(self.con, "SELECT id FROM kin WHERE id NOT IN (SELECT id FROM reached)"))]

    # --- what is needed beside them ------------------------------------------------------------------------------

    def _beside(self) -> list[pa.Table]:
        con = self.con
        kin = columnar.by_id(_column(con, "SELECT id FROM kin"))
        con.register("kin_facts", kin)
        make(con, "kin_fact", "SELECT * FROM kin_facts")
        con.unregister("kin_facts")
        entries = columnar.by_item(_column(con, "SELECT DISTINCT item FROM kin_fact WHERE verb IN ('open', 'change')"))
        make(con, "named", "SELECT id AS name FROM kin_fact UNION SELECT item FROM kin_fact")
        words = _column(
            con, "SELECT l.id FROM live l WHERE l.kind = 'verification' AND l.ref IN (SELECT name FROM named)"
        )
        posts, held = _named(entries)
        codes = sorted({*posts, *held, *_column(con, "SELECT DISTINCT post FROM kin_fact WHERE post <> ''")})
        holdings = _column(con, "SELECT DISTINCT item FROM holding WHERE post IN (SELECT unnest(?))", [codes])
        offices = _column(
            con, "SELECT DISTINCT l.item FROM post p JOIN live l ON l.f = p.f WHERE p.code IN (SELECT unnest(?))",
            [codes],
        )  # fmt: skip
        found = [entries, columnar.by_id(words), columnar.by_item([*holdings, *offices])]
        _facts(con, "others", found)
        make(con, "ranked", """
SELECT id, f FROM placed UNION
SELECT l.id, l.f FROM live l JOIN others t ON t.id = l.id AND t.at_min = l.at_min
WHERE l.id NOT IN (SELECT id FROM placed) AND l.id NOT IN (SELECT id FROM reached)""")  # fmt: skip
        return found


def much() -> Unfit:
    """Return what says that making the set anew is less work."""
    return Unfit("set_much", "台账新增内容过多", "too much is new to be folded")


def _named(facts: pa.Table) -> tuple[set[str], set[str]]:
    """Return the codes of the posts among these entries, and of those that holdings among them are of."""
    posts, held = set[str](), set[str]()
    for kind, fields in zip(facts["kind"].to_pylist(), facts["fields"].to_pylist(), strict=True):
        if kind == "post":
            posts.add(str(json.loads(fields).get("code", "")))
        elif kind == "holding":
            held.add(str(json.loads(fields).get("post", "")))
    return posts - {""}, held - {""}


def _facts(con: duckdb.DuckDBPyConnection, name: str, parts: Iterable[pa.Table]) -> None:
    """Make a table of facts, each once."""
    con.register("part", pa.concat_tables(parts))
    make(con, name, "SELECT DISTINCT ON (id) * FROM part")
    con.unregister("part")


def _arrow(con: duckdb.DuckDBPyConnection, sql: str) -> pa.Table:
    return con.sql(sql).to_arrow_table()


def _column(con: duckdb.DuckDBPyConnection, sql: str, values: list[Any] | None = None) -> list[str]:
    return [one for (one,) in con.execute(sql, values or []).fetchall()]


__all__ = ["Affected", "affected", "much"]
