"""Lists of everything: records, entries and cases of one kind, scoped, filtered, searched, paged by key.

::

    listed = page(kind, scope, Asked(facets={"grade": ("major",)}, step="ordered", size=50))
    listed.rows, listed.total, listed.left_out, listed.next      # "" where there is no further page

A page costs two queries, a text one more, whatever the number of rows, the scope and the depth (docs/adr/0021 says
how). An item belongs to a scope when it credits an organisation of it in any role. ``total`` and ``left_out`` are exact
unless ``exact`` is false: then there are more than ``total``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from json import loads
from typing import Any, Final, NamedTuple

from django.db import connection

from huxue.access.scope import Scope
from huxue.core.kinds import Kind
from huxue.ledger.asked import SIZE, Asked
from huxue.ledger.choosing import Choice, choose, counting, hits, key_of, known
from huxue.ledger.items import EVERYWHERE, Word
from huxue.ledger.places import place
from huxue.organisations.tables import Row, select

BATCH: Final = 1_000  # rows read at a time for an export


class ItemRow(NamedTuple):
    """One line of a list. ``deadline`` and ``at`` are minutes; ``fact`` is what says it now (of a case: its last step).

    ``fields`` hold no personal values: where one was given stands ``{"$personal": hash}``, as in the fact.
    """

    item: str
    kind: str
    organisation: str
    organisation_name: str
    at: int
    fields: dict[str, Any]
    step: str
    ended_as: str
    deadline: int | None
    post: str  # in which the last fact was done
    fact: str
    roles: dict[str, list[str]]
    key: str
    recorded: int


class Listed(NamedTuple):
    """A page of a list. ``counts``: of where cases stand and of the filters asked for, within the scope."""

    rows: list[ItemRow]
    total: int
    left_out: int
    exact: bool
    next: str
    previous: str
    counts: dict[Word, int]


def page(kind: Kind, scope: Scope, asked: Asked) -> Listed:
    """Return one page of a kind's items that a scope holds."""
    here = place(kind, scope, asked.organisation, asked.facets)
    found = hits(kind, here, asked) if asked.text else None
    chosen = choose(kind, here, asked, found)
    told = known(kind, here, asked, found)
    rows, counted = _rows(chosen, asked, count=told is None)
    total, exact = told or ((counted, True) if asked.exact or counted <= chosen.most else (chosen.most, False))
    back = asked.after.startswith("-")
    more = len(rows) > asked.size
    rows = rows[: asked.size]
    rows = rows[::-1] if back else rows
    following, before = (bool(asked.after), more) if back else (more, bool(asked.after))
    return Listed(
        rows, total, max(here.everything - total, 0), exact,
        "+" + rows[-1].key if rows and following else "", "-" + rows[0].key if rows and before else "", here.counts,
    )  # fmt: skip


def one(kind: Kind, item: str, scope: Scope) -> ItemRow | None:
    """Return one item, ``None`` where there is none or the scope does not hold it."""
    mine, parameters = _within(scope)
    rows = select(f"{_read()} WHERE i.item = %s AND i.kind = %s{mine}", item, kind.code, *parameters)
    return _row(rows[0], "") if rows else None


def stream(kind: Kind, scope: Scope, asked: Asked) -> Iterator[ItemRow]:
    """Yield all items asked for, read by key in batches."""
    here = place(kind, scope, asked.organisation, asked.facets)
    found = hits(kind, here, asked) if asked.text else None
    step = replace(asked, size=BATCH, after="")
    while True:
        rows, _ = _rows(choose(kind, here, step, found), step, count=False)
        yield from rows[:BATCH]
        if len(rows) <= BATCH:
            return
        step = replace(step, after="+" + rows[BATCH - 1].key)


