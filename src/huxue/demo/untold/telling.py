"""The telling: each untold duty by its shape, for every bearer of one government's territory."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product
from typing import Final

from huxue.core.duties.shapes import Cover, Deed, Duty, Keep, Never, Part, Ratio, Repeat, Respond
from huxue.core.duties.window import Window, windows
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.values import date_of
from huxue.demo.pen import Pen
from huxue.demo.untold import registers
from huxue.demo.untold.cases import Path
from huxue.demo.untold.fields import merged, wanted_by
from huxue.demo.untold.records import record
from huxue.demo.untold.stage import Stage, keeps_up, owes
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST, LAST

_GROUP: Final = 10  # schools that one record of a round covers
_CASES: Final = 3  # cases of one duty in one territory


def tell(stage: Stage, place: Place, told: Collection[str], seed: int) -> list[Fact]:
    """Return the facts of a territory for every duty but those ``told``, a generator of its own for each duty."""
    rest = [duty for duty in stage.rulebook.duties.values() if duty.code not in told]
    facts: list[Fact] = []
    for ground in (True, False):  # registers first: what happens refers to them
        for duties in _together([duty for duty in rest if _is_register(duty) == ground]):
            pen = Pen(f"{seed}:{place.government.code}:{duties[0].code}")
            _Teller(pen, stage, place, duties).tell()
            facts += pen.facts
    return facts


def _together(duties: list[Duty]) -> list[list[Duty]]:
    """Return the duties in groups that one record answers: nobody writes the same day's page twice."""
    groups: dict[tuple[object, ...], list[Duty]] = {}
    for duty in duties:
        groups.setdefault(_key(duty), []).append(duty)
    return list(groups.values())


def _key(duty: Duty) -> tuple[object, ...]:
    shape = duty.shape
    if isinstance(shape, Respond) and shape.to.record != "holding.began":
        to = shape.to  # one trigger is answered for every duty that it concerns
        return to.record or to.case, to.step, to.as_, duty.in_force
    plain = isinstance(shape, Repeat) and shape.deed.record and shape.deed.as_ == "by" and shape.at_least == 1
    if not isinstance(shape, Repeat) or not plain or shape.sum or shape.distinct or shape.dated_by or shape.before:
        return (duty.code,)
    choices = tuple(test for test in shape.deed.where.tests() if not isinstance(test.value, bool))  # a kind of drill …
    return shape.deed.record, shape.per, duty.in_force, choices


def _is_register(duty: Duty) -> bool:
    shape = duty.shape
    parts: tuple[Part, ...] = shape.have if isinstance(shape, Ratio) else ()
    entry = isinstance(shape, Cover | Never) and shape.entry is not None
    return isinstance(shape, Keep) or entry or any(part.entry for part in parts)


