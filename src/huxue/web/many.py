"""Many at once: which items somebody chose in a list, what may be done with them together, and doing it one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.http import HttpResponse

from huxue.actions.cases import steps_open
from huxue.actions.facts import take_step, verify
from huxue.core.kinds import FlowStep, Kind
from huxue.core.values import Refused
from huxue.ledger.drafts import Receipt
from huxue.ledger.listing import ItemRow, named
from huxue.ledger.listing import page as page_of
from huxue.organisations.relations import area_of
from huxue.organisations.tables import select_in
from huxue.web.acting import by, noted
from huxue.web.asked import asked_of
from huxue.web.fields.typed import typed_of
from huxue.web.filling import Form, Given
from huxue.web.listed import Line
from huxue.web.pages import page
from huxue.web.routing import Request
from huxue.web.rules import rules

MOST: Final = 500  # items of one go
NAMED: Final = 200  # organisations that a directive is addressed to from here


class Chosen(NamedTuple):
    """The items chosen, at most ``MOST``, and how many match in all."""

    rows: list[ItemRow]
    total: int
    exact: bool


class Unit(NamedTuple):
    """An organisation that chosen items concern, and how many of them."""

    code: str
    name: str
    items: int


class Possible(NamedTuple):
    """A step that some of the items may be ready for."""

    code: str
    step: FlowStep
    items: int


class Refusal(NamedTuple):
    """An item that was refused, and why."""

    row: ItemRow
    why: Refused


def chosen(request: Request, kind: Kind) -> Chosen:
    """Return what was ticked, or all that the list's address asks for; only what is within reach."""
    scope = request.viewer.scope
    if request.POST.get("choose") == "all":
        asked = asked_of(request.GET.dict(), kind, now=request.now)
        listed = page_of(kind, scope, asked.of_size(MOST))
        return Chosen(listed.rows, listed.total, listed.exact)
    rows = [row for row in named(request.POST.getlist("item")[:MOST], scope) if row.kind == kind.code]
    return Chosen(rows, len(rows), exact=True)


def units(rows: Iterable[ItemRow]) -> list[Unit]:
    """Return the organisations that items concern, the name of each, by the order of the tree."""
    counts: Counter[str] = Counter(
        code for row in rows for code in dict.fromkeys(row.roles.get("about") or row.roles.get("by") or ())
    )
    sql = "SELECT code, name, path FROM organisations_organisation WHERE code IN ({})"
    found = sorted(select_in(sql, sorted(counts)), key=lambda row: str(row[2]))
    return [Unit(code, name, counts[code]) for code, name, _ in found]


def possible(request: Request, kind: Kind, rows: Sequence[ItemRow]) -> list[Possible]:
    """Return the steps that follow where some of the cases stand and that are for whoever asks.

    Whether they are is looked up for one case of each standing; whether each case allows it is found by trying.
    """
    standing: dict[tuple[str, str], list[ItemRow]] = {}
    for row in rows if kind.flow else ():
        standing.setdefault((row.step, row.ended_as), []).append(row)
    counts: Counter[str] = Counter()
    for (at, ended), some in standing.items():
        mine = _mine(request, kind, some[0])
        for code, step in kind.flow.items():
            if code in mine and not step.opening and (ended in step.reopens if ended else at in step.from_):
                counts[code] += len(some)
    return [Possible(code, step, counts[code]) for code, step in kind.flow.items() if counts[code]]


def _mine(request: Request, kind: Kind, row: ItemRow) -> set[str]:
    met = steps_open(rulebook=rules(request).rulebook, kind=kind, by=by(request), at=request.now, item=row.item)
    found = met.permissions().items()
    return {code for code, against in found if all(reason.code != "not_yours" for reason in against)}


@dataclass
class Together(Form):
    """The form of one step for many cases; ``rows`` are those that stand where the step follows."""

    rows: Sequence[ItemRow] = ()
    units: Sequence[Unit] = ()
    lines: Sequence[Line] = ()
    done: list[Receipt] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def show(self, status: int = 200) -> HttpResponse:
        """Return the page that says how many and whom, and asks once."""
        controls = self.controls()
        return page(
            self.request, "lists/many_step.html", status, form=self, kind=self.kind, controls=controls, id=self.id(),
            mistakes=self.summary(controls), rows=self.rows, units=self.units, lines=self.lines,
        )  # fmt: skip

    def given(self) -> Given | None:
        """Return what was typed, ``None`` where something is wrong."""
        self.typed = typed_of(self.request.POST)
        self._take_files()
        found = self._given()
        return None if self.mistakes or self.wrong else found


def take_together(request: Request, form: Together, given: Given) -> None:
    """Take the step in every case, each in a transaction of its own; what is refused stays as it was."""
    who, rulebook, calendars = by(request), rules(request).rulebook, rules(request).calendars

    def step(row: ItemRow, uid: str) -> Receipt:
        about = (row.roles.get("about") or [who.organisation])[0]
        return take_step(
            rulebook=rulebook, now=request.now, by=who, kind=form.kind.code, step=form.step, at=given.at,
            values=given.values, calendar=calendars.get(area_of(about), calendars.default), item=row.item, id=uid,
        )  # fmt: skip

    form.done, form.refused = one_by_one(form.rows, given.id, step)
    noted(form.done)


def verify_together(request: Request, rows: Sequence[ItemRow], uid: str) -> tuple[list[Receipt], list[Refusal]]:
    """Confirm every record or entry, each in a transaction of its own."""
    who, rulebook = by(request), rules(request).rulebook

    def confirm(row: ItemRow, one: str) -> Receipt:
        return verify(rulebook=rulebook, now=request.now, by=who, item=row.item, confirmed=True, at=request.now, id=one)

    done, refused = one_by_one(rows, uid, confirm)
    noted(done)
    return done, refused


def one_by_one(
    rows: Sequence[ItemRow], uid: str, do: Callable[[ItemRow, str], Receipt]
) -> tuple[list[Receipt], list[Refusal]]:
    """Do something with each item under an id of its own, so that sending twice does nothing twice."""
    done, refused = [], []
    for row in rows:
        try:
            done.append(do(row, f"{uid[:28]}-{row.item[-32:]}"))
        except Refused as why:
            refused.append(Refusal(row, why))
    return done, refused
