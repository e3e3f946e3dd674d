"""What the ways share that look at one organisation, one duty and one window after another.

They say the duties that count deeds (``SAID`` of the sixty), for a sample of organisations; the time of all is
extrapolated from the sample, the time of the duties left out is not: it is as if those cost them nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.evaluation.ways import plain

SAID: Final = (*plain.COUNTS, plain.QUARTERLY_MEETING)
SAMPLE: Final = 10  # one organisation in so many
Spans = list[tuple[int, int]]
Count = Callable[
    [int, int, int, int, int], tuple[int, int]
]  # signal, from, to, due, period -> counted, counted in time
Row = tuple[int, ...]


class Sample:
    """A sample of the organisations of a set, with what each bears and is excused from."""

    def __init__(self, folder: Path) -> None:
        """Read the small tables of the set."""
        with duckdb.connect() as con:
            every = con.execute(f"SELECT o, cal FROM '{folder / 'orgcal.parquet'}' ORDER BY o").fetchall()
            app = con.execute(f"SELECT o, duty, lo, hi FROM '{folder / 'app.parquet'}'").fetchall()
            excuses = con.execute(f"SELECT o, duty, lo, hi FROM '{folder / 'excuse.parquet'}'").fetchall()
        self.every = len(every)
        self.calendars: dict[int, int] = dict(every[::SAMPLE])
        self.borne: dict[tuple[int, int], Spans] = {}
        for o, duty, lo, hi in app:
            self.borne.setdefault((o, duty), []).append((lo, hi))
        self.excused: dict[tuple[int, int], Spans] = {}
        for o, duty, lo, hi in excuses:
            self.excused.setdefault((o, duty), []).append((lo, hi))

    @property
    def scale(self) -> float:
        """How many times the sample is all."""
        return self.every / len(self.calendars)

    def summaries(self, o: int, count: Count) -> list[Row]:
        """Return (o, duty, met, due, overdue, missed, excused, on time) of the duties that an organisation bears."""
        found = []
        for duty, signal, period, need in SAID:
            spans = self.borne.get((o, duty))
            if spans:
                row = self._summary(o, duty, spans, (signal, period, need), count)
                if any(row[2:]):
                    found.append(row)
        return found

    def _summary(self, o: int, duty: int, spans: Spans, rule: tuple[int, int, int], count: Count) -> Row:
        signal, period, need = rule
        excuses = self.excused.get((o, duty), []) + self.excused.get((o, -1), [])
        counts = [0] * 6
        for _, lo, hi in plain.windows(period, self.calendars[o]):
            days = sum(max(0, min(b, hi) - max(a, lo) + 1) for a, b in spans)
            if 2 * days < hi - lo + 1:
                continue
            due = plain.due(period, hi)
            n, in_time = count(signal, lo, hi, due, period)
            if n >= need:
                counts[0] += 1
                counts[5] += in_time >= need
            elif any(a <= due <= b for a, b in excuses):
                counts[4] += 1
            else:
                counts[1 if due >= plain.TODAY else 3] += 1
        return (o, duty, *counts)


def written(path: Path, rows: list[Row]) -> None:
    """Write summaries."""
    names = ("o", "duty", "met", "due", "overdue", "missed", "excused", "on_time")
    columns = zip(*rows, strict=True)
    pq.write_table(
        pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)}), path
    )
