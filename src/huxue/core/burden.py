"""What a rulebook costs the people who carry it out: minutes a month, by role, from fields and periods.

A duty costs the records that it asks for in a year, times what writing one takes. One record may serve several duties:
what asks for the same deed is counted once, by the most frequent of them; so a weaker duty costs nothing beside the one
that strengthens it. Answers to triggers cannot be foreseen: they are listed with what one costs and add nothing to the
sum. It is the time of writing things down, not of doing them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from huxue.core.duties.shapes import (
    Cover,
    Deed,
    Duty,
    Entry,
    Keep,
    Members,
    Never,
    Part,
    Ratio,
    Repeat,
    Respond,
    Windowed,
)
from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.edition import Edition, active_duties
from huxue.core.rulebook.model import Rulebook

A_YEAR: Final = 365  # days
OPENING: Final = 20  # seconds: to open a form and send it
SECONDS: Final[Mapping[str, int]] = {
    "text": 30, "number": 6, "money": 10, "choice": 5, "yes_no": 3, "date": 6, "time": 8, "person": 8,
    "organisation": 8, "post": 8, "entry": 8, "place": 10, "photo": 20, "file": 20, "signature": 15,
}  # fmt: skip
"""Seconds that one field takes, by type: our own estimate (DEF), to be replaced by what a site measures."""
LOOKING: Final = 60  # seconds: to look through one register and say that it is right
TOGETHER: Final = 10  # members that one record names, where its kind lets it name several (DEF)
TYPICAL: Final[Mapping[str, int]] = {
    "city-government": 1, "county-government": 7, "township": 200, "city-department": 14, "county-department": 98,
    "school": 2000,
}  # fmt: skip
"""Organisations by type where no site is asked: a prefecture-level city of seven counties."""


class _Period(Protocol):
    @property
    def lo(self) -> int: ...


class CalendarLike(Protocol):
    """What is needed of a calendar."""

    def periods(self, kind: str, lo: int, hi: int, /) -> tuple[_Period, ...]:
        """Return the periods of a kind that overlap the days lo to hi."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one duty asks of one role in a year: ``times`` of ``seconds`` each; on demand where ``times`` is 0.

    ``times`` is in thousandths, because a department may owe a share of what a whole set is owed.
    """

    type: str  # of the organisation
    post: str  # of the post that must do it, "" for whoever does it there
    family: str
    duty: str
    kind: str
    times: int
    seconds: int

    @property
    def a_year(self) -> int:
        """Seconds a year."""
        return self.times * self.seconds // 1000


@dataclass(frozen=True, slots=True)
class _Ask:
    """The same deed of the same role: what several duties may share."""

    type: str
    post: str
    deed: str


def costs(value: Edition, calendar: CalendarLike, day: int, sizes: Mapping[str, int] | None = None) -> list[Cost]:
    """Return what each active duty costs each type of bearer in the year up to ``day``.

    ``sizes``: how many organisations there are of each type, for duties over sets.
    """
    found: dict[_Ask, Cost] = {}
    for duty in active_duties(value):
        for ask, cost in _of_duty(duty, value.rulebook, calendar, day, sizes or TYPICAL):
            have = found.get(ask)
            if have is None or cost.a_year > have.a_year:
                found[ask] = cost
    return sorted(found.values(), key=lambda c: (c.type, c.post, c.family, c.duty))


def by_role(found: Iterable[Cost]) -> dict[tuple[str, str], int]:
    """Return seconds a year by role (organisation type, post)."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    for cost in found:
        total[cost.type, cost.post] += cost.a_year
    return dict(total)


