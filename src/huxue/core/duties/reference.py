"""The reference evaluator: one bearer, one duty, one period at a time, straight from the facts.

It is the specification. It shares with the compiled program only the calendar and ``window``; everything else is said
twice on purpose. It also answers "why" (``explain``), so every verdict carries the facts it counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from huxue.core.duties.answers import respond
from huxue.core.duties.history import CalendarsLike, History
from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Keep, Never, Part, Ratio, Repeat, Respond, Windowed
from huxue.core.duties.spans import EntrySpan
from huxue.core.duties.standing import Standing, Status
from huxue.core.duties.verdict import Verdict
from huxue.core.duties.window import Window, windows
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, day_of, end_of_day


def evaluate(
    rulebook: Rulebook, calendars: CalendarsLike, facts: Iterable[Fact], *, as_of: int, known_at: int
) -> list[Standing]:
    """Return every standing on the day ``as_of`` as known on the day ``known_at``, sorted."""
    history = History(rulebook, calendars, facts, as_of=as_of, known_at=known_at)
    return sorted((v.standing for v in verdicts(history)), key=Standing.key)


def verdicts(
    history: History, organisations: Iterable[str] | None = None, duties: Iterable[str] | None = None
) -> Iterator[Verdict]:
    """Yield the verdicts of some organisations and duties (default: all). A duty may stand in several versions."""
    every, codes = history.rulebook.duties.values(), None if duties is None else set(duties)
    chosen = [duty for duty in every if codes is None or duty.code in codes]
    for organisation in organisations if organisations is not None else history.organisations:
        for duty in chosen:
            yield from _verdicts(history, duty, organisation)


def _verdicts(h: History, duty: Duty, org: str) -> Iterator[Verdict]:
    match duty.shape:
        case Repeat() as shape:
            return _repeat(h, duty, shape, org)
        case Respond() as shape:
            return respond(h, duty, shape, org)
        case Keep() as shape:
            return _keep(h, duty, shape, org)
        case Cover() as shape:
            return _cover(h, duty, shape, org)
        case Ratio() as shape:
            return _ratio(h, duty, shape, org)
        case Never() as shape:
            return _never(h, duty, shape, org)


# --- windows ---------------------------------------------------------------------------------------------------------


def _owed_windows(h: History, duty: Duty, shape: Windowed, org: str) -> Iterator[Window]:
    since = max(h.since, h.in_use_from(org))
    for w in windows(duty, h.calendar(org), since, h.as_of):
        if w.lo < h.in_use_from(org):
            continue
        if h.bears(duty, org, min(w.hi, h.as_of)) if _is_state(shape) else _present(h, duty, org, w):
            yield w


def _is_state(shape: Windowed) -> bool:
    return bool(shape.each or (isinstance(shape, Cover) and shape.last))


def _present(h: History, duty: Duty, org: str, w: Window) -> bool:
    if duty.present == "due-day":
        return h.bears(duty, org, w.due)
    days = h.days_as_bearer(duty, org, w.lo, w.hi)
    length = w.hi - w.lo + 1
    return days == length if duty.present == "whole" else 2 * days >= length


def _within(h: History, duty: Duty, shape: Windowed, org: str, w: Window, deed: Deed) -> Iterator[tuple[Fact, bool]]:
    """Yield the deeds that count in a window, each with whether it was in time."""
    for fact in h.deeds(deed, org) if shape.dated_by else h.deeds(deed, org, w.lo, max(w.hi, w.closes)):
        if duty.counts == "verified" and not h.is_verified(fact):
            continue
        day = _deed_day(fact, shape.dated_by)
        if day is None or (shape.dated_by and fact.day > w.closes) or _entered_late(h, shape, org, fact):
            continue
        made_good = fact.makeup and shape.make_good  # elsewhere the mark means nothing: a deed counts by its date
        if w.lo <= day <= min(w.hi, h.as_of) and not made_good:
            yield fact, fact.recorded_day <= w.due
        elif made_good and w.hi < day <= min(w.closes, h.as_of):
            yield fact, False


def _entered_late(h: History, shape: Windowed, org: str, fact: Fact) -> bool:
    limit = shape.enter_within
    return limit is not None and h.calendar(org).workdays_between(fact.day, fact.recorded_day) > limit


def _deed_day(fact: Fact, dated_by: str) -> int | None:
    if not dated_by:
        return fact.day
    value = fact.fields.get(dated_by)
    return day_of(date.fromisoformat(value[:10])) if value else None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a window was found to hold, judged by the duty's own measure."""

    ok: bool
    have: int
    need: int
    on_time: bool = True
    verified: bool | None = None  # None where no deed is counted
    mending: bool = False
    happened: bool = False  # what must never happen cannot be undone
    counted: tuple[Fact, ...] = ()
    spans: tuple[EntrySpan, ...] = ()
    missing: tuple[str, ...] = ()


