"""Whatever is wrong with a set is noticed and named; it is made anew or refused, and the figures stay right."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from huxue.core.facts import Fact
from huxue.core.values import Refused
from huxue.standings.sets import manifest
from huxue.standings.sets.fold import fold
from huxue.standings.sets.layout import TABLES
from huxue.standings.sets.make import make
from huxue.standings.sets.manifest import MANIFEST, Manifest, Unfit
from huxue.standings.sets.opened import Opened, open_set
from huxue.standings.sets.read import evaluate_set
from huxue.standings.sets.serve import serve
from huxue.standings.sets.stand import Stand, folder_of
from huxue.standings.sets.sums import sums, sums_of
from tests.properties.test_agreement import years
from tests.properties.worlds import World, world
from tests.sites import Site
from tests.standings.set_world import TREE, from_facts, stand, write

SEED = 4


@pytest.fixture
def made(sqlite_site: Site) -> tuple[Site, World, Stand, Path]:
    """A site with a world and its set in three shards."""
    w = world(SEED, years(), duties=6, size=40)
    write(w.facts)
    one = stand(w.rulebook, w.calendars)
    make(sqlite_site.folder, one, today=w.as_of, shard=4)
    return sqlite_site, w, one, folder_of(sqlite_site.folder, one)


def _base(folder: Path) -> Path:
    return folder / manifest.read(folder).generations[0].folder


def _lose(folder: Path) -> None:
    (_base(folder) / "deeds-0001.parquet").unlink()


def _flip(folder: Path) -> None:
    path = _base(folder) / "deeds-0000.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _cut(folder: Path) -> None:
    path = _base(folder) / "spans-0000.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def _swap(folder: Path) -> None:
    base = _base(folder)
    shutil.copy(base / "deeds-0000.parquet", base / "deeds-0001.parquet")


def _half_a_manifest(folder: Path) -> None:
    text = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(text[: len(text) // 2], "utf-8")


def _another_figure(folder: Path) -> None:
    text = (folder / MANIFEST).read_text("utf-8")
    (folder / MANIFEST).write_text(text.replace('"as_of": ', '"as_of": 1'), "utf-8")


def _no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def _another_format(folder: Path) -> None:
    said = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(said | {"format": 0}), "utf-8")


def _said(**more: object) -> Callable[[Path], None]:
    """Say something else in a manifest that is otherwise in order."""

    def damage(folder: Path) -> None:
        before = manifest.read(folder)
        after: Manifest = replace(before, **more)  # type: ignore[arg-type]
        manifest.write(folder, after)

    return damage


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a lost shard": (_lose, "set_file_lost"),
    "a flipped bit": (_flip, "set_file_changed"),
    "a file cut short": (_cut, "set_file_changed"),
    "a shard in the place of another": (_swap, "set_file_changed"),
    "half a manifest": (_half_a_manifest, "set_unreadable"),
    "a manifest that was changed by hand": (_another_figure, "set_unreadable"),
    "no manifest": (_no_manifest, "set_missing"),
    "another format": (_another_format, "set_format"),
    "another site": (_said(site="0190:ab"), "set_of_another_site"),
    "another edition": (_said(edition="ab"), "set_of_another_edition"),
    "another program": (_said(lists="ab"), "set_of_another_program"),
    "a mark that the ledger does not know": (_said(anchor="0190:ab"), "set_of_another_mark"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_set_is_noticed_named_and_made_anew(made: tuple[Site, World, Stand, Path], what: str) -> None:
    site, w, one, folder = made
    damage, code = DAMAGES[what]
    damage(folder)
    served = serve(site.folder, one, today=w.as_of, shard=4)
    assert (served.way, served.why and served.why.code) == ("made", code)
    assert evaluate_set(served.opened, one, today=w.as_of).standings() == from_facts(one, w.as_of).standings()
    again = serve(site.folder, one, today=w.as_of, shard=4)
    assert (again.way, again.why) == ("kept", None)


def test_a_damaged_generation_is_noticed_too(made: tuple[Site, World, Stand, Path]) -> None:
    site, w, one, folder = made
    fold(open_set(folder), one, today=w.as_of)
    (folder / manifest.read(folder).generations[1].folder / "gone.parquet").write_bytes(b"")
    served = serve(site.folder, one, today=w.as_of, shard=4)
    assert (served.way, served.why and served.why.code) == ("made", "set_file_changed")


def test_a_set_of_a_later_day_is_not_asked_about_an_earlier_one(made: tuple[Site, World, Stand, Path]) -> None:
    site, w, one, _ = made
    with pytest.raises(Unfit) as refused:
        serve(site.folder, one, today=w.as_of - 1, shard=4)
    assert refused.value.code == "set_later"


def test_a_crash_while_writing_leaves_the_old_set(made: tuple[Site, World, Stand, Path]) -> None:
    """What a killed writer leaves behind is a folder that nothing names; the next writer takes it away."""
    site, w, one, folder = made
    shutil.copytree(_base(folder), folder / ".unfinished-base-ab")
    shutil.copytree(_base(folder), folder / "base-ab")
    (folder / f"{MANIFEST}.new").write_text("{", "utf-8")
    assert serve(site.folder, one, today=w.as_of, shard=4).way == "kept"
    made_anew = serve(site.folder, one, today=w.as_of, shard=4, anew=True).opened.manifest
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {made_anew.generations[0].folder}


@contextmanager
def _room_for(size: int) -> Iterator[None]:
    """Let no file of this process grow larger: what a full disk does, without filling one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 1_000, 4_000])
