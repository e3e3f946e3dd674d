"""One county of the demonstration's city and its year, to be written down bit by bit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from huxue.actions import rulebooks
from huxue.actions.demo import draft
from huxue.core.calendar import Calendars
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.values import MINUTES_A_DAY, day_of, end_of_day
from huxue.demo import FIRST, SET_UP, SMALL, last_edition, school_year, switched_on
from huxue.ledger.append import append
from huxue.ledger.drafts import Receipt
from huxue.organisations.tables import Row, columns, select
from huxue.standings import kept
from huxue.standings.counting import COUNTED
from huxue.standings.models import Standing, Tally
from huxue.standings.site import edition_for, evaluate_site
from huxue.standings.touching import index_of

COUNTY = "LZ01"
TODAY = day_of(date(2026, 4, 15))
NOW = TODAY * MINUTES_A_DAY + 1000
UNFOLLOWED = ("confirmed", "checked")  # spot checks wait for the next full evaluation


@cache
def year() -> list[Fact]:
    """The facts of the county's year, in order of arrival, without what also touches other counties."""
    rulebook = rulebooks.read_rulebook("city")[0]
    assert rulebook is not None
    calendar = Calendars.build(rulebook.calendars).default
    edition = last_edition(rulebook)
    every = [
        f for batch in school_year(seed=1, size=SMALL, calendar=calendar, rulebook=in_effect(edition)) for f in batch
    ]
    touched: dict[str, set[str]] = defaultdict(set)
    for fact in every:
        touched[fact.item] |= {code for codes in fact.roles.values() for code in codes}
    near = {item for item, codes in touched.items() if all(map(_is_near, codes))}
    return sorted((f for f in every if f.item in near), key=lambda f: (f.recorded, f.id))


def _is_near(code: str) -> bool:
    return code == "LZ" or code.startswith((COUNTY, "LZ-"))


def activate() -> None:
    """Activate the editions of the year."""
    made = rulebooks.activate("city", valid_from=FIRST, now=(SET_UP - 1) * MINUTES_A_DAY)
    for day, families in switched_on(made.rulebook):
        if list(made.families_on) != families:
            made = rulebooks.activate(made.rulebook, families=families, valid_from=day, now=(day - 7) * MINUTES_A_DAY)


def write(facts: Iterable[Fact]) -> list[Receipt]:
    """Append facts as they arrived."""
    kinds = today().rulebook.kinds
    return append([draft(fact) for fact in facts], kinds=kinds, recorded=end_of_day(TODAY))


def today() -> Edition:
    """The edition of the day."""
    return edition_for(as_of=TODAY, known_at=TODAY)


def stored() -> dict[str, set[Row]]:
    """What is kept, as far as a refresh follows it."""
    standings = {_plain(row) for row in select(f"SELECT {', '.join(columns(Standing))} FROM standings_standing")}
    tallies = {_plain(row) for row in select(f"SELECT {', '.join(columns(Tally))} FROM standings_tally")}
    return _followed(standings, tallies)


def expected() -> dict[str, set[Row]]:
    """What a full evaluation says."""
    edition = today()
    standings, tallies = kept.rows(edition, evaluate_site(edition, as_of=TODAY, known_at=TODAY))
    return _followed(set(map(_plain, standings)), set(map(_plain, tallies)))


def _plain(row: Row) -> Row:
    return tuple(int(one) if isinstance(one, bool) else one for one in row)


def _followed(standings: set[Row], tallies: set[Row]) -> dict[str, set[Row]]:
    """Leave out what only a full evaluation follows: some duties of departments, the sums over them, spot checks."""
    others = {code for code, reach in index_of(today()).reach.items() if reach.others}
    bearers = {row[0] for row in tallies if row[1] in others}
    names = columns(Tally)
    blank = [names.index(name) for name in UNFOLLOWED]
    return {
        "standings": {row for row in standings if row[1] not in others},
        "tallies": {
            tuple(0 if n in blank else one for n, one in enumerate(row))
            for row in tallies
            if row[1] not in others and not (row[1] == "" and row[0] in bearers) and any(row[3 : 3 + len(COUNTED) - 2])
        },
    }


def differences(one: dict[str, set[Row]], other: dict[str, set[Row]]) -> dict[str, list[Any]]:
    """The first few rows that only one of both has."""
    return {name: sorted(map(str, one[name] ^ other[name]))[:6] for name in one if one[name] != other[name]}
