"""What a rulebook may say of a derivation, and how each mistake is said."""

from __future__ import annotations

from typing import Any

import pytest

from huxue.core.derivations import RULES, Derivation
from huxue.core.rulebook.load import load
from huxue.rulebooks import read

GOOD = """
again:
  title: {zh: 复发, en: Again}
  rule: recurrence
  reads: {case: hazard}
  writes: recurrence
  parameters: {days: 365, metres: 15, ending: fixed, rises_to: major}
  source: {text: city-speech, clause: M93, confidence: DEF}
"""


def problems(text: str) -> list[tuple[str, str]]:
    """Line and sentence of every problem of a layer with these derivations on top of the city's."""
    head = "code: mine\ntitle: {zh: 本县, en: Ours}\nlayer: county\nextends: city\n"
    _, found = load([*read("city"), ("mine", {"rulebook.yaml": head, "derivations.yaml": text})])
    return [(f"{one.file}:{one.line}", one.en) for one in found]


def test_a_derivation_without_a_mistake() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("rule: recurrence", "rule: recurence", 4, "'rule' must be one of 'recurrence', 'distance', 'cluster'"),
        ("case: hazard", "case: hazzard", 5, "'again': there is no case called 'hazzard'"),
        ("case: hazard", "case: lease", 5, "'again': there is no case called 'lease'"),
        ("case: hazard", "cases: hazard", 5, "'again': the rule reads no 'cases' but: case"),
        ("case: hazard", "case: interview", 5, "'again': the kind 'interview' has no field 'category' (choice)"),
        ("writes: recurrence", "writes: drill", 6, "'again': the kind 'drill' has no field 'derivation' (text)"),
        ("days: 365", "days: 0", 7, "'again': the parameter 'days' must be a whole number from 1 to 3660"),
        ("days: 365", "days: year", 7, "'again': the parameter 'days' must be a whole number from 1 to 3660"),
        ("days: 365, ", "", 7, "'again': the parameter 'days' is missing"),
        ("days: 365", "dayz: 365", 7, "'again': the rule has no parameter 'dayz' but: days, metres, ending, rises_to"),
        ("rises_to: major", "rises_to: huge", 7, "'again': the parameter 'rises_to' names 'huge', which the list"),
        ("days: 365", "days: {parameter: nothing}", 7, "there is no parameter 'nothing'"),
        ("clause: M93", 'clause: " "', 8, "'again': the clause is missing"),
        ("text: city-speech", "text: city-talk", 8, "'again': there is no source text 'city-talk'"),
    ],
)
def test_a_mistake_is_said_where_it_stands(old: str, new: str, line: int, said: str) -> None:
    found = problems(GOOD.replace(old, new))
    assert any(place == f"mine/derivations.yaml:{line}" and said in text for place, text in found), found


def test_no_rule_reads_personal_data() -> None:
    text = GOOD.replace("case: hazard", "case: secret")
    head = "code: mine\ntitle: {zh: 本县, en: Ours}\nlayer: county\nextends: city\n"
    kind = """
code: secret
shape: case
title: {zh: 事项, en: Matter}
retention: {years: 1, clause: 某条}
fields:
  category: {type: choice, list: hazard-categories, title: {zh: 类别, en: Category}}
  area: {type: choice, list: hazard-areas, title: {zh: 区域, en: Area}}
  location: {type: text, personal: true, title: {zh: 部位, en: Spot}}
  place: {type: place, title: {zh: 位置, en: Place}}
flow:
  found: {title: {zh: 发现, en: Found}, by: [school], ends: done}
"""
    layer = ("mine", {"rulebook.yaml": head, "derivations.yaml": text, "kinds/secret.yaml": kind})
    _, found = load([*read("city"), layer])
    assert [one.en for one in found] == ["'again': no rule reads personal data: 'location'"]


def test_what_a_record_keeps_of_its_parameters() -> None:
    source = {"text": "t", "clause": "c"}
    told: dict[str, Any] = {"title": {"zh": "甲", "en": "A"}, "rule": "distance", "writes": "p", "source": source}
    derived = Derivation.model_validate({**told, "parameters": {"sorts": ["bar", "tobacco"], "limit": 200}})
    assert derived.said() == "limit=200 sorts=bar,tobacco"


def test_every_rule_has_a_derivation_in_the_shipped_rulebook() -> None:
    rulebook, _ = load(read("city"))
    assert rulebook is not None
    assert {one.rule for one in rulebook.derivations.values()} == set(RULES)
