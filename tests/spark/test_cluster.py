"""The program on a real cluster of one master and two workers: row for row what DuckDB finds."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from huxue.core.duties.program import _down, _up
from huxue.core.values import Refused
from huxue.standings.engines import spark
from huxue.standings.engines.spark import SET, Cluster, evaluate_sets, write_set
from huxue.standings.evaluate import Evaluation, evaluate
from huxue.standings.frame import table_of
from huxue.standings.sets.elsewhere import sums_elsewhere
from huxue.standings.sets.make import make
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.stand import folder_of
from huxue.standings.sets.sums import sums
from tests.commands.town import Town
from tests.properties.test_agreement import years
from tests.properties.worlds import AREAS, world
from tests.sites import Site
from tests.spark.standalone import Standalone
from tests.standings.set_world import stand, write

COLUMNS = "o, duty, slot, f, st, on_time, ver, have, need, due, provisional"
MEMORY = "512m"
SHAPES = {"repeat", "respond", "cover", "ratio", "keep", "never"}
SEED, DUTIES, LIVES = 7, 30, 300


@pytest.fixture(scope="module")
def found() -> Iterator[Evaluation]:
    """A generated world with duties of every shape, evaluated by DuckDB."""
    w = world(SEED, years(), duties=DUTIES, size=LIVES)
    made = evaluate(w.rulebook, w.calendars, table_of(w.facts), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS))
    with made.con:
        assert {w.rulebook.duties[one.duty].shape_name for one in made.standings()} == SHAPES
        assert all(made.totals().values())
        yield made


def halves(found: Evaluation, room: Path) -> list[Path]:
    """The set of an evaluation, cut into two by organisation, as shards are."""
    write_set(found.con, room / "whole")
    for name in SET:
        for half in (0, 1):
            (room / f"half{half}").mkdir(exist_ok=True)
            found.con.execute(
                f"COPY (SELECT * FROM read_parquet('{room}/whole/{name}.parquet') WHERE o = -1 OR o % 2 = {half}) "
                f"TO '{room}/half{half}/{name}.parquet' (FORMAT parquet)"
            )
    return [room / "half0", room / "half1"]


def rows(con: duckdb.DuckDBPyConnection, source: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {COLUMNS} FROM {source} ORDER BY ALL").fetchall()


def test_two_shards_on_two_workers_one_of_which_dies(cluster: Standalone, found: Evaluation, tmp_path: Path) -> None:
    """Row for row the same; and before it, a lost and a damaged file are refused by name."""
    sets, out = halves(found, tmp_path), tmp_path / "out"
    with spark.session(Cluster(cluster.master, tmp_path, MEMORY)) as session:
        for damage in (lambda file: file.write_bytes(file.read_bytes()[:-100]), Path.unlink):
            spans = sets[1] / "spans.parquet"
            whole = spans.read_bytes()
            damage(spans)
            with pytest.raises(Refused) as caught:
                evaluate_sets(session, found.compiled, sets, out)
            assert (caught.value.code, str(spans) in caught.value.en) == ("bad_set", True)
            assert list(out.iterdir()) == []
            spans.write_bytes(whole)
        power_cut = threading.Thread(target=after_the_first_table, args=(out, cluster))
        power_cut.start()
        evaluate_sets(session, found.compiled, sets, out)
        power_cut.join()
    cluster.add_worker()
    assert [one.name for one in out.iterdir()] == ["standing"]
    assert rows(found.con, f"read_parquet('{out}/standing/*.parquet')") == rows(found.con, "standing")


def test_thousandths_are_exact_and_a_condition_over_a_union_is_answered(cluster: Standalone, tmp_path: Path) -> None:
    products = [0, 1, 999, 1000, 1001, 123_456_789_012_345, 2**53 - 1_000, 2**53 - 999]
    with spark.session(Cluster(cluster.master, tmp_path, MEMORY)) as session:
        session.sql(f"SELECT explode(array({', '.join(f'{n}L' for n in products)})) AS x").createOrReplaceTempView("t")
        found = session.sql(f"SELECT x, {_down('x')}, {_up('x')} FROM t ORDER BY x").collect()
        # what Spark's own rules make fail, see ``_UNFIT``
        session.sql("SELECT x, 1 AS y, 2 AS z FROM t UNION ALL SELECT x, 2, 3 FROM t").createOrReplaceTempView("u")
        exists = "EXISTS (SELECT 1 FROM t e WHERE e.x = u.x AND (e.x = u.y OR e.x = 1000) AND e.x <= u.z * 1000)"
        answers = session.sql(f"SELECT x, y, CASE WHEN z <> 0 AND {exists} THEN 4 ELSE z END AS st FROM u").collect()
    assert [tuple(row) for row in found] == [(n, n // 1000, -(-n // 1000)) for n in products]
    assert {tuple(row) for row in answers if row[2] == 4} == {(1, 1, 4), (1000, 1, 4), (1000, 2, 4)}
    assert len(answers) == 2 * len(products)


def after_the_first_table(out: Path, cluster: Standalone) -> None:
    end = time.monotonic() + 300
    while not list(out.glob("run-*/*/_SUCCESS")) and time.monotonic() < end:
        time.sleep(0.05)
    cluster.kill_worker()


@pytest.fixture
def town(sqlite_site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    folder = tmp_path / "files"
    folder.mkdir()
    town = Town(sqlite_site, folder, capsys).begin()
    town.record("kind=fire")
    town.record("finding=crack", "--step", "found", "--role", "about=S1", "--id", "crack", kind="hazard",
                post="O1/inspector", at="2024-03-01")  # fmt: skip
    return town


def test_the_command_says_what_it_says_without_spark(cluster: Standalone, town: Town, tmp_path: Path) -> None:
    words = ("evaluate", "--as-of", "2024-04-10", "--json")
    shared = tmp_path / "shared"
    expected = town.done(*words).json
    elsewhere = town.done(
        *words, "--engine", "spark", "--master", cluster.master, "--shared", str(shared), "--memory", MEMORY
    ).json
    del expected["milliseconds"], elsewhere["milliseconds"]
    assert elsewhere == expected
    assert elsewhere["totals"] == {"met": 1, "due": 2, "overdue": 1, "missed": 1, "excused": 0}
    assert [one.name for one in shared.iterdir()] == ["standing"]


def test_shards_of_a_kept_set_add_up(cluster: Standalone, sqlite_site: Site, tmp_path: Path) -> None:
    w = world(SEED, years())
    write(w.facts)
    one = stand(w.rulebook, w.calendars)
    make(sqlite_site.folder, one, today=w.as_of, shard=4)
    opened = open_set(folder_of(sqlite_site.folder, one))
    assert len(opened.shards) > 1
    shared = tmp_path / "shared"
    assert sums_elsewhere(opened, one, Cluster(cluster.master, shared, MEMORY), today=w.as_of) == sums(
        opened, one, today=w.as_of
    )
    assert [found.name for found in shared.iterdir()] == ["standing"]
