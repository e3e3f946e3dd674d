"""A post changes hands, on both databases: one transaction, the sheet as it stood, signed by who takes over."""

from __future__ import annotations

import pytest

from huxue.actions import handover, organisations
from huxue.actions.acting import By
from huxue.core.values import Refused
from huxue.ledger.models import Fact
from huxue.organisations.holdings import holders
from huxue.standings.handing import Answering, answering
from huxue.standings.kept import keep
from huxue.standings.site import edition_for
from tests.actions.county import NOW, TODAY, Town, rulebook
from tests.sites import Site

POST, OLD = "青禾小学/principal", "人青禾小学/principal"


@pytest.fixture
def town(site: Site) -> Town:
    made = Town()
    made.settle()
    keep(edition_for(as_of=TODAY, known_at=TODAY), as_of=TODAY, known_at=TODAY, now=NOW)
    assert site.vendor in ("sqlite", "postgresql")
    return made


def test_from_one_to_the_next(town: Town) -> None:
    hazard = town.hazard("2026-06-01")
    town.send()
    receipts = handover.hand_over(
        rulebook=rulebook(), now=NOW, by=None, post=POST, leaver=OLD, successor="新校长", at=NOW, notes="钥匙已交"
    )
    assert [holders(POST, at=NOW - 1), holders(POST, at=NOW)] == [[OLD], ["新校长"]]
    said = handover.standing(receipts[-1].item).fields
    lines = said["sheet"].splitlines()
    assert (said["from"], said["to"], said["signed"], said["open"]) == (OLD, "新校长", False, len(lines))
    assert [line for line in lines if hazard in line] == [
        f"{len(lines)}. 【未结事项】隐患：三楼 东侧楼梯 〔hazard {hazard}〕"
    ]
    with pytest.raises(Refused) as found:
        handover.sign(
            rulebook=rulebook(), now=NOW + 5, by=By("文旅局/officer", "人文旅局/officer"), item=receipts[-1].item
        )
    assert found.value.code == "not_the_successor"
    handover.sign(rulebook=rulebook(), now=NOW + 5, by=By(POST, "新校长"), item=receipts[-1].item)
    assert handover.standing(receipts[-1].item).fields == {**said, "signed": True}
    with pytest.raises(Refused) as found:
        handover.sign(rulebook=rulebook(), now=NOW + 6, by=By(POST, "新校长"), item=receipts[-1].item)
    assert found.value.code == "signed_already"


def test_all_of_it_or_nothing(town: Town) -> None:
    assert town.drafts == []
    before = Fact.objects.count()
    for leaver, successor, code in ((OLD, OLD, "same_person"), ("无此人", "新校长", "post_not_held")):
        with pytest.raises(Refused) as found:
            handover.hand_over(
                rulebook=rulebook(), now=NOW, by=None, post=POST, leaver=leaver, successor=successor, at=NOW
            )
        assert found.value.code == code
    assert (Fact.objects.count(), holders(POST, at=NOW)) == (before, [OLD])


def test_vacant_closed_gone(town: Town) -> None:
    assert town.drafts == []
    handover.hand_over(rulebook=rulebook(), now=NOW, by=None, post=POST, leaver=OLD, at=NOW)
    assert answering(POST, at=NOW) == Answering("青禾小学", ())
    organisations.close_post(now=NOW + 1, by=None, at=NOW + 1, post=POST)
    assert answering(POST, at=NOW + 1) == Answering("青禾小学", ())
    organisations.close(now=NOW + 2, by=None, at=NOW + 2, code="青禾小学")
    assert answering(POST, at=NOW + 2) is None
    assert answering(POST, at=NOW) == Answering("青禾小学", ())
