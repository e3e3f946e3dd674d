"""Verdicts: a standing together with what it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from huxue.core.duties.shapes import Duty
from huxue.core.duties.spans import EntrySpan
from huxue.core.duties.standing import Standing
from huxue.core.duties.window import Window
from huxue.core.facts import Fact


@dataclass(frozen=True, slots=True)
class Verdict:
    """A standing together with what it was made of, for ``explain``."""

    standing: Standing
    duty: Duty
    window: Window | None
    counted: tuple[Fact, ...] = ()
    spans: tuple[EntrySpan, ...] = ()
    missing: tuple[str, ...] = ()  # members not covered
    trigger: Fact | None = None
    answer: Fact | None = None
    excuse: Fact | None = None
