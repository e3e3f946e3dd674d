"""The state of imports, and the parts of an exclusive one, which wait here until they are taken into the ledger.

The verbs are in ``actions.imports``; nothing here writes a fact.
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


def begin(recipe: str, *, now: int, exclusive: bool) -> int:
    """Open an import and return its number. Refuses ``import_running`` while an exclusive one is running."""
    with transaction.atomic():
        if exclusive:
            locks.against_writers()
        locks.refuse_while_importing(None)
        return Import.objects.create(recipe=recipe, exclusive=exclusive, state="running", started=now).number


def stage(number: int, part: int, drafts: Sequence[Draft], *, kinds: Mapping[str, Kind], now: int) -> None:
    """Check the drafts of a part one by one and keep them. Refuses ``NotAppended``, ``part_missing``."""
    with transaction.atomic():
        load = opened(number)
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


def close(number: int, state: str, *, now: int) -> int:
    """End an import as ``visible`` or ``abandoned`` and drop its parts; return how many rows they had."""
    load = opened(number)
    Staged.objects.filter(number=number).delete()
    load.state, load.finished = state, now
    load.save()
    return load.rows


def opened(number: int) -> Import:
    """Return a running import, locked. Refuses ``no_such_import``."""
    found = Import.objects.select_for_update().filter(number=number, state="running").first()
    if found is None:
        raise Refused("no_such_import", f"没有进行中的第{number}号导入。", f"Import {number} is not running.")
    return found


def batches(number: int) -> Iterator[list[Draft]]:
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


def _plain(draft: Draft, now: int) -> dict[str, Any]:
    """Return a draft as JSON, without what it leaves at its default; its time of arrival is that of its part."""
    recorded = now if draft.recorded is None else min(now, draft.recorded)
    return {name: value for name, value in asdict(draft).items() if value not in ("", None, {})} | {
        "recorded": recorded
    }


def _staged(number: int) -> Iterable[Draft]:
    rows = Staged.objects.filter(number=number).order_by("part").values_list("drafts", flat=True)
    for text in rows.iterator(chunk_size=1):
        for said in loads(text):
            roles = {role: tuple(codes) for role, codes in said.pop("roles", {}).items()}
            yield Draft(roles=roles, **said)
