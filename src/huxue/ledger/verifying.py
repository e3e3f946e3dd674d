"""Checks the ledger against itself: every fact's content still has its hash, every personal value its salted hash."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from json import loads

from huxue.ledger.drafts import personal_hash
from huxue.ledger.leaves import COLUMNS, FIELDS, SEQ, UID, has_its_hash
from huxue.ledger.reading import BATCH, FIRST
from huxue.organisations.tables import Row, select, select_in


def verify_content() -> list[str]:
    """Return the ids of facts whose content or personal values do not have the hash that was stored with them."""
    return [uid for rows in _batches() for uid in wrong(rows)]


def _batches() -> Iterator[list[Row]]:
    after = FIRST - 1
    sql = f"SELECT {COLUMNS} FROM ledger_fact WHERE seq > %s ORDER BY seq LIMIT {BATCH}"
    while rows := select(sql, after):
        after = rows[-1][SEQ]
        yield rows


def wrong(rows: Sequence[Row]) -> Iterator[str]:
    """Yield the ids of facts, given by ``leaves.COLUMNS``, that do not have their hash or their personal values."""
    bad = {row[UID] for row in rows if not has_its_hash(row)}
    yield from bad
    yield from wrong_personal(row for row in rows if row[UID] not in bad)


def wrong_personal(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the ids of facts with a personal value that does not have its salted hash."""
    pointers = {row[UID]: row[FIELDS] for row in rows if '"$personal"' in str(row[FIELDS])}
    sql = "SELECT fact, field, salt, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    for fact, name, salt, value, erased in select_in(sql, pointers):
        if not erased and _pointer(pointers[fact], name) != {"$personal": personal_hash(salt, value)}:
            yield fact


def _pointer(fields: str, name: str) -> object:
    """Return what stands in a field; None where the fields are none."""
    try:
        found = loads(fields)
    except (TypeError, ValueError):
        return None
    return found.get(name) if isinstance(found, dict) else None
