"""Conditions of a flow (``only_if``, ``on_the_spot``): tests of the case's fields that must all hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from huxue.core.kinds import Kind

Condition = Mapping[str, Any]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": lambda have, want: have >= want,
    "at_most": lambda have, want: have <= want,
    "above": lambda have, want: have > want,
    "below": lambda have, want: have < want,
}


def holds(kind: Kind, condition: Condition, fields: Mapping[str, Any]) -> bool:
    """Say whether every test of a condition holds for stored values.

    ``{grade: major}``, ``{grade: {in: [major, grave]}}``, ``{cost: {at_least: 500}}``. A field that is not known
    fails every test. Of a field with several values, one that fits is enough. Numbers are as the author writes them.
    """
    return all(name in fields and _test(kind, name, wanted, fields[name]) for name, wanted in condition.items())


def _test(kind: Kind, name: str, wanted: Any, have: Any) -> bool:
    if isinstance(have, list):
        return any(_test(kind, name, wanted, one) for one in have)
    if not isinstance(wanted, Mapping):
        return bool(have == _stored(kind, name, wanted))
    return all(
        have in [_stored(kind, name, one) for one in value]
        if operator == "in"
        else COMPARISONS[operator](have, _stored(kind, name, value))
        for operator, value in wanted.items()
    )


def _stored(kind: Kind, name: str, value: Any) -> Any:
    field = kind.fields.get(name)
    if field is None or field.type not in ("number", "money") or isinstance(value, bool):
        return value
    return int(Decimal(str(value)).scaleb(2 if field.type == "money" else field.decimals))
