"""The grammar of ladders (section ``ladders``), as frozen values. ``docs/reference/ladders.md`` explains each word."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Setting

from huxue.core.duties.shapes import Source
from huxue.core.kinds.model import Names
from huxue.core.values import Text, Value

Year = Literal["year", "school-year", "never"]
Within = Literal["", "quarter", "half-year", "year", "school-year"]
OVERDUE = "overdue"  # of a case: its deadline has passed while it is open


class Time(Value):
    """A length of time: days or workdays, one of them."""

    days: int | None = None
    workdays: int | None = None

    @property
    def length(self) -> int:
        """How many, of whichever unit was said."""
        return (self.days if self.workdays is None else self.workdays) or 0

    @property
    def unit(self) -> str:
        """``days`` or ``workdays``."""
        return "days" if self.workdays is None else "workdays"


class When(Value):
    """One condition, of one sort.

    ``overdue``: more than so long past a deadline that was not kept. ``missed``: so many missed in this episode, or
    (``within``) in the present period. ``after``: so long after that measure was taken in this episode. ``since`` (of
    cases): so long after the case came to its step.
    """

    overdue: Time | None = None
    missed: int | None = None
    within: Within = ""
    after: str = ""
    days: int | None = None
    workdays: int | None = None
    since: Time | None = None

    @property
    def time(self) -> Time:
        """The time after ``after``."""
        return Time(days=self.days, workdays=self.workdays)


class Decides(Value):
    """Who decides: the nearest organisation above the bearer of one of these types, and the post there.

    With ``topic`` it is the department of such a type that supervises the bearer in it.
    """

    type: Names
    post: str
    topic: str = ""


class Rung(Value):
    """One rung: a measure, when it is owed, and who decides it. ``by: system`` goes out by itself: a reminder."""

    measure: str  # a value of the list ``measures``
    when: When = When()
    or_: tuple[When, ...] = Setting(default=(), alias="or")
    by: Literal["office", "system"] = "office"
    proposes: str = ""  # the post that prepares it
    decides: Decides | None = None
    document: str = ""
    source: Source | None = None  # else that of the ladder
    note: Text | None = None

    def conditions(self) -> tuple[When, ...]:
        """Return the conditions; one of them is enough."""
        return (self.when, *self.or_)


class Stops(Value):
    """When a ladder stops: always when the episode ends; ``at_latest`` leaves out what was due before this period."""

    episode_ends: Literal[True] = True
    at_latest: Year = "year"


class Cases(Value):
    """Cases that a ladder is for: of these kinds, once they came to one of these steps (``overdue``: their deadline).

    ``where``: field → values, one of which it must have. ``until``: steps that end the episode before the case ends.
    """

    case: Names
    step: Names
    where: dict[str, Names] = Setting(default_factory=dict)
    until: Names = ()


class Ladder(Value):
    """The rungs from the mildest up. ``when`` makes it a ladder of cases; ``starts_at`` names a rung to start at."""

    title: Text
    rungs: tuple[Rung, ...]
    stops: Stops = Stops()
    starts_at: str = ""
    when: tuple[Cases, ...] = ()
    source: Source | None = None
    postponed_at_most: int = 60  # days
    note: Text | None = None

    @property
    def start(self) -> int:
        """Index of the rung to start at."""
        return next((n for n, rung in enumerate(self.rungs) if rung.measure == self.starts_at), 0)

    def source_of(self, rung: Rung) -> Source | None:
        """Return the clause of a rung."""
        return rung.source or self.source
