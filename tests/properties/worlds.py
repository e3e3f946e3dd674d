"""Generated rulebooks and histories, aimed at the limits of the very duties under test.

Everything follows from one seed. A world is a rulebook of random duties over all six shapes, two calendars, a small
tree that changes, and a history of deeds, entries and cases with corrections, withdrawals, late entries, verifications
and excuses; deeds fall on limit - 1, limit and limit + 1 of the duties' own windows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from huxue.core.calendar import Calendars, merge
from huxue.core.duties.history import History, satisfies
from huxue.core.duties.shapes import (
    Cover,
    Deed,
    Due,
    Duty,
    Entry,
    Keep,
    Members,
    Never,
    OwedBy,
    Part,
    Ratio,
    Repeat,
    Respond,
    Source,
    Span,
    Step,
    Test,
    Where,
)
from huxue.core.duties.window import windows
from huxue.core.facts import Fact
from huxue.core.kinds import Field, FlowStep, Kind, Role
from huxue.core.rulebook.model import Rulebook, Trait
from huxue.core.values import Text, date_of, day_of

T = Text(zh="例", en="example")
START = day_of(date(2025, 7, 1))
LENGTH = 420
LETTERS = ("a", "b", "c")
RECORDS = ("meeting", "visit", "report")
REGISTERS = ("guard", "lease")
STEPS = ("found", "ordered", "extended", "rectified", "returned", "transferred")
POSTS = ("head", "guard")
FIELDS: dict[str, Field] = {
    "sort": Field(type="choice", title=T, list="letters"),
    "tags": Field(type="choice", title=T, list="letters", many=True),
    "joint": Field(type="yes_no", title=T),
    "hours": Field(type="number", title=T, decimals=1),
    "until": Field(type="date", title=T),
    "moment": Field(type="time", title=T),
    "school": Field(type="organisation", title=T),
    "chair": Field(type="post", title=T),
}
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
PERIODS = (
    "week",
    "month",
    "month",
    "quarter",
    "half-year",
    "year",
    "term",
    "month-in-session",
    "special:holidays",
    "school-day",
)


@dataclass
class World:
    """A rulebook, its calendars, a history, and the days to look from."""

    rulebook: Rulebook
    calendars: Calendars
    facts: list[Fact]
    as_of: int
    known_at: int


def kinds() -> dict[str, Kind]:
    """The kinds of every world: three records, two registers, one case, all with the same fields."""
    roles = {name: Role(title=T) for name in ("by", "with", "about", "to")}
    made = [Kind(code=k, shape="record", title=T, fields=FIELDS, roles=roles) for k in RECORDS]
    made += [Kind(code=k, shape="register", title=T, fields=FIELDS, roles=roles) for k in REGISTERS]
    flow = {
        s: FlowStep.model_validate({"title": T, "from": () if s == "found" else ("found",), "by": ("school",)})
        for s in STEPS
    }
    made.append(Kind(code="hazard", shape="case", title=T, fields=FIELDS, roles=roles, flow=flow))
    return {k.code: k for k in made}


@dataclass
class Maker:
    """Draws one world."""

    r: Random
    calendars: Calendars
    facts: list[Fact] = field(default_factory=list)
    orgs: dict[str, str] = field(default_factory=dict)
    n: int = 0

    # --- rulebook ----------------------------------------------------------------------------------------------------

    def test(self) -> Test:
        r = self.r
        name = r.choice(["sort", "sort", "joint", "hours", "tags", "until", "by_post", "number_of_with", "chair_post"])
        match name:
            case "sort" | "tags":
                return r.choice(
                    [
                        Test(field=name, op="=", value=r.choice(LETTERS)),
                        Test(field=name, op="in", value=tuple(r.sample(LETTERS, 2))),
                    ]
                )
            case "joint":
                return Test(field=name, op="=", value=r.random() < 0.5)
            case "hours":
                return Test(
                    field=name,
                    op=r.choice(["at_least", "at_most", "below", "above", "="]),
                    value=r.choice([5, 10, 255]),
                )
            case "until":
                return Test(
                    field=name,
                    op=r.choice(["at_least", "at_most", "below", "above"]),
                    value=START + r.randrange(LENGTH),
                )
            case "number_of_with":
                return Test(field=name, op="at_least", value=r.choice([1, 2]))
            case _:
                return Test(field=name, op="=", value=r.choice(POSTS))

    def where(self, chance: float = 0.4) -> Where:
        r = self.r
        if r.random() > chance:
            return Where()
        return r.choice(
            [
                lambda: Where(all=(self.test(),)),
                lambda: Where(all=(self.test(),)),
                lambda: Where(any=(self.test(), self.test())),
                lambda: Where(not_=(self.test(),)),
                lambda: Where(all=(Where(any=(self.test(), self.test())),), not_=(self.test(),)),
            ]
        )()

    def deed(self, role: str | None = None) -> Deed:
        return Deed.model_validate(
            {
                "record": self.r.choice(RECORDS),
                "as": role or self.r.choice(["by", "by", "about"]),
                "where": self.where(),
            }
        )

    def entry(self) -> Entry:
        as_ = self.r.choice(["by", "by", "supervised"])
        return Entry.model_validate({"entry": self.r.choice(REGISTERS), "as": as_, "where": self.where(0.4)})

    def window(self, *, state: bool = False) -> dict[str, Any]:
        r = self.r
        if state:
            return {"each": r.choice([p for p in PERIODS if p != "school-day"])}
        w: dict[str, Any] = {"per": r.choice(PERIODS)}
        if w["per"] == "special:holidays" and r.random() < 0.5:
            w["before"] = (15, 3)
        if r.random() < 0.5 and w["per"] != "school-day":
            w["due"] = r.choice(
                [
                    Due(days=r.choice([0, 5, 10])),
                    Due(workdays=5),
                    Due(days_after_start=10),
                    Due(date="03-31"),
                    Due(date="next 01-31"),
                ]
            )
        if r.random() < 0.4 and w["per"] != "school-day":
            w["closes"] = r.choice([Due(days=15), Due(workdays=7)])
            w["make_good"] = r.random() < 0.7
        if r.random() < 0.3:
            w["enter_within"] = r.choice([0, 3])
        elif r.random() < 0.15:
            w["dated_by"] = "until"
        return w

    def part(self, *, state: bool, need: bool = False) -> Part:
        r = self.r
        if need:
            steps = (
                Step(**{"from": 0, "to": 99}, base=1),
                Step(**{"from": 100, "to": 999}, base=2),
                Step(**{"from": 1000}, base=3, add=1, for_every=500, beyond=1000),
            )
            return r.choice([Part(constant=r.choice([1, 3])), Part(trait="classes"), Part(trait="pupils", table=steps)])
        return (
            Part(entry=self.entry(), sum=r.choice(["", "hours"]))
            if state
            else Part(deed=self.deed(), sum=r.choice(["", "hours"]))
        )

    def shape(self) -> Any:
        return self.r.choice(
            [
                self.repeat,
                self.repeat,
                self.respond,
                self.respond,
                self.keep,
                self.cover,
                self.cover,
                self.ratio,
                self.ratio,
                self.never,
            ]
        )()

    def repeat(self) -> Repeat:
        how = self.r.choice(
            [
                {},
                {"at_least": 2},
                {"sum": "hours", "at_least": self.r.choice([10, 255, 510])},
                {"distinct": "sort", "at_least": 2},
                {"distinct": "until", "at_least": 2},
                {"spaced": self.r.choice([1, 20, 60]), "at_least": self.r.choice([2, 3, 4])},
            ]
        )
        return Repeat(deed=self.deed(), **how, **self.window())

    def respond(self) -> Respond:
        r = self.r
        within = r.choice(
            [
                Span(days=10),
                Span(days=0),
                Span(workdays=5),
                Span(school_days=5),
                Span(hours=24),
                Span(field="until"),
                Span(field="moment"),
            ]
        )
        closes = r.choice([None, None, Span(days=10), Span(hours=12), Span(workdays=3)])
        match r.choice(["case", "case", "reference", "bearer", "holding", "sort"]):
            case "case":
                steps = lambda *names: Deed.model_validate({"step": names, "as": "about"})  # noqa: E731
                again = r.random() < 0.3
                return Respond.model_validate(
                    {
                        "to": steps("ordered", "returned"),
                        "with": steps("ordered") if again else steps("rectified"),
                        "match": "case",
                        "within": r.choice([within, Span(field="deadline")]),
                        "closes": closes,
                        "moved_by": steps("extended") if r.random() < 0.6 else None,
                        "lifted_by": steps("transferred") if r.random() < 0.6 else None,
                    }
                )
            case "holding":
                return Respond.model_validate(
                    {
                        "to": Deed.model_validate({"record": "holding.began", "as": "about"}),
                        "with": self.deed("by"),
                        "match": "holding",
                        "within": within if within.field is None else Span(days=5),
                        "closes": closes,
                    }
                )
            case match:
                to, with_ = self.deed(), self.deed()
                return Respond.model_validate(
                    {
                        "to": to,
                        "with": with_,
                        "match": match,
                        "within": within,
                        "closes": closes,
                        "lifted_by": self.deed() if r.random() < 0.3 else None,
                    }
                )

    def keep(self) -> Keep:
        what = {"valid": "until"} if self.r.random() < 0.5 else {"holds": Where(all=(self.test(),))}
        return Keep.model_validate(
            {"every": self.entry(), "mend": self.r.choice([-1, 0, 10, 40]), **what, **self.window(state=True)}
        )

    def cover(self) -> Cover:
        r = self.r
        m = r.choice(
            [
                Members(children=("school",)),
                Members(children=("school", "town"), where=Where(all=(Test(field="level", op="=", value="a"),))),
                Members(supervised="food", type=("school",)),
                Members(posts=("*",)),
                Members(posts=("head",)),
                Members(holdings=("*",)),
                Members(entries="guard"),
                Members(list="letters", codes=LETTERS),
                Members(through="lease", field="school"),
            ]
        )
        named = m.children or m.supervised or m.through
        key = r.choice(["", "with", "school"]) if named else "sort" if m.codes else ""
        common: dict[str, Any] = {
            "members": m,
            "key": key,
            "at_least": r.choice([1, 1, 2]),
            "share": r.choice([1000, 1000, 500, 900]),
        }
        if r.random() < 0.4 and not (m.posts or m.holdings or m.entries):
            return Cover(**common, entry=self.entry(), **self.window(state=True))
        if r.random() < 0.2:
            return Cover(**common, deed=self.deed("by"), last=r.choice([30, 120]))
        return Cover(**common, deed=self.deed("by"), **self.window())

    def ratio(self) -> Ratio:
        r = self.r
        state = r.random() < 0.5
        have = tuple(self.part(state=state) for _ in range(r.choice([1, 1, 2])))
        window = self.window(state=state)
        mend = {"mend": r.choice([-1, 10])}
        match r.choice(["of", "need", "previous"]):
            case "of":
                bounds = r.choice([{"at_least": 900}, {"at_least": 500}, {"at_most": 300}, {}])
                return Ratio(have=have, of=(self.part(state=state),), **bounds, **window)
            case "need":
                needs = tuple(self.part(state=state, need=True) for _ in range(r.choice([1, 2])))
                return Ratio(have=have, need=needs, **window)
            case _:
                return Ratio(
                    have=have,
                    **r.choice([{"more_than": "previous"}, {"less_than": "previous"}]),
                    **window,
                    **({} if not state else mend) and {},
                )

    def never(self) -> Never:
        if self.r.random() < 0.5:
            return Never(deed=self.deed(), **self.window())
        return Never(entry=self.entry(), mend=self.r.choice([-1, 0, 10, 40]), **self.window(state=True))

    def duty(self, i: int) -> Duty:
        r, shape = self.r, self.shape()
        supervised = any(e is not None and e.as_ == "supervised" for e in _entries(shape))
        owed: dict[str, Any] = {"type": r.choice([("school",), ("county",), ("town", "school"), ("bureau",)])}
        if supervised or r.random() < 0.15:
            owed = {"type": ("bureau", "county"), "topic": r.choice(["food", "traffic"])}
        elif r.random() < 0.4:
            owed["where"] = r.choice(
                [
                    Where(all=(Test(field="level", op="=", value="a"),)),
                    Where(all=(Test(field="pupils", op="at_least", value=100),)),
                    Where(not_=(Test(field="boarding", op="=", value=True),)),
                ]
            )
        force = (START + r.choice([-400, 0, 30]), START + r.choice([200, 10_000]))
        return Duty(
            code=f"d{i}",
            title=T,
            family="f",
            owed_by=OwedBy(**owed),
            shape=shape,
            in_force=force,
            present=r.choice(["most", "most", "whole", "due-day"]),
            counts=r.choice(["recorded", "recorded", "recorded", "verified"]),
            source=Source(text="s", clause="1"),
        )

    # --- history -----------------------------------------------------------------------------------------------------

    def fact(self, kind: str, verb: str, minute: int, **more: Any) -> Fact:
        self.n += 1
        r = self.r
        ident = f"{r.randrange(16**4):04x}{self.n:06d}"  # ids are not in the order of time on purpose
        late = r.choice([0, 0, 0, 1, 3, 7, 40]) * 1440
        item = more.pop("item", None) or ident
        f = Fact(id=ident, kind=kind, verb=verb, item=item, at=minute, recorded=minute + late, **more)  # type: ignore[arg-type]
        self.facts.append(f)
        return f

    def minute(self) -> int:
        return (START + self.r.randrange(-20, LENGTH)) * 1440 + self.r.choice([0, 600, 600, 1439])

    def tree(self) -> None:
        r = self.r
        plan = [
            ("C1", "county", ""),
            ("C2", "county", ""),
            ("T1", "town", "C1"),
            ("T2", "town", "C2"),
            ("B1", "bureau", "C1"),
            ("B2", "bureau", "C2"),
        ]
        plan += [(f"S{i}", "school", r.choice(["T1", "T2", "C1"])) for i in range(5)]
        for code, sort, parent in plan:
            self.orgs[code] = sort
            self.life(code, sort, parent)
        for bureau, target in (("B1", "C1"), ("B2", "C2"), ("B1", "T2"), ("C1", "S0")):
            lo = (START + r.choice([-300, 0, 100])) * 1440
            made = self.fact(
                "oversight",
                "open",
                lo,
                roles={"by": (bureau,)},
                fields={"supervised": target, "topic": r.choice(["food", "traffic"])},
            )
            if r.random() < 0.3:
                self.fact("oversight", "close", lo + r.randrange(300) * 1440, item=made.item, roles={"by": (bureau,)})

    def life(self, code: str, sort: str, parent: str) -> None:
        r = self.r

        def fields(parent: str, sort: str) -> dict[str, Any]:
            traits = {
                "level": r.choice(LETTERS[:2]),
                "pupils": r.choice([50, 99, 100, 999, 1000, 1499, 1500, 2600]),
                "boarding": r.random() < 0.5,
            }
            if r.random() < 0.8:
                traits["classes"] = r.choice([1, 2, 3])
            made: dict[str, Any] = {"code": code, "name": code, "type": sort, "parent": parent, "traits": traits}
            if code in ("C2", "S1"):
                made["area"] = "hills"
            return made

        at = START + r.choice([-500, -500, -500, 0, 45, 200])
        first = self.fact(
            "organisation",
            "open",
            at * 1440,
            roles={"about": (code,)},
            fields=fields(parent, sort) | ({"in_use_from": str(date_of(START + 60))} if r.random() < 0.15 else {}),
        )
        while r.random() < 0.45:
            at += r.randrange(200)
            verb = r.choice(["change", "change", "close"])
            other = r.choice(["T1", "T2", "C1"]) if sort == "school" else parent
            self.fact(
                "organisation",
                verb,
                at * 1440 + r.choice([0, 700]),
                item=first.item,
                roles={"about": (code,)},
                fields=fields(other, r.choice([sort, sort, "town" if sort == "school" else sort]))
                if verb == "change"
                else {"code": code},
            )
            if verb == "close" and r.random() < 0.6:
                return
        for post in POSTS:
            opened = self.fact(
                "post",
                "open",
                (START - 400) * 1440,
                roles={"about": (code,)},
                fields={"code": f"{code}/{post}", "organisation": code, "type": post},
            )
            if r.random() < 0.1:
                self.fact(
                    "post", "close", (START + r.randrange(300)) * 1440, item=opened.item, roles={"about": (code,)}
                )
            held = START + r.choice([-300, 0, 50])
            for person in range(r.choice([0, 1, 1, 2])):
                h = self.fact(
                    "holding",
                    "open",
                    held * 1440,
                    roles={"about": (code,)},
                    fields={"post": f"{code}/{post}", "person": f"p{person}"},
                )
                held += r.randrange(20, 200)
                self.fact("holding", "close", held * 1440, item=h.item, roles={"about": (code,)})

    def fields(self, day: int) -> dict[str, Any]:
        r = self.r
        made: dict[str, Any] = {
            "sort": r.choice(LETTERS),
            "tags": r.sample(LETTERS, r.choice([0, 1, 2])),
            "joint": r.random() < 0.5,
            "hours": r.choice([5, 10, 255, 510]),
            "until": str(date_of(day + r.choice([-40, -1, 0, 1, 30, 200]))),
            "moment": f"{date_of(day + r.choice([0, 3]))}T10:30",
            "school": r.choice(list(self.orgs)),
            "chair": f"{r.choice(list(self.orgs))}/{r.choice(POSTS)}",
        }
        return {k: v for k, v in made.items() if r.random() < 0.9}

    def acting(self) -> dict[str, Any]:
        org = self.r.choice(list(self.orgs))
        return self.r.choice([{}, {"post": f"{org}/{self.r.choice(POSTS)}", "person": self.r.choice(["", "p0", "p1"])}])

    def happen(self, kind: str, minute: int, by: str | None = None) -> Fact:
        r, codes = self.r, list(self.orgs)
        roles = {"by": (by or r.choice(codes),)}
        for role in ("with", "about", "to"):
            if r.random() < 0.6:
                roles[role] = tuple(r.sample(codes, r.choice([1, 1, 2])))
        answers = r.choice(self.facts[-40:]).item if r.random() < 0.6 else ""
        return self.fact(
            kind,
            "record",
            minute,
            roles=roles,
            fields=self.fields(minute // 1440),
            reference=answers,
            makeup=r.random() < 0.2,
            **self.acting(),
        )

    def bearer(self, duty: Duty) -> str:
        fitting = [o for o, sort in self.orgs.items() if sort in duty.owed_by.type]
        return self.r.choice(fitting or list(self.orgs))

    def fitted(self, deed: Deed, org: str, minute: int, **more: Any) -> Fact:
        """A deed of an organisation, drawn until it passes the filter."""
        r, codes = self.r, list(self.orgs)
        for _ in range(40):
            roles = {
                role: tuple(r.sample(codes, r.choice([1, 2])))
                for role in ("by", "with", "about", "to")
                if r.random() < 0.6
            }
            roles[deed.as_] = (org,)
            drawn = {"roles": roles, "fields": self.fields(minute // 1440), **self.acting(), **more}
            trial = Fact(id="?", kind=deed.record, verb="record", item="?", at=0, recorded=0, **drawn)
            if satisfies(deed.where, History.read(trial)):
                break
        return self.fact(deed.record, "record", minute, **drawn)

    def aimed(self, duty: Duty) -> None:
        """Deeds on limit - 1, limit, limit + 1 of every limit of a duty's windows, or of a trigger's deadline."""
        r, shape = self.r, duty.shape
        if isinstance(shape, Respond):
            for _ in range(6):
                self.answered(duty, shape)
            return
        deeds = _deeds(shape)
        found = list(windows(duty, self.calendars.default, START, START + 300))
        for w in r.sample(found, min(6, len(found))):
            org = self.bearer(duty)
            for limit in (
                w.lo,
                w.hi,
                w.due,
                w.closes,
                r.randint(w.lo, max(w.lo, w.hi)),
                r.randint(w.lo, max(w.lo, w.hi)),
            ):
                for deed in deeds:
                    if r.random() < 0.5:
                        minute = (limit + r.choice([-1, 0, 0, 1])) * 1440 + r.choice([0, 600, 1439])
                        more = {"makeup": True} if limit > w.hi and r.random() < 0.7 else {}
                        if (isinstance(shape, Cover) and shape.members.holdings) or (
                            isinstance(shape, Cover) and shape.members.posts
                        ):
                            more |= {"post": f"{org}/{r.choice(POSTS)}"}
                        self.fitted(deed, org, minute, **more)
            if isinstance(shape, Cover) and shape.deed and r.random() < 0.8:
                self.covered(shape, shape.deed, org, w.lo, w.hi)

    def covered(self, shape: Cover, deed: Deed, org: str, lo: int, hi: int) -> None:
        """Enough deeds for (nearly) every member there may be."""
        r, m = self.r, shape.members
        entries = [f.item for f in self.facts if f.kind == "guard" and f.verb == "open" and org in f.roles["by"]]
        for n in range(6 * shape.at_least):
            made = self.fitted(
                deed,
                org,
                (r.randint(lo, max(lo, hi))) * 1440,
                reference=entries[n % len(entries)] if entries else "",
                post=f"{org}/{POSTS[n % 2]}" if m.posts or m.holdings else "",
            )
            roles = made.roles
            if shape.named_by in ("about", "with") and shape.named_by != deed.as_:
                roles[shape.named_by] = tuple(self.orgs)  # type: ignore[index]
            if shape.key == "sort":
                made.fields["sort"] = LETTERS[n % 3]  # type: ignore[index]

    def answered(self, duty: Duty, shape: Respond) -> None:
        r, org, at = self.r, self.bearer(duty), (START + r_day(self.r)) * 1440 + self.r.choice([0, 600])
        if not shape.to.record or shape.to.record not in RECORDS:
            return
        trigger = self.fitted(shape.to, org, at)
        calendar = self.calendars.default
        due = calendar.deadline(at, shape.within) if shape.within.field is None else at + r.choice([1, 30]) * 1440
        when = r.choice([due - 1, due, due + 1, due + 1440, at, at + 1, r.randint(at, max(at, due))])
        more = {"reference": trigger.item}
        if shape.match == "sort" and "sort" in trigger.fields:
            answer = self.fitted(shape.with_, org, when, **more)
            answer.fields["sort"] = trigger.fields["sort"]  # type: ignore[index]
        elif r.random() < 0.8:
            self.fitted(shape.lifted_by if shape.lifted_by and r.random() < 0.2 else shape.with_, org, when, **more)

    def entry_life(self) -> None:
        r, at = self.r, (START + self.r.choice([-100, -20, 0, 30, 60, 120, 200])) * 1440
        kind, owner = r.choice(REGISTERS), r.choice(list(self.orgs))
        first = self.fact(kind, "open", at, roles={"by": (owner,)}, fields=self.fields(at // 1440))
        while r.random() < 0.6:
            at += r.choice([0, 1, 10, 60, 100]) * 1440
            verb = r.choice(["change", "change", "close"])
            self.fact(
                kind,
                verb,
                at,
                item=first.item,
                roles={"by": (owner,)},
                fields={} if verb == "close" else self.fields(at // 1440),
            )

    def case(self) -> None:
        r, at = self.r, self.minute()
        school, first = r.choice(list(self.orgs)), None
        for step in ["found", *r.choices(STEPS[1:], k=r.randrange(1, 6))]:
            made = self.fact(
                "hazard",
                "step",
                at,
                step=step,
                item=first.item if first else None,
                roles={"about": (school,), "by": (r.choice(list(self.orgs)),)},
                deadline=r.choice([None, at + r.randrange(0, 30 * 1440)]),
                fields=self.fields(at // 1440),
            )
            first = first or made
            at += r.choice([0, 1, 600, 1440, 5 * 1440, 10 * 1440, 15 * 1440])

    def afterthoughts(self) -> None:
        r = self.r
        plain = [f for f in self.facts if f.verb in ("record", "step") or f.kind in REGISTERS]
        for f in r.sample(plain, len(plain) // 8):
            when = f.recorded + r.randrange(0, 60) * 1440
            self.n += 1
            if r.random() < 0.4:
                self.facts.append(
                    Fact(
                        id=f"w{self.n}",
                        kind=f.kind,
                        verb="withdraw",
                        item=f.item,
                        at=f.at,
                        recorded=when,
                        replaces=f.id,
                    )
                )
                continue
            at = f.at + r.choice([0, 0, -1440, 1440, 20 * 1440])
            fields = self.fields(at // 1440) if f.verb != "close" else {}
            self.facts.append(
                Fact(
                    id=f"c{self.n}",
                    kind=f.kind,
                    verb=f.verb,
                    item=f.item,
                    at=at,
                    recorded=when,
                    roles=f.roles,
                    fields=fields,
                    step=f.step,
                    replaces=f.id,
                    reference=f.reference,
                    post=f.post,
                    person=f.person,
                    makeup=f.makeup,
                    deadline=f.deadline,
                )
            )
        for f in r.sample(plain, len(plain) // 4):
            self.fact(
                "verification",
                "record",
                f.at + r.choice([0, 1440, 30 * 1440]),
                reference=r.choice([f.id, f.item]),
                roles={"by": (r.choice(list(self.orgs)),)},
                fields={"result": r.choice(["confirmed", "confirmed", "refuted"]), "spot": r.random() < 0.5},
                person=r.choice(["", "p0", "p2"]),
            )
        for _ in range(6):
            day = START + r.randrange(300)
            self.fact(
                "excuse",
                "record",
                day * 1440,
                roles={"about": tuple(r.sample(list(self.orgs), 2))},
                fields={
                    "duty": r.choice(["*", *(f"d{i}" for i in range(10))]),
                    "from": str(date_of(day)),
                    "to": str(date_of(day + r.randrange(120))),
                    "reason": "x",
                },
            )


def r_day(r: Random) -> int:
    return r.randrange(0, 280)


def _deeds(shape: Any) -> list[Deed]:
    parts = [p.deed for p in (*getattr(shape, "have", ()), *getattr(shape, "of", ())) if p.deed]
    return [d for d in (getattr(shape, "deed", None), *parts) if d is not None]


def _entries(shape: Any) -> list[Entry | None]:
    parts = [p.entry for p in (*getattr(shape, "have", ()), *getattr(shape, "of", ()))]
    return [getattr(shape, "entry", None), getattr(shape, "every", None), *parts]


def world(seed: int, years: dict[int, Any], *, duties: int = 10, size: int | None = None) -> World:
    """Draw the world of a seed. ``years``: the statutory calendar data."""
    r = Random(seed)
    calendars = Calendars.build(merge([*years.values(), {"areas": AREAS}]))
    m = Maker(r, calendars)
    m.tree()
    drawn = {f"d{i}": m.duty(i) for i in range(duties)}
    traits = {
        "level": Trait(title=T, type="choice"),
        "pupils": Trait(title=T, type="number"),
        "boarding": Trait(title=T, type="yes_no"),
        "classes": Trait(title=T, type="number"),
    }
    rulebook = Rulebook(code="w", title=T, layers=(), valid_from=START, duties=drawn, kinds=kinds(), traits=traits)
    for d in drawn.values():
        m.aimed(d)
    for _ in range(size if size is not None else r.choice([20, 60, 120])):
        r.choice(
            [
                lambda: m.happen(r.choice(RECORDS), m.minute()),
                lambda: m.happen(r.choice(RECORDS), m.minute()),
                m.entry_life,
                m.case,
            ]
        )()
    m.afterthoughts()
    as_of = START + r.choice([10, 45, 100, 150, 184, 250, r.randrange(300)])
    aimed = [
        x
        for d in drawn.values()
        for w in windows(d, calendars.default, START, START + 300)
        for x in (w.due, w.closes, w.hi)
    ]
    if aimed and r.random() < 0.5:
        as_of = min(START + 300, r.choice(aimed) + r.choice([-1, 0, 1]))
    return World(rulebook, calendars, m.facts, as_of, as_of + r.choice([0, 0, 30, 200]))
