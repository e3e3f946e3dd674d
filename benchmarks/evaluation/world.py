"""The measured world: made by SQL in DuckDB from a seed, as typed rows ("raw") of one block of counties.

A block holds whole counties: each one county, three departments, ten townships, two hundred schools. From ``raw`` come
the product's facts (``facts``, with JSON) and, without JSON, the tables of a set (``direct``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.evaluation.streams import DATES, FIELDS, FOLLOWS, REGISTERS, STREAMS, YES_NO
from huxue.core.calendar import Calendars
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import day_of
from huxue.rulebooks import read

START: Final = day_of(date(2025, 9, 1))
AS_OF: Final = day_of(date(2026, 8, 20))
SCHOOLS: Final = 200  # of a county
AREAS: Final = 7  # calendars: the default one and six areas
RULEBOOK: Final = Path(__file__).parent / "rulebook"


@dataclass(frozen=True)
class World:
    """What is generated: counties from … (``count`` of them), how much they do, evenly or not, from which seed."""

    first: int
    count: int
    volume: int = 100  # per cent of the streams' rates
    skewed: bool = False
    seed: int = 1
    schools: int = SCHOOLS  # of a county


def rulebook() -> tuple[Rulebook, Calendars]:
    """Return the rulebook for measuring and its calendars, by the product's own loader."""
    found, problems = load(read(str(RULEBOOK)))
    if found is None:
        raise ValueError("\n".join(problem.say("en") for problem in problems))
    return found, Calendars.build(found.calendars)


def _hash(*parts: object) -> str:
    return f"(hash({', '.join(map(str, parts))}) & 9223372036854775807)::BIGINT"


ORGANISATIONS: Final = """
WITH county AS (SELECT unnest(range({first}, {first} + {count})) AS c),
named AS (SELECT c, format('P{{:04d}}', c // 100) AS p, format('P{{:04d}}-C{{:02d}}', c // 100, c // 10 % 10) AS ct,
 format('P{{:04d}}-C{{:02d}}-X{{:02d}}', c // 100, c // 10 % 10, c % 10) AS x FROM county),
every AS (
 SELECT DISTINCT p AS code, 'province' AS level, '' AS parent, 0 AS c, c // 100 * 100000 AS key, 0 AS n FROM named
 UNION SELECT DISTINCT ct, 'city', p, 0, c // 10 * 10000 + 1, 0 FROM named
 UNION ALL SELECT x, 'county', ct, c, c * 1000 + 2, 0 FROM named
 UNION ALL SELECT x || format('-D{{}}', n), 'department', x, c, c * 1000 + 10 + n, n FROM named, range(1, 4) d(n)
 UNION ALL SELECT x || format('-T{{:02d}}', n), 'township', x, c, c * 1000 + 20 + n, n FROM named, range(10) d(n)
 UNION ALL SELECT x || format('-S{{:03d}}', n), 'school', x || format('-T{{:02d}}', n % 10), c, c * 1000 + 100 + n, n
 FROM named, range({schools}) d(n)),
numbered AS (SELECT CAST(row_number() OVER (ORDER BY code) AS INTEGER) AS o, *, {h} AS h FROM every)
SELECT o, code, level, parent, c, key, n, h, CASE WHEN level = 'school' THEN ['kindergarten', 'primary', 'primary',
 'middle'][1 + n % 4] ELSE level END AS type, CASE WHEN level = 'county' AND c % {areas} > 0
 THEN format('area-{{}}', c % {areas}) ELSE '' END AS area, 60 + (h >> 8) % 1900 AS pupils, (h >> 20) % 3 = 0 AS boarding,
 -- of a thousand schools 20 open within the year, 15 close, 15 become another type
 CASE WHEN level = 'school' THEN (h >> 30) % 1000 ELSE 999 END AS fate, {start} + 30 + (h >> 42) % 260 AS turn,
 CASE WHEN NOT {skewed} THEN 100 WHEN (h >> 50) % 100 = 0 THEN 1200 WHEN (h >> 50) % 100 < 20 THEN 250 ELSE 50
 END AS weight
FROM numbered"""

# roles of a school: its township, county and food department
_PLACED: Final = """
SELECT g.*, coalesce(t.o, g.o) AS township, coalesce(x.o, g.o) AS county, coalesce(d.o, g.o) AS food FROM g
LEFT JOIN g t ON t.code = g.parent AND t.level = 'township' LEFT JOIN g x ON x.c = g.c AND x.level = 'county'
LEFT JOIN g d ON d.c = g.c AND d.level = 'department' AND d.n = 1"""

