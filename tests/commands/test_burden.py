"""``huxue burden``, and what ``huxue rulebook activate`` shows and keeps: families, days, minutes."""

from __future__ import annotations

import pytest

from huxue.commands import dates
from huxue.core.rulebook.edition import Edition
from huxue.standings.site import edition_for
from tests.commands.test_refused_rulebooks import unchanged
from tests.commands.town import RULEBOOK, Town, rulebook

# four drills a year of 30 minutes are 10 minutes a month; four looks of a minute at the guards make 124 minutes a year
DRILL = RULEBOOK["kinds/drill.yaml"] + "minutes: 30\n"
NOTE = "An estimate; what is only owed after a trigger is not counted, see --duties."
GUARDED = "  School: 10 → 11 (+1)"


@pytest.fixture
def slow(town: Town) -> str:
    """The folder of the same rulebook with longer records, in force for two families."""
    folder = rulebook(town.folder / "slow", drill=DRILL)
    town.done("rulebook", "activate", folder)
    return folder


def today() -> str:
    return dates.said(dates.now() // 1440)


def active() -> Edition:
    """The edition in force."""
    day = dates.now() // 1440
    return edition_for(as_of=day, known_at=day)


def test_of_the_site(town: Town, slow: str) -> None:
    with town.nothing_written(), unchanged():
        assert town.done("burden").lines == [
            "Minutes a month of writing things down, by role:",
            "  School: 10",
            "By family:",
            "  Drills (drills): School 10",
            NOTE,
        ]
        assert town.done("burden", "--on", "guards", "--duties").lines == [
            "Minutes a month of writing things down, by role:",
            GUARDED,
            "By family:",
            "  Drills (drills): School 10",
            "  Guards (guards): School 1",
            "By duty:",
            "  School · A drill each quarter (school.drill): 4 a year, 1800 s each",
            "  School · A certified guard (school.guard): 4 a year, 60 s each",
            NOTE,
        ]
        assert town.type("burden", "--off", "drills", lang="zh").lines == [
            "每月录入用时（分钟），按角色：",
            "  学校: 10 → 0（-10）",
            "按职责族：",
            "估算；触发后才需办理的事项不计入，一次约需时见 --duties。",
        ]
        found = town.done("burden", "--on", "guards", "--json").json
    drill, guard = found["duties"]
    assert found["roles"] == [
        {"type": "school", "post": "", "minutes_a_month": 11, "minutes_a_month_before": 10},
    ]
    assert drill == {
        "type": "school", "post": "", "family": "drills", "duty": "school.drill", "kind": "drill",
        "times_a_year_in_thousandths": 4000, "seconds_each": 1800,
    }  # fmt: skip
    assert (guard["duty"], guard["times_a_year_in_thousandths"], guard["seconds_each"]) == ("school.guard", 4000, 60)
    assert slow.endswith("slow")


def test_what_rounding_would_hide_is_said(town: Town) -> None:
    chinese, english = town.both("burden", "--on", "guards")
    assert (chinese.lines[1], english.lines[1]) == ("  学校: 1（增加不足 1）", "  School: 1 (less than 1 more)")


def test_without_a_site(place: Town) -> None:
    folder = rulebook(place.folder / "slow", drill=DRILL)
    (place.site.folder / "huxue.sqlite3").unlink(missing_ok=True)  # on PostgreSQL there is none
    assert place.done("burden", "--rulebook", folder, "--on", "guards").lines[1] == GUARDED
    assert not (place.site.folder / "huxue.sqlite3").exists()


def test_what_is_refused(place: Town) -> None:
    none = "尚未启用任何制度版本，请先运行 huxue init --rulebook 名称。"
    place.refused(none, "no edition of a rulebook is active yet: run huxue init --rulebook NAME first.", "burden")
    town = place.begin()
    for option in ("--on", "--off"):
        said = "没有职责族“guard”，是不是“guards”？", "there is no family 'guard'; did you mean 'guards'?"
        town.refused(*said, "burden", option, "guard")
        town.refused(*said, "rulebook", "activate", str(town.folder / "town"), option, "guard")
        town.refused(*said, "rulebook", "activate", str(town.folder / "town"), option, "guard", "--dry-run")
    bad = rulebook(town.folder / "bad", guard=RULEBOOK["kinds/guard.yaml"] + "colour: red\n")
    town.refused(
        f"制度“{bad}”有 2 处问题，请先运行 huxue rulebook check {bad}。",
        f"the rulebook '{bad}' has 2 problem(s): run huxue rulebook check {bad} first.",
        *("burden", "--rulebook", bad),
    )


def test_a_dry_run_shows_what_it_would_cost_and_changes_nothing(town: Town, slow: str) -> None:
    before = active()
    with town.nothing_written(), unchanged():
        for words in (("--on", "guards"), ("--families", "drills, guards"), ("--valid-from", "2024-07-01")):
            shown = town.done("rulebook", "activate", slow, *words, "--dry-run")
            expected = GUARDED if "2024-07-01" not in words else "  School: 10"
            assert (shown.lines[1], shown.lines[-1]) == (expected, NOTE)
    assert active() == before


def test_families_are_kept_and_a_later_edition_counts_from_today(town: Town, slow: str) -> None:
    first = town.done("rulebook", "activate", slow, "--on", "guards")
    assert first.lines[1] == GUARDED
    assert first.lines[-1].endswith(f" from {today()}; families: drills, guards, hazards")
    monthly = rulebook(
        town.folder / "monthly",
        drill=DRILL,
        duties=RULEBOOK["duties/duties.yaml"].replace("per: quarter}\n  source", "per: month}\n  source", 1),
        rulebook=RULEBOOK["rulebook.yaml"].replace(
            "guards: {title: {zh: 保安, en: Guards}, on: false}",
            "guards: {title: {zh: 保安, en: Guards}, on: false}\n"
            "  more: {title: {zh: 另加, en: More}, on: true}\n  other: {title: {zh: 其他, en: Other}}",
        ),
    )
    second = town.done("rulebook", "activate", monthly)
    assert second.lines[1] == "  School: 11 → 31 (+20)"
    assert second.lines[-1].endswith(f" from {today()}; families: drills, guards, hazards, more")
    third = town.done("rulebook", "activate", monthly, "--off", "drills,more")
    assert third.lines[-1].endswith(f" from {today()}; families: guards, hazards")
    assert active().families_on == ("guards", "hazards")
    none = town.done("rulebook", "activate", monthly, "--families", "")
    assert none.lines[-1].endswith(f" from {today()}; families: ")
    town.whole()


def test_what_was_owed_before_stays_owed(town: Town, slow: str) -> None:
    """An edition that only switches a family on leaves the standings of the others as they were."""
    words = ("standings", "--as-of", today(), "--duty", "school.drill", "--json")
    before = town.done(*words).json["rows"]
    town.done("rulebook", "activate", slow, "--on", "guards")
    assert town.done(*words).json["rows"] == before
    assert len(before) > 10
