"""Recipes: how they are read, and every mistake in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.load import load_recipe
from huxue.core.recipes.model import Spec
from huxue.core.recipes.parameters import parameters_of, scope_of
from huxue.core.recipes.templates import code_of, condition, made, template
from huxue.core.rulebook.load import load
from huxue.core.values import Refused
from huxue.exchange.recipes import find_recipe, shipped_recipes
from huxue.rulebooks import read
from tests.exchange.files import CAMERAS, REQUESTS, YEARLY, recipe

ROW = {
    "a": "x",
    "n": "3",
    "none": None,
    "day": "2024-02-28",
    "late": "2024-03-01T10:00",
    "lat": "40.123456789",
    "lon": "-7",
}


def said(**spec: object) -> object:
    return made(Spec.model_validate(spec))(ROW)


def test_templates() -> None:
    texts = ["plain", "{a}", "{a}-{n}", "{n+1}", "{n-4} {a}", "{none}", "{none}-{none}", "{a}{none}"]
    assert [template(text)(ROW) for text in texts] == ["plain", "x", "x-3", 4, "-1 x", None, None, "x"]


def test_values() -> None:
    assert said(value="{day}", add_days=2) == "2024-03-01"
    assert said(value="{late}", add_days=-1) == "2024-02-29T10:00"
    assert said(value="{day}", not_before="{late}") == "2024-03-01T10:00"
    assert said(value="{late}", not_before="{day}") == "2024-03-01T10:00"
    assert said(value="{a}", map={"x": "one"}) == "one"
    assert said(value="{a}", map={"y": "two"}, otherwise="other") == "other"
    assert said(value="{none}", map={"y": "two"}, otherwise="other") == "other"
    assert said(value="{lat}", digits=2) == "40.12"
    assert said(value="{none}", add_days=1) is None
    assert said(place={"lat": "{lat}", "lon": "{lon}", "crs": "wgs84"}) == {
        "lat": "40.1234567",
        "lon": "-7",
        "crs": "wgs84",
    }
    assert said(place={"lat": "{lat}", "lon": "{none}", "crs": "wgs84"}) is None
    assert said(value=5) == 5
    assert made(7)(ROW) == 7


def test_a_value_that_no_map_names_is_never_dropped() -> None:
    with pytest.raises(Wrong, match="'x' is not in the map: y"):
        said(value="{a}", map={"y": "two"})


def test_codes_of_names() -> None:
    assert code_of("NYC DOE/K 207") == "NYC_DOE-K_207"
    names = ["A B/C", "A/B C", "A_B C", "A B_C", "x" * 70, "x" * 71]
    codes = [code_of(name) for name in names]
    assert len(set(codes)) == len(names)
    assert max(map(len, codes)) == 64


def test_conditions() -> None:
    found = {
        str(one): condition(one)(ROW)
        for one in (
            {}, {"a": "x"}, {"a": "y"}, {"n": 3}, {"none": "x"}, {"a": {"in": ["x", "y"]}}, {"a": {"not": "y"}},
            {"none": {"not": "y"}},
            {"none": {"blank": True}}, {"a": {"blank": False}}, {"day": {"before": "late"}}, {"day": {"after": "late"}},
            {"day": {"before": "none"}}, {"any": [{"a": "y"}, {"n": "3"}]}, {"not": {"a": "x"}},
            {"all": [{"a": "x"}, {"n": "4"}]},
            {"a": {"is": "x", "not": "z"}},
        )
    }  # fmt: skip
    assert list(found.values()) == [
        True,
        True,
        False,
        True,
        False,
        True,
        True,
        False,
        True,
        True,
        True,
        False,
        False,
        True,
        False,
        False,
        True,
    ]


def test_parameters_come_from_the_command_the_name_or_the_default() -> None:
    yearly, cameras = recipe(), recipe(CAMERAS)
    assert parameters_of(yearly, "file_2020.csv", {}) == {"year": 2020}
    assert parameters_of(yearly, "file_2020.csv", {"year": "2021"}) == {"year": 2021}
    assert scope_of(yearly, {"year": 2021}) == "2021"
    assert parameters_of(cameras, "a.csv", {}) == {"day": "2020-01-01"}
    assert parameters_of(cameras, "a.csv", {"day": "2021/2/3"}) == {"day": "2021-02-03"}


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("file.csv", {}, "missing_parameter"),
        ("file.csv", {"year": "soon"}, "impossible_parameter"),
        ("file.csv", {"month": "3", "year": "2020"}, "unknown_parameter"),
    ],
)
def test_parameters_refused(name: str, given: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as found:
        parameters_of(recipe(), name, given)
    assert found.value.code == code


MISTAKES = {
    "not a mapping": ("- a", (1, "a recipe must be a mapping")),
    "yaml": ("a: [", (1, "")),
    "word": (YEARLY.replace("scope:", "scopes:"), (6, "in the recipe, scopes: Extra inputs are not permitted")),
    "key": (YEARLY.replace("key: [code]", "key: [kode]"), (7, "there is no column 'kode'; did you mean 'code'?")),
    "name": (YEARLY.replace('parent: "{office}"', 'parent: "{ofice}"'), (23, "there is no name 'ofice'")),
    "two sorts": (YEARLY.replace("    record: lesson", "    record: lesson\n    entry: camera"),
                  (26, "'lesson' must say one of organisation, entry, record, case")),
    "spread": (YEARLY.replace("each: area", "each: areas"), (28, "there is no unpivot 'areas'; did you mean 'area'?")),
    "pattern": (YEARLY.replace("(?P<area>.+) hours", "(?P<area>.+ hours"), (15, "not a regular expression: ")),
    "condition": (YEARLY.replace('{school: "0"}', "{school: {like: x}}"), (17, "there is no comparison 'like'")),
    "condition name": (YEARLY.replace('{school: "0"}', "{skool: x}"), (17, "there is no name 'skool'")),
    "inner name": (YEARLY.replace('{school: "0"}', "{any: [{not: {skool: x}}]}"), (17, "there is no name 'skool'")),
    "other name": (YEARLY.replace('{school: "0"}', "{school: {before: nme}}"), (17, "there is no name 'nme'")),
    "note's column": (YEARLY.replace("}, column: school}", "}, column: skool}"), (17, "there is no name 'skool'")),
    "step": (REQUESTS.replace('at: "{created}", deadline', 'at: "{creatd}", deadline'),
             (22, "there is no name 'creatd'; did you mean 'created'?")),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_have_a_line_and_a_sentence(name: str) -> None:
    text, (line, sentence) = MISTAKES[name]
    found, problems = load_recipe("r.yaml", text)
    assert found is None
    assert [p.en for p in problems if p.line == line and sentence in p.en], [p.say("en") for p in problems]
    assert all(problem.zh and problem.file == "r.yaml" for problem in problems)


@pytest.mark.parametrize("name", sorted(shipped_recipes()))
def test_shipped_recipes_and_their_rulebooks_are_whole(name: str) -> None:
    assert find_recipe(name).code == name
    rulebook, problems = load(read(f"examples/{name}"))
    assert problems == []
    assert rulebook is not None


def test_recipes_that_are_not_there_or_not_right(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("code: x\n", "utf-8")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "good.yaml").write_text(YEARLY, "utf-8")
    codes = []
    for name in ("nobody", str(tmp_path / "bad.yaml"), str(tmp_path / "bytes.yaml")):
        with pytest.raises(Refused) as found:
            find_recipe(name)
        codes.append(found.value.code)
    assert codes == ["no_recipe", "bad_recipe", "bad_recipe"]
    assert find_recipe(str(tmp_path / "good.yaml")) == recipe()
