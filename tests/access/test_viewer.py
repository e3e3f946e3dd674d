"""Which posts somebody acts in, in which role, and with how many queries."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from huxue.access.models import User
from huxue.access.roles import ADMINISTRATIONS, roles
from huxue.access.viewer import PUBLIC, viewer_of
from tests.access.trees import ALWAYS, CORRECTED, NOW, PAST, Tree, hold, plant
from tests.sites import Site

TREE = Tree({"C": "", "D": "C", "S": "C"})


def test_one_query_whatever_is_held(site: Site, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    plant(TREE)
    for person, posts in (("S", 1), ("D", 3), ("nobody", 0)):
        if posts == 3:
            hold("C/officer", "D")
            hold("S/officer", "D")
        with django_assert_num_queries(1):
            assert len(viewer_of(User(person=person), now=NOW).posts) == posts


def test_the_highest_post_first_and_any_other_by_choice(site: Site) -> None:
    plant(TREE)
    hold("C/officer", "S")
    user = User(person="S", name="N")
    first, chosen = viewer_of(user, now=NOW), viewer_of(user, post="S/officer", now=NOW)
    assert [(v.post and v.post.post, v.scope.whole) for v in (first, chosen)] == [
        ("C/officer", True),
        ("S/officer", False),
    ]
    assert viewer_of(user, post="D/officer", now=NOW).post == first.post  # not theirs
    assert [held.organisation_name for held in first.posts] == ["name of C", "name of S"]


@pytest.mark.parametrize("dates", [PAST, CORRECTED])
def test_what_was_held_once_opens_nothing(site: Site, dates: tuple[int, int, int, int]) -> None:
    plant(TREE)
    hold("D/officer", "once", dates)
    found = viewer_of(User(person="once"), now=NOW)
    assert (found.posts, found.role.code, found.sees("D"), found.may("see")) == ((), "public", False, False)
    hold("D/officer", "once", ALWAYS)
    assert viewer_of(User(person="once"), now=NOW).sees("D") is True


@pytest.mark.parametrize("administers", ADMINISTRATIONS)
def test_administrators_see_no_organisation(site: Site, administers: str) -> None:
    plant(TREE)
    found = viewer_of(User(administers=administers), now=NOW)
    assert [found.sees(code) for code in TREE.parents] == [False, False, False]
    assert (found.role.code, found.post, found.may("see")) == (administers, None, False)
    assert found.permissions == frozenset(roles()[administers].permissions)


def test_who_has_no_account_or_a_closed_one_is_the_public() -> None:
    assert viewer_of(None, now=NOW) is PUBLIC
    assert viewer_of(User(person="D", is_active=False), now=NOW) is PUBLIC
    assert (PUBLIC.signed_in, PUBLIC.permissions, PUBLIC.sees_any(["C"])) == (False, frozenset(), False)
