"""Letters of responsibility: of governments with townships and departments, of organisations with their own posts."""

from __future__ import annotations

from datetime import date
from typing import Final

from huxue.core.values import MINUTES_A_DAY, day_of, end_of_day
from huxue.demo.pen import Pen
from huxue.demo.world import Place, Unit
from huxue.demo.year import Year

_VALID: Final = "2026-12-31"
_DEADLINE: Final = end_of_day(day_of(date(2026, 12, 31)))
_FROM, _DUE, _POSTS_DUE = (day_of(date(2026, m, d)) for m, d in ((1, 12), (3, 31), (4, 30)))
_FIRST_TO_SIGN: Final = ("principal", "secretary")
_TARGETS: Final = "无重大责任事故；隐患按期整改；按月演练和自查"


def with_below(pen: Pen, year: Year, place: Place) -> None:
    """Let a government sign with every township and department; a lazy one leaves some for later."""
    for unit in (*place.townships, *place.departments.values()):
        late = place.lazy and pen.chance(0.2)
        if late and pen.chance(0.5):
            continue
        day = year.workday(pen.rng, _DUE + 5, _DUE + 60) if late else year.workday(pen.rng, _FROM + 20, _DUE - 2)
        _letter(pen, place.government, "head", unit, day, f"{unit.name}学校安全目标责任书")


def with_posts(pen: Pen, year: Year, unit: Unit, lead: str) -> None:
    """Let an organisation sign with everybody who holds a post; ``lead`` is the post that drafts."""
    all_of_them = pen.chance(unit.habit.does + (0.02 if unit.habit.does > 0.9 else 0))  # noqa: PLR2004 - the diligent
    late = not all_of_them and pen.chance(0.5)
    for post, held in unit.holders.items():
        if not held or (not all_of_them and not late and pen.chance(0.35)):
            continue
        since = max(_FROM, held[-1][0] + 3)
        due = _DUE if post in _FIRST_TO_SIGN else _POSTS_DUE
        day = year.workday(pen.rng, due + 4, due + 50) if late else year.workday(pen.rng, since, max(since, due - 3))
        if day < unit.silent_from:
            _letter(pen, unit, lead, unit, day, "岗位安全责任书", signed_by=post)


def _letter(pen: Pen, party: Unit, lead: str, other: Unit, day: int, subject: str, *, signed_by: str = "") -> None:
    """Write both steps; a letter with a post is signed in that post, which is how it counts for who holds it."""
    roles = {"by": (party.code,), "about": (other.code,)}
    at = pen.moment(day)
    fields = {"subject": subject, "targets": _TARGETS} | ({"post": f"{party.code}/{signed_by}"} if signed_by else {})
    drafted = pen.write("letter", "step", party, lead, at, fields, roles=roles, step="drafted", recorded=at + 10)
    signed = at + 60 + int(pen.rng.random() * MINUTES_A_DAY / 16)
    recorded = max(pen.entered(party.habit, signed), drafted.recorded + 1)
    pen.write(
        "letter", "step", party, signed_by or lead, signed, {"signed_copy": pen.digest(), "valid_until": _VALID},
        roles=roles, step="signed", item=drafted.item, recorded=recorded, deadline=_DEADLINE,
    )  # fmt: skip
