"""How examples are read: what they may leave out, and what is refused."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from huxue.core.duties.standing import Standing
from huxue.core.examples import Example, differences, read_examples
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, moment_of
from huxue.rulebooks import read

Said = dict[str, Any]


@cache
def city() -> Rulebook:
    """The shipped city rulebook."""
    rulebook, _ = load(read("city"))
    assert rulebook is not None
    return rulebook


def file(**changes: object) -> Said:
    """A file with one example: a drill in March, met."""
    example: Said = {
        "title": {"zh": "一次演练", "en": "One drill"},
        "sort": "positive",
        "duty": "speech.evacuation-drill",
        "as_of": "2026-04-10",
        "facts": [
            {"record": "drill", "name": "d", "at": "2026-03-12", "by": "S", "fields": {"drill_kind": "evacuation"}}
        ],
        "expect": [{"organisation": "S", "period": "2025-2026-2", "status": "met"}],
    }
    return {
        "situation": {"organisations": {"S": {"type": "school", "level": "primary"}}},
        "examples": [{**example, **changes}],
    }


def one(**changes: object) -> Example:
    """The only example of ``file``."""
    return read_examples(file(**changes), city())[0]


def test_a_day_alone_is_nine_in_the_morning_and_recorded_then() -> None:
    drill = one().facts[-1]
    assert (str(moment_of(drill.at)), drill.recorded, drill.roles) == ("2026-03-12 09:00:00", drill.at, {"by": ("S",)})


def test_a_field_that_points_at_an_entry_says_its_name() -> None:
    school_class = {"entry": "school-class", "owner": "S", "from": "2025-09-01", "name": "1A", "fields": {"name": "1A"}}
    lesson = {"record": "safety-lesson", "at": "2026-03-12", "by": "S", "fields": {"class": "1A", "topic": "fire"}}
    *_, entry, told = one(facts=[school_class, lesson]).facts
    assert told.fields["class"] == entry.item
    with pytest.raises(Refused) as refused:
        one(facts=[lesson])
    assert refused.value.en == "there is no fact named '1A'"


def test_a_correction_takes_the_place_of_the_last_version_under_the_same_name() -> None:
    first, second = (
        {"correct": "d", "at": "2026-03-13", "recorded": "2026-03-14"},
        {"correct": "d", "recorded": "2026-03-15"},
    )
    facts = one(facts=[*file()["examples"][0]["facts"], first, second]).facts
    assert [(f.id, f.replaces, f.item) for f in facts[1:]] == [
        ("0002", "", "0002"),
        ("0003", "0002", "0002"),
        ("0004", "0003", "0002"),
    ]


def test_an_entry_stands_on_its_last_day_and_is_closed_after_it() -> None:
    lease = {"entry": "lease", "owner": "S", "from": "2026-01-10", "until": "2026-03-31", "fields": {"use": "sport"}}
    opened, closed = one(facts=[lease]).facts[1:]
    assert (opened.verb, closed.verb, closed.item, str(moment_of(closed.at))) == (
        "open",
        "close",
        opened.item,
        "2026-04-01 00:00:00",
    )


def test_somebody_takes_up_a_post_that_was_vacant() -> None:
    said = file(facts=[{"holding": "S/principal", "person": "周宁", "from": "2026-03-02", "name": "h"}])
    said["situation"]["posts"] = {"S": {"principal": ""}}
    said["examples"][0]["expect"][0]["period"] = "h"
    (example,) = read_examples(said, city())
    taken = example.facts[-1]
    assert (taken.kind, taken.verb, taken.roles, taken.fields) == (
        "holding",
        "open",
        {"about": ("S",)},
        {"post": "S/principal", "person": "周宁"},
    )
    assert example.expected[0].period == taken.id


def test_numbers_are_stored_in_the_unit_of_their_field() -> None:
    venue = {"entry": "proximity", "owner": "S", "from": "2026-01-10", "fields": {"distance": "199.9", "limit": 200}}
    assert one(facts=[venue]).facts[-1].fields == {"distance": 1999, "limit": 200}


def test_a_difference_is_said_for_the_status_and_for_what_was_asked_besides() -> None:
    example = one(expect=[{"organisation": "S", "period": "2025-2026-2", "status": "met", "have": 1}])
    standing = Standing(
        "S", "speech.evacuation-drill", "2025-2026-2", "met", on_time=True, verified=False, have=2, need=1, due=0
    )
    assert differences(example, [standing]) == ["S 2025-2026-2: expected have 1, found 2"]
    assert differences(example, []) == ["S 2025-2026-2: expected met, found none"]


def facts(fact: Said) -> Said:
    """A change that gives an example this one fact."""
    return {"facts": [fact]}


WRONG: dict[str, tuple[Said, str]] = {
    "unknown duty": ({"duty": "no-duty"}, "there is no duty 'no-duty'"),
    "unknown sort": ({"sort": "good"}, "sort must be one of positive, negative, boundary"),
    "unknown word": ({"asof": "2026-01-01"}, "'asof' is not allowed here"),
    "title in one language": ({"title": "一次"}, "a title is {zh, en}"),
    "unknown kind": (facts({"record": "dril", "at": "2026-03-12"}), "there is no kind 'dril'"),
    "post outside the situation": (
        facts({"holding": "S/principal", "person": "周宁", "from": "2026-03-02"}),
        "the situation knows no post 'S/principal'",
    ),
    "unknown field": (
        facts({"record": "drill", "at": "2026-03-12", "fields": {"x": 1}}),
        "'x' of 'drill': Drill has no such field",
    ),
    "unknown choice": (
        facts({"record": "drill", "at": "2026-03-12", "fields": {"drill_kind": "evac"}}),
        "'drill_kind' of 'drill':",
    ),
    "unknown organisation": (facts({"record": "drill", "at": "2026-03-12", "by": "T"}), "knows no organisation 'T'"),
    "unknown step": (
        facts({"case": "hazard", "name": "h", "step": "x", "at": "2026-03-12"}),
        "'hazard' has no step 'x'",
    ),
    "unknown fact": (facts({"withdraw": "x", "recorded": "2026-03-12"}), "there is no fact named 'x'"),
    "not a fact": (facts({"drill": "d"}), "not a fact that an example can say"),
    "unknown status": ({"expect": [{"organisation": "S", "period": "p", "status": "ok"}]}, "there is no status 'ok'"),
    "unknown type": ({"situation": {"organisations": {"T": {"type": "shop"}}}}, "there is no organisation type 'shop'"),
    "unknown post": ({"situation": {"posts": {"S": {"king": "赵"}}}}, "there is no post 'king'"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_names_nothing_is_refused(name: str) -> None:
    changes, sentence = WRONG[name]
    with pytest.raises(Refused) as refused:
        one(**changes)
    assert sentence in refused.value.en
