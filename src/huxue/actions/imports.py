"""Loads of many facts.

A file of up to 200,000 rows is one transaction::

    with transaction.atomic():
        number = begin_import("schools", now=minute)
        append(drafts, kinds=kinds, recorded=minute, import_number=number)
        finish(number, kinds=kinds, now=minute)

A larger load is exclusive and comes in parts, each its own transaction. The drafts of a part are checked one by one and
wait outside the ledger; nobody reads them, and no other writer writes meanwhile (``import_running``). ``finish`` takes
them all into the ledger in one transaction. After a kill, ``running()`` says how far it came: go on from part
``parts + 1``, or ``abandon`` it. A part handed in twice is taken once::

    number = begin_import("schools", exclusive=True, now=minute)
    for n, drafts in enumerate(parts, start=1):
        part(number, n, drafts, kinds=kinds, now=minute)
    finish(number, kinds=kinds, now=minute)

In an exclusive import everything about organisations, posts and holdings is taken in before anything else, so rows may
come in any order there as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import transaction

from huxue.core.kinds import Kind
from huxue.ledger import imports
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft
from huxue.ledger.imports import Running, running

__all__ = ["Running", "abandon", "begin_import", "finish", "part", "running"]


def begin_import(recipe: str, *, now: int, exclusive: bool = False) -> int:
    """Open an import and return its number. Refuses ``import_running`` while an exclusive one is running."""
    return imports.begin(recipe, now=now, exclusive=exclusive)


def part(number: int, part: int, drafts: Sequence[Draft], *, kinds: Mapping[str, Kind], now: int) -> None:
    """Keep one part of an exclusive import, parts counted from 1.

    Refuses as ``append`` does for each draft by itself (``NotAppended``); what depends on other facts is refused when
    the import is finished. A part that is in already is passed over, one out of turn is refused (``part_missing``).
    """
    imports.stage(number, part, drafts, kinds=kinds, now=now)


def finish(
    number: int, *, kinds: Mapping[str, Kind], now: int, progress: Callable[[int], None] = lambda _: None
) -> int:
    """Make an import visible, in one transaction; return how many rows its parts brought.

    ``progress`` hears how many were taken in so far. Raises what ``append`` raises; then the import is still running
    and can be finished after the cause is mended, or abandoned.
    """
    with transaction.atomic():
        imports.opened(number)
        done = 0
        for batch in imports.batches(number):
            append(batch, kinds=kinds, recorded=now, import_number=number)
            done += len(batch)
            progress(done)
        return imports.close(number, "visible", now=now)


def abandon(number: int, *, now: int) -> None:
    """Give an import up: its parts are dropped; nothing of it ever was in the ledger."""
    with transaction.atomic():
        imports.close(number, "abandoned", now=now)
