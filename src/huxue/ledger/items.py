"""How lists see the facts of one item: its row, the set of organisations it credits, and what is counted of it.

Pure: lines in, rows out (see docs/adr/0021). ``sort`` puts a kind's items into their usual order, smallest first:

* open cases by deadline, those without one after them, the oldest first;
* records and open entries, the newest first;
* whatever has ended comes last, the latest first: from ``ENDED`` on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Kind
from huxue.ledger.drafts import canonical
from huxue.ledger.models import RESERVED_ENTRIES
from huxue.ledger.projections import case_row, current
from huxue.organisations.dated import Line, in_order, live, versions
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row

UNDATED: Final = 500_000_000  # added to the opening of an open case without a deadline
ENDED: Final = 1_000_000_000  # every ``sort`` from here on is of something that has ended
_LAST: Final = 2_000_000_000  # minus the moment it ended
EVERYWHERE: Final = -1  # stands for all sets where items are counted
STEP, ENDING = "$step", "$ended"  # facets of the place of a case
CLOSED: Final = "closed"  # what an entry has ended as
COUNTED: Final = ("choice", "yes_no")  # facets of few values, counted for each set of organisations

Word = tuple[str, str]  # a field and a value; ("", ""): the item itself


class Listed(NamedTuple):
    """The row of an item (columns of ``models.Item``), and whom it credits."""

    row: Row
    credited: frozenset[str]


@lru_cache(maxsize=100_000)
def number_of(codes: frozenset[str]) -> int:
    """Return the number of a set of organisations: 62 bits of a hash, above 0; the empty set is 0."""
    return 1 + (int.from_bytes(sha256(" ".join(sorted(codes)).encode()).digest()[:8]) >> 2) if codes else 0


def item_row(lines: Sequence[Line], kind: Kind) -> Listed | None:
    """Return how lists show an item, ``None`` for one that counts no longer and for those of the tree."""
    if kind.code in RESERVED_ENTRIES:
        return None
    return _MAKE[kind.shape](lines, kind)


def _record(lines: Sequence[Line], kind: Kind) -> Listed | None:
    says = lines if len(lines) == 1 and lines[0].verb == "record" else in_order(live(lines))
    if not says:
        return None
    line = says[-1]
    codes = frozenset(code for some in line.credited.values() for code in some)
    row = (
        line.item, kind.code, line.organisation, number_of(codes), -line.at, line.at, "", "", None, line.id, "", "",
    )  # fmt: skip
    return Listed(row, codes)


def _entry(lines: Sequence[Line], kind: Kind) -> Listed | None:
    found = versions(lines)
    if not found:
        return None
    line, until = found[-1].line, found[-1].hi
    codes = frozenset(code for some in line.credited.values() for code in some)
    closed = until != OPEN
    row = (
        line.item, kind.code, line.organisation, number_of(codes), _LAST - until if closed else -line.at,
        found[0].lo, "", CLOSED if closed else "", None, line.id, "", "",
    )  # fmt: skip
    return Listed(row, codes)


def _case(lines: Sequence[Line], kind: Kind) -> Listed | None:
    case = case_row(lines, kind)
    if case is None:
        return None
    item, code, concerned, at, ended, deadline, opened, last, open_ = case
    roles: dict[str, list[str]] = {}
    codes: set[str] = set()
    for line in (steps := in_order(live(lines))):
        said = {role: some for role, some in line.credited.items() if some}
        roles |= said
        codes.update(one for some in said.values() for one in some)
    sort = _LAST - steps[-1].at if not open_ else UNDATED + opened if deadline is None else deadline
    values, _ = current(lines, kind)
    row = (
        item, code, concerned, number_of(frozenset(codes)), sort, opened, at, ended, deadline, last, canonical(roles),
        canonical(values),
    )  # fmt: skip
    return Listed(row, frozenset(codes))


_MAKE: Final = {"register": _entry, "case": _case, "record": _record}


def place_rows(row: Row) -> Iterator[Row]:
    """Yield the facets of where a case is."""
    item, kind, _, parties, sort, _, step, ended = row[:8]
    if ended and ended != CLOSED:
        yield (kind, ENDING, ended, item, sort, parties)
    elif step:
        yield (kind, STEP, step, item, sort, parties)


def words(kind: Kind | None, step: str, ended: str, facets: Iterable[Word]) -> Iterator[Word]:
    """Yield what is counted of an item: itself, where it is, and its values of the facets that have few."""
    yield "", ""
    if ended:
        yield ENDING, ended
    elif step:
        yield STEP, step
    for field, value in facets:
        rule = kind.fields.get(field) if kind else None
        if rule is not None and rule.facet and rule.type in COUNTED:
            yield field, value


def party_rows(sets: Mapping[tuple[str, int], frozenset[str]]) -> Iterator[Row]:
    """Yield (organisation, kind, number) for the members of sets, given by kind and number."""
    for (kind, number), codes in sets.items():
        yield from ((code, kind, number) for code in codes)


def counted(row: Sequence[Any], found: Iterable[Word]) -> Iterator[tuple[str, int, str, str]]:
    """Yield the keys under which an item (kind, parties) is counted."""
    kind, parties = row
    for field, value in found:
        yield (kind, parties, field, value)
        yield (kind, EVERYWHERE, field, value)
