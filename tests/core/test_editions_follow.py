"""An edition that follows another: what has not changed goes on counting, what changed is judged by its own days."""

from __future__ import annotations

from datetime import date

import pytest

from huxue.core.calendar import Calendars
from huxue.core.duties import reference
from huxue.core.duties.shapes import Repeat
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import Edition, edition, from_json, in_effect, to_json
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, day_of
from huxue.rulebooks import read
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of

CHECKS, LEASES = "school.self-check", "school.no-forbidden-lease"
NEW_YEAR, TENTH_OF_APRIL, END_OF_JUNE = (day_of(date(2026, *d)) for d in ((1, 1), (4, 10), (6, 30)))


def city() -> Rulebook:
    rulebook, problems = load(read("city"))
    assert problems == []
    assert rulebook is not None
    return rulebook.model_copy(update={"duties": {code: rulebook.duties[code] for code in (CHECKS, LEASES)}})


def twice_a_month(rulebook: Rulebook) -> Rulebook:
    duty = rulebook.duties[CHECKS]
    assert isinstance(duty.shape, Repeat)
    stricter = duty.model_copy(update={"shape": duty.shape.model_copy(update={"at_least": 2})})
    return rulebook.model_copy(update={"duties": rulebook.duties | {CHECKS: stricter}})


def fact(number: int, kind: str, on: tuple[int, int], **particulars: object) -> Fact:
    at = day_of(date(2026, *on)) * MINUTES_A_DAY + 600
    roles = {"by": ("S",)} if kind == "self-check" else {"about": ("S",)}
    return Fact(f"{number:03}", kind, "record", f"{number:03}", at, at, roles, **particulars)  # type: ignore[arg-type]


SCHOOL = Fact(
    "000", "organisation", "open", "S", day_of(date(2025, 1, 1)) * MINUTES_A_DAY, 0, {"about": ("S",)},
    {"code": "S", "name": "青禾小学", "type": "school", "level": "primary"},
)  # fmt: skip
ONE_A_MONTH = [SCHOOL, *(fact(month, "self-check", (month, 20)) for month in range(1, 6))]


def stood(made: Edition, duty: str) -> dict[str, str]:
    """Return status and have/need by period, after both evaluators agreed."""
    rulebook, calendars = in_effect(made), Calendars.build(made.rulebook.calendars)
    found = reference.evaluate(rulebook, calendars, ONE_A_MONTH, as_of=END_OF_JUNE, known_at=END_OF_JUNE)
    fast = evaluate(rulebook, calendars, table_of(ONE_A_MONTH), as_of=END_OF_JUNE, known_at=END_OF_JUNE)
    assert fast.standings() == found
    return {s.period: f"{s.status} {s.have}/{s.need}" for s in found if s.duty == duty}


def test_a_changed_duty_is_judged_as_it_was_said_for_what_began_before() -> None:
    before = edition(city(), valid_from=NEW_YEAR)
    after = edition(twice_a_month(city()), valid_from=TENTH_OF_APRIL, before=before)
    assert stood(after, CHECKS) == {
        "2026-01": "met 1/1", "2026-02": "met 1/1", "2026-03": "met 1/1", "2026-04": "met 1/1",  # begun before the 10th
        "2026-05": "missed 1/2", "2026-06": "due 0/2",
    }  # fmt: skip


def test_an_unchanged_duty_goes_on_counting_from_its_own_first_day() -> None:
    before = edition(city(), valid_from=NEW_YEAR)
    after = edition(twice_a_month(city()), valid_from=TENTH_OF_APRIL, before=before)
    assert list(stood(after, LEASES)) == list(stood(before, LEASES)) == ["2026-Q1", "2026-Q2"]
    alone = edition(twice_a_month(city()), valid_from=TENTH_OF_APRIL)
    assert stood(alone, LEASES) == {}  # its first quarter begins after the tenth


def test_a_family_switched_on_later_counts_from_then() -> None:
    families = sorted({duty.family for duty in city().duties.values()})
    mine = city().duties[CHECKS].family
    before = edition(city(), families_on=[f for f in families if f != mine], valid_from=NEW_YEAR)
    after = edition(city(), families_on=families, valid_from=TENTH_OF_APRIL, before=before)
    assert list(stood(after, CHECKS)) == ["2026-05", "2026-06"]


def test_changed_twice_and_kept_as_json() -> None:
    first = edition(city(), valid_from=NEW_YEAR)
    second = edition(twice_a_month(city()), valid_from=day_of(date(2026, 3, 1)), before=first)
    third = edition(city(), valid_from=day_of(date(2026, 5, 1)), before=second)
    assert from_json(to_json(third)) == third
    assert stood(third, CHECKS) == {
        "2026-01": "met 1/1", "2026-02": "met 1/1", "2026-03": "missed 1/2", "2026-04": "missed 1/2",
        "2026-05": "met 1/1", "2026-06": "due 0/1",
    }  # fmt: skip


@pytest.mark.parametrize("day", [NEW_YEAR, NEW_YEAR - 400])
def test_an_edition_that_reaches_further_back_takes_the_whole_place(day: int) -> None:
    after = edition(twice_a_month(city()), valid_from=day, before=edition(city(), valid_from=NEW_YEAR))
    assert after.earlier == ()
    assert stood(after, CHECKS)["2026-01"] == "missed 1/2"
