"""The ladder: from standings and the measures taken to what is owed next. Pure; ``docs/reference/ladders.md``.

::

    ladder, obligations of one bearer and duty, measures taken, today, calendar
        → episode            is the bearer behind, since when, on what        (episodes, cases)
        → owed               the next rung, if its condition holds today      (climbing)
        → proposals          what one office decides together                 (grouping, chart)
"""

from __future__ import annotations

from huxue.core.ladder.cases import CaseState, episodes_of_cases
from huxue.core.ladder.chart import Chart
from huxue.core.ladder.climbing import Owed, Taken, owed
from huxue.core.ladder.episodes import CalendarLike, Episode, Obligation, counting, episode
from huxue.core.ladder.grouping import Addressee, Proposal, group
from huxue.core.ladder.model import Cases, Decides, Ladder, Rung, Stops, Time, When

__all__ = [
    "Addressee",
    "CalendarLike",
    "CaseState",
    "Cases",
    "Chart",
    "Decides",
    "Episode",
    "Ladder",
    "Obligation",
    "Owed",
    "Proposal",
    "Rung",
    "Stops",
    "Taken",
    "Time",
    "When",
    "counting",
    "episode",
    "episodes_of_cases",
    "group",
    "owed",
]
