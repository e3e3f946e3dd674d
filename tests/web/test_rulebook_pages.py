"""Pages of the rulebook: duties, what they rest on, editions, parameters, families, mechanisms."""

from __future__ import annotations

import re

from django.test import Client

from huxue.access.models import User
from huxue.ledger.editions import activations
from huxue.standings.site import edition_of
from tests.web.conftest import SignIn

DRILL = "/rulebook/duties/speech.evacuation-drill"


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_i_owe_comes_first_and_only_that(sign_in: SignIn) -> None:
    mine = text(sign_in("principal"), "/rulebook/")
    assert "我要做什么" in mine
    assert mine.index("由您的岗位负责") < mine.index("由本单位负责")
    assert "county.joint-inspection" not in mine
    every = text(sign_in("principal"), "/rulebook/?all")
    assert "county.joint-inspection" in every


def test_filters_and_search(sign_in: SignIn) -> None:
    client = sign_in("county-officer", "en")
    assert "evacuation-drill" in text(client, "/rulebook/?type=school&per=term")
    assert "speech.evacuation-drill" not in text(client, "/rulebook/?per=week")
    assert "speech.evacuation-drill" in text(client, "/rulebook/?q=Evacuation+DRILL")
    assert "No duty fits" in text(client, "/rulebook/?q=xyzzy")
    assert "speech.evacuation-drill" in text(client, "/rulebook/?q=M112")


def test_one_duty_says_who_what_by_which_clause_and_which_layer_wins(sign_in: SignIn) -> None:
    said = text(sign_in("safety-officer"), DRILL)
    for words in ("学校每学期组织逃生疏散演练", "每学期至少 1 次", "照片、文件、签名均不必上传", "M112",
                  "到期不办会怎样", "提醒", "判例", "修改历史", "第 1 版"):  # fmt: skip
        assert words in said
    win = re.findall(r'<li class="win">.*?</li>', said, re.DOTALL)
    assert [("national.evacuation-drill" in one, "DRL-01" in one) for one in win] == [(True, True)]
    assert "较宽，不另督责" in said


def test_one_duty_in_english(sign_in: SignIn) -> None:
    said = text(sign_in("safety-officer", "en"), DRILL)
    for words in (
        "Evacuation drill each term",
        "What is not needed",
        "which layer decides",
    ):
        assert words in said


def test_a_step_that_the_bearer_takes_says_what_it_asks_for(sign_in: SignIn) -> None:
    said = text(sign_in("safety-officer"), "/rulebook/duties/hazard.rectified")
    assert "“隐患”（整改措施、整改费用、整改后照片）" in said
    assert "文件、签名均不必上传" in said


def test_a_duty_that_is_not_there(sign_in: SignIn) -> None:
    text(sign_in("principal"), "/rulebook/duties/nothing", 404)
    text(sign_in("principal"), "/rulebook/about/nothing", 404)


def test_what_the_duties_rest_on_can_be_read(sign_in: SignIn) -> None:
    client = sign_in("inspector")
    for name in (
        "registers",
        "records",
        "cases",
        "ladders",
        "scoring",
        "checklists",
        "criteria",
        "derivations",
        "lists",
    ):
        assert len(text(client, f"/rulebook/about/{name}")) > 3_000


def test_editions_and_what_differs(sign_in: SignIn) -> None:
    client = sign_in("leader")
    assert "第 1 版" in text(client, "/rulebook/editions/")
    count = len(activations())
    said = text(client, f"/rulebook/editions/difference?old=1&new={count}")
    assert ("启用的职责族" in said, "<ins>" in said, "食品安全" in said) == (True, True, True)
    for wrong in ("old=1&new=99", "old=x&new=1", "", "old=-1&new=1"):
        text(client, f"/rulebook/editions/difference?{wrong}", 404)


