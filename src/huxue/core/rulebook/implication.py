"""Whether one filter implies another: whatever passes the first passes the second. Sound, not complete."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from huxue.core.duties.shapes import Test, Where

MOST = 256  # alternatives looked at; beyond them nothing is claimed
Said = tuple[Test, bool]  # a comparison, and whether it holds
Case = tuple[Said, ...]  # comparisons that hold together


def implies(strong: Where, weak: Where) -> bool:
    """Tell whether everything that passes ``strong`` certainly passes ``weak``."""
    if strong == weak or weak == Where():
        return True
    cases = list(islice(_cases(strong, holds=True), MOST + 1))
    return len(cases) <= MOST and all(_certain(weak, case, holds=True) for case in cases)


def alternatives(where: Where) -> list[Case]:
    """Return the alternatives of a filter, each a set of comparisons that hold (or do not) together."""
    return list(islice(_cases(where, holds=True), MOST))


def _cases(part: Test | Where, *, holds: bool) -> Iterator[Case]:
    if isinstance(part, Test):
        yield ((part, holds),)
        return
    if holds:
        groups = [list(_cases(one, holds=True)) for one in part.all]
        groups += [list(_cases(one, holds=False)) for one in part.not_]
        if part.any:
            groups.append([case for one in part.any for case in _cases(one, holds=True)])
        for chosen in product(*groups):
            yield tuple(said for case in chosen for said in case)
        return
    for one in part.all:
        yield from _cases(one, holds=False)
    for one in part.not_:
        yield from _cases(one, holds=True)
    if part.any:
        for chosen in product(*[list(_cases(one, holds=False)) for one in part.any]):
            yield tuple(said for case in chosen for said in case)


def _certain(part: Test | Where, case: Case, *, holds: bool) -> bool:
    """Tell whether a part certainly holds (or certainly does not) when a case does."""
    if isinstance(part, Test):
        return any(_follows(said, (part, holds)) for said in case)
    if holds:
        return (
            all(_certain(one, case, holds=True) for one in part.all)
            and all(_certain(one, case, holds=False) for one in part.not_)
            and (not part.any or any(_certain(one, case, holds=True) for one in part.any))
        )
    return (
        any(_certain(one, case, holds=False) for one in part.all)
        or any(_certain(one, case, holds=True) for one in part.not_)
        or (bool(part.any) and all(_certain(one, case, holds=False) for one in part.any))
    )


def _follows(known: Said, wanted: Said) -> bool:
    """Tell whether one comparison follows from another of the same field.

    A missing value passes no comparison, so that a comparison that fails says nothing about another that must hold;
    a field of many values may pass two comparisons that exclude each other, so that only ``not`` itself proves ``not``.
    """
    (test, holds), (other, must) = known, wanted
    if test.field != other.field or holds != must:
        return False
    return _within(test, other) if holds else _within(other, test)


def _within(narrow: Test, wide: Test) -> bool:
    """Tell whether every value that passes ``narrow`` passes ``wide``."""
    values = _values(narrow)
    if values is not None:
        return all(_passes(wide, value) for value in values)
    if _values(wide) is not None:
        return narrow == wide
    low, high = _bounds(narrow), _bounds(wide)
    return high[0] <= low[0] and low[1] <= high[1]


def _values(test: Test) -> tuple[bool | int | str, ...] | None:
    if test.op == "=" and not isinstance(test.value, tuple):
        return (test.value,)
    return test.value if test.op == "in" and isinstance(test.value, tuple) else None


def _passes(test: Test, value: bool | int | str) -> bool:  # noqa: FBT001 - a literal
    values = _values(test)
    if values is not None:
        return any(type(value) is type(one) and value == one for one in values)
    low, high = _bounds(test)
    return not isinstance(value, bool | str) and low <= value <= high


def _bounds(test: Test) -> tuple[float, float]:
    """Return the least and the greatest whole number that pass (infinite where open)."""
    value = test.value
    assert isinstance(value, int)  # noqa: S101 - only measured fields have these operators
    return {
        "at_least": (value, float("inf")),
        "above": (value + 1, float("inf")),
        "at_most": (float("-inf"), value),
        "below": (float("-inf"), value - 1),
    }[test.op]
