"""A hazard that is handed over says whose it was: the department that had it is rid of it, whoever handed it on."""

from __future__ import annotations

from typing import Any

import pytest

from huxue.actions import organisations
from huxue.actions.facts import By, take_step
from huxue.actions.organisations import New
from huxue.core.calendar import Calendars
from huxue.ledger.models import Fact
from huxue.standings.site import edition_for, evaluate_site
from tests.actions.county import NOW, Town, day, moment, place, rulebook
from tests.sites import Site

FOUND = {
    "category": "traffic", "grade": "minor", "area": "surroundings", "place": place("31.21", "107.47"),
    "finding": "违停", "photos": ["0" * 64],
}  # fmt: skip


@pytest.fixture
def town(site: Site) -> Town:
    made = Town()
    made.settle()
    new = [New("公安局", "公安局", "county-department", "沐河县")]
    organisations.open_(now=NOW, by=None, at=moment("2020-01-01"), new=new)
    fields = {"code": "沐河县/deputy", "organisation": "沐河县", "type": "deputy"}
    made.add("post", "open", "2020-01-01", {"about": ("沐河县",)}, fields)
    made.send()
    return made


def taken(step: str, by: str, at: str, values: dict[str, Any], item: str = "", **roles: str) -> str:
    calendar = Calendars.build(rulebook().calendars).default
    more = {role: (code,) for role, code in roles.items()} or None
    person = "人青禾小学/principal" if by.startswith("青禾") else ""
    return take_step(
        rulebook=rulebook(), now=moment(at), by=By(by, person), kind="hazard", step=step, at=moment(at),
        values=values, calendar=calendar, item=item, roles=more,
    ).item  # fmt: skip


def test_handed_over_by_somebody_else(town: Town) -> None:
    item = taken("found", "青禾小学/principal", "2026-01-06", FOUND, about="青禾小学", to="公安局")
    said = {"to_department": "文旅局", "reason": "不属公安"}
    taken("transferred", "沐河县/deputy", "2026-01-07", said, item, to="文旅局")
    order = {"deadline": "2026-02-01", "basis": "依据"}
    taken("ordered", "沐河县/deputy", "2026-01-08", order, item)
    steps = [fact.roles for fact in Fact.objects.filter(item=item).order_by("seq")]
    assert ["from" in roles for roles in steps] == [False, True, False]
    as_of = day("2026-06-30")
    found = evaluate_site(edition_for(as_of=as_of, known_at=as_of), as_of=as_of, known_at=as_of)
    settled = found.standings("WHERE duty LIKE 'surroundings.%settled'")
    assert [(s.organisation, s.duty, s.status) for s in settled] == [
        ("文旅局", "surroundings.transferred-hazard-settled", "overdue")
    ]