def _verdict(h: History, duty: Duty, shape: Windowed, org: str, w: Window, found: _Found) -> Verdict:
    excuse = None if found.ok else h.excuse(org, duty.code, w.due)
    standing = Standing(
        organisation=org,
        duty=duty.code,
        period=w.key,
        status="excused" if excuse else _status(h, shape, w, found),
        on_time=found.ok and found.on_time,
        verified=None if found.verified is None else found.ok and found.verified,
        have=found.have,
        need=found.need,
        due=end_of_day(w.due),
        provisional=w.provisional,
    )
    return Verdict(standing, duty, w, counted=found.counted, spans=found.spans, missing=found.missing, excuse=excuse)


def _status(h: History, shape: Windowed, w: Window, found: _Found) -> Status:
    if found.ok:
        return "met"
    if found.happened:
        return "missed"
    if _is_state(shape):
        return "missed" if w.hi < h.as_of else "due" if found.mending else "overdue"
    return "due" if h.as_of <= w.due else "overdue" if h.as_of <= w.closes else "missed"


# --- the five shapes that have windows -------------------------------------------------------------------------------


def _repeat(h: History, duty: Duty, shape: Repeat, org: str) -> Iterator[Verdict]:
    for w in _owed_windows(h, duty, shape, org):
        deeds = list(_within(h, duty, shape, org, w, shape.deed))
        n = _amount(shape, [f for f, _ in deeds])
        found = _Found(
            ok=n >= shape.at_least,
            have=n,
            need=shape.at_least,
            on_time=_amount(shape, [f for f, in_time in deeds if in_time]) >= shape.at_least,
            verified=_amount(shape, [f for f, _ in deeds if h.is_verified(f)]) >= shape.at_least,
            counted=tuple(f for f, _ in deeds),
        )
        yield _verdict(h, duty, shape, org, w, found)


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


def _keep(h: History, duty: Duty, shape: Keep, org: str) -> Iterator[Verdict]:
    for w in _owed_windows(h, duty, shape, org):
        snap = min(w.hi, h.as_of)
        spans = h.standing_entries(shape.every, org, snap, duty)
        if not spans:
            continue
        lapses = [(s, _lapse(h, duty, org, shape, s, snap)) for s in spans]
        bad = [s for s, lapse in lapses if lapse is not None]
        first = min((lapse for _, lapse in lapses if lapse is not None), default=FAR)
        found = _Found(
            ok=not bad,
            have=len(spans) - len(bad),
            need=len(spans),
            mending=shape.mend >= 0 and snap <= first + shape.mend,
            spans=tuple(bad or spans),
        )
        yield _verdict(h, duty, shape, org, w, found)


def _lapse(h: History, duty: Duty, org: str, shape: Keep, span: EntrySpan, snap: int) -> int | None:
    """The last good day of an entry that is not good on ``snap``; ``None`` while it is good."""
    if shape.valid:
        value = span.fact.fields.get(shape.valid)
        until = day_of(date.fromisoformat(value)) if value else span.lo - 1
        return None if until >= snap else until
    holds = shape.holds
    if holds is None or h.holds(holds, span.fact):
        return None
    return h.run_start(span, shape.every, org, duty, lambda f: not h.holds(holds, f)) - 1


def _cover(h: History, duty: Duty, shape: Cover, org: str) -> Iterator[Verdict]:
    for w in _owed_windows(h, duty, shape, org):
        members = h.members(shape.members, org, min(w.hi, h.as_of))
        if members:
            done = _done(h, duty, shape, org, w, members)
            yield _verdict(h, duty, shape, org, w, _covered(h, shape, done))


def _done(
    h: History, duty: Duty, shape: Cover, org: str, w: Window, members: set[str]
) -> dict[str, list[tuple[Fact, bool]]]:
    """Return for every member the deeds or entries that name it, each with whether it was in time."""
    hits: Iterable[tuple[Fact, bool]] = ()
    if shape.deed:
        hits = _within(h, duty, shape, org, w, shape.deed)
    elif shape.entry:
        hits = ((s.fact, True) for s in h.standing_entries(shape.entry, org, min(w.hi, h.as_of), duty))
    done: dict[str, list[tuple[Fact, bool]]] = {m: [] for m in members}
    for fact, in_time in hits:
        for member in h.member_keys(shape, fact) & members:
            done[member].append((fact, in_time))
    return done


