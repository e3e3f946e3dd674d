"""The deadline that a step leaves: worked out once, when the step is appended, and stored with its fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol

from huxue.core.duties.shapes import Span
from huxue.core.flow.states import State
from huxue.core.kinds import Kind
from huxue.core.values import day_of, end_of_day, minute_of


class Deadlines(Protocol):
    """The part of an area's calendar that flows need."""

    def deadline(self, minute: int, span: Span) -> int:
        """Return the last minute of a span of hours, days, workdays or school days that begins at a minute."""
        ...


def deadline_after(
    kind: Kind,
    state: State,
    step: str,
    *,
    at: int,
    fields: Mapping[str, Any],
    calendar: Deadlines,
) -> int | None:
    """Return the minute of the deadline in force after a step, ``None`` when no clock runs.

    A step with ``within`` starts its own clock: ``{workdays: 5}`` from ``at``, or ``{field: deadline}``: the end of
    that day, or that minute, as given in this very step (not given: the running clock runs on). A step that ``clears``
    or ``ends`` stops the clock. Every other step (a transfer above all) leaves it running.
    """
    said = kind.flow[step]
    own = _own(said.within, at, fields, calendar) if said.within else None
    if own is not None:
        return own
    return None if said.clears or said.ends else state.deadline


def _own(within: Mapping[str, Any], at: int, fields: Mapping[str, Any], calendar: Deadlines) -> int | None:
    if "field" in within:
        return minute_of_field(fields.get(within["field"]))
    return max(calendar.deadline(at, _span(unit, length)) for unit, length in within.items())


def minute_of_field(value: str | None) -> int | None:
    """Return the last minute that a stored date or time allows, ``None`` when there is none."""
    if value is None:
        return None
    if "T" in value:
        return minute_of(datetime.fromisoformat(value))
    return end_of_day(day_of(date.fromisoformat(value)))


@cache
def _span(unit: str, length: int) -> Span:
    return Span.model_validate({unit: length})
