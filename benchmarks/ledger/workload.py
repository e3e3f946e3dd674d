"""The ledger at size: importing, single appends by eight processes at once, verifying, and every list.

A year of facts, 80 % records, 15 % entries and 5 % case steps in the order of time, with all indexes in place. On
PostgreSQL 20 million of them, which may take hours; on SQLite, the database of a city at most, one million. PostgreSQL
runs as it does by default: a commit is on the disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from tests.postgres import server as postgresql

FACTS: Final = 20_000_000
OF_SQLITE: Final = 1_000_000
DURABLE: Final = (
    "fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=2GB", "max_wal_size=8GB",
    "maintenance_work_mem=512MB",
)  # fmt: skip
IMPORTED: Final = 20_000  # facts a second, by one process
APPENDED: Final = {"FULL": 1_000, "NORMAL": 2_000, "durable": 1_000}  # facts a second, by eight
VERIFIED: Final = 20  # seconds a million facts


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--facts", type=int, default=FACTS, help=f"how many (default: {FACTS:,}; try 200000)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--folder", type=Path, help="where the sites are made (default: a temporary folder)")


def run(args: argparse.Namespace) -> int:
    """Measure and print; 1 where something promised is not kept."""
    found: dict[str, Any] = {"machine": machine()}
    with ExitStack() as stack:
        folder = args.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huxue-bench-")))
        for database in [args.database] if args.database else ["sqlite", "postgresql"]:
            found[database] = on(database, folder / database, args.facts, stack)
    found["ratios"] = [row for name in ("sqlite", "postgresql") if name in found for row in ratios(name, found[name])]
    print(json.dumps(found, ensure_ascii=False, indent=1) if args.json else "\n".join(table(found)))
    return 0 if all(row["met"] for row in found["ratios"]) else 1


def machine() -> dict[str, Any]:
    """Return what was measured on."""
    model = next((line.partition(": ")[2] for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((line.split()[1] for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), "0")
    return {
        "cores": os.cpu_count(), "processor": model, "memory_gib": round(int(memory) / 2**20),
        "python": platform.python_version(), "system": platform.system(),
    }  # fmt: skip


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def on(database: str, folder: Path, facts: int, stack: ExitStack) -> dict[str, Any]:
    """Measure on one database."""
    folder.mkdir(parents=True)
    address = stack.enter_context(postgresql(*DURABLE)) if database == "postgresql" else ""
    environment = {
        "HUXUE_SITE": str(folder), "HUXUE_DATABASE_URL": address, "HUXUE_SECRET_KEY": "only for this measurement",
        "PYTHONPATH": "src:.", "DJANGO_SETTINGS_MODULE": "huxue.settings",
    }  # fmt: skip
    count = min(facts, OF_SQLITE) if database == "sqlite" else facts
    step = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger.measure", str(count)], env={**os.environ, **environment},
        stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(step.stdout)
    return found


def ratios(database: str, found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what is promised: what is measured, the figure with its range or 99th percentile, what it must be."""
    imported = found["import"]
    low, high = imported["range"]
    yield _at_least(database, "import, facts a second", imported["a_second"], IMPORTED, f"{low:,}-{high:,}")
    for way, one in found["singles"].items():
        name = f"8 processes, {way}, facts a second"
        yield _at_least(database, name, one["a_second"], APPENDED[way], f"p50 {one['p50_ms']} p99 {one['p99_ms']} ms")
    for way in ("unsealed", "sealed"):
        one = found[f"verify {way}"]
        seconds = float(one["seconds_a_million"])
        yield _row(
            database, f"verify, {way}, s a million", seconds, VERIFIED, f"{one['facts']:,} facts", seconds < VERIFIED
        )
    seen = found["watched"]
    for name in ("missed_by_fold", "twice_in_fold", "missed_by_seal", "findings"):
        yield _row(database, f"8 writers: {name}", seen[name], 0, f"{seen['seals']} seals", seen[name] == 0)
    for one in found["lists"]:
        low, high = one["range"]
        yield _row(
            database,
            f"{one['scope']}: {one['list']}, ms",
            float(one["ms"]),
            one["must_ms"],
            f"{low}-{high}",
            one["met"],
        )


def _at_least(database: str, what: str, reached: int, must: int, range_: str) -> dict[str, Any]:
    return {**_row(database, what, reached, must, range_, reached >= must), "ratio": f"{reached / must:.2f}"}


def _row(database: str, what: str, reached: float, must: int, range_: str, met: bool) -> dict[str, Any]:  # noqa: FBT001
    return {
        "database": database, "against": what, "reached": reached, "range": range_, "must": must, "met": met,
        "ratio": f"{reached / must:.2f}" if must else "",
    }  # fmt: skip


def table(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table for people."""
    yield f"{found['machine']}"
    for name in ("sqlite", "postgresql"):
        if name in found:
            one = found[name]["import"]
            yield f"\n{name}: {one['facts']:,} facts of {one['schools']:,} schools; {one['own_cpu_us']} µs each"
            yield f"{'':50}{'reached':>10}{'range':>26}{'must':>9}"
            for row in found["ratios"]:
                if row["database"] == name:
                    mark = "met" if row["met"] else "MISSED"
                    yield f"{row['against']:50}{row['reached']:10,}{row['range']:>26}{row['must']:9,}  {mark}"


__all__ = ["add", "run"]
