"""What leaves the site of a list: its rows with the names of organisations, and personal values where they may be seen.

A list is asked for in the address: a filter by its field, ``q`` text, ``step``, ``state``, ``org``, ``from`` and ``to``
days, ``order``, ``after`` a key of the page before. Pages, exports, prints and the API read it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, Final, NamedTuple

from huxue.core.kinds import Kind
from huxue.core.values import FAR, Refused, day_of
from huxue.exchange.workbook_columns import Column, list_columns
from huxue.exchange.workbook_rows import Words, labels
from huxue.exchange.workbooks import Book
from huxue.ledger.asked import Asked
from huxue.ledger.for_workbooks import names_of, personal, places_inside
from huxue.ledger.listing import ItemRow, stream
from huxue.web.papers import unit_of
from huxue.web.routing import Request
from huxue.web.rules import rules
from huxue.web.words import long_day

STATES: Final = ("", "open", "ended")
TERM: Final = 200  # days back in which the last term lies
_BATCH: Final = 1_000
_LONGEST: Final = 60


def asked_of(request: Request, kind: Kind, *, size: int) -> Asked:
    """Return what the address of a list asks for. Refuses ``bad_date``; what no list knows is passed over."""
    said = request.GET
    facets = {name: tuple(said.getlist(name))[:50] for name, rule in kind.fields.items() if rule.facet and name in said}
    step = said.get("step", "")
    return Asked(
        facets=facets, text=said.get("q", "").strip()[:_LONGEST], step=step if step in kind.flow else "",
        state=said.get("state", "") if kind.shape != "record" else "", organisation=said.get("org", "")[:64],
        period=_period(said.get("from", ""), said.get("to", "")), order="new" if said.get("order") == "new" else "",
        after=said.get("after", "")[:120], size=size,
    )  # fmt: skip


def _period(first: str, last: str) -> tuple[int, int] | None:
    if not first and not last:
        return None
    return (_day(first) if first else -FAR, _day(last) if last else FAR)


def _day(said: str) -> int:
    try:
        return day_of(date.fromisoformat(said))
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
        values = self._personal(batch)
        for row in batch:
            said = {name: values.get((row.fact, name), value) for name, value in row.fields.items()}
            yield Shown(
                row.item, row.at, row.roles, said, row.step, row.ended_as, row.deadline, row.organisation,
                row.organisation_name,
            )  # fmt: skip

    def _personal(self, batch: list[ItemRow]) -> Mapping[tuple[str, str], Any]:
        post = self.request.viewer.post
        if post is None or not any(rule.personal for rule in self.kind.fields.values()):
            return {}
        mine = [row.fact for row in batch if any(post.organisation in codes for codes in row.roles.values())]
        return personal(mine)[0]

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
