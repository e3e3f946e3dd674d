"""A past year scored again: the same bytes as it was known then, whatever was written, corrected or decided since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huxue.actions import facts, organisations
from huxue.actions.facts import By
from huxue.actions.organisations import New
from huxue.actions.rulebooks import activate
from huxue.commands import main as command_line
from huxue.core.calendar import Calendars
from huxue.core.rulebook.edition import Edition, from_json
from huxue.core.rulebook.model import Rulebook
from huxue.ledger import editions as stored
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, new_id
from tests.actions.county import day, moment
from tests.commands.town import RULEBOOK, rulebook
from tests.sites import Site

TREES = """
school:
  title: {zh: 学校考核, en: Assessment of schools}
  type: school
  per: year
  points: 100
  indicators:
    - code: drills
      title: {zh: 演练, en: Drills}
      weight: DRILLS
      share: {family: [drills]}
      source: {text: own, clause: article 1, confidence: V}
    - code: hazards
      title: {zh: 隐患, en: Hazards}
      weight: HAZARDS
      share: {duties: [school.rectified], counting: on_time}
      source: {text: own, clause: article 2, confidence: V}
  source: {text: own, clause: article 9, confidence: V}
office:
  title: {zh: 教育局考核, en: Assessment of offices}
  type: office
  per: year
  points: 100
  indicators:
    - code: schools
      title: {zh: 学校得分, en: Scores of schools}
      weight: 100
      scores_of: {tree: school}
      source: {text: own, clause: article 3, confidence: V}
  source: {text: own, clause: article 9, confidence: V}
"""
NOW = moment("2025-03-03T10:00")
INSPECTOR, NORTH, SOUTH = By("O1/inspector"), By("S1/principal"), By("S2/principal")


@dataclass
class Years:
    """Two offices, three schools, and a year of drills and hazards written down as it went."""

    folder: Path
    book: Rulebook
    drills: dict[str, str]

    def scores(self, *words: str) -> dict[str, Any]:
        return dict(json.loads(self.bytes(*words)))

    def bytes(self, *words: str) -> bytes:
        file = self.folder / "scores.json"
        assert command_line.main(["scores", "--canonical", str(file), *words]) == 0
        return file.read_bytes()

    def record(self, post: By, at: str, now: int) -> str:
        return facts.record(
            rulebook=self.book, now=now, by=post, kind="drill", at=moment(at), values={"kind": "fire"}
        ).id


def book(folder: Path, *, drills: int, weight: int) -> str:
    """A town's rulebook that asks for so many drills a quarter and gives them so many points of a hundred."""
    duties = RULEBOOK["duties/duties.yaml"].replace("at_least: 1, per: quarter", f"at_least: {drills}, per: quarter")
    name = rulebook(folder, duties=duties)
    trees = TREES.replace("DRILLS", str(weight)).replace("HAZARDS", str(100 - weight))
    (folder / "scoring.yaml").write_text(trees, "utf-8")
    return name


@pytest.fixture
def years(site: Site, tmp_path: Path) -> Years:
    start = moment("2024-01-02")
    made = activate(book(tmp_path / "first", drills=1, weight=60), now=start)
    new = [New("O1", "东县", "office"), New("O2", "西县", "office")]
    new += [New(code, code, "school", parent) for code, parent in (("S1", "O1"), ("S2", "O1"), ("S3", "O2"))]
    organisations.open_(now=start, by=None, at=moment("2024-01-01"), new=new)
    posts = ("O1/inspector", "S1/principal", "S2/principal", "S3/principal")
    append([_post(post) for post in posts], kinds=made.rulebook.kinds, recorded=start)
    years = Years(tmp_path, made.rulebook, {})
    for post, days in (("S1", ("02-05", "05-06", "08-07")), ("S2", ("02-05",)), ("S3", ("02-05", "05-06", "11-11"))):
        for at in days:
            said = f"2024-{at}"
            years.drills[f"{post} {at}"] = years.record(By(f"{post}/principal"), said, moment(said) + 600)
    for school, rectified in (("S1", "2024-06-05"), ("S2", "2024-07-05")):
        _hazard(years, school, rectified)
    return years


def _post(code: str) -> Draft:
    organisation, _, sort = code.partition("/")
    fields = {"code": code, "organisation": organisation, "type": sort}
    about = {"about": (organisation,)}
    return Draft(id=new_id(), kind="post", verb="open", at=moment("2024-01-01"), roles=about, fields=fields)


def _hazard(years: Years, school: str, rectified: str) -> None:
    calendar = Calendars.build(years.book.calendars).default
    found = moment("2024-06-01")
    step = facts.take_step(
        rulebook=years.book, now=found, by=INSPECTOR, kind="hazard", step="found", at=found,
        values={"finding": "x"}, calendar=calendar, roles={"by": ("O1",), "about": (school,)},
    )  # fmt: skip
    at = moment(rectified)
    facts.take_step(
        rulebook=years.book, now=at, by=By(f"{school}/principal"), kind="hazard", step="rectified", at=at, values={},
        calendar=calendar, item=step.id,
    )  # fmt: skip


