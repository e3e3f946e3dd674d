"""What leaves the site of a list: its rows with the names of organisations, and personal values where they may be seen.

What is asked for stands in the address as it does in the address of the list (``web.asked``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.exchange.workbook_columns import Column, list_columns
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book
from huxue.ledger.asked import Asked
from huxue.ledger.for_workbooks import names_of, places_inside
from huxue.ledger.listing import ItemRow, stream
from huxue.web.asked import asked_of as asked_in
from huxue.web.listed import own_values
from huxue.web.papers import unit_of
from huxue.web.routing import Request
from huxue.web.rules import rules
from huxue.web.words import long_day

TERM: Final = 200  # days back in which the last term lies
_BATCH: Final = 1_000


def asked_of(request: Request, kind: Kind, *, size: int) -> Asked:
    """Return what the address asks for, as the list of the kind reads it. Refuses ``bad_date``: less is not guessed."""
    query = request.GET.dict()
    for name in ("from", "to"):
        _refuse_no_day(query.get(name, ""))
    return replace(asked_in(query, kind, now=request.now), size=size)


def _refuse_no_day(said: str) -> None:
    try:
        date.fromisoformat(said or "2026-01-01")
    except ValueError:
        raise Refused(
            "bad_date", f"“{said[:20]}”不是日期，请写成 2026-03-05。", f"{said[:20]!r} is not a date."
        ) from None


class Shown(NamedTuple):
    """A row as it goes out."""

    item: str
    at: int
    roles: Mapping[str, Sequence[str]]
    fields: Mapping[str, Any]
    step: str
    ended_as: str
    deadline: int | None
    organisation: str
    organisation_name: str


@dataclass
class Outgoing:
    """A list on its way out. ``names`` fills up as rows are read: those within reach first, told apart."""

    request: Request
    kind: Kind
    asked: Asked
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the names within reach."""
        rows = places_inside(*self.request.viewer.scope.where("code"))
        self.names.update(labels({row[0]: row[1] for row in rows}))

    def rows(self) -> Iterator[Shown]:
        """Yield all rows asked for, a batch at a time."""
        found = stream(self.kind, self.request.viewer.scope, self.asked)
        while batch := list(islice(found, _BATCH)):
            yield from self.shown(batch)

    def shown(self, batch: list[ItemRow]) -> Iterator[Shown]:
        """Yield rows with what they need beside: names, and personal values of one's own organisation."""
        codes = {code for row in batch for some in row.roles.values() for code in some}
        codes |= {str(value) for row in batch for value in _organisations(self.kind, row.fields)}
        self.names.update(names_of(codes - self.names.keys()))
        values = own_values(self.request, self.kind, batch)
        for row in batch:
            said = {name: values.get((row.fact, name), value) for name, value in row.fields.items()}
            yield Shown(
                row.item, row.at, row.roles, said, row.step, row.ended_as, row.deadline, row.organisation,
                row.organisation_name,
            )  # fmt: skip

    @property
    def words(self) -> Words:
        """What turns the rows into words."""
        return Words(self.kind, rules(self.request).rulebook.lists, self.request.lang, self.names)

    def book(self, columns: Iterable[Column] = ()) -> Book:
        """Return the workbook of the list, without its rows."""
        some = tuple(columns) or list_columns(self.kind, rules(self.request).rulebook.lists)
        return Book(self.kind.title, some, self.words, unit_of(self.request), heading(self.request))


def _organisations(kind: Kind, fields: Mapping[str, Any]) -> Iterator[Any]:
    for name, rule in kind.fields.items():
        if rule.type == "organisation" and fields.get(name):
            value = fields[name]
            yield from value if isinstance(value, list | tuple) else [value]


def term(request: Request) -> str:
    """Return the name of the term that runs, or of the last one."""
    found = rules(request).calendars.default.periods("term", request.today - TERM, request.today)
    return found[-1].title.say(request.lang) if found and found[-1].title else ""


def heading(request: Request) -> str:
    """Return term and day in one line."""
    return " · ".join(one for one in (term(request), long_day(request.today, request.lang)) if one)
