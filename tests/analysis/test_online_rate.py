"""Online rates as tables: which statuses make which record of a school's month (M108)."""

from __future__ import annotations

import pytest

from huxue.analysis import online_rate
from huxue.core.facts import Fact
from huxue.core.values import date_of
from tests.analysis.worlds import day, derivation, fact

RULE = derivation("online-rate")


def status(on: str, device: str, minutes: int, online: int, school: str = "S1", at: str = "") -> Fact:
    told = {"device": device, "day": on, "minutes": minutes, "online_minutes": online}
    return fact(at or on, told, by=school)


def rates(*facts: Fact, as_of: str = "2026-12-31") -> list[tuple[str, int, int, int]]:
    found = online_rate.find(RULE, {"status": facts}, as_of=day(as_of)).findings
    return [tuple(f.fields[n] for n in ("month", "minutes", "online_minutes", "devices")) for f in found]  # type: ignore[misc]


@pytest.mark.parametrize(
    ("facts", "records"),
    [
        ([], []),
        ([status("2026-03-01", "1", 1440, 1400)], [("2026-03", 1440, 1400, 1)]),
        ([status("2026-03-01", "1", 1440, 1400), status("2026-03-02", "1", 1440, 0)], [("2026-03", 2880, 1400, 1)]),
        ([status("2026-03-01", "1", 1440, 1400), status("2026-03-01", "2", 1440, 40)], [("2026-03", 2880, 1440, 2)]),
        ([status("2026-03-01", "1", 1440, 2000)], [("2026-03", 1440, 1440, 1)]),  # never more than it was to run
        (
            [status("2026-03-01", "1", 1440, 0), status("2026-03-01", "1", 1440, 1440, at="2026-03-02")],
            [("2026-03", 1440, 1440, 1)],  # the later word on a device and a day
        ),
        (
            [status("2026-02-28", "1", 100, 90), status("2026-03-01", "1", 100, 80)],
            [("2026-02", 100, 90, 1), ("2026-03", 100, 80, 1)],
        ),
        ([status("2026-03-31", "1", 44640, 44000, at="2026-04-02")], [("2026-03", 44640, 44000, 1)]),  # said in April
    ],
)
def test_records(facts: list[Fact], records: list[tuple[str, int, int, int]]) -> None:
    assert rates(*facts) == records


@pytest.mark.parametrize(
    ("as_of", "months"), [("2026-03-30", []), ("2026-03-31", ["2026-03"]), ("2026-04-01", ["2026-03"])]
)
def test_only_a_month_that_is_over(as_of: str, months: list[str]) -> None:
    assert [month for month, *_ in rates(status("2026-03-10", "1", 10, 9), as_of=as_of)] == months


@pytest.mark.parametrize(
    ("month", "last"),
    [("2026-01", "2026-01-31"), ("2026-02", "2026-02-28"), ("2028-02", "2028-02-29"), ("2026-12", "2026-12-31")],
)
def test_the_last_day_of_a_month(month: str, last: str) -> None:
    assert str(date_of(online_rate.last_day(month))) == last
