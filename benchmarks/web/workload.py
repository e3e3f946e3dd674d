"""What the pages cost, on SQLite and on PostgreSQL, for somebody of the city, of a county and of a school.

Processor time of server and database for one request, as the median of rounds with their range, beside the time waited;
and each as a multiple of an empty signed-in page of the same server in the same run, which is what must hold: machines
differ, multiples do not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.web.city import PEOPLE, made, sessions
from benchmarks.web.client import EMPTY, Client, Cost, measured
from benchmarks.web.crowd import crowd
from benchmarks.web.places import Place, places
from benchmarks.web.server import Server, descendants, serving
from tests.postgres import server as postgresql

ROUNDS: Final = 5


@dataclass(frozen=True)
class Must:
    """What a sort of page must keep to: so many times the empty page."""

    name: str
    times: float


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--small", action="store_true", help="56 schools and 10,000 hazards, to try it out")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], help="only this one")
    parser.add_argument("--times", type=int, default=60, help="requests of a round (default: 60)")
    parser.add_argument("--folder", type=Path, help="where the cities are made and kept (default: a temporary folder)")


def run(args: argparse.Namespace) -> int:
    """Measure and print; 1 where something promised is not kept."""
    found: dict[str, Any] = {"machine": machine()}
    with ExitStack() as stack:
        folder = args.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="huxue-bench-")))
        for database in [args.database] if args.database else ["sqlite", "postgresql"]:
            found[database] = on(database, folder / database, args, stack)
    if args.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        print("\n".join(table(found)))
    return 0 if all(one["met"] for name in found if name != "machine" for one in found[name]["pages"]) else 1


def machine() -> dict[str, Any]:
    """Return what was measured on."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def on(database: str, folder: Path, args: argparse.Namespace, stack: ExitStack) -> dict[str, Any]:
    """Measure on one database."""
    address, process = "", 0
    if database == "postgresql":
        address = stack.enter_context(postgresql())
        with psycopg.connect(address) as connection:
            process = connection.execute("SELECT pg_backend_pid()").fetchone()[0]  # type: ignore[index]
            process = _parent(process)
        (folder / "measured").unlink(missing_ok=True)  # its database has gone with its server
    environment = made(folder, address, small=args.small)
    cookies = json.loads(sessions(environment, list(PEOPLE.values())))
    with serving(environment, workers=1, database=process) as server:
        pages = [row for one in rows(server, environment, cookies, args.times) for row in one]
        memory = server.memory()
    with serving(environment, workers=2, database=process) as server:
        load = crowd(server, places(environment), cookies)
    return {"pages": pages, "memory_mib": round(memory / 2**20, 1), "crowd": load}


def _parent(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])


def rows(server: Server, environment: dict[str, str], cookies: dict[str, Any], times: int) -> Iterator[list[Any]]:
    """Yield the figures of each page for each of the three scopes, the floor first."""
    known = places(environment)
    for scope, name in PEOPLE.items():
        client = Client(server.port, cookies[name])
        yield [said(scope, measured(server, client, "empty", EMPTY, rounds=ROUNDS, times=times), 1.2)]
        for place in known:
            if scope in place.scopes:
                cost = measured(server, client, place.name, place.address(scope), rounds=ROUNDS, times=times)
                yield [said(scope, cost, place.must)]


def said(scope: str, cost: Cost, must: float) -> dict[str, Any]:
    """Return the figures of one page as a row."""
    return {
        "scope": scope, "page": cost.name, "status": cost.status, "cpu_ms": round(cost.ms, 2),
        "cpu_range": [round(min(cost.cpu), 2), round(max(cost.cpu), 2)],
        "wait_ms": round(sorted(cost.wait)[len(cost.wait) // 2], 2), "rows": cost.rows, "bytes": cost.bytes,
        "ratio": round(cost.ratio, 2), "must": must, "met": cost.status == 200 and cost.ratio <= must,
    }  # fmt: skip


def table(found: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table for people."""
    yield f"{found['machine']}"
    for name, one in found.items():
        if name == "machine":
            continue
        yield f"\n{name}: a worker holds {one['memory_mib']} MiB (must: 150)"
        yield f"{'scope':8}{'page':28}{'cpu ms':>8}{'range':>16}{'wait':>9}{'rows':>6}{'bytes':>9}{'x':>7}{'must':>6}"
        for row in one["pages"]:
            low, high = row["cpu_range"]
            mark = "" if row["met"] else "  missed" if row["status"] == 200 else f"  answered {row['status']}"
            yield (
                f"{row['scope']:8}{row['page']:28}{row['cpu_ms']:8.2f}{f'{low:.2f}-{high:.2f}':>16}{row['wait_ms']:9.2f}"
                f"{row['rows']:6}{row['bytes']:9,}{row['ratio']:7.2f}{row['must']:6.1f}{mark}"
            )
        yield f"crowd: {json.dumps(one['crowd'], ensure_ascii=False)}"


__all__ = ["Place", "add", "descendants", "run"]
