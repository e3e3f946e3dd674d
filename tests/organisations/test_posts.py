"""Posts and who holds them, and the right to act in one."""

from __future__ import annotations

import pytest

from huxue.core.values import Refused
from huxue.ledger.drafts import Draft
from huxue.organisations.holdings import ENDED, holders, right_to_act
from huxue.organisations.models import OPEN, Holding, Post
from tests.ledger.world import DAY, NOW, draft, take, tree

pytestmark = pytest.mark.usefixtures("ledger")
A, B = NOW - 90 * DAY, NOW - 30 * DAY
ABOUT = {"about": ("S1",)}


def post(code: str = "S1/principal", organisation: str = "S1", item: str = "post-1", **more: str) -> Draft:
    fields = {"code": code, "organisation": organisation, "type": "principal", **more}
    return draft("post", "open", A, item=item, roles={"about": (organisation,)}, fields=fields)


def holding(person: str, at: int, item: str) -> Draft:
    return draft("holding", "open", at, item=item, roles=ABOUT, fields={"post": "S1/principal", "person": person})


def refusal(*drafts: Draft) -> str:
    with pytest.raises(Refused) as found:
        take(*drafts)
    return found.value.code


def handed_over() -> None:
    """Alice holds the post until B, then Bob."""
    tree()
    take(
        post(), holding("alice", A, "h1"), draft("holding", "close", B, item="h1", roles=ABOUT), holding("bob", B, "h2")
    )


def test_a_post_and_its_holders() -> None:
    handed_over()
    assert list(Post.objects.values_list("code", "organisation", "type", "valid_to")) == [
        ("S1/principal", "S1", "principal", OPEN)
    ]
    found = Holding.objects.order_by("valid_from").values_list("person", "valid_from", "valid_to")
    assert list(found) == [("alice", A, B), ("bob", B, OPEN)]
    assert [holders("S1/principal", at=at) for at in (A - 1, A, B - 1, B)] == [[], ["alice"], ["alice"], ["bob"]]


def test_the_right_to_act_is_that_of_the_day() -> None:
    handed_over()
    assert right_to_act("S1/principal", "alice", at=B - 1, now=B - 1) == ""
    assert right_to_act("S1/principal", "alice", at=B - 1, now=NOW) == ENDED
    assert right_to_act("S1/principal", "bob", at=B, now=NOW) == ""
    assert right_to_act("S1/principal", "", at=B, now=NOW) == ""
    for person, at, code in (
        ("alice", B, "post_not_held"),
        ("bob", B - 1, "post_not_held"),
        ("alice", A - 1, "unknown_post"),
    ):
        with pytest.raises(Refused) as found:
            right_to_act("S1/principal", person, at=at, now=NOW)
        assert found.value.code == code


def test_what_a_post_never_is() -> None:
    tree()
    take(post())
    assert refusal(post(item="post-2")) == "code_taken"
    assert refusal(post("S2/principal", "S1", "post-2")) == "impossible_code"
    assert refusal(post("X/principal", "X", "post-2")) == "unknown_organisation"
    unheard = draft("holding", "open", A, item="h", roles=ABOUT, fields={"post": "S1/cook", "person": "carol"})
    assert refusal(unheard) == "unknown_post"
