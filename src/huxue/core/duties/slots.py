"""Slots: one row for every window of a counting or standing duty, and which deeds and entries belong to it."""

from __future__ import annotations

from collections.abc import Sequence

from huxue.core.duties.shapes import Cover, Deed, Duty, Keep, Never, Part, Ratio, Repeat, Windowed
from huxue.core.duties.signals import Signals
from huxue.core.duties.standing import DUE, MISSED, OVERDUE
from huxue.core.duties.tables import Tables
from huxue.core.duties.window import Window, windows
from huxue.core.values import FAR, MINUTES_A_DAY

COUNT, SPACED, DISTINCT, COVER, NEVER, RATIO, KEEP = range(7)
_FINE = {DISTINCT: 1, COVER: 1, SPACED: 2}  # deeds told apart by a value or a member, or by the day
NO_LIMIT = -1
_PRESENT = {"most": 0, "whole": 1, "due-day": 2}


def add(tables: Tables, number: int, duty: Duty, shape: Windowed) -> None:
    """Add the slots of a duty in every calendar, and the days on which its deeds and entries count towards them."""
    deeds = _deed_signals(tables.signals, shape, verified=duty.counts == "verified")
    states = _state_signals(tables.signals, duty, shape)
    if isinstance(shape, Ratio):
        _add_needs(tables, number, shape)
    for cal, calendar in enumerate(tables.calendars):
        previous = -1
        for idx, window in enumerate(windows(duty, calendar, tables.since, tables.as_of)):
            slot, snap = len(tables.keys), min(window.hi, tables.as_of)
            tables.keys.append(window.key)
            judged, sides = _judged(duty, shape, window, tables.as_of), _sides(shape)
            tables.rows["slots"].append(
                (slot, cal, number, idx, *_dates(window, snap), *judged, previous, *sides, int(window.provisional))
            )
            for signal, part in deeds:
                _map(tables, signal, part, cal, slot, shape, window)
            tables.rows["stateslot"] += [(slot, cal, signal, side, snap) for signal, side in states]
            previous = slot


def _dates(w: Window, snap: int) -> tuple[int, ...]:
    return w.lo, w.hi, snap, w.due, w.closes


def _judged(duty: Duty, shape: Windowed, w: Window, as_of: int) -> tuple[int, ...]:
    """Return the columns from ``need`` to ``mend``."""
    repeat = shape if isinstance(shape, Repeat) else None
    cover = shape if isinstance(shape, Cover) else None
    state = bool(shape.each or (cover and cover.last))
    return (
        repeat.at_least if repeat else 0,
        _miss(shape, w, as_of, state=state),
        _how(shape),
        int(state),
        _PRESENT[duty.present],
        repeat.spaced if repeat else 0,
        cover.at_least if cover else 1,
        cover.share if cover else 1000,
        getattr(shape, "mend", -1) if w.hi >= as_of else -1,
    )


def _sides(shape: Windowed) -> tuple[int | None, ...]:
    """Return the columns from ``low`` to ``const1``, of a ratio."""
    if not isinstance(shape, Ratio):
        return None, None, 0, 0, 0, 0, None, None
    base = shape.of or shape.need
    tables, constants = (_tables(shape.have), _tables(base)), (_constant(shape.have), _constant(base))
    return (*_bounds(shape), int(bool(shape.of)), *tables, *constants)


def _miss(shape: Windowed, w: Window, as_of: int, *, state: bool) -> int:
    """What "not met" means on this day."""
    if state:
        return OVERDUE if w.hi >= as_of else MISSED
    if isinstance(shape, Never):
        return MISSED
    return DUE if as_of <= w.due else OVERDUE if as_of <= w.closes else MISSED


