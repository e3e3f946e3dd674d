"""Evaluating from a set: everything at once, or shard after shard."""

from __future__ import annotations

from typing import Final

import duckdb

from huxue.core.duties.compile import Compiled
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import Evaluation, name_slots
from huxue.standings.sets.layout import SHARDED
from huxue.standings.sets.opened import VIEWED, Opened
from huxue.standings.sets.stand import Stand

OUTCOMES: Final = ("standing", "held", "pairs", "closing")  # of the program, read after it is over


def compiled(opened: Opened, stand: Stand, today: int) -> Compiled:
    """Return what the edition compiles to for the tree of a set."""
    said = opened.manifest
    return stand.compiled(said.areas, as_of=today, since=stand.since(said.first, today))


def evaluate_set(opened: Opened, stand: Stand, *, today: int) -> Evaluation:
    """Return the evaluation of all organisations, with the tables that ladders, scores and briefings read.

    The program runs over one shard at a time; what it found is gathered.
    """
    con, made = engine.connect(), compiled(opened, stand, today)
    con.execute(f"SET temp_directory = '{opened.folder / 'spill'}'")
    prepare(con, opened, stand.duties, made)
    alone = len(opened.shards) == 1
    for shard in opened.shards:
        run_shard(con, opened, made, shard)
        for name in () if alone else OUTCOMES:
            _gather(con, name, first=shard == 0)
    if not alone:
        _whole(con, opened)
    opened.view(con)
    con.execute(f"CREATE OR REPLACE TEMP VIEW live0 AS {LIVE0}")
    return Evaluation(con, made, today, today, opened.manifest.areas, opened)


LIVE0: Final = """
SELECT l.f, l.id, l.kind, l.verb, l.step, l.item, l.at_min, l.day, l.rday, l.makeup, l.deadline,
 coalesce(l.ref, '') AS reference, coalesce(l.post, '') AS post, coalesce(t.roles, '{}') AS roles,
 coalesce(t.fields, '{}') AS fields FROM live l LEFT JOIN told t ON t.f = l.f"""


def prepare(con: duckdb.DuckDBPyConnection, opened: Opened, duties: list[str], made: Compiled) -> None:
    """Put into a connection what all shards share."""
    opened.attach(con)
    engine.load(con, made)
    frame.number_duties(con, duties)
    name_slots(con, made.keys)


def run_shard(
    con: duckdb.DuckDBPyConnection,
    opened: Opened,
    made: Compiled,
    shard: int,
    among: tuple[int, int] | None = None,
    *,
    lean: bool = False,
    kept: bool = False,
) -> None:
    """Run the program over one shard, or some organisations of it: from the first to the last number ``among``."""
    load_shard(con, opened, made, shard, among)
    engine.run_program(con, made, lean=lean, kept=kept)


def load_shard(
    con: duckdb.DuckDBPyConnection, opened: Opened, made: Compiled, shard: int, among: tuple[int, int] | None = None
) -> None:
    """Put what the program reads of one shard, or of some organisations of it, into a connection."""
    opened.load(con, shard, among)
    frame.make(con, "orgcal", f"SELECT o, cal, greatest(in_use, {made.since}) AS since FROM orgcal0")


def _gather(con: duckdb.DuckDBPyConnection, name: str, *, first: bool) -> None:
    if first:
        frame.make(con, f"all_{name}", f"SELECT * FROM {name}")
    else:
        con.execute(f"INSERT INTO all_{name} SELECT * FROM {name}").fetchall()


def _whole(con: duckdb.DuckDBPyConnection, opened: Opened) -> None:
    """Put what was gathered, and the tables of all shards, in the place of those of the last one."""
    for name in OUTCOMES:
        con.execute(f"DROP TABLE {name}")
        con.execute(f"ALTER TABLE all_{name} RENAME TO {name}")
    for table in SHARDED:
        parts = [opened.select(table, shard) for shard in opened.shards]
        every = "UNION" if table.name == "member" else "UNION ALL"
        if table.name not in VIEWED:
            con.execute(f"DROP TABLE {table.name}")
        con.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS {f' {every} '.join(parts)}")


__all__ = ["OUTCOMES", "compiled", "evaluate_set", "prepare", "run_shard"]
