"""The same day, evaluated in full: the product's lean program over the whole set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.evaluation import day
from benchmarks.evaluation.shipped import MEMORY, keep
from benchmarks.evaluation.world import AS_OF
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets.layout import BLOCK, block
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.read import compiled, prepare, run_shard


class Way:
    """Every organisation from its deeds, block after block."""

    def __init__(self, folders: list[Path]) -> None:
        """Compile the rulebook."""
        (self.folder,) = folders
        self.stand = day.stand()
        self.opened = open_set(self.folder)
        self.made = compiled(self.opened, self.stand, AS_OF)
        self.con = engine.connect(memory=MEMORY)
        self.con.register("warm", pa.table({"x": [0]}))
        self.con.unregister("warm")
        self.con.execute(f"SET temp_directory = '{self.folder / 'spill'}'")
        self.said: dict[str, Any] = {}

    def run(self) -> None:
        """Evaluate."""
        prepare(self.con, self.opened, self.stand.duties, self.made)
        said, first = self.opened.manifest, True
        for shard in self.opened.shards:
            lowest, highest = block(shard, said.shard)
            for start in range(lowest, min(highest, said.organisations) + 1, BLOCK):
                among = start, min(start + BLOCK - 1, highest)
                run_shard(self.con, self.opened, self.made, shard, among, lean=True)
                keep(self.con, "summary", first=first)
                first = False

    def answer(self, path: Path) -> None:
        """Write the summary."""
        self.con.execute(f"COPY found_summary TO '{path}' (FORMAT parquet)")
