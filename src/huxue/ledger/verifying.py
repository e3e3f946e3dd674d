"""Checks the ledger against itself: every fact's content still has its hash, every personal value its salted hash."""

from __future__ import annotations

from collections.abc import Iterator
from json import loads
from typing import Final

from huxue.ledger.drafts import Draft, content, digest, personal_hash
from huxue.organisations.tables import Row, select, select_in

_CONTENT: Final = (
    "seq, id, kind, verb, at_min, item, roles, fields, step, replaces, reference, post, person, makeup, deadline, "
    "origin, hash"
)
BATCH: Final = 20_000


def verify_content() -> list[str]:
    """Return the ids of facts whose content or personal values do not have the hash that was stored with them."""
    return [uid for rows in _batches() for uid in _wrong(rows)]


def _batches() -> Iterator[list[Row]]:
    after = -1
    sql = f"SELECT {_CONTENT} FROM ledger_fact WHERE seq > %s ORDER BY seq LIMIT {BATCH}"
    while rows := select(sql, after):
        after = rows[-1][0]
        yield rows


def _wrong(rows: list[Row]) -> Iterator[str]:
    pointers: dict[str, str] = {}
    for row in rows:
        if content_hash(row) != row[-1]:
            yield row[1]
        if '"$personal"' in row[7]:
            pointers[row[1]] = row[7]
    sql = "SELECT fact, field, salt, value, erased FROM ledger_personaldatum WHERE fact IN ({})"
    for fact, name, salt, value, erased in select_in(sql, pointers):
        if not erased and loads(pointers[fact]).get(name) != {"$personal": personal_hash(salt, value)}:
            yield fact


def content_hash(row: Row) -> str:
    """Return the hash of a stored fact, worked out again from its columns."""
    (
        _,
        uid,
        kind,
        verb,
        at,
        item,
        roles,
        fields,
        step,
        replaces,
        reference,
        post,
        person,
        makeup,
        deadline,
        origin,
        _,
    ) = row
    draft = Draft(
        id=uid, kind=kind, verb=verb, at=at, step=step, replaces=replaces, reference=reference, post=post,
        person=person, makeup=bool(makeup), deadline=deadline, origin=origin,
    )  # fmt: skip
    return digest(content(draft, item, roles, fields))
