"""Folding: what the ledger took in since the mark, and what waited for its day, becomes a generation of the set.

A generation holds ``gone``, the facts of earlier generations whose rows no longer count, and the rows that take their
place. Which facts those are is worked out in ``affected``; their rows come from the same frame and the same lists as
those of a whole set, run over the few facts they can depend on. What changes the tree makes the set anew.
"""

from __future__ import annotations

from typing import Final

import duckdb

from huxue.ledger import columnar
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets import manifest, writing
from huxue.standings.sets.affected import Affected, affected, much
from huxue.standings.sets.layout import FOLDED, TABLES, file_of
from huxue.standings.sets.make import CHUNK
from huxue.standings.sets.manifest import Manifest, Unfit
from huxue.standings.sets.opened import GONE, Opened
from huxue.standings.sets.staging import staged_sql
from huxue.standings.sets.stand import Stand

GENERATIONS: Final = 16  # after so many the set is written together again
SHARE: Final = 4  # a fold of more than one in so many facts is not worth it: the set is made anew
FEW: Final = 20_000  # facts that are always folded
_LIVE0: Final = """
SELECT s.*, r.f, s.at_min // 1440 AS day, s.recorded_min // 1440 AS rday FROM staged s JOIN ranked r ON r.id = s.id"""


def fold(opened: Opened, stand: Stand, *, today: int) -> Opened:
    """Return the set with everything that can be read now, as of and as known on a day.

    Unfit (``set_tree``, ``set_much``) where it has to be made anew.
    """
    before = opened.manifest
    with writing.writing(opened.folder, "fold") as folder, writing.connected(folder.path / "spill") as con:
        opened.attach(con)
        opened.view(con, "org", "live", "holding", "post", "waiting")
        found = _arrived(con, opened, today)
        _frame(con, opened, stand, found)
        _write(con, folder, opened)
        made = before.grown(
            folder.closed(), as_of=today, known_at=today, mark=found.mark, anchor=columnar.anchor(found.mark)
        )
        manifest.write(opened.folder, made)
    one = Opened(opened.folder, made)
    return together(one) if len(made.generations) > GENERATIONS else one


def _arrived(con: duckdb.DuckDBPyConnection, opened: Opened, today: int) -> Affected:
    mark, parts, most = opened.manifest.mark, [], max(FEW, _facts(opened.manifest) // SHARE)
    while True:
        table, mark = columnar.forward(mark, CHUNK)
        parts.append(table)
        if sum(part.num_rows for part in parts) > most:
            raise much()
        if table.num_rows < CHUNK:
            return affected(con, parts, mark=mark, today=today, most=most)


def _facts(one: Manifest) -> int:
    return one.generations[0].files[file_of("live")].rows


def _frame(con: duckdb.DuckDBPyConnection, opened: Opened, stand: Stand, found: Affected) -> None:
    """Make the rows of the affected facts (``fresh``), with the facts they can depend on beside them."""
    con.register("arrived", found.facts)
    frame.make(con, "staged", staged_sql(stand, "arrived"))
    con.unregister("arrived")
    frame.make(con, "live0", _LIVE0)
    frame.credit(con)
    if con.execute("SELECT 1 FROM credit0 WHERE code NOT IN (SELECT code FROM org) LIMIT 1").fetchall():
        raise Unfit("set_tree", "台账中出现了新的单位", "the ledger names an organisation that the set does not know")
    for name in ("live", "holding", "post"):
        con.execute(f"DROP VIEW {name}")
    opened.view(con, "watch")
    for name in ("closure", "trait"):  # members that follow from the tree stand as they are
        con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM ({opened.select(TABLES[name])}) WHERE 1 = 0")
    frame.number_duties(con, stand.duties)
    frame.finish_facts(con, stand.columns)
    engine.run_lists(con, stand.outline, ("deeds", "spans", "member"))


def _write(con: duckdb.DuckDBPyConnection, folder: writing.Folder, opened: Opened) -> None:
    """Write what is gone, what waits, and the rows of each table that there are."""
    size = opened.manifest.shard
    credit = opened.select(TABLES["credit"], where="t.f IN (SELECT f FROM taken)")
    folder.write(con, GONE, f"SELECT DISTINCT t.f, c.o FROM taken t LEFT JOIN ({credit}) c ON c.f = t.f", "f, o")
    folder.write(con, file_of("waiting"), "SELECT id FROM still", "id")
    for table in FOLDED:
        block = f"(o - 1) // {size}" if table.sharded else "NULL"
        fresh = f"SELECT * FROM ({table.select}) WHERE f IN (SELECT f FROM fresh)"
        frame.make(con, "rows_now", f"SELECT *, {block} AS block FROM ({fresh})")
        for (number,) in con.execute("SELECT DISTINCT block FROM rows_now ORDER BY 1").fetchall():
            here = "block IS NULL" if number is None else f"block = {number}"
            rows = f"SELECT * EXCLUDE block FROM rows_now WHERE {here}"
            folder.write(con, file_of(table.name, number), rows, table.order)


def together(opened: Opened) -> Opened:
    """Write all generations into one; the rows stay the same."""
    said = opened.manifest
    with writing.writing(opened.folder, "base") as folder, writing.connected(folder.path / "spill") as con:
        opened.attach(con)
        writing.write_base(
            con, folder, opened.select, organisations=said.organisations, shard=said.shard,
        )  # fmt: skip
        made = said.rebased(folder.closed())
        manifest.write(opened.folder, made)
    writing.sweep(opened.folder, [g.folder for g in made.generations])
    return Opened(opened.folder, made)


__all__ = ["GENERATIONS", "fold", "together"]
