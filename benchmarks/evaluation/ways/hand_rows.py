"""The hand-written SQL with every verdict written out as a row."""

from __future__ import annotations

from benchmarks.evaluation.ways import hand


class Way(hand.Way):
    """Verdicts, and summaries counted from them."""

    rows = True
