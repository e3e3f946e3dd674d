"""What the edition in force costs its people to write down, for pages: minutes a month by role."""

from __future__ import annotations

from typing import Final

from huxue.access.viewer import Viewer
from huxue.core.burden import Cost, by_role, costs, minutes_a_month
from huxue.core.rulebook.edition import Edition
from huxue.organisations.relations import sizes
from huxue.web.routing import Request
from huxue.web.rules import Rules

Role = tuple[str, str]  # organisation type, type of the post ("": whoever does it there)
KEPT: Final = 8
_Key = tuple[str, tuple[str, ...], int]
_MADE: dict[_Key, list[Cost]] = {}
_ROLES: dict[_Key, dict[Role, int]] = {}


def costs_of(rules: Rules, day: int) -> list[Cost]:
    """Return what each active duty costs each type of bearer in the year up to a day; kept for the day."""
    key = _key(rules, day)
    if key not in _MADE:
        while len(_MADE) >= KEPT:
            old = next(iter(_MADE))
            _MADE.pop(old)
            _ROLES.pop(old, None)
        _MADE[key] = costs(rules.edition, rules.calendars.default, day, sizes())
    return _MADE[key]


def roles_of(rules: Rules, day: int) -> dict[Role, int]:
    """Return seconds a year by role, kept in the same way."""
    key = _key(rules, day)
    if key not in _ROLES:
        _ROLES[key] = by_role(costs_of(rules, day))
    return _ROLES[key]


def _key(rules: Rules, day: int) -> _Key:
    return rules.edition.hash, rules.edition.families_on, day


def costs_if(edition: Edition, rules: Rules, day: int) -> list[Cost]:
    """Return what another edition of the same calendars would cost."""
    return costs(edition, rules.calendars.default, day, sizes())


def minutes_of(viewer: Viewer, rules: Rules, day: int) -> tuple[int, int] | None:
    """Return the minutes a month that fall to the viewer's post by name, and to his organisation, whoever does it.

    ``None`` for somebody who acts in no post: an administrator owes nothing.
    """
    post = viewer.post
    if post is None:
        return None
    found = roles_of(rules, day)
    named, shared = ((post.organisation_type, post.type), (post.organisation_type, ""))
    return minutes_a_month(found.get(named, 0)), minutes_a_month(found.get(shared, 0))


def in_the_foot(request: Request) -> int | None:
    """Return the minutes a month for the foot of a page, ``None`` where the page has not asked for the rules anyway."""
    found = getattr(request, "kept_rules", None)
    if not isinstance(found, Rules) or not request.viewer.may("burden"):
        return None
    minutes = minutes_of(request.viewer, found, request.today)
    return None if minutes is None else sum(minutes)
