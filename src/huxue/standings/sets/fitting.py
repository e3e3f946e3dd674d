"""Whether a set fits what is asked of it, and the set of another edition where the rows are the same.

Most editions change how much, how often or until when; what a fact counts as stays. ``Stand.lists`` says whether it
does: then the set of the edition before is that of the new one, and nothing of the ledger is read again.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

from huxue.ledger import columnar
from huxue.standings.sets import manifest
from huxue.standings.sets.manifest import MANIFEST, Generation, Manifest, Unfit
from huxue.standings.sets.opened import Opened, open_set
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.writing import UNFINISHED


def fit(said: Manifest, stand: Stand, today: int) -> None:
    """See that a set is of this ledger, this edition and no later day. Unfit: ``set_of_another_…``, ``set_later``."""
    if said.site != columnar.origin():
        raise Unfit("set_of_another_site", "评估数据集属于另一个站点", "the set is of another site's ledger")
    if said.edition != stand.identity:
        raise Unfit("set_of_another_edition", "评估数据集属于另一个制度版本", "the set is of another edition")
    if said.lists != stand.lists:
        raise Unfit(
            "set_of_another_program", "评估数据集由不同的程序建立", "the set was made by another text of the program"
        )
    if columnar.anchor(said.mark) != said.anchor:
        raise Unfit(
            "set_of_another_mark",
            "台账中没有评估数据集所读到的那条事实",
            "the ledger does not have the fact up to which the set was read",
        )
    if said.as_of > today:
        raise Unfit("set_later", "评估数据集属于更晚的一天", "the set is of a later day")


def taken_over(parent: Path, stand: Stand, *, today: int) -> Opened | None:
    """Put the set of another edition, whose rows are those of this one, into its folder; None where there is none.

    For who is alone in ``parent``. The files are shared: who reads the other set goes on reading it.
    """
    for other in sorted(parent.parent.iterdir()):
        if other == parent or not (other / MANIFEST).is_file():
            continue
        try:
            before = open_set(other)
            made = replace(before.manifest, edition=stand.identity, rulebook=stand.hash, families=stand.families)
            fit(made, stand, today)
            before.check()
            for one in made.generations:
                _share(one, other, parent)
            manifest.write(parent, made)
        except (Unfit, OSError):  # of no use, taken away meanwhile, or a full disk, which making it anew will tell
            continue
        return open_set(parent)
    return None


def _share(one: Generation, other: Path, parent: Path) -> None:
    """Give the files of a generation a second name."""
    room = parent / f"{UNFINISHED}{one.folder}"
    for left in (room, parent / one.folder):  # of one who was killed on the way
        shutil.rmtree(left, ignore_errors=True)
    room.mkdir()
    for name in one.files:
        try:
            os.link(other / one.folder / name, room / name)
        except PermissionError:  # a file system without second names
            shutil.copyfile(other / one.folder / name, room / name)
    manifest.sync(room)
    room.rename(parent / one.folder)
    manifest.sync(parent)


__all__ = ["fit", "taken_over"]
