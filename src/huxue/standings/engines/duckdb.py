"""DuckDB, embedded: the engine that is always there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from huxue.core.duties.compile import Compiled
from huxue.core.duties.program import FIXED, ONCE, ONCE_FOR_SUMS, program
from huxue.core.duties.tables import TABLES
from huxue.standings.frame import make

LISTS = ("deeds", "spans", "app", "member")
AT_ONCE = 24  # SELECTs of one statement: every join in it reserves memory


def connect(*, memory: str = "700MB", threads: int = 2, brief: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection bounded in memory and threads, that reads nothing from outside.

    ``brief``: its tables live for a moment. To compress what has piled up, every 16 MB, would be up to 5 % of the work;
    where tables stay, it is what keeps them within the memory.
    """
    config: dict[str, Any] = {"memory_limit": memory, "threads": threads, "preserve_insertion_order": False}
    return duckdb.connect(config=config | ({"checkpoint_threshold": "1TB"} if brief else {}))


def load(con: duckdb.DuckDBPyConnection, compiled: Compiled) -> None:
    """Put the compiled tables into the engine, and what the program makes of them alone."""
    for name, columns in TABLES.items():
        rows = compiled.rows[name]
        con.register("rows", _table(columns, rows))
        make(con, name, "SELECT * FROM rows")
        con.unregister("rows")
    for name, text in program(compiled.as_of, lean=True):
        if name in FIXED:
            make(con, name, text)


def _table(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return pa.table(
        {c: pa.array(v, pa.string() if c == "trait" else pa.int64()) for c, v in zip(columns, by_column, strict=True)}
    )


def run(con: duckdb.DuckDBPyConnection, compiled: Compiled) -> None:
    """Run the generated lists and the fixed program; leaves the table ``standing``."""
    run_lists(con, compiled)
    run_program(con, compiled)


def run_lists(con: duckdb.DuckDBPyConnection, compiled: Compiled, names: Sequence[str] = LISTS) -> None:
    """Run the generated lists over the frame."""
    for name in names:
        selects = getattr(compiled, name)
        make(con, name, " UNION ALL ".join(selects[:AT_ONCE]))
        for start in range(AT_ONCE, len(selects), AT_ONCE):
            con.execute(f"INSERT INTO {name} {' UNION ALL '.join(selects[start : start + AT_ONCE])}").fetchall()


def run_program(con: duckdb.DuckDBPyConnection, compiled: Compiled, *, lean: bool = False, kept: bool = False) -> None:
    """Run the fixed program over the lists: leaves the table ``standing``, or ``summary`` where ``lean``.

    ``kept``: what lies behind a summary is read afterwards too.
    """
    once = ONCE_FOR_SUMS if lean and not kept else ONCE
    for name, text in program(compiled.as_of, lean=lean):
        if name in FIXED:
            continue
        if name in once:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {text}").fetchall()
        else:
            make(con, name, text)
