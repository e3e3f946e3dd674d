"""Both evaluators agree, row for row, on generated rulebooks and histories: DuckDB, SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import psycopg
import pytest
import yaml

from huxue.core.duties import reference
from huxue.core.duties.standing import Standing
from huxue.rulebooks import SHIPPED
from huxue.standings.evaluate import Evaluation, evaluate
from huxue.standings.frame import table_of
from tests.properties.engines import run_elsewhere
from tests.properties.worlds import AREAS, World, world

BLOCK = 25


@cache
def years() -> dict[int, Any]:
    folder = SHIPPED / "national" / "calendars"
    return {y: yaml.safe_load((folder / f"{y}.yaml").read_text("utf-8")) for y in (2025, 2026, 2027)}


def both(seed: int) -> tuple[World, list[Standing], Evaluation]:
    w = world(seed, years())
    expected = reference.evaluate(w.rulebook, w.calendars, w.facts, as_of=w.as_of, known_at=w.known_at)
    found = evaluate(w.rulebook, w.calendars, table_of(w.facts), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS))
    return w, expected, found


def differences(w: World, expected: list[Standing], found: list[Standing]) -> list[str]:
    a, b = set(expected), set(found)
    lines = [
        f"only {'reference' if s in a else 'program'}: {s} {w.rulebook.duties[s.duty].shape!r}"
        for s in sorted(a ^ b, key=Standing.key)
    ]
    if len(found) != len(b):
        lines.append(f"doubled rows: {[s for s, n in Counter(found).items() if n > 1][:3]}")
    return lines


@pytest.mark.parametrize("block", range(8))
def test_the_program_agrees_with_the_reference(block: int) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        w, expected, found = both(seed)
        assert differences(w, expected, found.standings()) == [], f"seed {seed}"


def test_the_histories_reach_every_status_of_every_shape() -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for seed in range(8 * BLOCK):
        w = world(seed, years())
        expected = reference.evaluate(w.rulebook, w.calendars, w.facts, as_of=w.as_of, known_at=w.known_at)
        seen.update((w.rulebook.duties[s.duty].shape_name, s.status) for s in expected)
    wanted = {
        (shape, status)
        for shape in ("repeat", "respond", "cover", "ratio", "keep", "never")
        for status in ("met", "due", "overdue", "missed", "excused")
    }
    # a deed that must never happen cannot be overdue, but an entry that must not stand can
    assert wanted - set(seen) == set()


@pytest.mark.parametrize("seed", range(0, 24, 2))
def test_sqlite_runs_the_same_texts(seed: int) -> None:
    w, expected, found = both(seed)
    con = sqlite3.connect(":memory:")
    try:
        elsewhere = run_elsewhere(
            found,
            con.execute,
            lambda t, n, rows: con.executemany(f"INSERT INTO {t} VALUES ({','.join('?' * n)})", rows) and None,
            lambda q: con.execute(q).fetchall(),
        )
    finally:
        con.close()
    assert differences(w, expected, elsewhere) == []


@pytest.mark.parametrize("seed", range(1, 25, 2))
def test_postgresql_runs_the_same_texts(seed: int, postgresql_server: str) -> None:
    w, expected, found = both(seed)
    with psycopg.connect(postgresql_server) as con:

        def insert(table: str, n: int, rows: Sequence[Sequence[Any]]) -> None:
            with con.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        elsewhere = run_elsewhere(found, con.execute, insert, lambda q: con.execute(q).fetchall())
        con.rollback()
    assert differences(w, expected, elsewhere) == []
