"""The frame: facts as known on one day become the tables that the program reads, inside DuckDB.

Input is one table ``fact`` (columns ``FACT``; one row per fact of the ledger, ``roles`` and ``fields`` as JSON text).
The tables made here (``FRAME``) are plain integers and texts, so that they can be copied to any other engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from huxue.core.duties.signals import Column
from huxue.core.facts import Fact
from huxue.core.values import FAR
from huxue.standings.columns import fields_sql, measured_sql, post_type_sql, traits_sql

FACT = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("verb", pa.string()),
        ("step", pa.string()),
        ("item", pa.string()),
        ("at_min", pa.int64()),
        ("recorded_min", pa.int64()),
        ("replaces", pa.string()),
        ("reference", pa.string()),
        ("post", pa.string()),
        ("person", pa.string()),
        ("makeup", pa.int64()),
        ("deadline", pa.int64()),
        ("roles", pa.string()),
        ("fields", pa.string()),
    ]
)
FRAME = (
    "live",
    "credit",
    "org",
    "trait",
    "traitnum",
    "closure",
    "watch",
    "topic",
    "ent",
    "post",
    "holding",
    "excuse",
    "orgcal",
)


def table_of(facts: Iterable[Fact]) -> pa.Table:
    """Return the ``fact`` table of facts held in memory (examples, tests, one organisation's page)."""
    rows = [
        (
            f.id,
            f.kind,
            f.verb,
            f.step,
            f.item,
            f.at,
            f.recorded,
            f.replaces,
            f.reference,
            f.post,
            f.person,
            int(f.makeup),
            f.deadline,
            json.dumps({role: list(orgs) for role, orgs in f.roles.items()}),
            json.dumps(dict(f.fields), ensure_ascii=False),
        )
        for f in facts
    ]
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(FACT)
    return pa.table([pa.array(c, type=t.type) for c, t in zip(columns, FACT, strict=True)], schema=FACT)


# --- first half: what the compiler needs to know ---------------------------------------------------------------------

RANK = "row_number() OVER (PARTITION BY at_min ORDER BY id)"
SPACED = f"{RANK} * greatest(1, least(1000, 900000 // count(*) OVER (PARTITION BY at_min)))"  # leaves room in between
_FIRST = (
    (
        "live0",
        """
SELECT *, at_min * 1000000 + {rank} AS f,
 at_min // 1440 AS day, recorded_min // 1440 AS rday
FROM fact s WHERE verb <> 'withdraw' AND recorded_min < ({known} + 1) * 1440 AND at_min < ({as_of} + 1) * 1440
 AND id NOT IN (SELECT replaces FROM fact WHERE replaces <> '' AND recorded_min < ({known} + 1) * 1440)""",
    ),
    (
        "credit0",
        """
SELECT f, u.key AS role, unnest(u.value) AS code
FROM (SELECT f, unnest(map_entries(from_json(roles, '"MAP(VARCHAR, VARCHAR[])"'))) AS u FROM live0
 WHERE roles <> '{}')""",
    ),
    (
        "orgspan0",
        """
SELECT code, f, verb, fields, day AS lo, coalesce(lead(day) OVER (PARTITION BY code ORDER BY f) - 1, {far}) AS hi
FROM (SELECT *, coalesce(json_extract_string(fields, '$.code'), json_extract_string(roles, '$.about[0]')) AS code
 FROM live0 WHERE kind = 'organisation')""",
    ),
    (
        "orgspan1",
        """
SELECT code, f, fields, lo, hi, coalesce(json_extract_string(fields, '$.parent'), '') AS parent,
 coalesce(json_extract_string(fields, '$.area'), '') AS area, json_extract_string(fields, '$.type') AS type,
 json_extract_string(fields, '$.in_use_from') AS in_use_from FROM orgspan0 WHERE verb <> 'close' AND lo <= hi""",
    ),
    (
        "org",
        """
SELECT CAST(row_number() OVER (ORDER BY code) AS INTEGER) AS o, code
FROM (SELECT code FROM credit0 UNION SELECT code FROM orgspan1 UNION SELECT parent FROM orgspan1 WHERE parent <> '')""",
    ),
)


_LAST = """
SELECT code, o, area, parent, in_use_from FROM orgspan1 JOIN org USING (code)
QUALIFY row_number() OVER (PARTITION BY code ORDER BY f DESC) = 1"""
_ORGCAL = f"""
SELECT o, cal, coalesce(datediff('day', DATE '1970-01-01', TRY_CAST(in_use AS DATE)), -{FAR}) AS in_use
FROM orgcal_rows"""


@dataclass(frozen=True, slots=True)
class Ground:
    """What the first half found: the organisations' calendars and the first day that counts."""

    areas: tuple[str, ...]
    first: int | None  # first day an organisation stands


def make(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    """Materialise one named SELECT."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}").fetchall()


def begin(
    con: duckdb.DuckDBPyConnection,
    facts: pa.Table | str,
    *,
    as_of: int,
    known_at: int,
    areas: Iterable[str],
    rank: str = RANK,
) -> Ground:
    """Make the first half from ``facts`` (a table or the name of one); ``areas`` are the calendars there are.

    ``rank``: of a fact within its minute, ``RANK`` or ``SPACED``.
    """
    if not isinstance(facts, str):
        con.register("fact", facts)
    fill = {"{as_of}": str(as_of), "{known}": str(known_at), "{far}": str(FAR), "{rank}": rank}
    for name, text in _FIRST:
        _make_filled(con, name, text, fill)
    last = con.execute(_LAST).fetchall()
    calendars = _calendars({r[0]: (r[2], r[3]) for r in last}, frozenset(areas))
    used = tuple(sorted({*calendars.values(), ""}))
    index = {area: i for i, area in enumerate(used)}
    rows = pa.table(
        {
            "o": pa.array([r[1] for r in last], pa.int32()),
            "cal": pa.array([index[calendars[r[0]]] for r in last], pa.int32()),
            "in_use": pa.array([r[4] for r in last], pa.string()),
        }
    )
    con.register("orgcal_rows", rows)
    make(con, "orgcal0", _ORGCAL)
    con.unregister("orgcal_rows")
    ((first,),) = con.execute("SELECT min(lo) FROM orgspan1").fetchall()
    return Ground(used, first)


def _calendars(last: dict[str, tuple[str, str]], areas: frozenset[str]) -> dict[str, str]:
    """Return each organisation's calendar: its own area, else the nearest above it, else the default ("")."""
    found: dict[str, str] = {}
    for code in last:
        trail, at, area = [], code, ""
        while at in last and at not in found and at not in trail:
            trail.append(at)
            own, parent = last[at]
            if own in areas:
                area = own
                break
            at = parent
        else:
            area = found.get(at, "")
        found.update(dict.fromkeys(trail, area))
    return found


# --- second half: the tables of the program --------------------------------------------------------------------------

_CLIP = "greatest(a.lo, b.lo) AS lo, least(a.hi, b.hi) AS hi"
_TREE = (
    ("credit", "SELECT c.f, c.role, o.o FROM credit0 c JOIN org o ON o.code = c.code"),
    (
        "edge",
        f"""
SELECT c.o, p.o AS above, {_CLIP} FROM orgspan1 a JOIN org c ON c.code = a.code JOIN orgspan1 b ON b.code = a.parent
JOIN org p ON p.code = b.code WHERE a.lo <= b.hi AND a.hi >= b.lo""",
    ),
    ("edges", "{merged edge o above}"),
    (
        "closure",
        """
WITH RECURSIVE up(o, above, lo, hi, depth) AS (
 SELECT o, above, lo, hi, 1 FROM edges
 UNION ALL SELECT a.o, b.above, greatest(a.lo, b.lo), least(a.hi, b.hi), a.depth + 1
 FROM up a JOIN edges b ON b.o = a.above AND a.lo <= b.hi AND a.hi >= b.lo WHERE a.depth < 32)
SELECT o, above, lo, hi FROM up""",
    ),
)
_SECOND = (
    (
        "ent",
        """
SELECT * FROM (SELECT f, item, kind, verb, day AS lo,
 coalesce(lead(day) OVER (PARTITION BY item ORDER BY f) - 1, {far}) AS hi
FROM live0 WHERE verb IN ('open', 'change', 'close') AND kind <> 'organisation') WHERE verb <> 'close' AND lo <= hi""",
    ),
    (
        "oversight",
        """
SELECT c.o, json_extract_string(l.fields, '$.topic') AS topic, s.o AS supervised, e.lo, e.hi
FROM ent e JOIN live0 l ON l.f = e.f JOIN credit c ON c.f = e.f AND c.role = 'by'
JOIN org s ON s.code = json_extract_string(l.fields, '$.supervised') WHERE e.kind = 'oversight'""",
    ),
    ("topic0", "SELECT o, topic, 0 AS nothing, lo, hi FROM oversight"),
    ("topic", "{merged topic0 o topic}"),
    (
        "watch0",
        f"""
SELECT o, topic, supervised AS member, lo, hi FROM oversight
 UNION ALL SELECT a.o, a.topic, b.o AS member, {_CLIP} FROM oversight a JOIN closure b ON b.above = a.supervised
 AND a.lo <= b.hi AND a.hi >= b.lo""",
    ),
    ("watch", "{merged watch0 o topic member}"),
    (
        "post",
        """
SELECT o.o, json_extract_string(l.fields, '$.code') AS code, json_extract_string(l.fields, '$.type') AS type,
 e.lo, e.hi, e.f
FROM ent e JOIN live0 l ON l.f = e.f JOIN org o ON o.code = json_extract_string(l.fields, '$.organisation')
WHERE e.kind = 'post'""",
    ),
    (
        "holding",
        """
SELECT e.item, json_extract_string(l.fields, '$.post') AS post, e.lo, e.hi, e.f
FROM ent e JOIN live0 l ON l.f = e.f WHERE e.kind = 'holding'""",
    ),
    (
        "held_by",
        """
SELECT l.f, min(h.item) AS holding
FROM live0 l JOIN holding h ON h.post = l.post AND h.lo <= l.day AND l.day <= h.hi WHERE l.post <> '' GROUP BY l.f""",
    ),
    # the last word of somebody else on a fact or its item
    (
        "word0",
        """
SELECT l.f, v.f AS vf, v.fields, l.person <> '' AND v.person <> '' AND l.person <> v.person AS other
FROM live0 v JOIN live0 l ON l.id = v.reference WHERE v.kind = 'verification'
 UNION
SELECT l.f, v.f, v.fields, l.person <> '' AND v.person <> '' AND l.person <> v.person
FROM live0 v JOIN live0 l ON l.item = v.reference WHERE v.kind = 'verification' AND v.reference <> ''""",
    ),
    (
        "own_word",
        """
SELECT DISTINCT w.f, w.vf FROM word0 w JOIN credit a ON a.f = w.f AND a.role = 'by'
JOIN credit b ON b.f = w.vf AND b.role = 'by' AND b.o = a.o""",
    ),
    (
        "word",
        """
SELECT w.f, w.vf, json_extract_string(w.fields, '$.result') AS result
FROM word0 w LEFT JOIN own_word m ON m.f = w.f AND m.vf = w.vf
WHERE m.f IS NULL OR w.other""",
    ),
    (
        "verified",
        """
SELECT f FROM (SELECT f, result, row_number() OVER (PARTITION BY f ORDER BY vf DESC) AS nth FROM word)
WHERE nth = 1 AND result = 'confirmed'""",
    ),
    (
        "live",
        """
SELECT l.f, l.id, l.kind, l.verb, l.step, l.item, l.at_min, l.day, l.rday, l.makeup, l.deadline,
 nullif(l.reference, '') AS ref, nullif(l.post, '') AS post, nullif({post_of_post}, '') AS by_post, h.holding,
 CASE WHEN v.f IS NULL THEN 0 ELSE 1 END AS ver{columns}
FROM {values} l LEFT JOIN held_by h ON h.f = l.f LEFT JOIN verified v ON v.f = l.f""",
    ),
    ("trait", "SELECT o.o, s.lo, s.hi, s.type{traits} FROM {trait_values} s JOIN org o ON o.code = s.code"),
    (
        "excuse",
        """
SELECT c.o, d.duty, datediff('day', DATE '1970-01-01', CAST(json_extract_string(l.fields, '$.from') AS DATE)) AS lo,
 datediff('day', DATE '1970-01-01', CAST(json_extract_string(l.fields, '$.to') AS DATE)) AS hi,
 l.f
FROM live0 l JOIN credit c ON c.f = l.f AND c.role = 'about'
JOIN duty_code d ON d.code = json_extract_string(l.fields, '$.duty') WHERE l.kind = 'excuse'""",
    ),
)


_OF_TREE = frozenset(("oversight", "topic0", "topic", "watch0", "watch", "trait"))  # the rest is of single facts


def finish(
    con: duckdb.DuckDBPyConnection,
    *,
    columns: Iterable[Column],
    traits: Iterable[Column],
    measured: Iterable[str],
    duties: Sequence[str],
    since: int,
    extracted: bool = False,
) -> None:
    """Make the second half: the columns that the compiled duties read, and everything that joins to them.

    ``extracted``: the facts bring the texts of their fields as the list ``x`` (``columns.extracted_sql``).
    """
    number_duties(con, duties)
    trait, trait_values = traits_sql(sorted(traits, key=lambda c: c.sql))
    fill = _filling(columns, extracted=extracted) | {"{traits}": trait, "{trait_values}": trait_values}
    for name, text in (*_TREE, *_SECOND):
        _make_filled(con, name, text, fill)
    make(con, "orgcal", f"SELECT o, cal, greatest(in_use, {since}) AS since FROM orgcal0")
    make(con, "traitnum", measured_sql(sorted(set(measured))))


def finish_facts(con: duckdb.DuckDBPyConnection, columns: Iterable[Column]) -> None:
    """Make of the second half what follows from single facts (with ``x``), where the tables of the tree stand."""
    fill = _filling(columns, extracted=True)
    for name, text in (_TREE[0], *_SECOND):
        if name not in _OF_TREE:
            _make_filled(con, name, text, fill)


def credit(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``credit0`` of the facts of ``live0``."""
    make(con, "credit0", dict(_FIRST)["credit0"])


def number_duties(con: duckdb.DuckDBPyConnection, duties: Sequence[str]) -> None:
    """Make ``duty_code``: the numbers of the duties by code; "*" stands for all of them."""
    numbers = pa.array([-1, *range(len(duties))], pa.int32())
    con.register("duty_rows", pa.table({"code": ["*", *duties], "duty": numbers}))
    make(con, "duty_code", "SELECT * FROM duty_rows")
    con.unregister("duty_rows")


def texts() -> list[str]:
    """Return the texts that the frame is made by; what is kept of it is good as long as they stay the same."""
    return [text for _, text in (*_FIRST, *_TREE, *_SECOND)]


def in_order(columns: Iterable[Column]) -> list[Column]:
    """Return columns in the order in which their fields are read."""
    return sorted(columns, key=lambda c: (c.sql, c.kinds))


def _filling(columns: Iterable[Column], *, extracted: bool) -> dict[str, str]:
    live, values = fields_sql(in_order(columns))
    return {
        "{columns}": live,
        "{values}": "live0" if extracted else values,
        "{far}": str(FAR),
        "{post_of_post}": post_type_sql("l.post"),
    }


def tree_of(con: duckdb.DuckDBPyConnection, day: int) -> None:
    """Make ``tree`` (o, above) of a day: every organisation with those whose territory it lies in, and itself."""
    above = f"SELECT o, above FROM closure WHERE lo <= {day} AND hi >= {day}"
    make(con, "tree", f"{above} UNION SELECT o, o AS above FROM org")


def finish_tree(con: duckdb.DuckDBPyConnection) -> None:
    """Make only the tree (``closure``) of the second half."""
    for name, text in _TREE:
        _make_filled(con, name, text, {})


def _make_filled(con: duckdb.DuckDBPyConnection, name: str, text: str, fill: dict[str, str]) -> None:
    for mark, value in fill.items():
        text = text.replace(mark, value)
    make(con, name, _merged(*text[8:-1].split()) if text.startswith("{merged ") else text)


def _merged(table: str, *keys: str) -> str:
    """Return the SELECT that joins touching and overlapping spans of the same keys into one."""
    by = ", ".join(keys)
    return f"""
SELECT {by}, min(lo) AS lo, max(hi) AS hi FROM (
 SELECT *, sum(starts) OVER (PARTITION BY {by} ORDER BY lo, hi ROWS UNBOUNDED PRECEDING) AS run FROM (
  SELECT *, CASE WHEN lo <= max(hi) OVER (PARTITION BY {by} ORDER BY lo, hi
   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 THEN 0 ELSE 1 END AS starts
  FROM {table})) GROUP BY {by}, run"""
