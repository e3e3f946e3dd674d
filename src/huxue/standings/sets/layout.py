"""What lies in a set: its tables, their columns and the order of their rows.

Tables of organisations are cut into shards, blocks of ``SHARD`` organisations by their number ``o``; the others are
whole. Tables that follow from single facts carry ``f`` and can be folded; the others follow from the tree, which makes
the set anew when it changes. No column holds a personal field.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FORMAT: Final = 2  # of the manifest and of everything it names
SHARD: Final = 20_000  # organisations
BLOCK: Final = 5_000  # organisations counted at a time: more do not fit into the memory given, and cost more each
TOGETHER: Final = 1_000  # organisations whose deeds of one signal lie together, so that most are passed over
READING: Final = "reading"  # a file that whoever reads a set holds open
ROW_GROUP: Final = 122_880  # in smaller ones columns take three times as long to read


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the set. ``select``: how it is read off the frame; ``order``: of its rows in a file."""

    name: str
    select: str
    order: str
    sharded: bool = False
    folded: bool = False


_KINDS: Final = {"i": "INTEGER", "b": "BIGINT", "t": "VARCHAR"}


def _typed(source: str, columns: str) -> str:
    """Return the SELECT of columns given as ``name kind, name kind``: always of the same kinds, in whatever file."""
    pairs = (column.split() for column in columns.split(","))
    return f"SELECT {', '.join(f'CAST({name} AS {_KINDS[kind]}) AS {name}' for name, kind in pairs)} FROM {source}"


_DEEDS: Final = "signal i, o i, f b, day b, at_day b, at_min b, makeup b, rday b, k t, amount b, ver i"
_SPANS: Final = "signal i, o i, f b, item t, lo b, hi b, k t, amount b, good i, till b"
_LIVE: Final = (
    "f b, id t, kind t, verb t, step t, item t, at_min b, day b, rday b, makeup b, deadline b, ref t, post t, "
    "by_post t, holding t, ver i"
)
_TOLD: Final = "live0 WHERE verb = 'step' OR kind IN ('measure', 'verification') OR fields LIKE '{\"derivation\"%'"
_ORGSPAN: Final = (
    "SELECT code, rank() OVER (ORDER BY f) AS f, json_object('name', json_extract_string(fields, '$.name')) AS fields, "
    "lo, hi, parent, area, type, in_use_from FROM orgspan1"
)
_EVERY: Final = (
    # what the program reads
    Table("deeds", _typed("deeds", _DEEDS), f"(o - 1) // {TOGETHER}, signal, o, day, f, k", sharded=True, folded=True),
    Table("spans", _typed("spans", _SPANS), "o, signal, item, lo", sharded=True, folded=True),
    Table("app", _typed("app", "o i, duty i, lo b, hi b"), "o, duty, lo", sharded=True),
    Table("member", _typed("member", "duty i, o i, k t, lo b, hi b, f b"), "o, duty, k, lo", sharded=True, folded=True),
    Table("excuse", _typed("excuse", "o i, duty i, lo b, hi b, f b"), "o, duty, lo", sharded=True, folded=True),
    Table("traitnum", _typed("traitnum", "o i, trait t, lo b, hi b, value b"), "o, trait, lo", sharded=True),
    Table("orgcal0", _typed("orgcal0", "o i, cal i, in_use b"), "o", sharded=True),
    # what roll-ups, ladders, scores and briefings read beside it
    Table("org", _typed("org", "o i, code t"), "code"),
    Table("closure", _typed("closure", "o i, above i, lo b, hi b"), "o, above, lo"),
    Table("trait", "SELECT * FROM trait", "o, lo"),
    Table("topic", _typed("topic", "o i, topic t, lo b, hi b"), "o, topic, lo"),
    Table("watch", _typed("watch", "o i, topic t, member i, lo b, hi b"), "o, topic, member"),
    Table("oversight", _typed("oversight", "o i, topic t, supervised i, lo b, hi b"), "o, topic"),
    Table("orgspan1", _ORGSPAN, "code, lo"),
    Table("live", _typed("live", _LIVE), "f", folded=True),
    Table("credit", _typed("credit", "f b, role t, o i"), "f, role, o", folded=True),
    Table("told", _typed(_TOLD, "f b, roles t, fields t"), "f", folded=True),
    Table("post", _typed("post", "o i, code t, type t, lo b, hi b, f b"), "code, lo", folded=True),
    Table("holding", _typed("holding", "item t, post t, lo b, hi b, f b"), "post, item, lo", folded=True),
    Table("waiting", _typed("waiting", "id t"), "id"),  # facts that are not to be seen yet
)
TABLES: Final[dict[str, Table]] = {one.name: one for one in _EVERY}
SHARDED: Final = tuple(one for one in TABLES.values() if one.sharded)
WHOLE: Final = tuple(one for one in TABLES.values() if not one.sharded)
FOLDED: Final = tuple(one for one in TABLES.values() if one.folded)


def file_of(table: str, shard: int | None = None) -> str:
    """Return the name of a table's file, or of that of one shard."""
    return f"{table}.parquet" if shard is None else f"{table}-{shard:04d}.parquet"


def shards_of(organisations: int, size: int = SHARD) -> int:
    """Return how many shards so many organisations make; there is always one."""
    return max(1, -(-organisations // size))


def block(shard: int, size: int = SHARD) -> tuple[int, int]:
    """Return the first and the last number of the organisations of a shard."""
    return shard * size + 1, (shard + 1) * size


__all__ = [
    "BLOCK",
    "FOLDED",
    "FORMAT",
    "READING",
    "ROW_GROUP",
    "SHARD",
    "SHARDED",
    "TABLES",
    "WHOLE",
    "Table",
    "block",
    "file_of",
    "shards_of",
]
