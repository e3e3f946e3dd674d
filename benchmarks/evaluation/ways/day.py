"""A day's update: the product counts on from the tally kept of yesterday, and keeps what changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa

from benchmarks.evaluation import day
from benchmarks.evaluation.shipped import MEMORY, keep
from benchmarks.evaluation.world import AS_OF
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets import tally
from huxue.standings.sets.layout import file_of
from huxue.standings.sets.onward import Onward, load_age
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.read import compiled, prepare
from huxue.standings.sets.tally import KEPT
from huxue.standings.sets.windows import numbered
from huxue.standings.sets.writing import Folder


class Way:
    """Counting on in DuckDB, shard after shard, with all that the product checks and writes."""

    def __init__(self, folders: list[Path]) -> None:
        """Compile the rulebook."""
        (self.folder,) = folders
        self.stand = day.stand()
        self.opened = open_set(self.folder)
        self.made = compiled(self.opened, self.stand, AS_OF)
        self.con = engine.connect(memory=MEMORY, brief=True)
        self.con.register("warm", pa.table({"x": [0]}))
        self.con.unregister("warm")
        self.con.execute(f"SET temp_directory = '{self.folder / 'spill'}'")
        self.new = Folder(self.folder, "measured")
        self.said: dict[str, Any] = {}

    def run(self) -> None:
        """Count on, and write what is kept for tomorrow."""
        kept = tally.read(self.folder, self.opened.manifest, self.stand, today=AS_OF, since=self.made.since)
        if kept is None:
            raise ValueError(self.folder)
        numbers = numbered(self.made, kept.numbers())
        prepare(self.con, self.opened, self.stand.duties, numbers.made)
        load_age(self.con, numbers)
        onward = Onward(self.con, self.opened, numbers, kept)
        onward.begin()
        self.new.path.mkdir()
        for shard in self.opened.shards:
            onward.count(shard)
            keep(self.con, "summary", first=shard == 0)
            for name, order in KEPT.items():
                self.new.write(self.con, file_of(name, shard), f"SELECT * FROM new_{name}", order)
        self.new.closed()

    def answer(self, path: Path) -> None:
        """Write the summary; take away what was written for tomorrow."""
        shutil.rmtree(self.folder / self.new.name)
        self.con.execute(f"COPY found_summary TO '{path}' (FORMAT parquet)")
