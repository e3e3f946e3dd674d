"""Generated rulebooks: random duties over all six shapes, and the kinds and traits that they speak of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

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
from huxue.core.kinds import Field, FlowStep, Kind, Role
from huxue.core.rulebook.model import Rulebook, Trait
from huxue.core.values import Text, day_of

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


def rulebook(r: Random, duties: int) -> Rulebook:
    """Draw a rulebook of so many duties, d0, d1 and so on."""
    rules = Rules(r)
    drawn = {f"d{i}": rules.duty(i) for i in range(duties)}
    traits = {
        "level": Trait(title=T, type="choice"),
        "pupils": Trait(title=T, type="number"),
        "boarding": Trait(title=T, type="yes_no"),
        "classes": Trait(title=T, type="number"),
    }
    return Rulebook(code="w", title=T, layers=(), valid_from=START, duties=drawn, kinds=kinds(), traits=traits)


@dataclass
class Rules:
    """Draws one rule after another."""

    r: Random

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
                return self.stepped(within, closes)
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

    def stepped(self, within: Span, closes: Span | None) -> Respond:
        r = self.r
        again = r.random() < 0.3
        return Respond.model_validate(
            {
                "to": _steps("ordered", "returned"),
                "with": _steps("ordered") if again else _steps("rectified"),
                "match": "case",
                "within": r.choice([within, Span(field="deadline")]),
                "closes": closes,
                "moved_by": _steps("extended") if r.random() < 0.6 else None,
                "lifted_by": _steps("transferred") if r.random() < 0.6 else None,
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


def _steps(*names: str) -> Deed:
    return Deed.model_validate({"step": names, "as": "about"})


def _entries(shape: Any) -> list[Entry | None]:
    parts = [p.entry for p in (*getattr(shape, "have", ()), *getattr(shape, "of", ()))]
    return [getattr(shape, "entry", None), getattr(shape, "every", None), *parts]
