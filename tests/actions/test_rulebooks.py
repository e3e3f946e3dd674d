"""Activating editions, and acting out the worked examples of a rulebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue.actions.rulebooks import activate, read_rulebook, worked_examples
from huxue.core.values import Refused
from huxue.standings.site import edition_for
from tests.sites import Site

EXAMPLE = """
situation:
  organisations:
    青岚市: {type: city-government}
    沐河县: {type: county-government, parent: 青岚市}
examples:
  - title: {zh: 开过会, en: The meeting was held}
    sort: positive
    duty: county.safety-meeting
    as_of: 2026-12-31
    facts:
      - {record: meeting, at: 2026-05-06, by: 沐河县, fields: {meeting_kind: school-safety, subject: 部署}}
    expect:
      - {organisation: 沐河县, period: "2026", status: STATUS}
"""


def folder(tmp_path: Path, status: str) -> str:
    (tmp_path / "examples").mkdir(parents=True)
    head = "code: mine\ntitle: {zh: 本县, en: Ours}\nlayer: county\nextends: city\n"
    (tmp_path / "rulebook.yaml").write_text(head, "utf-8")
    (tmp_path / "examples" / "meetings.yaml").write_text(EXAMPLE.replace("STATUS", status), "utf-8")
    return str(tmp_path)


def examples(name: str) -> list[str]:
    rulebook, problems = read_rulebook(name)
    assert (problems, rulebook is not None) == ([], True)
    assert rulebook is not None
    return [problem.say("en") for problem in worked_examples(name, rulebook)]


def test_examples_that_come_out_as_they_say_are_no_problem(tmp_path: Path) -> None:
    assert examples(folder(tmp_path, "met")) == []


def test_an_example_that_comes_out_otherwise_is_a_problem(tmp_path: Path) -> None:
    (said,) = examples(folder(tmp_path, "missed"))
    assert said.partition("/")[2].startswith("examples/meetings.yaml:1: example 'The meeting was held': ")


def test_an_example_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (said,) = examples(folder(tmp_path, "splendid"))
    assert "splendid" in said


def test_the_last_activation_counts_even_within_one_minute(site: Site) -> None:
    now = 29_500_000
    day = now // 1440
    first = activate("examples/nyc-311", now=now)
    second = activate("examples/nys-water", now=now)
    assert edition_for(as_of=day, known_at=day).hash == second.hash
    again = activate("examples/nyc-311", now=now + 1440)
    assert again.hash == first.hash
    assert edition_for(as_of=day + 1, known_at=day + 1).hash == first.hash
    assert edition_for(as_of=day + 1, known_at=day).hash == second.hash  # what was known the day before
    with pytest.raises(Refused, match="in force already"):
        activate("examples/nyc-311", now=now + 2880)


def test_a_day_is_judged_by_the_edition_in_force_then(site: Site) -> None:
    now = 29_500_000
    today = now // 1440
    old = activate("examples/nyc-311", valid_from=today - 400, now=now)
    new = activate("examples/nys-water", valid_from=today - 30, now=now)
    assert edition_for(as_of=today, known_at=today).hash == new.hash
    assert edition_for(as_of=today - 31, known_at=today).hash == old.hash
    assert edition_for(as_of=today - 9_000, known_at=today).hash == old.hash
