"""When the city switched on which families of duties: the rulebook's own choice first, the rest one step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from huxue.core.rulebook.edition import Edition, edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import day_of
from huxue.demo.year import FIRST

MORE: Final = day_of(date(2026, 1, 1))  # families with something to do every month
DAILY: Final = day_of(date(2026, 6, 22))  # families with something to do every day or week
_MONTHLY: Final = ("month", "month-in-session")
_DAILY: Final = ("school-day", "week")


def switched_on(rulebook: Rulebook) -> Iterator[tuple[int, list[str]]]:
    """Yield each day on which families were added, with all that are on from then.

    The more often a family asks for something, the later it comes: a city begins with what costs its people little.
    """
    duties = rulebook.duties.values()
    first = {code for code, family in rulebook.families.items() if family.on}
    every = {duty.family for duty in duties} | first
    daily, monthly = (
        {duty.family for duty in duties if getattr(duty.shape, "per", "") in periods} - first
        for periods in (_DAILY, _MONTHLY)
    )
    yield FIRST, sorted(every - daily - monthly)
    yield MORE, sorted(every - daily)
    yield DAILY, sorted(every)


def last_edition(rulebook: Rulebook) -> Edition:
    """Return the edition in force at the end of the year, with all that it carries on from the earlier ones."""
    made: Edition | None = None
    for day, families in switched_on(rulebook):
        made = edition(rulebook, families_on=families, valid_from=day, before=made)
    assert made is not None  # noqa: S101 - the first is always there
    return made
