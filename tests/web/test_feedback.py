"""Feedback: with a name or without, answered by the office, returned, closed; and nobody else reads it."""

from __future__ import annotations

import re
from json import loads

import pytest
from django.test import Client

from huxue.actions.feedback import office
from huxue.core.values import Refused
from huxue.ledger.models import Case, Credit, Fact
from tests.sites import Site
from tests.web.conftest import SignIn

TOLD = {"sort": "twice", "subject": "演练又要报一次", "text": "县里另要一张表", "page": "/k/drill/new"}


def tell(client: Client, **more: str) -> str:
    answer = client.post("/feedback", {**TOLD, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def step(client: Client, address: str, code: str, **said: str) -> int:
    return int(client.post(address, {"step": code, **said}).status_code)


def test_every_page_leads_there_and_says_which_page(sign_in: SignIn) -> None:
    for name in ("principal", "leader", "security"):
        assert 'href="/feedback?from=/help"' in sign_in(name).get("/help").content.decode()
    assert 'value="/k/drill/"' in sign_in("principal").get("/feedback?from=/k/drill/").content.decode()


def test_told_answered_returned_answered_and_closed(sign_in_either: SignIn) -> None:
    school, city = sign_in_either("safety-officer"), sign_in_either("city-officer")
    address = tell(school)
    assert "演练又要报一次" in city.get("/feedback").content.decode()
    assert step(city, address, "answered", outcome="adopted", answer="已并表") == 302
    assert step(school, address, "returned", reason="还在要") == 302
    assert step(city, address, "answered", outcome="explained", answer="已通知县里") == 302
    assert step(school, address, "closed") == 302
    case = Case.objects.get(item=address.rpartition("/")[2])
    assert (case.open, case.ended_as) == (False, "closed")
    said = school.get(address).content.decode()
    assert re.findall(r"<b>(提出|答复|退回重答|办结)</b>", said) == ["办结", "答复", "退回重答", "答复", "提出"]


def test_the_answer_is_due_in_ten_workdays(sign_in: SignIn) -> None:
    item = tell(sign_in("safety-officer")).rpartition("/")[2]
    deadline = Case.objects.get(item=item).deadline
    assert deadline is not None
    opened = Case.objects.get(item=item).opened
    assert 12 <= deadline // 1440 - opened // 1440 <= 16


def test_without_a_name_nothing_says_who_it_was(sign_in_either: SignIn) -> None:
    address = tell(sign_in_either("safety-officer"), nameless="yes")
    fact = Fact.objects.get(item=address.rpartition("/")[2])
    assert (fact.person, fact.post, fact.organisation, fact.marks) == ("", "", "LZ", "")
    assert loads(fact.roles) == {"to": ["LZ"]}
    assert list(Credit.objects.filter(fact=fact.seq).values_list("organisation", "role")) == [("LZ", "to")]
    assert "没有提出过" in sign_in_either("safety-officer").get("/feedback").content.decode()
    city = sign_in_either("city-officer")
    assert step(city, address, "answered", outcome="mended", answer="已改") == 302
    assert "已改" in sign_in_either("safety-officer").get(address).content.decode()


def test_an_administrator_tells_without_a_name(sign_in: SignIn) -> None:
    address = tell(sign_in("security"))
    assert Fact.objects.get(item=address.rpartition("/")[2]).person == ""


def test_nobody_else_reads_what_was_told_under_a_name(sign_in: SignIn) -> None:
    address = tell(sign_in("safety-officer"))
    for name in ("county-officer", "police-officer", "security"):
        assert sign_in(name).get(address).status_code == 404
    assert sign_in("principal").get("/feedback/nothing").status_code == 404


def test_only_whose_turn_it_is_may_take_a_step(sign_in: SignIn) -> None:
    school, city = sign_in("safety-officer"), sign_in("city-officer")
    address = tell(school)
    assert step(school, address, "answered", outcome="adopted", answer="自己答") == 404
    assert step(city, address, "closed") == 404
    assert step(city, address, "answered", outcome="", answer="没有结果") == 422
    assert step(school, address, "taken-back", reason="写错了") == 302
    assert step(city, address, "answered", outcome="adopted", answer="迟了") == 404


def test_what_is_missing_is_said_and_what_was_written_stays(sign_in: SignIn) -> None:
    before = Fact.objects.filter(kind="feedback").count()
    answer = sign_in("principal").post("/feedback", {"sort": "", "subject": "", "text": "写了很久的话"})
    assert answer.status_code == 422
    assert ("没有保存" in answer.content.decode(), "写了很久的话" in answer.content.decode()) == (True, True)
    assert Fact.objects.filter(kind="feedback").count() == before


def test_the_office_is_the_top_of_ones_own_tree(sqlite_site: Site) -> None:
    assert office("LZ/LZ01/LZ0101/") == "LZ"
    with pytest.raises(Refused) as refused:
        office()
    assert refused.value.code == "no_office"


def test_no_list_no_search_and_no_export_shows_it_to_anybody_else(sign_in: SignIn) -> None:
    address = tell(sign_in("safety-officer"))
    item = address.rpartition("/")[2]
    county = sign_in("county-officer")
    answer = county.get(f"/k/feedback/{item}")
    assert (answer.status_code, answer["Location"], county.get(address).status_code) == (302, address, 404)
    assert county.get("/k/feedback/")["Location"] == "/feedback"
    for general in ("/k/feedback/export.xlsx", "/api/k/feedback/", f"/api/k/feedback/{item}", "/k/feedback/print"):
        assert (general, county.get(general).status_code in (302, 404)) == (general, True)
    assert "演练又要报一次" not in county.get("/search?q=演练又要报").content.decode()
