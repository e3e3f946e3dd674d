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
    "INSERT INTO ledger_itemcount (kind, parties, field, value, part, n) VALUES (%s, %s, %s, %s, 0, %s) "
    "ON CONFLICT (kind, parties, field, value, part) DO UPDATE SET n = ledger_itemcount.n + excluded.n"
)
_JOIN = "INSERT INTO ledger_party (organisation, kind, parties) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
# Of each count one part is taken that no other transaction holds; where there is none, a new part begins.
_SAME = "c.kind = m.kind AND c.parties = m.parties AND c.field = m.field AND c.value = m.value"
_MOVE_ALL = f"""
WITH moved AS (SELECT * FROM unnest(%s::text[], %s::bigint[], %s::text[], %s::text[], %s::bigint[])
  AS m (kind, parties, field, value, n)),
 taken AS (SELECT m.*, p.part FROM moved m LEFT JOIN LATERAL (
  SELECT c.part FROM ledger_itemcount c WHERE {_SAME} LIMIT 1 FOR UPDATE SKIP LOCKED) p ON true),
 added AS (UPDATE ledger_itemcount c SET n = c.n + m.n FROM taken m WHERE {_SAME} AND c.part = m.part)
INSERT INTO ledger_itemcount (kind, parties, field, value, part, n)
SELECT kind, parties, field, value, (random() * 9e15)::bigint, n FROM taken WHERE part IS NULL"""
_JOIN_ALL = (
    "INSERT INTO ledger_party (organisation, kind, parties) "
    "SELECT * FROM unnest(%s::text[], %s::text[], %s::bigint[]) ON CONFLICT DO NOTHING"
)


def counts_of(items: Iterable[Row], facets: Iterable[Row], kinds: Mapping[str, Kind]) -> Counter[Key]:
    """Return what rows of ``Item`` and ``Facet`` add to the counts."""
    by_item: dict[str, list[Word]] = defaultdict(list)
    for _, field, value, item, *_ in facets:
        by_item[item].append((field, value))
    found: Counter[Key] = Counter()
    for row in items:
        said = words(kinds.get(row[1]), row[6], row[7], by_item[row[0]])
        found.update(counted((row[1], row[3]), said))
    return found


def stored(items: Iterable[str], kinds: Mapping[str, Kind]) -> Counter[Key]:
    """Return what the stored rows of items add to the counts now."""
    known = list(items)
    names = "item, kind, organisation, parties, sort, at, step, ended_as"
    rows = list(select_in(f"SELECT {names} FROM {Item._meta.db_table} WHERE item IN ({{}})", known))
    facets = select_in(f"SELECT kind, field, value, item FROM {Facet._meta.db_table} WHERE item IN ({{}})", known)
    return counts_of(rows, facets, kinds) if rows else Counter()


def move(new: Counter[Key], old: Counter[Key]) -> None:
    """Bring the counts from ``old`` to ``new``, waiting for nobody."""
    moved = new.copy()
    moved.subtract(old)
    _upsert(_MOVE, _MOVE_ALL, [(*key, n) for key, n in sorted(moved.items()) if n])


def join(sets: Mapping[tuple[str, int], frozenset[str]]) -> None:
    """Remember who belongs to sets of organisations."""
    _upsert(_JOIN, _JOIN_ALL, sorted(party_rows(sets)))


def _upsert(one: str, every: str, rows: list[Row]) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(every, [list(column) for column in zip(*rows, strict=True)])
        else:
            cursor.executemany(one, rows)
