"""The shipped program's text in another database: what both share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.evaluation.shipped import READS, compiled_for
from huxue.core.duties.compile import Compiled
from huxue.core.duties.program import ONCE, program
from huxue.core.duties.tables import TABLES

BATCH: Final = 100_000
INDEXES: Final = (
    ("slots", "slot"),
    ("slots", "duty, cal"),
    ("slotmap", "signal, cal, day, makeup"),
    ("orgcal", "o"),
    ("app", "o, duty"),
    ("member", "duty, o"),
    ("excuse", "o, duty"),
    ("traitnum", "o"),
    ("stateslot", "signal, cal"),
    ("after", "duty, cal, day"),
)


def compiled_of(folder: Path) -> Compiled:
    """Return the compiled rulebook of a set."""
    return compiled_for(json.loads((folder / "about.json").read_text()))


def declared(folder: Path, name: str) -> list[tuple[str, str]]:
    """Return the columns of a table of the set, with their type in every SQL database."""
    with duckdb.connect() as con:
        described = con.execute(f"DESCRIBE SELECT * FROM '{folder / name}.parquet'").fetchall()
    return [(row[0], "TEXT" if row[1] == "VARCHAR" else "BIGINT") for row in described]


def set_rows(folder: Path, name: str) -> Iterator[list[tuple[Any, ...]]]:
    """Yield the rows of a table of the set, many at a time."""
    with duckdb.connect(config={"threads": 1}) as con:
        cursor = con.execute(f"SELECT * FROM '{folder / name}.parquet'")
        while rows := cursor.fetchmany(BATCH):
            yield rows


def creations(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (table, its columns) of the set and of the compiled rulebook."""
    for name in READS:
        yield name, ", ".join(f"{column} {kind}" for column, kind in declared(folder, name))
    for name, columns in TABLES.items():
        yield name, ", ".join(f"{column} {'TEXT' if column == 'trait' else 'BIGINT'}" for column in columns)


def run_program(execute: Callable[[str], Any], as_of: int, *, table: str, analyse: str = "") -> None:
    """Run the fixed program; ``table`` is how a table is made, ``analyse`` what is said of it afterwards."""
    for name, text in program(as_of, lean=True):
        made = "CREATE TEMP VIEW" if name in ONCE else table
        execute(f"{made} {name} AS {text}")
        if analyse and name not in ONCE:
            execute(f"{analyse} {name}")
