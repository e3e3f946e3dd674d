"""The tree and the pages of organisations: what is seen, what a reorganisation says before it is written."""

from __future__ import annotations

import re

import pytest

from huxue.organisations.models import OPEN, Edge, Organisation, Post
from tests.sites import Site
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("city")
SCHOOL = "LZ01T01S01"


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_the_tree_begins_at_the_top_of_what_somebody_sees(sign_in: SignIn) -> None:
    leader, principal = sign_in("leader"), sign_in("principal")
    assert 'href="/o/LZ"' in text(leader.get("/o/"))
    own = text(principal.get("/o/"))
    assert len(re.findall(r'<li><a class="t" href="/o/', own)) == 1
    assert principal.get("/o/LZ").status_code == 404
    assert principal.get("/o/nothing").status_code == 404


def test_found_by_name_initials_and_code(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    one = Organisation.objects.get(code=SCHOOL)
    initials = text(leader.get("/o/", {"q": "lzs"}))  # 澜泽市 …
    assert 'href="/o/LZ"' in initials
    for asked in (one.name, SCHOOL):
        assert f'href="/o/{SCHOOL}"' in text(leader.get("/o/", {"q": asked}))
    assert "没有名称或首字母相符的单位" in text(leader.get("/o/", {"q": "不存在%_"}))


def test_the_page_of_an_organisation(sign_in: SignIn) -> None:
    page = text(sign_in("leader").get(f"/o/{SCHOOL}"))
    for said in ("校（园）长", "隶属关系", "辖区", "基本情况", "在校学生数", "机构调整"):
        assert said in page
    english = text(sign_in("leader", "en").get(f"/o/{SCHOOL}"))  # type: ignore[call-arg]
    assert "Posts and who holds them" in english


def test_nobody_reorganises_himself(sign_in: SignIn) -> None:
    principal = sign_in("principal")
    mine = Organisation.objects.get(code=text(principal.get("/o/")).partition('<li><a class="t" href="/o/')[2][:10])
    assert "机构调整" not in text(principal.get(f"/o/{mine.code}"))
    for what in ("rename", "move", "merge", "split", "close"):
        assert principal.get(f"/o/{mine.code}/reorganise/{what}").status_code == 404


def test_a_change_is_shown_before_it_is_written(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    address = f"/o/{SCHOOL}/reorganise/rename"
    looked = leader.post(address, {"name": "新名小学"})
    assert "改为“新名小学”" in text(looked)
    assert Organisation.objects.get(code=SCHOOL).name != "新名小学"
    assert leader.post(address, {"name": "新名小学", "agreed": "1"}).status_code == 302
    assert Organisation.objects.get(code=SCHOOL).name == "新名小学"
    assert leader.post(address, {"name": ""}).status_code == 422


def test_a_school_moves_and_its_past_stays(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    said = {"parent": "LZ02T01", "agreed": "1"}
    assert leader.post(f"/o/{SCHOOL}/reorganise/move", said).status_code == 302
    assert Organisation.objects.get(code=SCHOOL).path == f"LZ/LZ02/LZ02T01/{SCHOOL}/"
    edges = Edge.objects.filter(child=SCHOOL, known_to=OPEN).order_by("valid_from")
    assert [(edge.parent, edge.valid_to == OPEN) for edge in edges] == [("LZ01T01", False), ("LZ02T01", True)]
    assert leader.post(f"/o/{SCHOOL}/reorganise/move", {"parent": "nowhere"}).status_code == 422
    circle = leader.post("/o/LZ02/reorganise/move", {"parent": "LZ02T01", "agreed": "1"})
    assert (circle.status_code, "循环" in text(circle)) == (422, True)


def test_schools_are_merged(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    address = f"/o/{SCHOOL}/reorganise/merge"
    other = re.findall(r'name="other" value="([^"]+)"', text(leader.get(address)))[0]
    name = Organisation.objects.get(code=other).name
    page = text(leader.post(address, {"other": other}))
    assert f"“{name}”并入" in page
    assert "同时终止" in page
    assert leader.post(address, {"other": other, "agreed": "1"}).status_code == 302
    assert Organisation.objects.get(code=other).closed < OPEN
    assert Post.objects.filter(organisation=other, known_to=OPEN, valid_to=OPEN).count() == 0
    assert "撤销" in text(leader.get(f"/o/{other}"))


def test_a_township_is_split_and_one_with_schools_is_not_closed(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    refused = leader.post("/o/LZ01T01/reorganise/close", {})
    assert (refused.status_code, "还有" in text(refused)) == (422, True)
    said = {"code0": "N1", "name0": "东镇", "code1": "N2", "name1": "西镇", f"under:{SCHOOL}": "N2"}
    page = text(leader.post("/o/LZ01T01/reorganise/split", said))
    assert f"下级 {SCHOOL} 改隶 N2" in page
    assert leader.post("/o/LZ01T01/reorganise/split", said | {"agreed": "1"}).status_code == 302
    assert Organisation.objects.get(code=SCHOOL).parent == "N2"
    assert set(Organisation.objects.filter(parent="N1").values_list("closed", flat=True)) == {OPEN}
    assert leader.post("/o/LZ02T01/reorganise/split", {"code0": "N3", "name0": "一家"}).status_code == 422


def test_a_post_is_added_and_closed(sign_in: SignIn, city: Site) -> None:
    assert city.vendor == "sqlite"
    leader = sign_in("leader")
    assert leader.post(f"/o/{SCHOOL}/post", {"type": "guard", "person": "P-new"}).status_code == 302
    made = Post.objects.filter(organisation=SCHOOL, type="guard", known_to=OPEN, valid_to=OPEN)
    assert sorted(made.values_list("code", flat=True)) == [f"{SCHOOL}/guard", f"{SCHOOL}/guard:2"]
    assert leader.post(f"/o/{SCHOOL}/post", {"type": "nothing"}).status_code == 422
    assert leader.post(f"/close-post/{SCHOOL}/guard:2").status_code == 302
    assert made.count() == 1
    assert leader.post(f"/close-post/{SCHOOL}/guard:2").status_code == 404
