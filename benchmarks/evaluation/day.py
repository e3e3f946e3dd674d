"""A day's update: a set of yesterday with its kept tally, and the facts of one day as a generation that a fold would write.

The facts recorded on the last day are taken out of a measured set: what is left is yesterday's. Two in a hundred of a
day's facts correct or withdraw older ones: these are drawn from all others, half of them told anew. Files, manifest and
kept tally are those of the product.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Final

import duckdb
from pyarrow import parquet

from benchmarks.evaluation.world import AS_OF, rulebook
from huxue.core.values import FAR
from huxue.ledger.reading import BEGINNING
from huxue.standings.sets import manifest
from huxue.standings.sets.counting import count
from huxue.standings.sets.layout import ROW_GROUP, SHARD, file_of, shards_of
from huxue.standings.sets.manifest import Manifest
from huxue.standings.sets.opened import GONE, open_set
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.writing import Folder, writing

SHARE: Final = 50  # one in so many of a day's facts corrects or withdraws an older one
_TODAY: Final = f"(rday = {AS_OF} OR at_day = {AS_OF})"
_OF_DAY: Final = f"(f // 1440000000) = {AS_OF}"  # by the minute that a fact's number begins with


def stand() -> Stand:
    """Return the stand of the rulebook for measuring."""
    return Stand(*rulebook(), identity="measured")


def made(source: Path, room: Path) -> Path:
    """Make the set of yesterday with its kept tally, and the day's generation; return its folder. Minutes at size."""
    room.mkdir(exist_ok=True)
    about = json.loads((source / "about.json").read_text())
    organisations = int(about["rows"]["org"])
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as con:  # keeps the order of rows
        con.execute(f"SET temp_directory = '{room / 'spill'}'")
        con.execute("SET enable_progress_bar = false")
        _split(con, source)
        with writing(room, "base") as folder:
            for name in ("org", "closure"):
                folder.write(con, file_of(name), f"SELECT * FROM '{source / name}.parquet'", "ALL")
            for shard in range(shards_of(organisations)):
                for name, select in _before(source).items():
                    _copy(con, folder, file_of(name, shard), select, shard)
            base = folder.closed()
        one = Manifest(
            site="", edition="measured", rulebook="", families=(), lists="", as_of=AS_OF - 1, known_at=AS_OF - 1,
            mark=BEGINNING, anchor="", areas=tuple(about["areas"]), first=None, shard=SHARD,
            organisations=organisations, generations=(base,),
        )  # fmt: skip
        manifest.write(room, replace(one, first=int(about["since"]) + 400))
        count(open_set(room), stand(), today=AS_OF - 1)
        with writing(room, "fold") as folder:
            folder.write(con, GONE, "SELECT f, o FROM taken_from UNION SELECT f, NULL FROM ended", "f, o")
            for shard in range(shards_of(organisations)):
                for name, select in _after(source).items():
                    _copy(con, folder, file_of(name, shard), select, shard)
            said = manifest.read(room)
            manifest.write(room, said.grown(folder.closed(), as_of=AS_OF, known_at=AS_OF))
    return room


def _split(con: duckdb.DuckDBPyConnection, source: Path) -> None:
    """Choose the facts that are taken back today, and those of entries that end today."""
    deeds = f"read_parquet('{source / 'deeds.parquet'}')"
    con.execute(f"CREATE TABLE day_fact AS SELECT DISTINCT f FROM {deeds} WHERE {_TODAY}")
    ((facts,),) = con.execute("SELECT count(*) FROM day_fact").fetchall()
    ((rows,),) = con.execute(f"SELECT count(*) FROM {deeds}").fetchall()
    con.execute(f"""
CREATE TABLE taken AS SELECT f, row_number() OVER (ORDER BY f) % 2 AS again FROM (
 SELECT DISTINCT f FROM {deeds} WHERE NOT {_TODAY} AND hash(f, 3) % {max(1, rows * SHARE // max(1, facts))} = 0
 ORDER BY f LIMIT {facts})""")
    con.execute(f"CREATE TABLE taken_from AS SELECT DISTINCT f, o FROM {deeds} WHERE f IN (SELECT f FROM taken)")
    spans = f"read_parquet('{source / 'spans.parquet'}')"
    con.execute(f"CREATE TABLE ended AS SELECT DISTINCT f FROM {spans} WHERE hi = {AS_OF - 1}")


def _before(source: Path) -> dict[str, str]:
    """Return the SELECTs of yesterday's tables."""
    at = {name: f"read_parquet('{source / name}.parquet')" for name in ("deeds", "spans")}
    fact = {"member": ", CAST(-1 AS BIGINT) AS f", "excuse": ", CAST(-1 AS BIGINT) AS f"}  # nothing changes of these
    others = {
        name: f"SELECT *{fact.get(name, '')} FROM read_parquet('{source / name}.parquet')"
        for name in ("app", "member", "excuse", "traitnum")
    }
    return others | {
        "orgcal0": f"SELECT o, cal, CAST(since AS BIGINT) AS in_use FROM read_parquet('{source / 'orgcal'}.parquet')",
        "deeds": f"SELECT * FROM {at['deeds']} WHERE NOT {_TODAY}",
        "spans": f"""
SELECT * REPLACE (CASE WHEN hi = {AS_OF - 1} THEN {FAR} ELSE hi END AS hi) FROM {at["spans"]} WHERE NOT {_OF_DAY}""",
    }


def _after(source: Path) -> dict[str, str]:
    """Return the SELECTs of what the day's generation tells: new rows, and those that stand for ones taken back."""
    at = {name: f"read_parquet('{source / name}.parquet')" for name in ("deeds", "spans")}
    return {
        "deeds": f"""
SELECT * FROM {at["deeds"]} WHERE {_TODAY}
 UNION ALL SELECT * REPLACE (f + 500000 AS f, {AS_OF} AS rday) FROM {at["deeds"]}
 WHERE NOT {_TODAY} AND f IN (SELECT f FROM taken WHERE again = 1)""",
        "spans": f"SELECT * FROM {at['spans']} WHERE {_OF_DAY} OR hi = {AS_OF - 1}",
    }


def _copy(con: duckdb.DuckDBPyConnection, folder: Folder, name: str, select: str, shard: int) -> None:
    """Write the rows of one shard as they come: they are in order."""
    everybody = " OR o = -1" if name.startswith("member") else ""
    rows = f"SELECT * FROM ({select}) WHERE o BETWEEN {shard * SHARD + 1} AND {(shard + 1) * SHARD}{everybody}"
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
    con.execute(f"COPY ({rows}) TO '{folder.path / name}' ({options})").fetchall()
    folder.rows[name] = parquet.read_metadata(folder.path / name).num_rows
