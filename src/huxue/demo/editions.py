"""When the city switched on which families of duties: the rulebook's own choice first, the rest one step at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from huxue.core.rulebook.edition import Edition, edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import day_of
from huxue.demo.year import FIRST

MORE: Final = day_of(date(2026, 4, 1))  # most of the families that are off at first
DAILY: Final = day_of(date(2026, 6, 15))  # those with something to do every day or week
_OFTEN: Final = ("school-day", "week")


def switched_on(rulebook: Rulebook) -> Iterator[tuple[int, list[str]]]:
    """Yield each day on which families were added, with all that are on from then."""
    duties = rulebook.duties.values()
    often = {duty.family for duty in duties if getattr(duty.shape, "per", "") in _OFTEN}
    every = {duty.family for duty in duties}
    first = {code for code, family in rulebook.families.items() if family.on}
    yield FIRST, sorted(first)
    for day, families in ((MORE, first | (every - often)), (DAILY, first | every)):
        yield day, sorted(families)


def last_edition(rulebook: Rulebook) -> Edition:
    """Return the edition in force at the end of the year, with all that it carries on from the earlier ones."""
    made: Edition | None = None
    for day, families in switched_on(rulebook):
        made = edition(rulebook, families_on=families, valid_from=day, before=made)
    assert made is not None  # noqa: S101 - the first is always there
    return made
