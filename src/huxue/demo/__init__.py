"""A fictional city and one school year of it, from a seed. Pure: values of ``core`` in, facts out.

::

    from huxue.demo import FULL, SMALL, school_year

    rulebook = in_effect(last_edition(rulebook))
    for batch in school_year(seed=1, size=SMALL, calendar=calendars.default, rulebook=rulebook):
        ...  # a list of ``core.facts.Fact``, each batch whole: it refers to nothing that comes later

No name of this city is the name of a place in the nation's register of divisions; its coordinates lie in the open sea.
"""

from __future__ import annotations

from huxue.demo.editions import last_edition, switched_on
from huxue.demo.story import school_year
from huxue.demo.world import FULL, LARGE, SMALL, Size
from huxue.demo.year import FIRST, LAST, SET_UP, TODAY

__all__ = [
    "FIRST",
    "FULL",
    "LARGE",
    "LAST",
    "SET_UP",
    "SMALL",
    "TODAY",
    "Size",
    "last_edition",
    "school_year",
    "switched_on",
]
