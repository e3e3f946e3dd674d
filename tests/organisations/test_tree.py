"""The tree of organisations follows from facts: moves, closings, circles, and fifty random reorganisations."""

from __future__ import annotations

import json
from random import Random

import pytest

from huxue.core.values import Refused
from huxue.ledger.models import SearchText
from huxue.organisations.models import OPEN, Edge, Organisation
from tests.ledger.world import DAY, NOW, draft, drill, organisation, take, tree

pytestmark = pytest.mark.usefixtures("ledger")
BEGAN = NOW - 1000 * DAY


def refusal(*drafts: object) -> str:
    with pytest.raises(Refused) as found:
        take(*drafts)  # type: ignore[arg-type]
    return found.value.code


def paths() -> dict[str, str]:
    return dict(Organisation.objects.order_by("code").values_list("code", "path"))


def test_rows_come_in_any_order() -> None:
    tree()
    assert paths() == {
        "CITY": "CITY/",
        "C1": "CITY/C1/",
        "C2": "CITY/C2/",
        "T1": "CITY/C1/T1/",
        "T2": "CITY/C2/T2/",
        "S1": "CITY/C1/T1/S1/",
        "S2": "CITY/C1/T1/S2/",
        "S3": "CITY/C2/T2/S3/",
        "S4": "CITY/C2/T2/S4/",
    }


def test_a_subtree_is_one_range() -> None:
    tree()
    take(organisation("C10", "CITY", of="county"), organisation("C1-x", "CITY", of="county"))
    found = Organisation.objects.filter(path__gte="CITY/C1/", path__lt="CITY/C10").order_by("code")
    assert list(found.values_list("code", flat=True)) == ["C1", "S1", "S2", "T1"]


def test_an_organisation_is_as_its_facts_say() -> None:
    tree()
    take(organisation("S9", "T1", name="第九小学", traits={"pupils": 800, "boarding": True}))
    found = Organisation.objects.get(code="S9")
    assert (found.name, found.type, found.opened, found.closed) == ("第九小学", "school", BEGAN, OPEN)
    assert json.loads(found.traits) == {"boarding": True, "pupils": 800}
    assert SearchText.objects.get(item="o-S9").initials == "djxx"


def test_moving_a_subtree_rewrites_its_paths_and_keeps_the_past() -> None:
    tree()
    at = NOW - 10 * DAY
    take(organisation("T1", "C2", of="township", verb="change", at=at))
    assert {code: path for code, path in paths().items() if code in ("T1", "S1", "S2")} == {
        "T1": "CITY/C2/T1/",
        "S1": "CITY/C2/T1/S1/",
        "S2": "CITY/C2/T1/S2/",
    }
    edges = Edge.objects.filter(child="T1").order_by("known_from", "valid_from")
    assert list(edges.values_list("parent", "valid_from", "valid_to", "known_to")) == [
        ("C1", BEGAN, at, OPEN),
        ("C2", at, OPEN, OPEN),
    ]


def test_what_was_known_before_a_move_can_still_be_asked() -> None:
    take(organisation("A"), organisation("B"), organisation("X", "A"), recorded=BEGAN)
    take(organisation("X", "B", verb="change", at=NOW - DAY))
    edges = Edge.objects.filter(child="X").order_by("known_from", "valid_from")
    assert list(edges.values_list("parent", "valid_from", "valid_to", "known_from", "known_to")) == [
        ("A", BEGAN, OPEN, BEGAN, NOW),
        ("A", BEGAN, NOW - DAY, NOW, OPEN),
        ("B", NOW - DAY, OPEN, NOW, OPEN),
    ]


def test_nested_moves_in_one_batch() -> None:
    tree()
    at = NOW - DAY
    take(
        organisation("T1", "C2", of="township", verb="change", at=at),
        organisation("S1", "T2", verb="change", at=at),
        organisation("C2", "C1", of="county", verb="change", at=at),
    )
    assert paths()["S1"] == "CITY/C1/C2/T2/S1/"
    assert paths()["S2"] == "CITY/C1/C2/T1/S2/"
    assert paths()["S3"] == "CITY/C1/C2/T2/S3/"


def test_a_rename_leaves_the_tree_alone() -> None:
    tree()
    take(organisation("C1", "CITY", of="county", verb="change", at=NOW - DAY, name="新县"))
    assert Organisation.objects.get(code="C1").name == "新县"
    assert Edge.objects.filter(child="C1").count() == 1