class _Teller:
    """Duties that one record answers (one, as a rule) in one territory."""

    def __init__(self, pen: Pen, stage: Stage, place: Place, duties: list[Duty]) -> None:
        self.pen, self.stage, self.place, self.duty, self.duties = pen, stage, place, duties[0], duties
        self.bearers = [unit for unit in place.units() if any(owes(duty, unit) for duty in duties)]

    def tell(self) -> None:
        match self.duty.shape:
            case Repeat() as shape:
                self._repeat(shape)
            case Cover() as shape:
                self._cover(shape)
            case Ratio() as shape:
                self._ratio(shape)
            case Respond() as shape:
                self._respond(shape)
            case Keep() as shape:
                for bearer in self.bearers:
                    registers.keep(self.pen, self.stage, shape, bearer)
            case Never() as shape if shape.entry:
                for bearer in self.bearers:
                    registers.never(self.pen, self.stage, shape, bearer)
            case _:
                pass  # what must never happen does not happen here

    def _windows(self) -> Iterator[Window]:
        yield from windows(self.duty, self.stage.calendar, FIRST, LAST)

    def _day(self, w: Window, *, dated: bool) -> int:
        lo, hi = (w.hi + 1, max(w.hi + 1, w.due)) if dated else (w.lo, min(w.hi, w.due, LAST - 2))
        return self.stage.year.workday(self.pen.rng, max(lo, FIRST), max(lo, min(hi, LAST - 1)))

    # --- repeat ------------------------------------------------------------------------------------------------------

    def _repeat(self, shape: Repeat) -> None:
        for w in self._windows():
            if shape.deed.as_ == "by":
                for bearer in self.bearers:
                    if keeps_up(self.pen, bearer, w.lo):
                        self._deeds(shape, bearer, w, self._wanted_besides(bearer))
            else:
                doing = [bearer for bearer in self.bearers if keeps_up(self.pen, bearer, w.lo)]
                for start in range(0, len(doing), _GROUP):
                    self._deed(shape.deed, doing[start : start + _GROUP], w, shape.dated_by)

    def _wanted_besides(self, bearer: Unit) -> dict[str, object]:
        """Return what the other duties that the bearer owes want of the same record."""
        found: dict[str, object] = {}
        for duty in self.duties[1:]:
            kind = self.stage.kind(duty.shape.deed.record) if isinstance(duty.shape, Repeat) else None
            if kind is not None and isinstance(duty.shape, Repeat) and owes(duty, bearer):
                found = merged(found, wanted_by(duty.shape.deed.where, kind, self.stage, bearer).fields)
        return found

    def _deeds(self, shape: Repeat, bearer: Unit, w: Window, besides: dict[str, object]) -> None:
        kind = self.stage.kind(shape.deed.record)
        declared = kind.fields.get(shape.distinct) if kind and shape.distinct else None
        values = list(self.stage.rulebook.lists.get(declared.list, {})) if declared else []
        for n in range(1 if shape.sum else shape.at_least):
            more = dict(besides)
            if shape.sum:
                more[shape.sum] = shape.at_least + self.pen.rng.randrange(3)
            if values:
                more[shape.distinct] = values[n % len(values)]
            if shape.spaced:
                w = Window(w.key, w.lo + n * shape.spaced, w.hi, w.due, w.closes, w.provisional)
            self._deed(shape.deed, [bearer], w, shape.dated_by, more)

    def _deed(
        self, deed: Deed, bearers: list[Unit], w: Window, dated_by: str = "", more: dict[str, object] | None = None
    ) -> Fact | None:  # fmt: skip
        day = self._day(w, dated=bool(dated_by))
        if day >= LAST:
            return None
        if deed.case:
            return self._case(deed, bearers[0], day)
        said = (more or {}) | ({dated_by: date_of(w.hi).isoformat()} if dated_by else {})
        prompt = dated_by or getattr(self.duty.shape, "enter_within", None) is not None
        return record(self.pen, self.stage, deed, bearers, day, said, late=0 if prompt else 1)

    def _case(self, deed: Deed, bearer: Unit, day: int, about: Unit | None = None) -> Fact | None:
        kind = self.stage.kind(deed.case)
        if kind is None:
            return None
        concerned = about or (bearer if deed.as_ == "about" else self._someone(bearer, kind))
        path = Path(self.pen, self.stage, kind, concerned, deed, bearer)
        return path.go(deed.step, day, first=bearer if deed.as_ == "by" else None)

    def _someone(self, bearer: Unit, kind: Kind) -> Unit:
        """Return whom a case of the bearer is about: itself where the kind names nobody else."""
        if "about" not in kind.roles:
            return bearer
        schools = [one for one in self.stage.territory(bearer) if one.type == "school"]
        return self.pen.rng.choice(schools) if schools and bearer.type != "school" else bearer

    # --- cover -------------------------------------------------------------------------------------------------------

    def _cover(self, shape: Cover) -> None:
        for bearer in self.bearers:
            members = registers.members_of(self.pen, self.stage, shape, bearer)
            if shape.entry:
                registers.cover(self.pen, self.stage, shape, bearer, members)
            elif shape.deed and members:
                for w in self._rounds(shape):
                    self._round(shape, shape.deed, bearer, members, w)

    def _rounds(self, shape: Cover) -> Iterator[Window]:
        if not shape.last:
            yield from self._windows()
            return
        for lo in range(LAST - shape.last + 5, FIRST, -shape.last):
            yield Window("", lo, lo + shape.last - 10, lo + shape.last - 10, LAST, provisional=False)

    def _round(self, shape: Cover, deed: Deed, bearer: Unit, members: list[str], w: Window) -> None:
        done = [m for m in members if self.pen.chance(bearer.habit.does + (1 - bearer.habit.does) * 0.7)]
        kind, name = self.stage.kind(deed.record or deed.case), shape.named_by
        if kind is None or (not keeps_up(self.pen, bearer, w.lo) and not self.pen.chance(0.8)):
            return
        role = name in kind.roles or name in ("about", "with", "to")
        many = role and deed.record and (name not in kind.roles or kind.roles[name].many)
        size = _GROUP if many else 1
        for _ in range(shape.at_least):
            for start in range(0, len(done), size):
                self._covered(shape, deed, bearer, done[start : start + size], w)

    def _covered(self, shape: Cover, deed: Deed, bearer: Unit, members: list[str], w: Window) -> None:
        name, day = shape.named_by, self._day(w, dated=bool(shape.dated_by))
        if day >= LAST:
            return
        if deed.case:
            if members[0] in self.stage.units:
                self._case(deed, bearer, day, about=self.stage.units[members[0]])
            return
        more: dict[str, object] = {shape.dated_by: date_of(w.hi).isoformat()} if shape.dated_by else {}
        kind = self.stage.kind(deed.record)
        if kind is not None and name in kind.fields:
            record(self.pen, self.stage, deed, [bearer], day, more | {name: members[0]})
        elif name == "reference":
            record(self.pen, self.stage, deed, [bearer], day, more, reference=members[0])
        elif name == "post":
            record(self.pen, self.stage, deed, [bearer], day, more, post=members[0].partition("/")[2])
        else:
            record(self.pen, self.stage, deed, [bearer], day, more, roles={name: tuple(members)})

    # --- ratio -------------------------------------------------------------------------------------------------------

    def _ratio(self, shape: Ratio) -> None:
        if any(part.entry for part in shape.have):
            for bearer in self.bearers:
                need = registers.need_of(shape.need or shape.of, bearer)
                registers.have(self.pen, self.stage, shape, bearer, 1 if need is None else need)
            return
        have = next((part for part in shape.have if part.deed), None)
        of = next((part for part in shape.of if part.deed), None)
        if have is None or have.deed is None:
            return
        for n, w in enumerate(self._windows()):
            if of is not None and of.deed is not None and of.deed.as_ != have.deed.as_:
                self._present(have.deed, of.deed, w)
                continue
            for bearer in self.bearers:
                if not bearer.silent_from <= w.lo:
                    self._shares(shape, have, of, bearer, w, n)

    def _present(self, have: Deed, of: Deed, w: Window) -> None:
        """One record in which all stand in one role and those who keep up in the other."""
        came = tuple(one.code for one in self.bearers if keeps_up(self.pen, one, w.lo))
        if self.bearers:
            record(self.pen, self.stage, of, self.bearers, self._day(w, dated=False), roles={have.as_: came})

    def _shares(self, shape: Ratio, have: Part, of: Part | None, bearer: Unit, w: Window, n: int) -> None:
        good, day = keeps_up(self.pen, bearer, w.lo), self._day(w, dated=bool(shape.dated_by))
        if day >= LAST or have.deed is None:
            return
        more: dict[str, object] = {shape.dated_by: date_of(w.hi).isoformat()} if shape.dated_by else {}
        if have.sum and of is not None and of.sum:
            whole = max(20, bearer.pupils // 4)
            share = max(shape.at_least or 1000, 900 + n) if good else 700
            more |= {of.sum: whole, have.sum: -(-whole * share // 1000)}
            record(self.pen, self.stage, have.deed, [bearer], day, more)
        elif have.sum:
            need = registers.need_of(shape.need, bearer) or 1
            record(self.pen, self.stage, have.deed, [bearer], day, more | {have.sum: (need if good else need // 2) + n})
        elif of is not None and of.deed is not None:
            deed = have.deed if good else of.deed
            for _ in range(2):
                record(self.pen, self.stage, deed, [bearer], day, more)
        elif good:
            record(self.pen, self.stage, have.deed, [bearer], day, more)

    # --- respond -----------------------------------------------------------------------------------------------------

    def _respond(self, shape: Respond) -> None:
        if shape.to.case:
            for bearer in self._some():
                self._answered_case(shape, bearer)
        elif shape.to.record == "holding.began":
            self._answered_change(shape)
        elif shape.to.record and "." not in shape.to.record:
            self._answered_records(shape)

    def _answered_change(self, shape: Respond) -> None:
        """Answer that somebody took up a post in the course of the year."""
        for bearer in self.bearers if shape.with_.record else ():
            for since, _ in [held for several in bearer.holders.values() for held in several[1:]]:
                good = keeps_up(self.pen, bearer, since)
                on = since + 1 + self._later(shape, good=good)
                if on < LAST and (good or self.pen.chance(0.5)):
                    record(self.pen, self.stage, shape.with_, [bearer], on)

    def _some(self) -> list[Unit]:
        few = [one for one in self.bearers if one.silent_from > LAST]
        return self.pen.rng.sample(few, min(_CASES, len(few)))

    def _begin(self) -> int:
        lo = max(FIRST, self.duty.in_force[0])
        return self.stage.year.workday(self.pen.rng, lo + 5, max(lo + 6, LAST - 45))

    def _answered_records(self, shape: Respond) -> None:
        bearers = self.bearers if shape.to.as_ != "by" else self._some()
        if not bearers:
            return
        for _ in range(2 if shape.to.as_ != "by" else 1):
            day = self._begin()
            groups = [bearers] if shape.to.as_ != "by" else [[one] for one in bearers]
            for group in groups:
                trigger = record(self.pen, self.stage, shape.to, group, day)
                for duty, bearer in product(self.duties, group if trigger else ()):
                    if isinstance(duty.shape, Respond) and owes(duty, bearer):
                        self._answer(duty.shape, bearer, trigger, day)

    def _answer(self, shape: Respond, bearer: Unit, trigger: Fact | None, day: int) -> None:
        good = keeps_up(self.pen, bearer, day)
        on = day + self._later(shape, good=good)
        if trigger is None or on >= LAST - 1 or not shape.with_.record:
            return
        hours = shape.within.hours or 0
        at = trigger.at + 10 + int(self.pen.rng.random() * (hours * 60 - 20)) if hours and good else 0
        if not keeps_up(self.pen, bearer, on):
            return
        more = (
            {shape.match: trigger.fields.get(shape.match)} if shape.match not in ("reference", "bearer", "case") else {}
        )
        record(self.pen, self.stage, shape.with_, [bearer], on, more, reference=trigger.item, at=at)

    def _later(self, shape: Respond, *, good: bool) -> int:
        span = shape.within
        days = span.days or (span.workdays or 0) or (span.school_days or 0) or (span.hours or 0) // 24
        return max(0, int(days * self.pen.rng.random())) if good else days * 2 + 3

    def _answered_case(self, shape: Respond, bearer: Unit) -> None:
        kind = self.stage.kind(shape.to.case)
        if kind is None:
            return
        concerned = bearer if shape.to.as_ == "about" else self._someone(bearer, kind)
        path = Path(self.pen, self.stage, kind, concerned, shape.to, bearer)
        day = self._begin()
        if path.go(shape.to.step, day, first=bearer if shape.to.as_ == "by" else None) is None:
            return
        for duty in self._in_order_of(kind):
            if isinstance(duty.shape, Respond):
                day = self._answer_in(path, duty.shape, bearer, day)
        path.end(day + 1 + self.pen.rng.randrange(10))

    def _answer_in(self, path: Path, shape: Respond, bearer: Unit, day: int) -> int:
        """Answer a case as one duty asks for it; return the day of the answer."""
        on = day + self._later(shape, good=keeps_up(self.pen, bearer, day))
        if on >= LAST - 3:
            return day
        if shape.with_.record:
            record(self.pen, self.stage, shape.with_, [bearer], on, reference=path.item)
        else:
            path.go(shape.with_.step, on, first=bearer)
        return on

    def _in_order_of(self, kind: Kind) -> list[Duty]:
        """Return the duties as their answers follow each other in the flow."""
        flow = list(kind.flow)

        def place(duty: Duty) -> int:
            steps = duty.shape.with_.step if isinstance(duty.shape, Respond) else ()
            return min((flow.index(step) for step in steps if step in flow), default=0)

        return sorted(self.duties, key=place)
