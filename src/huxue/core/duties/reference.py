"""The reference evaluator: one bearer, one duty, one period at a time, straight from the facts.

It is the specification. It shares with the compiled program only the calendar and ``window``; everything else is said
twice on purpose. It also answers "why" (``explain``), so every verdict carries the facts it counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from huxue.core.duties.history import CalendarsLike, EntrySpan, History
from huxue.core.duties.shapes import Cover, Deed, Duty, Keep, Never, Part, Ratio, Repeat, Respond, Windowed
from huxue.core.duties.standing import Standing, Status
from huxue.core.duties.window import Window, windows
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, day_of, end_of_day


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
    set_aside: tuple[tuple[Fact, str], ...] = field(default=())  # deeds that did not count, and why


def evaluate(
    rulebook: Rulebook, calendars: CalendarsLike, facts: Iterable[Fact], *, as_of: int, known_at: int
) -> list[Standing]:
    """Return every standing on the day ``as_of`` as known on the day ``known_at``, sorted."""
    history = History(rulebook, calendars, facts, as_of=as_of, known_at=known_at)
    return sorted((v.standing for v in verdicts(history)), key=Standing.key)


def verdicts(
    history: History, organisations: Iterable[str] | None = None, duties: Iterable[str] | None = None
) -> Iterator[Verdict]:
    """Yield the verdicts of some organisations and duties (default: all)."""
    chosen = [history.rulebook.duties[d] for d in duties] if duties is not None else history.rulebook.duties.values()
    for organisation in organisations if organisations is not None else history.organisations:
        for duty in chosen:
            yield from _EVALUATE[type(duty.shape)](history, duty, organisation)


# --- windows -----------------------------------------------------------------------------------------------------


def _owed_windows(h: History, duty: Duty, org: str) -> Iterator[Window]:
    since = max(h.since, h.in_use_from(org))
    is_state = _is_state(duty)
    for w in windows(duty, h.calendar(org), since, h.as_of):
        snap = min(w.hi, h.as_of)
        if w.lo < h.in_use_from(org):
            continue
        if h.bears(duty, org, snap) if is_state else _present(h, duty, org, w):
            yield w


def _is_state(duty: Duty) -> bool:
    return bool(getattr(duty.shape, "each", "") or getattr(duty.shape, "last", 0))


def _present(h: History, duty: Duty, org: str, w: Window) -> bool:
    if duty.present == "due-day":
        return h.bears(duty, org, w.due)
    days = h.days_as_bearer(duty, org, w.lo, w.hi)
    length = w.hi - w.lo + 1
    return days == length if duty.present == "whole" else 2 * days >= length


def _within(h: History, duty: Duty, org: str, w: Window, deed: Deed) -> Iterator[tuple[Fact, bool]]:
    """Yield the deeds that count in a window, each with whether it was in time."""
    shape = duty.shape
    assert isinstance(shape, Windowed)  # noqa: S101 - narrows the type
    calendar = h.calendar(org)
    for fact in h.deeds(deed, org):
        if duty.counts == "verified" and not h.is_verified(fact):
            continue
        day = _deed_day(h, fact, shape)
        if day is None or (shape.dated_by and fact.day > w.closes):
            continue
        if (
            shape.enter_within is not None
            and calendar.workdays_between(fact.day, fact.recorded_day) > shape.enter_within
        ):
            continue
        if w.lo <= day <= min(w.hi, h.as_of) and not fact.makeup:
            yield fact, fact.recorded_day <= w.due
        elif shape.make_good and fact.makeup and w.hi < day <= min(w.closes, h.as_of):
            yield fact, False


def _deed_day(h: History, fact: Fact, shape: Windowed) -> int | None:
    if not shape.dated_by:
        return fact.day
    value = fact.fields.get(shape.dated_by)
    return day_of(date.fromisoformat(value[:10])) if value else None


def _standing(
    h: History,
    duty: Duty,
    org: str,
    w: Window,
    *,
    ok: bool,
    have: int,
    need: int,
    on_time: bool = True,
    verified: bool | None = None,
    mending: bool = False,
    happened: bool = False,
) -> tuple[Standing, Fact | None]:
    status: Status
    if ok:
        status = "met"
    elif happened:
        status = "missed"
    elif _is_state(duty):
        status = "due" if mending and w.hi >= h.as_of else "overdue" if w.hi >= h.as_of else "missed"
    else:
        status = "due" if h.as_of <= w.due else "overdue" if h.as_of <= w.closes else "missed"
    excuse = None if ok else h.excuse(org, duty.code, w.due)
    return (
        Standing(
            org,
            duty.code,
            w.key,
            "excused" if excuse else status,
            ok and on_time,
            verified if ok else _unmet(verified),
            have,
            need,
            end_of_day(w.due),
            w.provisional,
        ),
        excuse,
    )


def _unmet(verified: bool | None) -> bool | None:
    return None if verified is None else False


# --- the six shapes ------------------------------------------------------------------------------------------------


def _repeat(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Repeat)  # noqa: S101
    for w in _owed_windows(h, duty, org):
        deeds = list(_within(h, duty, org, w, shape.deed))
        n = _amount(shape, [f for f, _ in deeds])
        in_time = _amount(shape, [f for f, t in deeds if t])
        verified = _amount(shape, [f for f, _ in deeds if h.is_verified(f)])
        s, excuse = _standing(
            h,
            duty,
            org,
            w,
            ok=n >= shape.at_least,
            have=n,
            need=shape.at_least,
            on_time=in_time >= shape.at_least,
            verified=verified >= shape.at_least,
        )
        yield Verdict(s, duty, w, counted=tuple(f for f, _ in deeds), excuse=excuse)


def _amount(shape: Repeat, facts: list[Fact]) -> int:
    if shape.sum:
        return sum(f.fields.get(shape.sum) or 0 for f in facts)
    if shape.distinct:
        return len({str(f.fields[shape.distinct]) for f in facts if f.fields.get(shape.distinct) is not None})
    if shape.spaced:
        n, last = 0, -FAR
        for day in sorted(f.day for f in facts):
            if day >= last + shape.spaced:
                n, last = n + 1, day
        return min(n, 4)  # the program unrolls four
    return len(facts)


def _respond(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Respond)  # noqa: S101
    since = max(h.since, h.in_use_from(org), duty.in_force[0])

    lifts, moves = _ordered(h, shape.lifted_by, org), _ordered(h, shape.moved_by, org)
    answers = [f for f in _ordered(h, shape.with_, org) if duty.counts != "verified" or h.is_verified(f)]
    for trigger in _ordered(h, shape.to, org):
        if not (since <= trigger.day <= duty.in_force[1] and h.bears(duty, org, trigger.day)):
            continue
        key = _key(h, shape, trigger, is_trigger=True)
        if key is None:
            continue

        answer = next(iter(_later(h, shape, trigger, key, answers)), None)
        lift = next(iter(_later(h, shape, trigger, key, lifts)), None)
        if lift and (not answer or _order(lift) < _order(answer)):
            continue
        moved = [m for m in _later(h, shape, trigger, key, moves) if not answer or _order(m) < _order(answer)]
        due, provisional = _due(h, org, shape, trigger, moved)
        yield _answered(h, duty, org, trigger, answer, due, provisional=provisional)


def _ordered(h: History, deed: Deed | None, org: str) -> list[Fact]:
    return sorted(h.deeds(deed, org), key=_order) if deed else []


def _later(h: History, shape: Respond, trigger: Fact, key: str, facts: list[Fact]) -> list[Fact]:
    return [f for f in facts if _order(f) > _order(trigger) and _key(h, shape, f, is_trigger=False) == key]


def _answered(
    h: History, duty: Duty, org: str, trigger: Fact, answer: Fact | None, due: int, *, provisional: bool
) -> Verdict:
    shape = duty.shape
    assert isinstance(shape, Respond)  # noqa: S101
    closes = h.calendar(org).deadline(due, shape.closes) if shape.closes else FAR * MINUTES_A_DAY
    now = end_of_day(h.as_of)
    status: Status = (
        "met" if answer and answer.at <= closes else "due" if now <= due else "overdue" if now <= closes else "missed"
    )
    excuse = None if status == "met" else h.excuse(org, duty.code, trigger.day)
    met = status == "met"
    standing = Standing(
        org,
        duty.code,
        trigger.id,
        "excused" if excuse else status,
        bool(met and answer and answer.at <= due),
        bool(met and answer and h.is_verified(answer)),
        1 if met else 0,
        1,
        due,
        provisional,
    )
    return Verdict(
        standing, duty, None, counted=(answer,) if answer else (), trigger=trigger, answer=answer, excuse=excuse
    )


def _order(fact: Fact) -> tuple[int, str]:
    return fact.at, fact.id


def _key(h: History, shape: Respond, fact: Fact, *, is_trigger: bool) -> str | None:
    match shape.match:
        case "case":
            return fact.item
        case "reference":
            return fact.item if is_trigger else fact.reference
        case "bearer":
            return ""
        case "holding":
            return fact.item if fact.kind == "holding" else h.holding(fact.post, fact.day)
        case name:
            value = fact.fields.get(name)
            return None if value is None else str(value)


def _due(h: History, org: str, shape: Respond, trigger: Fact, moved: list[Fact]) -> tuple[int, bool]:
    if shape.within.field is not None:
        for fact, name in [*((m, shape.field_of_move) for m in reversed(moved)), (trigger, shape.within.field)]:
            due = _deadline_in(fact, name)
            if due is not None:
                return due, False
        return FAR * MINUTES_A_DAY, False
    for m in reversed(moved):
        due = _deadline_in(m, shape.field_of_move)
        if due is not None:
            return due, False
    calendar = h.calendar(org)
    due = calendar.deadline(trigger.at, shape.within)
    counted = shape.within.workdays is not None or shape.within.school_days is not None
    return due, counted and calendar.is_provisional(trigger.day, due // MINUTES_A_DAY)


def _deadline_in(fact: Fact, name: str) -> int | None:
    """The deadline that a fact carries: of a step, the one left by it; else a date (its last minute) or time field."""
    if name == "deadline" and fact.deadline is not None:
        return fact.deadline
    value = fact.fields.get(name)
    if value is None:
        return None
    if len(value) > len("2026-01-01"):
        moment = datetime.fromisoformat(value)
        return day_of(moment.date()) * MINUTES_A_DAY + moment.hour * 60 + moment.minute
    return end_of_day(day_of(date.fromisoformat(value)))


def _keep(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Keep)  # noqa: S101
    for w in _owed_windows(h, duty, org):
        snap = min(w.hi, h.as_of)
        spans = h.standing_entries(shape.every, org, snap, duty)
        if not spans:
            continue
        lapses = [(s, _lapse(h, duty, org, shape, s, snap)) for s in spans]
        bad = [s for s, lapse in lapses if lapse is not None]
        first = min((lapse for _, lapse in lapses if lapse is not None), default=FAR)
        st, excuse = _standing(
            h,
            duty,
            org,
            w,
            ok=not bad,
            have=len(spans) - len(bad),
            need=len(spans),
            mending=shape.mend >= 0 and snap <= first + shape.mend,
        )
        yield Verdict(st, duty, w, spans=tuple(bad or spans), excuse=excuse)


def _lapse(h: History, duty: Duty, org: str, shape: Keep, span: EntrySpan, snap: int) -> int | None:
    """The last good day of an entry that is not good on ``snap``; ``None`` while it is good."""
    if shape.valid:
        value = span.fact.fields.get(shape.valid)
        until = day_of(date.fromisoformat(value)) if value else span.lo - 1
        return None if until >= snap else until
    holds = shape.holds
    assert holds is not None  # noqa: S101
    if h.holds(holds, span.fact):
        return None
    return h.run_start(span, shape.every, org, duty, lambda f: not h.holds(holds, f)) - 1


def _cover(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Cover)  # noqa: S101
    for w in _owed_windows(h, duty, org):
        snap = min(w.hi, h.as_of)
        members = h.members(shape.members, org, snap)
        if not members:
            continue
        need = -(-len(members) * shape.share // 1000)
        done: dict[str, list[tuple[Fact, bool]]] = {m: [] for m in members}
        if shape.deed:
            for fact, in_time in _within(h, duty, org, w, shape.deed):
                for member in h.member_keys(shape, fact) & members:
                    done[member].append((fact, in_time))
        elif shape.entry:
            for span in h.standing_entries(shape.entry, org, snap, duty):
                for member in h.member_keys(shape, span.fact) & members:
                    done[member].append((span.fact, True))

        def covered(keep: Callable[[Fact, bool], bool], done: dict[str, list[tuple[Fact, bool]]] = done) -> int:
            return sum(1 for hits in done.values() if sum(keep(f, t) for f, t in hits) >= shape.at_least)

        n = covered(lambda _f, _t: True)
        st, excuse = _standing(
            h,
            duty,
            org,
            w,
            ok=n >= need,
            have=n,
            need=need,
            on_time=covered(lambda _f, t: t) >= need,
            verified=covered(lambda f, _t: h.is_verified(f)) >= need if shape.deed else None,
        )
        missing = tuple(sorted(m for m, hits in done.items() if len(hits) < shape.at_least))
        yield Verdict(
            st, duty, w, counted=tuple(f for hits in done.values() for f, _ in hits), missing=missing, excuse=excuse
        )


def _never(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Never)  # noqa: S101
    for w in _owed_windows(h, duty, org):
        if shape.deed:
            facts = tuple(f for f, _ in _within(h, duty, org, w, shape.deed))
            st, excuse = _standing(h, duty, org, w, ok=not facts, have=len(facts), need=0, happened=bool(facts))
            yield Verdict(st, duty, w, counted=facts, excuse=excuse)
            continue
        entry = shape.entry
        assert entry is not None  # noqa: S101
        snap = min(w.hi, h.as_of)
        spans = h.standing_entries(entry, org, snap, duty)
        since = min((h.run_start(s, entry, org, duty, lambda _f: True) for s in spans), default=FAR)
        st, excuse = _standing(
            h,
            duty,
            org,
            w,
            ok=not spans,
            have=len(spans),
            need=0,
            mending=shape.mend >= 0 and snap <= since + shape.mend,
        )
        yield Verdict(st, duty, w, spans=tuple(spans), excuse=excuse)


def _ratio(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    shape = duty.shape
    assert isinstance(shape, Ratio)  # noqa: S101
    owed = set(_owed_windows(h, duty, org))
    before: int | None = None
    for w in windows(duty, h.calendar(org), h.since, h.as_of):
        have = _value(h, duty, org, w, shape.have)
        previous, before = before, have.total
        judged = _judge(h, duty, org, w, previous)
        if w not in owed or judged is None:
            continue
        test, need = judged
        st, excuse = _standing(
            h,
            duty,
            org,
            w,
            ok=test(have.total or 0),
            have=have.total or 0,
            need=need,
            on_time=_is_state(duty) or test(have.in_time),
            verified=None if _is_state(duty) else test(have.verified),
        )
        yield Verdict(st, duty, w, counted=have.facts, excuse=excuse)


def _judge(
    h: History, duty: Duty, org: str, w: Window, previous: int | None
) -> tuple[Callable[[int], bool], int] | None:
    """Return the test that ``have`` must pass and the bound it names; ``None``: nothing to compare with, no row."""
    shape = duty.shape
    assert isinstance(shape, Ratio)  # noqa: S101
    if shape.more_than or shape.less_than:
        if previous is None:
            return None
        return (lambda n: n > previous, previous + 1) if shape.more_than else (lambda n: n < previous, previous - 1)
    base = _value(h, duty, org, w, shape.of or shape.need).total
    if base is None or (shape.of and base <= 0):
        return None
    low = shape.at_least if shape.at_least is not None else (None if shape.at_most is not None else 1000)
    high = shape.at_most
    need = -(-base * low // 1000) if low is not None else base * (high or 0) // 1000
    return lambda n: (low is None or n * 1000 >= base * low) and (high is None or n * 1000 <= base * high), need


@dataclass(slots=True)
class _Sum:
    total: int | None = None  # None: a trait or table says nothing, or nothing was done at all
    in_time: int = 0
    verified: int = 0
    facts: tuple[Fact, ...] = ()

    def add(self, amount: int, *, in_time: bool = True, verified: bool = True) -> None:
        self.total = (self.total or 0) + amount
        self.in_time += amount * in_time
        self.verified += amount * verified


def _value(h: History, duty: Duty, org: str, w: Window, parts: tuple[Part, ...]) -> _Sum:
    total, snap = _Sum(), min(w.hi, h.as_of)
    for part in parts:
        if part.deed:
            for fact, in_time in _within(h, duty, org, w, part.deed):
                total.add(_part(part, fact), in_time=in_time, verified=h.is_verified(fact))
                total.facts += (fact,)
        elif part.entry:
            for span in h.standing_entries(part.entry, org, snap, duty):
                total.add(_part(part, span.fact))
        else:
            n = part.constant if part.constant is not None else h.need(part, org, snap)
            if n is None:
                return _Sum()
            total.add(n)
    return total


def _part(part: Part, fact: Fact) -> int:
    return int(fact.fields.get(part.sum) or 0) if part.sum else 1


_EVALUATE: dict[type, Callable[[History, Duty, str], Iterator[Verdict]]] = {
    Repeat: _repeat,
    Respond: _respond,
    Keep: _keep,
    Cover: _cover,
    Ratio: _ratio,
    Never: _never,
}
