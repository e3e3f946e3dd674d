"""Loading the fictional city: a year of facts through ``append``, in whole batches, with their own times of arrival."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import connection

from huxue.actions import rulebooks
from huxue.actions.demo_accounts import Made, make_demo_accounts
from huxue.actions.demo_decisions import decide
from huxue.actions.derivations import derive
from huxue.core.calendar import Calendar, Calendars
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.values import MINUTES_A_DAY, Refused, date_of, end_of_day
from huxue.demo import FIRST, SET_UP, TODAY, Size, school_year, switched_on
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft
from huxue.ledger.models import Fact as Row

RULEBOOK: Final = "city"
MOST: Final = 40_000  # facts of one transaction
CACHE: Final = 96_000  # kilobytes
MONTHLY: Final = ("online-rate",)  # rules whose result is owed some days after a month
Progress = Callable[[int], None]


def load_demo(*, seed: int, size: Size, progress: Progress, until: int = TODAY) -> Edition:
    """Fill an empty ledger with the city's year up to a day; ``progress`` hears how many facts are in.

    Refuses ``not_empty``.

    The families that the rulebook switches on itself count from the first day of the school year, the others from the
    day the city adds them; what is owed every day or week comes last.
    """
    if Row.objects.exists():
        raise Refused(
            "not_empty",
            "站点已有记录，演示只写入空站点。",
            "the site holds records already; the demonstration fills empty sites only.",
        )
    made = _activated()
    calendar = Calendars.build(made.rulebook.calendars).default
    _make_room()
    written = 0
    with _no_collector():
        for batch in school_year(seed=seed, size=size, calendar=calendar, rulebook=in_effect(made)):
            for part in _parts(batch, end_of_day(until)):
                append(part, kinds=made.rulebook.kinds, recorded=end_of_day(until))
                written += len(part)
                progress(written)
    _settle()
    written += _derived(calendar, until)
    progress(written + decide(seed=seed, until=until))
    return made


def furnish(today: int = TODAY) -> list[Made]:
    """Make a loaded demonstration ready for its pages: it stands still at a day. Return its accounts."""
    settings.SITE.joinpath("today.txt").write_text(f"{date_of(today).isoformat()}\n", "ascii")
    return make_demo_accounts()


def _activated() -> Edition:
    """Activate the editions of the year, each as if a week before its day."""
    made = rulebooks.activate(RULEBOOK, valid_from=FIRST, now=(SET_UP - 1) * MINUTES_A_DAY)
    for day, families in switched_on(made.rulebook):
        if list(made.families_on) != families:
            now = (day - 7) * MINUTES_A_DAY
            made = rulebooks.activate(made.rulebook, families=families, valid_from=day, now=now)
    return made


def _derived(calendar: Calendar, until: int) -> int:
    """Derive as a site does: what a month comes to on the first day after it, the rest here at the end only.

    Returns how many facts were written.
    """
    firsts = [month.hi + 1 for month in calendar.periods("month", FIRST, until) if month.hi < until]
    outcomes = [one for day in firsts for one in derive(as_of=day, now=end_of_day(day), only=MONTHLY)]
    outcomes += derive(as_of=until, now=end_of_day(until))
    return sum(one.written + one.corrected + one.withdrawn for one in outcomes)


def _parts(batch: list[Fact], end: int) -> Iterator[list[Draft]]:
    """Yield what was written down by a minute, in parts."""
    drafts = (draft(fact) for fact in batch if fact.recorded <= end)
    while part := list(islice(drafts, MOST)):
        yield part


def draft(fact: Fact) -> Draft:
    """Return a fact as a draft that keeps its time of arrival."""
    return Draft(
        fact.id, fact.kind, fact.verb, fact.at, fact.item, fact.roles, fact.fields, fact.step, fact.replaces,
        fact.reference, fact.post, fact.person, fact.makeup, fact.deadline, recorded=fact.recorded,
    )  # fmt: skip


@contextmanager
def _no_collector() -> Iterator[None]:
    """Spare Python the search for circles: facts make none, and looking took an eighth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _make_room() -> None:
    """Let SQLite keep its indexes in memory for this load: with its own 2 MB it writes every page many times over."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE}")


def _settle() -> None:
    """Let the database look at what it holds now, so that it plans its queries well, and give the room back."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()
