"""Both evaluators say the same of the whole small city, in mid-year as well as at its end."""

from __future__ import annotations

import pytest

from huxue.core.calendar import Calendars
from huxue.core.duties import reference
from huxue.core.duties.standing import Standing
from huxue.core.rulebook.edition import in_effect
from huxue.core.rulebook.load import load
from huxue.demo import FIRST, LAST, SMALL, last_edition, school_year
from huxue.rulebooks import read
from huxue.standings import frame
from huxue.standings.evaluate import evaluate


@pytest.mark.parametrize("day", [FIRST + 120, LAST])
def test_the_program_agrees_with_the_reference(day: int) -> None:
    rulebook, _ = load(read("city"))
    assert rulebook is not None
    effective = in_effect(last_edition(rulebook))
    calendars = Calendars.build(rulebook.calendars)
    year = school_year(seed=2, size=SMALL, calendar=calendars.default, rulebook=effective)
    facts = [f for batch in year for f in batch]
    said = reference.evaluate(effective, calendars, facts, as_of=day, known_at=day)
    found = evaluate(effective, calendars, frame.table_of(facts), as_of=day, known_at=day).standings()
    assert sorted(found, key=Standing.key) == sorted(said, key=Standing.key)
    assert len(found) > 2000
