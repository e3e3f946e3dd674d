"""What is said of facts afterwards: verified by others, checked on the spot, corrected, withdrawn, excused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huxue.core.facts import Fact
from huxue.core.values import FAR, MINUTES_A_DAY, date_of
from huxue.demo.pen import Pen
from huxue.demo.world import Place, Unit
from huxue.demo.year import FIRST

_VERIFIED: Final = {"drill": 0.26, "self-check": 0.12, "fire-check": 0.06, "guard": 0.10, "letter": 0.02, "lease": 0.3}
_CORRECTED: Final = {"drill": ("participants", 0.012), "self-check": ("hazards_found", 0.006)}
_WITHDRAWN: Final = 0.006
_REASONS: Final = ("校舍加固施工，师生借址上课", "暴雨灾后修缮，师生借址上课")


def of_school(pen: Pen, place: Place, township: Unit, school: Unit, facts: list[Fact]) -> None:
    """Say what others, and the school itself, said of its facts later."""
    for fact in facts:
        chance = _VERIFIED.get(fact.kind)
        if chance is None or fact.verb not in ("record", "open", "step"):
            continue
        if pen.chance(chance):
            _verify(pen, place, township, school, fact)
        if fact.verb == "record" and fact.kind in _CORRECTED:
            _look_again(pen, school, fact)
    if school.away[0] < FAR:
        _excuse(pen, place, school)


def _verify(pen: Pen, place: Place, township: Unit, school: Unit, fact: Fact) -> None:
    by = township if pen.chance(0.5) else place.departments["education"]
    at = max(fact.at, fact.recorded, FIRST * MINUTES_A_DAY) + MINUTES_A_DAY * (1 + int(pen.rng.random() * 20))
    spot = pen.chance(0.3)
    true = pen.chance(0.86 + 0.13 * school.habit.does - (0.1 if school.habit.bulk else 0))
    fields = {"result": "confirmed" if true else "refuted", "spot": spot}
    roles = {"by": (by.code,), "about": (school.code,)}
    pen.record("verification", by, "officer", at, fields, roles=roles, reference=fact.item, recorded=at + 30)


def _look_again(pen: Pen, school: Unit, fact: Fact) -> None:
    name, share = _CORRECTED[fact.kind]
    chance = pen.rng.random()
    recorded = fact.recorded + MINUTES_A_DAY * (1 + int(chance * 500))
    if chance < share:
        _again(pen, school, fact, recorded, {**fact.fields, name: fact.fields[name] + 1})
    elif chance < share + _WITHDRAWN:
        pen.write(
            fact.kind,
            "withdraw",
            school,
            "safety-director",
            recorded,
            recorded=recorded,
            roles={"by": (school.code,)},
            item=fact.item,
            replaces=fact.id,
        )


def _again(pen: Pen, school: Unit, fact: Fact, recorded: int, fields: Mapping[str, Any]) -> None:
    pen.write(
        fact.kind,
        fact.verb,
        school,
        "safety-director",
        fact.at,
        fields,
        recorded=recorded,
        roles=fact.roles,
        item=fact.item,
        replaces=fact.id,
    )


def _excuse(pen: Pen, place: Place, school: Unit) -> None:
    first, last = school.away
    at = first * MINUTES_A_DAY + 700
    fields = {
        "duty": "*",
        "from": date_of(first).isoformat(),
        "to": date_of(last).isoformat(),
        "reason": pen.pick(_REASONS),
    }
    bureau = place.departments["education"]
    pen.record("excuse", bureau, "head", at, fields, recorded=at, roles={"by": (bureau.code,), "about": (school.code,)})
