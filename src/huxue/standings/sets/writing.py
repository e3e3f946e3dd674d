"""Writing: files in a folder of their own, then the manifest that names them. A crash leaves what was there before."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import uuid4

import duckdb
from pyarrow import parquet

from huxue.core.values import Refused
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets.layout import READING, ROW_GROUP, SHARDED, WHOLE, Table, block, file_of
from huxue.standings.sets.manifest import Generation, measured, sync

LOCK: Final = "lock"
UNFINISHED: Final = ".unfinished-"
Source = Callable[[Table, int | None], str]  # the SELECT of a table, or of one shard of it


@dataclass(slots=True)
class Folder:
    """A folder of files being written; ``closed`` gives it its name."""

    parent: Path
    name: str
    rows: dict[str, int] = field(default_factory=dict)  # of each file

    @property
    def path(self) -> Path:
        """Where it is until it is closed."""
        return self.parent / f"{UNFINISHED}{self.name}"

    def write(self, con: duckdb.DuckDBPyConnection, name: str, select: str, order: str) -> None:
        """Write the rows of a SELECT in an order."""
        path = self.path / name
        options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
        con.execute(f"COPY (SELECT * FROM ({select}) ORDER BY {order}) TO '{_escaped(path)}' ({options})").fetchall()
        self.rows[name] = parquet.read_metadata(path).num_rows

    def closed(self) -> Generation:
        """Give it its name and return what the manifest says of it."""
        files = {name: measured(self.path / name, rows) for name, rows in self.rows.items()}
        sync(self.path)
        self.path.rename(self.parent / self.name)
        sync(self.parent)
        return Generation(self.name, files)


@contextmanager
def writing(parent: Path, sort: str) -> Iterator[Folder]:
    """Yield a new folder of a set; what is not finished is taken away again. Refused: ``set_not_written``."""
    folder = Folder(parent, f"{sort}-{uuid4().hex[:12]}")
    try:
        folder.path.mkdir(parents=True)
        yield folder
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        said = str(error).splitlines()[0]
        raise Refused(
            "set_not_written",
            f"评估数据集未能写入 {parent}，原有数据集保持不变：{said}",
            f"the set could not be written to {parent}, the one before stays as it is: {said}",
        ) from error
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def write_base(
    con: duckdb.DuckDBPyConnection, folder: Folder, source: Source, *, organisations: int, shard: int
) -> None:
    """Write every table, shard after shard."""
    for table in WHOLE:
        folder.write(con, file_of(table.name), source(table, None), table.order)
    for number in range(max(1, -(-organisations // shard))):
        for table in SHARDED:
            folder.write(con, file_of(table.name, number), source(table, number), table.order)


def of_block(table: Table, shard: int, size: int) -> str:
    """Return the SELECT of the rows of one shard; the members of every bearer (o = -1) stand in each."""
    lo, hi = block(shard, size)
    everybody = " OR o = -1" if table.name == "member" else ""
    return f"SELECT * FROM ({table.select}) WHERE o BETWEEN {lo} AND {hi}{everybody}"


def sweep(parent: Path, kept: Iterable[str] = ()) -> None:
    """Take away the generations of a set that are not among the ``kept``, unless somebody reads them still."""
    if not _is_read(parent):
        _remove(parent, kept)


def sweep_sets(parent: Path, kept: str) -> None:
    """Take away the sets of other editions, unless somebody reads them still."""
    read = [one.name for one in parent.iterdir() if _is_read(one)]
    _remove(parent, [kept, *read])


def _remove(parent: Path, kept: Iterable[str]) -> None:
    names = set(kept)
    for one in parent.iterdir():
        if one.is_dir() and one.name not in names:
            shutil.rmtree(one, ignore_errors=True)


def _is_read(folder: Path) -> bool:
    try:
        with (folder / READING).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@contextmanager
def alone(parent: Path) -> Iterator[None]:
    """Hold off other writers of a set; whoever comes second waits."""
    parent.mkdir(parents=True, exist_ok=True)
    with (parent / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def connected(spill: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that puts aside in a folder what does not fit into its memory."""
    with engine.connect() as con:
        con.execute(f"SET temp_directory = '{_escaped(spill)}'")
        yield con


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


__all__ = ["Folder", "Source", "alone", "connected", "of_block", "sweep", "sweep_sets", "write_base", "writing"]
