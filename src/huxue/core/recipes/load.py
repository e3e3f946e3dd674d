"""Reading a recipe from YAML: the recipe, or every problem with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from huxue.core.recipes.model import Column, Layout, Recipe, Said, Spec, Target
from huxue.core.recipes.templates import OPERATORS, names_in
from huxue.core.rulebook.findings import Findings
from huxue.core.rulebook.nodes import Map, parse, place_of
from huxue.core.values import Problem

Path = tuple[str | int, ...]
_OF_LAYOUT = ("key", "columns", "unpivot", "ignore", "values", "rows", "targets")
_OF_PYDANTIC = ("Column", "Spec", "str", "int", "bool")  # parts of its paths that stand in no file


def load_recipe(file: str, text: str) -> tuple[Recipe | None, list[Problem]]:
    """Return the recipe in a YAML text, ``None`` when there are problems. ``file`` is its name in the problems."""
    found = Findings()
    raw, problems = parse(file, text)
    found.extend(problems)
    if not isinstance(raw, Map):
        found.add((file, 1), "配方应写成“键: 值”", "a recipe must be a mapping")
    if not isinstance(raw, Map) or problems:
        return None, found.sorted()
    single = "layouts" not in raw
    try:
        recipe = Recipe.model_validate(_with_layouts(raw) if single else raw)
    except ValidationError as error:
        _misfits(error, raw, found, single=single)
        return None, found.sorted()
    for index, layout in enumerate(recipe.layouts):
        _Check(recipe, layout, raw if single else raw["layouts"][index], found).everything()
    return (None if len(found) else recipe), found.sorted()


def _misfits(error: ValidationError, raw: Map, found: Findings, *, single: bool) -> None:
    for one in error.errors():
        path = [part for part in one["loc"] if part not in _OF_PYDANTIC]
        path = path[2:] if single and path[:1] == ["layouts"] else path
        where = ".".join(map(str, path))
        found.add(place_of(raw, path), f"配方有误：{where}：{one['msg']}", f"in the recipe, {where}: {one['msg']}")


def _with_layouts(raw: Map) -> dict[str, Any]:
    """A recipe of one layout may say it at the top."""
    rest = {key: value for key, value in raw.items() if key not in _OF_LAYOUT}
    return rest | {"layouts": [{key: raw[key] for key in _OF_LAYOUT if key in raw}]}


class _Check:
    """The names that one layout uses, each against those it has."""

    def __init__(self, recipe: Recipe, layout: Layout, node: Map, found: Findings) -> None:
        self.layout, self.node, self.found = layout, node, found
        self.names = {_short(header, said) for header, said in layout.columns.items()} - {""} | set(recipe.parameters)
        self.spreads = {pattern.name: _groups(pattern.column) for pattern in layout.unpivot}

    def everything(self) -> None:
        for title in self.layout.key:
            if title not in self.layout.columns:
                self.found.unknown(self.node.place("key"), ("列", "column"), title, self.layout.columns)
        for section, patterns in (("unpivot", self.layout.unpivot), ("ignore", self.layout.ignore)):
            for index, pattern in enumerate(patterns):
                self._pattern(pattern.column, (section, index, "column"))
        for name, spec in self.layout.values.items():
            self._said(spec, self.names, ("values", name))
            self.names.add(name)
        for index, rule in enumerate(self.layout.rows):
            self._condition(rule.when, self.names, ("rows", index, "when"))
            if rule.column and rule.column not in self.names:
                self._unknown(rule.column, self.names, ("rows", index, "column"))
        for index, target in enumerate(self.layout.targets):
            self._target(target, ("targets", index))

    def _target(self, target: Target, path: Path) -> None:
        if sum(map(bool, (target.organisation, target.entry, target.record, target.case))) != 1:
            self.found.add(
                place_of(self.node, path),
                f"“{target.name}”应写明 organisation、entry、record、case 中的一个",
                f"'{target.name}' must say one of organisation, entry, record, case",
            )
        if target.each and target.each not in self.spreads:
            self.found.unknown(place_of(self.node, (*path, "each")), ("展开项", "unpivot"), target.each, self.spreads)
        names = self.names | self.spreads.get(target.each, set())
        self._condition(target.when, names, (*path, "when"))
        for word in ("key", "at", "reference", "organisation"):
            self._said(getattr(target, word), names, (*path, word))
        for word in ("roles", "fields", "traits"):
            self._each(getattr(target, word), names, (*path, word))
        for index, step in enumerate(target.steps):
            where = (*path, "steps", index)
            self._condition(step.when, names, (*where, "when"))
            self._said(step.at, names, (*where, "at"))
            self._said(step.deadline, names, (*where, "deadline"))
            self._each(step.roles, names, (*where, "roles"))
            self._each(step.fields, names, (*where, "fields"))

    def _each(self, said: Mapping[str, Said], names: set[str], path: Path) -> None:
        for word, one in said.items():
            self._said(one, names, (*path, word))

    def _said(self, said: Said | None, names: set[str], path: Path) -> None:
        texts = [said.value, said.not_before, *said.place.values()] if isinstance(said, Spec) else [said]
        for text in texts:
            for name in names_in(text) if isinstance(text, str) else ():
                if name not in names:
                    self._unknown(name, names, path)

    def _condition(self, said: Mapping[str, Any], names: set[str], path: Path) -> None:
        for name, wanted in said.items():
            if name in ("all", "any") and isinstance(wanted, list):
                for index, part in enumerate(wanted):
                    self._condition(part, names, (*path, name, index))
            elif name == "not" and isinstance(wanted, Mapping):
                self._condition(wanted, names, (*path, name))
            elif name not in names:
                self._unknown(name, names, (*path, name))
            elif isinstance(wanted, Mapping):
                self._comparison(wanted, names, (*path, name))

    def _comparison(self, said: Mapping[str, Any], names: set[str], path: Path) -> None:
        for op, wanted in said.items():
            if op not in OPERATORS:
                self.found.unknown(place_of(self.node, (*path, op)), ("比较", "comparison"), op, OPERATORS)
            elif op in ("before", "after") and wanted not in names:
                self._unknown(str(wanted), names, (*path, op))

    def _pattern(self, pattern: str, path: Path) -> None:
        try:
            re.compile(pattern)
        except re.error as error:
            self.found.add(
                place_of(self.node, path),
                f"正则表达式“{pattern}”有误：{error}",
                f"not a regular expression: '{pattern}': {error}",
            )

    def _unknown(self, name: str, names: set[str], path: Path) -> None:
        self.found.unknown(place_of(self.node, path), ("名称", "name"), name, names)


def _groups(pattern: str) -> set[str]:
    try:
        return {"value", "column", *re.compile(pattern).groupindex}
    except re.error:
        return {"value", "column"}


def _short(header: str, said: str | Column) -> str:
    if isinstance(said, str):
        return said
    return "" if said.ignore else said.as_ or header
