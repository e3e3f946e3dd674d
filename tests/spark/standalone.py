"""A Spark cluster of one master and two workers on the loopback address, for one run of the tests.

The daemons are started as the operator's page says: ``spark-class org.apache.spark.deploy.master.Master`` and
``…worker.Worker``. Ports are free ones that Spark chooses. Everything ends with us, however we end.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

# The guard's standard input closes when we end, however we end: then it stops the daemon.
GUARD = '"$@" >"$0" 2>&1 & cat >/dev/null; kill $! 2>/dev/null; wait $!'
PATIENCE = 120  # seconds a daemon may take to come up on a busy machine
ADDRESS = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
REGISTERED = re.compile(r"Successfully registered with master")
# Short runs: the quick compiler, one collector of garbage, and no code made for queries over a few rows.
DEFAULTS = """
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
"""


@dataclass(slots=True)
class Daemon:
    """One process with its log."""

    guard: subprocess.Popen[bytes]
    log: Path

    def await_line(self, wanted: re.Pattern[str]) -> re.Match[str]:
        end = time.monotonic() + PATIENCE
        while True:
            said = self.log.read_text("utf-8", errors="replace") if self.log.exists() else ""
            found = wanted.search(said)
            if found:
                return found
            assert time.monotonic() < end, f"{self.log.name} does not come up: {said[-2000:]}"
            time.sleep(0.05)

    def stop(self) -> None:
        self.guard.communicate(timeout=PATIENCE)


@dataclass(slots=True)
class Standalone:
    """A running cluster. ``room``: a folder of its own."""

    room: Path
    environment: dict[str, str]
    master: str = ""
    daemons: list[Daemon] = field(default_factory=list)

    @property
    def workers(self) -> list[Daemon]:
        return self.daemons[1:]

    def start(self, sort: str, *arguments: str) -> Daemon:
        number = len(self.daemons)
        log = self.room / f"{number}-{sort.rpartition('.')[2]}.log"
        command = [spark_class(), f"org.apache.spark.deploy.{sort}", "--host", "127.0.0.1", "--port", "0"]
        guard = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, log, *command, "--webui-port", "0", *arguments],
            stdin=subprocess.PIPE,
            cwd=self.room,
            env=self.environment,
            start_new_session=True,
        )
        self.daemons.append(Daemon(guard, log))
        return self.daemons[-1]

    def add_worker(self) -> None:
        work = self.room / f"work{len(self.daemons)}"
        self.start("worker.Worker", "--cores", "1", "--memory", "640m", "--work-dir", str(work), self.master)

    def kill_worker(self) -> None:
        """Kill a worker and the executors it started, as a power cut does."""
        os.killpg(self.workers[0].guard.pid, signal.SIGKILL)


def spark_class() -> Path:
    """Spark's own launcher, inside the package."""
    found = importlib.util.find_spec("pyspark")
    assert found is not None
    assert found.submodule_search_locations is not None
    return Path(found.submodule_search_locations[0]) / "bin" / "spark-class"


def surroundings(room: Path) -> dict[str, str]:
    """The variables of every process of Spark: loopback only, every file in ``room``."""
    (room / "conf").mkdir()
    (room / "conf" / "spark-defaults.conf").write_text(DEFAULTS, "ascii")
    return {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_CONF_DIR": str(room / "conf"),
        "SPARK_LOCAL_DIRS": str(room / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }


@contextmanager
def standalone(room: Path, *, workers: int) -> Iterator[Standalone]:
    """Start a master and its workers; stop them at the end."""
    one = Standalone(room, {**os.environ, **surroundings(room)})
    try:
        one.master = one.start("master.Master").await_line(ADDRESS)[1]
        for _ in range(workers):
            one.add_worker()
        for worker in one.workers:
            worker.await_line(REGISTERED)
        yield one
    finally:
        for daemon in reversed(one.daemons):
            daemon.stop()
        shutil.rmtree(room, ignore_errors=True)
