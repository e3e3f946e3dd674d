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
    ("orgcal", "o"),
    ("app", "o, duty"),
    ("member", "duty, o"),
    ("excuse", "o, duty"),
    ("traitnum", "o"),
    ("stateslot", "signal, cal"),
    ("after", "duty, cal, day"),
    ("slotspan", "lo, hi"),
)
INDEXED: Final = {  # of what the program makes: without them a database goes through whole tables, again and again
    "slotmap": "hit",
    "throughout": "o, duty",
    "owed_partly": "slot, o",
    "owed": "slot, o",
    "tally": "slot, o",
    "each": "slot, o",
    "chain0": "o, slot, v",
    "stands": "slot, o",
    "held": "slot, o",
    "done": "o, slot, k",
    "told_apart": "o, slot",
    "ratio1": "o, slot, side",
    "events": "duty, o, k, what",
    "ending": "duty, o, k, f",
    "moved": "duty, o, f",
    "excused": "o, duty, slot, f",
    "plain": "o, duty",
}


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


def run_program(execute: Callable[[str], Any], as_of: int, *, table: str, index: str) -> None:
    """Run the fixed program; ``table`` is how a table is made, ``index`` the name of an index and what it is on."""
    for name, text in program(as_of, lean=True):
        made = "CREATE TEMP VIEW" if name in ONCE else table
        execute(f"{made} {name} AS {text}")
        if columns := INDEXED.get(name):
            execute(f"CREATE INDEX {index.format(name=name)} ({columns})")
        if name not in ONCE:
            execute(f"ANALYZE {name}")