_EVENTS: Final = """
WITH many AS (SELECT p.key, p.o, p.township, p.county, p.food, s.*,
 unnest(range((s.rate * CASE WHEN s.of = 'school' AND s.actor = 'self' THEN {volume} * p.weight ELSE 10000 END // 10000
  + {h0} % 100) // 100)) AS i FROM placed p JOIN streams s ON s.of = p.level),
drawn AS (SELECT *, {h1} AS h, {h2} AS h2 FROM many)
SELECT ((key * 200 + sid) * 100000 + i) * 8 AS id, sid, kind, CASE kind WHEN 'hazard' THEN 'ordered' ELSE '' END AS step,
 ({start} + h % ({as_of} - {start} + 1)) * 1440 + 360 + (h >> 12) % 900 AS at_min,
 CASE WHEN (h >> 24) % 100 < 5 THEN 2880 + (h >> 28) % 55000 ELSE (h >> 28) % 400 END AS lag, (h2 >> 2) % 100 AS fate,
 CASE actor WHEN 'self' THEN o WHEN 'township' THEN township WHEN 'county' THEN county ELSE food END AS maker, role, o,
 text, CASE WHEN kind = 'visit' AND (h2 >> 10) % 8 = 0 THEN 'problem' WHEN kind = 'visit' THEN 'good' ELSE '' END AS word,
 CASE WHEN kind = 'incident' THEN CASE WHEN (h2 >> 16) % 200 = 0 THEN 3 ELSE (h2 >> 16) % 3 END
  ELSE low + (h2 >> 16) % (high - low + 1) END AS number, second, h2,
 CASE WHEN kind = 'hazard' THEN 5 + (h2 >> 40) % 25 END AS days FROM drawn"""

_ROW: Final = "id, kind, verb, step, item, at_min, recorded_min, replaces, reference, deadline, maker, role, o, text, word, number, second, until, gone"

# every version that the ledger would hold; ``gone``: the minute from which another one stands in its place
RAW: Final = f"""
WITH first AS (SELECT *, at_min + lag AS recorded_min, CASE WHEN days > 0 THEN (at_min // 1440 + days) * 1440 + 1439
 END AS deadline, CASE WHEN kind = 'hazard' THEN 'step' ELSE 'record' END AS verb,
 at_min + lag + 1440 + (h2 >> 30) % 20000 AS second_min FROM events),
answers AS (SELECT e.id, e.o, e.maker, e.at_min, e.days, e.kind AS trigger, f.*, (e.at_min + f.least
 + hash(e.h2, f.n) % (f.most - f.least)::UBIGINT)::BIGINT AS answered, (hash(e.h2, f.n, 7) % 100)::BIGINT AS luck
 FROM events e JOIN follows f ON f.trigger = e.kind WHERE e.kind <> 'visit' OR e.word = 'problem'),
awake AS (SELECT *, CASE WHEN answered % 1440 < 360 THEN answered + 360 ELSE answered END AS minute FROM answers
 WHERE luck < share),
versions AS (SELECT *, {START} - 600 + CAST(hash(h, 1) % 750 AS BIGINT) AS opened,
 200 + CAST(hash(h, 2) % 400 AS BIGINT) AS change, CAST(hash(h, 3) % 100 AS BIGINT) AS luck FROM entries),
lives AS (SELECT *, unnest([0, 1, 2]) AS v FROM versions),
living AS (SELECT *, opened + v * change AS day, CASE v WHEN 0 THEN 'open' WHEN 1 THEN 'change' ELSE 'close' END AS verb
 FROM lives WHERE v = 0 OR (v = 1 AND luck < 60) OR (v = 2 AND luck < 8)),
every AS (
SELECT id, kind, verb, step, id AS item, at_min, recorded_min, 0::BIGINT AS replaces, 0::BIGINT AS reference, deadline,
 maker, role, o, text, word, number, second, 0::BIGINT AS until, CASE WHEN fate < 2 THEN second_min END AS gone FROM first
UNION ALL SELECT id + 1, kind, verb, step, id, at_min - 1440, second_min, id, 0, deadline, maker, role, o, text, word,
 number + 1, second, 0, NULL FROM first WHERE fate = 1
UNION ALL SELECT id + 1, kind, 'withdraw', step, id, at_min, second_min, id, 0, NULL, maker, role, o, '', '', 0, 0, 0, NULL
 FROM first WHERE fate = 0
UNION ALL SELECT id + 2 + n % 3, kind, CASE WHEN step = '' THEN 'record' ELSE 'step' END, step,
 CASE WHEN match = 'case' THEN id ELSE id + 2 + n % 3 END, minute, minute + luck % 7 * 60, 0,
 CASE WHEN match = 'reference' THEN id ELSE 0 END,
 CASE WHEN step = 'extended' THEN (at_min // 1440 + days + 15) * 1440 + 1439 END,
 CASE WHEN actor = 'self' THEN o ELSE maker END, CASE WHEN trigger = 'hazard' THEN 'about' ELSE '' END, o, '', '',
 1 + luck % 5, 0, 0, NULL FROM awake
UNION ALL SELECT id + v, kind, verb, '', id, day * 1440 + 361 + v, day * 1440 + 400 + v, 0, 0, NULL, o, '', o, text, '',
 CASE WHEN CAST(hash(h, v, 4) % 1000 AS BIGINT) < good THEN 1 ELSE 0 END, 0, day + 150 + CAST(hash(h, v, 5) % 500 AS BIGINT),
 NULL FROM living)
SELECT {_ROW} FROM every WHERE at_min < ({AS_OF} + 1) * 1440"""  # fmt: skip