def named(items: Iterable[str], scope: Scope) -> list[ItemRow]:
    """Return those of some items that a scope holds, of any kind, in their own order."""
    wanted = list(dict.fromkeys(items))
    if not wanted:
        return []
    mine, parameters = _within(scope)
    marks = ", ".join(["%s"] * len(wanted))
    found = {
        row[0]: _row(row, "") for row in select(f"{_read()} WHERE i.item IN ({marks}){mine}", *wanted, *parameters)
    }
    return [found[item] for item in wanted if item in found]


def totals(kinds: Iterable[Kind], scope: Scope) -> dict[str, int]:
    """Return how many items of each kind a scope holds; kinds without any are left out."""
    codes = [kind.code for kind in kinds]
    if not codes:
        return {}
    where, parameters = f"c.parties = {EVERYWHERE}", list[Any]()
    if not scope.whole:
        condition, parameters = scope.where("m.organisation")
        where = f"(c.kind, c.parties) IN (SELECT m.kind, m.parties FROM ledger_party m WHERE {condition})"
    marks = ", ".join(["%s"] * len(codes))
    sql = (
        f"SELECT c.kind, sum(c.n) FROM ledger_itemcount c WHERE {where} AND c.field = '' AND c.value = '' "
        f"AND c.kind IN ({marks}) GROUP BY c.kind"
    )
    return {kind: int(n) for kind, n in select(sql, *parameters, *codes) if n}


def _within(scope: Scope) -> tuple[str, list[Any]]:
    """Return the condition that an item ``i`` belongs to a scope, with its AND."""
    if scope.whole:
        return "", []
    condition, parameters = scope.where("m.organisation")
    sql = f" AND EXISTS (SELECT 1 FROM ledger_party m WHERE m.parties = i.parties AND m.kind = i.kind AND {condition})"
    return sql, list(parameters)


_COLUMNS: Final = (
    "i.item, i.kind, i.organisation, coalesce(o.name, ''), i.at, i.step, i.ended_as, i.deadline, i.fact, i.roles, "
    "i.fields, f.post, f.recorded_min, f.roles, f.fields"
)


def _joined() -> str:
    own = ' COLLATE "C"' if connection.vendor == "postgresql" else ""  # as the tree compares its codes
    return (
        f"LEFT JOIN organisations_organisation o ON o.code = i.organisation{own} "
        "LEFT JOIN ledger_fact f ON f.id = i.fact"
    )


def _read() -> str:
    return f"SELECT {_COLUMNS} FROM ledger_item i {_joined()}"


def _rows(chosen: Choice, asked: Asked, *, count: bool) -> tuple[list[ItemRow], int]:
    """Return the rows of a page and, where there is one, the first of the next; and how many there are in all."""
    key, condition, parameters = key_of(asked)
    counted, before = counting(chosen, asked) if count else ("SELECT 0", list[Any]())
    sql = (
        f"SELECT d.item AS item, {key.column} AS place {chosen.sql}{condition} ORDER BY {chosen.ordered(key)} LIMIT %s"
    )
    down = " DESC" if key.down else ""
    read = (
        f"SELECT {_COLUMNS}, k.place, ({counted}) FROM ({sql}) k JOIN ledger_item i ON i.item = k.item {_joined()} "
        f"ORDER BY k.place{down}, k.item{down}"
    )
    found = select(read, *before, *chosen.parameters, *parameters, asked.size + 1)
    rows = [_row(row, f"{row[-2]}.{row[0]}") for row in found]
    if found or not (count and asked.after):
        return rows, found[0][-1] if found else 0
    ((n,),) = select(counted, *before)  # a page beyond the last
    return rows, n


def _row(row: Row, key: str) -> ItemRow:
    (item, kind, organisation, name, at, step, ended, deadline, fact, roles, fields, post, recorded, said, values) = (
        row[:15]
    )
    return ItemRow(
        item, kind, organisation, name, at, loads(fields or values or "{}"), step, ended, deadline, post or "", fact,
        loads(roles or said or "{}"), key, recorded or 0,
    )  # fmt: skip


__all__ = ["SIZE", "Asked", "ItemRow", "Listed", "named", "one", "page", "stream", "totals"]
