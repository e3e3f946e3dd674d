"""Fields of a fact that fit its kind: what a filter wants, and something plausible for whatever else is required."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huxue.core.duties.shapes import Test, Where
from huxue.core.kinds import Field, Kind
from huxue.core.values import MINUTES_A_DAY, date_of
from huxue.demo import names
from huxue.demo.pen import Pen
from huxue.demo.untold.stage import Stage
from huxue.demo.world import Unit

_HEADS: Final = ("pupil", "participant", "guardian", "reached", "tested", "students", "people")
_LATER: Final = ("until", "valid", "expires", "deadline", "next")
_HARMLESS: Final[Mapping[str, Any]] = {
    "deaths": 0,
    "mass_casualty": False,
    "harm": "slight",
}  # nobody is to come to harm
_MANY: Final = {"at_least", "above"}  # with these any larger number will do too
_SECONDS: Final = "seconds"
_FINDINGS: Final = ("疏散指示灯不亮", "楼梯扶手松动", "灭火器压力不足", "配电箱门未上锁")
_PHRASES: Final = ("按要求落实，情况正常", "已逐项核对，记录完整", "总体良好，个别问题已现场纠正", "按制度办理")


@dataclass(slots=True)
class Wanted:
    """What a filter wants of a fact: fields, the type of the acting post, how many organisations in a role."""

    fields: dict[str, Any] = field(default_factory=dict)
    post: str = ""
    numbers: dict[str, int] = field(default_factory=dict)


def wanted_by(where: Where, kind: Kind, stage: Stage, unit: Unit) -> Wanted:
    """Return values with which a filter holds: every test of ``all``, the first of ``any``, none of ``not``."""
    found = Wanted()
    for part in (*where.all, *where.any[:1]):
        if isinstance(part, Test):
            _want(found, part, kind, unit)
        else:
            inner = wanted_by(part, kind, stage, unit)
            found.fields = merged(found.fields, inner.fields)
            found.numbers |= inner.numbers
            found.post = inner.post or found.post
    for unwanted in where.not_:
        if isinstance(unwanted, Test) and unwanted.field in kind.fields and unwanted.field not in found.fields:
            found.fields[unwanted.field] = _other(unwanted, kind.fields[unwanted.field], stage)
    return found


def merged(some: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    """Return two sets of fields as one; a field that holds several values keeps those of both."""
    lists = {
        name: list(dict.fromkeys([*some[name], *value]))
        for name, value in more.items()
        if isinstance(value, list) and isinstance(some.get(name), list)
    }
    return {**some, **more, **lists}


def _want(found: Wanted, test: Test, kind: Kind, unit: Unit) -> None:
    value = test.value[0] if isinstance(test.value, tuple) else test.value
    if isinstance(value, int) and not isinstance(value, bool):
        value += {"above": 1, "below": -1}.get(test.op, 0)
        value = max(value, _usual(test.field, unit)) if test.op in _MANY else value
    name = test.field
    if name == "by_post":
        found.post = str(value)
    elif name.startswith("number_of_"):
        found.numbers[name.removeprefix("number_of_")] = int(value)
    elif name not in kind.fields and name.endswith("_post"):
        found.fields[name.removesuffix("_post")] = f"{unit.code}/{value}"
    elif name in kind.fields:
        declared = kind.fields[name]
        stored = date_of(int(value)).isoformat() if declared.type == "date" else value
        found.fields[name] = [*found.fields.get(name, []), stored] if declared.many else stored


def _usual(name: str, unit: Unit) -> int:
    """Return what would usually be written where any larger number will do: all take part, in 95 seconds."""
    if name.startswith(_SECONDS):
        return 95
    return unit.pupils if name.startswith("participant") else 0


def _other(test: Test, declared: Field, stage: Stage) -> Any:
    values = test.value if isinstance(test.value, tuple) else (test.value,)
    if all(isinstance(value, bool) for value in values):
        return next((answer for answer in (True, False) if answer not in values), None)  # neither: left open
    if declared.type == "choice":
        one = next((code for code in stage.rulebook.lists[declared.list] if code not in values), None)
        return [one] if declared.many else one
    return max((v for v in values if isinstance(v, int)), default=0) + 1


def filled(
    pen: Pen, stage: Stage, kind: Kind, unit: Unit, day: int, wanted: dict[str, Any], names: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return ``wanted`` and, of ``names`` (default: what the kind requires), a fitting value for each other field."""
    asked = [name for name, one in kind.fields.items() if one.required] if names is None else list(names)
    made = {name: _value(pen, stage, name, kind.fields[name], unit, day) for name in asked if name not in wanted}
    return {name: value for name, value in {**made, **wanted}.items() if value is not None}


