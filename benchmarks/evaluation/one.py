"""One measurement in a process of its own: ``python -m benchmarks.evaluation.one WAY FOLDER…`` prints one JSON object.

Wall and CPU seconds are those of the evaluation alone, from opening the files of the set to the finished summary; what
comes before (starting Python, importing, compiling the rulebook) is not in them. The summary is written beside.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from pathlib import Path
from typing import Final

WAYS: Final = {
    "shipped": "benchmarks.evaluation.ways.shipped",
    "rollups": "benchmarks.evaluation.ways.rollups",
    "rows": "benchmarks.evaluation.ways.rows",
    "hand": "benchmarks.evaluation.ways.hand",
    "hand-rows": "benchmarks.evaluation.ways.hand_rows",
    "polars": "benchmarks.evaluation.ways.polars",
    "pandas": "benchmarks.evaluation.ways.pandas",
    "postgresql": "benchmarks.evaluation.ways.postgresql",
    "sqlite": "benchmarks.evaluation.ways.sqlite",
    "spark": "benchmarks.evaluation.ways.spark",
    "orm-counts": "benchmarks.evaluation.ways.orm",
    "orm-rows": "benchmarks.evaluation.ways.orm_rows",
    "rule-engine": "benchmarks.evaluation.ways.rules",
    "openfisca": "benchmarks.evaluation.ways.openfisca",
}

DAYS: Final = {  # over a set of yesterday and one day's facts, see ``day``
    "day": "benchmarks.evaluation.ways.day",
    "day-anew": "benchmarks.evaluation.ways.day_anew",
}


def cpu() -> float:
    """Return the processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_mib() -> float:
    """Return the most memory this process has held (``ru_maxrss`` would remember who started it)."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))) / 1024


def main(way: str, answer: str, folders: list[str]) -> None:
    """Prepare one way, run it, write its summary to ``answer``, print what it took."""
    runner = importlib.import_module((WAYS | DAYS)[way]).Way([Path(folder) for folder in folders])
    begin, before = time.perf_counter(), cpu()
    runner.run()
    wall, used = time.perf_counter() - begin, cpu() - before
    peak = peak_mib() + getattr(runner, "other_peak", 0)  # of its processes
    if answer != "-":
        runner.answer(Path(answer))
    scale = getattr(runner, "scale", 1)  # of a way that looked at a sample
    used += getattr(runner, "other_cpu", 0)  # of a server, of its processes
    print(json.dumps({"wall": wall * scale, "cpu": used * scale, "peak_mib": peak, **runner.said}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
