"""The ladder of a family: what its duties stand on that name none, and who may set it."""

from __future__ import annotations

from pathlib import Path

from huxue.core.rulebook.load import load
from huxue.rulebooks import read

BOOKS = Path(__file__).parent / "rulebooks"
LADDERS = "schools: {}\ngovernments: {}\n"
DUTY = (
    "{{code: {code}, title: {{zh: 甲, en: A}}, family: drills, owed_by: {{type: school}}, {ladder}"
    "repeat: {{deed: {{record: drill}}, per: month}}, source: {{text: speech, clause: c}}}}\n"
)


def ladders(*, family: str, declared: str = "") -> tuple[dict[str, str], list[str]]:
    """Load the small rulebook under a layer that sets the ladder of its family of drills."""
    below = read(str(BOOKS / "small"))
    duties = f"- {DUTY.format(code='own', ladder='ladder: governments, ')}- {DUTY.format(code='plain', ladder='')}"
    above = {
        "rulebook.yaml": "{code: top, title: {zh: 上, en: Top}, layer: county, extends: ../small}",
        "families.yaml": f"drills: {family}",
        "duties/own.yaml": duties,
        **({"ladders.yaml": declared} if declared else {}),
    }
    rulebook, problems = load([*below, ("top", above)])
    found = {code: duty.ladder for code, duty in rulebook.duties.items()} if rulebook else {}
    return found, [problem.say("en") for problem in problems]


def test_a_later_layer_gives_a_family_its_ladder_and_duties_that_name_none_stand_on_it() -> None:
    found, problems = ladders(family="{ladder: schools}")
    assert problems == []
    wanted = ("own", "plain", "monthly-drill", "drill.fire", "lessons")
    assert [found[code] for code in wanted] == ["governments", "schools", "schools", "schools", ""]


def test_without_it_they_stand_on_none() -> None:
    found, problems = ladders(family="{on: false}")
    assert problems == []
    assert {code: ladder for code, ladder in found.items() if ladder} == {"own": "governments"}


def test_a_ladder_that_is_not_there_is_a_problem_at_its_line() -> None:
    _, problems = ladders(family="\n  ladder: scholos", declared=LADDERS)
    assert [said for said in problems if said.startswith("top/families")] == [
        "top/families.yaml:2: there is no ladder 'scholos'; did you mean 'schools'?"
    ]
