"""Only the sums: every shard is evaluated by itself, by this process or several, and nothing but counts is merged.

A shard is counted block after block of its organisations, so that what they are counted in stays small.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import duckdb

from huxue.core.duties.program import SUMMARY
from huxue.core.duties.standing import STATUSES
from huxue.core.values import Refused, end_of_day
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import Evaluation
from huxue.standings.rollups import Rollup
from huxue.standings.sets.layout import BLOCK, file_of
from huxue.standings.sets.layout import block as numbers_of
from huxue.standings.sets.onward import Onward, load_age
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.read import compiled, prepare, run_shard
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.tally import KEPT, Tally
from huxue.standings.sets.texts import WHOLE
from huxue.standings.sets.windows import Numbered, numbered
from huxue.standings.sets.writing import Folder

Key = tuple[str, str]  # organisation above, duty
Part = tuple[list[tuple[Any, ...]], dict[int, int]]  # rows of the roll-up, standings by status
_NAMES: Final = ("met", "due", "overdue", "missed", "excused", "on_time", "verified", "verifiable")
BY_TERRITORY: Final = f"""
SELECT t.above, s.duty, {", ".join(f"CAST(sum(s.{name}) AS BIGINT) AS {name}" for name in _NAMES)}
FROM summary s JOIN tree t ON t.o = s.o GROUP BY t.above, s.duty"""
_ROLLUP: Final = f"""
SELECT a.code, d.code, {", ".join(f"r.{name}" for name in _NAMES)} FROM ({BY_TERRITORY}) r
JOIN duty_code d ON d.duty = r.duty JOIN org a ON a.o = r.above"""


@dataclass(frozen=True, slots=True)
class Sums:
    """The counts of every territory (an organisation is in its own) and duty; ``totals`` over all organisations."""

    rollups: list[Rollup]
    totals: dict[str, int]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a set is counted: which duties, so many organisations at a time; what is kept of it, and what was kept.

    ``tally``: from what is counted on. ``folder``: where what is to be kept is written (parent, name).
    """

    opened: Opened
    duties: list[str]
    numbers: Numbered
    size: int = BLOCK
    tally: Tally | None = None
    folder: tuple[Path, str] | None = None


def sums(opened: Opened, stand: Stand, *, today: int, processes: int = 1, block: int = BLOCK) -> Sums:
    """Evaluate shard after shard and add up. Refused (``set_worker``) when a process ends before its shard is done."""
    plan = Plan(opened, stand.duties, numbered(compiled(opened, stand, today)), block)
    return planned(plan, processes=processes)[0]


def planned(plan: Plan, *, processes: int = 1) -> tuple[Sums, dict[str, int]]:
    """Count as planned; return the sums, and the rows of each file that was written."""
    rows = dict[str, int]()
    found = _added(_shards(plan, processes, rows))
    return found, rows


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


def _shards(plan: Plan, processes: int, rows: dict[str, int]) -> Iterator[Part]:
    if processes <= 1 or len(plan.opened.shards) == 1:
        with engine.connect(brief=True) as con:
            _connect(con, plan)
            for shard in plan.opened.shards:
                yield from _parts(con, plan, shard, rows)
        return
    context, done = multiprocessing.get_context("spawn"), 0
    told = replace(plan, opened=plan.opened.told())
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(told,)) as pool:
        try:
            waiting = [pool.submit(_shard, number) for number in plan.opened.shards]
            for future in waiting:
                parts, written = future.result()
                rows.update(written)
                yield from parts
                done += 1
        except BrokenProcessPool as error:
            raise Refused(
                "set_worker",
                f"计算第{done}个分片的进程意外终止，没有结果；请重新运行，或减少进程数。",
                f"a process ended before shard {done} was done, so there is no result: run it again, or with fewer.",
            ) from error


def _connect(con: duckdb.DuckDBPyConnection, plan: Plan) -> None:
    prepare(con, plan.opened, plan.duties, plan.numbers.made)
    load_age(con, plan.numbers)
    if plan.tally:
        Onward(con, plan.opened, plan.numbers, plan.tally).begin()
    plan.opened.view(con, "org", "closure")
    frame.tree_of(con, plan.numbers.made.as_of)


def _parts(con: duckdb.DuckDBPyConnection, plan: Plan, shard: int, rows: dict[str, int]) -> Iterator[Part]:
    """Count one shard; note the rows of the files that were written."""
    folder = Folder(*plan.folder) if plan.folder else None
    if plan.tally:
        Onward(con, plan.opened, plan.numbers, plan.tally).count(shard)
        if folder:
            for name in KEPT:
                folder.write(con, file_of(name, shard), f"SELECT * FROM new_{name}", KEPT[name])
        yield _counted(con)
    else:
        yield from _blocks(con, plan, shard, folder)
    rows.update(folder.rows if folder else {})


def _blocks(con: duckdb.DuckDBPyConnection, plan: Plan, shard: int, folder: Folder | None) -> Iterator[Part]:
    first, last = numbers_of(shard, plan.opened.manifest.shard)
    made = plan.numbers.made
    for start in range(first, min(last, plan.opened.manifest.organisations) + 1, plan.size):
        among = start, min(start + plan.size - 1, last)
        run_shard(con, plan.opened, made, shard, among, lean=True, kept=folder is not None)
        if folder:
            _keep(con, folder, made.as_of, f"{shard:04d}-{start:08d}")
        yield _counted(con)


def _keep(con: duckdb.DuckDBPyConnection, folder: Folder, as_of: int, place: str) -> None:
    """Write what the program has left of a block."""
    for name, select in WHOLE.items():
        text = select.replace("{today}", str(as_of)).replace("{now}", str(end_of_day(as_of)))
        folder.write(con, f"{name}-{place}.parquet", text, KEPT[name])


def _counted(con: duckdb.DuckDBPyConnection) -> Part:
    """Add up the table ``summary``."""
    statuses = _NAMES[: len(STATUSES)]
    (totals,) = con.execute(f"SELECT {', '.join(f'sum({name})' for name in statuses)} FROM summary").fetchall()
    return con.execute(_ROLLUP).fetchall(), {number: int(n or 0) for number, n in enumerate(totals)}


# --- in a process of its own: what it needs is put here once ----------------------------------------------------------

_HERE: list[tuple[duckdb.DuckDBPyConnection, Plan]] = []


def _begin(plan: Plan) -> None:
    con = engine.connect(threads=1, brief=True)
    _connect(con, plan)
    _HERE.append((con, plan))


def _shard(shard: int) -> tuple[list[Part], dict[str, int]]:
    con, plan = _HERE[0]
    rows = dict[str, int]()
    return list(_parts(con, plan, shard, rows)), rows


__all__ = ["BY_TERRITORY", "Plan", "Sums", "planned", "sums", "sums_of"]
