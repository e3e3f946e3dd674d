"""Triggers: one row for every respond duty, and the deadlines that only a calendar can tell."""

from __future__ import annotations

from huxue.core.duties.shapes import Deed, Duty, Respond, Span
from huxue.core.duties.signals import Signals
from huxue.core.duties.tables import Tables
from huxue.core.values import MINUTES_A_DAY, end_of_day

_LOOK_BACK = 400  # days before the first window for which deadlines are looked up
_NEVER_CLOSES, _BY_DAYS, _BY_HOURS, _LOOKED_UP = range(4)
_NO_AMOUNT = "CAST(NULL AS BIGINT)"


def add(tables: Tables, number: int, duty: Duty, shape: Respond) -> None:
    """Add the row of a duty, and for each day a trigger may fall on the deadlines counted from it."""
    within, by_field = shape.within, shape.within.field is not None
    (lo, hi), (how, days) = duty.in_force, _closing(shape.closes)
    signals = _signals(tables.signals, shape, verified=duty.counts == "verified")
    tables.rows["respond"].append((number, *signals, int(by_field), within.hours or 0, lo, hi, days, how))
    if not by_field and within.hours is None:
        _add_deadlines(tables, number, 0, within, tables.since)
    if how == _LOOKED_UP and shape.closes:
        _add_deadlines(tables, number, 1, shape.closes, tables.since - _LOOK_BACK)


def _signals(signals: Signals, shape: Respond, *, verified: bool) -> tuple[int, int, int, int]:
    """Return the signals of triggers, answers, lifts and moved deadlines; -1 for what the duty has none of."""

    def signal(deed: Deed | None, *, trigger: bool = False, amount: str = _NO_AMOUNT, verified: bool = False) -> int:
        if deed is None:
            return -1
        key = _match_key(signals, shape, deed, trigger=trigger)
        return signals.deed(deed, key=key, amount=amount, verified=verified)

    def minute(deed: Deed | None, name: str | None) -> str:
        return signals.minute(deed, name) if deed and name else _NO_AMOUNT

    to = signal(shape.to, trigger=True, amount=minute(shape.to, shape.within.field))
    with_ = signal(shape.with_, verified=verified)
    move = signal(shape.moved_by, amount=minute(shape.moved_by, shape.field_of_move))
    return to, with_, signal(shape.lifted_by), move


def _add_deadlines(tables: Tables, number: int, what: int, span: Span, since: int) -> None:
    counted = span.workdays is not None or span.school_days is not None
    for cal, calendar in enumerate(tables.calendars):
        for day in range(since, tables.as_of + 1):
            due = calendar.deadline(end_of_day(day), span)
            provisional = counted and calendar.is_provisional(day, due // MINUTES_A_DAY)
            tables.rows["after"].append((number, cal, what, day, due, int(provisional)))


def _closing(span: Span | None) -> tuple[int, int]:
    if span is None:
        return _NEVER_CLOSES, 0
    if span.days is not None:
        return _BY_DAYS, span.days
    return (_BY_HOURS, span.hours) if span.hours is not None else (_LOOKED_UP, 0)


def _match_key(signals: Signals, shape: Respond, deed: Deed, *, trigger: bool) -> str:
    match shape.match:
        case "case":
            return "f.item"
        case "reference":
            return "f.item" if trigger else "f.ref"
        case "bearer":
            return "''"
        case "holding":
            return "CASE WHEN f.kind = 'holding' THEN f.item ELSE f.holding END"
        case name:
            return signals.text(deed, name)
