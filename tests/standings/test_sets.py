"""A kept set says what the facts say: generated worlds, and a small city with its scores and ladders."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.apps import apps

from huxue.actions.standings import keep
from huxue.core.rulebook.edition import in_effect
from huxue.core.scoring import plan
from huxue.core.values import end_of_day
from huxue.demo import TODAY
from huxue.organisations.tables import columns, select
from huxue.standings.models import Kept, Stale
from huxue.standings.scores import scores_of_site
from huxue.standings.sets.layout import READING, TABLES
from huxue.standings.sets.make import make
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.read import evaluate_set
from huxue.standings.sets.serve import evaluate_today
from huxue.standings.sets.stand import Stand, folder_of
from huxue.standings.site import calendars_of, edition_for, evaluate_site
from tests.properties.test_agreement import years
from tests.properties.worlds import world
from tests.sites import Site
from tests.standings.set_world import from_facts, stand, write


@pytest.mark.parametrize("seed", range(4))
def test_a_set_says_what_the_facts_say(site: Site, seed: int) -> None:
    w = world(seed, years())
    write(w.facts)
    one = stand(w.rulebook, w.calendars)
    make(site.folder, one, today=w.as_of, shard=4)
    opened = open_set(folder_of(site.folder, one))
    expected = from_facts(one, w.as_of).standings()
    assert len(opened.shards) > 1
    assert evaluate_set(opened, one, today=w.as_of).standings() == expected


@pytest.mark.parametrize("seed", [11, 12])
def test_a_set_of_an_earlier_day_serves_a_later_one_that_brings_no_fact(sqlite_site: Site, seed: int) -> None:
    w = world(seed, years())
    known = max(w.as_of, *(max(f.at, f.recorded) // 1440 for f in w.facts))
    write(w.facts)
    one = stand(w.rulebook, w.calendars)
    make(sqlite_site.folder, one, today=known, shard=4)
    opened = open_set(folder_of(sqlite_site.folder, one))
    for later in (known, known + 1, known + 40):
        assert evaluate_set(opened, one, today=later).standings() == from_facts(one, later).standings()


def test_deeds_of_a_shard_are_its_organisations_and_those_of_one_signal_lie_together(city: Site) -> None:
    today = TODAY
    edition = edition_for(as_of=today, known_at=today)
    one = Stand.of(edition, calendars_of(edition))
    made = make(city.folder, one, today=today, shard=10)
    base = folder_of(city.folder, one) / made.generations[0].folder
    for shard in range(len(made.per_shard())):
        found = pq.read_table(base / f"deeds-{shard:04d}.parquet", columns=["signal", "o"]).to_pylist()
        deeds = [(row["signal"], row["o"]) for row in found]
        assert deeds == sorted(deeds)
        assert all(shard * 10 < o <= shard * 10 + 10 for _, o in deeds)
    assert sum(made.per_shard()) == made.organisations


def test_a_city_is_the_same_from_its_set(either_city: Site) -> None:
    today = TODAY
    edition = edition_for(as_of=today, known_at=today)
    one = Stand.of(edition, calendars_of(edition))
    make(either_city.folder, one, today=today, shard=15)
    found = evaluate_set(open_set(folder_of(either_city.folder, one)), one, today=today)
    expected = evaluate_site(edition, as_of=today, known_at=today)
    assert found.totals() == expected.totals()
    assert found.standings() == expected.standings()


def test_no_personal_value_reaches_a_set(city: Site) -> None:
    """The rulebook's personal fields are in no column, and the stored JSON names none of them."""
    today = TODAY
    edition = edition_for(as_of=today, known_at=today)
    one = Stand.of(edition, calendars_of(edition))
    personal = {
        (code, name) for code, kind in one.rulebook.kinds.items() for name, f in kind.fields.items() if f.personal
    }
    assert personal
    read = {(code, c.name) for c in one.columns for code in c.kinds}
    assert read & personal == set()
    made = make(city.folder, one, today=today)
    base = folder_of(city.folder, one) / made.generations[0].folder
    told = pq.read_table(base / "told.parquet").join(pq.read_table(base / "live.parquet"), "f", join_type="inner")
    for kind, fields in zip(told["kind"].to_pylist(), told["fields"].to_pylist(), strict=True):
        assert {(kind, name) for name in json.loads(fields)} & personal == set()
    for path in base.iterdir():
        assert "person" not in pq.read_schema(path).names


def test_every_table_of_the_layout_is_written_once(sqlite_site: Site) -> None:
    w = world(3, years())
    write(w.facts)
    one = stand(w.rulebook, w.calendars)
    made = make(sqlite_site.folder, one, today=w.as_of)
    names = {path.name.split(".")[0].split("-")[0] for path in _files(sqlite_site.folder)}
    assert names == {*TABLES, "manifest", "lock", READING}
    assert {file.name for file in _files(sqlite_site.folder)} == {
        *made.generations[0].files,
        "manifest.json",
        "lock",
        READING,
    }


def _files(folder: Path) -> list[Path]:
    return [path for path in (folder / "sets").rglob("*") if path.is_file()]


def test_what_is_kept_for_the_pages_is_the_same_through_the_set(either_city: Site) -> None:
    """The set goes through everything that reads an evaluation: tallies, ratios, ladders, scores, mechanisms."""
    edition = edition_for(as_of=TODAY, known_at=TODAY)
    found = []
    for evaluation in (
        evaluate_today(either_city.folder, edition, today=TODAY, shard=15).evaluation,
        evaluate_site(edition, as_of=TODAY, known_at=TODAY, besides=plan.besides(in_effect(edition).scoring)),
    ):
        scored = scores_of_site(edition, as_of=TODAY, known_at=TODAY, evaluation=evaluation)
        keep(edition, scored=scored, now=end_of_day(TODAY))
        found.append(kept_rows())
    assert found[0] == found[1]
    assert all(found[0][table] for table in ("standings_standing", "standings_tally", "standings_proposal"))


def kept_rows() -> dict[str, Counter[tuple[object, ...]]]:
    """Every row of the tables of kept standings, without the keys that the database makes."""
    return {
        model._meta.db_table: Counter(select(f"SELECT {', '.join(columns(model))} FROM {model._meta.db_table}"))
        for model in apps.get_app_config("standings").get_models()
        if model not in {Kept, Stale}
    }
