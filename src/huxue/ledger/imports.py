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

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from json import loads
from typing import Any, Final, NamedTuple

from django.db import transaction

from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.ledger import locks
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, canonical
from huxue.ledger.models import RESERVED_ENTRIES, Import, Staged
from huxue.ledger.preparing import Refusals, prepare
from huxue.ledger.reserved import RESERVED

BATCH: Final = 20_000  # drafts taken in at a time when an exclusive import is finished


class Running(NamedTuple):
    """An exclusive import that is not finished: go on after part ``parts``."""

    number: int
    recipe: str
    parts: int
    rows: int
    started: int


def running() -> Running | None:
    """Return the exclusive import that is running, ``None`` if there is none."""
    found = Import.objects.filter(state="running", exclusive=True).first()
    return Running(found.number, found.recipe, found.parts, found.rows, found.started) if found else None


def begin_import(recipe: str, *, now: int, exclusive: bool = False) -> int:
    """Open an import and return its number. Refuses ``import_running`` while an exclusive one is running."""
    with transaction.atomic():
        if exclusive:
            locks.against_writers()
        locks.refuse_while_importing(None)
        return Import.objects.create(recipe=recipe, exclusive=exclusive, state="running", started=now).number


def part(number: int, part: int, drafts: Sequence[Draft], *, kinds: Mapping[str, Kind], now: int) -> None:
    """Keep one part of an exclusive import, parts counted from 1. Refuses as ``append`` does for each draft by itself
    (``NotAppended``); what depends on other facts is refused when the import is finished. A part that is in already is
    passed over, one out of turn is refused (``part_missing``)."""
    with transaction.atomic():
        load = _open(number)
        if part <= load.parts:
            return
        if part > load.parts + 1:
            raise Refused("part_missing", f"缺少第{load.parts + 1}部分。", f"Part {load.parts + 1} is missing.")
        refusals = Refusals()
        prepare(drafts, {**kinds, **RESERVED}, now, refusals)
        refusals.raise_any()
        Staged.objects.create(number=number, part=part, drafts=canonical([_plain(d, now) for d in drafts]))
        load.parts, load.rows = part, load.rows + len(drafts)
        load.save()


def finish(number: int, *, kinds: Mapping[str, Kind], now: int) -> int:
    """Make an import visible, in one transaction; return how many rows it brought. Raises what ``append`` raises; then
    the import is still running and can be finished after its cause is mended, or abandoned."""
    with transaction.atomic():
        load = _open(number)
        for batch in _batches(number):
            append(batch, kinds=kinds, recorded=now, import_number=number)
        Staged.objects.filter(number=number).delete()
        load.state, load.finished = "visible", now
        load.save()
        return load.rows


def abandon(number: int, *, now: int) -> None:
    """Give an import up: its parts are dropped, nothing of it ever was in the ledger."""
    with transaction.atomic():
        load = _open(number)
        Staged.objects.filter(number=number).delete()
        load.state, load.finished = "abandoned", now
        load.save()


def _open(number: int) -> Import:
    found = Import.objects.select_for_update().filter(number=number, state="running").first()
    if found is None:
        raise Refused("no_such_import", f"没有进行中的第{number}号导入。", f"Import {number} is not running.")
    return found


def _plain(draft: Draft, now: int) -> dict[str, Any]:
    """Return a draft as JSON, without what it leaves at its default; its time of arrival is that of its part."""
    return {k: v for k, v in asdict(draft).items() if v not in ("", None, False, {})} | {
        "recorded": now if draft.recorded is None else min(now, draft.recorded)
    }


def _batches(number: int) -> Iterator[list[Draft]]:
    """Yield what is staged: the tree, posts and holdings in one batch, then the rest in batches."""
    tree = [draft for draft in _staged(number) if draft.kind in RESERVED_ENTRIES]
    if tree:
        yield tree
    batch: list[Draft] = []
    for draft in _staged(number):
        if draft.kind not in RESERVED_ENTRIES:
            batch.append(draft)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _staged(number: int) -> Iterable[Draft]:
    rows = Staged.objects.filter(number=number).order_by("part").values_list("drafts", flat=True)
    for text in rows.iterator(chunk_size=1):
        for said in loads(text):
            roles = {role: tuple(codes) for role, codes in said.pop("roles", {}).items()}
            yield Draft(roles=roles, **said)
