"""Every address × every role × inside and outside reach, generated: a new page is under it once it is declared."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from huxue.access.models import User
from huxue.access.permissions import OPEN_TO
from huxue.access.viewer import PUBLIC, viewer_of
from huxue.standings.models import Proposal, Proposed
from huxue.web import clock
from huxue.web.routing import Route, guarded, routes
from tests.sites import Site
from tests.web.conftest import SignIn
from tests.web.permissions import NAMES, NOWHERE, OF_PLACES, TABLE, addresses, outside, place

ROUTES = list(routes())
PLACED = [one for one in ROUTES if OF_PLACES & set(NAMES.findall(one.path))]
BOUNDED = ("county-leader", "bureau-leader", "police-officer", "inspector", "principal", "safety-officer")


def test_the_roles_of_the_demonstration_carry_what_the_table_says(city: Site) -> None:
    found = {
        user.username: set(viewer_of(user, now=clock.now()).permissions)
        for user in User.objects.filter(username__in=TABLE)
    }
    assert found | {"": set(PUBLIC.permissions)} == dict(TABLE)


def test_every_address_opens_to_those_whom_the_table_names_and_to_nobody_else(city: Site) -> None:
    viewers = {user.username: viewer_of(user, now=clock.now()) for user in User.objects.filter(username__in=TABLE)} | {
        "": PUBLIC
    }
    wrong = []
    for one in ROUTES:
        page = guarded(Route(one.path, lambda _request, **_words: HttpResponse("in"), one.name, one.needs))
        for name, viewer in viewers.items():
            request = RequestFactory().get("/")
            request.viewer = viewer
            try:
                got = {200: "in", 302: "sign in"}[page(request).status_code]
            except Http404:
                got = "nothing"
            expected = (
                "in" if one.needs == "public" or (name and one.needs in {"signed-in", *TABLE[name]}) else "nothing"
            )
            if not name and one.needs != "public":
                expected = "sign in"
            if got != expected:
                wrong.append((one.name, name, got, expected))
    assert wrong == []


def test_no_permission_guards_nothing_and_no_page_needs_an_unknown_one() -> None:
    needed = {one.needs for one in ROUTES}
    known = set().union(*TABLE.values())
    assert needed - known - set(OPEN_TO) == set()


def seen(client: Client, address: str, method: str, form: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and body of an answer, without the address itself and the marks that every page carries anew."""
    answer = client.get(address) if method == "GET" else client.post(address, form or {"do": "x"})
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode(errors="replace").replace(address, "ADDRESS").replace(quote(address), "ADDRESS")
    return answer.status_code, re.sub(r'name="(?:csrfmiddlewaretoken|batch)" value="[^"]+"', "TOKEN", text)


@pytest.mark.parametrize("name", BOUNDED)
def test_what_is_outside_answers_like_what_does_not_exist(sign_in: SignIn, name: str) -> None:
    """Byte for byte, on every address that names an organisation, an item, a post or a fact, read and written."""
    client, there = sign_in(name), place(outside(name))
    differing = []
    for one in PLACED:
        for method in ("GET", "POST"):
            for away, nowhere in zip(addresses(one, there), addresses(one, NOWHERE), strict=True):
                found, missing = seen(client, away, method), seen(client, nowhere, method)
                if found != missing or found[0] not in (404, 405):
                    differing.append((one.name, method, away, found[0], missing[0]))
    assert differing == []


def test_the_same_addresses_exist_for_those_who_see_them(sign_in: SignIn) -> None:
    """So that the test above does not compare two things that are not there."""
    there = place(outside("principal"))
    client = sign_in("leader")
    by_name = {one.name: one for one in ROUTES}
    for name in ("item", "organisation", "dossier", "board_of", "fact", "sheet"):
        assert {(name, address, client.get(address).status_code) for address in addresses(by_name[name], there)} == {
            (name, address, 200) for address in addresses(by_name[name], there)
        }


@pytest.mark.parametrize("name", ["system", "security", "auditor"])
def test_administrators_reach_nothing_of_any_organisation(sign_in: SignIn, city: Site, name: str) -> None:
    client, somewhere = sign_in(name), place("LZ01T01S01")
    reached = [
        (one.name, address)
        for one in PLACED
        for address in addresses(one, somewhere)
        if client.get(address).status_code != 404
    ]
    assert reached == []


def test_who_is_not_signed_in_is_led_to_the_door_everywhere(city: Site) -> None:
    here = place("LZ01T01S01")
    inside = [
        (one.name, address)
        for one in ROUTES
        if one.needs != "public"
        for address in addresses(one, here)
        if not _at_the_door(address)
    ]
    assert inside == []


def _at_the_door(address: str) -> bool:
    answer = Client().get(address)
    if address.startswith("/api/"):  # programs are told, not led
        return answer.status_code == 401
    return answer.headers.get("Location", "").startswith("/accounts/login/?next=")


def test_no_page_without_a_place_names_anything_outside(sign_in: SignIn) -> None:
    """Lists, boards and searches: what lies outside stands on none, and asking for it by its code finds nothing."""
    client, there = sign_in("police-officer"), place(outside("police-officer"))
    named = []
    for one in ROUTES:
        if one in PLACED or one.needs not in {"signed-in", *TABLE["police-officer"]}:
            continue
        (address,) = addresses(one, NOWHERE)
        status, text = seen(client, address, "GET")
        named += [(one.name, word) for word in (there.org, there.fact, *there.items.values()) if word in text]
        asked = [_asked_for(client, address, code) for code in (there.org, "ZZ01T01S01")]
        if status >= 500 or asked[0] != asked[1]:
            named.append((one.name, f"{status} {address}"))
    assert named == []


def _asked_for(client: Client, address: str, code: str) -> str:
    _, text = seen(client, f"{address}?organisation={code}&org={code}&q={code}", "GET")
    return re.sub(code, "CODE", text, flags=re.IGNORECASE)


def test_a_proposal_outside_answers_like_one_that_is_not_there_and_stays(sign_in: SignIn) -> None:
    """Also when somebody tries to decide it: reading, deciding with nobody chosen, deciding with somebody."""
    client, held = sign_in("bureau-leader"), "LZ02-education"
    rows = Proposal.objects.exclude(decides__startswith="LZ02").exclude(
        code__in=Proposed.objects.filter(organisation=held).values("proposal")
    )
    codes = list(rows.order_by("code").values_list("code", flat=True)[:5])
    assert len(codes) > 0
    form = {"action": "dismiss", "reason": "x", "only": "LZ01"}
    for code in codes:
        for method, posted in (("GET", None), ("POST", {"action": "dismiss"}), ("POST", form)):
            assert seen(client, reverse("proposal", args=[code]), method, posted) == seen(
                client, "/desk/none", method, posted
            )
    assert set(codes) <= set(Proposal.objects.values_list("code", flat=True))
