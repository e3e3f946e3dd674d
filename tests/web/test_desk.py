"""The desk: what waits is what the ladders propose, only the named post decides, and nothing is decided twice."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from huxue.access.models import User
from huxue.access.viewer import viewer_of
from huxue.core.rulebook.edition import in_effect
from huxue.demo import TODAY
from huxue.ledger.models import Case, Fact
from huxue.standings import kept_proposals
from huxue.standings.kept_proposals import Waiting
from huxue.standings.ladder import Climb
from huxue.standings.outcomes import Proposal, Proposed
from huxue.standings.site import calendars_of, edition_for, evaluate_site
from tests.web.conftest import SignIn

pytestmark = pytest.mark.usefixtures("city")


def waiting(client: Client) -> list[Waiting]:
    """Return what waits on somebody's desk, with its addressees, in the order of the page."""
    book = in_effect(edition_for(as_of=TODAY, known_at=TODAY))
    codes = dict.fromkeys(re.findall(r'href="/desk/([^"?]+)"', client.get("/desk").content.decode()))
    found = (kept_proposals.waiting(code, book) for code in codes if "@" in code)
    return [one for one in found if one is not None]


def filled(one: Waiting, action: str, **more: str) -> dict[str, object]:
    return {"action": action, "only": [a.organisation for a in one.late], **more}


def test_what_is_kept_is_what_the_ladders_propose() -> None:
    edition = edition_for(as_of=TODAY, known_at=TODAY)
    book = in_effect(edition)
    climb = Climb(evaluate_site(edition, as_of=TODAY, known_at=TODAY), book, calendars_of(edition))
    owed = {one.code: one for one in climb.proposals() if not one.by_itself}
    assert set(Proposal.objects.values_list("code", flat=True)) == set(owed)
    for code, one in owed.items():
        kept = kept_proposals.waiting(code, book)
        assert kept is not None
        assert [(a.organisation, a.workdays, a.sentence(kept.kind)) for a in kept.late] == [
            (a.organisation, a.workdays, a.sentence()) for a in one.addressees
        ]
        assert {a.organisation for a in one.addressees} == set(
            Proposed.objects.filter(proposal=code).values_list("organisation", flat=True)
        )
        for a, b in zip(kept.late, one.addressees, strict=True):
            assert (a.behind[0].period, a.behind[-1].period) == b.span


def test_issued_once_and_sent(sign_in: SignIn) -> None:
    client = sign_in("bureau-leader")
    one = waiting(client)[0]
    before = Fact.objects.filter(kind="measure").count()
    form = filled(one, "issue", send="yes", deadline="2026-07-10", content="请办结", number="教督〔2026〕1号")
    assert client.post(f"/desk/{one.code}", form).status_code == 302
    assert Fact.objects.filter(kind="measure").count() == before + 1
    addressees = {a.organisation for a in one.late}
    assert set(Case.objects.filter(kind="directive", open=True).values_list("organisation", flat=True)) >= addressees
    again = client.post(f"/desk/{one.code}", form)
    assert again.status_code == 422
    assert Fact.objects.filter(kind="measure").count() == before + 1
    assert one.code not in {w.code for w in waiting(client)}
    assert "教督〔2026〕1号" in client.get("/desk/decided").content.decode()


def test_dismissing_and_putting_off_need_a_reason(sign_in: SignIn) -> None:
    client = sign_in("bureau-leader")
    first, second = waiting(client)[:2]
    assert client.post(f"/desk/{first.code}", filled(first, "dismiss", reason=" ")).status_code == 422
    assert "请说明理由" in client.post(f"/desk/{first.code}", filled(first, "dismiss")).content.decode()
    assert client.post(f"/desk/{first.code}", filled(first, "dismiss", reason="已另行处理")).status_code == 302
    assert (
        client.post(f"/desk/{second.code}", filled(second, "postpone", reason="待复查", until="x")).status_code == 422
    )
    later = filled(second, "postpone", reason="待复查", until="2026-07-20")
    assert client.post(f"/desk/{second.code}", later).status_code == 302
    said = Fact.objects.filter(kind="measure").order_by("-seq").values_list("fields", flat=True)[:2]
    assert ['"decision":"postponed"' in said[0], '"decision":"dismissed"' in said[1]] == [True, True]
    assert {first.code, second.code} & {w.code for w in waiting(client)} == set()


def test_some_of_the_addressees(sign_in: SignIn) -> None:
    client = sign_in("bureau-leader")
    one = next(w for w in waiting(client) if len(w.late) > 1)
    form = {"action": "dismiss", "only": [one.late[0].organisation], "reason": "个案"}
    assert client.post(f"/desk/{one.code}", form).status_code == 302
    (left,) = [w for w in waiting(client) if w.code == one.code]
    assert [a.organisation for a in left.late] == [a.organisation for a in one.late[1:]]


def test_who_does_not_decide(sign_in: SignIn) -> None:
    one = waiting(sign_in("bureau-leader"))[0]
    before = Fact.objects.count()
    assert sign_in("bureau-officer").get("/desk").status_code == 404
    assert sign_in("bureau-officer").post(f"/desk/{one.code}", filled(one, "issue")).status_code == 404
    officer = sign_in("county-officer")
    refused = officer.post(f"/desk/{one.code}", filled(one, "dismiss", reason="x"))
    assert (refused.status_code, "决定" in refused.content.decode()) == (422, True)
    page = officer.get(f"/desk/{one.code}").content.decode()
    assert 'name="action"' not in page
    assert sign_in("principal").post(f"/desk/{one.code}", filled(one, "issue")).status_code == 422
    assert Fact.objects.count() == before


def test_what_ended_by_itself_leaves_the_desk(sign_in: SignIn) -> None:
    client = sign_in("bureau-leader")
    one = waiting(client)[0]
    Proposal.objects.create(
        code="schools.supervise.no.such-duty@LZ01-education", ladder=one.ladder, measure=one.rung.measure,
        subject="no.such-duty", decides=one.decides, addressees=1, workdays=1, text="[]", as_of=TODAY,
    )  # fmt: skip
    form = {"action": "dismiss", "only": [one.late[0].organisation], "reason": "x"}
    assert client.post("/desk/schools.supervise.no.such-duty@LZ01-education", form).status_code == 422
    assert not Proposal.objects.filter(subject="no.such-duty").exists()


@pytest.mark.parametrize("name", ["leader", "bureau-leader", "county-leader"])
def test_home_counts_what_ones_own_post_decides(sign_in: SignIn, name: str) -> None:
    """What others of the organisation decide stands on the desk below one's own, and is no to-do."""
    client = sign_in(name)
    office = viewer_of(User.objects.get(username=name), now=TODAY * 1440).post
    mine = [one.decided_in(office) for one in waiting(client)] if office else []
    assert mine == sorted(mine, reverse=True)
    said = re.findall(r"决定督责建议 (\d+) 条", client.get("/").content.decode())
    assert said == [str(sum(mine))][: any(mine)]
