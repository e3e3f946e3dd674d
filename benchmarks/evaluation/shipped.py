"""The measured program: the shipped one, over the files of a set."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.evaluation import sets
from huxue.core.duties.compile import Compiled
from huxue.standings.engines import duckdb as engine

READS: Final = ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum")
MEMORY: Final = "700MB"  # what the product gives DuckDB


@dataclass(slots=True)
class Clock:
    """Where the time of an evaluation goes, in seconds by name of the part."""

    parts: dict[str, float]
    at: float

    def lap(self, name: str) -> None:
        """Note the time since the last lap under a name."""
        now = time.perf_counter()
        self.parts[name] = self.parts.get(name, 0) + now - self.at
        self.at = now


def compiled_for(about: dict[str, Any]) -> Compiled:
    """Compile the rulebook for a set."""
    return sets.compiled(list(about["areas"]), int(about["since"]))


def evaluate_set(
    con: duckdb.DuckDBPyConnection, folders: Sequence[Path], compiled: Compiled, clock: Clock | None = None
) -> None:
    """Evaluate sets, one after another; leaves the table ``found``."""
    clock = clock or Clock({}, time.perf_counter())
    engine.load(con, compiled)
    clock.lap("tables")
    for n, folder in enumerate(folders):
        for name in READS:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet('{folder / name}.parquet')")
        engine.run_program(con, compiled.as_of, lean=True)
        clock.lap("program")
        keep(con, first=n == 0)
        clock.lap("keep")


def keep(con: duckdb.DuckDBPyConnection, *, first: bool) -> None:
    """Put the summary of one set with those of the sets before."""
    if first:
        con.execute("CREATE OR REPLACE TEMP TABLE found AS SELECT * FROM summary").fetchall()
    else:
        con.execute("INSERT INTO found SELECT * FROM summary").fetchall()
