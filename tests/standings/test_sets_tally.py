"""What was counted is kept and counted on from; whatever is wrong with it is named, and the figures stay right."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from huxue.core.facts import Fact
from huxue.demo import TODAY
from huxue.standings.sets import tally
from huxue.standings.sets.counting import Counted, count
from huxue.standings.sets.fold import GENERATIONS
from huxue.standings.sets.make import make
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.serve import serve, sums_today
from huxue.standings.sets.stand import folder_of
from huxue.standings.sets.sums import sums, sums_of
from huxue.standings.sets.tally import TALLY, WINDOWS
from huxue.standings.site import edition_for, evaluate_site
from tests.properties.test_agreement import years
from tests.properties.worlds import world
from tests.sites import Site
from tests.standings.set_world import TREE, from_facts, stand, write

SEED = 4


class Counting:
    """A site with a world, of which all facts but the last ones are written and counted."""

    def __init__(self, site: Site, shard: int = 100, held_back: int = 12) -> None:
        """Write, make the set and count it."""
        w = world(SEED, years(), duties=6, size=40)
        others = [f for f in w.facts if f.kind not in TREE]
        self.site, self.stand, self.shard = site, stand(w.rulebook, w.calendars), shard
        self.later: list[Fact] = others[len(others) - held_back :]
        self.day = max(w.as_of, *(max(f.at, f.recorded) // 1440 for f in w.facts))
        write([f for f in w.facts if f not in self.later])
        make(site.folder, self.stand, today=self.day, shard=shard)
        self.first = self.count()

    @property
    def folder(self) -> Path:
        """Where the set is."""
        return folder_of(self.site.folder, self.stand)

    def count(self, *, processes: int = 1, checked: bool = True) -> Counted:
        """Take in what there is and count; the sums are those of all facts."""
        served = serve(self.site.folder, self.stand, today=self.day, shard=self.shard)
        found = count(served.opened, self.stand, today=self.day, processes=processes)
        assert not checked or found.sums == sums_of(from_facts(self.stand, self.day))
        return found

    def kept(self) -> Path:
        """Return the folder of the last count."""
        said = json.loads((self.folder / TALLY).read_text("utf-8"))
        return self.folder / str(said["counts"][-1]["folder"])


@pytest.fixture
def counting(sqlite_site: Site) -> Counting:
    """A counted world."""
    return Counting(sqlite_site)


def test_the_first_count_is_of_everything_and_the_next_ones_go_on(counting: Counting) -> None:
    assert not counting.first.onward
    write(counting.later[:6])
    assert counting.count().onward
    write(counting.later[6:])
    counting.day += 1
    assert counting.count().onward
    assert counting.count().onward  # nothing new: what is kept says it all
    assert len(list(counting.folder.glob("tally-*"))) == 3


def test_shards_are_counted_on_by_several_processes(sqlite_site: Site) -> None:
    counting = Counting(sqlite_site, shard=6)
    write(counting.later)
    counting.day += 3
    found = counting.count(processes=2)
    assert found.onward
    assert found.why is None
    assert counting.count().onward


def test_a_set_made_anew_or_written_together_is_counted_anew(counting: Counting) -> None:
    make(counting.site.folder, counting.stand, today=counting.day, shard=counting.shard)
    again = counting.count()
    assert (again.onward, again.why) == (False, None)
    ways = []
    for _ in range(GENERATIONS + 1):
        counting.day += 1
        ways.append(counting.count(checked=False).onward)
    assert ways == [True] * (GENERATIONS - 1) + [False, True]
    assert counting.count().onward


def test_another_day_than_the_next_is_reached_too(counting: Counting) -> None:
    for days in (40, 365):
        counting.day += days
        assert counting.count().onward


def _lose(kept: Path) -> None:
    next(kept.glob("tally-0000*")).unlink()


def _flip(kept: Path) -> None:
    path = next(kept.glob("rest-0000*"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _other_windows(kept: Path) -> None:
    (kept / WINDOWS).write_text('{"next": 0, "windows": []}', "utf-8")


def _swap(kept: Path) -> None:
    shutil.copy(next(kept.glob("met-*")), next(kept.glob("settled-*")))


def _half(kept: Path) -> None:
    path = kept.parent / TALLY
    path.write_text(path.read_text("utf-8")[:100], "utf-8")


def _other_day(kept: Path) -> None:
    path = kept.parent / TALLY
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"as_of": 20_000}), "utf-8")


def _other_format(kept: Path) -> None:
    path = kept.parent / TALLY
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {"format": 99}), "utf-8")


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (_lose, "tally_file_lost"),
        (_flip, "tally_file_changed"),
        (_other_windows, "tally_file_changed"),
        (_swap, "tally_file_changed"),
        (_half, "tally_unreadable"),
        (_other_day, "tally_unreadable"),
        (_other_format, "tally_of_another_program"),
    ],
)
def test_what_is_wrong_is_named_and_everything_counted_anew(
    counting: Counting, harm: Callable[[Path], None], why: str
) -> None:
    harm(counting.kept())
    write(counting.later)
    found = counting.count()
    assert (found.onward, found.why and found.why.code) == (False, why)
    counting.day += 1
    found = counting.count()
    assert (found.onward, found.why) == (True, None)


def test_another_text_of_the_program_is_noticed(counting: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "digest", lambda: "another")
    found = counting.count()
    assert (found.onward, found.why and found.why.code) == (False, "tally_of_another_program")


def test_where_nothing_can_be_kept_the_figures_come_all_the_same(
    counting: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    counting.day += 1
    served = serve(counting.site.folder, counting.stand, today=counting.day, shard=counting.shard)
    monkeypatch.setattr("huxue.standings.sets.writing.Folder.write", full)
    found = count(served.opened, counting.stand, today=counting.day)
    assert found.sums == sums(open_set(counting.folder), counting.stand, today=counting.day)
    assert (found.onward, found.why and found.why.code) == (True, "tally_not_written")
    monkeypatch.undo()
    assert counting.count().onward


def test_a_second_count_at_once_leaves_what_the_first_has_kept(counting: Counting) -> None:
    """Both began from the same; whoever is second has the figures and keeps nothing."""
    write(counting.later)
    served = serve(counting.site.folder, counting.stand, today=counting.day, shard=counting.shard)
    begun = tally.read

    def meanwhile(*args: object, **more: object) -> object:
        found = begun(*args, **more)  # type: ignore[arg-type]
        tally.read = begun
        counting.count()
        return found

    tally.read = meanwhile  # type: ignore[assignment]
    try:
        count(served.opened, counting.stand, today=counting.day)
    finally:
        tally.read = begun
    assert len(json.loads((counting.folder / TALLY).read_text("utf-8"))["counts"]) == 2
    assert len(list(counting.folder.glob("tally-*"))) == 2
    assert counting.count().onward


def test_a_city_counts_on(city: Site) -> None:
    edition = edition_for(as_of=TODAY, known_at=TODAY)
    first = sums_today(city.folder, edition, today=TODAY)
    assert not first.onward
    later = sums_today(city.folder, edition, today=TODAY + 1)
    assert (later.way, later.onward, later.why) == ("folded", True, None)
    expected = sums_of(evaluate_site(edition, as_of=TODAY + 1, known_at=TODAY + 1))
    assert later.sums == expected
