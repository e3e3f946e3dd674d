"""What was told, for pages: my own, and what waits for an answer from my organisation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from json import loads
from typing import Any, Final

from huxue.actions.feedback import KIND, RAISED
from huxue.ledger.models import Case, Credit, Fact

MOST: Final = 200
# SQLite uses the index of what was told only where the query repeats the index's own condition.
_OWN: Final = (
    f"SELECT * FROM ledger_fact WHERE kind = '{KIND}' AND step = '{RAISED}' AND person = %s "  # noqa: S608 - our words
    f"ORDER BY seq DESC LIMIT {MOST}"
)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told: what was said first, and how it stands."""

    item: str
    at: int
    to: str
    person: str
    post: str
    said: dict[str, Any]
    step: str
    ended_as: str
    deadline: int | None


def own(person: str) -> list[Told]:
    """Return what a person told under his name, the latest first."""
    return _told(Fact.objects.raw(_OWN, [person])) if person else []


def waiting(organisation: str) -> list[Told]:
    """Return what waits for an answer from an organisation, the nearest deadline first."""
    here = Credit.objects.filter(organisation=organisation, role="to").values("fact")
    cases = Case.objects.filter(kind=KIND, open=True, step__in=("raised", "returned", "reopened")).values("item")
    found = _told(Fact.objects.filter(kind=KIND, step=RAISED, seq__in=here, item__in=cases).order_by("seq")[:MOST])
    return sorted(found, key=lambda one: (one.deadline is None, one.deadline, one.item))


def one(item: str) -> Told | None:
    """Return one thing told."""
    return next(iter(_told(Fact.objects.filter(kind=KIND, step=RAISED, item=item))), None)


def story(item: str) -> list[tuple[str, int, str, dict[str, Any]]]:
    """Return its steps in order: step, when, the post, what was said."""
    rows = Fact.objects.filter(item=item, verb="step").order_by("at_min", "seq")
    return [(one.step, one.at_min, one.post, dict(loads(one.fields))) for one in rows]


def _told(facts: Iterable[Fact]) -> list[Told]:
    rows = list(facts)
    cases = {one.item: one for one in Case.objects.filter(item__in=[row.item for row in rows])}
    return [_one(row, cases[row.item]) for row in rows if row.item in cases]


def _one(row: Fact, case: Case) -> Told:
    roles = loads(row.roles)
    return Told(
        row.item, row.at_min, next(iter(roles.get("to", ())), ""), row.person, row.post, dict(loads(row.fields)),
        case.step, case.ended_as, case.deadline if case.open else None,
    )  # fmt: skip
