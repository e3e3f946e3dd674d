"""Reading a recipe from YAML: the recipe, or every problem with file and line."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from huxue.core.recipes.model import Column, Layout, Recipe, Spec, Target
from huxue.core.recipes.templates import names_in
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.nodes import Map, parse, place_of
from huxue.core.values import Problem

_OF_LAYOUT = ("key", "columns", "unpivot", "ignore", "values", "rows", "targets")


def load_recipe(file: str, text: str) -> tuple[Recipe | None, list[Problem]]:
    """Return the recipe in a YAML text, ``None`` when there are problems. ``file`` is its name in the problems."""
    found = Findings()
    raw, problems = parse(file, text)
    found.extend(problems)
    if not isinstance(raw, Map):
        found.add((file, 1), "配方应写成“键: 值”", "a recipe must be a mapping")
        return None, found.sorted()
    if problems:
        return None, found.sorted()
    single = "layouts" not in raw
    try:
        recipe = Recipe.model_validate(_with_layouts(raw) if single else raw)
    except ValidationError as error:
        for one in error.errors():
            path = [p for p in one["loc"] if p not in ("Column", "Spec", "str", "int", "bool")]
            found.add(place_of(raw, path[2:] if single and path[:1] == ["layouts"] else path),
                      f"配方有误：{_where(path)} {one['msg']}", f"in the recipe, {_where(path)}: {one['msg']}")
        return None, found.sorted()
    for index, layout in enumerate(recipe.layouts):
        _check(recipe, layout, raw if single else raw["layouts"][index], found)
    return (None if len(found) else recipe), found.sorted()


def _where(path: list[Any]) -> str:
    return ".".join(str(p) for p in path)


def _with_layouts(raw: Map) -> dict[str, Any]:
    """A recipe of one layout may say it at the top."""
    rest = {key: value for key, value in raw.items() if key not in _OF_LAYOUT}
    return rest | {"layouts": [{key: raw[key] for key in _OF_LAYOUT if key in raw}]}


def _check(recipe: Recipe, layout: Layout, node: Map, found: Findings) -> None:
    names = {_short(header, said) for header, said in layout.columns.items()} - {""} | set(recipe.parameters)
    for said in (*layout.key, ):
        if said not in layout.columns:
            found.unknown(node.place("key"), ("列", "column"), said, layout.columns)
    for pattern in (*layout.unpivot, *layout.ignore):
        _check_pattern(pattern.column, node, found)
    for name, spec in layout.values.items():
        _check_names(spec, names, node.place("values"), found)
        names.add(name)
    unpivots = {p.name: _groups(p.column) for p in layout.unpivot}
    for target in layout.targets:
        place = node.place("targets")
        if sum(map(bool, (target.organisation, target.entry, target.record, target.case))) != 1:
            found.add(place, f"“{target.name}”应写明 organisation、entry、record、case 中的一个",
                      f"'{target.name}' must say one of organisation, entry, record, case")
        if target.each and target.each not in unpivots:
            found.unknown(place, ("展开项", "unpivot"), target.each, unpivots)
        _check_target(target, names | unpivots.get(target.each, set()), place, found)


def _check_target(target: Target, names: set[str], place: tuple[str, int], found: Findings) -> None:
    said = [target.key, target.at, target.reference, target.organisation, *target.roles.values(), *target.fields.values()]
    said += target.traits.values()
    for step in target.steps:
        said += [step.at, step.deadline or "", *step.roles.values(), *step.fields.values()]
    for spec in said:
        _check_names(spec, names, place, found)


def _check_names(said: object, names: set[str], place: tuple[str, int], found: Findings) -> None:
    texts = [said] if isinstance(said, str) else []
    if isinstance(said, Spec):
        texts = [t for t in (said.value, said.not_before, *said.place.values()) if isinstance(t, str)]
    for text in texts:
        for name in names_in(text):
            if name not in names:
                found.unknown(place, ("名称", "name"), name, names)


def _check_pattern(pattern: str, node: Map, found: Findings) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        found.add(node.place("unpivot"), f"正则表达式“{pattern}”有误：{error}", f"not a regular expression: '{pattern}': {error}")


def _groups(pattern: str) -> set[str]:
    try:
        return {"value", "column", *re.compile(pattern).groupindex}
    except re.error:
        return {"value", "column"}


def _short(header: str, said: str | Column) -> str:
    if isinstance(said, str):
        return said
    return "" if said.ignore else said.as_ or header
