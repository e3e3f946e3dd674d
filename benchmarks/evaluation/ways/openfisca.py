"""OpenFisca, from facts: organisations as an entity, deeds as its variables, duties as formulas over periods.

It can say the duties of its own periods (weeks, months and what months add up to); terms, sessions, chains, members,
entries and triggers it cannot. What it cannot say costs it nothing here.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from openfisca_core.entities import Entity
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.evaluation.ways import plain
from benchmarks.evaluation.ways.records import Row, Sample, written

MONTHS: Final = {plain.MONTH: 1, plain.QUARTER: 3, plain.HALF: 6, plain.YEAR: 12}
SAID: Final = tuple(rule for rule in plain.COUNTS if rule[2] in MONTHS or rule[2] == plain.WEEK)


def _windows(kind: int) -> list[tuple[int, int, int]]:
    return list(plain.windows(kind, 0))


def _named(kind: int, lo: int) -> Any:
    """Return OpenFisca's period of the window that begins on a day."""
    first = plain.EPOCH + timedelta(lo)
    if kind == plain.WEEK:
        year, week, _ = first.isocalendar()
        return period(f"{year}-W{week:02d}")
    return period(f"month:{first:%Y-%m}:{MONTHS[kind]}")


def _system() -> TaxBenefitSystem:
    entity = Entity("organisation", "organisations", "Organisation", "")
    system = TaxBenefitSystem([entity])
    for signal, weekly in {(rule[1], rule[2] == plain.WEEK) for rule in SAID}:
        for name in (f"deeds_{signal}", f"early_{signal}"):
            unit = DateUnit.WEEK if weekly else DateUnit.MONTH
            system.add_variable(
                type(name, (Variable,), {"value_type": int, "entity": entity, "definition_period": unit})
            )
    return system


class Way:
    """OpenFisca over the facts of a set."""

    def __init__(self, folders: list[Path]) -> None:
        """Declare the entity and its variables."""
        (self.folder,) = folders
        self.sample = Sample(self.folder)
        self.said: dict[str, Any] = {"duties": len(SAID)}
        self.system = _system()

    def run(self) -> None:
        """Add the deeds up by period, put them in, and calculate every duty in every window."""
        table = pq.read_table(self.folder / "deeds.parquet", columns=["signal", "o", "day", "rday", "amount"])
        signals = sorted({rule[1] for rule in SAID})
        table = table.filter(pc.is_in(table["signal"], pc.cast(np.array(signals), table["signal"].type)))
        columns = {name: table[name].to_numpy() for name in ("signal", "o", "day", "rday")}
        columns["amount"] = pc.fill_null(table["amount"], 0).to_numpy()
        self.size = int(columns["o"].max()) + 1
        simulation = SimulationBuilder().build_default_simulation(self.system, self.size)
        self.met: dict[int, list[tuple[int, int, int, Any, Any]]] = {}
        for duty, signal, kind, need in SAID:
            unit = plain.WEEK if kind == plain.WEEK else plain.MONTH
            self._put(simulation, columns, signal, unit, kind)
            for _, lo, hi in _windows(kind):
                spans = [_named(unit, a) for _, a, b in _windows(unit) if lo <= a and b <= hi]
                n, early = (
                    sum(simulation.calculate(f"{name}_{signal}", at) for at in spans) for name in ("deeds", "early")
                )
                self.met.setdefault(duty, []).append((lo, hi, plain.due(kind, hi), n >= need, early >= need))
        self._count()

    def _put(self, simulation: Any, columns: dict[str, Any], signal: int, unit: int, kind: int) -> None:
        mine = columns["signal"] == signal
        wins = _windows(unit)
        starts = np.array([lo for _, lo, _ in wins] + [wins[-1][2] + 1])
        ends = np.array([hi for _, _, hi in _windows(kind)])
        day, rday, o = (columns[name][mine] for name in ("day", "rday", "o"))
        at = np.searchsorted(starts, day, side="right") - 1
        inside = (at >= 0) & (at < len(wins))
        due = ends[np.minimum(np.searchsorted(ends, day), len(ends) - 1)]
        for name, keep in ((f"deeds_{signal}", inside), (f"early_{signal}", inside & (rday <= due))):
            sums = np.zeros((len(wins), self.size), np.int64)
            np.add.at(sums, (at[keep], o[keep]), columns["amount"][mine][keep])
            for (_, lo, _), values in zip(wins, sums, strict=True):
                simulation.set_input(name, _named(unit, lo), values)

    def _count(self) -> None:
        """Add up what is met, due, missed, excused, on time, for the organisations that owe it."""
        self.rows: list[Row] = []
        for (o, duty), spans in self.sample.borne.items():
            if duty not in self.met:
                continue
            counts = [0] * 6
            excuses = self.sample.excused.get((o, duty), []) + self.sample.excused.get((o, -1), [])
            for lo, hi, due, met, early in self.met[duty]:
                if 2 * sum(max(0, min(b, hi) - max(a, lo) + 1) for a, b in spans) < hi - lo + 1:
                    continue
                if met[o]:
                    counts[0] += 1
                    counts[5] += int(early[o])
                else:
                    counts[4 if any(a <= due <= b for a, b in excuses) else 1 if due >= plain.TODAY else 3] += 1
            if any(counts):
                self.rows.append((o, duty, *counts))

    def answer(self, path: Path) -> None:
        """Write the summaries."""
        written(path, self.rows)