EXCUSED: Final = """
SELECT o, code AS organisation, {start} + (h >> 5) % 250 AS lo, {start} + (h >> 5) % 250 + 30 + (h >> 14) % 120 AS hi,
 CASE WHEN (h >> 26) % 50 = 0 THEN '*' ELSE list_extract({duties}, CAST(1 + (h >> 34) % {n} AS BIGINT)) END AS duty,
 key FROM (SELECT o, code, key, {h} AS h FROM g WHERE level = 'school') WHERE h % 100 < 60"""


def make(con: duckdb.DuckDBPyConnection, world: World) -> None:
    """Make the block: tables ``g`` (organisations), ``raw`` (every version), ``excused``."""
    fill = {
        "first": world.first, "count": world.count, "schools": world.schools, "areas": AREAS, "start": START, "as_of": AS_OF,
        "volume": world.volume, "skewed": str(world.skewed).upper(), "h": _hash(world.seed, "key"),
    }  # fmt: skip
    _table(con, "g", ORGANISATIONS.format(**fill))
    _table(con, "placed", _PLACED)
    rows = ", ".join(str((n, *stream)) for n, stream in enumerate(STREAMS))
    names = "sid, of, actor, kind, role, text, low, high, second, rate"
    _table(con, "streams", f"SELECT * FROM (VALUES {rows}) s({names})")
    rows = ", ".join(str((n, *follow)) for n, follow in enumerate(FOLLOWS))
    names = "n, trigger, kind, step, share, least, most, actor, match"
    _table(con, "follows", f"SELECT * FROM (VALUES {rows}) s({names})")
    rows = ", ".join(str((len(STREAMS) + n, *register)) for n, register in enumerate(REGISTERS))
    _table(con, "registers", f"SELECT * FROM (VALUES {rows}) s(rid, kind, text, share, good)")
    drawn = {f"h{n}": _hash(world.seed, *parts) for n, parts in enumerate((("p.key", "s.sid"), ("key", "sid", "i"), ("key", "sid", "i", 9)))}  # fmt: skip
    _table(con, "events", _EVENTS.format(**fill, **drawn))
    entries = (
        f"SELECT (g.key * 200 + r.rid) * 800000 AS id, g.o, r.*, {_hash(world.seed, 'g.key', 'r.rid')} AS h "
        "FROM g JOIN registers r ON g.level = 'school'"
    )
    _table(con, "entries", f"SELECT * FROM ({entries}) WHERE h % 100 < share")
    _table(con, "raw", RAW)
    con.execute("DROP TABLE events")
    duties = [d.code for d in rulebook()[0].duties.values() if "primary" in d.owed_by.type]
    fill = {"start": START, "duties": duties, "n": len(duties), "h": _hash(world.seed, "key", 77)}
    _table(con, "excused", EXCUSED.format(**fill))


def _table(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}").fetchall()


# --- the product's facts ---------------------------------------------------------------------------------------------

_ISO: Final = "strftime(DATE '1970-01-01' + CAST({} AS INTEGER), '%Y-%m-%d')"


