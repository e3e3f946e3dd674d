"""The grammar of duties: what a duty may say, as frozen values. ``docs/reference/duties.md`` explains each word.

Literals are already in stored units here (a number of a field with one decimal times ten, dates as day numbers):
``rulebook.load`` scales them while it reads, because it knows the kinds.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, model_validator

from huxue.core.values import Text, Value

Literal_ = bool | int | str
Operator = Literal["=", "in", "at_least", "at_most", "below", "above"]
CIVIL = ("school-day", "week", "month", "quarter", "half-year", "year")
OF_CALENDAR = ("month-in-session", "term", "school-year")  # and "special:<name>", "campaign:<name>"


class Test(Value):
    """One comparison: a field, an operator, a literal (a tuple for ``in``)."""

    __test__ = False  # not a pytest class
    field: str
    op: Operator
    value: Literal_ | tuple[Literal_, ...]


class Where(Value):
    """Filters combined: every one of ``all``, one of ``any``, none of ``not_``. Empty holds always."""

    all: tuple[Test | Where, ...] = ()
    any: tuple[Test | Where, ...] = ()
    not_: tuple[Test | Where, ...] = ()

    def tests(self) -> Iterator[Test]:
        """Yield every comparison inside."""
        for part in (*self.all, *self.any, *self.not_):
            if isinstance(part, Test):
                yield part
            else:
                yield from part.tests()


NOTHING = Where()


class Deed(Value):
    """D: something that happened: a record of a kind, or a case (of kind ``case``) that took one of some steps.

    ``record`` may also name an event of a reserved or entry kind: ``holding.began`` (open), ``holding.ended`` (close),
    ``organisation.changed`` (change) …: ``<entry kind>.<began|changed|ended>``.
    """

    record: str = ""
    case: str = ""
    step: tuple[str, ...] = ()
    as_: str = Field(default="by", alias="as")
    where: Where = NOTHING

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if bool(self.record) == bool(self.step):
            raise ValueError("say either a record or steps")
        return self


class Entry(Value):
    """X: something that stands: an entry of a kind, owned by the bearer, or ``supervised`` through its topic."""

    entry: str
    as_: Literal["by", "supervised"] = Field(default="by", alias="as")
    where: Where = NOTHING


class Span(Value):
    """A length of time, exactly one unit of it; or the field of the trigger that holds the deadline."""

    hours: int | None = None
    days: int | None = None
    workdays: int | None = None
    school_days: int | None = None
    field: str | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("say one unit")
        return self


class Due(Value):
    """When a window is due: days or workdays after its end, days after its start, or a date.

    A date is ``03-31`` in the year the window opens, or ``next 03-31`` in the year after.
    """

    days: int | None = None
    workdays: int | None = None
    days_after_start: int | None = None
    date: str | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_dump(exclude_none=True)) != 1:
            raise ValueError("say one of days, workdays, days_after_start, date")
        return self


class Windowed(Value):
    """W: the dates around a period. ``closes`` counts from the due day; default: due = end, closes = due."""

    per: str = ""  # deeds within a period
    each: str = ""  # a state, on the last day of a period or today
    before: tuple[int, int] | None = None  # window: {before: [15, 3]}: from 15 to 3 days before the period starts
    due: Due | None = None
    closes: Due | None = None
    make_good: bool = False
    enter_within: int | None = None  # workdays between deed and entry; a later entry is void
    dated_by: str = ""  # a date field of the deed says which period it is for (a report on the quarter before)

    @property
    def period(self) -> str:
        """The period's name, whichever way it was said."""
        return self.per or self.each


class Repeat(Windowed):
    """At least ``at_least`` deeds (or a sum, or distinct values, or spaced ones) in each period."""

    deed: Deed
    at_least: int = 1
    sum: str = ""
    distinct: str = ""
    spaced: int = 0  # days between two that count


class Respond(Value):
    """Each trigger ``to`` is answered by ``with_`` within a time; deadlines may move, obligations may be lifted."""

    to: Deed
    with_: Deed = Field(alias="with")
    match: Literal["case", "reference", "bearer", "holding"] | str = "case"  # else a field that both carry
    within: Span
    moved_by: Deed | None = None
    lifted_by: Deed | None = None
    closes: Span | None = None  # after the deadline; without it an obligation stays overdue until answered
    field_of_move: str = "deadline"


