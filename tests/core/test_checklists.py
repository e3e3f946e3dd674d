"""Criteria judged by tables, and every mistake of a checklist or of criteria with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue.core.checklists import Criteria, Criterion, Judgement, judge
from huxue.core.duties.shapes import Source
from huxue.core.rulebook.load import load
from huxue.core.values import Text
from huxue.rulebooks import read

BOOKS = Path(__file__).parent / "rulebooks"
LISTS = {
    "lists/hazard-categories.yaml": "fire: {zh: 火灾, en: Fire}\n",
    "lists/hazard-grades.yaml": "minor: {zh: 一般, en: Minor}\nmajor: {zh: 重大, en: Major}\n",
}


def row(code: str, group: str, method: str, confidence: str) -> Criterion:
    source = Source(text="guide", clause="art. 3", confidence=confidence)  # type: ignore[arg-type]
    return Criterion(code=code, group=group, method=method, title=Text(zh=code, en=code), source=source)  # type: ignore[arg-type]


# two direct rows, and two groups of rows that conclude only together
TABLE = Criteria(
    title=Text(zh="表", en="Table"),
    concludes="major",
    groups={"fire": Text(zh="火", en="Fire"), "food": Text(zh="食", en="Food")},
    rows=(
        row("basement", "fire", "direct", "V"),
        row("spoilt", "food", "direct", "M"),
        row("exits", "fire", "combined", "S"),
        row("training", "fire", "combined", "M"),
        row("patrol", "fire", "combined", "DEF"),
        row("samples", "food", "combined", "M"),
    ),
)
ALL = ("basement", "spoilt", "exits", "training", "patrol", "samples")
DIRECT = ("basement", "spoilt")
FIRE = ("exits", "training", "patrol")  # the samples are alone in their group and conclude nothing


@pytest.mark.parametrize(
    ("holding", "concludes", "by", "unverified"),
    [
        ((), False, (), ()),
        (("basement",), True, ("basement",), ()),
        (("spoilt",), True, ("spoilt",), ("spoilt",)),
        (("exits",), False, (), ()),
        (("exits", "training"), True, ("exits", "training"), ("training",)),
        (("exits", "training", "patrol"), True, ("exits", "training", "patrol"), ("training", "patrol")),
        (("exits", "samples"), False, (), ()),  # one of each group is not two of one
        (("basement", "exits"), True, ("basement",), ()),
        (("basement", "exits", "training"), True, ("basement", "exits", "training"), ("training",)),
        (("basement", "spoilt"), True, ("basement", "spoilt"), ("spoilt",)),
    ],
)
def test_judged_with_every_row_answered(
    holding: tuple[str, ...], concludes: bool, by: tuple[str, ...], unverified: tuple[str, ...]
) -> None:
    answers = {code: code in holding for code in ALL}
    assert judge(TABLE, answers) == Judgement(concludes=concludes, by=by, unverified=unverified, open=())


@pytest.mark.parametrize(
    ("answers", "concludes", "still_open"),
    [
        ({}, False, (*DIRECT, *FIRE)),
        ({"basement": False}, False, ("spoilt", *FIRE)),
        ({"exits": False}, False, (*DIRECT, "training", "patrol")),
        ({"exits": False, "training": False}, False, DIRECT),  # the patrols alone are not two
        ({"exits": True, "training": False}, False, (*DIRECT, "patrol")),
        ({**dict.fromkeys(DIRECT, False), "exits": False, "training": False}, False, ()),
        ({"exits": True, "training": True}, True, ()),
        (
            {"exits": True, "nothing of this table": True},
            False,
            ("basement", "spoilt", "training", "patrol"),
        ),
    ],
)
def test_what_is_not_answered_stays_open_until_it_concludes(
    answers: dict[str, bool], concludes: bool, still_open: tuple[str, ...]
) -> None:
    found = judge(TABLE, answers)
    assert (found.concludes, found.open) == (concludes, still_open)


def test_more_than_two_may_be_asked_to_hold_together() -> None:
    three = TABLE.model_copy(update={"together": 3})
    answers = {"exits": True, "training": True}
    assert [judge(three, answers).concludes, judge(three, {**answers, "patrol": True}).concludes] == [False, True]


def said(**files: str) -> list[str]:
    """Load the small rulebook with lists of hazards and more files; return every problem with its place."""
    layers = read(str(BOOKS / "small"))
    layers[0][1].update(LISTS)
    layers[0][1].update({name.replace("__", "/") + ".yaml": text for name, text in files.items()})
    return [problem.say("en") for problem in load(layers)[1]]


CRITERIA = """\
fire:
  title: {{zh: 判定, en: Criteria}}
  concludes: {concludes}
  groups: {{fire: {{zh: 消防, en: Fire}}}}
  rows:
    - {{code: a, group: fire, method: direct, title: {{zh: 甲, en: A}}, source: {{text: speech, clause: 第三条}}}}
    - {{code: {code}, group: {group}, method: {method}, title: {{zh: 乙, en: B}}, source: {{text: {text}{clause}}}}}