def _value(pen: Pen, stage: Stage, name: str, one: Field, unit: Unit, day: int) -> Any:
    if name in _HARMLESS:
        return _HARMLESS[name]
    value = _single(pen, stage, name, one, unit, day)
    if not one.many or value is None:
        return value
    more = [_single(pen, stage, name, one, unit, day) for _ in range((one.at_least or 1) - 1)]
    return list(dict.fromkeys([value, *more])) if one.type == "choice" else [value, *more]


def _single(pen: Pen, stage: Stage, name: str, one: Field, unit: Unit, day: int) -> Any:  # noqa: C901, PLR0912 - one line a type
    match one.type:
        case "text":
            return _text(name, one, unit, pen.pick(_PHRASES), day)
        case "number" | "money":
            return _number(pen, name, one, unit)
        case "choice":
            return pen.pick(tuple(stage.rulebook.lists[one.list]))
        case "yes_no":
            return True
        case "date":
            later = any(word in name for word in _LATER)
            return date_of(day + 60 + pen.rng.randrange(500) if later else day).isoformat()
        case "time":
            return f"{date_of(day).isoformat()}T{8 + pen.rng.randrange(9):02d}:{pen.rng.randrange(60):02d}"
        case "person":
            return _person(unit, day)
        case "organisation":
            schools = stage.places[unit.code].schools if name == "school" and unit.type != "school" else []
            return pen.rng.choice(schools).code if schools else unit.code
        case "post":
            return f"{unit.code}/{next(iter(unit.holders))}"
        case "entry":
            mine = stage.entries.get((unit.code, one.kind)) or [""]
            return mine[0] or None
        case "place":
            tail = f"{pen.rng.randrange(10**6):06d}{1 + pen.rng.randrange(9)}"  # stored without a last zero
            return {"lat": f"15.{tail}", "lon": f"155.{tail}", "crs": "cgcs2000"}
        case "photo" | "file":
            return pen.digest()
        case "signature":
            return {"person": _person(unit, day), "at": day * MINUTES_A_DAY + 600, "sha256": pen.digest()}


def _text(name: str, one: Field, unit: Unit, phrase: str, day: int) -> str:
    """Return a phrase, or what stands for it where a name or a finding is asked for."""
    if one.personal:
        return names.person(f"{unit.code}{day}{phrase}")
    return (_FINDINGS[_PHRASES.index(phrase)] if name == "finding" else phrase)[: one.max_length]


def _person(unit: Unit, day: int) -> str:
    return next((unit.holder(post, day) for post in unit.holders if unit.holder(post, day)), "P000000000")


def _number(pen: Pen, name: str, one: Field, unit: Unit) -> int:
    low = one.at_least if one.at_least is not None else 1
    high = one.at_most if one.at_most is not None else low + 20
    if unit.pupils and any(word in name for word in _HEADS):
        whole = max(low, min(unit.pupils, one.at_most if one.at_most is not None else unit.pupils))
    else:
        whole = low + int(pen.rng.random() * (min(high, low + 20) - low + 1))
    return int(whole * 10 ** (2 if one.type == "money" else one.decimals))
