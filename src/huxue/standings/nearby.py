"""The facts that some duties of one organisation follow from, and no others: quick where ``site.history_of`` is full.

It gives the reference evaluator the organisation, those above it, its own facts of the kinds that the duties read and,
only for duties whose members are organisations, the whole tree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Min

from huxue.core.duties.history import History
from huxue.core.duties.window import first_day
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger import reading
from huxue.organisations.models import Organisation
from huxue.organisations.relations import ancestry
from huxue.standings.site import calendars_of
from huxue.standings.touching import TREE, Index, index_of


def near(edition: Edition, organisation: str, duties: Collection[str], *, as_of: int, known_at: int) -> History:
    """Return the history of one organisation for some duties, as far as these look."""
    index = index_of(edition)
    codes = set(duties)
    if any(index.reach[code].tree for code in codes):
        tree = list(reading.of_kinds(TREE, known_at=known_at))
    else:
        tree = reading.of_items(_items_above(organisation), known_at=known_at)
    own = reading.of_one(organisation, index.kinds(codes), known_at=known_at)
    facts: dict[str, Fact] = {fact.id: fact for fact in (*tree, *own)}
    only = index.rulebook.model_copy(update={"duties": _only(index, codes)})
    history = History(only, calendars_of(edition), facts.values(), as_of=as_of, known_at=known_at)
    history.since = first_day(only.valid_from, _first(), as_of)  # of the whole tree, not of this part
    return history


def _only(index: Index, codes: Collection[str]) -> dict[str, object]:
    return {key: duty for key, duty in index.rulebook.duties.items() if duty.code in codes}


def _items_above(organisation: str) -> list[str]:
    chain = ancestry(organisation)
    return list(Organisation.objects.filter(code__in=chain).values_list("item", flat=True))


def _first() -> int | None:
    first: int | None = Organisation.objects.aggregate(first=Min("opened"))["first"]
    return None if first is None else first // MINUTES_A_DAY


def borne(index: Index, codes: Iterable[str], types: Collection[str]) -> set[str]:
    """Return those duties that an organisation which is or was of these types may bear."""
    versions = [duty for duty in index.rulebook.duties.values() if any(one in types for one in duty.owed_by.type)]
    return {duty.code for duty in versions} & set(codes)


__all__ = ["borne", "near"]
