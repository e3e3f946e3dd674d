"""Templates and conditions of a recipe, compiled once to small functions over the values of one row.

``"{name}"`` alone gives the value itself; within a text it is put in as text. ``{year+1}`` adds to a whole number.
A template whose names are all blank is blank (``None``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.model import Said, Spec

Row = Mapping[str, Any]
Make = Callable[[Row], Any]
Holds = Callable[[Row], bool]

_NAME = re.compile(r"\{([^{}+]+?)([+-]\d+)?\}")
OPERATORS = ("in", "is", "not", "blank", "before", "after")
_DAY = len("2026-03-05")
_SPACE, _SLASH, _AMBIGUOUS = re.compile(r"[\s\x00-\x1f]+"), re.compile(r"[/:]"), re.compile(r"[_-]|\s\s")
_LONGEST_CODE = 64


def names_in(text: str) -> list[str]:
    """Return the names a template speaks of."""
    return [name for name, _ in _NAME.findall(text)]


def template(text: str) -> Make:
    """Compile a template."""
    parts = _NAME.split(text)  # text, name, shift, text, name, shift, … text
    if len(parts) == 1:
        return lambda _row: text
    if len(parts) == 4 and not parts[0] and not parts[3]:  # noqa: PLR2004 - one name and nothing around it
        return _one(parts[1], parts[2])
    texts, makes = parts[0::3], [_one(name, shift) for name, shift in zip(parts[1::3], parts[2::3], strict=True)]

    def make(row: Row) -> str | None:
        values = [one(row) for one in makes]
        if all(value is None for value in values):
            return None
        said = [texts[0]]
        for value, after in zip(values, texts[1:], strict=True):
            said += ["" if value is None else str(value), after]
        return "".join(said)

    return make


def _one(name: str, shift: str) -> Make:
    if not shift:
        return lambda row: row.get(name)
    by = int(shift)

    def shifted(row: Row) -> Any:
        value = row.get(name)
        return None if value is None else int(value) + by

    return shifted


def made(said: Said) -> Make:
    """Compile whatever a recipe may say where a value is wanted."""
    if isinstance(said, str):
        return template(said)
    if not isinstance(said, Spec):
        return lambda _row: said
    make = _place(said) if said.place else template(said.value) if isinstance(said.value, str) else _fixed(said.value)
    for change in (_mapped(said), _added(said), _cut(said), _coded(said), _not_before(said)):
        make = change(make)
    return make


def _fixed(value: Any) -> Make:
    return lambda _row: value


Change = Callable[[Make], Make]


def _same(make: Make) -> Make:
    return make


def _mapped(said: Spec) -> Change:
    if not said.map and said.otherwise is None:
        return _same

    def change(make: Make) -> Make:
        def mapped(row: Row) -> Any:
            value = make(row)
            if value is None:
                return said.otherwise
            return lookup(said.map, said.otherwise, value)

        return mapped

    return change


def lookup(table: Mapping[str, Any], otherwise: Any, value: Any) -> Any:
    """Return what a map says of a value; without ``otherwise`` a value it does not name is wrong, never dropped."""
    found = table.get(str(value), otherwise)
    if found is None:
        known = list(table)[:8]
        raise Wrong(f"“{value}”不在对照表中：{'、'.join(known)}", f"'{value}' is not in the map: {', '.join(known)}")
    return found


def _added(said: Spec) -> Change:
    if not said.add_days:
        return _same
    by = timedelta(days=said.add_days)

    seen: dict[str, str] = {}

    def change(make: Make) -> Make:
        def shifted(row: Row) -> str | None:
            value = make(row)
            if value is None:
                return None
            if value not in seen:
                seen[value] = (date.fromisoformat(value[:_DAY]) + by).isoformat() + value[_DAY:]
            return seen[value]

        return shifted

    return change


def _cut(said: Spec) -> Change:
    return _same if said.digits is None else lambda make: lambda row: cut(make(row), said.digits or 0)


def cut(value: Any, digits: int) -> str | None:
    """Return a number as text with at most so many decimals; the rest is cut off, not rounded."""
    if value is None:
        return None
    whole, dot, part = str(value).partition(".")
    return f"{whole}{dot}{part[:digits]}".rstrip(".")


def _coded(said: Spec) -> Change:
    if not said.code:
        return _same
    return lambda make: lambda row: None if (value := make(row)) is None else code_of(str(value))


def code_of(text: str) -> str:
    """Return a name as the code of an organisation; two names that would give one code are told apart by a hash."""
    code = _SLASH.sub("-", _SPACE.sub("_", text.strip()))
    if len(code) <= _LONGEST_CODE and (code == text or not _AMBIGUOUS.search(text)):
        return code
    return f"{code[: _LONGEST_CODE - 9]}.{sha256(text.encode()).hexdigest()[:8]}"


def _not_before(said: Spec) -> Change:
    if not said.not_before:
        return _same
    earliest = template(said.not_before)

    def change(make: Make) -> Make:
        def later(row: Row) -> Any:
            value, bound = make(row), earliest(row)
            return value if bound is None or value is None else max(value, bound)

        return later

    return change


def _place(said: Spec) -> Make:
    lat, lon = template(said.place.get("lat", "")), template(said.place.get("lon", ""))
    crs, digits = said.place.get("crs", "wgs84"), 7 if said.digits is None else said.digits

    def make(row: Row) -> dict[str, Any] | None:
        values = lat(row), lon(row)
        if None in values or "" in values:
            return None
        return {"lat": cut(values[0], digits), "lon": cut(values[1], digits), "crs": crs}

    return make


# --- conditions --------------------------------------------------------------------------------------------------


def condition(said: Mapping[str, Any]) -> Holds:
    """Compile a condition.

    ``{name: literal}``, or ``{name: {word: …}}`` with one of ``OPERATORS`` (``before`` and ``after`` compare with
    another name); ``all``, ``any``, ``not`` combine conditions.
    """
    tests = [_test(name, wanted) for name, wanted in said.items()]
    if not tests:
        return lambda _row: True
    return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)


def _test(name: str, wanted: Any) -> Holds:
    if name in ("all", "any"):
        parts = [condition(part) for part in wanted]
        every = name == "all"
        return lambda row: all(p(row) for p in parts) if every else any(p(row) for p in parts)
    if name == "not":
        inner = condition(wanted)
        return lambda row: not inner(row)
    if not isinstance(wanted, Mapping):
        return _equal(name, (wanted,))
    tests = [_compare(name, op, value) for op, value in wanted.items()]
    return lambda row: all(test(row) for test in tests)


def _equal(name: str, wanted: tuple[Any, ...]) -> Holds:
    texts = {str(value) for value in wanted}
    return lambda row: row.get(name) is not None and str(row[name]) in texts


def _compare(name: str, op: str, wanted: Any) -> Holds:
    match op:
        case "in":
            return _equal(name, tuple(wanted))
        case "is":
            return _equal(name, (wanted,))
        case "not":
            equal = _equal(name, (wanted,))
            return lambda row: row.get(name) is not None and not equal(row)
        case "blank":
            return lambda row: (row.get(name) is None) is bool(wanted)
        case "before":
            return lambda row: _both(row, name, wanted) and row[name] < row[wanted]
        case "after":
            return lambda row: _both(row, name, wanted) and row[name] > row[wanted]
    raise Wrong(f"条件中没有“{op}”", f"a condition has no '{op}'")


def _both(row: Row, one: str, other: str) -> bool:
    return row.get(one) is not None and row.get(other) is not None
