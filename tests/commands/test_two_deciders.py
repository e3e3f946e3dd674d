"""Two office holders decide at the same moment: the first does, the second is told that it stands no more."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from huxue.actions import ladder
from huxue.commands import dates
from huxue.core.values import Refused, minute_of
from huxue.ledger.models import Fact
from tests.commands.town import Town
from tests.ladders.town import SUPERVISE, begin
from tests.ledger.writers import together

APRIL = minute_of(datetime(2024, 4, 1, 9, 0))  # noqa: DTZ001 - civil time; a Monday, the first working day after Q1
BY = ladder.By("O1/inspector")
REMINDED = ("remind", "issued", ["S1 2024-Q1 2024-Q1", "S2 2024-Q1 2024-Q1", "S3 2024-Q1 2024-Q1"])
ORDERED = ("supervise", "issued", ["S1 2024-Q1 2024-Q1", "S2 2024-Q1 2024-Q1"])


def measures() -> list[tuple[str, str, list[str]]]:
    rows = Fact.objects.filter(kind="measure").order_by("seq").values_list("fields", flat=True)
    return [(f["measure"], f["decision"], f["episodes"]) for f in map(json.loads, rows)]


def codes(results: list[object]) -> list[str]:
    return sorted(one if isinstance(one, str) else f"{len(one)} written" for one in results)  # type: ignore[arg-type]


def test_reminders_are_sent_once(place: Town) -> None:
    begin(place)
    now = dates.now()
    results = together(*[lambda: ladder.send_reminders(now=now, at=APRIL)] * 2)
    assert codes(results) == ["0 written", "1 written"]
    assert measures() == [REMINDED]


def test_an_order_is_issued_once(place: Town) -> None:
    begin(place)
    now = dates.now()
    ladder.send_reminders(now=now, at=APRIL)
    results = together(
        lambda: ladder.issue(now=now, at=APRIL, by=BY, proposal=SUPERVISE, number="1"),
        lambda: ladder.issue(now=now, at=APRIL, by=BY, proposal=SUPERVISE, number="2"),
    )
    assert codes(results) == ["1 written", "not_proposed"]
    assert measures() == [REMINDED, ORDERED]
    place.whole()


def test_what_has_ended_meanwhile_is_refused(place: Town) -> None:
    begin(place)
    now = dates.now()
    ladder.send_reminders(now=now, at=APRIL)
    for school in ("S1", "S2"):
        place.record("kind=fire", post=f"{school}/principal", at="2024-03-05")
    with pytest.raises(Refused) as refused:
        ladder.issue(now=now, at=APRIL, by=BY, proposal=SUPERVISE)
    assert refused.value.code == "not_proposed"
    with pytest.raises(Refused) as refused:
        ladder.issue(now=now, at=now + 1, by=BY, proposal=SUPERVISE)
    assert refused.value.code == "bad_moment"
    assert measures() == [REMINDED]
