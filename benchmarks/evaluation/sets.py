"""The set of a block: what the program reads, as one Parquet file per table, rows in the product's order.

``ingest`` makes it from the product's facts by the product's own frame and lists; ``direct`` makes the same tables from
typed rows, without JSON, for sizes at which JSON takes too long. ``differences`` says where the two are not the same.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.evaluation.streams import FIELDS
from benchmarks.evaluation.world import AS_OF, EXCUSES, World, _table, facts, grounds, make, rulebook
from huxue.core.duties.compile import Compiled, compile_duties
from huxue.core.duties.window import first_day
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine
from huxue.standings.sets import layout

TABLES: Final = ("deeds", "spans", "app", "member", "orgcal", "excuse", "traitnum", "closure", "org")
LISTS: Final = ("deeds", "spans", "app", "member")
ORDERS: Final = {name: layout.TABLES[name].order for name in ("deeds", "spans")}


def compiled(areas: list[str], since: int) -> Compiled:
    """Compile the rulebook for measuring."""
    book, calendars = rulebook()
    return compile_duties(book, calendars, areas, since=since, as_of=AS_OF)


def ingest(con: duckdb.DuckDBPyConnection, source: str) -> Compiled:
    """Make the tables of a set from the product's facts (the name of their table)."""
    book, calendars = rulebook()
    ground = frame.begin(con, source, as_of=AS_OF, known_at=AS_OF, areas=tuple(calendars.areas))
    since = first_day(book.valid_from, ground.first, AS_OF)
    found = compile_duties(book, calendars, ground.areas, since=since, as_of=AS_OF)
    _finish(con, found)
    _lists(con, found)
    return found


def _finish(con: duckdb.DuckDBPyConnection, found: Compiled) -> None:
    frame.finish(
        con,
        columns=found.columns,
        traits=found.traits,
        measured={str(row[2]) for row in found.rows["needpart"]},
        duties=[d.code for d in found.duties],
        since=found.since,
    )


def _lists(con: duckdb.DuckDBPyConnection, found: Compiled) -> None:
    for name in LISTS:
        selects = getattr(found, name)
        _table(con, name, " UNION ALL ".join(selects[: engine.AT_ONCE]))
        for at in range(engine.AT_ONCE, len(selects), engine.AT_ONCE):
            con.execute(f"INSERT INTO {name} {' UNION ALL '.join(selects[at : at + engine.AT_ONCE])}").fetchall()


# --- without JSON ----------------------------------------------------------------------------------------------------

_LIVE: Final = f"""
SELECT *, at_min * 1000000 + row_number() OVER (PARTITION BY at_min ORDER BY id) AS f, at_min // 1440 AS day,
 recorded_min // 1440 AS rday FROM raw WHERE verb <> 'withdraw' AND recorded_min < ({AS_OF} + 1) * 1440
 AND (gone IS NULL OR gone >= ({AS_OF} + 1) * 1440)"""
_ID: Final = "lpad(CAST({} AS VARCHAR), 16, '0')"
_COLUMN: Final = {"text": "text", "word": "word", "number": "number", "second": "second", "until": "until"}


def direct(con: duckdb.DuckDBPyConnection) -> Compiled:
    """Make the tables of a set from ``raw``: tree and excuses by the product's frame, everything else without JSON."""
    _table(con, "fact", f"{grounds()} UNION ALL {EXCUSES}")
    book, calendars = rulebook()
    ground = frame.begin(con, "fact", as_of=AS_OF, known_at=AS_OF, areas=tuple(calendars.areas))
    since = first_day(book.valid_from, ground.first, AS_OF)
    found = compile_duties(book, calendars, ground.areas, since=since, as_of=AS_OF)
    _finish(con, found)
    _table(con, "alive", _LIVE)
    con.execute("DROP TABLE raw")
    _table(
        con,
        "credit",
        "SELECT f, 'by' AS role, maker AS o FROM alive UNION ALL SELECT f, role, o FROM alive WHERE role <> ''",
    )
    _table(con, "ent", _entries())
    _table(
        con,
        "live",
        f"SELECT f, kind, verb, step, {_ID.format('item')} AS item, at_min, day, rday, makeup, deadline, ref, ver{_columns(found)} FROM "
        f"(SELECT *, 0::BIGINT AS makeup, 0 AS ver, CASE WHEN reference > 0 THEN {_ID.format('reference')} END AS ref FROM alive)",
    )
    con.execute("DROP TABLE alive")
    _lists(con, found)
    return found


def _entries() -> str:
    return f"""
SELECT * FROM (SELECT f, {_ID.format("item")} AS item, kind, verb, day AS lo,
 coalesce(lead(day) OVER (PARTITION BY item ORDER BY f) - 1, 10000000) AS hi
FROM alive WHERE verb IN ('open', 'change', 'close')) WHERE verb <> 'close' AND lo <= hi"""


