"""The shipped program's text in PostgreSQL, over unlogged tables that hold the set."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.evaluation.ways.tables import INDEXES, compiled_of, creations, run_program
from huxue.core.duties.tables import TABLES
from tests.postgres import server

SETTINGS = (
    "work_mem = '512MB'",
    "jit = off",
    "max_parallel_workers_per_gather = 2",
    "min_parallel_table_scan_size = '8MB'",
)
TICKS = os.sysconf("SC_CLK_TCK")


class Way:
    """A server of its own for the length of the process; loading the set is not measured."""

    def __init__(self, folders: list[Path]) -> None:
        """Start the server and load the set."""
        (self.folder,) = folders
        self.compiled = compiled_of(self.folder)
        self.said: dict[str, Any] = {}
        self.server = server()
        self.con = psycopg.connect(self.server.__enter__(), autocommit=True)
        for setting in SETTINGS:
            self.con.execute(f"SET {setting}")
        for name, columns in creations(self.folder):
            self.con.execute(f"CREATE UNLOGGED TABLE {name} ({columns})")
            if name not in TABLES:
                self._copy(name)
                self._known(name)

    def _copy(self, name: str) -> None:
        with tempfile.NamedTemporaryFile(suffix=".csv") as file, duckdb.connect() as con:
            con.execute(
                f"COPY (SELECT * FROM '{self.folder / name}.parquet') TO '{file.name}' (FORMAT csv, HEADER false, NULLSTR '\\N', QUOTE '\"', FORCE_QUOTE (k))"
                if name in ("deeds", "spans", "member")
                else f"COPY (SELECT * FROM '{self.folder / name}.parquet') TO '{file.name}' (FORMAT csv, HEADER false, NULLSTR '\\N')"
            )
            with (
                self.con.cursor() as cursor,
                cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv, NULL '\\N')") as copy,
                Path(file.name).open("rb") as source,
            ):
                while part := source.read(1 << 20):
                    copy.write(part)

    def _known(self, name: str) -> None:
        for table, columns in INDEXES:
            if table == name:
                self.con.execute(f"CREATE INDEX ON {name} ({columns})")
        self.con.execute(f"ANALYZE {name}")

    def run(self) -> None:
        """Load the compiled rulebook and evaluate; the server's processor time is counted with ours."""
        before = self._cpu()
        for name, rows in self.compiled.rows.items():
            with self.con.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            self._known(name)
        run_program(self.con.execute, self.compiled.as_of, table="CREATE UNLOGGED TABLE", index="ON {name}")
        self.other_cpu = self._cpu() - before
        status = Path(f"/proc/{self.con.info.backend_pid}/status").read_text().splitlines()
        peak = int(next(line.split()[1] for line in status if line.startswith("VmHWM"))) / 1024
        self.said["server_peak_mib"] = round(peak)

    def _cpu(self) -> float:
        """Return the processor seconds of our backend and of the server's ended workers."""
        backend = self.con.info.backend_pid
        words = Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()
        parent = Path(f"/proc/{words[1]}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, (*words[11:13], *parent[13:15]))) / TICKS

    def answer(self, path: Path) -> None:
        """Write the summary and stop the server."""
        cursor = self.con.execute("SELECT * FROM summary")
        names = [column.name for column in cursor.description or ()]
        columns = zip(*cursor.fetchall(), strict=True)
        pq.write_table(
            pa.table(
                {name: pa.array(map(int, column), pa.int64()) for name, column in zip(names, columns, strict=True)}
            ),
            path,
        )
        self.con.close()
        self.server.__exit__(None, None, None)