@pytest.mark.parametrize(
    ("drafts", "code"),
    [
        ([organisation("C1", "S1", of="county", verb="change", at=NOW)], "cyclic_tree"),
        ([organisation("C1", "C1", of="county", verb="change", at=NOW)], "cyclic_tree"),
        ([organisation("A", "B"), organisation("B", "A")], "cyclic_tree"),
        ([organisation("A", "nowhere")], "unknown_organisation"),
        ([organisation("S1", "T2", item="another")], "code_taken"),
        ([organisation("A", "T1", item="a"), organisation("A", "T1", item="b")], "code_taken"),
        ([organisation("S7", "T1", verb="change", item="o-S1", at=NOW)], "other_code"),
        ([organisation("T1", verb="close", at=NOW)], "open_children"),
        ([organisation(f"D{n}", f"D{n - 1}" if n else "S1") for n in range(20)], "too_deep"),
        ([organisation("a/b", "T1", item="ab")], "impossible_code"),
    ],
)
def test_what_the_tree_never_becomes(drafts: list[object], code: str) -> None:
    tree()
    before = paths()
    assert refusal(*drafts) == code
    assert paths() == before


def test_a_circle_in_the_past_is_refused_too() -> None:
    """Today's tree would have none: B stood under A for a while, and A is said to have stood under B at that time."""
    take(organisation("A"), organisation("B"))
    take(organisation("B", "A", verb="change", at=NOW - 90 * DAY))
    take(organisation("B", verb="change", at=NOW - 60 * DAY))
    late = [
        organisation("A", "B", verb="change", at=NOW - 70 * DAY),
        organisation("A", verb="change", at=NOW - 65 * DAY),
    ]
    assert refusal(*late) == "cyclic_tree"


def test_an_organisation_in_use_is_not_withdrawn() -> None:
    opened = organisation("A")
    take(opened)
    take(drill("A"))
    assert refusal(draft("organisation", "withdraw", item="o-A", replaces=opened.id)) == "organisation_in_use"


def test_an_organisation_opened_by_mistake_is_withdrawn() -> None:
    opened = organisation("A")
    take(opened)
    take(draft("organisation", "withdraw", item="o-A", replaces=opened.id))
    assert (paths(), Edge.objects.count()) == ({}, 0)


def tree_on(valid: int, known: int) -> dict[str, str]:
    """Return child → parent as of one moment, as known at another."""
    edges = Edge.objects.filter(
        sort="territorial", valid_from__lte=valid, valid_to__gt=valid, known_from__lte=known, known_to__gt=known
    )
    return dict(edges.values_list("child", "parent"))


def test_fifty_random_reorganisations_leave_a_closed_quarter_as_it_was() -> None:
    tree()
    quarter, random, done = NOW - 100 * DAY, Random(7), 0
    before = tree_on(quarter, NOW)
    schools = ["S1", "S2", "S3", "S4"]
    for n in range(200):
        at = NOW - 80 * DAY + n * 500
        towns = ["T1", "T2", "C1", "C2", "CITY"]
        moves = [
            organisation(random.choice(schools), random.choice(towns), verb="change", at=at),
            organisation(
                random.choice(("T1", "T2")), random.choice(("C1", "C2", "CITY")), of="township", verb="change", at=at
            ),
            organisation(
                random.choice(("C1", "C2")), random.choice(("T1", "T2", "CITY")), of="county", verb="change", at=at
            ),
            organisation(f"N{n}", random.choice(towns), at=at),
        ]
        try:
            take(random.choice(moves), recorded=at + 60)
        except Refused as refused:
            assert refused.code == "cyclic_tree"  # noqa: PT017 - refusals are part of a random history
        else:
            done += 1
        if done == 50:
            break
    assert done == 50
    assert tree_on(quarter, NOW) == before
    now = tree_on(NOW, NOW)
    assert now == dict(Organisation.objects.exclude(parent="").values_list("code", "parent"))
    for code, path in paths().items():
        above = path.split("/")[:-1]
        assert above == [*reversed(climbed(code, now))]


def climbed(code: str, parents: dict[str, str]) -> list[str]:
    chain = [code]
    while chain[-1] in parents:
        chain.append(parents[chain[-1]])
    return chain


def test_oversight_is_an_edge_of_its_own() -> None:
    tree()
    at = NOW - 9 * DAY
    fields = {"supervised": "C1", "topic": "food"}
    take(draft("oversight", "open", at, item="w1", roles={"by": ("C2",)}, fields=fields))
    edge = Edge.objects.get(sort="supervisory")
    assert (edge.child, edge.parent, edge.topic, edge.valid_from, edge.valid_to) == ("C1", "C2", "food", at, OPEN)
    wrong = draft(
        "oversight", "open", at, item="w2", roles={"by": ("C2",)}, fields={"supervised": "X", "topic": "food"}
    )
    assert refusal(wrong) == "unknown_organisation"