def test_a_full_disk_is_refused_and_the_old_set_stays(made: tuple[Site, World, Stand, Path], size: int) -> None:
    site, w, one, folder = made
    before = manifest.read(folder)
    with _room_for(size), pytest.raises(Refused) as refused:
        make(site.folder, one, today=w.as_of, shard=4)
    assert refused.value.code == "set_not_written"
    assert manifest.read(folder) == before
    assert {path.name for path in folder.iterdir() if path.is_dir()} == {before.generations[0].folder}
    assert serve(site.folder, one, today=w.as_of, shard=4).way == "kept"


def test_a_full_disk_leaves_the_set_unfolded(made: tuple[Site, World, Stand, Path]) -> None:
    site, w, one, folder = made
    before = manifest.read(folder)
    with _room_for(1_000), pytest.raises(Refused) as refused:
        serve(site.folder, one, today=w.as_of + 1, shard=4)
    assert refused.value.code == "set_not_written"
    assert manifest.read(folder) == before


def test_a_killed_process_is_named(made: tuple[Site, World, Stand, Path]) -> None:
    _, w, one, folder = made
    killer = threading.Thread(target=_kill_the_first)
    killer.start()
    with pytest.raises(Refused) as refused:
        sums(open_set(folder), one, today=w.as_of, processes=2)
    killer.join()
    assert refused.value.code == "set_worker"


def _kill_the_first() -> None:
    while (
        len(found := multiprocessing.active_children()) < 2
    ):  # a pool that loses one while it starts another waits for ever
        time.sleep(0.001)
    os.kill(found[0].pid or 0, signal.SIGKILL)


def test_several_processes_find_what_one_finds(made: tuple[Site, World, Stand, Path]) -> None:
    _, w, one, folder = made
    expected = sums_of(from_facts(one, w.as_of))
    assert sums(open_set(folder), one, today=w.as_of) == expected
    assert sums(open_set(folder), one, today=w.as_of, processes=2) == expected
    for block in (1, 3):  # organisations counted at a time
        assert sums(open_set(folder), one, today=w.as_of, block=block) == expected


def test_a_process_of_several_says_what_is_wrong_with_its_shard(made: tuple[Site, World, Stand, Path]) -> None:
    _, w, one, folder = made
    _lose(folder)
    with pytest.raises(Unfit, match="of the set is missing") as refused:
        sums(open_set(folder), one, today=w.as_of, processes=2)
    assert refused.value.code == "set_file_lost"


def test_a_fact_of_a_day_to_come_waits_for_it_and_one_long_past_counts_at_once(sqlite_site: Site) -> None:
    w = world(SEED, years(), duties=6, size=40)
    write(w.facts)
    one, today = stand(w.rulebook, w.calendars), max(f.recorded // 1440 for f in w.facts) + 1
    make(sqlite_site.folder, one, today=today, shard=4)
    like = [f for f in w.facts if f.verb in ("record", "step") and f.kind not in TREE][:6]
    write(_moved(like, "future", (today + 10) * 1440) + _moved(like, "past", -40_000 * 1440))
    for day in (today, today + 9, today + 10, today + 11):
        served = serve(sqlite_site.folder, one, today=day, shard=4)
        assert served.way == "folded"
        assert evaluate_set(served.opened, one, today=day).standings() == from_facts(one, day).standings()
        assert ("future-0" in _waiting(served.opened)) == (day < today + 10)


def _moved(facts: list[Fact], name: str, at: int) -> list[Fact]:
    return [replace(f, id=f"{name}-{n}", item=f"{name}-{n}", at=at, replaces="") for n, f in enumerate(facts)]


def _waiting(opened: Opened) -> set[str]:
    with duckdb.connect() as con:
        opened.attach(con)
        return {uid for (uid,) in con.execute(opened.select(TABLES["waiting"])).fetchall()}
