"""The shipped program on Spark SQL, both cores of this machine; an extra of its own (``requirements/spark.txt``)."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.evaluation.shipped import compiled_for
from huxue.core.duties.program import SUMMARY
from huxue.standings.engines.spark import Cluster, evaluate_sets, missing, session


class Way:
    """A session of its own; starting it is part of what it costs, as it is for who evaluates with it."""

    def __init__(self, folders: list[Path]) -> None:
        """Compile the rulebook."""
        lacking = missing()
        if lacking:
            raise SystemExit(str(lacking))
        self.folders = folders
        self.compiled = compiled_for(json.loads((folders[0] / "about.json").read_text()))
        self.room = tempfile.TemporaryDirectory(prefix="huxue-bench-spark-")
        self.said: dict[str, Any] = {"note": "processor time and memory are those of Python alone, not of Java"}

    def run(self) -> None:
        """Evaluate, and count what stands."""
        out = Path(self.room.name)
        with session(Cluster("local[2]", out, "3g")) as spark:
            evaluate_sets(spark, self.compiled, self.folders, out)
        self.con = duckdb.connect()
        self.con.execute(f"CREATE TABLE standing AS SELECT * FROM read_parquet('{out / 'standing'}/*.parquet')")
        self.con.execute(f"CREATE TABLE {SUMMARY[0]} AS {SUMMARY[1]}")

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.con.execute(f"COPY {SUMMARY[0]} TO '{path}' (FORMAT parquet)")
        self.room.cleanup()
