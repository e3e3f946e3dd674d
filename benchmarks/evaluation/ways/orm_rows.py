"""Django's ORM: the rows of one organisation after the other, counted in a loop."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from benchmarks.evaluation.ways import orm, plain

SUMS = frozenset({53, 58, 63})


def counter_of(rows: Any) -> Any:
    """Return what counts among rows (signal, day, day recorded, amount), by signal and day."""
    by_signal = defaultdict(list)
    for signal, day, rday, amount in rows:
        by_signal[signal].append((day, rday, amount if signal in SUMS else 1))

    def count(signal: int, lo: int, hi: int, due: int, period: int) -> tuple[int, int]:
        n = in_time = 0
        for day, rday, amount in by_signal[signal]:
            if lo <= day <= hi and (period != plain.REPORT or rday <= plain.entered_by(period, day)):
                n += amount
                in_time += amount if rday <= due else 0
        return n, in_time

    return count


class Way(orm.Way):
    """One query for each organisation."""

    def counter(self, o: int) -> Any:
        """Return what counts the deeds of an organisation, fetched as objects."""
        return counter_of((d.signal, d.day, d.rday, d.amount) for d in self.deed.objects.filter(o=o))
