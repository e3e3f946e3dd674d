"""A set opened for reading: every file is checked against the manifest before its first row is read."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from huxue.standings.frame import make
from huxue.standings.sets import manifest
from huxue.standings.sets.layout import READING, SHARDED, TABLES, WHOLE, Table, file_of, shards_of
from huxue.standings.sets.manifest import File, Manifest, Unfit

GONE: Final = "gone.parquet"
VIEWED: Final = frozenset({"deeds"})  # read where they lie: a SELECT wants few of their columns, and few SELECTs do
_CHECKED: OrderedDict[tuple[str, int, int, int], str] = OrderedDict()  # path, inode, bytes, time of change → sum
_KEPT: Final = 20_000


class Reading:
    """Tells writers, for as long as it lives, that somebody reads the files of a set."""

    _number = -1

    def __init__(self, path: Path) -> None:
        """Take the shared lock."""
        self._number = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        fcntl.flock(self._number, fcntl.LOCK_SH)

    def end(self) -> None:
        """Let it go."""
        if self._number >= 0:
            os.close(self._number)
            self._number = -1

    def __del__(self) -> None:
        """Let it go with the last who reads."""
        self.end()


@dataclass(slots=True)
class Opened:
    """The files of a set. ``views`` of a connection read them; nothing is read that does not have its sum."""

    folder: Path
    manifest: Manifest
    reading: Reading | None = None  # as long as the files are read, see ``writing.sweep``

    def told(self) -> Opened:
        """Return it for another process; who started that one goes on holding the files."""
        return Opened(self.folder, self.manifest)

    @property
    def shards(self) -> range:
        """The numbers of the shards."""
        return range(shards_of(self.manifest.organisations, self.manifest.shard))

    def check(self) -> None:
        """Check every file. Unfit: ``set_file_lost`` or ``set_file_changed``."""
        for number in range(len(self.manifest.generations)):
            for name in self.manifest.generations[number].files:
                self.path(number, name)

    def path(self, number: int, name: str) -> str:
        """Return the path of a file of a generation, checked, ready for SQL."""
        one = self.manifest.generations[number]
        path = self.folder / one.folder / name
        check_file(path, one.files[name])
        return str(path).replace("'", "''")

    def select(self, table: Table, shard: int | None = None, where: str = "") -> str:
        """Return the SELECT of the rows of a table as they stand now (needs ``gone``, see ``attach``).

        ``where``: a condition on its columns, for each file.
        """
        parts, names = [], file_of(table.name, shard)
        for number, one in enumerate(self.manifest.generations):
            if names not in one.files or (table.name == "waiting" and self._later(number, names)):
                continue
            later = any(GONE in g.files for g in self.manifest.generations[number + 1 :])
            tests = [where] if where else []
            if table.folded and later:
                tests.append(f"f NOT IN (SELECT f FROM gone WHERE n > {number})")
            condition = f" WHERE {' AND '.join(tests)}" if tests else ""
            parts.append(f"SELECT * FROM read_parquet('{self.path(number, names)}') t{condition}")
        return " UNION ALL ".join(parts)

    def since(self, table: Table, shard: int, number: int) -> str:
        """Return the SELECT of the rows that stand now and that generation ``number`` or a later one has told."""
        return self._of(table, shard, range(number, len(self.manifest.generations)), "f NOT IN ({later})")

    def taken(self, table: Table, shard: int, number: int) -> str:
        """Return the SELECT of the rows that stood before generation ``number`` and were taken back since."""
        return self._of(
            table, shard, range(number),
            f"f IN ({{later}} AND n >= {number}) AND f NOT IN ({{later}} AND n < {number})"
            + (f" AND o IN (SELECT o FROM gone WHERE n >= {number})" if table.name == "deeds" else ""),
        )  # fmt: skip

    def _of(self, table: Table, shard: int, numbers: range, test: str) -> str:
        name, parts = file_of(table.name, shard), []
        for number in numbers:
            if name in self.manifest.generations[number].files:
                later = f"SELECT f FROM gone WHERE n > {number}"
                where = test.replace("{later}", later)
                parts.append(f"SELECT * FROM read_parquet('{self.path(number, name)}') t WHERE {where}")
        return " UNION ALL ".join(parts) or f"SELECT * FROM ({self.select(table, shard)}) WHERE 1 = 0"

    def _later(self, number: int, name: str) -> bool:
        return any(name in one.files for one in self.manifest.generations[number + 1 :])

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make ``gone`` (n, f, o): the facts that a generation takes back, and to whom they were credited."""
        parts = [
            f"SELECT {number} AS n, f, o FROM read_parquet('{self.path(number, GONE)}')"
            for number, one in enumerate(self.manifest.generations)
            if GONE in one.files
        ]
        make(con, "gone", " UNION ALL ".join(parts) or "SELECT 0 AS n, CAST(0 AS BIGINT) AS f, 0 AS o WHERE 1 = 0")

    def view(self, con: duckdb.DuckDBPyConnection, *names: str) -> None:
        """Make views of whole tables (default: of all of them)."""
        for table in [TABLES[name] for name in names] or WHOLE:
            con.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS {self.select(table)}")

    def load(self, con: duckdb.DuckDBPyConnection, shard: int, among: tuple[int, int] | None = None) -> None:
        """Make the tables of one shard, or of its organisations from the first to the last number ``among``.

        Those in ``VIEWED`` become views.
        """
        for table in SHARDED:
            everybody = " OR o = -1" if table.name == "member" else ""  # what each of them has to cover
            where = f"(o BETWEEN {among[0]} AND {among[1]}{everybody})" if among else ""
            if table.name in VIEWED:
                con.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS {self.select(table, shard, where)}")
            else:
                make(con, table.name, self.select(table, shard, where))


def open_set(folder: Path) -> Opened:
    """Open what is there. Unfit: see ``manifest.read``; files are checked when they are used."""
    try:
        reading = Reading(folder / READING)
    except OSError:  # no set, or a folder that can only be read
        return Opened(folder, manifest.read(folder))
    try:
        return Opened(folder, manifest.read(folder), reading)
    except Unfit:
        reading.end()  # what is told of the fault would go on holding it
        raise


def check_file(path: Path, said: File) -> None:
    """See that a file is as it was written. Unfit: ``set_file_lost`` or ``set_file_changed``."""
    name = f"{path.parent.name}/{path.name}"
    try:
        stat = path.stat()
        key = str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns
        if key not in _CHECKED:
            with path.open("rb") as file:
                _CHECKED[key] = hashlib.file_digest(file, "sha256").hexdigest()
            while len(_CHECKED) > _KEPT:
                _CHECKED.popitem(last=False)
    except FileNotFoundError:
        raise Unfit("set_file_lost", f"评估数据集缺少文件 {name}", f"the file {name} of the set is missing") from None
    except OSError as error:
        raise _changed(name) from error
    if _CHECKED[key] != said.sha256:
        raise _changed(name)


def _changed(name: str) -> Unfit:
    return Unfit(
        "set_file_changed",
        f"评估数据集的文件 {name} 已损坏或被改动",
        f"the file {name} of the set is damaged or was changed",
    )


__all__ = ["GONE", "VIEWED", "Opened", "check_file", "open_set"]
