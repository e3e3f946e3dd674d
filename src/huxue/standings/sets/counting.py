"""Counting with what is kept: on from the last count where that is possible, else all anew.

::

    counted = count(opened, stand, today=today)      # Counted: the sums, whether counted on, and what was wrong
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from huxue.core.values import Refused
from huxue.standings.sets import tally as kept_tally
from huxue.standings.sets import writing
from huxue.standings.sets.layout import BLOCK
from huxue.standings.sets.manifest import Generation, Unfit
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.read import compiled
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.sums import Plan, Sums, planned
from huxue.standings.sets.tally import WINDOWS, Kept, Tally
from huxue.standings.sets.windows import Numbered, numbered


@dataclass(frozen=True, slots=True)
class Counted:
    """The sums; whether they were counted on from what was kept; ``why`` that could not be used or written."""

    sums: Sums
    onward: bool
    why: Refused | None = None


def count(opened: Opened, stand: Stand, *, today: int, processes: int = 1, block: int = BLOCK) -> Counted:
    """Return the sums of a set, and keep what they came to.

    Refused: ``set_worker``, see ``sums``. Where nothing can be kept, the sums are right all the same.
    """
    made = compiled(opened, stand, today)
    before, why = _before(opened, stand, today, made.since)
    numbers = numbered(made, before.numbers() if before else None)
    if numbers.lost:
        before, numbers = None, numbered(made)
    plan = Plan(opened, stand.duties, numbers, block, before)
    if before and _same(before, opened, today):
        return Counted(planned(plan, processes=processes)[0], onward=True)
    try:
        with writing.writing(opened.folder, "tally") as folder:
            found, rows = planned(replace(plan, folder=(folder.parent, folder.name)), processes=processes)
            folder.rows.update(rows)
            _write_windows(folder, numbers)
            _publish(opened, before, _kept(stand, numbers, opened, before, folder.closed()))
            return Counted(found, before is not None, why)
    except Refused as error:
        if error.code != "set_not_written":
            raise
        lost = Refused("tally_not_written", error.zh, error.en)
        return Counted(planned(plan, processes=processes)[0], before is not None, why or lost)


def _before(opened: Opened, stand: Stand, today: int, since: int) -> tuple[Tally | None, Unfit | None]:
    """Return what is kept, if it can be counted on; or what was wrong with it."""
    try:
        return kept_tally.read(opened.folder, opened.manifest, stand, today=today, since=since), None
    except Unfit as why:
        return None, why


def _same(before: Tally, opened: Opened, today: int) -> bool:
    """Tell whether nothing came since."""
    return before.kept.as_of == today and len(before.kept.sets) == len(opened.manifest.generations)


def _write_windows(folder: writing.Folder, numbers: Numbered) -> None:
    said = {"next": numbers.numbers.next, "windows": [[n, *of] for n, of in numbers.numbers.of.items()]}
    (folder.path / WINDOWS).write_text(json.dumps(said), "utf-8")
    folder.rows[WINDOWS] = len(numbers.numbers.of)


def _kept(stand: Stand, numbers: Numbered, opened: Opened, before: Tally | None, made: Generation) -> Kept:
    sets = tuple(one.folder for one in opened.manifest.generations)
    covers, counts = (before.kept.covers, before.kept.counts) if before else ((), ())
    return Kept(
        kept_tally.digest(), stand.calendars.digest, numbers.made.since, numbers.made.as_of, sets,
        (*covers, len(sets)), (*counts, made),
    )  # fmt: skip


def _publish(opened: Opened, before: Tally | None, kept: Kept) -> None:
    """Name what was written, unless somebody else has counted meanwhile."""
    with writing.alone(opened.folder):
        if _text(opened.folder) == (before.text if before else _text(opened.folder)):
            kept_tally.write(opened.folder, kept)
        else:
            shutil.rmtree(opened.folder / kept.counts[-1].folder, ignore_errors=True)


def _text(folder: Path) -> str:
    path = folder / kept_tally.TALLY
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


__all__ = ["Counted", "count"]
