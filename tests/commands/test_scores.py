"""``huxue scores``: the year's assessment, why each point, and the same bytes when it is run again."""

from __future__ import annotations

import json

import pytest

from tests.commands.town import RULEBOOK, Town

TREE = """
school:
  title: {zh: 学校考核, en: Assessment of schools}
  type: school
  per: year
  points: 100
  indicators:
    - code: drills
      title: {zh: 演练, en: Drills}
      weight: 100
      share: {duties: [school.drill]}
      source: {text: own, clause: article 1, confidence: V}
  source: {text: own, clause: article 9, confidence: V}
"""
DAYS = ("--as-of", "2024-12-31")


@pytest.fixture
def scored(place: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The town with a tree for its schools: North has drilled in two of the four quarters."""
    monkeypatch.setitem(RULEBOOK, "scoring.yaml", TREE)
    town = place.begin()
    town.record("kind=fire", "--id", "one")
    town.record("kind=fire", "--id", "two", at="2024-05-06")
    return town


def test_scores_and_why(scored: Town) -> None:
    (tree,) = scored.done("scores", "--json", "--year", "2024", *DAYS).json["trees"].values()
    assert [(s["organisation"], s["hundredths"]) for s in tree["scores"]] == [("S1", 6666), ("S2", 0)]
    chinese, english = scored.both("why", "S1", "score:school/drills", *DAYS)
    assert chinese.lines[:2] == ["演练：66.66 / 100.00 分（2/3）", "└ 已到期 3 项，已完成 2 项"]
    assert english.lines[-1] == "└ by: The town's notice article 1 (seen in the instrument's own text)"


def test_run_again_it_gives_the_same_bytes(scored: Town) -> None:
    known = scored.done("standings", *DAYS, "--json").json["known_at"]
    first = scored.folder / "first.json"
    scored.done("scores", "--canonical", str(first), *DAYS, "--known-at", known)
    before = json.loads(first.read_bytes())
    assert before["trees"]["school"]["scores"]["S1"]["parts"]["drills"]["value"] == [2, 3]
    again = scored.folder / "again.json"
    scored.done("scores", "--canonical", str(again), *DAYS, "--known-at", known)
    assert again.read_bytes() == first.read_bytes()


def test_what_is_refused(scored: Town) -> None:
    scored.refused(
        "“x”既不是考核表，也不是参加考核的单位",
        "'x' is neither an indicator tree nor an organisation that is scored",
        *("scores", "x"),
    )
    scored.refused(
        "没有已开始的考核年度“1066”", "there is no assessment year '1066' that has begun", "scores", "--year", "1066"
    )
    scored.refused(
        "制度中没有考核指标“school/x”",
        "there is no tree or indicator 'school/x' in the rulebook",
        *("why", "S1", "score:school/x"),
    )


def test_of_another_year(scored: Town) -> None:
    """A duty is asked for by its period, a score by its year."""
    later = ("--as-of", "2025-03-03", "--year", "2024")
    lines = scored.done("why", "S1", "score:school", *later).lines
    assert lines[:3] == [
        "S1 · Assessment of schools · 2024: 50.00 points",
        "└ assessment period 2024-01-01 to 2024-12-31, tree of 2024-12-31",
        "└ cut to hundredths only at the end",
    ]
    scored.refused(
        "--year 只用于得分；职责请写期间",
        "--year goes with a score; for a duty name the period",
        *("why", "S1", "school.drill", "--year", "2024"),
    )
    scored.refused(
        "没有已开始的考核年度“2026”",
        "there is no assessment year '2026' that has begun",
        *("why", "S1", "score:school", "--as-of", "2025-03-03", "--year", "2026"),
    )
