"""The API: the same items, permissions, scope and refusals as the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from huxue.access.models import User
from huxue.organisations.models import OPEN, Holding
from tests.sites import Site
from tests.web.conftest import client_of

DRILL = {"drill_kind": "evacuation", "participants": 320, "seconds_to_assemble": 140, "head_count_complete": True}


@pytest.fixture
def school(city: Site) -> Client:
    return client_of("safety-officer")


@pytest.fixture
def leader(city: Site) -> Client:
    return client_of("leader")


def own(username: str) -> str:
    person = User.objects.get(username=username).person
    return (
        Holding.objects.filter(person=person, known_to=OPEN, valid_to=OPEN)
        .values_list("post", flat=True)[0]
        .split("/")[0]
    )


def post(client: Client, address: str, content: Any) -> tuple[int, dict[str, Any]]:
    response = client.post(address, content if isinstance(content, str) else json.dumps(content), "application/json")
    return response.status_code, response.json()


def get(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_kinds_are_listed_with_their_declaration(leader: Client) -> None:
    kinds = {one["code"]: one for one in get(leader, "/api/kinds")["kinds"]}
    assert kinds["drill"]["title"] == {"zh": "演练", "en": "Drill"}
    said = get(leader, kinds["drill"]["declaration"])
    assert said["values"]["required"] == ["drill_kind"]
    assert said["values"]["properties"]["participants"]["minimum"] == 0
    assert "evacuation" in said["values"]["properties"]["drill_kind"]["enum"]
    assert get(leader, "/api/kinds/hazard")["steps"]["found"]["opens"] is True
    cost = get(leader, "/api/kinds/hazard")["values"]["properties"]["cost"]
    assert (cost["type"], cost["pattern"]) == ("string", r"^-?\d+\.\d{2}$")


def test_a_record_is_written_once_however_often_it_is_sent(school: Client) -> None:
    said = {"id": "0198e10bd9f57218ad76c622c7600001", "at": "2026-06-23T09:30", "values": DRILL}
    status, receipt = post(school, "/api/k/drill", said)
    assert (status, receipt["earlier"]) == (201, False)
    assert post(school, "/api/k/drill", said) == (200, {**receipt, "earlier": True})
    found = get(school, receipt["address"])
    assert (found["values"], found["facts"][0]["at"]) == (DRILL, "2026-06-23T09:30")
    status, refused = post(school, "/api/k/drill", {**said, "values": {**DRILL, "participants": 1}})
    assert (status, refused["code"], sorted(refused)) == (409, "different_content", ["code", "en", "zh"])


def test_what_is_read_can_be_written_back(school: Client) -> None:
    _, receipt = post(school, "/api/k/camera", {"values": {"spot": "大门", "area": "gate", "retention_days": 90}})
    found = get(school, receipt["address"])
    status, changed = post(school, receipt["address"], {"values": {**found["values"], "spot": "东门"}})
    assert (status, changed["item"]) == (201, receipt["item"])
    assert get(school, receipt["address"])["values"] == {**found["values"], "spot": "东门"}
    assert post(school, receipt["address"], {"close": True})[0] == 201


def test_a_case_is_opened_and_gone_on_with(school: Client) -> None:
    org = own("safety-officer")
    values = {"category": "fire", "grade": "minor", "finding": "灭火器过期", "photos": ["ab" * 32],
              "place": {"lat": "31.21", "lon": "107.47", "crs": "cgcs2000"}}  # fmt: skip
    said = {"step": "found", "values": values, "roles": {"about": [org]}}
    status, receipt = post(school, "/api/k/hazard", said)
    assert status == 201, receipt
    assert get(school, receipt["address"])["step"] == "found"
    fixed = {"step": "fixed_at_once", "values": {"measures": "已更换", "photos_after": ["cd" * 32]}}
    assert post(school, receipt["address"], fixed)[0] == 201
    assert [fact["step"] for fact in get(school, receipt["address"])["facts"]] == ["found", "fixed_at_once"]
    assert post(school, receipt["address"], {"step": "ordered", "values": {}})[0] == 422


def test_lists_are_paged_by_key_and_filtered(leader: Client) -> None:
    first = get(leader, "/api/k/drill?size=5&f.drill_kind=evacuation")
    assert len(first["rows"]) == 5
    assert {row["values"]["drill_kind"] for row in first["rows"]} == {"evacuation"}
    second = get(leader, first["next"])
    assert {row["item"] for row in first["rows"]} & {row["item"] for row in second["rows"]} == set()
    back = get(leader, second["previous"])
    assert [row["item"] for row in back["rows"]] == [row["item"] for row in first["rows"]]


def test_nobody_sees_beyond_his_reach(school: Client, leader: Client) -> None:
    org = own("safety-officer")
    rows = get(leader, "/api/k/guard?size=500")["rows"]
    others = [row for row in rows if row["organisation"] != org]
    mine = get(school, "/api/k/guard?size=500")["rows"]
    assert {row["organisation"] for row in mine} == {org}
    beyond, unknown = (school.get(f"/api/k/guard/{item}") for item in (others[0]["item"], "f" * 32))
    assert (beyond.status_code, beyond.json()) == (unknown.status_code, unknown.json())
    assert beyond.status_code == 404


def test_names_are_seen_by_those_whom_they_concern_only(school: Client, leader: Client) -> None:
    mine = get(school, "/api/k/guard")["rows"][0]
    assert isinstance(mine["values"]["name"], str)
    same = get(leader, f"/api/k/guard/{mine['item']}")
    assert same["values"]["name"] is None


def test_who_is_not_signed_in_is_told_so(city: Site) -> None:
    response = Client().get("/api/k/drill")
    assert (response.status_code, response.json()["code"]) == (401, "not_signed_in")


def test_a_form_of_somebody_else_is_refused(city: Site) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(User.objects.get(username="safety-officer"))
    assert post(strict, "/api/k/drill", {"values": DRILL})[0] == 403


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "bad_json"),
        ("[1]", "bad_json"),
        ({"values": []}, "bad_json"),
        ({"values": DRILL, "vaules": {}}, "bad_json"),
        ({"values": {**DRILL, "participants": "many"}}, "bad_fields"),
        ({"values": DRILL, "at": "yesterday"}, "bad_time"),
        ({"values": DRILL, "roles": {"by": ["LZ"]}}, "not_yours"),
        ({"values": DRILL, "roles": {"with": ["NOBODY"]}}, "unknown_organisation"),
        ({"values": DRILL, "roles": {"with": "LZ"}}, "bad_json"),
        ({"values": DRILL, "id": "a b"}, "impossible_id"),
        ({"values": {"review": "长" * 200_000}}, "too_large"),
    ],
)
def test_what_cannot_be_is_refused_with_a_code(school: Client, content: Any, code: str) -> None:
    status, refused = post(school, "/api/k/drill", content)
    assert (status // 100, refused["code"]) == (4, code)


def test_deep_and_strange_addresses_are_refused(leader: Client) -> None:
    assert post(leader, "/api/k/drill", "[" * 100_000)[1]["code"] == "bad_json"
    assert leader.get("/api/k/nothing").json()["code"] == "not_found"
    assert leader.get("/api/k/drill?size=100000").json()["code"] == "bad_size"
    assert leader.get("/api/k/drill?from=tomorrow").json()["code"] == "bad_date"
    assert leader.get("/api/k/drill?drill_kind=fire").json()["code"] == "bad_query"
    assert leader.delete("/api/k/drill").status_code == 405
