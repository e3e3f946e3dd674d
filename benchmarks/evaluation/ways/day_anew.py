"""The same day, evaluated in full: the product's lean program over the whole set."""

from __future__ import annotations

from pathlib import Path

from benchmarks.evaluation.shipped import keep
from benchmarks.evaluation.ways import day
from huxue.standings.sets.layout import BLOCK, block
from huxue.standings.sets.read import prepare, run_shard


class Way(day.Way):
    """Every organisation from its deeds, block after block."""

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
