"""Who waits for whom.

SQLite has one writer at a time. On PostgreSQL advisory locks, held to the end of the transaction, order the few
writers that must not pass each other:

* an exclusive import against every other writer,
* a change of the tree, a post or a holding against every other writer (a deed needs the tree as it is),
* two writers of the same item (their rows follow from all facts of the item),
* two who seal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from zlib import crc32

from django.db import connection

from huxue.core.values import Refused
from huxue.ledger.drafts import Draft
from huxue.ledger.models import RESERVED_ENTRIES
from huxue.organisations.tables import select

IMPORT, TREE, ITEM, SEAL = 7_401, 7_402, 7_403, 7_404  # numbers of our locks, any will do
BUCKETS = 512


def for_writing(drafts: Sequence[Draft], import_number: int | None) -> None:
    """Take the locks that these drafts need; refuses ``import_running`` while somebody else's exclusive import runs."""
    tree = any(draft.kind in RESERVED_ENTRIES for draft in drafts)
    hold({draft.item for draft in drafts if draft.item and draft.item != draft.id}, tree=tree)
    refuse_while_importing(import_number)


def hold(items: Iterable[str], *, tree: bool = False) -> None:
    """Hold off other writers of these items (and of the tree) until the transaction ends.

    For who must read an item before deciding what to write: what is read after this stays true.
    """
    if connection.vendor != "postgresql":
        return
    of_tree = f"pg_advisory_xact_lock{'' if tree else '_shared'}"
    select(f"SELECT pg_advisory_xact_lock_shared(%s), {of_tree}(%s)", IMPORT, TREE)
    buckets = sorted({crc32(item.encode()) % BUCKETS for item in items})
    if buckets:
        select("SELECT pg_advisory_xact_lock(%s, b) FROM unnest(%s::int[]) AS b", ITEM, buckets)


def refuse_while_importing(import_number: int | None) -> None:
    """Refuse ``import_running`` when an exclusive import with another number is running."""
    for (number,) in select("SELECT number FROM ledger_import WHERE state = 'running' AND exclusive"):
        if number != import_number:
            raise Refused(
                "import_running",
                f"第{number}号独占导入尚未完成，请待其完成、继续或放弃。",
                f"Exclusive import {number} is running: wait, resume it, or abandon it.",
            )


def against_writers() -> None:
    """Wait for every writer to end and hold off new ones until this transaction ends."""
    if connection.vendor == "postgresql":
        select("SELECT pg_advisory_xact_lock(%s)", IMPORT)


def against_sealers() -> None:
    """Hold off others who seal, or change the key, until the transaction ends."""
    if connection.vendor == "postgresql":
        select("SELECT pg_advisory_xact_lock(%s)", SEAL)
