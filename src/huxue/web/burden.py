"""What the edition in force costs its people to write down, for pages: minutes a month by role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huxue.access.viewer import Viewer
from huxue.core.burden import Cost, by_role, costs, minutes_a_month
from huxue.core.rulebook.edition import Edition
from huxue.organisations.relations import sizes
from huxue.web.rules import Rules, rules_on

Role = tuple[str, str]  # organisation type, type of the post ("": whoever does it there)
KEPT: Final = 8
_MADE: dict[tuple[str, tuple[str, ...], int], list[Cost]] = {}


def costs_of(rules: Rules, day: int) -> list[Cost]:
    """Return what each active duty costs each type of bearer in the year up to a day; kept for the day."""
    edition = rules.edition
    key = edition.hash, edition.families_on, day
    if key not in _MADE:
        while len(_MADE) >= KEPT:
            _MADE.pop(next(iter(_MADE)))
        _MADE[key] = costs(edition, rules.calendars.default, day, sizes())
    return _MADE[key]


def costs_if(edition: Edition, rules: Rules, day: int) -> list[Cost]:
    """Return what another edition of the same calendars would cost."""
    return costs(edition, rules.calendars.default, day, sizes())


def seconds_of_post(found: Mapping[Role, int], viewer: Viewer) -> int | None:
    """Return seconds a year that fall to the post acted in: what names it, and what is whoever's there.

    ``None`` for somebody who acts in no post: an administrator owes nothing.
    """
    post = viewer.post
    if post is None:
        return None
    return found.get((post.organisation_type, post.type), 0) + found.get((post.organisation_type, ""), 0)


def minutes_of(viewer: Viewer, day: int) -> int | None:
    """Return the minutes a month that the edition of a day costs the viewer's role at most, ``None`` for no post."""
    if viewer.post is None:
        return None
    seconds = seconds_of_post(by_role(costs_of(rules_on(day), day)), viewer)
    return None if seconds is None else minutes_a_month(seconds)
