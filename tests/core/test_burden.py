"""The burden of a rulebook: minutes worked out from periods and fields, the same deed counted once."""

from __future__ import annotations

from datetime import date

import pytest

from huxue.core.burden import TYPICAL, Cost, by_role, costs, minutes_a_month, seconds_of
from huxue.core.calendar import Calendars
from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.edition import edition
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text, day_of
from huxue.rulebooks import read

TODAY = day_of(date(2026, 7, 31))
T = Text(zh="例", en="example")


@pytest.fixture(scope="module")
def city() -> Rulebook:
    rulebook, problems = load(read("city"))
    assert problems == []
    assert rulebook is not None
    return rulebook


def of(rulebook: Rulebook, *duties: str) -> list[Cost]:
    few = rulebook.model_copy(update={"duties": {code: rulebook.duties[code] for code in duties}})
    made = edition(few, families_on=[rulebook.duties[code].family for code in duties])
    return costs(made, Calendars.build(rulebook.calendars).default, TODAY)


@pytest.mark.parametrize(
    ("duty", "type_", "times", "seconds"),
    [
        ("school.self-check", "school", 12, None),  # one a month
        ("county.hear-reports", "county-government", 2, None),  # two a year
        ("county.joint-inspection", "county-government", 4, None),  # one a quarter
        ("county.field-study", "county-government", 1, 300),  # its kind says five minutes
        ("education.quarterly-report", "county-department", 4, None),
    ],
)
def test_times_a_year_follow_from_the_period(
    city: Rulebook, duty: str, type_: str, times: int, seconds: int | None
) -> None:
    (found,) = (one for one in of(city, duty) if one.type == type_)
    assert found.times == times * 1000
    assert seconds in (None, found.seconds)


def test_a_letter_with_every_township_and_department_counts_each_of_them(city: Rulebook) -> None:
    (found,) = of(city, "county.letters")
    members = TYPICAL["township"] + TYPICAL["county-department"]
    assert found.times == 1000 * members // TYPICAL["county-government"]


def test_one_drill_serves_the_term_and_the_month(city: Rulebook) -> None:
    month, both = (
        of(city, "national.evacuation-drill"),
        of(city, "national.evacuation-drill", "speech.evacuation-drill"),
    )
    assert both == month


def test_an_answer_to_a_trigger_adds_nothing_to_the_sum(city: Rulebook) -> None:
    (found,) = (one for one in of(city, "government.report-studied") if one.type == "county-government")
    assert (found.times, found.a_year) == (0, 0)
    assert found.seconds > 0


def test_a_post_named_by_the_duty_is_a_role_of_its_own(city: Rulebook) -> None:
    found = by_role(of(city, "county.field-study", "county.hear-reports"))
    assert set(found) == {("county-government", "head"), ("county-government", "")}


def test_seconds_of_a_kind_follow_from_what_it_requires() -> None:
    fields = {
        "what": Field(type="text", title=T, required=True),
        "how_many": Field(type="number", title=T, required=True),
        "photos": Field(type="photo", title=T),
    }
    kind = Kind(code="check", shape="record", title=T, fields=fields)
    assert seconds_of(kind) == 20 + 30 + 6
    assert seconds_of(Kind(code="check", shape="record", title=T, fields=fields, minutes=4)) == 240
    assert seconds_of(kind, ["photos"]) == 20 + 20


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (1, 1), (720, 1), (721, 2), (7200, 10)])
def test_minutes_are_rounded_up(seconds: int, minutes: int) -> None:
    assert minutes_a_month(seconds) == minutes


def test_a_family_that_is_switched_on_costs_no_less(city: Rulebook) -> None:
    calendar = Calendars.build(city.calendars).default
    some, every = (
        by_role(costs(edition(city, families_on=families), calendar, TODAY)) for families in (None, list(city.families))
    )
    assert [role for role, seconds in some.items() if every.get(role, 0) < seconds] == []
    assert sum(every.values()) > sum(some.values())
