"""Deeds that cannot be: on a day that does not exist, at a school that had closed, by somebody whose step it is not."""

from __future__ import annotations

from datetime import datetime

from huxue.actions import organisations
from huxue.commands import dates
from huxue.core.values import minute_of
from tests.commands.town import Town

DRILL = ("record", "drill", "kind=fire", "--post", "S1/principal", "--at")


def test_an_impossible_date(town: Town) -> None:
    for at in ("2024-02-30", "2024-02-05 25:00", "yesterday"):
        town.refused(
            f"没有“{at}”这个时间，请写作 2026-03-12 09:30",
            f"there is no moment '{at}'; write it like 2026-03-12 09:30",
            *(*DRILL, at),
        )
    town.refused(
        "day_of_plan：2024-02-30 这一天不存在",
        "day_of_plan: there is no such day as 2024-02-30",
        *(*DRILL, "2024-02-05", "day_of_plan=2024-02-30"),
    )
    town.refused("发生时间晚于当前时间。", "It happened later than now.", *DRILL, f"{int(said_today()[:4]) + 1}-12-31")
    for words in (("standings", "--as-of"), ("rulebook", "activate", str(town.folder / "town"), "--valid-from")):
        town.refused(
            "没有“2024-13-01”这一天，请写作 2026-06-30",
            "there is no day '2024-13-01'; write it like 2026-06-30",
            *(*words, "2024-13-01"),
        )


def test_a_deed_after_its_school_closed_is_refused_and_one_before_is_taken(town: Town) -> None:
    closing = minute_of(datetime(2024, 6, 30))  # noqa: DTZ001 - civil time of the site
    organisations.close(now=dates.now(), by=None, at=closing, code="S2")
    town.refused(
        "单位“S2”已于2024-06-30撤销，此后不能再有记录。",
        "'S2' closed on 2024-06-30: nothing can have happened there since.",
        *("record", "drill", "kind=fire", "--role", "with=S2", "--post", "S1/principal", "--at", "2024-07-01"),
    )
    town.refused(
        "当时没有岗位“S2/principal”。",
        "There was no post 'S2/principal' then.",
        *("record", "drill", "kind=fire", "--post", "S2/principal", "--at", "2024-07-01"),
    )
    town.record("--role", "with=S2", "kind=fire", at="2024-06-29")
    own = town.record("kind=fire", post="S2/principal", at="2024-06-29").json
    assert own["marks"] == "holding_ended"
    after = town.type("import", *town.drills("1,S2,2024-07-01,fire,10", "2,S2,2024-06-28,fire,10"))
    assert (after.code, after.lines[2:4]) == (
        1,
        [
            "  1 new, 0 changed, 0 the same  (drill 2)",
            "drills.csv, row 2: 'S2' closed on 2024-06-30: nothing can have happened there since.",
        ],
    )
    found = town.done("standings", "--organisation", "S2", "--as-of", "2024-09-30", "--json").json
    assert [(row["period"], row["status"], row["have"]) for row in found["rows"]] == [
        ("2024-Q1", "missed", 0),
        ("2024-Q2", "met", 2),
    ]
    why = town.done("why", "S2", "school.drill", "2024-Q2", "--as-of", "2024-09-30")
    assert why.lines[0] == "South school · A drill each quarter · 2024-Q2: met (not on time)"
    town.whole()


def test_a_step_by_the_wrong_post(town: Town) -> None:
    find = ("record", "hazard", "finding=crack", "--step", "found", "--role", "about=S1", "--at", "2024-03-01")
    town.refused("“发现”由检查员办理", "'Found' is for Inspector", *find, "--post", "S1/principal")
    case = town.done(*find, "--post", "O1/inspector", "--json").json["item"]
    step = ("record", "hazard", "--case", case, "--at", "2024-03-05", "--step")
    town.refused("“整改”由学校办理", "'Rectified' is for School", *step, "rectified", "--post", "S2/principal")
    town.refused("“整改”由学校办理", "'Rectified' is for School", *step, "rectified", "--post", "O1/inspector")
    town.done(*step, "rectified", "--post", "S1/principal")
    town.refused("“复查”由检查员办理", "'Verified' is for Inspector", *step, "verified", "--post", "S2/principal")
    with town.nothing_written():
        chinese, english = town.both(*step, "verified", "--post", "S1/principal")
    assert (chinese.code, english.code) == (2, 2)
    assert chinese.err.startswith("“复查”由检查员办理；")
    assert english.err.startswith("'Verified' is for Inspector; ")
    town.done(*step, "verified", "--post", "O1/inspector")
    town.refused(
        "事项已经办结，只能重新打开；“整改”由学校办理",
        "the case has ended; it can only be re-opened; 'Rectified' is for School",
        *(*step, "rectified", "--post", "O1/inspector"),
    )


def test_a_post_that_was_not_there_and_a_kind_that_is_not_theirs(town: Town) -> None:
    drill = ("record", "drill", "kind=fire", "--at", "2024-02-05", "--post")
    town.refused("当时没有岗位“S1/cook”。", "There was no post 'S1/cook' then.", *drill, "S1/cook")
    town.refused("“演练”不由本单位填报。", "A Drill is not for this organisation.", *drill, "O1/inspector")
    town.refused(
        "当时不任“S1/principal”。",
        "The post 'S1/principal' was not held by this person then.",
        *(*drill, "S1/principal", "--person", "nobody"),
    )


def said_today() -> str:
    return dates.said(dates.now() // 1440)
