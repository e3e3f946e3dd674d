"""The kept tally: what the last count of a set came to, from which the next one goes on.

::

    folder(site, edition)/tally.json            what is kept, of which generations, and the sum of every file
    folder(site, edition)/tally-…/…             one folder for each count: the first all of it, the others what changed

It is of one day, one list of generations of the set, one text of the program and one calendar. Whatever does not fit is
dropped, and everything is counted anew: it is never needed, it only saves work.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from huxue.core.duties.program import program
from huxue.standings.sets.manifest import File, Generation, Manifest, Unfit, sync
from huxue.standings.sets.opened import check_file
from huxue.standings.sets.stand import Stand
from huxue.standings.sets.windows import Numbers

FORMAT: Final = 1
TALLY: Final = "tally.json"
WINDOWS: Final = "windows.json"
COUNTING: Final = ("onward", "tally", "texts", "windows")  # modules
# what is kept of each shard, with the order of its rows. What is sums is added up over all counts.
KEPT: Final = {
    "tally": "slot, o, part",  # sums of what counts in a window: o, slot, part, n, n_in, n_ver, hits
    "each": "slot, o, k, day",  # the same of what is told apart: o, slot, k, day, n, n_in, n_ver
    "met": "o, duty",  # what deeds are counted for: o, duty, met, due, overdue, on_time, verified, broken
    "rest": "o, duty",  # judged row by row: o, duty, kept, the eight counts of windows that are over, and of the others
    "event": "o, duty, k, f",  # triggers, answers, lifts, moved deadlines
    "answered": "o, duty, f",  # triggers that no later day changes; ``keys`` (duty, o, k) of a later count replace them
    "open": "o, duty, f",  # the other triggers; only those of the last count
    "settled": "o, duty",  # the eight counts of the triggers that no later day changes
    "keys": "o, duty, k",
    "ahead": "o, f",  # deeds that count by a later day than today's; only those of the last count
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept: of which program, calendars, first day and day; ``sets``: generations of the set counted in.

    ``covers``: for each of ``counts`` (the folders), how many of those generations it and those before it have counted.
    """

    program: str
    calendars: str
    since: int
    as_of: int
    sets: tuple[str, ...]
    covers: tuple[int, ...]
    counts: tuple[Generation, ...]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Tally:
    """A kept tally opened for reading; its files are checked against what was written down when they are read."""

    folder: Path
    kept: Kept
    text: str  # of its manifest, as it was read

    def files(self, name: str, shard: int) -> Iterator[tuple[int, str]]:
        """Yield for each count its number and the paths of a table's files, as a list in SQL."""
        for number, count in enumerate(self.kept.counts):
            found = [one for one in count.files if one.startswith(f"{name}-{shard:04d}")]
            if found:
                yield number, f"[{', '.join(self._path(count, one) for one in found)}]"

    def select(self, name: str, shard: int, where: str = "") -> str:
        """Return the SELECT of a table's rows over all counts; ``where`` may say {number}, the count's."""
        return " UNION ALL ".join(
            f"SELECT * FROM read_parquet({paths}) t{f' WHERE {where}' if where else ''}".replace(
                "{number}", str(number)
            )
            for number, paths in self.files(name, shard)
        )

    def last(self, name: str, shard: int) -> str:
        """Return the SELECT of a table's rows in the last count alone; "" where there is none."""
        last = len(self.kept.counts) - 1
        return next((f"SELECT * FROM read_parquet({paths})" for n, paths in self.files(name, shard) if n == last), "")

    def numbers(self) -> Numbers:
        """Return the windows of its day."""
        count = self.kept.counts[-1]
        check_file(self.folder / count.folder / WINDOWS, count.files[WINDOWS])
        said = json.loads((self.folder / count.folder / WINDOWS).read_text("utf-8"))
        return Numbers({name: (slot, *of) for name, slot, *of in said["windows"]}, said["next"])

    def check(self) -> None:
        """Check every file. Unfit: ``set_file_lost`` or ``set_file_changed``."""
        for count in self.kept.counts:
            for name, file in count.files.items():
                check_file(self.folder / count.folder / name, file)

    def _path(self, count: Generation, name: str) -> str:
        path = str(self.folder / count.folder / name).replace("'", "''")
        return f"'{path}'"


def read(folder: Path, said: Manifest, stand: Stand, *, today: int, since: int) -> Tally | None:
    """Return what is kept and can be counted on from; None where there is nothing, or nothing of these generations.

    Unfit: ``tally_unreadable`` or ``tally_of_another_program``; ``tally_file_lost`` or ``tally_file_changed``.
    """
    try:
        text = (folder / TALLY).read_text("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable() from error
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise _other()
        if told.pop("sum") != _sum(told):
            raise _unreadable()
        kept = _kept(told)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable() from error
    folders = tuple(one.folder for one in said.generations)
    if folders[: len(kept.sets)] != kept.sets or kept.as_of > today:
        return None
    if (kept.program, kept.calendars, kept.since) != (digest(), stand.calendars.digest, since):
        raise _other()
    tally = Tally(folder, kept, text)
    try:
        tally.check()
    except Unfit as why:
        raise Unfit(why.code.replace("set_", "tally_"), why.zh, why.en) from why
    return tally


def write(folder: Path, kept: Kept) -> None:
    """Put it in the place of the one before."""
    said = asdict(kept)
    new = folder / f"{TALLY}.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"sum": _sum(json.loads(json.dumps(said))), **said}, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / TALLY)
    sync(folder)


def drop(folder: Path) -> None:
    """Forget it; its folders are swept away with those that no manifest names."""
    (folder / TALLY).unlink(missing_ok=True)


@cache
def digest() -> str:
    """Return SHA-256 (hex) of the program's texts and of the modules that count on."""
    modules = [(Path(__file__).parent / f"{name}.py").read_text("utf-8") for name in COUNTING]
    texts = [program(0), program(0, lean=True), modules, duckdb.__version__]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


def _kept(told: dict[str, Any]) -> Kept:
    counts = tuple(
        Generation(one["folder"], {name: File(**file) for name, file in one["files"].items()})
        for one in told.pop("counts")
    )
    return Kept(counts=counts, **(told | {"sets": tuple(told["sets"]), "covers": tuple(told["covers"])}))


def _unreadable() -> Unfit:
    return Unfit("tally_unreadable", "保存的计数清单已损坏，已重新计数", "the kept tally is damaged: counted anew")


def _other() -> Unfit:
    return Unfit(
        "tally_of_another_program",
        "保存的计数由不同的程序或历法得出，已重新计数",
        "the kept tally is of another program or other calendars: counted anew",
    )


def _sum(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


__all__ = ["KEPT", "TALLY", "WINDOWS", "Kept", "Tally", "digest", "drop", "read", "write"]
