"""From a YAML mapping to a frozen value: what is missing, unknown or of the wrong sort becomes a problem."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from huxue.core.rulebook.findings import Findings, nearest
from huxue.core.rulebook.nodes import Map, Seq, place_of
from huxue.core.values import Value

V = TypeVar("V", bound=Value)


def plain(value: Any) -> Any:
    """Return a YAML value as plain dicts, lists and scalars; decimals as text."""
    if isinstance(value, Map):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, Seq):
        return [plain(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


def fit(model: type[V], node: Map, found: Findings, extra: Mapping[str, Any] | None = None) -> V | None:
    """Return ``node`` as a value of ``model``, or ``None`` after saying what is wrong with it."""
    try:
        return model.model_validate({**_shaped(model, node), **(extra or {})})
    except ValidationError as error:
        for one in error.errors():
            zh, en = _sentence(model, one)
            found.add(place_of(node, one["loc"]), zh, en)
        return None


def _shaped(kind: Any, value: Any) -> Any:
    """Return a value in the form that an annotation expects: a single word where a list may stand, numbers as text."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        rest = [arg for arg in args if arg is not NoneType]
        return _shaped(rest[0], value) if len(rest) == 1 and value is not None else plain(value)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:  # noqa: PLR2004 - tuple[x, ...]
        items = value if isinstance(value, Seq) else () if value is None else (value,)
        return tuple(_shaped(args[0], item) for item in items)
    if origin is dict and isinstance(value, Map):
        return {key: _shaped(args[1], part) for key, part in value.items()}
    if isinstance(kind, type) and issubclass(kind, BaseModel) and isinstance(value, Map):
        by_key = {info.alias or name: info.annotation for name, info in kind.model_fields.items()}
        return {key: _shaped(by_key[key], part) if key in by_key else plain(part) for key, part in value.items()}
    if kind is str and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if kind is int and isinstance(value, bool | str):
        return [value]  # pydantic would take true for 1 and "3" for 3
    return plain(value)


def _sentence(model: type[BaseModel], error: Any) -> tuple[str, str]:
    name = ".".join(str(part) for part in error["loc"])
    sort = error["type"]
    if sort == "missing":
        return f"缺少“{name}”", f"'{name}' is missing"
    if sort == "extra_forbidden":
        holder = _holder(model, error["loc"])
        zh, en = nearest(str(error["loc"][-1]), holder)
        return f"这里不能写“{name}”{zh}", f"'{name}' is not allowed here{en}"
    if sort == "literal_error":
        expected = error["ctx"]["expected"]
        zh, en = nearest(str(error["input"]), [word.strip("' ") for word in expected.replace(" or ", ",").split(",")])
        return f"“{name}”应为 {expected} 之一{zh}", f"'{name}' must be one of {expected}{en}"
    wanted = _WANTED.get(sort, ("合适的值", "a fitting value"))
    return f"“{name}”应为{wanted[0]}", f"'{name}' must be {wanted[1]}"


_WANTED = {
    "string_type": ("文字", "text"),
    "int_type": ("整数", "a whole number"),
    "int_parsing": ("整数", "a whole number"),
    "int_from_float": ("整数", "a whole number"),
    "bool_type": ("true 或 false", "true or false"),
    "bool_parsing": ("true 或 false", "true or false"),
    "model_type": ("“键: 值”", "a mapping"),
    "model_attributes_type": ("“键: 值”", "a mapping"),
    "dict_type": ("“键: 值”", "a mapping"),
}


def _holder(model: type[BaseModel], path: tuple[Any, ...]) -> list[str]:
    """Return the names allowed where the last step of ``path`` stands."""
    kind: Any = model
    for step in path[:-1]:
        kind = _inside(kind, str(step))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [info.alias or name for name, info in kind.model_fields.items()]
    return []


def _inside(kind: Any, step: str) -> Any:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        names = {info.alias or name: info.annotation for name, info in kind.model_fields.items()}
        kind = names.get(step)
        args = [arg for arg in get_args(kind) if arg is not NoneType]
        return args[0] if get_origin(kind) in (Union, UnionType) and args else kind
    args = list(get_args(kind))
    return args[-1] if get_origin(kind) is dict else args[0] if args and get_origin(kind) is not Literal else None
