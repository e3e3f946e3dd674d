"""Measuring: each run is a process of its own, so that its processor time and its peak memory are its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import duckdb

COUNTS: Final = ("met", "due", "overdue", "missed", "excused", "on_time")
NOWHERE: Final = "-"
NOISY: Final = 1.2  # where the longest wall time is more than so many times the shortest, processor time is compared


@dataclass
class Runs:
    """What one way took: wall and processor seconds, peak MiB, by round; why it has no time, where it has none."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: list[float] = field(default_factory=list)
    why_not: str = ""
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> bool:
        """Whether it gave the right answer in every round."""
        return not self.why_not and bool(self.wall)

    def noisy(self) -> bool:
        """Tell whether wall times differ so much that they say little, or whether that cannot be told."""
        return len(self.wall) == 1 or max(self.wall) > NOISY * min(self.wall)

    def figures(self) -> dict[str, Any]:
        """Return medians and ranges: seconds and MiB."""
        if not self.counts:
            return {"way": self.name, "why_not": self.why_not}
        ranges = {"wall": self.wall, "cpu": self.cpu, "peak_mib": self.peak}
        return {
            "way": self.name,
            **{name: round(median(found), 3) for name, found in ranges.items()},
            **{f"{name}_range": [round(min(found), 3), round(max(found), 3)] for name, found in ranges.items()},
            **self.said,
        }


def one_run(runs: Runs, folders: list[Path], answer: Path | None, *, patience: int = 7200) -> None:
    """Run one way once and note what it took; ``answer`` is the new file its summary is written to, if any."""
    where = str(answer) if answer else NOWHERE
    words = [sys.executable, "-m", "benchmarks.evaluation.one", runs.name, where, *map(str, folders)]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=patience)
    except subprocess.TimeoutExpired:
        runs.why_not = f"not finished after {patience} s"
        return
    if done.returncode:
        runs.why_not = (done.stderr.strip().splitlines() or [f"ended with {done.returncode}"])[-1][:200]
        return
    said = json.loads(done.stdout.strip().splitlines()[-1])
    runs.wall.append(said.pop("wall"))
    runs.cpu.append(said.pop("cpu"))
    runs.peak.append(said.pop("peak_mib"))
    runs.said = said


def differing(right: Path, other: Path, *, sampled: bool = False) -> int:
    """Return how many rows of two summaries are not in both (per organisation and duty, six counts).

    ``sampled``: the other holds some organisations and some duties only.
    """
    listed = ", ".join(f"CAST({name} AS BIGINT) AS {name}" for name in ("o", "duty", *COUNTS))
    some = " AND ".join(f"{name} IN (SELECT {name} FROM '{other}')" for name in ("o", "duty")) if sampled else "TRUE"
    a, b = f"(SELECT {listed} FROM '{right}' WHERE {some})", f"(SELECT {listed} FROM '{other}')"
    text = f"SELECT count(*) FROM (({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a}))"
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")  # it would be printed among the figures
        return int(con.execute(text).fetchall()[0][0])


def rounds(names: list[str], folders: list[Path], times: int, room: Path) -> dict[str, Runs]:
    """Run the shipped program and the peers in turn, ``times`` times; who answers differently has no time."""
    found = {name: Runs(name) for name in names}
    right = room / "shipped.parquet"
    for number in range(times):
        for name, runs in found.items():
            if runs.why_not:
                continue
            print(f"round {number + 1} of {times}: {name}", file=sys.stderr, flush=True)
            answer = room / f"{name}-{number}.parquet"
            right = answer if name == "shipped" else right
            one_run(runs, folders, answer)
            if name == "shipped" and runs.why_not:
                return found  # nothing to compare with
            if runs.why_not or name == "shipped":
                continue
            rows = differing(right, answer, sampled="duties" in runs.said)
            if rows:
                runs.why_not = f"answers differently: {rows} rows of the summaries"
    return found


def ratio(above: Runs, below: Runs) -> float:
    """Return how many times as long the first takes: wall times, or processor times where those are noisy."""
    noisy = above.noisy() or below.noisy()
    return median(above.cpu) / median(below.cpu) if noisy else median(above.wall) / median(below.wall)


def memory() -> int:
    """Return the machine's memory in MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
