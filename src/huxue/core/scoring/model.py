"""The grammar of indicator trees: what a tree may say, as frozen values (``docs/reference/scoring.md``).

Numbers are whole. ``full_at`` and ``none_at`` are the values that give all and none of an indicator's points; between
them the points are linear, and exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import model_validator

from huxue.core.duties.shapes import Deed, Entry, Source
from huxue.core.kinds.model import Names
from huxue.core.values import Text, Value

Counting = Literal["met", "on_time", "verified"]


class Scoped(Value):
    """Whose figure it is: the organisation's own, or that of its territory (organisations of these types in it)."""

    over: Literal["own", "territory"] = "own"
    types: Names = ()


class Share(Scoped):
    """Share of the closed obligations (met, overdue, missed) of some duties that are met, met on time, verified."""

    duties: Names = ()
    family: Names = ()
    counting: Counting = "met"


class Tally(Scoped):
    """How many deeds (or the sum of one of their fields) the assessment period holds.

    ``found_by: others`` leaves out what the place itself or the scored side (the organisation and its territory) found:
    a case whose first step, or a record that, one of them made.
    """

    deed: Deed
    sum: str = ""
    found_by: Literal["anybody", "others"] = "anybody"
    decimals: int = 0  # of the field that is summed; set when it is read


class Count(Tally):
    """A number of deeds, turned into points."""

    full_at: int
    none_at: int


class Rate(Tally):
    """Deeds for so many (``per``) of a trait, turned into points."""

    per: int = 10_000
    of: str
    full_at: int
    none_at: int


class Change(Tally):
    """A count (or with ``of`` a rate) against the period before, in thousandths of it."""

    of: str = ""
    per: int = 10_000
    against: Literal["previous"] = "previous"
    full_at: int
    none_at: int


class AverageDays(Scoped):
    """Average days from the first ``begins`` of a case to the first ``ends`` after it, of those ended in the period."""

    begins: Deed
    ends: Deed
    found_by: Literal["anybody", "others"] = "anybody"
    full_at: int
    none_at: int


class Recurring(Scoped):
    """Share of all cases found (in thousandths) that others found and that repeat one that others found.

    At the same place, with the same fields, within so many days. What the scored side found itself is among all, but
    neither the case that repeats nor the earlier one: looking costs nothing.
    """

    deed: Deed
    same: Names
    within: int  # days
    full_at: int = 0
    none_at: int = 1000


class Given(Value):
    """A figure as it was recorded: of the last such record in the period, or the sum over the entries that stand."""

    deed: Deed | None = None
    entry: Entry | None = None
    field: str
    full_at: int
    none_at: int
    decimals: int = 0

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.deed is None) == (self.entry is None):
            raise ValueError("say either a deed or an entry")
        return self


class ScoresOf(Value):
    """The mean of the scores that another tree gives the organisations of the territory."""

    tree: str


Measure = Share | Count | Rate | Change | AverageDays | Recurring | Given | ScoresOf
MEASURES = ("share", "count", "rate", "change", "average_days", "recurring", "value", "scores_of")


class Indicator(Value):
    """A node of a tree: with children whose weights add up to its own, or with one measure."""

    code: str
    title: Text
    weight: int
    source: Source | None = None
    children: tuple[Indicator, ...] = ()
    share: Share | None = None
    count: Count | None = None
    rate: Rate | None = None
    change: Change | None = None
    average_days: AverageDays | None = None
    recurring: Recurring | None = None
    value: Given | None = None
    scores_of: ScoresOf | None = None

    @property
    def measure(self) -> Measure | None:
        """The one measure of a leaf."""
        return next((getattr(self, name) for name in MEASURES if getattr(self, name) is not None), None)

    def nodes(self) -> Iterator[Indicator]:
        """Yield this node and all below it."""
        yield self
        for child in self.children:
            yield from child.nodes()


class Adjustment(Tally):
    """Points added (bonus) or taken (deduction) for each deed, ``at_most`` so many."""

    code: str
    title: Text
    each: int
    at_most: int
    source: Source | None = None


class Veto(Scoped):
    """What puts a ceiling on the whole score, if the city has adopted it."""

    code: str
    title: Text
    deed: Deed | None = None
    at_least: int = 1
    found_by: Literal["anybody", "others"] = "anybody"
    missed: Names = ()  # duties: one obligation missed is enough
    ceiling: int
    adopted: bool = False
    source: Source | None = None


class Caps(Value):
    """The most that all bonuses together add, and all deductions together take."""

    bonus: int | None = None
    deductions: int | None = None


class Band(Value):
    """A grade: from ``at_least`` points, below ``below`` (the highest one: up to the full points)."""

    code: str
    title: Text
    at_least: int
    below: int | None = None


class Appeals(Value):
    """Days in which the scored organisation may object to the published result, and who decides."""

    days: int
    decides: Text


class Tree(Value):
    """What one type of organisation is scored by, in one assessment year."""

    title: Text
    type: str
    topic: str = ""
    per: Literal["year", "school-year"]
    points: int = 100
    indicators: tuple[Indicator, ...]
    bonus: tuple[Adjustment, ...] = ()
    deductions: tuple[Adjustment, ...] = ()
    veto: tuple[Veto, ...] = ()
    caps: Caps = Caps()
    grades: tuple[Band, ...] = ()
    appeals: Appeals | None = None
    source: Source
    note: Text | None = None
    parameters: tuple[str, ...] = ()  # names of the parameters whose values stand in it

    def nodes(self) -> Iterator[Indicator]:
        """Yield every indicator, the inner ones too."""
        for one in self.indicators:
            yield from one.nodes()

    def leaves(self) -> Iterator[Indicator]:
        """Yield the indicators that have a measure."""
        return (one for one in self.nodes() if not one.children)

    def codes(self) -> list[str]:
        """Return the codes of everything that gives or takes points, in order."""
        return [one.code for part in (self.nodes(), self.bonus, self.deductions, self.veto) for one in part]

    def one(self, code: str) -> Indicator | Adjustment | Veto | None:
        """Return the part of a code."""
        every: list[Indicator | Adjustment | Veto] = [*self.nodes(), *self.bonus, *self.deductions, *self.veto]
        return next((one for one in every if one.code == code), None)


def tallies(tree: Tree) -> Iterator[tuple[str, Tally | AverageDays | Recurring | Given]]:
    """Yield what counts deeds or entries, with its code."""
    for leaf in tree.leaves():
        if isinstance(leaf.measure, Tally | AverageDays | Recurring | Given):
            yield leaf.code, leaf.measure
    for one in (*tree.bonus, *tree.deductions):
        yield one.code, one
    for veto in tree.veto:
        if veto.deed:
            yield veto.code, Tally(deed=veto.deed, over=veto.over, types=veto.types, found_by=veto.found_by)