def test_a_parameter_is_previewed_and_then_changed(sign_in: SignIn) -> None:
    client, address = sign_in("city-officer"), "/rulebook/parameters/handed-over"
    assert "待确认" in text(client, address)
    before = len(activations())
    said = {"value": "5", "reason": "县区人手少", "document": "", "valid_from": ""}
    seen = client.post(address, said).content.decode()
    assert "将有这些变化" in seen
    assert len(activations()) == before
    answer = client.post(address, {**said, "sure": "yes"})
    assert (answer.status_code, answer["Location"]) == (302, "/rulebook/editions/")
    last = activations()[-1]
    assert edition_of(last.identity).rulebook.parameters["handed-over"].value == 5
    assert (last.said["reason"], last.post.rpartition("/")[2]) == ("县区人手少", "joint-office")
    assert "县区人手少" in text(client, address)


def test_a_wrong_parameter_is_said_in_words_and_nothing_changes(sign_in: SignIn) -> None:
    client, before = sign_in("city-officer"), len(activations())
    for said in (
        {"value": "99", "reason": "x"},
        {"value": "5", "reason": ""},
        {"value": "5", "reason": "x", "valid_from": "soon"},
    ):
        answer = client.post("/rulebook/parameters/handed-over", {**said, "sure": "yes"})
        assert answer.status_code == 422
        assert "没有保存" in answer.content.decode()
    assert len(activations()) == before


def test_who_may_not_change_a_parameter_does_not_find_it(sign_in: SignIn) -> None:
    client, before = sign_in("principal"), len(activations())
    assert "看会改变什么" not in text(client, "/rulebook/parameters/handed-over")
    answer = client.post("/rulebook/parameters/handed-over", {"value": "5", "reason": "x", "sure": "yes"})
    assert (answer.status_code, len(activations())) == (404, before)
    assert client.post("/rulebook/families/", {"family": "food", "turn": "off"}).status_code == 404


def test_an_administrator_has_no_post_to_change_a_parameter_in(sign_in: SignIn) -> None:
    client, before = sign_in("system"), len(activations())
    answer = client.post("/rulebook/parameters/handed-over", {"value": "5", "reason": "x", "sure": "yes"})
    assert (answer.status_code, len(activations())) == (422, before)


def test_a_family_is_switched_off_after_its_burden_is_shown(sign_in: SignIn) -> None:
    client = sign_in("leader")
    seen = client.post("/rulebook/families/", {"family": "food", "turn": "off"}).content.decode()
    assert "学校" in re.findall(r"<tbody>(.*?)</tbody>", seen, re.DOTALL)[0]
    assert client.post("/rulebook/families/", {"family": "food", "turn": "off", "sure": "yes"}).status_code == 422
    client.post("/rulebook/families/", {"family": "food", "turn": "off", "sure": "yes", "reason": "暂缓"})
    last = activations()[-1]
    assert ("food" in edition_of(last.identity).families_on, last.said["reason"]) == (False, "暂缓")
    said = client.post("/rulebook/families/", {"family": "nothing", "turn": "on", "sure": "yes", "reason": "x"})
    assert said.status_code == 422


def test_mechanisms_say_where_each_lives_and_for_the_whole_city_what_it_shows(sign_in: SignIn) -> None:
    said = text(sign_in("principal"), "/mechanisms")
    rows = re.findall(r'<tr id="(M[0-9a]+)">', said)
    assert (len(rows), "M18a" in rows, "M131" in rows) == (132, True, True)
    assert "/rulebook/duties/city.yearly-opinion" in said


def test_every_role_has_a_guide_with_five_things_and_every_link_of_it_opens(sign_in: SignIn) -> None:
    of_a_role = User.objects.exclude(username__regex=r"^p\d+$")  # the others hold the same posts elsewhere
    assert of_a_role.count() == 13
    for user in of_a_role:
        client = sign_in(user.username)
        said = text(client, "/help")
        assert len(re.findall(r'<li class="card">', said)) == 5
        links = re.findall(r'<a class="btn btn-s" href="([^"]+)"', said)
        assert [address for address in links if client.get(address).status_code not in (200, 302)] == []
