"""Weaker duties that stand beside a stronger one: shown, but without ladder and score.

A duty that ``strengthens`` another is owed in addition to it. Where an organisation has a standing for the stronger
duty (or for one that strengthens that one in turn), its standings for the weaker say nothing new: they are *shadowed*.
This module is the one place that says which; the ladder, scores, roll-ups and briefings ask it.

In SQL, over the tables of an evaluation::

    shadow(evaluation)                                     # makes the table ``shadowed`` (o, duty)
    f"SELECT … FROM standing s WHERE {NOT_SHADOWED}"       # ``s`` is the standing
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyarrow as pa

from huxue.core.duties.shapes import Duty
from huxue.standings.evaluate import Evaluation
from huxue.standings.frame import make

Pair = tuple[str, str]  # organisation, duty
NOT_SHADOWED: Final = "NOT EXISTS (SELECT 1 FROM shadowed w WHERE w.o = s.o AND w.duty = s.duty)"
_SHADOWED: Final = """
SELECT DISTINCT s.o, w.duty FROM standing s JOIN duty_code h ON h.duty = s.duty
JOIN stronger_rows r ON r.stronger = h.code JOIN duty_code w ON w.code = r.weaker"""


def weaker_than(duties: Iterable[Duty]) -> dict[str, tuple[str, ...]]:
    """Return for each duty that strengthens another the duties weaker than it, the nearest first."""
    below: Mapping[str, str] = {duty.code: duty.strengthens for duty in duties if duty.strengthens}
    return {code: _chain(code, below) for code in below}


def _chain(code: str, below: Mapping[str, str]) -> tuple[str, ...]:
    found: list[str] = []
    while (code := below.get(code, "")) and code not in found:
        found.append(code)
    return tuple(found)


def shadowed(pairs: Iterable[Pair], duties: Iterable[Duty]) -> set[Pair]:
    """Return those of the (organisation, duty) pairs with a standing that stand beside a stronger one."""
    have = set(pairs)
    weaker = weaker_than(duties)
    beside = {(organisation, low) for organisation, duty in have for low in weaker.get(duty, ())}
    return beside & have


def shadow(evaluation: Evaluation, duties: Iterable[Duty] | None = None) -> None:
    """Make the table ``shadowed`` (o, duty): pairs that carry neither ladder nor score.

    ``duties``: those whose ``strengthens`` counts; default: those that were evaluated. Give all of the rulebook's where
    a family between two others may be switched off.
    """
    rows = [
        (strong, weak)
        for strong, found in weaker_than(evaluation.compiled.duties if duties is None else duties).items()
        for weak in found
    ]
    columns = {"stronger": [r[0] for r in rows], "weaker": [r[1] for r in rows]}
    evaluation.con.register("stronger_rows", pa.table({k: pa.array(v, pa.string()) for k, v in columns.items()}))
    make(evaluation.con, "shadowed", _SHADOWED)
    evaluation.con.unregister("stronger_rows")


__all__ = ["NOT_SHADOWED", "Pair", "shadow", "shadowed", "weaker_than"]
