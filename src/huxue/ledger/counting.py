"""Keeps the counts of lists: moved by the same transaction that changes the items counted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from django.db import connection

from huxue.core.kinds import Kind
from huxue.ledger.items import Word, counted, party_rows, words
from huxue.ledger.models import Facet, Item
from huxue.organisations.tables import Row, select_in

Key = tuple[str, int, str, str]
_MOVE = (
    "INSERT INTO ledger_itemcount (kind, parties, field, value, n) {} "
    "ON CONFLICT (kind, parties, field, value) DO UPDATE SET n = ledger_itemcount.n + excluded.n"
)
_JOIN = "INSERT INTO ledger_party (organisation, kind, parties) {} ON CONFLICT DO NOTHING"
_ARRAYS = {
    _MOVE: "SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])",
    _JOIN: "SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[])",
}


def counts_of(items: Iterable[Row], facets: Iterable[Row], kinds: Mapping[str, Kind]) -> Counter[Key]:
    """Return what rows of ``Item`` and ``Facet`` add to the counts."""
    by_item: dict[str, list[Word]] = defaultdict(list)
    for _, field, value, item, *_ in facets:
        by_item[item].append((field, value))
    found: Counter[Key] = Counter()
    for row in items:
        said = words(kinds.get(row[1]), row[6], row[7], by_item[row[0]])
        found.update(counted((row[0], row[1], row[3]), said))
    return found


def stored(items: Iterable[str], kinds: Mapping[str, Kind]) -> Counter[Key]:
    """Return what the stored rows of items add to the counts now."""
    known = list(items)
    names = "item, kind, organisation, parties, sort, at, step, ended_as"
    rows = list(select_in(f"SELECT {names} FROM {Item._meta.db_table} WHERE item IN ({{}})", known))
    facets = select_in(f"SELECT kind, field, value, item FROM {Facet._meta.db_table} WHERE item IN ({{}})", known)
    return counts_of(rows, facets, kinds) if rows else Counter()


def move(new: Counter[Key], old: Counter[Key]) -> None:
    """Bring the counts from ``old`` to ``new``; always in one order, so that two writers cannot block each other."""
    moved = new.copy()
    moved.subtract(old)
    _upsert(_MOVE, [(*key, n) for key, n in sorted(moved.items()) if n])


def join(sets: Mapping[tuple[str, int], frozenset[str]]) -> None:
    """Remember who belongs to sets of organisations."""
    _upsert(_JOIN, sorted(party_rows(sets)))


def _upsert(sql: str, rows: list[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(sql.format(_ARRAYS[sql]), [list(column) for column in zip(*rows, strict=True)])
        else:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(sql.format(f"VALUES ({marks})"), rows)
