"""What no duty counts: kinds of record that exist for the rare or the voluntary, a few of each."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from huxue.core.duties.shapes import Deed
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.demo.pen import Pen
from huxue.demo.untold.cases import Path
from huxue.demo.untold.records import record
from huxue.demo.untold.registers import may_own, open_entry
from huxue.demo.untold.stage import Stage
from huxue.demo.world import Unit
from huxue.demo.year import FIRST, LAST

_FEW: Final = 4


def others(stage: Stage, seen: Collection[str], seed: int) -> list[Fact]:
    """Return a few facts of every kind that is not among those seen; derived kinds are left to their rules."""
    derived = {one.writes for one in getattr(stage.rulebook, "derivations", {}).values()}
    facts: list[Fact] = []
    for kind in stage.rulebook.kinds.values():
        points = any(one.required and one.type == "entry" for one in kind.fields.values())  # at what may not be there
        if kind.code not in seen and kind.code not in derived and not points:
            pen = Pen(f"{seed}:others:{kind.code}")
            for unit in _writers(pen, stage, kind):
                _one(pen, stage, kind, unit)
            facts += pen.facts
    return facts


def _writers(pen: Pen, stage: Stage, kind: Kind) -> list[Unit]:
    every = [
        unit
        for unit in stage.units.values()
        if (not kind.written_by or unit.type in kind.written_by) and may_own(kind, unit) and unit.silent_from > LAST
    ]
    return pen.rng.sample(every, min(_FEW, len(every)))


def _one(pen: Pen, stage: Stage, kind: Kind, unit: Unit) -> None:
    day = stage.year.workday(pen.rng, FIRST + 30, LAST - 60)
    if kind.shape == "record":
        record(pen, stage, Deed(record=kind.code), [unit], day)
    elif kind.shape == "register":
        open_entry(pen, stage, kind, unit, {})
    else:
        opening = tuple(name for name, step in kind.flow.items() if step.opening)
        schools = [one for one in stage.territory(unit) if one.type == "school"] if unit.type != "school" else []
        types = kind.roles["about"].types if "about" in kind.roles else ()
        about = pen.rng.choice(schools) if schools and (not types or "school" in types) else unit
        path = Path(pen, stage, kind, about, Deed(case=kind.code, step=opening), unit)
        if path.go(opening, day, first=unit):
            path.end(day + 10 + pen.rng.randrange(30))
