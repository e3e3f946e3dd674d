"""Editions and differences: what is frozen comes back exactly, what changed is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huxue.core.rulebook.diff import diff, diff_table, width
from huxue.core.rulebook.edition import active_duties, edition, from_json, in_effect, to_json, unconfirmed
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused
from huxue.rulebooks import read

BOOKS = Path(__file__).parent / "rulebooks"


def book(name: str) -> Rulebook:
    rulebook, problems = load(read(str(BOOKS / name)))
    assert problems == []
    assert rulebook is not None
    return rulebook


SMALL, COUNTY = book("small"), book("county")


@pytest.mark.parametrize("rulebook", [SMALL, COUNTY, load(read("city"))[0]])
def test_a_stored_edition_comes_back_exactly(rulebook: Rulebook) -> None:
    frozen = edition(rulebook)
    again = from_json(to_json(frozen))
    assert again == frozen
    assert to_json(again) == to_json(frozen)
    assert [type(duty.shape) for duty in again.rulebook.duties.values()] == [
        type(duty.shape) for duty in rulebook.duties.values()
    ]


@given(
    on=st.sets(st.sampled_from(sorted(COUNTY.families))),
    day=st.integers(-20_000, 40_000),
    hours=st.integers(1, 10**9),
    value=st.one_of(st.integers(), st.booleans(), st.text(max_size=20)),
)
@settings(max_examples=60, deadline=None)
def test_any_edition_survives_json(on: set[str], day: int, hours: int, value: int | bool | str) -> None:
    lessons = COUNTY.duties["lessons"]
    duties = COUNTY.duties | {
        "lessons": lessons.model_copy(update={"shape": lessons.shape.model_copy(update={"at_least": hours})})
    }
    parameters = COUNTY.parameters | {"hours": COUNTY.parameters["hours"].model_copy(update={"value": value})}
    rulebook = COUNTY.model_copy(update={"duties": duties, "parameters": parameters})
    frozen = edition(rulebook, families_on=on, valid_from=day)
    again = from_json(to_json(frozen))
    assert again == frozen
    assert type(again.rulebook.parameters["hours"].value) is type(value)
    assert [d.code for d in active_duties(again)] == [d.code for d in duties.values() if d.family in on]


def test_loading_twice_gives_the_same_hash_and_any_change_another() -> None:
    assert edition(SMALL).hash == edition(book("small")).hash
    assert edition(SMALL).hash != edition(COUNTY).hash


def test_an_edition_that_was_tampered_with_is_refused() -> None:
    said = json.loads(to_json(edition(SMALL)))
    said["rulebook"]["duties"]["lessons"]["shape"]["at_least"] = 1
    with pytest.raises(Refused) as caught:
        from_json(json.dumps(said))
    assert caught.value.code == "edition_changed"
    with pytest.raises(Refused) as caught:
        from_json("{}")
    assert caught.value.code == "edition_unreadable"


def test_an_edition_of_another_format_is_refused_by_name() -> None:
    said = json.loads(to_json(edition(SMALL)))
    assert said["format"] == 1
    with pytest.raises(Refused) as caught:
        from_json(json.dumps(said | {"format": 2}))
    assert (caught.value.code, caught.value.en) == (
        "edition_unreadable",
        "the stored edition cannot be read: format",
    )


def test_families_switch_duties_and_name_what_is_unconfirmed() -> None:
    frozen = edition(SMALL)
    assert frozen.families_on == ("drills", "lessons")
    assert "hazard.rectified" not in in_effect(frozen).duties
    assert list(unconfirmed(frozen)) == ["drills-a-month", "hours"]
    assert list(unconfirmed(edition(SMALL, families_on=["hazards"]))) == []
    with pytest.raises(Refused) as caught:
        edition(SMALL, families_on=["drill"])
    assert caught.value.en == "there is no family 'drill'; did you mean 'drills'?"


def test_a_difference_says_what_changed_where_and_by_which_clause() -> None:
    rows = [(row.what, row.code, row.field, row.before.en, row.after.en, row.source) for row in diff(SMALL, COUNTY)]
    assert ("parameters", "drills-a-month", "value", "1", "2", "") in rows
    assert ("duties", "monthly-drill", "repeat.at_least", "", "2", "speech M112") in rows
    assert ("duties", "patrol", "", "(added)", "Patrol on every school day", "speech M60") in rows
    assert ("families", "hazards", "on", "", "yes", "") in rows
    assert diff(SMALL, SMALL) == []
    assert diff(edition(SMALL), edition(SMALL, families_on=["hazards"], valid_from=20_000))[0].after.en == "2024-10-04"


def test_the_table_lines_up_with_chinese_in_it() -> None:
    lines = diff_table(diff(SMALL, COUNTY), "zh").splitlines()
    assert len({width(line) for line in lines}) == 1
    assert lines[0].startswith("| 事项")
    assert any("（新增）" in line and "每个上学日巡逻" in line for line in lines)