def much_happens(years: Years) -> None:
    """In March of the next year the past is written anew: late facts, corrections, excuses, a move, an edition."""
    more: dict[str, Any] = {"rulebook": years.book, "now": NOW}
    years.record(SOUTH, "2024-05-20", NOW)
    facts.correct(**more, by=NORTH, fact=years.drills["S1 08-07"], values={"kind": "fire"}, at=moment("2024-06-30"))
    facts.withdraw(**more, by=By("S3/principal"), fact=years.drills["S3 11-11"])
    facts.excuse(
        **more, by=INSPECTOR, organisations=["S2"], first=date(2024, 7, 1), last=date(2024, 9, 30), reason="停课",
        duty="school.drill",
    )  # fmt: skip
    organisations.move(now=NOW, by=None, at=moment("2024-07-01"), code="S3", parent="O1")
    activate(book(years.folder / "second", drills=2, weight=30), on=["guards"], valid_from=day("2024-07-01"), now=NOW)


def test_as_it_was_known_then_the_file_has_the_same_bytes(years: Years) -> None:
    words = ("--as-of", "2024-12-31", "--known-at", "2025-01-10")
    before = years.bytes(*words)
    much_happens(years)
    assert years.bytes(*words) == before
    assert years.bytes("--year", "2024", *words) == before


def test_as_it_is_known_now_it_differs_and_says_by_what(years: Years) -> None:
    before = years.scores("--as-of", "2024-12-31", "--known-at", "2025-01-10")
    much_happens(years)
    after = years.scores("--as-of", "2024-12-31", "--known-at", "2025-03-03")
    assert {key for key in before if before[key] != after[key]} == {"edition", "content", "known_at", "trees"}
    then, now = (said["trees"]["school"]["scores"] for said in (before, after))
    assert {org: one["total"] for org, one in then.items()} == {"S1": 10000, "S2": 2000, "S3": 7500}
    assert [now[org]["parts"]["drills"]["figure"] for org in ("S1", "S2", "S3")] == [[2, 3], [2, 3], [2, 3]]
    assert [then[org]["parts"]["drills"]["worth"] for org in ("S1", "S3")] == [[60, 1], [100, 1]]
    assert now["S1"]["parts"]["drills"]["worth"] == [30, 1]
    offices = [said["trees"]["office"]["scores"] for said in (before, after)]
    assert [one["O2"]["total"] for one in offices] == [7500, None]  # its school lies in the other county now
    closed = years.scores("--year", "2024", "--as-of", "2025-03-03")["trees"]["school"]["scores"]["S2"]
    assert closed["parts"]["drills"]["figure"] == [2, 3]  # excused for one quarter, on a day after the year


def test_families_alone_make_another_content(years: Years) -> None:
    words = ("--as-of", "2025-03-03", "--known-at")
    before = years.scores(*words, "2025-03-02")
    made = activate(years.book, on=["guards"], valid_from=day("2024-01-01"), now=NOW)
    after = years.scores(*words, "2025-03-03")
    assert (before["edition"], before["content"] != after["content"]) == (after["edition"], True)
    assert after["content"] == stored.activations()[-1].identity
    assert _stored(after["content"]).families_on == made.families_on


def _stored(identity: str) -> Edition:
    return from_json(stored.content(identity))


def test_new_weights_never_score_an_old_year(years: Years) -> None:
    """Activated for 2025, they are in force when the year is looked at, but not on its last day."""
    words = ("--year", "2024", "--as-of", "2025-03-03", "--known-at")
    before = years.scores(*words, "2025-03-02")
    activate(book(years.folder / "second", drills=2, weight=30), valid_from=day("2025-01-01"), now=NOW)
    after = years.scores(*words, "2025-03-03")
    assert {key for key in before if before[key] != after[key]} == {"known_at"}
    this_year = years.scores("--as-of", "2025-03-03", "--known-at", "2025-03-03")
    assert (this_year["edition"] == after["edition"], this_year["trees"]["school"]["period"][0]) == (False, "2025")


def test_what_an_office_did_late_counts_in_the_year_it_was_due(years: Years) -> None:
    years.record(NORTH, "2025-02-03", NOW)
    closed = years.scores("--year", "2024", "--as-of", "2025-03-03")
    assert closed["trees"]["school"]["period"] == ["2024", day("2024-01-01"), day("2024-12-31")]
    assert closed["trees"]["school"]["tree_of"] == day("2024-12-31")
    assert closed["trees"]["school"]["scores"]["S1"]["parts"]["drills"]["figure"] == [3, 4]
