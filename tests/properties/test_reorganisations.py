"""A closed quarter re-run after 50 random reorganisations: the same rows and figures.

Today's tree gives a second, labelled figure.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from huxue.core.facts import Fact, Verb
from huxue.standings.evaluate import Evaluation, evaluate
from huxue.standings.frame import table_of
from huxue.standings.rollups import Rollup, Rollups, tree_on
from tests.properties.rules import START
from tests.properties.test_agreement import years
from tests.properties.worlds import AREAS, World, world

QUARTER_END = START + 91  # 2025-09-30


def run(w: World, known_at: int) -> tuple[Evaluation, list[Rollup]]:
    e = evaluate(w.rulebook, w.calendars, table_of(w.facts), as_of=QUARTER_END, known_at=known_at, areas=tuple(AREAS))
    return e, Rollups(e).territories(by_duty=True)


def reorganised(w: World, seed: int) -> World:
    """Fifty moves, merges, splits, renames and closings after the quarter, recorded when they happened."""
    r, facts = Random(seed), list(w.facts)
    codes = sorted({str(f.fields["code"]) for f in facts if f.kind == "organisation" and f.verb == "open"})
    last = {
        c: max((f for f in facts if f.kind == "organisation" and f.fields.get("code") == c), key=lambda f: (f.at, f.id))
        for c in codes
    }
    for n in range(50):
        new = _reorganised(r, n, last)
        last[str(new.roles["about"][0])] = new
        facts.append(new)
    return replace(w, facts=facts)


def _reorganised(r: Random, n: int, last: dict[str, Fact]) -> Fact:
    code = r.choice([c for c in last if c.startswith(("S", "N"))])
    before = last[code]
    match r.choice(["move", "rename", "close", "split"]):
        case "move":
            fields = {**before.fields, "parent": r.choice(["T1", "T2", "C1", "C2"]), "type": "school", "name": code}
            return _fact(n, "change", before.item, code, fields)
        case "rename":
            parent = before.fields.get("parent", "C1")
            fields = {**before.fields, "name": f"新名{n}", "type": "school", "parent": parent}
            return _fact(n, "change", before.item, code, fields)
        case "close":
            return _fact(n, "close", before.item, code, {"code": code, "successors": ["S0"]})
        case _:
            new = f"N{n}"
            fields = {"code": new, "name": new, "type": "school", "parent": r.choice(["T1", "C2"])}
            fields |= {"traits": {"level": "a"}, "predecessors": [code]}
            return _fact(n, "open", f"n{n}", new, fields)


def _fact(n: int, verb: Verb, item: str, code: str, fields: dict[str, Any]) -> Fact:
    at = (QUARTER_END + 1 + n) * 1440 + 600
    return Fact(
        id=f"r{n:04d}",
        kind="organisation",
        verb=verb,
        item=item,
        at=at,
        recorded=at,
        roles={"about": (code,)},
        fields=fields,
    )


@pytest.mark.parametrize("seed", range(6))
def test_a_closed_quarter_keeps_its_figures(seed: int) -> None:
    w = world(seed, years())
    later = QUARTER_END + 300
    before, figures = run(w, later)
    changed = reorganised(w, seed)
    after, again = run(changed, later)
    assert after.standings() == before.standings()
    assert [repr(r) for r in again] == [repr(r) for r in figures]  # byte for byte

    today = tree_on(table_of(changed.facts), QUARTER_END + 60, later)
    moved = {(r["organisation"], r["above"]) for r in today.to_pylist()}
    now = Rollups(after, today)
    assert now.total() == Rollups(after).total()  # the same standings, only grouped by another tree
    assert moved != {
        (o, a)
        for o, a in after.con.execute(
            "SELECT o.code, a.code FROM tree t JOIN org o ON o.o = t.o JOIN org a ON a.o = t.above"
        ).fetchall()
    }
