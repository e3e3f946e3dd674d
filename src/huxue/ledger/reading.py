"""Ways to read the facts: as values, as columns for the evaluation, and forward from a mark.

An exclusive import's parts are no facts until it is finished, so there is nothing here to leave out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from json import loads
from typing import Any, Final, NamedTuple

import pyarrow as pa
from django.db import connection
from pyarrow import csv

from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY
from huxue.organisations.tables import Row, chunks, select

_FACT: Final = (
    "id, kind, verb, item, at_min, recorded_min, roles, fields, step, replaces, reference, post, person, makeup, "
    "deadline"
)
SCHEMA: Final = pa.schema(
    [
        ("seq", pa.int64()),
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
        ("makeup", pa.int8()),
        ("deadline", pa.int64()),
        ("roles", pa.string()),
        ("fields", pa.string()),
    ]
)
_COLUMNS: Final = ", ".join("CAST(makeup AS integer) AS makeup" if n == "makeup" else n for n in SCHEMA.names)
BATCH: Final = 20_000
FIRST: Final = -(2**63) + 1  # no seq is smaller; ours begin at 1, but a forger may count as he likes


def facts(*, known_at: int | None = None, organisations: Iterable[str] | None = None) -> Iterator[Fact]:
    """Yield the facts in order of arrival.

    ``known_at``: those recorded by the end of that day. ``organisations``: those that credit one of them in any role,
    and whatever replaces those.
    """
    by = None if known_at is None else (known_at + 1) * MINUTES_A_DAY
    if organisations is None:
        yield from map(_fact, _stream("" if by is None else "WHERE recorded_min < %s", [] if by is None else [by]))
        return
    for row in sorted(_credited(organisations)):
        fact = _fact(row[1:])
        if by is None or fact.recorded < by:
            yield fact


def facts_of_item(item: str) -> list[Fact]:
    """Return every fact of an item, replaced ones and withdrawals included, in order of arrival."""
    return [_fact(row) for row in select(f"SELECT {_FACT} FROM ledger_fact WHERE item = %s ORDER BY seq", item)]


def fact(uid: str) -> Fact | None:
    """Return the fact with an id, ``None`` if there is none."""
    rows = select(f"SELECT {_FACT} FROM ledger_fact WHERE id = %s", uid)
    return _fact(rows[0]) if rows else None


def facts_about(item: str, kinds: Iterable[str]) -> list[Fact]:
    """Return every fact of the records of some kinds that refer to an item, replaced ones and withdrawals included."""
    named = list(kinds)
    if not named or not item:
        return []
    marks = ", ".join(["%s"] * len(named))
    found = select(
        f"SELECT DISTINCT item FROM ledger_fact WHERE reference = %s AND NOT (reference = '') AND kind IN ({marks})",
        item, *named,
    )  # fmt: skip
    return [fact for (one,) in sorted(found) for fact in facts_of_item(one)]


def facts_referring(item: str) -> list[Fact]:
    """Return every fact of whatever refers to an item, replaced ones and withdrawals included, in order of arrival."""
    those = "SELECT item FROM ledger_fact WHERE reference = %s AND NOT (reference = '')"
    return [_fact(row) for row in select(f"SELECT {_FACT} FROM ledger_fact WHERE item IN ({those}) ORDER BY seq", item)]


def of_kinds(kinds: Iterable[str], *, known_at: int) -> Iterator[Fact]:
    """Yield the facts of some kinds recorded by the end of day ``known_at``, in order of arrival."""
    named = list(kinds)
    marks = ", ".join(["%s"] * len(named))
    yield from map(
        _fact, _stream(f"WHERE recorded_min < %s AND kind IN ({marks})", [(known_at + 1) * MINUTES_A_DAY, *named])
    )


def of_items(items: Iterable[str], *, known_at: int) -> list[Fact]:
    """Return the facts of some items recorded by the end of day ``known_at``, in order of arrival."""
    named, by = list(items), (known_at + 1) * MINUTES_A_DAY
    if not named:
        return []
    marks = ", ".join(["%s"] * len(named))
    sql = f"SELECT {_FACT} FROM ledger_fact WHERE item IN ({marks}) AND recorded_min < %s ORDER BY seq"
    return [_fact(row) for row in select(sql, *named, by)]


def of_one(organisation: str, kinds: Iterable[str], *, known_at: int) -> list[Fact]:
    """Return the facts of some kinds that credit one organisation, and whatever replaces those, in order of arrival."""
    named, by = list(kinds), (known_at + 1) * MINUTES_A_DAY
    marks = ", ".join(["%s"] * len(named))
    mine = "SELECT fact FROM ledger_credit WHERE organisation = %s"
    rows = set(
        select(
            f"SELECT seq, {_FACT} FROM ledger_fact WHERE seq IN ({mine}) AND kind IN ({marks})", organisation, *named
        )
    )
    found = (_fact(row[1:]) for row in sorted(_with_replacements(rows), key=lambda row: row[0]))
    return [fact for fact in found if fact.recorded < by]


def _credited(organisations: Iterable[str]) -> set[Row]:
    rows: set[Row] = set()
    for codes in chunks(set(organisations)):
        marks = ", ".join(["%s"] * len(codes))
        mine = f"SELECT fact FROM ledger_credit WHERE organisation IN ({marks})"
        rows.update(select(f"SELECT seq, {_FACT} FROM ledger_fact WHERE seq IN ({mine})", *codes))
    return _with_replacements(rows)


def _with_replacements(rows: set[Row]) -> set[Row]:
    """Add what replaces the facts found: a withdrawal credits nobody, a correction may credit somebody else."""
    new = {row[1] for row in rows}
    while new:
        found: set[Row] = set()
        for ids in chunks(new):
            marks = ", ".join(["%s"] * len(ids))
            those = f"replaces IN ({marks}) AND NOT (replaces = '')"  # as the index says it, or SQLite will not use it
            found.update(select(f"SELECT seq, {_FACT} FROM ledger_fact WHERE {those}", *ids))
        new = {row[1] for row in found - rows}
        rows |= found
    return rows


def _fact(row: Row) -> Fact:
    (uid, kind, verb, item, at, recorded, roles, fields, step, replaces, reference, post, person, makeup, deadline) = (
        row
    )
    credited = {role: tuple(codes) for role, codes in loads(roles).items()}
    return Fact(
        uid, kind, verb, item, at, recorded, credited, loads(fields), step, replaces, reference, post, person,
        bool(makeup), deadline,
    )  # fmt: skip


def _stream(where: str, parameters: list[Any]) -> Iterator[Row]:
    """Yield fact rows by ranges of ``seq``, so that neither side holds them all."""
    after = -1
    lead = f"{where} AND" if where else "WHERE"
    sql = f"SELECT seq, {_FACT} FROM ledger_fact {lead} seq > %s ORDER BY seq LIMIT {BATCH}"
    while rows := select(sql, *parameters, after):
        after = rows[-1][0]
        yield from (row[1:] for row in rows)


def columns() -> pa.Table:
    """Return all facts as a table with the columns of ``SCHEMA``, in order of arrival."""
    if connection.vendor == "postgresql":
        return _copied()
    tables = []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM ledger_fact ORDER BY seq")
        while rows := cursor.fetchmany(BATCH):
            arrays = [pa.array(c, f.type) for c, f in zip(zip(*rows, strict=True), SCHEMA, strict=True)]
            tables.append(pa.Table.from_arrays(arrays, schema=SCHEMA))
    return pa.concat_tables(tables) if tables else SCHEMA.empty_table()


def _copied() -> pa.Table:
    text = BytesIO()
    sql = f"COPY (SELECT {_COLUMNS} FROM ledger_fact ORDER BY seq) TO STDOUT (FORMAT csv, FORCE_QUOTE *)"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for block in copy:
            text.write(block)
    if not text.tell():
        return SCHEMA.empty_table()
    text.seek(0)
    return csv.read_csv(
        text,
        csv.ReadOptions(column_names=SCHEMA.names, block_size=8 << 20),
        csv.ParseOptions(newlines_in_values=True),
        csv.ConvertOptions(
            column_types=SCHEMA, strings_can_be_null=False, null_values=[""], quoted_strings_can_be_null=False
        ),
    )


class Mark(NamedTuple):
    """How far a reader has come: server, transaction, seq.

    On SQLite the first two are 0: its single writer makes ``seq`` an order. Servers count from 1: a dump that is
    restored on another one goes on there, and its transactions are numbered anew.
    """

    server: int
    xact: int
    seq: int


BEGINNING: Final = Mark(0, 0, FIRST - 1)


def forward(mark: Mark, limit: int) -> tuple[list[Fact], Mark]:
    """Return up to ``limit`` facts after a mark, and the mark to go on from. Nothing is missed and nothing comes twice.

    On PostgreSQL a smaller ``seq`` can become visible after a greater one. So a fact is handed out only when its
    transaction is older than every running one; none can then come before it. No lock is held for this.
    """
    rows, reached = rows_forward(_FACT, mark, limit)
    return [_fact(row) for row in rows], reached


def rows_forward(names: str, mark: Mark, limit: int) -> tuple[list[Row], Mark]:
    """Return the columns ``names`` of up to ``limit`` facts after a mark, as ``forward`` does."""
    if connection.vendor != "postgresql":
        sql = f"SELECT seq, {names} FROM ledger_fact WHERE seq > %s ORDER BY seq LIMIT %s"
        rows = select(sql, mark.seq, limit)
        return [row[1:] for row in rows], Mark(0, 0, rows[-1][0]) if rows else mark
    for server in _servers_from(mark):
        start = mark if mark.server == server else Mark(server, 0, FIRST - 1)
        rows = select(_FORWARD.format(names), server, server, str(start.xact), start.seq, server, server, limit)
        if rows:
            return [row[2:] for row in rows], Mark(server, *rows[-1][:2])
    return [], mark


def is_after(mark: Mark) -> bool:
    """Tell whether any fact can be seen after a mark, be it handed out by ``forward`` yet or not."""
    if connection.vendor != "postgresql":
        return bool(select("SELECT 1 FROM ledger_fact WHERE seq > %s LIMIT 1", mark.seq))
    for server in _servers_from(mark):
        start = mark if mark.server == server else Mark(server, 0, FIRST - 1)
        if select(f"{_AFTER} LIMIT 1".format("id"), server, server, str(start.xact), start.seq):
            return True
    return False


def _servers_from(mark: Mark) -> list[int]:
    return [n for (n,) in select("SELECT number FROM ledger_server WHERE number >= %s ORDER BY number", mark.server)]


# The facts of one server of those that the ledger has lived on. Only on the server that we are on may a transaction
# still be running; what a dump brought is all there. One statement, so that it sees one state of both tables.
_AFTER: Final = (
    "SELECT xact::text::bigint, seq, {} FROM ledger_fact "
    "WHERE seq > (SELECT CASE WHEN number = 1 THEN -9223372036854775808 ELSE after END "
    "FROM ledger_server WHERE number = %s) "
    "AND seq <= coalesce((SELECT after FROM ledger_server WHERE number = %s + 1), 9223372036854775807) "
    "AND (xact, seq) > (%s::text::xid8, %s)"
)
_FORWARD: Final = (
    f"{_AFTER} "
    "AND (xact < pg_snapshot_xmin(pg_current_snapshot()) "
    "OR EXISTS (SELECT 1 FROM ledger_server WHERE number = %s + 1) "
    "OR (SELECT identifier FROM ledger_server WHERE number = %s) <> "
    "(SELECT system_identifier FROM pg_control_system())) "
    "ORDER BY xact, seq LIMIT %s"
)
