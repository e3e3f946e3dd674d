"""Nobody sees a cross-tree organisation: every viewer of random trees against a slow reference, on both databases."""

from __future__ import annotations

import pytest

from huxue.access.models import User
from huxue.access.scope import FEW, NOTHING, Scope, scope_of
from huxue.access.viewer import Viewer, viewer_of
from huxue.organisations.tables import select
from tests.access.trees import ALWAYS, NOW, Tree, grow, plant
from tests.sites import Site


def viewer(code: str) -> Viewer:
    return viewer_of(User(username=code, person=code), now=NOW)


def listed(scope: Scope) -> set[str]:
    """What a list of posts shows: a table that knows organisations by code only."""
    within, parameters = scope.where("p.organisation")
    rows = select(f"SELECT organisation FROM organisations_post p {'WHERE' if within else ''} {within}", *parameters)
    return {code for (code,) in rows}


def in_tree(scope: Scope) -> set[str]:
    within, parameters = scope.where_path("path")
    rows = select(f"SELECT code FROM organisations_organisation {'WHERE' if within else ''} {within}", *parameters)
    return {code for (code,) in rows}


@pytest.mark.parametrize("seed", range(12))
def test_everybody_sees_their_subtree_and_what_they_supervise_and_nothing_else(site: Site, seed: int) -> None:
    tree = grow(seed, size=24, roots=1 + seed % 3)
    plant(tree)
    for code in tree.parents:
        found, expected = viewer(code), tree.seen_by(code)
        assert listed(found.scope) == expected
        assert in_tree(found.scope) == expected
        assert {one for one in tree.parents if found.sees(one)} == expected
        assert {one for one in tree.parents if found.scope.covers(tree.path(one))} == expected
        assert found.scope.whole == (expected == set(tree.parents))


@pytest.mark.parametrize("seed", range(4))
def test_schools_see_themselves_and_what_is_below_them_whatever_is_supervised(site: Site, seed: int) -> None:
    tree = grow(seed, size=24, roots=2)
    plant(tree, kind="school")
    for code in tree.parents:
        expected = {one for one in tree.parents if tree.within(one, code)}
        assert listed(viewer(code).scope) == expected
        assert viewer(code).scope.single == (code if len(expected) == 1 else "")


def test_many_supervised_schools_are_one_parameter(site: Site) -> None:
    tree = Tree({"R": ""} | {f"T{n}": "R" for n in range(40)} | {f"T{n}S": f"T{n}" for n in range(40)} | {"D": "R"})
    tree.oversight = [("D", f"T{n}", ALWAYS) for n in range(0, 40, 2)]
    plant(tree)
    scope = viewer("D").scope
    assert (len(scope.roots) > FEW, len(scope.where("x")[1])) == (True, 1)
    assert listed(scope) == in_tree(scope) == tree.seen_by("D")
    assert (scope.holds(["T1", "T3S"]), scope.holds(["T1", "T2S"])) == (False, True)


def test_an_organisation_that_is_not_there_is_seen_by_nobody(site: Site) -> None:
    plant(Tree({"R": "", "A": "R", "B": "R"}))
    assert [viewer(code).sees("NOBODY") for code in ("R", "A")] == [False, False]
    assert NOTHING.holds(["R"]) is False
    assert NOTHING.where("x") == ("1 = 0", [])


def test_a_root_beside_the_first_one_ends_the_view_of_the_whole() -> None:
    assert scope_of(["A/"], tops=["A/"]) == Scope(whole=True, roots=("A/",))
    assert scope_of(["A/"], tops=["A/", "B/"]) == Scope(roots=("A/",))
    assert scope_of(["A/B/", "A/", "A/C/"], tops=["A/", "B/"]) == Scope(roots=("A/",))
    assert scope_of(["A/B/"], tops=["A/"], alone=["A/B/"]) == Scope(roots=("A/B/",), single="B")
