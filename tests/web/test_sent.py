"""Sending down and receiving, page by page: who has not received it, once and not twice, for nobody else to see."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huxue.ledger import sending
from huxue.ledger.models import Case, Fact
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("city")
ORDER = {
    "directive_kind": "order", "subject": "暴雨前排查", "content": "查低洼教室和围墙", "needs_answer": "yes",
    "deadline": "2026-08-05", "type": "school",
}  # fmt: skip


def batch_of(client: Client) -> str:
    return re.findall(r'name="batch" value="([0-9a-f]{32})"', client.get("/sent/new").content.decode())[0]


def cases(batch: str) -> dict[str, str]:
    return {one.organisation: one.step for one in sending.cases_of(batch)}


def sent(client: Client, **changed: str) -> str:
    """Send as the pages have it: write, look at the addressees, agree."""
    batch = batch_of(client)
    said = ORDER | {"batch": batch} | changed
    looked = client.post("/sent/new", said)
    assert looked.status_code == 200
    assert cases(batch) == {}
    assert client.post("/sent/new", said | {"agreed": "1"}).status_code == 302
    return batch


def test_how_many_and_whom_before_and_once_after(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    batch = batch_of(leader)
    said = ORDER | {"batch": batch}
    page = leader.post("/sent/new", said).content.decode()
    assert "将发给 12 家单位" in page
    for _ in range(2):  # somebody presses twice
        answer = leader.post("/sent/new", said | {"agreed": "1"})
        assert (answer.status_code, answer["Location"]) == (302, f"/sent/{batch}")
    assert (
        Fact.objects.filter(kind="directive", step="sent", item__in=Case.objects.values("item"))
        .filter(fields__contains=batch)
        .count()
        == 12
    )
    assert set(cases(batch).values()) == {"sent"}
    page = leader.get(f"/sent/{batch}").content.decode()
    assert "未签收 12 家" in page


def test_only_below_and_only_who_is_there(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    assert set(cases(sent(leader, under="LZ02T01"))) <= {c for c in cases(sent(leader)) if c.startswith("LZ02T01")}
    for wrong in (
        {"type": ""}, {"codes": "nowhere"}, {"subject": ""}, {"deadline": "2026-06-01"}, {"deadline": "morgen"},
    ):  # fmt: skip
        answer = leader.post("/sent/new", ORDER | {"batch": batch_of(leader)} | wrong)
        assert answer.status_code == 422, wrong


def test_those_picked_by_name_are_sent_to(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    two = {"LZ02T01S01", "LZ01T01S01"}
    said = "；".join(f"某校 ({code})" for code in sorted(two))
    assert set(cases(sent(leader, type="", codes=f"{said}；", under="某区 (LZ02)"))) == two
    assert set(cases(sent(leader, type="", codes="LZ02T01S01, LZ01T01S01"))) == two
    page = leader.get("/sent/new?to=LZ01T01S01").content.decode()
    assert re.findall(r'name="codes"[^>]* value="[^"]+ \((\w+)\)"', page) == ["LZ01T01S01"]


def test_the_list_says_titles_and_no_batch_and_leads_to_the_page_of_sending(sign_in: SignIn) -> None:
    leader, inspector = sign_in("leader"), sign_in("inspector")
    batch = sent(leader)
    page = leader.get("/k/directive/").content.decode()
    assert re.findall(r'<a class="t" href="/k/directive/[^"]+">暴雨前排查</a>', page) != []
    assert (batch in page, "批次" in page) == (False, False)
    assert ('href="/sent/new"' in page, "/k/directive/import" in page) == (True, False)
    assert leader.get("/k/directive/new")["Location"] == "/sent/new"
    item = sending.cases_of(batch)[0].item
    assert batch not in leader.get(f"/k/directive/{item}").content.decode()
    assert "/sent/new" not in inspector.get("/k/directive/").content.decode()  # who may not send is not offered it


def test_received_answered_reminded_signed_off(sign_in: SignIn) -> None:
    leader, principal = sign_in("leader"), sign_in("principal")
    batch = sent(leader)
    mine = {c.organisation: c.item for c in sending.cases_of(batch)}
    page = principal.get("/received").content.decode()
    assert "暴雨前排查" in page
    own = next(code for code in mine if f"/received/{mine[code]}" in page)
    assert leader.post(f"/sent/{batch}", {"do": "remind"}).status_code == 302
    assert leader.post(f"/sent/{batch}", {"do": "remind"}).status_code == 302  # once a day
    assert Fact.objects.filter(step="reminded", item__in=mine.values()).count() == 12
    assert principal.post(f"/received/{mine[own]}", {"do": "receive"})["Location"] == "/received"
    assert leader.post(f"/sent/{batch}", {"do": "sign_off", "item": mine[own]}).status_code == 422
    assert cases(batch)[own] == "received"  # nothing is signed off before it is answered
    empty = principal.post(f"/received/{mine[own]}", {"do": "answer", "reply": ""})
    assert empty.status_code == 422
    assert principal.post(f"/received/{mine[own]}", {"do": "answer", "reply": "已查，无积水"}).status_code == 302
    assert "待销号 1 家" in leader.get(f"/sent/{batch}").content.decode()
    assert leader.post(f"/sent/{batch}", {"do": "sign_off"}).status_code == 302
    assert cases(batch)[own] == "signed_off"
    assert leader.post(f"/sent/{batch}", {"do": "cancel", "reason": "另行通知"}).status_code == 302
    assert sorted(set(cases(batch).values())) == ["cancelled", "signed_off"]


def test_what_is_only_to_be_known_asks_for_nothing(sign_in: SignIn) -> None:
    leader, principal = sign_in("leader"), sign_in("principal")
    batch = sent(leader, needs_answer="no")
    own = next(
        c for c in sending.cases_of(batch) if f"/received/{c.item}" in principal.get("/received").content.decode()
    )
    assert "只需签收，不要求回传材料" in principal.get("/received").content.decode()
    principal.post(f"/received/{own.item}", {"do": "receive"})
    assert cases(batch)[own.organisation] == "acknowledged"


def test_others_see_nothing_of_it(sign_in: SignIn) -> None:
    leader, principal = sign_in("leader"), sign_in("principal")
    batch = sent(leader)
    mine = principal.get("/received").content.decode()
    other = next(c for c in sending.cases_of(batch) if f"/received/{c.item}" not in mine)
    assert principal.get(f"/received/{other.item}").status_code == 404
    assert principal.post(f"/received/{other.item}", {"do": "receive"}).status_code == 404
    for address in ("/sent", "/sent/new", f"/sent/{batch}"):
        assert principal.get(address).status_code == 404
    assert sign_in("county-officer").get(f"/sent/{batch}").status_code == 404  # not what its own office sent
    assert leader.post(f"/received/{other.item}", {"do": "receive"}).status_code == 404


def test_reading_a_batch_costs_the_same_whatever_its_size(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    few, many = sent(leader, under="LZ02T01"), sent(leader)
    found = []
    for batch in (few, many):
        leader.get(f"/sent/{batch}")
        with CaptureQueriesContext(connection) as counted:
            leader.get(f"/sent/{batch}")
        found.append(len(counted))
    assert found[0] == found[1]
