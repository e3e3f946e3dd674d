"""Making a set anew from the ledger: read forward in chunks, JSON read once, then the frame over the columns."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from huxue.ledger import columnar
from huxue.ledger.reading import BEGINNING, Mark
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets import manifest, writing
from huxue.standings.sets.layout import SHARD
from huxue.standings.sets.manifest import Manifest
from huxue.standings.sets.staging import staged_sql
from huxue.standings.sets.stand import Stand, folder_of

CHUNK: Final = 100_000  # facts read at a time


def make(site: Path, stand: Stand, *, today: int, shard: int = SHARD) -> Manifest:
    """Make the set of an edition as of and as known on a day, in the place of the one that there was.

    Refused (``set_not_written``) where it cannot be written; the one before then stays.
    """
    parent = folder_of(site, stand)
    with writing.alone(parent):
        made = made_alone(parent, stand, today=today, shard=shard)
    writing.sweep_sets(parent.parent, parent.name)
    return made


def made_alone(parent: Path, stand: Stand, *, today: int, shard: int = SHARD) -> Manifest:
    """Make it; for who is alone there already."""
    with writing.writing(parent, "base") as folder, writing.connected(folder.path / "spill") as con:
        origin = columnar.origin()
        mark = _stage(con, folder.path / "staged", stand)
        areas, first, count = _frame(con, stand, today)
        writing.write_base(
            con,
            folder,
            lambda table, number: table.select if number is None else writing.of_block(table, number, shard),
            organisations=count,
            shard=shard,
        )
        _discard(folder.path)
        one = Manifest(
            site=origin, edition=stand.identity, rulebook=stand.hash, families=stand.families, lists=stand.lists,
            as_of=today, known_at=today, mark=mark, anchor=columnar.anchor(mark), areas=areas, first=first,
            shard=shard, organisations=count, generations=(folder.closed(),),
        )  # fmt: skip
        manifest.write(parent, one)
    writing.sweep(parent, [g.folder for g in one.generations])
    return one


def _stage(con: duckdb.DuckDBPyConnection, room: Path, stand: Stand) -> Mark:
    """Read the ledger forward into files and make the view ``fact`` of them; return the mark reached."""
    room.mkdir()
    mark, number, select = BEGINNING, 0, staged_sql(stand, "arrived")
    while True:
        table, mark = columnar.forward(mark, CHUNK)
        if table.num_rows == 0 and number:
            break
        con.register("arrived", table)
        con.execute(f"COPY ({select}) TO '{room}/{number:06d}.parquet' (FORMAT parquet)").fetchall()
        con.unregister("arrived")
        number += 1
        if table.num_rows < CHUNK:
            break
    con.execute(f"CREATE TEMP VIEW fact AS SELECT * FROM read_parquet('{room}/*.parquet')")
    return mark


def _frame(con: duckdb.DuckDBPyConnection, stand: Stand, today: int) -> tuple[tuple[str, ...], int | None, int]:
    """Make the frame and the lists; return the calendars in use, the first day and how many organisations there are."""
    areas = tuple(stand.calendars.areas)
    ground = frame.begin(con, "fact", as_of=today, known_at=today, areas=areas, rank=frame.SPACED)
    frame.finish(
        con, columns=stand.columns, traits=stand.outline.traits, measured=stand.measured, duties=stand.duties,
        since=stand.since(ground.first, today), extracted=True,
    )  # fmt: skip
    engine.run_lists(con, stand.outline)
    frame.make(con, "waiting", f"SELECT id FROM fact WHERE {waits(today)}")
    ((count,),) = con.execute("SELECT count(*) FROM org").fetchall()
    return ground.areas, ground.first, int(count)


def waits(today: int) -> str:
    """Return the condition that a fact is not to be seen yet on a day."""
    return f"(at_min >= {(today + 1) * 1440} OR recorded_min >= {(today + 1) * 1440})"


def _discard(path: Path) -> None:
    """Take away what was needed on the way."""
    for one in (path / "staged").iterdir():
        one.unlink()
    (path / "staged").rmdir()


__all__ = ["CHUNK", "made_alone", "make", "waits"]
