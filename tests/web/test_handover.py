"""A post changes hands: nothing open is ever without somebody, and the sheet is signed by who takes over."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huxue.access.accounts import make_account, one_time_password
from huxue.actions import handover, organisations
from huxue.core.duties.standing import DUE, OVERDUE
from huxue.core.facts import post_type
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY
from huxue.demo import TODAY
from huxue.organisations.holdings import holders
from huxue.organisations.models import OPEN, Holding, Organisation, Post
from huxue.organisations.tables import select
from huxue.standings.handing import answering, leading, post_of, sheet
from huxue.standings.site import edition_for
from tests.sites import Site
from tests.web.conftest import SignIn, client_of

pytestmark = pytest.mark.usefixtures("city")
NOW = TODAY * MINUTES_A_DAY  # the day begins: whatever the clock says, it is not before
SCHOOL = "LZ01T01S01"
HEAD = f"{SCHOOL}/principal"
SECRET = one_time_password()
MINUTES = iter(range(1, 10_000))  # no two changes in one minute


@cache
def rulebook() -> Rulebook:
    return edition_for(as_of=TODAY, known_at=TODAY).rulebook


@cache
def spread() -> Rulebook:
    """Return the rulebook with its duties spread over posts: some that the school has, some that it has not."""
    book = rulebook()
    names = ["", *book.organisation_types["school"].posts]
    duties = {
        key: duty.model_copy(update={"owed_by": duty.owed_by.model_copy(update={"post": names[n % len(names)]})})
        for n, (key, duty) in enumerate(sorted(book.duties.items()))
    }
    return book.model_copy(update={"duties": duties})


def keys(post: str) -> set[tuple[str, str, str]]:
    return {one.key for one in sheet(post, spread())}


def obligations(organisation: str) -> set[tuple[str, str, str]]:
    rows = select(
        "SELECT duty, period FROM standings_standing WHERE organisation = %s AND status IN (%s, %s)",
        organisation, DUE, OVERDUE,
    )  # fmt: skip
    return {("duty", duty, period) for duty, period in rows}


def standing_posts(organisation: str) -> list[str]:
    rows = Post.objects.filter(organisation=organisation, known_to=OPEN, valid_to=OPEN)
    return sorted(rows.values_list("code", flat=True))


def as_pages_say(post: str) -> set[tuple[str, str, str]]:
    return {one.key for one in sheet(post, rulebook())}


def orphans(organisation: str, at: int) -> set[tuple[str, str, str]]:
    """Return what is open and is nobody's: on no sheet though the head's post stands, or without anybody to answer."""
    kind = Organisation.objects.get(code=organisation).type
    posts = standing_posts(organisation)
    found = set()
    for key in obligations(organisation):
        owner = f"{organisation}/{post_of(spread(), kind, key[1])}"
        if answering(owner, at=at) is None:
            found.add(key)
    if f"{organisation}/{leading(spread(), kind)}" in posts:
        found |= obligations(organisation) - {key for post in posts for key in keys(post)}
    return found


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["hand over", "vacate", "appoint", "close", "open"]), st.integers(0, 30), st.integers(0, 9)
    ),
    min_size=1, max_size=8,
)  # fmt: skip


def changed(what: str, post: str, person: str, at: int) -> None:
    """Do something to a post; what cannot be done to it is passed over."""
    held = holders(post, at=at)
    common = {"rulebook": spread(), "now": at, "by": None, "post": post, "at": at}
    if what == "close":
        organisations.close_post(now=at, by=None, at=at, post=post)
    elif what == "open":
        number = 2
        while Post.objects.filter(code=f"{post.partition(':')[0]}:{number}").exists():
            number += 1
        organisations.open_post(now=at, by=None, at=at, post=f"{post.partition(':')[0]}:{number}")
    elif what == "vacate" and held:
        handover.hand_over(**common, leaver=held[0])  # type: ignore[arg-type]
    elif what in ("hand over", "appoint") and person not in held:
        leaver = held[0] if held and what == "hand over" else ""
        handover.hand_over(**common, leaver=leaver, successor=person)  # type: ignore[arg-type]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(changes=CHANGES)
def test_no_orphans_whatever_happens_to_posts_and_holders(changes: list[tuple[str, int, int]]) -> None:
    everything = obligations(SCHOOL)
    for what, which, who in changes:
        at = NOW + next(MINUTES)
        posts = standing_posts(SCHOOL)
        if not posts:
            return
        post = posts[which % len(posts)]
        before = keys(post)
        changed(what, post, f"P-{who}", at)
        assert orphans(SCHOOL, at) == set()
        assert obligations(SCHOOL) == everything
        if what in ("hand over", "vacate", "appoint"):
            assert keys(post) == before


def test_there_is_something_to_hand_over() -> None:
    assert len(obligations(SCHOOL)) > 0
    assert {key for key in keys(HEAD) if key[0] == "duty"} < obligations(SCHOOL)
    assert orphans(SCHOOL, NOW) == set()


def test_the_sheet_is_signed_by_who_takes_over(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    old = holders(HEAD, at=NOW)[0]
    before = as_pages_say(HEAD)
    page = leader.get(f"/handover/{HEAD}").content.decode()
    assert f"未结事项 {len(before)} 件" in page
    answer = leader.post(f"/handover/{HEAD}", {"from": old, "to": "P-next", "notes": "钥匙在办公室"})
    assert answer.status_code == 302
    address = answer["Location"]
    assert (holders(HEAD, at=NOW + 10**6), as_pages_say(HEAD)) == (["P-next"], before)
    sheet_page = leader.get(address).content.decode()
    assert "等待接收人签收" in sheet_page
    assert len(re.findall(r"<li>\d+\. 【", sheet_page)) == len(before)
    assert leader.post(address).status_code == 422  # nobody signs for somebody else
    make_account(username="next", password=SECRET, name="接任者", person="P-next")
    successor = client_of("next")
    assert "签收交接清单" in successor.get(address).content.decode()
    assert successor.post(address)["Location"] == address
    assert "接收人已签收" in successor.get(address).content.decode()
    assert successor.post(address).status_code == 422


def test_what_is_open_says_what_it_is_about_and_the_successor_is_picked_by_name(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    about = {one.item: one.about for one in sheet(HEAD, rulebook()) if one.sort == "case"}
    hazard = next(one for one in sheet(HEAD, rulebook()) if one.code == "hazard")
    assert hazard.about is not None
    page = leader.get(f"/handover/{HEAD}").content.decode()
    assert f'href="/k/hazard/{hazard.item}">{hazard.about.zh}</a>' in page
    assert [item for item, said in about.items() if said is None] == []
    assert 'name="to"' in page
    near = re.findall(r'data-pick-from="(/pick/person[^"]+)"', page)[0]
    old = holders(HEAD, at=NOW)[0]
    offered = [one["value"] for one in leader.get(f"{near}&q=").json()]
    picked = next(one for one in offered if old not in one)
    answer = leader.post(f"/handover/{HEAD}", {"from": old, "to": picked})
    assert holders(HEAD, at=NOW + 10**6) == [picked.rpartition("(")[2].rstrip(")")]
    kept = leader.get(answer["Location"]).content.decode()
    assert f"隐患：{hazard.about.zh}" in kept


def test_a_vacant_post_is_shown_and_its_organisation_answers(sign_in: SignIn) -> None:
    leader = sign_in("leader")
    post = f"{SCHOOL}/safety-director"
    old = (holders(post, at=NOW) or [""])[0]
    if not old:
        organisations.appoint(now=NOW, by=None, at=NOW, post=post, person="P-old")
        old = "P-old"
    before = as_pages_say(post)
    answer = leader.post(f"/handover/{post}", {"from": old, "to": ""})
    assert "岗位空缺，等待本单位签收" in leader.get(answer["Location"]).content.decode()
    assert "空缺，由单位负责" in leader.get(f"/o/{SCHOOL}").content.decode()
    found = answering(post, at=NOW + 10**6)
    assert found is not None
    assert (found.organisation, found.persons, found.vacant) == (SCHOOL, (), True)
    assert as_pages_say(post) == before
    assert Holding.objects.filter(post=post, known_to=OPEN, valid_to=OPEN).count() == 0
    organisations.appoint(now=NOW, by=None, at=NOW, post=HEAD, person="P-head")
    make_account(username="head", password=SECRET, name="校长", person="P-head")
    assert client_of("head").post(answer["Location"]).status_code == 302


def test_who_may_and_what_is_refused(sign_in: SignIn, city: Site) -> None:
    assert city.vendor == "sqlite"
    leader, principal = sign_in("leader"), sign_in("principal")
    assert principal.get("/handover/LZ02T01S01/principal").status_code == 404
    assert leader.get(f"/handover/{SCHOOL}/nothing").status_code == 404
    assert leader.get("/handovers/nothing").status_code == 404
    old = holders(HEAD, at=NOW)[0]
    for said in (
        {"from": old, "to": old},
        {"from": "P-stranger", "to": "P-x"},
        {"from": old, "to": "P", "at": "2099-01-01"},
    ):
        assert leader.post(f"/handover/{HEAD}", said).status_code == 422
    assert holders(HEAD, at=NOW + 10**6) == [old]
    assert leader.get(f"/sheet/{HEAD}").status_code == 200
    assert post_type(HEAD) == "principal"