def _covered(h: History, shape: Cover, done: dict[str, list[tuple[Fact, bool]]]) -> _Found:
    def covered(keep: Callable[[Fact, bool], bool]) -> int:
        return sum(1 for hits in done.values() if sum(keep(f, t) for f, t in hits) >= shape.at_least)

    need = -(-len(done) * shape.share // 1000)
    n = covered(lambda _f, _t: True)
    return _Found(
        ok=n >= need,
        have=n,
        need=need,
        on_time=covered(lambda _f, t: t) >= need,
        verified=covered(lambda f, _t: h.is_verified(f)) >= need if shape.deed else None,
        counted=tuple(f for hits in done.values() for f, _ in hits),
        missing=tuple(sorted(m for m, hits in done.items() if len(hits) < shape.at_least)),
    )


def _never(h: History, duty: Duty, shape: Never, org: str) -> Iterator[Verdict]:
    for w in _owed_windows(h, duty, shape, org):
        if shape.deed:
            facts = tuple(f for f, _ in _within(h, duty, shape, org, w, shape.deed))
            found = _Found(ok=not facts, have=len(facts), need=0, happened=bool(facts), counted=facts)
            yield _verdict(h, duty, shape, org, w, found)
        elif shape.entry:
            yield _verdict(h, duty, shape, org, w, _still_there(h, duty, shape, shape.entry, org, min(w.hi, h.as_of)))


def _still_there(h: History, duty: Duty, shape: Never, entry: Entry, org: str, snap: int) -> _Found:
    spans = h.standing_entries(entry, org, snap, duty)
    since = min((h.run_start(s, entry, org, duty, lambda _f: True) for s in spans), default=FAR)
    mending = shape.mend >= 0 and snap <= since - 1 + shape.mend  # counted from the last good day, as for keep
    return _Found(ok=not spans, have=len(spans), need=0, mending=mending, spans=tuple(spans))


def _ratio(h: History, duty: Duty, shape: Ratio, org: str) -> Iterator[Verdict]:
    owed = set(_owed_windows(h, duty, shape, org))
    before: int | None = None
    for w in windows(duty, h.calendar(org), h.since, h.as_of):
        have = _value(h, duty, shape, org, w, shape.have)
        previous, before = before, have.total
        judged = _judge(h, duty, shape, org, w, previous)
        if w not in owed or judged is None:
            continue
        test, need = judged
        found = _Found(
            ok=test(have.total or 0),
            have=have.total or 0,
            need=need,
            on_time=_is_state(shape) or test(have.in_time),
            verified=None if _is_state(shape) or _only_bounds_above(shape) else test(have.verified),
            counted=have.facts,
            spans=have.spans,
        )
        yield _verdict(h, duty, shape, org, w, found)


def _only_bounds_above(shape: Ratio) -> bool:
    """Where less is better, verified deeds alone say nothing."""
    return bool(shape.less_than) or (shape.at_most is not None and shape.at_least is None)


def _judge(
    h: History, duty: Duty, shape: Ratio, org: str, w: Window, previous: int | None
) -> tuple[Callable[[int], bool], int] | None:
    """Return the test that ``have`` must pass and the bound it names; ``None``: nothing to compare with, no row."""
    if shape.more_than or shape.less_than:
        if previous is None:
            return None
        return (lambda n: n > previous, previous + 1) if shape.more_than else (lambda n: n < previous, previous - 1)
    base = _value(h, duty, shape, org, w, shape.of or shape.need).total
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
    spans: tuple[EntrySpan, ...] = ()

    def add(self, amount: int, *, in_time: bool = True, verified: bool = True) -> None:
        self.total = (self.total or 0) + amount
        self.in_time += amount * in_time
        self.verified += amount * verified


def _value(h: History, duty: Duty, shape: Ratio, org: str, w: Window, parts: tuple[Part, ...]) -> _Sum:
    total, snap = _Sum(), min(w.hi, h.as_of)
    for part in parts:
        if part.deed:
            for fact, in_time in _within(h, duty, shape, org, w, part.deed):
                total.add(_part(part, fact), in_time=in_time, verified=h.is_verified(fact))
                total.facts += (fact,)
        elif part.entry:
            for span in h.standing_entries(part.entry, org, snap, duty):
                total.add(_part(part, span.fact))
                total.spans += (span,)
        else:
            n = part.constant if part.constant is not None else h.need(part, org, snap)
            if n is None:
                return _Sum()
            total.add(n)
    return total


def _part(part: Part, fact: Fact) -> int:
    return int(fact.fields.get(part.sum) or 0) if part.sum else 1
