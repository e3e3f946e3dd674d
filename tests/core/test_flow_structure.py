"""What is wrong with a kind's declaration, each with its path."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from huxue.core.flow import structure_problems
from huxue.core.kinds import Kind, list_problems
from huxue.core.rulebook.model import Choice
from huxue.core.values import Text

T = {"zh": "甲", "en": "A"}
LISTS = {"grades": {"minor": Choice(title=Text(zh="轻", en="Minor"))}}
DECLARED = SimpleNamespace(
    lists=LISTS,
    organisation_types=("school",),
    posts=("head",),
    kinds={"entry": Kind(code="entry", shape="register", title=Text(**T))},
)
FIELDS: dict[str, Any] = {
    "grade": {"type": "choice", "list": "grades"},
    "until": {"type": "date"},
    "note": {"type": "text"},
}
FLOW: dict[str, Any] = {
    "opened": {"by": "school", "within": {"field": "until"}, "asks": ["until"]},
    "closed": {"by": ["head", "supervisor"], "from": "opened", "ends": "closed"},
    "again": {"by": "public", "reopens": "closed"},
    "shut": {"by": "about", "from": "again", "ends": "closed"},
}


def paths(**changes: Any) -> list[str]:
    said = {"code": "k", "shape": "case", "title": T, "fields": FIELDS, "flow": FLOW} | changes
    for part in ("fields", "flow", "roles"):
        said[part] = {name: {"title": T, **value} for name, value in said.get(part, {}).items()}
    found = structure_problems(Kind.model_validate(said), DECLARED)
    assert all(zh and en for _, zh, en in found)
    return [path for path, _, _ in found]


def test_a_sound_kind_has_no_problem() -> None:
    assert paths() == []


@pytest.mark.parametrize(
    ("field", "path"),
    [
        ({"type": "choice", "list": "colours"}, "list"),
        ({"type": "entry", "kind": "nothing"}, "kind"),
        ({"type": "photo", "facet": True}, "facet"),
        ({"type": "number", "search": True}, "search"),
        ({"type": "date", "many": True}, "many"),
        ({"type": "text", "decimals": 1}, "decimals"),
        ({"type": "text", "at_least": 1}, "at_least"),
        ({"type": "number", "at_least": 2, "at_most": 1}, "at_least"),
    ],
)
def test_fields(field: dict[str, Any], path: str) -> None:
    assert paths(fields={**FIELDS, "x": field}) == [f"fields.x.{path}"]


def test_personal_data_needs_a_retention() -> None:
    assert paths(fields={**FIELDS, "name": {"type": "text", "personal": True}}) == ["retention"]


def test_types_of_roles_and_writers() -> None:
    assert paths(roles={"about": {"types": ["castle"]}}, written_by=["castle"]) == ["roles.about.types", "written_by"]


@pytest.mark.parametrize(
    ("step", "said", "expected"),
    [
        ("shut", {"from": ["again", "nowhere"]}, ["flow.shut.from"]),
        ("shut", {"not_by": "nobody"}, ["flow.shut.not_by"]),
        ("shut", {"by": ["castle"]}, ["flow.shut.by"]),
        ("shut", {"by": ["by"]}, ["flow.shut.by"]),
        ("shut", {"by": []}, ["flow.shut.by"]),
        ("shut", {"asks": ["colour"]}, ["flow.shut.asks"]),
        ("again", {"reopens": ["closed", "forgotten"]}, ["flow.again.reopens"]),
        ("shut", {"opens": "entry"}, ["flow.shut.opens"]),
        ("shut", {"only_if": {"colour": "red"}}, ["flow.shut.only_if"]),
        ("shut", {"only_if": {"grade": "huge"}}, ["flow.shut.only_if"]),
        ("shut", {"only_if": {"grade": {"like": "minor"}}}, ["flow.shut.only_if"]),
        ("shut", {"on_the_spot": {"grade": "minor"}}, ["flow.shut.on_the_spot"]),
        ("shut", {"within": {"days": 1}}, ["flow.shut.ends"]),
        ("opened", {"within": {"weeks": 1}}, ["flow.opened.within"]),
        ("opened", {"within": {"days": -1}}, ["flow.opened.within"]),
        ("opened", {"within": {"field": "note"}}, ["flow.opened.within"]),
        ("opened", {"within": {"days": 1, "hours": 1}}, ["flow.opened.within"]),
        ("opened", {"clears": True}, ["flow.opened.clears"]),
    ],
)
def test_steps(step: str, said: dict[str, Any], expected: list[str]) -> None:
    assert paths(flow={**FLOW, step: {**FLOW[step], **said}}) == expected


def test_a_case_without_a_beginning() -> None:
    assert paths(flow={"closed": FLOW["closed"] | {"from": "closed"}}) == ["flow"]


def test_steps_and_endings_out_of_reach() -> None:
    lost = {"by": "school", "from": "island", "ends": "sunk"}
    assert paths(flow={**FLOW, "island": {"by": "school", "from": "island"}, "sink": lost}) == [
        "flow.island",
        "flow.sink",
        "flow.sink.ends",
    ]


def test_nothing_leads_on() -> None:
    assert paths(flow={**FLOW, "stuck": {"by": "school", "from": "opened"}}) == ["flow.stuck"]


def test_a_step_that_stays_is_neither_beginning_nor_end() -> None:
    assert paths(flow={**FLOW, "odd": {"by": "school", "from": "opened", "stays": True, "ends": "closed"}}) == [
        "flow.odd.stays"
    ]


def test_only_cases_have_flows() -> None:
    assert paths(shape="record") == ["flow"]


def test_titles_of_a_list_must_tell_the_choices_apart() -> None:
    choices = {
        "a": Choice(title=Text(zh="甲", en="One")),
        "b": Choice(title=Text(zh="甲", en="Two; three")),
        "c": Choice(title=Text(zh="a", en="Four")),
    }
    assert [path for path, _, _ in list_problems("letters", choices)] == ["letters.b", "letters.b", "letters.c"]
