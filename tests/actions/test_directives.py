"""What is sent down: to whom it may go, once and not twice, and its way to the sign-off."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from huxue.actions import directives, organisations
from huxue.actions.facts import By
from huxue.actions.organisations import New
from huxue.core.calendar import Calendars
from huxue.core.values import MINUTES_A_DAY, Refused
from huxue.ledger.models import Case, Fact
from huxue.standings.site import edition_for, evaluate_site
from tests.actions.county import TODAY, Town, day, moment, rulebook
from tests.sites import Site

AT = moment("2026-04-13")
COUNTY, SCHOOL = By("沐河县/officer", "县经办"), By("青禾小学/principal", "人青禾小学/principal")
NURSERY = By("小鹿幼儿园/principal", "园长")
BATCH = "019d0000000070000000000000000001"
ORDER = {
    "directive_kind": "order", "subject": "汛期排查", "content": "逐栋排查", "needs_answer": True,
    "deadline": "2026-04-20",
}  # fmt: skip


@pytest.fixture
def town(site: Site) -> Site:
    Town().settle()
    for post, person in (("沐河县/officer", "县经办"), ("小鹿幼儿园/principal", "园长")):
        organisations.appoint(now=AT, by=None, at=moment("2020-01-01"), post=post, person=person)
    other = [New("远山县", "远山县", "county-government"), New("远山小学", "远山小学", "school", "远山县")]
    organisations.open_(now=AT, by=None, at=moment("2020-01-01"), new=other)
    return site


def common(by: By, at: int) -> dict[str, Any]:
    book = rulebook()
    return {"rulebook": book, "now": at, "by": by, "calendar": Calendars.build(book.calendars).default}


def sent(to: list[str], at: int = AT, by: By = COUNTY, batch: str = BATCH, **changed: Any) -> directives.Sent:
    return directives.send(**common(by, at), addressees=to, values=ORDER | changed, batch=batch)


def steps() -> list[str]:
    return [f"{c.organisation}:{c.step}:{c.ended_as}" for c in Case.objects.order_by("organisation")]


def refused(code: str, call: Any, *given: Any, **more: Any) -> None:
    with pytest.raises(Refused) as found:
        call(*given, **more)
    assert found.value.code == code


@pytest.mark.usefixtures("town")
def test_one_case_for_each_and_never_twice() -> None:
    first = sent(["青禾小学", "小鹿幼儿园", "沐河县", "青禾小学"])
    again = sent(["小鹿幼儿园", "青禾小学"], at=AT + 90)
    assert [one.earlier for one in first.receipts] == [False, False]
    assert [(one.item, one.earlier) for one in again.receipts] == [(one.item, True) for one in first.receipts]
    assert steps() == ["小鹿幼儿园:sent:", "青禾小学:sent:"]
    refused("different_content", sent, ["青禾小学"], subject="另一件")
    assert Counter(Fact.objects.filter(kind="directive").values_list("step", flat=True)) == {"sent": 2}


@pytest.mark.usefixtures("town")
def test_it_goes_down_or_nowhere() -> None:
    for code, to, by in (
        ("nobody", ["沐河县"], COUNTY), ("not_below", ["青禾小学", "远山小学"], COUNTY),
        ("not_below", ["无此单位"], COUNTY), ("not_below", ["小鹿幼儿园"], SCHOOL),
    ):  # fmt: skip
        refused(code, sent, to, by=by)
    office = By("文旅局/officer", "人文旅局/officer")
    assert len(sent(["青禾小学", "沐河县"], by=office).receipts) == 2  # what it supervises, at any depth
    assert Case.objects.count() == 2


@pytest.mark.usefixtures("town")
def test_from_sent_to_signed_off() -> None:
    items = [one.item for one in sent(["青禾小学", "小鹿幼儿园"]).receipts]
    mine = directives.case_id(BATCH, "青禾小学")
    later = AT + MINUTES_A_DAY
    refused("not_yours", directives.receive, **common(NURSERY, later), item=mine)
    directives.receive(**common(SCHOOL, later), item=mine)
    assert len(directives.remind(**common(COUNTY, later + 9), items=items)) == 2
    assert directives.remind(**common(COUNTY, later + 99), items=items) == []
    directives.answer(**common(SCHOOL, later + 200), item=mine, values={"reply": "已排查"})
    refused("not_here", directives.sign_off, **common(COUNTY, later + 300), items=items)  # one has not answered: none
    assert steps() == ["小鹿幼儿园:sent:", "青禾小学:answered:"]
    directives.send_back(**common(COUNTY, later + 300), item=mine, reason="请补充", deadline="2026-04-30")
    assert Case.objects.get(item=mine).deadline == moment("2026-04-30T23:59")
    directives.answer(**common(SCHOOL, later + 400), item=mine, values={"reply": "已补充"})
    directives.sign_off(**common(COUNTY, later + 500), items=[mine])
    directives.cancel(**common(COUNTY, later + 500), items=[directives.case_id(BATCH, "小鹿幼儿园")], reason="重复")
    assert steps() == ["小鹿幼儿园:cancelled:cancelled", "青禾小学:signed_off:signed_off"]


@pytest.mark.usefixtures("town")
def test_what_only_has_to_be_known_is_done_once_received() -> None:
    sent(["青禾小学", "小鹿幼儿园"], needs_answer=False)
    directives.receive(**common(SCHOOL, AT + 60), item=directives.case_id(BATCH, "青禾小学"))
    assert steps() == ["小鹿幼儿园:sent:", "青禾小学:acknowledged:acknowledged"]
    as_of = day("2026-04-30")
    found = evaluate_site(edition_for(as_of=as_of, known_at=TODAY), as_of=as_of, known_at=TODAY)
    standings = found.standings("WHERE duty = 'directive.answered'")
    assert [(one.organisation, one.status) for one in standings] == [("小鹿幼儿园", "overdue"), ("青禾小学", "met")]


@pytest.mark.usefixtures("town")
def test_a_strangers_words_are_refused() -> None:
    refused("bad_fields", sent, ["青禾小学"], subject="")
    refused("unknown_item", directives.receive, **common(SCHOOL, AT), item="nothing")
    sent(["青禾小学"])
    mine = directives.case_id(BATCH, "青禾小学")
    directives.receive(**common(SCHOOL, AT + 1), item=mine)
    refused("bad_fields", directives.answer, **common(SCHOOL, AT + 2), item=mine, values={})
    directives.answer(**common(SCHOOL, AT + 3), item=mine, values={"reply": "已排查"})
    refused("not_yours", directives.sign_off, **common(SCHOOL, AT + 4), items=[mine])
