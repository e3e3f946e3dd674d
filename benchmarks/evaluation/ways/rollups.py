"""The shipped program, and its counts added up for every territory."""

from __future__ import annotations

from benchmarks.evaluation.ways import shipped


class Way(shipped.Way):
    """Summaries and roll-ups."""

    rolled_up = True
