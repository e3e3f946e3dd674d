"""Folding equals making anew: late, corrected, withdrawn, excused and verified facts, day after day."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis.strategies import integers
from pytest_django import DjangoDbBlocker

from huxue.standings.sets.fold import GENERATIONS, together
from huxue.standings.sets.make import make
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.read import evaluate_set
from huxue.standings.sets.serve import serve
from huxue.standings.sets.stand import folder_of
from tests.properties.test_agreement import years
from tests.properties.worlds import world
from tests.sites import PostgresqlSites, Site, SqliteSites
from tests.standings.set_world import TREE, from_facts, rows, stand, write


@settings(max_examples=4, deadline=None)
@given(seed=integers(0, 10**6))
def test_folding_equals_making_anew(seed: int, sqlite_sites: SqliteSites, django_db_blocker: DjangoDbBlocker) -> None:
    with TemporaryDirectory() as folder, django_db_blocker.unblock(), sqlite_sites.fresh(Path(folder)) as site:
        folds(site, seed)


@settings(max_examples=2, deadline=None)
@given(seed=integers(0, 10**6))
def test_folding_equals_making_anew_on_postgresql(
    seed: int, postgresql_sites: PostgresqlSites, django_db_blocker: DjangoDbBlocker
) -> None:
    with TemporaryDirectory() as folder, django_db_blocker.unblock(), postgresql_sites.fresh(Path(folder)) as site:
        folds(site, seed)


def folds(site: Site, seed: int) -> list[str]:
    """Write a world in a few pieces, the tree first, and fold each piece; return the ways that were gone."""
    r, w = Random(seed), world(seed, years(), duties=6, size=40)
    one = stand(w.rulebook, w.calendars)
    tree = [f for f in w.facts if f.kind in TREE]
    others = [f for f in w.facts if f.kind not in TREE]
    r.shuffle(others)
    cuts = sorted({r.randrange(len(others) + 1), *(len(others) - n for n in (0, 1, 12, 40))})
    write([*tree, *others[: cuts[0]]])
    day, ways = w.as_of - r.choice([0, 1, 30, 100]), []
    make(site.folder, one, today=day, shard=4)
    for low, high in pairwise(cuts):
        write(others[low:high])
        day += r.choice([0, 0, 1, 20])
        served = serve(site.folder, one, today=day, shard=4)
        ways.append(served.way)
        assert evaluate_set(served.opened, one, today=day).standings() == from_facts(one, day).standings()
    folded = rows(open_set(folder_of(site.folder, one)))
    together(open_set(folder_of(site.folder, one)))
    assert folded == rows(open_set(folder_of(site.folder, one)))
    make(site.folder, one, today=day, shard=4)
    assert folded == rows(open_set(folder_of(site.folder, one)))
    return ways


def test_a_minute_without_room_is_ordered_anew(sqlite_site: Site) -> None:
    """More facts than there is room for arrive between two facts of one minute; the order of ids stays that of time."""
    w = world(4, years(), duties=6, size=20)
    one, day = stand(w.rulebook, w.calendars), max(f.recorded // 1440 for f in w.facts)
    like = next(f for f in w.facts if f.verb == "record" and f.kind not in {"excuse", "verification"})
    ends = [replace(like, id=f"{like.id}-{n}", item=f"{like.id}-{n}") for n in ("a", "z")]
    write([*w.facts, *ends])
    make(sqlite_site.folder, one, today=day, shard=4)
    before = open_set(folder_of(sqlite_site.folder, one)).manifest.generations[0].files["live.parquet"].rows
    write([replace(like, id=f"{like.id}-m{n:05d}", item=f"{like.id}-m{n:05d}") for n in range(1_100)])
    served = serve(sqlite_site.folder, one, today=day, shard=4)
    assert served.way == "folded"
    folded = served.opened.manifest.generations[1]
    assert folded.files["live.parquet"].rows > 1_100  # the neighbours too
    found = rows(served.opened)
    make(sqlite_site.folder, one, today=day, shard=4)
    assert found == rows(open_set(folder_of(sqlite_site.folder, one)))
    assert sum(found["live None"].values()) == before + 1_100


def test_a_change_of_the_tree_makes_the_set_anew(sqlite_site: Site) -> None:
    w = world(4, years(), duties=6, size=20)
    one, day = stand(w.rulebook, w.calendars), max(f.recorded // 1440 for f in w.facts)
    late = next(f for f in reversed(w.facts) if f.kind in TREE)
    write([f for f in w.facts if f is not late])
    make(sqlite_site.folder, one, today=day, shard=4)
    write([late])
    served = serve(sqlite_site.folder, one, today=day, shard=4)
    assert (served.way, served.why and served.why.code) == ("made", "set_tree")
    assert evaluate_set(served.opened, one, today=day).standings() == from_facts(one, day).standings()


def test_many_folds_are_written_together(sqlite_site: Site) -> None:
    w = world(4, years(), duties=6, size=20)
    one, day = stand(w.rulebook, w.calendars), max(f.recorded // 1440 for f in w.facts)
    write(w.facts)
    make(sqlite_site.folder, one, today=day, shard=4)
    counts = []
    for later in range(day + 1, day + 3 + GENERATIONS):
        served = serve(sqlite_site.folder, one, today=later, shard=4)
        counts.append(len(served.opened.manifest.generations))
    assert counts == [*range(2, GENERATIONS + 1), 1, 2, 3]
    assert evaluate_set(served.opened, one, today=later).standings() == from_facts(one, later).standings()
    folders = {path.name for path in folder_of(sqlite_site.folder, one).iterdir() if path.is_dir()}
    assert folders >= {g.folder for g in served.opened.manifest.generations}