def _map(tables: Tables, signal: int, part: int, cal: int, slot: int, shape: Windowed, w: Window) -> None:
    """Say on which days deeds of a signal count towards a slot: those of the window, and those that make good."""
    latest, fine = w.closes if shape.dated_by else FAR, _FINE.get(_how(shape), 0)
    spans = [(w.lo, min(w.hi, tables.as_of), 0)]
    if shape.make_good:
        spans.append((w.hi + 1, min(w.closes, tables.as_of), 1))
    limit = NO_LIMIT if shape.enter_within is None else shape.enter_within
    for lo, hi, makeup in spans:
        if lo <= hi:
            tables.rows["slotspan"].append((signal, cal, slot, part, lo, hi, makeup, w.due, latest, limit, fine))
            tables.reach(lo, hi)
            if limit != NO_LIMIT:
                tables.enter_within(cal, limit, lo, hi)


def _add_needs(tables: Tables, number: int, shape: Ratio) -> None:
    rows = tables.rows["needpart"]
    for side, parts in ((0, shape.have), (1, shape.of or shape.need)):
        for part in parts:
            if part.trait and not part.table:
                rows.append((number, side, part.trait, -FAR * MINUTES_A_DAY, FAR * MINUTES_A_DAY, 0, 1, 1, 0))
            rows += [
                (number, side, part.trait, s.from_, s.to, s.base, s.add, s.for_every, s.beyond) for s in part.table
            ]


def _how(shape: Windowed) -> int:
    if isinstance(shape, Repeat):
        return DISTINCT if shape.distinct else SPACED if shape.spaced else COUNT
    return {Cover: COVER, Never: NEVER, Ratio: RATIO, Keep: KEEP}[type(shape)]


def _deed_signals(signals: Signals, shape: Windowed, *, verified: bool) -> list[tuple[int, int]]:
    """Return (signal, part) of what the duty counts."""

    def signal(deed: Deed, *, key: str = "''", amount: str = "1", join: str = "") -> int:
        return signals.deed(
            deed,
            key=key,
            amount=amount,
            join=join,
            day=signals.day(deed, shape.dated_by),
            made_good=shape.make_good,
            verified=verified,
        )

    if isinstance(shape, Repeat):
        key = signals.text(shape.deed, shape.distinct) if shape.distinct else "''"
        return [(signal(shape.deed, key=key, amount=signals.amount(shape.deed, shape.sum)), 0)]
    if isinstance(shape, Cover) and shape.deed:
        kinds = [shape.deed.record.partition(".")[0]] if shape.deed.record else [shape.deed.case]
        key, join = signals.member_key(shape, kinds[0])
        return [(signal(shape.deed, key=key, join=join), 0)]
    if isinstance(shape, Never) and shape.deed:
        return [(signal(shape.deed), 0)]
    if isinstance(shape, Ratio):
        sides = [(p, 0) for p in shape.have] + [(p, 1) for p in shape.of or shape.need]
        return [(signal(p.deed, amount=signals.amount(p.deed, p.sum)), side) for p, side in sides if p.deed]
    return []


def _state_signals(signals: Signals, duty: Duty, shape: Windowed) -> list[tuple[int, int]]:
    """Return (signal, side) of what must stand, or must not."""
    if isinstance(shape, Keep):
        return [(signals.entry(shape.every, duty, good=shape.holds, until=shape.valid), 0)]
    if isinstance(shape, Never) and shape.entry:
        return [(signals.entry(shape.entry, duty), 0)]
    if isinstance(shape, Cover) and shape.entry:
        key, join = signals.member_key(shape, shape.entry.entry)
        return [(signals.entry(shape.entry, duty, key=key, join=join), 0)]
    if isinstance(shape, Ratio):
        sides = [(p, 0) for p in shape.have] + [(p, 1) for p in shape.of or shape.need]
        return [(signals.entry(p.entry, duty, sum_=p.sum), side) for p, side in sides if p.entry]
    return []


def _bounds(ratio: Ratio) -> tuple[int | None, int | None, int]:
    low = ratio.at_least if ratio.at_least is not None else (None if ratio.at_most is not None else 1000)
    return low, ratio.at_most, 1 if ratio.more_than else -1 if ratio.less_than else 0


def _tables(parts: Sequence[Part]) -> int:
    return sum(1 for p in parts if not p.deed and not p.entry and p.constant is None)


def _constant(parts: Sequence[Part]) -> int | None:
    constants = [p.constant for p in parts if p.constant is not None]
    return sum(constants) if constants else None
