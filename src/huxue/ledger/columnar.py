"""Facts as columns, for readers that keep what they made of them: forward from a mark, by id and by item."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyarrow as pa
from django.db import connection

from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.reading import BEGINNING, SCHEMA, Mark, is_after, rows_forward
from huxue.organisations.tables import Row, select, select_in

FACT: Final = pa.schema([column for column in SCHEMA if column.name != "seq"])
_NAMES: Final = ", ".join("CAST(makeup AS integer) AS makeup" if n == "makeup" else n for n in FACT.names)


def forward(mark: Mark, limit: int) -> tuple[pa.Table, Mark]:
    """Return up to ``limit`` facts after a mark with the columns of ``FACT``, and the mark to go on from."""
    rows, reached = rows_forward(_NAMES, mark, limit)
    return _table(rows), reached


def by_id(ids: Iterable[str]) -> pa.Table:
    """Return the facts of these ids."""
    return _in("id IN ({})", ids)


def by_item(items: Iterable[str]) -> pa.Table:
    """Return every fact of these items, replaced ones and withdrawals included."""
    return _in("item IN ({})", items)


def replaced(ids: Iterable[str], *, known_at: int) -> set[str]:
    """Return those of the facts that something recorded by the end of day ``known_at`` replaces."""
    sql = "SELECT replaces, recorded_min FROM ledger_fact WHERE replaces IN ({}) AND NOT (replaces = '')"
    by = (known_at + 1) * MINUTES_A_DAY
    return {one for one, recorded in select_in(sql, set(ids)) if recorded < by}


def complete(mark: Mark) -> bool:
    """Tell whether nothing that can be seen lies behind a mark: neither newer nor of a transaction still waited for."""
    return not is_after(mark)


def anchor(mark: Mark) -> str:
    """Return what tells the fact at a mark from any other: its id and its hash; "" where there is none."""
    if mark == BEGINNING:
        return "-"
    if connection.vendor == "postgresql":
        sql = "SELECT id, hash FROM ledger_fact WHERE seq = %s AND xact = %s::text::xid8"
        rows = select(sql, mark.seq, str(mark.xact))
    else:
        rows = select("SELECT id, hash FROM ledger_fact WHERE seq = %s", mark.seq)
    return ":".join(rows[0]) if rows else ""


def origin() -> str:
    """Return what tells this ledger from any other: id and hash of its first fact; "" for an empty one."""
    rows = select("SELECT id, hash FROM ledger_fact ORDER BY seq LIMIT 1")
    return ":".join(rows[0]) if rows else ""


def _in(where: str, values: Iterable[str]) -> pa.Table:
    return _table(list(select_in(f"SELECT {_NAMES} FROM ledger_fact WHERE {where}", set(values))))


def _table(rows: list[Row]) -> pa.Table:
    if not rows:
        return FACT.empty_table()
    columns = zip(zip(*rows, strict=True), FACT, strict=True)
    return pa.Table.from_arrays([pa.array(values, column.type) for values, column in columns], schema=FACT)


__all__ = ["FACT", "anchor", "by_id", "by_item", "complete", "forward", "origin", "replaced"]
