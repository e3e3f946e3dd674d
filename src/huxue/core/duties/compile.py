"""A rulebook, its calendars and a date become small tables, and two lists of filters (``signals``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.shapes import Cover, Deed, Duty, Keep, Never, Part, Ratio, Repeat, Respond, Span, Windowed
from huxue.core.duties.signals import Column, Signals
from huxue.core.duties.standing import DUE, MISSED, OVERDUE
from huxue.core.duties.window import CalendarLike, Window, windows
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, end_of_day

COUNT, SPACED, DISTINCT, COVER, NEVER, RATIO, KEEP = range(7)
_PRESENT = {"most": 0, "whole": 1, "due-day": 2}
_LOOK_BACK = 400  # days before the first window for which deadlines are looked up

TABLES: dict[str, tuple[str, ...]] = {
    "slots": (
        "slot",
        "cal",
        "duty",
        "idx",
        "lo",
        "hi",
        "snap",
        "due",
        "closes",
        "need",
        "miss",
        "how",
        "is_state",
        "present",
        "spaced",
        "at_least",
        "share",
        "mend",
        "prev",
        "low",
        "high",
        "cmp",
        "base_need",
        "parts0",
        "parts1",
        "const0",
        "const1",
        "provisional",
    ),
    "slotmap": ("signal", "cal", "day", "makeup", "slot", "part", "due", "max_rday", "latest"),
    "stateslot": ("slot", "cal", "signal", "side", "snap"),
    "needpart": ("duty", "side", "trait", "lo", "hi", "base", "step", "every", "beyond"),
    "respond": (
        "duty",
        "to_signal",
        "with_signal",
        "lift_signal",
        "move_signal",
        "by_field",
        "hours",
        "lo",
        "hi",
        "closes_days",
        "closes_how",
    ),
    "after": ("duty", "cal", "what", "day", "due", "provisional"),
}


@dataclass(slots=True)
class Compiled:
    """What one rulebook compiles to for one as-of day: rows by table (columns in ``TABLES``), keys, generated text."""

    duties: list[Duty]
    rows: dict[str, list[tuple[object, ...]]]
    keys: list[str]  # period key by slot
    deeds: str
    spans: str
    app: str
    member: str
    columns: frozenset[Column]
    traits: frozenset[Column]
    as_of: int
    since: int


@dataclass(slots=True)
class _Compiler:
    rulebook: Rulebook
    calendars: Sequence[CalendarLike]
    since: int
    as_of: int
    signals: Signals
    rows: dict[str, list[tuple[object, ...]]] = field(default_factory=lambda: {name: [] for name in TABLES})
    keys: list[str] = field(default_factory=list)

    # --- counting and standing duties ----------------------------------------------------------------------------------

    def windowed(self, number: int, duty: Duty) -> None:
        shape = duty.shape
        assert isinstance(shape, Windowed)  # noqa: S101 - narrows the type
        deeds, states = _deed_signals(self.signals, duty), _state_signals(self.signals, duty)
        if isinstance(shape, Ratio):
            self._needparts(number, shape)
        for cal, calendar in enumerate(self.calendars):
            previous = -1
            for idx, window in enumerate(windows(duty, calendar, self.since, self.as_of)):
                slot = len(self.keys)
                self.keys.append(window.key)
                self.rows["slots"].append(self._slot(slot, cal, number, idx, duty, window, previous))
                for signal, part in deeds:
                    self._map(signal, part, cal, calendar, slot, shape, window)
                self.rows["stateslot"] += [
                    (slot, cal, signal, side, min(window.hi, self.as_of)) for signal, side in states
                ]
                previous = slot

    def _slot(self, slot: int, cal: int, number: int, idx: int, duty: Duty, w: Window, prev: int) -> tuple[object, ...]:
        shape = duty.shape
        state = bool(getattr(shape, "each", "") or getattr(shape, "last", 0))
        repeat = shape if isinstance(shape, Repeat) else None
        cover = shape if isinstance(shape, Cover) else None
        ratio = shape if isinstance(shape, Ratio) else None
        low, high, compares = _bounds(ratio)
        return (
            slot,
            cal,
            number,
            idx,
            w.lo,
            w.hi,
            min(w.hi, self.as_of),
            w.due,
            w.closes,
            repeat.at_least if repeat else 0,
            self._miss(duty, w, state=state),
            _how(duty),
            int(state),
            _PRESENT[duty.present],
            repeat.spaced if repeat else 0,
            cover.at_least if cover else 1,
            cover.share if cover else 1000,
            getattr(shape, "mend", -1) if w.hi >= self.as_of else -1,
            prev,
            low,
            high,
            compares,
            int(bool(ratio and ratio.of)),
            _tables(ratio.have) if ratio else 0,
            _tables(ratio.of or ratio.need) if ratio else 0,
            _constant(ratio.have) if ratio else None,
            _constant(ratio.of or ratio.need) if ratio else None,
            int(w.provisional),
        )

    def _miss(self, duty: Duty, w: Window, *, state: bool) -> int:
        """What "not met" means on this day."""
        if state:
            return OVERDUE if w.hi >= self.as_of else MISSED
        if isinstance(duty.shape, Never):
            return MISSED
        return DUE if self.as_of <= w.due else OVERDUE if self.as_of <= w.closes else MISSED

    def _map(
        self, signal: int, part: int, cal: int, calendar: CalendarLike, slot: int, shape: Windowed, w: Window
    ) -> None:
        """Say for each day which deeds of a signal count towards a slot."""
        rows, limit = self.rows["slotmap"], shape.enter_within
        latest = w.closes if shape.dated_by else FAR

        def entered_by(day: int) -> int:
            # an entry on a free day is as late as the workday before it: the limit ends where the next workday begins
            return calendar.add_workdays(day, limit + 1) - 1 if limit is not None else FAR

        rows += [
            (signal, cal, day, 0, slot, part, w.due, entered_by(day), latest)
            for day in range(w.lo, min(w.hi, self.as_of) + 1)
        ]
        if shape.make_good:
            end = min(w.closes, self.as_of)
            rows += [
                (signal, cal, day, 1, slot, part, w.due, entered_by(day), latest) for day in range(w.hi + 1, end + 1)
            ]

    def _needparts(self, number: int, shape: Ratio) -> None:
        for side, parts in ((0, shape.have), (1, shape.of or shape.need)):
            for part in parts:
                if part.trait and not part.table:
                    self.rows["needpart"].append(
                        (number, side, part.trait, -FAR * MINUTES_A_DAY, FAR * MINUTES_A_DAY, 0, 1, 1, 0)
                    )
                for s in part.table:
                    self.rows["needpart"].append(
                        (number, side, part.trait, s.from_, s.to, s.base, s.add, s.for_every, s.beyond)
                    )

    # --- triggers --------------------------------------------------------------------------------------------------------

    def respond(self, number: int, duty: Duty) -> None:
        shape = duty.shape
        assert isinstance(shape, Respond)  # noqa: S101
        by_field = shape.within.field is not None

        def signal(
            deed: Deed | None, *, trigger: bool = False, amount: str = "CAST(NULL AS BIGINT)", verified: bool = False
        ) -> int:
            if deed is None:
                return -1
            return self.signals.deed(
                deed, key=_match_key(self.signals, shape, deed, trigger=trigger), amount=amount, verified=verified
            )

        to = signal(
            shape.to,
            trigger=True,
            amount=self.signals.minute(shape.to, shape.within.field) if shape.within.field else "CAST(NULL AS BIGINT)",
        )
        with_ = signal(shape.with_, verified=duty.counts == "verified")
        move = (
            signal(shape.moved_by, amount=self.signals.minute(shape.moved_by, shape.field_of_move))
            if shape.moved_by
            else -1
        )
        how, days = _closing(shape.closes)
        self.rows["respond"].append(
            (
                number,
                to,
                with_,
                signal(shape.lifted_by),
                move,
                int(by_field),
                shape.within.hours or 0,
                duty.in_force[0],
                duty.in_force[1],
                days,
                how,
            )
        )
        if not by_field and shape.within.hours is None:
            self._after(number, 0, shape.within, self.since)
        if how == _LOOKED_UP and shape.closes:
            self._after(number, 1, shape.closes, self.since - _LOOK_BACK)

    def _after(self, number: int, what: int, span: Span, since: int) -> None:
        counted = span.workdays is not None or span.school_days is not None
        for cal, calendar in enumerate(self.calendars):
            for day in range(since, self.as_of + 1):
                due = calendar.deadline(end_of_day(day), span)
                self.rows["after"].append(
                    (number, cal, what, day, due, int(counted and calendar.is_provisional(day, due // MINUTES_A_DAY)))
                )


_NEVER_CLOSES, _BY_DAYS, _BY_HOURS, _LOOKED_UP = range(4)


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


def _how(duty: Duty) -> int:
    shape = duty.shape
    if isinstance(shape, Repeat):
        return DISTINCT if shape.distinct else SPACED if shape.spaced else COUNT
    return {Cover: COVER, Never: NEVER, Ratio: RATIO, Keep: KEEP}[type(shape)]


def _deed_signals(signals: Signals, duty: Duty) -> list[tuple[int, int]]:
    """Return (signal, part) of what the duty counts."""
    shape, verified = duty.shape, duty.counts == "verified"
    assert isinstance(shape, Windowed)  # noqa: S101

    def signal(deed: Deed, *, key: str = "''", amount: str = "1", join: str = "") -> int:
        return signals.deed(
            deed, key=key, amount=amount, join=join, day=signals.day(deed, shape.dated_by), verified=verified
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


def _state_signals(signals: Signals, duty: Duty) -> list[tuple[int, int]]:
    """Return (signal, side) of what must stand, or must not."""
    shape = duty.shape
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


def _bounds(ratio: Ratio | None) -> tuple[int | None, int | None, int]:
    if ratio is None:
        return None, None, 0
    low = ratio.at_least if ratio.at_least is not None else (None if ratio.at_most is not None else 1000)
    return low, ratio.at_most, 1 if ratio.more_than else -1 if ratio.less_than else 0


def _tables(parts: Sequence[Part]) -> int:
    return sum(1 for p in parts if not p.deed and not p.entry and p.constant is None)


def _constant(parts: Sequence[Part]) -> int | None:
    constants = [p.constant for p in parts if p.constant is not None]
    return sum(constants) if constants else None


def compile_duties(
    rulebook: Rulebook, calendars: CalendarsLike, areas: Sequence[str], *, since: int, as_of: int
) -> Compiled:
    """Compile the duties of a rulebook for one as-of day. ``areas``: the calendars in use, by index (``""`` the default)."""
    signals = Signals(rulebook)
    chosen = [calendars[a] if a else calendars.default for a in areas]
    compiler = _Compiler(rulebook, chosen, since, as_of, signals)
    duties = list(rulebook.duties.values())
    for number, duty in enumerate(duties):
        (compiler.respond if isinstance(duty.shape, Respond) else compiler.windowed)(number, duty)
    app = _union([signals.app(n, d) for n, d in enumerate(duties)], _NO_APP)
    member = _union(
        [signals.member(n, d.shape.members) for n, d in enumerate(duties) if isinstance(d.shape, Cover)], _NO_MEMBER
    )
    deeds = _union([f"SELECT {n} AS signal, {body}" for body, n in signals.deeds.items()], _NO_DEEDS)
    spans = _union([f"SELECT {n} AS signal, {body}" for body, n in signals.spans.items()], _NO_SPANS)
    return Compiled(
        duties,
        compiler.rows,
        compiler.keys,
        deeds,
        spans,
        app,
        member,
        frozenset(signals.columns),
        frozenset(signals.traits),
        as_of,
        since,
    )


_NO_APP = "SELECT o, 0 AS duty, lo, hi FROM trait WHERE 1 = 0"
_NO_MEMBER = "SELECT 0 AS duty, o, '' AS k, lo, hi FROM trait WHERE 1 = 0"
_NO_DEEDS = "SELECT 0 AS signal, 0 AS o, f, day, day AS at_day, at_min, makeup, rday, '' AS k, 1 AS amount, ver FROM live WHERE 1 = 0"
_NO_SPANS = (
    "SELECT 0 AS signal, 0 AS o, f, item, lo, hi, '' AS k, 1 AS amount, 1 AS good, 0 AS till FROM ent WHERE 1 = 0"
)


def _union(selects: Sequence[str], empty: str) -> str:
    return " UNION ALL ".join(selects) if selects else empty
