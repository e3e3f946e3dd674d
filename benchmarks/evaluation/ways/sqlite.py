"""The shipped program's text in SQLite, over a database that holds the set."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.evaluation.ways.tables import INDEXES, READS, compiled_of, creations, run_program, set_rows
from huxue.core.duties.tables import TABLES


class Way:
    """SQLite, one file kept beside the set."""

    def __init__(self, folders: list[Path]) -> None:
        """Load the set into its database, once."""
        (self.folder,) = folders
        self.compiled = compiled_of(self.folder)
        self.said: dict[str, Any] = {}
        path = self.folder / "set.sqlite"
        if not path.is_file():
            self._load(path.with_suffix(".new"))
            path.with_suffix(".new").rename(path)
        self.con = sqlite3.connect(path)
        for pragma in ("temp_store = MEMORY", "cache_size = -1000000", "mmap_size = 8000000000", "threads = 2"):
            self.con.execute(f"PRAGMA {pragma}")
        for name, columns in creations(self.folder):
            if name in TABLES:
                self.con.execute(f"CREATE TEMP TABLE {name} ({columns})")

    def _load(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with sqlite3.connect(path) as con:
            con.execute("PRAGMA journal_mode = OFF")
            con.execute("PRAGMA synchronous = OFF")
            for name, columns in creations(self.folder):
                if name not in TABLES:
                    con.execute(f"CREATE TABLE {name} ({columns})")
                    for rows in set_rows(self.folder, name):
                        con.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
            for name, columns in INDEXES:
                if name in READS:
                    con.execute(f"CREATE INDEX {name}_{columns.replace(', ', '_')} ON {name} ({columns})")
            con.execute("ANALYZE")
        con.close()

    def run(self) -> None:
        """Load the compiled rulebook and evaluate."""
        for name, rows in self.compiled.rows.items():
            if rows:
                self.con.executemany(f"INSERT INTO temp.{name} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        for name, columns in INDEXES:
            if name in TABLES:
                self.con.execute(f"CREATE INDEX temp.{name}_{columns.replace(', ', '_')} ON {name} ({columns})")
        self.con.execute("ANALYZE temp")
        run_program(
            self.con.execute, self.compiled.as_of, table="CREATE TEMP TABLE", index="temp.{name}_made ON {name}"
        )

    def answer(self, path: Path) -> None:
        """Write the summary."""
        cursor = self.con.execute("SELECT * FROM summary")
        names = [column[0] for column in cursor.description]
        columns = zip(*cursor.fetchall(), strict=True)
        pq.write_table(
            pa.table(
                {name: pa.array(map(int, column), pa.int64()) for name, column in zip(names, columns, strict=True)}
            ),
            path,
        )
