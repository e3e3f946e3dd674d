"""Spark SQL: the same program on a cluster. An optional extra: Java 17 and ``requirements/spark.txt``.

It reads *sets* (``write_set``): folders with one Parquet file for each table in ``SET``, one folder for each block of
organisations. It writes one folder of Parquet files for each result. Every machine of the cluster has to see all of
them under the same path. Nothing here needs Python on a worker.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from huxue.core.duties.compile import Compiled
from huxue.core.duties.program import program
from huxue.core.duties.tables import TABLES
from huxue.core.values import Refused
from huxue.standings.engines.duckdb import _table, run_lists
from huxue.standings.frame import make

SET: Final = ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum")
RESULTS: Final = ("standing",)
INSTALL: Final = "python3 -m pip install --require-hashes --no-deps -r requirements/spark.txt"
INSTALL_JAVA: Final = "apt-get install openjdk-17-jre-headless"
JAVA: Final = 17
A_PARTITION: Final = 16 * 2**20  # bytes of Parquet that one task takes
MOST_PARTITIONS: Final = 4_000
PATIENCE: Final = 60  # seconds without any worker until we give up
_MASTER: Final = re.compile(r"local(?:\[(?:\d+|\*)\])?|spark://(?P<first>[^,/:\s]+:\d+)(?:,[^,/:\s]+:\d+)*")
_TYPES: Final = {"int32": "INT", "int64": "BIGINT", "string": "STRING"}
# It forgets columns that only an EXISTS over a UNION reads, and then fails.
_UNFIT: Final = "org.apache.spark.sql.catalyst.optimizer.PushProjectionThroughUnion"
_SETTINGS: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.ansi.enabled": "true",  # an integer that overflows is an error, never another integer
    "spark.sql.caseSensitive": "false",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.maxPlanStringLength": "10000",
    "spark.sql.optimizer.excludedRules": _UNFIT,
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where the program runs: ``local[2]`` or ``spark://HOST:7077``, and the memory of the driver and of an executor.

    ``shared``: a folder that this machine and every worker see under the same path; the results stay in it.
    """

    master: str
    shared: Path
    memory: str = "1g"

    def run(self, con: duckdb.DuckDBPyConnection, compiled: Compiled) -> None:
        """Run the generated lists here and the program there; leaves the table ``standing``."""
        run_lists(con, compiled)
        with self.room() as room, session(self) as spark:
            write_set(con, room)
            evaluate_sets(spark, compiled, [room], self.shared)
        make(con, "standing", self.result("standing"))

    def room(self) -> AbstractContextManager[Path]:
        """Return a folder for sets that is gone at the end. Refused: ``not_written``."""
        return _room(self.shared, "set-")

    def result(self, name: str) -> str:
        """Return the SELECT of a result, for DuckDB."""
        return f"SELECT * FROM read_parquet('{_quoted(self.shared / name)}/*.parquet')"


def missing() -> Refused | None:
    """Return what this machine lacks for Spark and how it is added; nothing where it has all."""
    if importlib.util.find_spec("pyspark") is None:
        return Refused(
            "no_spark",
            f"本机没有安装 Spark，请运行：{INSTALL}",
            f"Spark is not installed here; add it by: {INSTALL}",
        )
    found = _java()
    if found < JAVA:
        said = ("没有 Java", "no Java") if not found else (f"只有 Java {found}", f"only Java {found}")
        return Refused(
            "no_java",
            f"Spark 需要 Java {JAVA}，本机{said[0]}；在 Debian 或 Ubuntu 上请运行：{INSTALL_JAVA}",
            f"Spark needs Java {JAVA} and there is {said[1]} here; on Debian and Ubuntu: {INSTALL_JAVA}",
        )
    return None


