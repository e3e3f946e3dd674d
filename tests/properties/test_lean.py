"""Counting without rows comes to what the rows come to: summaries of organisations and duties on generated worlds."""

from __future__ import annotations

import pytest

from huxue.core.duties.program import SUMMARY
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import make, table_of
from tests.properties.test_agreement import years
from tests.properties.worlds import AREAS, world

EVERYTHING = "SELECT * FROM summary ORDER BY o, duty"


@pytest.mark.parametrize("block", range(4))
def test_lean_summaries_are_those_of_the_rows(block: int) -> None:
    plain = 0
    for seed in range(block * 15, (block + 1) * 15):
        w = world(seed, years())
        made = evaluate(
            w.rulebook, w.calendars, table_of(w.facts), as_of=w.as_of, known_at=w.known_at, areas=tuple(AREAS)
        )
        make(made.con, *SUMMARY)
        expected = made.con.execute(EVERYTHING).fetchall()
        engine.run_program(made.con, made.compiled, lean=True, kept=True)
        assert made.con.execute(EVERYTHING).fetchall() == expected, f"seed {seed}"
        plain += made.con.execute("SELECT count(*) FROM plain").fetchall()[0][0]
        assert made.con.execute("SELECT count(*) FROM standing s JOIN plain p USING (o, duty)").fetchall() == [(0,)]
    assert plain > 0  # some are counted without rows
