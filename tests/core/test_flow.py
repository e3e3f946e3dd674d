"""Where a case is, who may do what next, and which deadline a step leaves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from huxue.core.flow import (
    NOT_YET,
    PUBLIC,
    Actor,
    State,
    Taker,
    actor,
    allowed,
    deadline_after,
    holds,
    permission,
    state,
    take,
)
from huxue.core.kinds import Checker, Kind
from huxue.core.values import Refused, Text, day_of, end_of_day
from tests.core.flow_world import KINDS, LISTS, EveryDay, step

HAZARD = KINDS["hazard"]
DAY = 1440
START = 20_000 * DAY
T = Text(zh="甲", en="A")
SHA = "ab" * 32

FOUND = {
    "category": "fire",
    "grade": "major",
    "place": {"lat": "31", "lon": "107", "crs": "wgs84"},
    "finding": "x",
    "photos": [SHA],
}
RECTIFIED = {"measures": "x", "cost": 0, "photos_after": [SHA]}
CHECKED = {"photos_check": [SHA], "spot": True}
ABOUT = {"about": ("school",)}


def person(name: str, organisation: str, type_: str, *relations: str, at: State = NOT_YET) -> Actor:
    return actor(HAZARD, at, organisation=organisation, person=name, type=type_, relations=relations)


def bureau(name: str, at: State) -> Actor:
    return person(name, "bureau", "county-department", "supervisor", "verifier", at=at)


def principal(at: State) -> Actor:
    return person("principal", "school", "school", at=at)


def go(before: State, name: str, who: Actor, fields: dict[str, Any], *, at: int = START) -> State:
    roles = {"by": (who.organisation,), **(ABOUT if name == "found" else {})}
    return take(HAZARD, before, name, at=at, actor=who, fields=fields, roles=roles, calendar=EveryDay())


def found(**fields: Any) -> State:
    return go(NOT_YET, "found", bureau("ann", NOT_YET), {**FOUND, **fields})


def ordered() -> State:
    return go(found(), "ordered", bureau("ann", found()), {"deadline": "2024-11-04", "basis": "x"})


def rectified() -> State:
    return go(ordered(), "rectified", principal(ordered()), RECTIFIED, at=START + DAY)


def codes(before: State, name: str, who: Actor, fields: dict[str, Any] | None = None) -> list[str]:
    return [reason.code for reason in permission(HAZARD, before, name, who, fields)]


def test_a_hazard_from_finding_to_its_end() -> None:
    case = rectified()
    end = go(case, "verified", bureau("ben", case), CHECKED, at=START + 2 * DAY)
    assert (end.step, end.ended, end.opened, end.at, end.deadline) == (
        "verified",
        "fixed",
        START,
        START + 2 * DAY,
        None,
    )
    assert end.takers["rectified"] == (Taker("school", "principal"),)
    assert end.fields["grade"] == "major"


def test_the_state_of_facts_is_the_state_that_was_taken() -> None:
    case = rectified()
    facts = [
        step("found", START, deadline=case.at, roles={"by": ("bureau",), **ABOUT}, person="ann", fields=FOUND),
        step(
            "ordered",
            START,
            deadline=ordered().deadline,
            roles={"by": ("bureau",)},
            person="ann",
            fields={"deadline": "2024-11-04", "basis": "x"},
        ),
        step(
            "rectified",
            START + DAY,
            deadline=case.deadline,
            roles={"by": ("school",)},
            person="principal",
            fields=RECTIFIED,
        ),
    ]
    assert state(HAZARD, facts) == case


def test_a_step_that_the_flow_no_longer_knows_leaves_the_case_where_it_is() -> None:
    facts = [step("found", START, deadline=1), step("blessed", START + 1, deadline=2, fields={"note": "x"})]
    case = state(HAZARD, facts)
    assert (case.step, case.ended, case.deadline, case.fields) == ("found", "", 2, {"note": "x"})


def test_what_each_may_do_next() -> None:
    case = found(grade="minor")

    def open_to(who: Actor) -> set[str]:
        return {name for name, against in allowed(HAZARD, case, who).items() if not against}

    assert open_to(principal(case)) == {"fixed_at_once"}
    assert open_to(bureau("ben", case)) == {"ordered", "transferred"}
    assert open_to(PUBLIC) == set()


def test_another_school_has_no_part_in_the_case() -> None:
    case = found(grade="minor")
    stranger = person("other", "school-2", "school", at=case)
    assert stranger.names == frozenset()
    assert codes(case, "fixed_at_once", stranger) == ["not_yours"]


def test_names_of_an_actor() -> None:
    case = found()
    assert bureau("ben", case).names == {"finder", "supervisor", "verifier", "county-department"}
    assert principal(case).names == {"about", "school"}
    posts = actor(HAZARD, NOT_YET, organisation="o", person="p", type="school", posts=("guard",))
    assert posts.names == {"school", "guard"}


def test_every_reason_is_said_at_once() -> None:
    assert codes(ordered(), "accepted", principal(ordered()), {}) == ["not_yours", "condition", "missing", "missing"]
    assert [r.en for r in permission(HAZARD, ordered(), "accepted", PUBLIC)] == [
        "'Risk accepted' is for the supervising body",
        "Grade does not allow 'Risk accepted'",
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("found", "already_open"),
        ("verified", "not_here"),
        ("reopened", "not_here"),
        ("rectified", "not_here"),
    ],
)
def test_steps_out_of_place(name: str, code: str) -> None:
    assert codes(found(), name, bureau("ben", found()))[0] == code


def test_a_case_must_be_opened_first() -> None:
    assert codes(NOT_YET, "ordered", bureau("ann", NOT_YET)) == ["not_open"]


def test_an_ended_case_can_only_be_reopened() -> None:
    case = found(grade="minor")
    end = go(case, "fixed_at_once", principal(case), {"measures": "x", "photos_after": [SHA]})
    assert codes(end, "ordered", bureau("ben", end)) == ["ended"]
    again = go(end, "reopened", PUBLIC, {"reason": "x"}, at=START + 9 * DAY)
    assert (again.step, again.ended, again.opened, again.open) == ("reopened", "", START + 9 * DAY, True)


def test_a_major_hazard_is_not_fixed_at_once() -> None:
    assert codes(found(), "fixed_at_once", principal(found())) == ["condition"]


def test_a_major_hazard_is_checked_on_the_spot() -> None:
    case = rectified()
    assert codes(case, "verified", bureau("ben", case), {"photos_check": [SHA]}) == ["not_on_the_spot"]
    assert codes(case, "verified", bureau("ben", case), CHECKED | {"spot": False}) == ["not_on_the_spot"]
    assert codes(case, "verified", bureau("ben", case), CHECKED) == []


@pytest.mark.parametrize(
    ("who", "independent"),
    [
        (("ann", "bureau"), False),  # found it herself
        (("ben", "bureau"), True),  # another person of the bureau
        (("", "bureau"), False),  # somebody of the bureau, nobody knows who
        (("principal", "bureau"), False),  # rectified it, in another post
        (("guard", "school"), False),  # another person of the school concerned
        (("eve", "other"), True),
    ],
)
def test_independence(who: tuple[str, str], independent: bool) -> None:
    case = rectified()
    checker = person(who[0], who[1], "county-department", "verifier", at=case)
    assert codes(case, "verified", checker, CHECKED) == ([] if independent else ["not_independent"])


def test_one_extension_and_only_to_a_later_day() -> None:
    case = ordered()
    wanted = {"reason": "x", "interim_protection": "x"}
    with pytest.raises(Refused) as caught:
        go(case, "extended", bureau("ann", case), wanted | {"deadline": "2024-11-04"})
    assert caught.value.code == "not_later"
    longer = go(case, "extended", bureau("ann", case), wanted | {"deadline": "2024-11-05"})
    assert (longer.step, longer.deadline) == ("ordered", end_of_day(day_of_text("2024-11-05")))
    assert codes(longer, "extended", bureau("ann", longer)) == ["too_often"]


def test_the_third_hand_over_goes_to_the_joint_office() -> None:
    case = found()
    for _ in range(2):
        case = go(case, "transferred", bureau("ann", case), {"to_department": "d", "reason": "x"})
        assert case.deadline == found().deadline
    assert codes(case, "transferred", bureau("ann", case)) == ["too_often"]
    office = actor(
        HAZARD,
        case,
        organisation="county",
        person="o",
        type="county-government",
        posts=("joint-office",),
        relations=("supervisor",),
    )
    assert codes(case, "assigned", office) == []


def test_no_step_before_the_last_and_no_deadline_in_the_past() -> None:
    with pytest.raises(Refused) as caught:
        go(found(), "ordered", bureau("ann", found()), {"deadline": "2024-11-04", "basis": "x"}, at=START - 1)
    assert caught.value.code == "before_last_step"
    with pytest.raises(Refused) as caught:
        go(found(), "ordered", bureau("ann", found()), {"deadline": "2024-01-01", "basis": "x"})
    assert caught.value.code == "deadline_passed"
    with pytest.raises(Refused) as caught:
        go(found(), "blessed", bureau("ann", found()), {})
    assert caught.value.code == "unknown_step"


def day_of_text(text: str) -> int:
    return day_of(date.fromisoformat(text))


@pytest.mark.parametrize(
    ("name", "fields", "expected"),
    [
        ("plain", {}, 777),  # runs on
        ("own_days", {}, end_of_day(20_003)),
        ("own_hours", {}, START + 120),
        ("by_field", {"until": "2024-10-10"}, end_of_day(20_006)),
        ("by_field", {}, 777),
        ("by_time", {"when": "2024-10-05T08:30"}, 20_001 * DAY + 510),
        ("cleared", {}, None),
        ("ended", {}, None),
    ],
)
def test_the_deadline_that_a_step_leaves(name: str, fields: dict[str, Any], expected: int | None) -> None:
    flow: dict[str, dict[str, Any]] = {
        "plain": {},
        "own_days": {"within": {"days": 3}},
        "own_hours": {"within": {"hours": 2}},
        "by_field": {"within": {"field": "until"}},
        "by_time": {"within": {"field": "when"}},
        "cleared": {"clears": True},
        "ended": {"ends": "done"},
    }
    kind = Kind.model_validate(
        {
            "code": "k",
            "shape": "case",
            "title": T,
            "flow": {code: {"title": T, "by": "school", "from": "open", **said} for code, said in flow.items()},
        }
    )
    running = State(step="open", deadline=777)
    assert deadline_after(kind, running, name, at=START, fields=fields, calendar=EveryDay()) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"grade": "major"}, True),
        ({"grade": "minor"}, False),
        ({"grade": {"in": ["minor", "major"]}}, True),
        ({"cost": 500}, True),
        ({"cost": {"at_least": 500}}, True),
        ({"cost": {"above": 500}}, False),
        ({"cost": {"at_most": "499.99"}}, False),
        ({"cost": {"below": 501, "at_least": 1}}, True),
        ({"grade": "major", "plan": "x"}, False),
        ({"photos": SHA}, True),
        ({"photos": "x"}, False),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool) -> None:
    assert holds(HAZARD, condition, {"grade": "major", "cost": 50_000, "photos": [SHA]}) is expected


def test_a_step_cannot_change_what_another_step_asks_for() -> None:
    checker = Checker(HAZARD, LISTS)
    again = checker.check({"measures": "x", "photos_after": [SHA], "grade": "minor"}, step="fixed_at_once")
    assert [(m.field, m.en) for m in again.mistakes] == [("grade", "the step 'Fixed at once' does not take this field")]
    assert checker.check({**FOUND, "note": "x", "location": "y"}, step="found").mistakes == ()
    assert [m.field for m in checker.check({}, step="ordered").mistakes] == ["deadline", "basis"]
    assert checker.check({"grade": "minor"}).mistakes == ()
