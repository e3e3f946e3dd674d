"""The shipped program: one set in this process, several in a process for each core, as the product does it."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import tempfile
import time
import weakref
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from benchmarks.evaluation.one import cpu, peak_mib
from benchmarks.evaluation.shipped import MEMORY, Clock, compiled_for, evaluate_set
from huxue.core.duties.compile import Compiled
from huxue.standings.engines import duckdb as engine


class Way:
    """The compiled rulebook and the fixed program in DuckDB."""

    rolled_up = False
    lean = True

    def __init__(self, folders: list[Path]) -> None:
        """Compile the rulebook."""
        self.folders = folders
        begin = time.perf_counter()
        self.compiled = compiled_for(json.loads((folders[0] / "about.json").read_text()))
        self.said: dict[str, Any] = {"compile": time.perf_counter() - begin}
        self.con = _connected(folders[0].parent / "spill", threads=2)
        self.room = Path(tempfile.mkdtemp(prefix="summaries-", dir=folders[0].parent))
        weakref.finalize(self, shutil.rmtree, self.room, ignore_errors=True)
        self.other_cpu, self.other_peak = 0.0, 0.0

    def run(self) -> None:
        """Evaluate."""
        if len(self.folders) > 1:
            self._several()
            return
        clock = Clock({}, time.process_time())
        evaluate_set(self.con, self.folders[0], self.compiled, clock, rolled_up=self.rolled_up, lean=self.lean)
        self._say(clock.parts)

    def _several(self) -> None:
        """Evaluate sets side by side; a process writes the summary of each to a file, so that none holds them all."""
        workers = os.cpu_count() or 1
        context, parts = multiprocessing.get_context("spawn"), dict[str, float]()
        used, peaks = dict[int, float](), dict[int, float]()
        with ProcessPoolExecutor(workers, context, _begin, (self.compiled, self.room)) as pool:
            for done in pool.map(_shard, range(len(self.folders)), self.folders):
                used[done.process], peaks[done.process] = done.cpu, done.peak
                for name, seconds in done.parts.items():
                    parts[name] = parts.get(name, 0) + seconds
        self.other_cpu, self.other_peak = sum(used.values()), sum(peaks.values())
        self.said["processes"] = len(used)
        self._say(parts)

    def _say(self, parts: dict[str, float]) -> None:
        self.said["parts"] = {name: round(seconds, 3) for name, seconds in parts.items() if seconds >= 0.001}

    def answer(self, path: Path) -> None:
        """Write the summary."""
        found = "found_summary" if len(self.folders) == 1 else f"read_parquet('{self.room}/*.parquet')"
        self.con.execute(f"COPY (FROM {found}) TO '{path}' (FORMAT parquet)")


def _connected(spill: Path, *, threads: int) -> duckdb.DuckDBPyConnection:
    con = engine.connect(memory=MEMORY, threads=threads, brief=True)
    con.register("warm", pa.table({"x": [0]}))  # the first time DuckDB looks which libraries there are
    con.unregister("warm")
    con.execute(f"SET temp_directory = '{spill}'")
    return con


# --- in a process of its own -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Done:
    """What a process has used until now (CPU seconds, MiB), and where the time of one set went."""

    process: int
    cpu: float
    peak: float
    parts: dict[str, float]


_HERE: list[tuple[duckdb.DuckDBPyConnection, Compiled, Path]] = []


def _begin(compiled: Compiled, room: Path) -> None:
    _HERE.append((_connected(room / f"spill-{os.getpid()}", threads=1), compiled, room))


def _shard(number: int, folder: Path) -> Done:
    con, compiled, room = _HERE[0]
    clock = Clock({}, time.process_time())
    evaluate_set(con, folder, compiled, clock)
    con.execute(f"COPY found_summary TO '{room / f'{number:04d}.parquet'}' (FORMAT parquet)").fetchall()
    return Done(os.getpid(), cpu(), peak_mib(), clock.parts)
