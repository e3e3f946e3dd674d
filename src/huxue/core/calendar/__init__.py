"""Calendars: workdays with 调休, school days, terms, special periods, campaigns, and deadlines counted in them.

``merge`` the documents of all layers, look at ``problems``, then ``Calendars.build``. A calendar belongs to an area;
statutory holidays are shared. A year whose notice could not be checked is provisional, and so is a year without data
(Monday to Friday); periods say so themselves, spans of days through ``Calendar.is_provisional``.
"""

from __future__ import annotations

from huxue.core.calendar.area import Calendar
from huxue.core.calendar.calendars import Calendars
from huxue.core.calendar.checks import problems
from huxue.core.calendar.documents import campaign_names, merge, origin, special_names
from huxue.core.calendar.periods import Period
from huxue.core.calendar.words import MONTH_NAMES, period_in_words

__all__ = [
    "MONTH_NAMES", "Calendar", "Calendars", "Period",
    "campaign_names", "merge", "origin", "period_in_words", "problems", "special_names",
]  # fmt: skip
