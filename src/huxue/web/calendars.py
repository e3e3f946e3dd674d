"""The calendar that counts for an organisation."""

from __future__ import annotations

from huxue.core.calendar import Calendar
from huxue.organisations.tables import select_in
from huxue.web.rules import Rules


def calendar_of(rules: Rules, path: str) -> Calendar:
    """Return the calendar of the organisation at a path: of its area, else of the nearest above it that has one."""
    areas = rules.calendars.areas
    if len(areas) < 2:  # noqa: PLR2004 - only the default: nothing to look up
        return rules.calendars.default
    chain = path.split("/")[:-1]
    named: dict[str, str] = dict(
        select_in("SELECT code, area FROM organisations_organisation WHERE code IN ({})", chain)
    )
    own = next((named[code] for code in reversed(chain) if named.get(code, "") in areas), "")
    return rules.calendars[own] if own else rules.calendars.default
