"""rule-engine: one rule for each duty, matched against each record of an organisation, then counted in a loop."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import rule_engine

from benchmarks.evaluation.ways.orm_rows import counter_of
from benchmarks.evaluation.ways.records import SAID, Row, Sample, written


class Way:
    """Rules in memory over dictionaries."""

    def __init__(self, folders: list[Path]) -> None:
        """Read the records of the sample as dictionaries."""
        (folder,) = folders
        self.sample = Sample(folder)
        self.scale = self.sample.scale
        self.said: dict[str, Any] = {"sampled": len(self.sample.calendars), "duties": len(SAID)}
        self.rows: list[Row] = []
        self.records: dict[int, list[dict[str, int]]] = {}
        with duckdb.connect() as con:
            wanted = ", ".join(map(str, self.sample.calendars))
            select = f"SELECT o, signal, day, rday, coalesce(amount, 0) FROM '{folder / 'deeds.parquet'}' WHERE o IN ({wanted})"
            for o, signal, day, rday, amount in con.execute(select).fetchall():
                self.records.setdefault(o, []).append({"signal": signal, "day": day, "rday": rday, "amount": amount})

    def run(self) -> None:
        """Match and count."""
        rules = {signal: rule_engine.Rule(f"signal == {signal}") for _, signal, _, _ in SAID}
        for o in self.sample.calendars:
            records = self.records.get(o, [])
            matched = [
                (signal, r["day"], r["rday"], r["amount"])
                for signal, rule in rules.items()
                for r in records
                if rule.matches(r)
            ]
            self.rows += self.sample.summaries(o, counter_of(matched))

    def answer(self, path: Path) -> None:
        """Write the summaries."""
        written(path, self.rows)