def _java() -> int:
    """Return the version of Java that Spark would start; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    number = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(number[1]) if number else 0


@contextmanager
def _room(shared: Path, prefix: str) -> Iterator[Path]:
    """Yield a new folder that is gone at the end. Refused: ``not_written`` where the disk does not take it."""
    try:
        shared.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=prefix, dir=shared) as name:
            yield Path(name).absolute()
    except (OSError, duckdb.IOException) as problem:
        said = str(problem).splitlines()[0]
        raise Refused(
            "not_written", f"无法写入文件夹 {shared}：{said}", f"The folder {shared} cannot be written: {said}"
        ) from problem


def write_set(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write the tables that the program reads beside the compiled ones, sorted by organisation."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SET:
        described = con.execute(f"DESCRIBE {name}").fetchall()
        columns = [c if kind == "VARCHAR" else f"CAST({c} AS BIGINT) AS {c}" for c, kind, *_ in described]
        target = _quoted(folder / f"{name}.parquet")
        con.execute(f"COPY (SELECT {', '.join(columns)} FROM {name} ORDER BY o) TO '{target}' (FORMAT parquet)")


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("'", "''")


@contextmanager
def session(cluster: Cluster) -> Iterator[Any]:
    """Yield a Spark session on a cluster that has at least one worker; stop it at the end.

    Refused: ``no_spark``, ``no_java``, ``bad_master``, ``no_master``, ``no_workers``, and ``spark_failed`` when Spark
    gave up.
    """
    lacking = missing()
    if lacking:
        raise lacking
    us = _address(cluster.master)
    os.environ["SPARK_LOCAL_IP"] = us
    builder = importlib.import_module("pyspark.sql").SparkSession.builder.appName("huxue").master(cluster.master)
    settings = {
        **_SETTINGS,
        "spark.driver.host": us,
        "spark.driver.bindAddress": us,
        "spark.driver.memory": cluster.memory,
        "spark.executor.memory": cluster.memory,
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    workers = None if cluster.master.startswith("local") else _Workers(spark)
    try:
        if workers:
            workers.wait()
            workers.start()
        yield spark
    except importlib.import_module("py4j.protocol").Py4JJavaError as problem:
        raise (workers and workers.refused) or _failed(problem) from problem
    finally:
        if workers:
            workers.over.set()
        spark.stop()


def _address(master: str) -> str:
    """Return our address as the master sees it; the loopback one for a local engine."""
    matched = _MASTER.fullmatch(master)
    if not matched:
        raise Refused(
            "bad_master",
            f"无法识别 Spark 主节点“{master}”，请写作 spark://主机:7077 或 local[2]。",
            f"'{master}' is no Spark master; write spark://HOST:7077 or local[2].",
        )
    if not matched["first"]:
        return "127.0.0.1"
    host, _, port = matched["first"].rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=5) as reached:
            return str(reached.getsockname()[0])
    except OSError as problem:
        raise Refused(
            "no_master",
            f"无法连接 Spark 主节点 {master}：{problem.strerror or problem}",
            f"The Spark master {master} cannot be reached: {problem.strerror or problem}",
        ) from problem


class _Workers(threading.Thread):
    """Watches that there is some worker: without any, Spark would wait for ever."""

    def __init__(self, spark: Any) -> None:
        super().__init__(daemon=True)
        self.context, self.over = spark.sparkContext, threading.Event()
        self.refused: Refused | None = None

    def there(self) -> bool:
        """Tell whether there is an executor; the driver counts itself too."""
        return int(self.context._jsc.sc().getExecutorMemoryStatus().size()) > 1

    def wait(self) -> None:
        """Wait for the first one."""
        end = time.monotonic() + PATIENCE
        while not self.there():
            if time.monotonic() > end:
                raise _no_workers()
            time.sleep(0.1)

    def run(self) -> None:
        """Cancel everything when all have been away for too long."""
        seen = time.monotonic()
        while not self.over.wait(1):
            if self.there():
                seen = time.monotonic()
            elif time.monotonic() > seen + PATIENCE:
                self.refused = _no_workers()
                self.context.cancelAllJobs()
                return


def _no_workers() -> Refused:
    return Refused(
        "no_workers",
        f"Spark 集群 {PATIENCE} 秒内没有可用的工作节点：请检查工作节点是否在运行、内存是否足够。",
        f"The Spark cluster has had no worker for {PATIENCE} seconds: see that workers run and have enough memory.",
    )


def _failed(problem: Any) -> Refused:
    said = str(problem.java_exception.getMessage()).splitlines()[0]
    return Refused("spark_failed", f"Spark 未能完成，没有结果：{said}", f"Spark gave up, there is no result: {said}")


def evaluate_sets(
    spark: Any,
    compiled: Compiled,
    sets: Sequence[Path],
    out: Path,
    *,
    texts: Sequence[tuple[str, str]] = (),
    results: Sequence[str] = RESULTS,
) -> None:
    """Run the program over sets of one edition, site and mark; leaves the folder ``out/NAME`` for each result.

    ``texts``: another program than that of all standings, with its ``results``. A result is put in its place when all
    of it is there. Refused: ``bad_set``, ``not_written``.
    """
    with _room(out, "run-") as room:
        files = {table: [one / f"{table}.parquet" for one in sets] for table in SET}
        for table, columns in TABLES.items():
            files[table] = [room / f"{table}.parquet"]
            pq.write_table(_table(columns, compiled.rows[table]), files[table][0])
        size = sum(_view(spark, table, paths) for table, paths in files.items())
        partitions = max(int(spark.sparkContext.defaultParallelism), min(size // A_PARTITION, MOST_PARTITIONS))
        spark.conf.set("spark.sql.shuffle.partitions", str(partitions))
        _run(spark, texts or program(compiled.as_of), results, room)
        for result in results:
            shutil.rmtree(out / result, ignore_errors=True)
            (room / result).rename(out / result)


def _view(spark: Any, table: str, paths: Sequence[Path]) -> int:
    """Make the view of one table over its files, after a look at the end of each; return their bytes."""
    schemas = {_schema(path) for path in paths}
    if len(schemas) != 1:
        raise _bad_set(paths[0], f"{len(schemas)} schemas")
    read = spark.read.schema(schemas.pop()).parquet(*(str(path.absolute()) for path in paths))
    read.createOrReplaceTempView(table)
    return sum(path.stat().st_size for path in paths)


def _schema(path: Path) -> str:
    """Return the columns of a Parquet file as Spark declares them: integers and texts, nothing else."""
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowException) as problem:
        raise _bad_set(path, str(problem).splitlines()[0]) from problem
    strange = [column.name for column in found if str(column.type) not in _TYPES]
    if strange:
        raise _bad_set(path, ", ".join(strange))
    return ", ".join(f"`{column.name}` {_TYPES[str(column.type)]}" for column in found)


def _bad_set(path: Path, why: str) -> Refused:
    return Refused("bad_set", f"数据集文件 {path} 缺失或损坏：{why}", f"{path} is missing or damaged: {why}")


def _run(spark: Any, texts: Sequence[tuple[str, str]], results: Sequence[str], room: Path) -> None:
    """Run named SELECTs; what is a result or is read more than once becomes files, the rest views.

    Files rather than Spark's memory: a worker that dies takes nothing along, and plans stay short.
    """
    read = [name for _, text in texts for name in re.findall(r"\b(?:FROM|JOIN)\s+(\w+)", text)]
    for name, text in texts:
        made = spark.sql(text)
        if name in results or read.count(name) > 1:
            target = str(room / name)
            made.write.parquet(target)
            made = spark.read.schema(made.schema).parquet(target)
        made.createOrReplaceTempView(name)