class Keep(Windowed):
    """Every active entry stays valid (a date field not passed), or holds what it must."""

    every: Entry
    valid: str = ""
    holds: Where | None = None
    mend: int = -1  # days after a lapse in which it is due, not overdue


class Members(Value):
    """M: the set that must be covered.

    ``children``: organisations of these types in the bearer's territory (any depth) · ``supervised`` a topic, with
    ``type`` and ``where`` over their traits · ``posts`` of these types (``*`` all) of the bearer · ``holdings`` of
    such posts · ``entries`` of a kind owned by the bearer · ``list``: the codes of a list · ``through``: organisations
    that the bearer's active entries of this kind point at with their field ``field``.
    """

    children: tuple[str, ...] = ()
    supervised: str = ""
    type: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    holdings: tuple[str, ...] = ()
    entries: str = ""
    list: str = ""
    codes: tuple[str, ...] = ()  # the resolved codes of ``list``
    through: str = ""
    field: str = ""
    where: Where = NOTHING


class Cover(Windowed):
    """Each member of a set has one (``at_least`` of them), at least ``share`` per mille of the members.

    ``key`` is where a deed or an entry names its member: a role, a field, or ``reference``. Default: ``about`` for
    organisations, the acting post for posts and holdings, ``reference`` for entries.
    """

    members: Members
    deed: Deed | None = None
    entry: Entry | None = None
    key: str = ""
    at_least: int = 1
    share: int = 1000
    last: int = 0  # days up to today, instead of a period

    @property
    def named_by(self) -> str:
        """The role, field or pointer by which a deed or entry names its member."""
        if self.key:
            return self.key
        m = self.members
        return "post" if m.posts or m.holdings else "reference" if m.entries else "about"


class Step(Value):
    """One row of a need table: from … to a size, ``base`` + ``add`` for every ``for_every`` beyond ``beyond``."""

    from_: int = Field(alias="from", default=0)
    to: int = 10_000_000
    base: int = 0
    add: int = 0
    for_every: int = 0
    beyond: int = 0


class Part(Value):
    """V: one part of a value: deeds (count or sum), entries (count or sum), a trait, a table of steps, a constant."""

    deed: Deed | None = None
    entry: Entry | None = None
    sum: str = ""
    trait: str = ""
    table: tuple[Step, ...] = ()
    constant: int | None = None


class Ratio(Windowed):
    """``have`` against ``of`` (per mille) or ``need`` (the value itself), or more or less than the period before."""

    have: tuple[Part, ...]
    of: tuple[Part, ...] = ()
    need: tuple[Part, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    more_than: Literal["previous"] | None = None
    less_than: Literal["previous"] | None = None


class Never(Windowed):
    """Nothing of this sort may stand open (entry), or happen (deed)."""

    entry: Entry | None = None
    deed: Deed | None = None
    mend: int = -1


Shape = Repeat | Respond | Keep | Cover | Ratio | Never


class OwedBy(Value):
    """Who bears the duty: organisations of these types (filtered by traits), with ``topic`` those that supervise it.

    ``post`` names the post inside the organisation that answers for it.
    """

    type: tuple[str, ...]
    where: Where = NOTHING
    post: str = ""
    topic: str = ""


class Source(Value):
    """Where a rule comes from: a source text of the rulebook, its clause, and how sure we are of the wording."""

    text: str
    clause: str
    confidence: Literal["V", "S", "M", "C", "L", "DEF"] = "S"


class Duty(Value):
    """One rule: who owes what, by which clause. Exactly one shape."""

    code: str
    title: Text
    family: str
    owed_by: OwedBy
    shape: Shape
    in_force: tuple[int, int] = (-10_000_000, 10_000_000)  # days
    present: Literal["most", "whole", "due-day"] = "most"
    counts: Literal["recorded", "verified"] = "recorded"
    strengthens: str = ""
    ladder: str = ""
    source: Source
    note: Text | None = None
    parameters: tuple[str, ...] = ()  # names of the parameters whose values stand in it
    layer: str = ""  # code of the layer that says it
    one_of: str = ""  # the code with ``$each``, where it is one of several that say the same for a list
    loosens: Text | None = None  # the reason why it takes the place of a stricter duty of a layer below

    @property
    def shape_name(self) -> str:
        """``repeat``, ``respond``, ``keep``, ``cover``, ``ratio`` or ``never``."""
        return type(self.shape).__name__.lower()
