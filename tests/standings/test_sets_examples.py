"""Counting on, told step by step: what each fact and each day changes of what was counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from huxue.standings.sets.counting import count
from huxue.standings.sets.serve import serve
from huxue.standings.sets.sums import sums_of
from tests.core.situations import MARCH, Situation, calendars, day, situation
from tests.sites import Site
from tests.standings.set_world import from_facts, stand, write

MEETING: dict[str, Any] = {"deed": {"record": "meeting"}, "per": "month"}


class Days:
    """Takes in the facts of a situation and counts, day after day; every count but the first goes on from the last."""

    def __init__(self, site: Site, situated: Situation) -> None:
        """Begin with nothing."""
        self.site, self.situated, self.written, self.counts = site, situated, 0, 0
        self.stand = stand(situated._rulebook(), calendars())

    def on(self, date: str) -> dict[str, int]:
        """Return how many standings there are of each status on a day; those that there are."""
        write(self.situated.facts[self.written :])
        self.written = len(self.situated.facts)
        served = serve(self.site.folder, self.stand, today=day(date))
        found = count(served.opened, self.stand, today=day(date))
        assert found.onward == (self.counts > 0)
        assert found.why is None
        assert found.sums == sums_of(from_facts(self.stand, day(date)))
        self.counts += 1
        return {status: n for status, n in found.sums.totals.items() if n}


Begin = Callable[[Situation], Days]


@pytest.fixture
def days(sqlite_site: Site) -> Begin:
    """Begin to count a situation."""
    return lambda situated: Days(sqlite_site, situated)


def test_a_month_falls_due_and_closes_by_itself(days: Begin) -> None:
    d = days(situation(repeat=MEETING | {"due": {"days": 5}, "closes": {"days": 10}}, in_force=MARCH))
    assert d.on("2026-03-20") == {"due": 1}
    assert d.on("2026-04-05") == {"due": 1}
    assert d.on("2026-04-06") == {"overdue": 1}
    assert d.on("2026-04-30") == {"missed": 1}
    assert d.on("2027-04-30") == {"missed": 1}


def test_a_late_entry_meets_a_month_that_is_over_and_a_withdrawal_takes_it_back(days: Begin) -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    d = days(s)
    assert d.on("2026-05-20") == {"missed": 1}
    late = s.did("meeting", "2026-03-10", entered="2026-05-21")
    assert d.on("2026-05-21") == {"met": 1}
    s.withdrawn(late, "2026-05-22")
    assert d.on("2026-05-22") == {"missed": 1}


def test_a_correction_moves_a_deed_to_another_month(days: Begin) -> None:
    s = situation(repeat=MEETING, in_force=("2026-03-01", "2026-04-30"))
    held = s.did("meeting", "2026-03-10")
    d = days(s)
    assert d.on("2026-04-10") == {"met": 1, "due": 1}
    s.replaces(held, "2026-04-11", at="2026-04-02")
    assert d.on("2026-04-11") == {"met": 1, "missed": 1}


def test_an_excuse_covers_a_month_that_is_over(days: Begin) -> None:
    s = situation(repeat=MEETING, in_force=MARCH)
    d = days(s)
    assert d.on("2026-04-10") == {"missed": 1}
    s.excused("S", "2026-03-15", "2026-04-15")
    assert d.on("2026-04-10") == {"excused": 1}
    s.did("meeting", "2026-03-10", entered="2026-04-12")
    assert d.on("2026-04-12") == {"met": 1}


def test_what_is_valid_lapses_while_nothing_happens(days: Begin) -> None:
    s = situation(keep={"every": {"entry": "guard"}, "valid": "until", "each": "year", "mend": 10})
    s.entry("guard", "2026-01-05", until="2026-03-31")
    d = days(s)
    assert d.on("2026-03-31") == {"met": 1}
    assert d.on("2026-04-01") == {"due": 1}
    assert d.on("2026-04-10") == {"due": 1}
    assert d.on("2026-04-11") == {"overdue": 1}


def test_a_trigger_waits_is_overdue_and_is_answered(days: Begin) -> None:
    s = situation(
        respond={"to": {"step": ["ordered"], "as": "about"}, "with": {"step": ["rectified"], "as": "about"},
                 "match": "case", "within": {"days": 10}},
    )  # fmt: skip
    s.step("c1", "ordered", "2026-03-01")
    s.step("c2", "ordered", "2026-03-05")
    d = days(s)
    assert d.on("2026-03-08") == {"due": 2}
    assert d.on("2026-03-12") == {"due": 1, "overdue": 1}
    answer = s.step("c1", "rectified", "2026-03-13")
    assert d.on("2026-03-14") == {"met": 1, "due": 1}
    assert d.on("2026-03-20") == {"met": 1, "overdue": 1}
    s.withdrawn(answer, "2026-03-21")
    assert d.on("2026-03-21") == {"overdue": 2}
