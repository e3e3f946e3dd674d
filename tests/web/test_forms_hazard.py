"""A hazard from finding to its end, by those whose step it is; everybody else is told why not."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from huxue.core.values import date_of
from huxue.organisations.tables import select
from huxue.web import clock
from tests.web.conftest import SignIn
from tests.web.filled import photo

PLACE = {"f.place.lat": "15.1", "f.place.lon": "155.1", "f.place.crs": "cgcs2000"}


def today() -> str:
    return date_of(clock.now() // 1440).isoformat()


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def wrong(answer: HttpResponse) -> list[str]:
    """Return what the summary of mistakes says."""
    inside = re.search(r'<div class="errsum".*?</div>', text_of(answer), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<li>(.*?)</li>", inside[0])] if inside else []


def ways(text: str) -> list[str]:
    """Return the steps that a case page offers as buttons."""
    return re.findall(r'href="/k/hazard/[^"/]+/step/([a-z_]+)"', text)


@pytest.fixture
def found(sign_in: SignIn) -> str:
    """A minor hazard that the school has found itself: its address."""
    school = sign_in("safety-officer")
    answer = school.post("/k/hazard/new", {
        "r.about": own(), "f.category": "fire", "f.grade": "minor", **PLACE, "f.finding": "二楼疏散门上锁",
        "up.photos": photo(), "at": f"{today()}T00:10", "id": "hazard-1",
    })  # fmt: skip
    assert (answer.status_code, wrong(answer)) == (302, [])
    return "/k/hazard/hazard-1"


def own() -> str:
    rows = select("SELECT h.post FROM organisations_holding h JOIN access_user u ON u.person = h.person "
                  "WHERE u.username = 'safety-officer'")  # fmt: skip
    return str(rows[0][0]).partition("/")[0]


def test_the_whole_way(sign_in: SignIn, found: str) -> None:
    school, bureau = sign_in("safety-officer"), sign_in("bureau-officer")

    # the school may fix it at once, but not order itself
    text = text_of(school.get(found))
    assert "二楼疏散门上锁" in text
    assert ways(text) == ["fixed_at_once"]
    assert "“责令限期整改”由监管单位办理" in text
    refused = school.get(f"{found}/step/ordered")
    assert (refused.status_code, "“责令限期整改”由监管单位办理" in text_of(refused)) == (422, True)

    # the bureau orders, with a deadline of its own
    deadline = date_of(clock.now() // 1440 + 20).isoformat()
    assert "ordered" in ways(text_of(bureau.get(found)))
    late = bureau.post(f"{found}/step/ordered", {"f.deadline": "2020-01-01", "f.basis": "x", "at": f"{today()}T00:20"})
    assert (late.status_code, wrong(late)) == (422, ["期限早于办理时间"])
    assert 'value="2020-01-01"' in text_of(late)  # what was typed is kept
    order = {"f.deadline": deadline, "f.basis": "消防法第二十八条", "at": f"{today()}T00:20", "id": "order-1"}
    assert bureau.post(f"{found}/step/ordered", order)["Location"] == f"{found}?receipt=order-1"
    assert deadline in text_of(school.get(found))

    # a step sent twice is one; with other content it is said so
    assert bureau.post(f"{found}/step/ordered", order)["Location"] == f"{found}?receipt=order-1"
    other = bureau.post(f"{found}/step/ordered", {**order, "f.basis": "另一条"})
    assert (other.status_code, "内容与现在不同" in wrong(other)[0]) == (422, True)
    assert select("SELECT count(*) FROM ledger_fact WHERE item = 'hazard-1'") == [(2,)]

    # the school reports it as mended and cannot verify itself
    mended = {"f.measures": "拆除链锁", "f.cost": "120.50", "up.photos_after": photo(colour=(10, 200, 30)),
              "at": f"{today()}T00:30"}  # fmt: skip
    assert school.post(f"{found}/step/rectified", mended).status_code == 302
    text = text_of(school.get(found))
    assert ways(text) == []
    assert "“复查销号”由复查单位办理" in text

    # the bureau sends it back, it is mended again, and it ends
    assert bureau.post(f"{found}/step/returned", {
        "f.reason": "锁具仍在", "f.deadline": deadline, "at": f"{today()}T00:40",
    }).status_code == 302  # fmt: skip
    again = text_of(school.get(f"{found}/step/rectified"))
    assert 'value="120.50"' in again  # known already, not asked for again
    assert school.post(f"{found}/step/rectified", {**mended, "up.photos_after": photo(colour=(10, 200, 99)),
                                                   "at": f"{today()}T00:50"}).status_code == 302  # fmt: skip
    empty = bureau.post(f"{found}/step/verified", {"at": f"{today()}T00:55"})
    assert (empty.status_code, wrong(empty)) == (422, ["复查照片：必填"])
    assert bureau.post(f"{found}/step/verified", {
        "up.photos_check": photo(colour=(9, 9, 9)), "at": f"{today()}T00:55",
    }).status_code == 302  # fmt: skip
    text = text_of(school.get(found))
    assert select("SELECT ended_as FROM ledger_case WHERE item = 'hazard-1'") == [("fixed",)]
    assert text.count("退回重改") >= 2
    assert select("SELECT DISTINCT state FROM ledger_attachment WHERE fact LIKE 'hazard-1%'") == [("present",)]


def test_outside_the_scope_there_is_no_such_case(sign_in: SignIn, found: str) -> None:
    rows = select("SELECT item FROM ledger_case WHERE kind = 'hazard' AND organisation NOT LIKE %s", f"{own()[:4]}%")
    elsewhere = f"/k/hazard/{rows[0][0]}"
    school = sign_in("safety-officer")
    tried = (elsewhere, "/k/hazard/nothing", f"{elsewhere}/step/ordered")
    assert [school.get(one).status_code for one in tried] == [404] * 3
    assert school.get("/k/drill/hazard-1").status_code == 404
    assert sign_in("system").get(found).status_code == 404


def test_a_correction_and_a_withdrawal_stay_in_the_history(sign_in: SignIn, found: str) -> None:
    school, bureau = sign_in("safety-officer"), sign_in("bureau-officer")
    page = text_of(school.get(f"{found}/correct"))
    assert "二楼疏散门上锁" in page
    sealed = re.findall(r'name="f\.photos" value="([^"]+)"', page)
    sent = {"f.category": "fire", "f.grade": "minor", **PLACE, "f.finding": "三楼疏散门上锁", "f.photos": sealed,
            "at": f"{today()}T00:10", "id": "correction-1"}  # fmt: skip
    assert school.post(f"{found}/correct", sent)["Location"] == f"{found}?receipt=correction-1"
    text = text_of(school.get(found))
    assert ("三楼疏散门上锁" in text, "<s>发现登记</s>" in text, "更正 · 发现登记" in text) == (True, True, True)
    assert bureau.get(f"{found}/correct").status_code == 422  # another's
    button = {"id": "withdrawal-1", "at": f"{today()}T00:20"}
    assert bureau.post(f"{found}/withdraw", button).status_code == 422
    assert school.post(f"{found}/withdraw", button).status_code == 302
    assert school.post(f"{found}/withdraw", button).status_code == 302  # pressed twice
    assert "已撤回，不再计入" in text_of(school.get(found))
    assert select("SELECT count(*) FROM ledger_fact WHERE item = 'hazard-1'") == [(3,)]


def test_somebody_else_verifies(sign_in: SignIn, found: str) -> None:
    school, bureau = sign_in("safety-officer"), sign_in("bureau-officer")
    press = {"result": "confirmed", "spot": "1", "id": "verify-1", "at": f"{today()}T00:20"}
    assert "核实属实" not in text_of(school.get(found))
    own_word = school.post(f"{found}/verify", press)
    assert (own_word.status_code, "不得核实本单位填报的事项" in text_of(own_word)) == (422, True)
    assert bureau.post(f"{found}/verify", press).status_code == 302
    text = text_of(school.get(found))
    assert ("已核实属实" in text, "到现场" in text) == (True, True)
