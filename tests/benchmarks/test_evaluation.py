"""The measured world and the peers of evaluation: the same world from the same seed, the same answer by every way."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

import huxue
from benchmarks.evaluation import sets
from benchmarks.evaluation.measure import Runs, differing, one_run, ratio, rounds
from benchmarks.evaluation.one import WAYS
from benchmarks.evaluation.ways import plain, records
from benchmarks.evaluation.world import AS_OF, World, facts, make, rulebook
from huxue.core.duties import reference
from huxue.core.facts import Fact

SMALL = World(0, 7, volume=60, seed=3, schools=3)  # all seven calendars
EXTRAS = {
    "spark": "pyspark",
    "polars": "polars",
    "pandas": "pandas",
    "rule-engine": "rule_engine",
    "openfisca": "openfisca_core",
}
NAMES = ("o", "duty", "met", "due", "overdue", "missed", "excused", "on_time")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("set")
    sets.made(made, SMALL, straight=False)
    return made


@pytest.fixture(scope="module")
def specified(folder: Path) -> Path:
    """What the reference evaluator says, as a summary."""
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT * FROM '{folder / 'facts.parquet'}'").fetchall()
        numbers = dict(con.execute(f"SELECT code, o FROM '{folder / 'org.parquet'}'").fetchall())
        book, calendars = rulebook()
        duties = {code: n for n, code in enumerate(book.duties)}
        found: dict[tuple[int, int], Counter[str]] = {}
        for one in reference.evaluate(book, calendars, [fact(row) for row in rows], as_of=AS_OF, known_at=AS_OF):
            counts = found.setdefault((numbers[one.organisation], duties[one.duty]), Counter())
            counts[one.status] += 1
            counts["on_time"] += one.status == "met" and one.on_time
        con.execute("CREATE TABLE summary (" + ", ".join(f"{name} BIGINT" for name in NAMES) + ")")
        con.executemany(
            f"INSERT INTO summary VALUES ({', '.join('?' * len(NAMES))})",
            [(*key, *(counts[name] for name in NAMES[2:])) for key, counts in found.items()],
        )
        path = folder / "reference.parquet"
        con.execute(f"COPY summary TO '{path}' (FORMAT parquet)")
    return path


def fact(row: tuple[Any, ...]) -> Fact:
    id_, kind, verb, step, item, at, recorded, replaces, pointed, post, person, makeup, deadline, roles, fields = row
    return Fact(
        id_, kind, verb, item, at, recorded, {role: tuple(orgs) for role, orgs in json.loads(roles).items()},
        json.loads(fields), step, replaces, pointed, post, person, bool(makeup), deadline,
    )  # fmt: skip


def drawn(world: World) -> Iterator[str]:
    with sets.connect() as con:
        make(con, world)
        facts(con)
        for table in ("raw", "excused", "fact"):
            yield str(con.execute(f"SELECT count(*), sum(hash(t)) FROM {table} t").fetchall())


def test_there_are_sixty_duties_of_all_shapes() -> None:
    book, _ = rulebook()
    shapes = Counter(duty.shape_name for duty in book.duties.values())
    assert shapes == {"repeat": 40, "respond": 6, "keep": 4, "cover": 4, "ratio": 4, "never": 2}


def test_the_same_seed_makes_the_same_world() -> None:
    assert list(drawn(SMALL)) == list(drawn(SMALL))


def test_another_seed_and_another_spread_make_another_world() -> None:
    other, skewed = World(0, 7, 60, seed=4, schools=3), World(0, 7, 60, skewed=True, seed=3, schools=3)
    worlds = [next(drawn(world)) for world in (SMALL, other, skewed)]
    assert len(set(worlds)) == 3


def test_the_set_made_without_json_is_the_ingested_one() -> None:
    assert sets.both_ways(SMALL) == []


def test_windows_written_by_hand_are_those_of_the_calendars(folder: Path) -> None:
    about = json.loads((folder / "about.json").read_text())
    slots = sets.compiled(about["areas"], about["since"]).rows["slots"]
    compiled = {(slot[2], slot[1], slot[4], slot[5], slot[7]) for slot in slots if slot[2] in COUNTED}
    by_hand = {
        (duty, calendar, lo, hi, plain.due(COUNTED[duty], hi))
        for duty in COUNTED
        for calendar in range(plain.CALENDARS)
        for _, lo, hi in plain.windows(COUNTED[duty], calendar)
    }
    assert compiled == by_hand


COUNTED = {duty: period for duty, _, period, _ in records.SAID}


ELSEWHERE = ("postgresql", "orm-counts", "orm-rows", "spark")  # need a server, or minutes; Spark has tests of its own


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ELSEWHERE])
def test_every_way_gives_the_answer_of_the_reference(way: str, folder: Path, specified: Path) -> None:
    if way in EXTRAS:
        pytest.importorskip(EXTRAS[way], reason=f"{way} comes with requirements/bench.txt or spark.txt")
    runner = importlib.import_module(WAYS[way]).Way([folder])
    runner.run()
    answer = folder / f"{way}.parquet"
    runner.answer(answer)
    assert differing(specified, answer, sampled="duties" in runner.said) == 0


def test_several_sets_side_by_side_give_what_each_gives(folder: Path, specified: Path) -> None:
    runner = importlib.import_module(WAYS["shipped"]).Way([folder, folder])
    runner.run()
    answer, both = folder / "several.parquet", folder / "both.parquet"
    runner.answer(answer)
    with duckdb.connect() as con:
        con.execute(f"COPY (FROM '{specified}' UNION ALL FROM '{specified}') TO '{both}' (FORMAT parquet)")
    assert differing(both, answer) == 0


def test_another_answer_is_noticed(folder: Path, specified: Path) -> None:
    wrong, more = folder / "wrong.parquet", "CASE WHEN duty = 0 THEN met + 1 ELSE met END AS met"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT * REPLACE ({more}) FROM '{specified}') TO '{wrong}'")
        ((rows,),) = con.execute(f"SELECT count(*) FROM '{specified}' WHERE duty = 0").fetchall()
    assert differing(specified, wrong) == 2 * rows > 0


def test_ways_run_in_turn_in_processes_of_their_own(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(huxue.__file__).parents[1]))
    found = rounds(["shipped", "hand"], [folder], 2, tmp_path)
    assert {name: (runs.why_not, len(runs.wall)) for name, runs in found.items()} == {
        "shipped": ("", 2),
        "hand": ("", 2),
    }


def test_a_run_without_an_answer_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(huxue.__file__).parents[1]))
    before = sorted(path.name for path in folder.iterdir())
    runs = Runs("shipped")
    one_run(runs, [folder], None)
    assert (runs.why_not, sorted(path.name for path in folder.iterdir())) == ("", before)


def test_processor_times_are_compared_where_the_machine_is_noisy() -> None:
    calm, noisy = Runs("a", [4, 4, 4], [2, 2, 2]), Runs("b", [2, 2, 9], [4, 4, 4])
    once = Runs("c", [1], [8])
    assert (ratio(calm, calm), ratio(noisy, calm), ratio(once, calm)) == (1, 2, 4)
