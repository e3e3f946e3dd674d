"""Starting a server of a site, and reading what its processes have cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
STARTED: Final = 60  # seconds a server may take to come up


@dataclass(frozen=True)
class Server:
    """A running server. ``database``: a process whose family serves the database, 0 for SQLite."""

    process: int
    port: int
    database: int

    def cpu(self) -> float:
        """Return the seconds of processor time that the server, its workers and its database have used."""
        family = [*descendants(self.process), *(descendants(self.database) if self.database else [])]
        return sum(_cpu(one) for one in family)

    def memory(self) -> int:
        """Return the bytes that the largest worker holds; what workers share is divided among them."""
        return max(map(_held, children(self.process) or [self.process]))


@contextmanager
def serving(site: dict[str, str], *, workers: int, database: int = 0) -> Iterator[Server]:
    """Yield a server of a site; ``site`` is its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **site, "DJANGO_SETTINGS_MODULE": "benchmarks.web.settings", "PYTHONPATH": "src:."}
    command = [sys.executable, "-m", "huxue", "serve", "--port", str(port), "--workers", str(workers)]
    log = Path(site["HUXUE_SITE"], "server.log")
    with log.open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log)
        yield Server(process.pid, port, database)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTED
    while time.monotonic() < end and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/nothing-here")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            connection.close()
            return
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def children(process: int) -> list[int]:
    """Return the processes that a process started."""
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def descendants(process: int) -> list[int]:
    """Return a process and all that it started, and they started."""
    found = [process]
    for one in found:
        found += children(one)
    return found


def _cpu(process: int) -> float:
    """Return what a process used, and what those of its children used that have ended."""
    try:
        said = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, said[11:15])) / TICKS


def _held(process: int) -> int:
    """Return the bytes that a process holds: its own, and its share of what it holds together with others."""
    try:
        said = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in said.splitlines() if line.startswith("Pss:"))