def _json(kind: str, fields: dict[str, str]) -> str:
    parts = []
    for field, column in fields.items():
        value = {"text": "'\"' || text || '\"'", "word": "'\"' || word || '\"'"}.get(column, column)
        if column in DATES:
            value = f"'\"' || {_ISO.format(column)} || '\"'"
        if (kind, field) in YES_NO:
            value = f"CASE WHEN {column} = 1 THEN 'true' ELSE 'false' END"
        parts.append(f"'\"{field}\": ' || {value}")
    inside = " || ', ' || ".join(parts) or "''"
    return f"WHEN '{kind}' THEN '{{' || {inside} || '}}'"


_ID: Final = "lpad(CAST({} AS VARCHAR), 16, '0')"
FACTS: Final = f"""
SELECT {_ID.format("r.id")} AS id, r.kind, r.verb, r.step, {_ID.format("r.item")} AS item, r.at_min, r.recorded_min,
 CASE WHEN r.replaces > 0 THEN {_ID.format("r.replaces")} ELSE '' END AS replaces,
 CASE WHEN r.reference > 0 THEN {_ID.format("r.reference")} ELSE '' END AS reference, '' AS post, '' AS person,
 0::BIGINT AS makeup, r.deadline, '{{"by": ["' || m.code || '"]'
 || CASE WHEN r.role <> '' THEN ', "' || r.role || '": ["' || a.code || '"]' ELSE '' END || '}}' AS roles,
 CASE r.kind {" ".join(_json(kind, fields) for kind, fields in FIELDS.items())} END AS fields
FROM raw r JOIN g m ON m.o = r.maker JOIN g a ON a.o = r.o"""

_SPAN: Final = (
    '\'{{"code": "\' || code || \'", "type": "\' || {type} || \'", "parent": "\' || parent || \'", "area": "\' || area '
    '|| \'", "traits": {{"pupils": \' || pupils || \', "boarding": \' || boarding || \'}}}}\''
)
_OTHER: Final = "CASE type WHEN 'primary' THEN 'middle' ELSE 'primary' END"
_LONG_AGO: Final = day_of(date(2024, 6, 1))
_ORGANISATION: Final = """
SELECT '{verb}' || code AS id, 'organisation' AS kind, '{verb}' AS verb, '' AS step, 'organisation-' || code AS item,
 {day} * 1440 AS at_min, {day} * 1440 AS recorded_min, '' AS replaces, '' AS reference, '' AS post, '' AS person,
 0::BIGINT AS makeup, CAST(NULL AS BIGINT) AS deadline, '{{"about": ["' || code || '"]}}' AS roles, {fields} AS fields
FROM g WHERE {where}"""


def grounds() -> str:
    """Return the SELECT of the facts that the tree is made of: organisations and who supervises whom."""
    own, other = _SPAN.format(type="type"), _SPAN.format(type=_OTHER)
    parts = [
        ("open", f"CASE WHEN fate < 20 THEN turn ELSE {_LONG_AGO} END", own, "1 = 1"),
        ("close", "turn", "'{}'", "fate BETWEEN 20 AND 34"),
        ("change", "turn", other, "fate BETWEEN 35 AND 49"),
    ]
    oversight = f"""
SELECT 'oversight' || d.code, 'oversight', 'open', '', 'oversight-' || d.code, {_LONG_AGO} * 1440 + 60,
 {_LONG_AGO} * 1440 + 60, '', '', '', '', 0::BIGINT, CAST(NULL AS BIGINT), '{{"by": ["' || d.code || '"]}}',
 '{{"topic": "food", "supervised": "' || d.parent || '"}}' FROM g d WHERE d.level = 'department' AND d.n = 1"""
    return " UNION ALL ".join(
        [_ORGANISATION.format(verb=v, day=d, fields=f, where=w) for v, d, f, w in parts] + [oversight]
    )


EXCUSES: Final = f"""
SELECT 'excuse' || organisation AS id, 'excuse', 'record', '', 'excuse' || organisation, {AS_OF} * 1440 + 5,
 {AS_OF} * 1440 + 5, '', '', '', '', 0::BIGINT, CAST(NULL AS BIGINT), '{{"about": ["' || organisation || '"]}}',
 '{{"duty": "' || duty || '", "from": "' || {_ISO.format("lo")} || '", "to": "' || {_ISO.format("hi")} || '"}}' FROM excused"""


def facts(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``fact``: the product's facts (columns of ``frame.FACT``) in the order in which they arrived."""
    _table(con, "fact", f"SELECT * FROM ({grounds()} UNION ALL {FACTS} UNION ALL {EXCUSES}) ORDER BY recorded_min, id")
