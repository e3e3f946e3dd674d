"""Which way an evaluation goes: through the set as it stands, folded or made anew, or over all facts.

::

    served = serve(site, stand, today=today)      # Served: the set, how it came, and why it had to be made anew
    evaluate_set(served.opened, stand, today=today)

Nothing is trusted unseen: another ledger, another edition, another text of the program, a mark that the ledger does not
know, a file that is lost or has another sum each make the set anew, and the reason is told. A new edition that reads
the facts as the one before does takes its set over.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from huxue.core.rulebook.edition import Edition
from huxue.core.values import Refused
from huxue.ledger import columnar
from huxue.standings.engines import duckdb as engine
from huxue.standings.engines.spark import Cluster
from huxue.standings.evaluate import Evaluation
from huxue.standings.sets import writing
from huxue.standings.sets.counting import count
from huxue.standings.sets.elsewhere import sums_elsewhere
from huxue.standings.sets.fitting import fit, taken_over
from huxue.standings.sets.fold import fold
from huxue.standings.sets.layout import SHARD
from huxue.standings.sets.make import made_alone
from huxue.standings.sets.manifest import Unfit
from huxue.standings.sets.opened import Opened, open_set
from huxue.standings.sets.read import evaluate_set
from huxue.standings.sets.stand import Stand, folder_of
from huxue.standings.sets.sums import Sums, sums_of
from huxue.standings.site import calendars_of, evaluate_site

Way = Literal["kept", "folded", "made", "facts"]
TRIES: Final = 3  # times to take in what others write meanwhile


@dataclass(frozen=True, slots=True)
class Served:
    """A set that says what the ledger says. ``why``: what was wrong with the one before, if it was made anew."""

    opened: Opened
    way: Way
    why: Refused | None = None


def serve(site: Path, stand: Stand, *, today: int, shard: int = SHARD, anew: bool = False) -> Served:
    """Return the set of an edition with every fact of the ledger, as of and as known on a day.

    ``anew``: make it whatever there is. Refused: ``set_not_written``; ``set_behind`` while a transaction that began
    earlier still runs; ``set_later`` where the set is of a later day.
    """
    parent = folder_of(site, stand)
    with writing.alone(parent):
        served = _made(parent, stand, today, shard, None) if anew else _current(parent, stand, today, shard)
        for _ in range(TRIES):
            if columnar.complete(served.opened.manifest.mark):
                break
            served = Served(fold(served.opened, stand, today=today), served.way if served.why else "folded", served.why)
        else:
            raise Refused(
                "set_behind",
                "仍有写入尚未结束，评估数据集暂不能使用",
                "somebody is still writing, so the set cannot say everything yet",
            )
    writing.sweep_sets(parent.parent, parent.name)
    return served


@dataclass(frozen=True, slots=True)
class Today:
    """An evaluation as of and as known today, and which way it went. ``why``: what was wrong with the set."""

    evaluation: Evaluation
    way: Way
    why: Refused | None = None


@dataclass(frozen=True, slots=True)
class SumsToday:
    """The sums of such an evaluation; ``onward``: they were counted on from what was kept of the last time."""

    sums: Sums
    way: Way
    why: Refused | None = None
    onward: bool = False


def evaluate_today(site: Path, edition: Edition, *, today: int, anew: bool = False, shard: int = SHARD) -> Today:
    """Evaluate everything through the set; over all facts where no set can serve, and say why.

    ``anew``: make the set whatever there is, and refuse (``set_not_written``) where that cannot be.
    """
    stand = Stand.of(edition, calendars_of(edition))
    try:
        served = serve(site, stand, today=today, anew=anew, shard=shard)
        return Today(evaluate_set(served.opened, stand, today=today), served.way, served.why)
    except Refused as why:
        _raise(why, anew=anew)
        found = evaluate_site(edition, as_of=today, known_at=today, besides=stand.besides)
        return Today(found, "facts", why)


def sums_today(
    site: Path,
    edition: Edition,
    *,
    today: int,
    anew: bool = False,
    processes: int = 1,
    cluster: Cluster | None = None,
) -> SumsToday:
    """Do the same for the sums alone: no more than one shard is in memory of each process, or all on a cluster."""
    stand = Stand.of(edition, calendars_of(edition))
    try:
        served = serve(site, stand, today=today, anew=anew)
        if cluster:
            return SumsToday(sums_elsewhere(served.opened, stand, cluster, today=today), served.way, served.why)
        found = count(served.opened, stand, today=today, processes=processes)
        return SumsToday(found.sums, served.way, served.why or found.why, found.onward)
    except Refused as why:
        _raise(why, anew=anew)
        run = cluster.run if cluster else engine.run
        return SumsToday(sums_of(evaluate_site(edition, as_of=today, known_at=today, run=run)), "facts", why)


def _raise(why: Refused, *, anew: bool) -> None:
    """Go on only where all facts can say what the set cannot; a process that was killed is to be known."""
    if anew or why.code == "set_worker" or not why.code.startswith("set_"):
        raise why


def _current(parent: Path, stand: Stand, today: int, shard: int) -> Served:
    try:
        opened = _fitting(parent, stand, today)
    except Unfit as why:
        if why.code == "set_later":
            raise
        return _made(parent, stand, today, shard, why)
    said = opened.manifest
    if columnar.complete(said.mark) and said.as_of == today:
        return Served(opened, "kept")
    try:
        return Served(fold(opened, stand, today=today), "folded")
    except Unfit as why:
        return _made(parent, stand, today, shard, why)


def _fitting(parent: Path, stand: Stand, today: int) -> Opened:
    """Open the set that is there, or take over that of another edition. Unfit: neither will do."""
    try:
        opened = open_set(parent)
    except Unfit as why:
        found = taken_over(parent, stand, today=today) if why.code == "set_missing" else None
        if found is None:
            raise
        return found
    fit(opened.manifest, stand, today)
    opened.check()
    return opened


def _made(parent: Path, stand: Stand, today: int, shard: int, why: Refused | None) -> Served:
    made_alone(parent, stand, today=today, shard=shard)
    told = copy(why)  # without its frames, which would go on holding the files
    return Served(open_set(parent), "made", told)


__all__ = ["Served", "SumsToday", "Today", "Way", "evaluate_today", "serve", "sums_today"]
