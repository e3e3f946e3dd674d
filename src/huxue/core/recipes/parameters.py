"""The parameters of a recipe for one file: set by the person, else found in the file's name, else the default."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from huxue.core.kinds.times import read_date
from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.model import Parameter, Recipe
from huxue.core.recipes.templates import template
from huxue.core.values import Refused


def parameters_of(recipe: Recipe, name: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Return the parameters for a file called ``name``. Refuses unknown, missing and impossible ones."""
    unknown = sorted(given.keys() - recipe.parameters.keys())
    if unknown:
        raise Refused(
            "unknown_parameter",
            f"配方没有参数：{'、'.join(unknown)}。",
            f"The recipe has no parameter {', '.join(unknown)}; it has: {', '.join(recipe.parameters) or 'none'}.",
        )
    return {code: _value(code, parameter, name, given.get(code)) for code, parameter in recipe.parameters.items()}


def _value(code: str, parameter: Parameter, name: str, given: str | None) -> Any:
    raw: Any = given
    if raw is None and parameter.from_name:
        found = re.search(parameter.from_name, name)
        raw = found[1] if found else None
    raw = parameter.default if raw is None else raw
    if raw is None or raw == "":
        if parameter.optional:
            return None
        raise Refused(
            "missing_parameter",
            f"文件“{name}”缺少参数“{parameter.title.zh}”，请加 --set {code}=…。",
            f"For {name}, say {parameter.title.en.lower()}: --set {code}=…",
        )
    try:
        return _READ[parameter.type](raw)
    except (ValueError, Wrong):
        raise Refused(
            "impossible_parameter",
            f"参数“{parameter.title.zh}”不能是“{raw}”。",
            f"{parameter.title.en} cannot be {raw!r}.",
        ) from None


_READ: dict[str, Callable[[Any], Any]] = {
    "text": str,
    "whole": lambda raw: int(str(raw)),
    "date": lambda raw: read_date(str(raw)),
}


def scope_of(recipe: Recipe, parameters: Mapping[str, Any]) -> str:
    """Return the scope of a file: what later files with the same scope are compared with."""
    return str(template(recipe.scope)(parameters) or "")
