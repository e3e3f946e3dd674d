"""The references name every word that the code knows, and none that it does not."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from huxue.commands import main
from huxue.core.duties.standing import STATUSES
from huxue.core.facts import Verb
from huxue.core.flow import RELATIONS
from huxue.core.kinds import Checker, Field, FieldType, FlowStep, Kind
from huxue.core.values import Text
from huxue.ledger.drafts import Draft, content
from huxue.ledger.reserved import RESERVED
from huxue.settings import __doc__ as settings
from huxue.standings.rollups import Rollup
from tests.docs.pages import ROOT

TITLE = Text(zh="字段", en="Field")


def section(page: str, heading: str) -> str:
    """Return the text below a heading that begins like this, up to the next of its level."""
    found = re.search(
        rf"^(#+) {heading}[^\n]*\n(.*?)(?=^\1 |\Z)", (ROOT / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None, heading
    return found[2]


def first_column(text: str) -> set[str]:
    """Return the words in backticks in the first column of the tables of a text."""
    cells = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def declared(model: Any) -> set[str]:
    return {info.alias or name for name, info in model.model_fields.items()}


def test_types_of_fields() -> None:
    assert first_column(section("docs/reference/kinds.md", "Types of fields")) == set(get_args(FieldType))


def test_settings_of_fields() -> None:
    assert first_column(section("docs/reference/kinds.md", "Settings of a field")) == declared(Field) - {"type"}


def test_words_of_flows() -> None:
    flows = section("docs/reference/kinds.md", "Flows")
    assert first_column(flows) == declared(FlowStep)
    relations = re.search(r"^Relations in `by`:(.*?)\n\n", flows, re.MULTILINE | re.DOTALL)
    assert relations is not None
    assert set(re.findall(r"`([^`]+)`", relations[1])) == set(RELATIONS)


def test_words_of_kinds() -> None:
    page = (ROOT / "docs/reference/kinds.md").read_text("utf-8")
    assert [word for word in declared(Kind) if not re.search(rf"^{word}:|`{word}`", page, re.MULTILINE)] == []


@pytest.mark.parametrize(
    ("field", "typed", "stored"),
    [
        (Field(type="number", title=TITLE, decimals=1), "51.5", 515),
        (Field(type="number", title=TITLE, decimals=1), "1,234.5", 12345),
        (Field(type="money", title=TITLE), "12.30", 1230),
        (Field(type="yes_no", title=TITLE), "√", True),
        (Field(type="yes_no", title=TITLE), "无", False),
        (Field(type="date", title=TITLE), "2026年3月5日", "2026-03-05"),
        (Field(type="date", title=TITLE), "20260305", "2026-03-05"),
        (Field(type="time", title=TITLE), "2026/3/5 8:30", "2026-03-05T08:30"),
        (Field(type="place", title=TITLE), "31.21, 107.47 (wgs84)", {"lat": "31.21", "lon": "107.47", "crs": "wgs84"}),
        (Field(type="person", title=TITLE, many=True), "p1；p2", ["p1", "p2"]),
    ],
)
def test_stored_forms(field: Field, typed: str, stored: object) -> None:
    kind = Kind(code="k", shape="record", title=TITLE, fields={"f": field})
    assert Checker(kind, {}).check({"f": typed}).or_refuse() == {"f": stored}


def test_verbs_and_reserved_kinds() -> None:
    assert first_column(section("docs/reference/facts.md", "Verbs")) == set(get_args(Verb))
    reserved = section("docs/reference/facts.md", "Reserved kinds")
    assert first_column(reserved) == set(RESERVED)
    lines = {line.split("`")[1]: line for line in reserved.splitlines() if line.startswith("| `")}
    assert [(code, name) for code, kind in RESERVED.items() for name in kind.fields if name not in lines[code]] == []


def test_the_content_that_is_hashed() -> None:
    made = content(Draft(id="a", kind="k", verb="record", at=1), "a", "{}", "{}")
    shown = section("docs/reference/facts.md", "The hash")
    assert re.findall(r'"(\w+)":', made) == re.findall(r'"(\w+)":', shown)


def test_states_and_rates() -> None:
    assert first_column(section("docs/reference/standings.md", "The five states")) >= set(STATUSES)
    rates = section("docs/reference/standings.md", "The four rates")
    assert {name.replace("_", " ") for name in Rollup("", "").rates()} == set(
        re.findall(r"^\| ([a-z ]+) \|", rates, re.MULTILINE)
    ) - {"rate"}


def test_variables_of_the_environment() -> None:
    said = set(re.findall(r"HUXUE_[A-Z_]+", (ROOT / "docs/operators.md").read_text("utf-8")))
    assert said == set(re.findall(r"``(HUXUE_[A-Z_]+)``", settings or "")) | {"HUXUE_LANG"}


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readmes_show_every_command(name: str) -> None:
    shown = re.findall(r"^\| `(\w+)(?: \w+)?` \|.*`huxue (\w+)", Path(ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert [one for one in shown if one[0] != one[1]] == []
    modules = {name: importlib.import_module(module) for name, module in main.names().items()}
    assert {one for one, _ in shown} == {name for name, module in modules.items() if hasattr(module, "add")}
