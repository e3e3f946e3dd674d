"""Generated rulebooks and histories, aimed at the limits of the very duties under test.

Everything follows from one seed. A world is a rulebook of random duties over all six shapes, two calendars, a small
tree that changes, and a history of deeds, entries and cases with corrections, withdrawals, late entries, verifications
and excuses; deeds fall on limit - 1, limit and limit + 1 of the duties' own windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from huxue.core.calendar import Calendars, merge
from huxue.core.duties.window import windows
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from tests.properties.lives import Lives
from tests.properties.rules import START, rulebook

AREAS = {
    "default": {
        "terms": [
            {"key": "2025-2026-1", "title": {"zh": "秋", "en": "autumn"}, "from": "2025-09-01", "to": "2026-01-16"},
            {"key": "2025-2026-2", "title": {"zh": "春", "en": "spring"}, "from": "2026-03-02", "to": "2026-07-03"},
        ]
    },
    "hills": {
        "terms": [
            {"key": "2025-2026-1", "title": {"zh": "秋", "en": "autumn"}, "from": "2025-08-25", "to": "2026-01-23"},
            {"key": "2025-2026-2", "title": {"zh": "春", "en": "spring"}, "from": "2026-02-24", "to": "2026-07-10"},
        ]
    },
}


@dataclass
class World:
    """A rulebook, its calendars, a history, and the days to look from."""

    rulebook: Rulebook
    calendars: Calendars
    facts: list[Fact]
    as_of: int
    known_at: int


def world(seed: int, years: dict[int, Any], *, duties: int = 10, size: int | None = None) -> World:
    """Draw the world of a seed. ``years``: the statutory calendar data."""
    r = Random(seed)
    calendars = Calendars.build(merge([*years.values(), {"areas": AREAS}]))
    lives = Lives(r, calendars)
    lives.tree()
    drawn = rulebook(r, duties)
    for duty in drawn.duties.values():
        lives.aimed(duty)
    lives.go_on(size if size is not None else r.choice([20, 60, 120]))
    lives.afterthoughts()
    as_of = _day(r, drawn, calendars)
    return World(drawn, calendars, lives.facts, as_of, as_of + r.choice([0, 0, 30, 200]))


def _day(r: Random, rulebook: Rulebook, calendars: Calendars) -> int:
    as_of = START + r.choice([10, 45, 100, 150, 184, 250, r.randrange(300)])
    aimed = [
        x
        for d in rulebook.duties.values()
        for w in windows(d, calendars.default, START, START + 300)
        for x in (w.due, w.closes, w.hi)
    ]
    if aimed and r.random() < 0.5:
        as_of = min(START + 300, r.choice(aimed) + r.choice([-1, 0, 1]))
    return as_of
