"""Short ways to say how one bearer stands, what was decided, and which rung is owed."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import yaml

from huxue.core.calendar import Calendar, Calendars, merge
from huxue.core.ladder import Episode, Ladder, Obligation, Owed, Taken, counting, episode, owed
from huxue.core.values import MINUTES_A_DAY, day_of, end_of_day
from tests.core.calendar_world import DOCUMENTS

SOURCE = {"text": "speech", "clause": "M97", "confidence": "DEF"}
DUES = {
    "2025-Q4": "2025-12-31",
    "2026-Q1": "2026-03-31",
    "2026-Q2": "2026-06-30",
    "2026-Q3": "2026-09-30",
    "2026-Q4": "2026-12-31",
}
GOVERNMENTS = """
title: {zh: 政府, en: Governments}
rungs:
  - {measure: remind, when: {overdue: {workdays: 0}}, by: system}
  - {measure: supervise, when: {overdue: {workdays: 5}}, or: [{missed: 1}], decides: {type: city, post: deputy}}
  - {measure: circulate, when: {missed: 2, within: year}, decides: {type: city, post: deputy}}
  - {measure: interview, when: {after: circulate, workdays: 15}, decides: {type: city, post: deputy}}
source: {text: speech, clause: M97, confidence: DEF}
"""


@cache
def calendar() -> Calendar:
    return Calendars.build(merge(list(DOCUMENTS))).default


def ladder(text: str = GOVERNMENTS, **changed: Any) -> Ladder:
    return Ladder.model_validate(yaml.safe_load(text) | changed)


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def stands(text: str) -> list[Obligation]:
    """``2026-Q1 missed, 2026-Q2 overdue``; a trigger: ``h1 overdue 2026-05-04`` (deadline; day it was met)."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        period, status, *due = part.split()
        last = day(due[0] if due else DUES[period])
        met = day(due[1]) if due[1:] else None
        found.append(Obligation(period, status, end_of_day(last), last + 1, met))  # type: ignore[arg-type]
    return found


def taken(text: str, organisation: str = "C1") -> list[Taken]:
    """``supervise 2026-04-03 2026-Q1``, ``dismissed circulate 2026-07-02 2026-Q1 2026-Q2``, ``postponed … until …``."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        words = part.split()
        decision = words.pop(0) if words[0] in ("dismissed", "postponed") else "issued"
        until = day(words[words.index("until") + 1]) if "until" in words else None
        words = words[: words.index("until")] if "until" in words else words
        measure, on, *named = words
        span = (named[0], named[-1]) if named else ("?", "?")
        at = day(on) * MINUTES_A_DAY + 600
        found.append(Taken(measure, "d", decision, at, {organisation: span}, until))  # type: ignore[arg-type]
    return found


def episode_on(on: str, standings: str, steps: Ladder | None = None) -> Episode | None:
    today = day(on)
    return episode("C1", "d", counting(stands(standings), steps or ladder(), calendar(), today))


def next_on(on: str, standings: str, measures: str = "", steps: Ladder | None = None) -> Owed | None:
    one, chosen = episode_on(on, standings, steps), steps or ladder()
    return owed("governments", chosen, one, taken(measures), calendar=calendar(), today=day(on)) if one else None


def rung_on(on: str, standings: str, measures: str = "", steps: Ladder | None = None) -> str:
    """The measure that is owed on a day, ``–`` for none."""
    found = next_on(on, standings, measures, steps)
    return found.rung.measure if found else "–"