def _columns(found: Compiled) -> str:
    """Return the columns that the signals read, each from the generator's column of that field."""
    places: dict[tuple[str, int], list[tuple[str, str]]] = {}
    for column in found.columns:
        for kind in column.kinds:
            source = FIELDS[kind].get(column.name, "CAST(NULL AS BIGINT)")
            places.setdefault((column.kind, column.place), []).append((kind, source))
    return "".join(
        f", CASE kind {' '.join(f'WHEN {k!r} THEN {c}' for k, c in sorted(cases))} END AS {kind}_{place}"
        for (kind, place), cases in sorted(places.items())
    )


# --- files -----------------------------------------------------------------------------------------------------------


def write(con: duckdb.DuckDBPyConnection, found: Compiled, folder: Path, *, offset: int = 0) -> dict[str, Any]:
    """Write the set; ``offset`` is added to every organisation's number. Return what is known of it."""
    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {"since": found.since, "as_of": AS_OF, "rows": {}, "bytes": {}}
    for name in TABLES:
        order = ORDERS.get(name, "ALL")
        path = folder / f"{name}.parquet"
        select = f"SELECT * {_moved(name, offset)} FROM {name} ORDER BY {order}"
        con.execute(
            f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {layout.ROW_GROUP})"
        ).fetchall()
        about["rows"][name] = con.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        about["bytes"][name] = path.stat().st_size
    return about


def _moved(name: str, offset: int) -> str:
    if not offset:
        return ""
    parts = [f"CASE WHEN o >= 0 THEN CAST(o + {offset} AS INTEGER) ELSE o END AS o"]
    parts += [f"CAST(above + {offset} AS INTEGER) AS above"] if name == "closure" else []
    return f"REPLACE ({', '.join(parts)})"


def differences(con: duckdb.DuckDBPyConnection, first: str, second: str) -> list[str]:
    """Return the tables of which two sets (schemas ``first`` and ``second``) do not hold the same rows."""
    found = []
    for name in TABLES:
        a, b = f"SELECT * FROM {first}.{name}", f"SELECT * FROM {second}.{name}"
        rows = con.execute(f"SELECT count(*) FROM (({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a}))").fetchone()[0]
        if rows:
            found.append(f"{name}: {rows} rows")
    return found


def connect(memory: str = "8GB") -> duckdb.DuckDBPyConnection:
    """Return a connection for generating."""
    con = duckdb.connect(config={"threads": 2, "memory_limit": memory, "preserve_insertion_order": False})
    con.execute("SET enable_progress_bar = false")  # it would be printed among the figures
    return con


def both_ways(world: World) -> list[str]:
    """Return where the direct set of a block and the ingested one differ: nowhere."""
    with connect() as con:
        con.execute("CREATE SCHEMA ingested; CREATE SCHEMA straight")
        make(con, world)
        facts(con)
        ingest(con, "fact")
        for name in TABLES:
            con.execute(f"CREATE TABLE ingested.{name} AS SELECT * FROM temp.{name}")
        direct(con)
        for name in TABLES:
            con.execute(f"CREATE TABLE straight.{name} AS SELECT * FROM temp.{name}")
        return differences(con, "ingested", "straight")


def made(folder: Path, world: World, *, straight: bool) -> dict[str, Any]:
    """Make the set of one block in a folder, once; return what is known of it."""
    done = folder / "about.json"
    if done.is_file():
        return dict(json.loads(done.read_text()))
    with connect() as con:
        begin = time.perf_counter()
        make(con, world)
        versions = con.execute("SELECT count(*) FROM raw").fetchone()[0]
        timed = {"generate": time.perf_counter() - begin}
        if not straight:
            begin = time.perf_counter()
            facts(con)
            folder.mkdir(parents=True, exist_ok=True)
            con.execute(f"COPY fact TO '{folder / 'facts.parquet'}' (FORMAT parquet)").fetchall()
            timed["facts"] = time.perf_counter() - begin
        begin, cpu = time.perf_counter(), time.process_time()
        found = direct(con) if straight else ingest(con, "fact")
        timed["direct" if straight else "ingest"] = time.perf_counter() - begin
        timed["direct_cpu" if straight else "ingest_cpu"] = time.process_time() - cpu
        begin = time.perf_counter()
        about = write(con, found, folder)
        timed["write"] = time.perf_counter() - begin
        used = [row[0] for row in con.execute("SELECT DISTINCT area FROM g WHERE area <> ''").fetchall()]
        about |= {
            "facts": versions,
            "areas": ["", *sorted(used)],
            "seconds": {k: round(v, 2) for k, v in timed.items()},
        }
    done.write_text(json.dumps(about))
    return about
