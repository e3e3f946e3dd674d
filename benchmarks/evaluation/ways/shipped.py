"""The shipped program."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.evaluation.shipped import MEMORY, Clock, compiled_for, evaluate_set
from huxue.standings.engines import duckdb as engine


class Way:
    """The compiled rulebook and the fixed program in DuckDB."""

    rolled_up = False

    def __init__(self, folders: list[Path]) -> None:
        """Compile the rulebook."""
        self.folders = folders
        begin = time.perf_counter()
        self.compiled = compiled_for(json.loads((folders[0] / "about.json").read_text()))
        self.said: dict[str, Any] = {"compile": time.perf_counter() - begin}
        self.con = engine.connect(memory=MEMORY, brief=len(folders) == 1)  # summaries of a nation stay
        self.con.register("warm", pa.table({"x": [0]}))  # the first time DuckDB looks which libraries there are
        self.con.unregister("warm")
        self.con.execute(f"SET temp_directory = '{folders[0].parent / 'spill'}'")

    def run(self) -> None:
        """Evaluate."""
        clock = Clock({}, time.process_time())
        evaluate_set(self.con, self.folders, self.compiled, clock, rolled_up=self.rolled_up)
        self.said["parts"] = {name: round(seconds, 3) for name, seconds in clock.parts.items() if seconds >= 0.001}

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.con.execute(f"COPY found_summary TO '{path}' (FORMAT parquet)")
