"""What no story of the city tells: every other duty of the rulebook, done or left undone by each bearer's habit.

The stories beside this package (drills, hazards, letters …) were written by hand. A rulebook grows faster than stories,
so the rest is worked out from the duties themselves: the record a duty asks for, with the fields its kind requires and
its filter wants, in each period, by the organisation that owes it. Nothing here knows the name of a duty or a kind.
"""

from __future__ import annotations

from huxue.demo.untold.others import others
from huxue.demo.untold.stage import Stage, stage_of
from huxue.demo.untold.telling import tell

__all__ = ["Stage", "others", "stage_of", "tell"]
