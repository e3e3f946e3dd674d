"""Kept standings equal the evaluation they were made of, and what a refresh moves equals a new evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest
from pytest_django import DjangoDbBlocker

from huxue.actions import standings
from huxue.core.duties.standing import STATUSES
from huxue.core.values import MINUTES_A_DAY
from huxue.organisations.tables import columns, select
from huxue.standings import kept
from huxue.standings.models import Kept, Stale, Standing, Tally
from huxue.standings.rollups import Rollup, Rollups
from huxue.standings.site import evaluate_site
from tests.sites import PostgresqlSites, Site, SqliteSites
from tests.standings.kept_world import NOW, TODAY, activate, differences, expected, stored, today, write, year

COUNTS = ("met", "due", "overdue", "missed", "excused", "on_time", "verified", "verifiable", "confirmed", "checked")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A county with all that was known ten days ago; the tests of this file share it, each keeps anew."""
    sites: SqliteSites | PostgresqlSites = request.getfixturevalue(f"{request.param}_sites")
    with django_db_blocker.unblock(), sites.fresh(tmp_path_factory.mktemp("county")) as made:
        activate()
        write(fact for fact in year() if fact.recorded_day <= TODAY - 10)
        yield made


@pytest.fixture
def county(loaded: Site, django_db_blocker: DjangoDbBlocker) -> Iterator[Site]:
    """The same with its standings of the day kept."""
    with django_db_blocker.unblock():
        Kept.objects.all().delete()
        assert standings.keep_today(now=NOW)
        yield loaded


def test_what_is_kept_is_what_the_evaluation_says(county: Site) -> None:
    evaluation = evaluate_site(today(), as_of=TODAY, known_at=TODAY)
    wanted = {(s.organisation, s.duty, s.period, s.status, s.due) for s in evaluation.standings() if s.status != "met"}
    found = {
        (o, d, p, STATUSES[st], due)
        for o, d, p, st, due in Standing.objects.values_list("organisation", "duty", "period", "status", "due")
    }
    assert found == wanted
    said = Kept.objects.get()
    assert (said.as_of, said.known_at, said.edition, said.made) == (TODAY, TODAY, today().hash, NOW)


@pytest.mark.parametrize("by_duty", [False, True])
def test_tallies_are_the_roll_ups(county: Site, by_duty: bool) -> None:
    rollups = Rollups(evaluate_site(today(), as_of=TODAY, known_at=TODAY))
    territory = _tallies(own=False, by_duty=by_duty)
    own = _tallies(own=True, by_duty=by_duty)
    assert own == _counts(rollups.organisations(by_duty=by_duty))
    assert {**own, **territory} == _counts(rollups.territories(by_duty=by_duty))


def _tallies(*, own: bool, by_duty: bool) -> dict[tuple[str, str], tuple[int, ...]]:
    rows = Tally.objects.filter(own=own).values_list("organisation", "duty", *COUNTS)
    return {(o, d): tuple(n) for o, d, *n in rows if (d != "") == by_duty and any(n)}


def _counts(found: list[Rollup]) -> dict[tuple[str, str], tuple[int, ...]]:
    return {
        (r.organisation, r.duty): (
            r.met, r.due, r.overdue, r.missed, r.excused, r.on_time, r.verified, r.verifiable, r.confirmed,
            r.spot_checks,
        )
        for r in found
    }  # fmt: skip


def test_after_writes_a_refresh_is_a_new_evaluation(county: Site) -> None:
    later = [fact for fact in year() if TODAY - 10 < fact.recorded_day <= TODAY]
    assert len(later) > 100
    cut = Random(7).sample(range(len(later)), 3)
    for lo, hi in zip([0, *sorted(cut)], [*sorted(cut), len(later)], strict=True):
        standings.note(write(later[lo:hi]))
        while standings.settle(now=NOW):
            pass
        assert differences(stored(), expected()) == {}
    assert Stale.objects.count() == 0


def test_one_organisation_is_settled_alone(county: Site) -> None:
    later = [fact for fact in year() if fact.recorded_day == TODAY - 9]
    standings.note(write(later))
    before = set(Stale.objects.values_list("organisation", flat=True))
    one = min(before)
    assert standings.settle(one, now=NOW) == 1
    assert set(Stale.objects.values_list("organisation", flat=True)) == before - {one}


def test_another_day_asks_for_a_new_evaluation(county: Site) -> None:
    assert not standings.keep_today(now=NOW)
    assert standings.keep_today(now=NOW + MINUTES_A_DAY)
    assert Kept.objects.get().as_of == TODAY + 1


def test_a_refresh_of_another_day_changes_nothing(county: Site) -> None:
    before = select(f"SELECT {', '.join(columns(Tally))} FROM standings_tally ORDER BY id")
    standings.note(write([fact for fact in year() if fact.recorded_day == TODAY - 9]))
    assert standings.settle(now=NOW + MINUTES_A_DAY) == 0
    assert select(f"SELECT {', '.join(columns(Tally))} FROM standings_tally ORDER BY id") == before


def test_a_change_of_the_tree_asks_for_a_new_evaluation(county: Site) -> None:
    tree = [fact for fact in year() if fact.kind == "organisation"]
    standings.note(write(tree[:1]))  # the same again: an earlier receipt
    assert kept.must_keep(today(), TODAY)
    assert standings.keep_today(now=NOW)
    assert not kept.must_keep(today(), TODAY)