def minutes_a_month(seconds_a_year: int) -> int:
    """Return minutes a month, rounded up: a burden is never shown smaller than it is."""
    return -(-seconds_a_year // (60 * 12))


def seconds_of(kind: Kind, names: Iterable[str] | None = None) -> int:
    """Return what writing one record or entry takes: what its author says, else worked out from its fields.

    ``names``: the fields of one step of a case; without it those that the kind requires.
    """
    if kind.minutes is not None and names is None:
        return kind.minutes * 60
    fields: list[Field] = (
        [one for one in kind.fields.values() if one.required]
        if names is None
        else [kind.fields[name] for name in names if name in kind.fields]
    )
    return OPENING + sum(SECONDS[one.type] for one in fields)


def _of_duty(
    duty: Duty, rulebook: Rulebook, calendar: CalendarLike, day: int, sizes: Mapping[str, int]
) -> Iterator[tuple[_Ask, Cost]]:
    shape = duty.shape
    for type_ in duty.owed_by.type:
        for deed, entry, times in _asked(shape, rulebook, calendar, day, sizes, type_):
            post = duty.owed_by.post or _post_in(deed)
            kind_code, seconds = _kind_and_seconds(rulebook, deed, entry)
            key = deed.model_dump_json() if deed else f"entry {entry.model_dump_json()}" if entry else ""
            yield (
                _Ask(type_, post, key),
                Cost(type_, post, duty.family, duty.code, kind_code, times, seconds),
            )


def _kind_and_seconds(rulebook: Rulebook, deed: Deed | None, entry: Entry | None) -> tuple[str, int]:
    if entry is not None:
        return entry.entry, LOOKING
    if deed is None:
        return "", 0
    kind = rulebook.kinds.get(deed.case or deed.record.partition(".")[0])
    if kind is None:
        return deed.record, 0
    if deed.case:
        steps = [kind.flow[step] for step in deed.step if step in kind.flow]
        return kind.code, min((seconds_of(kind, step.asks) for step in steps), default=OPENING)
    return kind.code, seconds_of(kind)


def _post_in(deed: Deed | None) -> str:
    return next((str(test.value) for test in deed.where.tests() if test.field == "by_post"), "") if deed else ""


def _asked(
    shape: object, rulebook: Rulebook, calendar: CalendarLike, day: int, sizes: Mapping[str, int], type_: str
) -> Iterator[tuple[Deed | None, Entry | None, int]]:
    """Yield what is written by the bearer: a deed or a look at a register, and how often a year in thousandths."""
    match shape:
        case Repeat(deed=deed) if deed.as_ == "by":
            yield deed, None, 1000 * (1 if shape.sum else shape.at_least) * _periods(shape, calendar, day)
        case Cover(deed=Deed() as deed) if deed.as_ == "by":
            count = _members(shape.members, rulebook, sizes, type_)
            if _together(shape, deed, rulebook):
                count = max(1000, count // TOGETHER)
            often = A_YEAR // shape.last if shape.last else _periods(shape, calendar, day)
            yield deed, None, count * shape.at_least * often
        case Ratio():
            for part in {part.deed.record: part for part in shape.have if part.deed and part.deed.as_ == "by"}.values():
                yield part.deed, None, 1000 * _periods(shape, calendar, day)
            yield from ((None, p.entry, 1000 * _periods(shape, calendar, day)) for p in _owned(shape))
        case Keep(every=entry) | Cover(entry=Entry() as entry) | Never(entry=Entry() as entry) if entry.as_ == "by":
            yield None, entry, 1000 * _periods(shape, calendar, day)
        case Respond(with_=answer) if answer.as_ == "by":
            yield answer, None, 0
        case _:
            return


def _together(shape: Cover, deed: Deed, rulebook: Rulebook) -> bool:
    """Whether one record may name several members: a round of inspections, one circular about many."""
    kind = rulebook.kinds.get(deed.record)
    role = kind.roles.get(shape.named_by) if kind else None
    return role is not None and role.many


def _owned(shape: Ratio) -> Iterator[Part]:
    yield from (part for part in shape.have if part.entry and part.entry.as_ == "by")


def _periods(shape: Windowed, calendar: CalendarLike, day: int) -> int:
    lo = day - A_YEAR + 1
    return sum(1 for period in calendar.periods(shape.period, lo, day) if period.lo >= lo)


def _members(m: Members, rulebook: Rulebook, sizes: Mapping[str, int], type_: str) -> int:
    """Return how many members a bearer of a type has on average, in thousandths."""
    if m.codes:
        return 1000 * len(m.codes)
    if m.posts or m.holdings:
        every = rulebook.organisation_types[type_].posts
        wanted = m.posts or m.holdings
        return 1000 * (len(every) if "*" in wanted else sum(post in wanted for post in every))
    types = m.children or m.type
    if types:
        governments = "county-government" if type_.startswith("county") else type_
        governments = "city-government" if type_.startswith("city") else governments
        return 1000 * sum(sizes.get(one, 0) for one in types) // max(1, sizes.get(governments, 1))
    return 1000
