"""Only the sums: every shard is evaluated by itself, by this process or several, and nothing but counts is merged.

A shard is counted block after block of its organisations, so that what they are counted in stays small.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from huxue.core.duties.compile import Compiled
from huxue.core.duties.program import SUMMARY
from huxue.core.duties.standing import STATUSES
from huxue.core.values import Refused
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import Evaluation
from huxue.standings.rollups import Rollup
from huxue.standings.sets.layout import BLOCK
from huxue.standings.sets.layout import block as numbers_of
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.read import compiled, prepare, run_shard
from huxue.standings.sets.stand import Stand

Key = tuple[str, str]  # organisation above, duty
Part = tuple[list[tuple[Any, ...]], dict[int, int]]  # rows of the roll-up, standings by status
_NAMES: Final = ("met", "due", "overdue", "missed", "excused", "on_time", "verified", "verifiable")
_ROLLUP: Final = f"""
SELECT a.code, d.code, {", ".join(f"CAST(sum(s.{name}) AS BIGINT)" for name in _NAMES)}
FROM summary s JOIN duty_code d ON d.duty = s.duty JOIN tree t ON t.o = s.o JOIN org a ON a.o = t.above GROUP BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of every territory (an organisation is in its own) and duty; ``totals`` over all organisations."""

    rollups: list[Rollup]
    totals: dict[str, int]


def sums(opened: Opened, stand: Stand, *, today: int, processes: int = 1, block: int = BLOCK) -> Sums:
    """Evaluate shard after shard and add up. Refused (``set_worker``) when a process ends before its shard is done."""
    made = compiled(opened, stand, today)
    return _added(_shards(opened, stand, made, processes, block))


def sums_of(evaluation: Evaluation) -> Sums:
    """Return the sums of a finished evaluation."""
    frame.tree_of(evaluation.con, evaluation.as_of)
    frame.make(evaluation.con, *SUMMARY)
    return _added([_counted(evaluation.con)])


def _added(parts: Iterable[Part]) -> Sums:
    found, totals = dict[Key, list[int]](), Counter[int]()
    for rows, by_status in parts:
        totals.update(by_status)
        for above, duty, *counts in rows:
            before = found.setdefault((above, duty), [0] * len(_NAMES))
            before[:] = [a + b for a, b in zip(before, counts, strict=True)]
    return Sums(
        [Rollup(*key, *counts) for key, counts in sorted(found.items())],
        {status: totals[number] for number, status in enumerate(STATUSES)},
    )


def _shards(opened: Opened, stand: Stand, made: Compiled, processes: int, size: int) -> Iterator[Part]:
    if processes <= 1 or len(opened.shards) == 1:
        yield from _one_after_another(opened, stand.duties, made, size)
        return
    context, done = multiprocessing.get_context("spawn"), 0
    told = opened.told(), stand.duties, made
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=told) as pool:
        try:
            waiting = [pool.submit(_shard, number, size) for number in opened.shards]
            for future in waiting:
                yield from future.result()
                done += 1
        except BrokenProcessPool as error:
            raise Refused(
                "set_worker",
                f"计算第{done}个分片的进程意外终止，没有结果；请重新运行，或减少进程数。",
                f"a process ended before shard {done} was done, so there is no result: run it again, or with fewer.",
            ) from error


def _one_after_another(opened: Opened, duties: list[str], made: Compiled, size: int) -> Iterator[Part]:
    with engine.connect() as con:
        _connect(con, opened, duties, made)
        for shard in opened.shards:
            yield from _blocks(con, opened, made, shard, size)


def _connect(con: duckdb.DuckDBPyConnection, opened: Opened, duties: list[str], made: Compiled) -> None:
    prepare(con, opened, duties, made)
    opened.view(con, "org", "closure")
    frame.tree_of(con, made.as_of)


def _blocks(con: duckdb.DuckDBPyConnection, opened: Opened, made: Compiled, shard: int, size: int) -> Iterator[Part]:
    first, last = numbers_of(shard, opened.manifest.shard)
    for start in range(first, min(last, opened.manifest.organisations) + 1, size):
        run_shard(con, opened, made, shard, (start, min(start + size - 1, last)), lean=True)
        yield _counted(con)


def _counted(con: duckdb.DuckDBPyConnection) -> Part:
    """Add up the table ``summary``."""
    statuses = _NAMES[: len(STATUSES)]
    (totals,) = con.execute(f"SELECT {', '.join(f'sum({name})' for name in statuses)} FROM summary").fetchall()
    return con.execute(_ROLLUP).fetchall(), {number: int(n or 0) for number, n in enumerate(totals)}


# --- in a process of its own: what it needs is put here once ----------------------------------------------------------

_HERE: list[tuple[duckdb.DuckDBPyConnection, Opened, Compiled]] = []


def _begin(opened: Opened, duties: list[str], made: Compiled) -> None:
    con = engine.connect(threads=1)
    _connect(con, opened, duties, made)
    _HERE.append((con, opened, made))


def _shard(shard: int, size: int) -> list[Part]:
    con, opened, made = _HERE[0]
    return list(_blocks(con, opened, made, shard, size))


__all__ = ["Sums", "sums", "sums_of"]