"""
GOOD = {
    "concludes": "major",
    "code": "b",
    "group": "fire",
    "method": "direct",
    "text": "speech",
    "clause": ", clause: c",
}


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        ({}, []),
        ({"clause": ""}, ["small/criteria.yaml:7: 'rows.1.source.clause' is missing"]),
        ({"clause": ", clause: ' '"}, ["small/criteria.yaml:7: 'fire': the clause is missing"]),
        ({"text": "speach"}, ["small/criteria.yaml:7: 'fire': there is no source text 'speach'"]),
        ({"group": "food"}, ["small/criteria.yaml:7: 'fire': there is no group 'food'"]),
        ({"code": "a"}, ["small/criteria.yaml:7: 'fire': the code 'a' is used twice"]),
        ({"concludes": "grave"}, ["small/criteria.yaml:3: 'fire': the list 'hazard-grades' has no 'grave'"]),
        ({"method": "guess"}, ["small/criteria.yaml:7: 'rows.1.method' must be one of 'direct' or 'combined'"]),
    ],
)
def test_a_mistake_of_criteria_is_a_problem_at_its_line(change: dict[str, str], sentences: list[str]) -> None:
    assert said(criteria=CRITERIA.format_map({**GOOD, **change})) == sentences


ITEM = (
    "{{code: a, title: {{zh: 甲, en: A}}, category: {category}, grade: {grade}, fix: {{zh: 修, en: Mend}}, "
    "source: {{text: speech, clause: {clause}}}}}"
)
FINE = {"category": "fire", "grade": "minor", "clause": "c"}


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        ({}, []),
        ({"category": "fires"}, ["small/checklists/fire.yaml:5: 'fire': the list 'hazard-categories' has no 'fires'"]),
        ({"grade": "grave"}, ["small/checklists/fire.yaml:5: 'fire': the list 'hazard-grades' has no 'grave'"]),
        ({"clause": "' '"}, ["small/checklists/fire.yaml:5: 'fire': the clause is missing"]),
    ],
)
def test_a_mistake_of_a_checklist_is_a_problem_at_its_line(change: dict[str, str], sentences: list[str]) -> None:
    head = "fire:\n  title: {zh: 消防, en: Fire}\n  scope: {zh: 检查, en: Inspection}\n  items:\n    - "
    assert said(checklists__fire=head + ITEM.format_map({**FINE, **change}) + "\n") == sentences


def test_an_empty_checklist_is_a_problem() -> None:
    empty = "fire: {title: {zh: 消防, en: Fire}, scope: {zh: 检查, en: Inspection}, items: []}\n"
    assert said(checklists__fire=empty) == ["small/checklists/fire.yaml:1: 'fire': the checklist has no items"]
