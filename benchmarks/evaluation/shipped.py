"""The measured program: the shipped one, over the files of a set."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.evaluation import sets
from huxue.core.duties.compile import Compiled
from huxue.core.duties.program import FIXED, ONCE, ONCE_FOR_SUMS, SUMMARY, program
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.frame import make
from huxue.standings.sets.layout import BLOCK
from huxue.standings.sets.sums import BY_TERRITORY

READS: Final = ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum")
MEMORY: Final = "700MB"  # what the product gives DuckDB


@dataclass(slots=True)
class Clock:
    """Where the time of an evaluation goes, in processor seconds by name of the part."""

    parts: dict[str, float]
    at: float

    def lap(self, name: str) -> None:
        """Note the time since the last lap under a name."""
        now = time.process_time()
        self.parts[name] = self.parts.get(name, 0) + now - self.at
        self.at = now


def compiled_for(about: dict[str, Any]) -> Compiled:
    """Compile the rulebook for a set."""
    return sets.compiled(list(about["areas"]), int(about["since"]))


def evaluate_set(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    compiled: Compiled,
    clock: Clock | None = None,
    *,
    rolled_up: bool = False,
    lean: bool = True,
) -> None:
    """Evaluate a set, block after block; leaves ``found_summary``, and ``found_rollup`` where asked for.

    Not ``lean``: every standing is written out as a row (into ``standing``, of one block) before it is counted.
    """
    clock = clock or Clock({}, time.process_time())
    engine.load(con, compiled)
    if rolled_up:
        for name in ("closure", "org"):
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM '{folder / name}.parquet'")
        frame.tree_of(con, compiled.as_of)
    clock.lap("tables")
    for n, among in enumerate(_blocks(con, folder)):
        for name in READS:
            everybody = " OR o = -1" if name == "member" else ""
            select = f"SELECT * FROM read_parquet('{folder / name}.parquet') WHERE {among}{everybody}"
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {select}")
        for name, text in (*program(compiled.as_of, lean=lean), *([] if lean else [SUMMARY])):
            if name in FIXED:
                continue
            if name in (ONCE_FOR_SUMS if lean else ONCE):
                con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {text}").fetchall()
            else:
                make(con, name, text)
            clock.lap(name)
        keep(con, "summary", first=n == 0)
        clock.lap("keep")
        if rolled_up:
            make(con, "rollup", BY_TERRITORY)
            keep(con, "rollup", first=n == 0)
            clock.lap("rollup")


def _blocks(con: duckdb.DuckDBPyConnection, folder: Path) -> list[str]:
    """Return the conditions of blocks of organisations, as the product counts them."""
    ((last,),) = con.execute(f"SELECT max(o) FROM read_parquet('{folder / 'org'}.parquet')").fetchall()
    return [f"o BETWEEN {first} AND {first + BLOCK - 1}" for first in range(1, last + 1, BLOCK)]


def keep(con: duckdb.DuckDBPyConnection, name: str, *, first: bool) -> None:
    """Put what one block gave with what those before gave."""
    into = f"CREATE OR REPLACE TEMP TABLE found_{name} AS" if first else f"INSERT INTO found_{name}"
    con.execute(f"{into} SELECT * FROM {name}").fetchall()
