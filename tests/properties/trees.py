"""Generated indicator trees over the generated rulebooks: every measure, every scope, adjustments and vetoes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from huxue.core.duties.shapes import Deed, Source, Where
from huxue.core.scoring.model import (
    Adjustment,
    AverageDays,
    Caps,
    Change,
    Count,
    Given,
    Indicator,
    Rate,
    Recurring,
    ScoresOf,
    Share,
    Tally,
    Tree,
    Veto,
)
from tests.properties.rules import Rules, T

SOURCE = Source(text="s", clause="1")
TYPES = {"school": "school", "bureau": "bureau", "county": "county"}


@dataclass
class Trees:
    """Draws one tree for each type of organisation: counties average the schools."""

    r: Random
    duties: tuple[str, ...]
    n: int = 0

    def all(self) -> dict[str, Tree]:
        return {sort: self.tree(sort) for sort in TYPES}

    def code(self) -> str:
        self.n += 1
        return f"i{self.n}"

    def tree(self, sort: str) -> Tree:
        r = self.r
        children = tuple(self.leaf(sort, 10) for _ in range(r.choice([2, 3])))
        inner = Indicator(code=self.code(), title=T, weight=10 * len(children), children=children)
        leaves = tuple(self.leaf(sort, r.choice([5, 20, 30])) for _ in range(r.choice([1, 2, 4])))
        nodes = (inner, *leaves)
        return Tree(
            title=T,
            type=sort,
            per=r.choice(["year", "school-year"]),
            points=sum(node.weight for node in nodes),
            indicators=nodes,
            bonus=tuple(self.adjustment() for _ in range(r.choice([0, 1]))),
            deductions=tuple(self.adjustment() for _ in range(r.choice([0, 1, 2]))),
            veto=(self.veto(),) if r.random() < 0.5 else (),
            caps=Caps(bonus=r.choice([None, 3]), deductions=r.choice([None, 9])),
            source=SOURCE,
        )

    def leaf(self, sort: str, weight: int) -> Indicator:
        r = self.r
        kinds = ["share", "share", "share", "count", "rate", "change", "average_days", "recurring", "value"]
        kind = r.choice([*kinds, *(["scores_of"] if sort == "county" else [])])
        measure = getattr(self, kind)()
        return Indicator(code=self.code(), title=T, weight=weight, source=SOURCE, **{kind: measure})

    def scope(self) -> dict[str, Any]:
        r = self.r
        if r.random() < 0.5:
            return {}
        return {"over": "territory", "types": r.choice([(), ("school",), ("school", "town")])}

    def ends(self) -> dict[str, int]:
        return self.r.choice([{"full_at": 0, "none_at": 7}, {"full_at": 9, "none_at": 1}, {"full_at": 3, "none_at": 2}])

    def deed(self) -> Deed:
        r = self.r
        if r.random() < 0.5:
            return Rules(r).deed()
        where = Rules(r).where(0.3)
        step = r.choice([("found",), ("ordered",), ("ordered", "returned")])
        return Deed.model_validate({"case": "hazard", "step": step, "as": r.choice(["about", "by"]), "where": where})

    def tally(self) -> dict[str, Any]:
        sum_ = self.r.choice(["", "", "hours"])
        found_by = self.r.choice(["anybody", "others"])
        return {"deed": self.deed(), "sum": sum_, "decimals": 1 if sum_ else 0, "found_by": found_by, **self.scope()}

    def share(self) -> Share:
        r = self.r
        what: dict[str, Any] = {"family": ("f",)} if r.random() < 0.6 else {"duties": tuple(r.sample(self.duties, 3))}
        return Share(counting=r.choice(["met", "on_time", "verified"]), **what, **self.scope())

    def count(self) -> Count:
        return Count(**self.tally(), **self.ends())

    def rate(self) -> Rate:
        return Rate(**self.tally(), **self.ends(), of=self.r.choice(["pupils", "classes"]), per=1000)

    def change(self) -> Change:
        of = self.r.choice(["", "pupils"])
        return Change(
            **self.tally(), of=of, **self.r.choice([{"full_at": -100, "none_at": 100}, {"full_at": 0, "none_at": -500}])
        )

    def average_days(self) -> AverageDays:
        role = self.r.choice(["about", "by"])
        begins, ends = (
            Deed.model_validate({"case": "hazard", "step": steps, "as": role, "where": Where()})
            for steps in (("found", "ordered"), ("rectified",))
        )
        found_by = self.r.choice(["anybody", "others"])
        return AverageDays(begins=begins, ends=ends, found_by=found_by, full_at=2, none_at=12, **self.scope())

    def recurring(self) -> Recurring:
        deed = Deed.model_validate({"case": "hazard", "step": ("found",), "as": "about"})
        return Recurring(deed=deed, same=self.r.choice([("sort",), ("sort", "joint")][:1]), within=200, **self.scope())

    def value(self) -> Given:
        deed: dict[str, Any] = {"deed": Rules(self.r).deed()}
        entry: dict[str, Any] = {"entry": Rules(self.r).entry().model_copy(update={"as_": "by"})}
        return Given(**self.r.choice([deed, entry]), field="hours", decimals=1, full_at=50, none_at=0)

    def scores_of(self) -> ScoresOf:
        return ScoresOf(tree="school")

    def adjustment(self) -> Adjustment:
        return Adjustment(
            code=self.code(), title=T, each=self.r.choice([1, 2]), at_most=5, source=SOURCE, **self.tally()
        )

    def veto(self) -> Veto:
        r = self.r
        what: dict[str, Any] = {"missed": tuple(r.sample(self.duties, 2))}
        if r.random() < 0.5:
            drawn = Tally(**self.tally())
            what = {"deed": drawn.deed, "found_by": drawn.found_by, "at_least": r.choice([1, 3])}
        return Veto(
            code=self.code(), title=T, ceiling=r.choice([0, 30]), adopted=r.random() < 0.7, **what, **self.scope()
        )
