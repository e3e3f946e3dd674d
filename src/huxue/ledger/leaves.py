"""What is sealed of a fact, and the order of the leaves.

A leaf is one line of canonical JSON (keys sorted, no white space, UTF-8): the content that the fact's hash is taken
over, and all that the ledger noted beside it::

    {"content":{…},"hash":…,"import":…,"marks":…,"organisation":…,"recorded":…,"seq":…}

So neither what happened, nor when we learned of it, nor the order of arrival can be changed unnoticed. The value of a
personal field stands in it only as a salted hash and can be erased.

The order of the leaves is kept in rows of up to ``RUN``: 40 bytes a fact, where a table with a row for each leaf
takes about 100, and a tree of 20 million leaves is read in 40,000 rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from struct import pack, unpack
from typing import Final, NamedTuple

from huxue.core.seals import leaf_hash
from huxue.ledger.drafts import content_of, digest, quoted
from huxue.organisations.tables import Row, select, select_in

RUN: Final = 500
HASH: Final = 32  # bytes
_HASH: Final = 15  # its place, after the columns of the content
SEQ: Final = 20
UID: Final = 3
FIELDS: Final = 2
COLUMNS: Final = (
    "at_min, deadline, fields, id, item, kind, makeup, origin, person, post, reference, replaces, roles, step, verb, "
    "hash, import_number, marks, organisation, recorded_min, seq"
)


def line(row: Row) -> str:
    """Return what is sealed of a fact with these ``COLUMNS``."""
    hashed, number, marks, organisation, recorded, seq = row[_HASH:]
    return (
        f'{{"content":{content_of(*row[:_HASH])},"hash":{quoted(hashed)},'
        f'"import":{"null" if number is None else number},'
        f'"marks":{quoted(marks)},"organisation":{quoted(organisation)},"recorded":{recorded},"seq":{seq}}}'
    )


def leaf(row: Row) -> bytes:
    """Return the hash of the leaf of a fact; b"" where its columns hold what none of ours can."""
    try:
        return leaf_hash(line(row).encode())
    except (TypeError, ValueError):
        return b""


def has_its_hash(row: Row) -> bool:
    """Tell whether the content of a fact has the hash that was stored with it."""
    try:
        return bool(digest(content_of(*row[:_HASH])) == row[_HASH])
    except (TypeError, ValueError):
        return False


class Leaves(NamedTuple):
    """A run of leaves: the place of the first in the tree, the facts (``seq``) and the hashes of their leaves."""

    first: int
    facts: Sequence[int]
    hashes: Sequence[bytes]

    @property
    def end(self) -> int:
        """The place after the last."""
        return self.first + len(self.hashes)


def packed(first: int, facts: Sequence[int], hashes: Sequence[bytes]) -> Iterator[Row]:
    """Yield the rows of ``SealedRun`` for the leaves of one seal."""
    for start in range(0, len(facts), RUN):
        some = facts[start : start + RUN]
        leaves = b"".join(hashes[start : start + RUN])
        yield first + start, min(some), max(some), pack(f">{len(some)}q", *some), leaves


def runs(first: int = 0, end: int | None = None) -> Iterator[Leaves]:
    """Yield the stored runs, in order, that hold a leaf from ``first`` to before ``end``."""
    after = first - RUN
    sql = "SELECT first, facts, leaves FROM ledger_sealedrun WHERE first > %s ORDER BY first LIMIT 20"
    while rows := select(sql, after):
        for start, facts, leaves in rows:
            if end is not None and start >= end:
                return
            found = _unpacked(start, facts, leaves)
            if found.end > first:
                yield found
        after = rows[-1][0]


def _unpacked(first: int, facts: object, leaves: object) -> Leaves:
    """Return a stored run; what is no bytes, or is cut off, holds nothing."""
    numbers, hashes = (bytes(v) if isinstance(v, bytes | memoryview) else b"" for v in (facts, leaves))
    count = len(numbers) // 8
    whole = unpack(f">{count}q", numbers[: count * 8])
    return Leaves(first, whole, [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)])


def place(seq: int) -> int | None:
    """Return the place of a fact in the tree, ``None`` before it is sealed."""
    sql = "SELECT first, facts, leaves FROM ledger_sealedrun WHERE low <= %s AND high >= %s"
    for start, facts, leaves in select(sql, seq, seq):
        found = _unpacked(start, facts, leaves)
        if seq in found.facts:
            return found.first + found.facts.index(seq)
    return None


def stored(seqs: Iterable[int]) -> dict[int, Row]:
    """Return the ``COLUMNS`` of facts by their ``seq``."""
    return {row[SEQ]: row for row in select_in(f"SELECT {COLUMNS} FROM ledger_fact WHERE seq IN ({{}})", seqs)}
