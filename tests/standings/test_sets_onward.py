"""Counting on from a kept tally equals counting everything: late, corrected, withdrawn, excused facts, day by day."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis.strategies import integers
from pytest_django import DjangoDbBlocker

from huxue.standings.sets.counting import count
from huxue.standings.sets.make import make
from huxue.standings.sets.serve import serve
from huxue.standings.sets.sums import sums_of
from tests.properties.test_agreement import years
from tests.properties.worlds import world
from tests.sites import Site, SqliteSites
from tests.standings.set_world import TREE, from_facts, stand, write


def test_counting_on_equals_counting_all(sqlite_sites: SqliteSites, django_db_blocker: DjangoDbBlocker) -> None:
    went_on: list[bool] = []

    @settings(max_examples=5, deadline=None)
    @given(seed=integers(0, 10**6))
    def equals(seed: int) -> None:
        with TemporaryDirectory() as folder, django_db_blocker.unblock(), sqlite_sites.fresh(Path(folder)) as site:
            first, *later = counts_on(site, seed)
        assert not first
        went_on.extend(later)  # in some worlds the set is made anew each time

    equals()
    assert any(went_on)


def counts_on(site: Site, seed: int) -> list[bool]:
    """Write a world in pieces, the tree first; count after each, a few days further; tell how it was counted."""
    r, w = Random(seed), world(seed, years(), duties=r_duties(seed), size=60)
    one = stand(w.rulebook, w.calendars)
    tree = [f for f in w.facts if f.kind in TREE]
    others = [f for f in w.facts if f.kind not in TREE]
    r.shuffle(others)
    cuts = [0, *sorted(r.randrange(len(others) + 1) for _ in range(3)), len(others)]
    write(tree)
    day, shard, ways = w.as_of - r.choice([1, 30, 100]), r.choice([6, 100, 100, 100]), []
    make(site.folder, one, today=day, shard=shard)
    for low, high in pairwise(cuts):
        write(others[low:high])
        served = serve(site.folder, one, today=day, shard=shard)
        found = count(served.opened, one, today=day)
        assert found.why is None
        assert found.sums == sums_of(from_facts(one, day)), (seed, day)
        ways.append(found.onward)
        day += r.choice([0, 1, 1, 7, r.randrange(1, 41)])
    return ways


def r_duties(seed: int) -> int:
    """Return how many duties the world of a seed has."""
    return 6 + seed % 6
