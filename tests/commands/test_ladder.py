"""``huxue ladder`` and ``huxue measure``: what follows, who decides, and what is refused."""

from __future__ import annotations

import pytest

from tests.commands.town import Town
from tests.ladders.town import SUPERVISE, begin, proposals

APRIL = "2024-04-01"  # a Monday: the first working day after the first quarter
ISSUE = ("measure", "issue", SUPERVISE, "--post", "O1/inspector", "--as-of", APRIL)


@pytest.fixture
def town(place: Town) -> Town:
    return begin(place)


def reminded(town: Town) -> Town:
    town.done("ladder", "--send-reminders", "--as-of", APRIL)
    return town


def test_reminders_go_out_once_and_open_the_next_rung(town: Town) -> None:
    assert proposals(town, "2024-03-31") == []
    assert proposals(town, APRIL) == ["schools.remind.school.drill@system 3"]
    sent = town.done("ladder", "--send-reminders", "--as-of", APRIL, "--json").json
    assert sent["sent"] == 1
    assert [one["code"] for one in sent["proposals"]] == [SUPERVISE, "schools.supervise.school.drill@O2"]
    assert town.done("ladder", "--send-reminders", "--as-of", APRIL, "--json").json["sent"] == 0
    town.whole()


def test_a_proposal_in_both_languages(town: Town) -> None:
    words = ("ladder", "--as-of", APRIL, "--organisation", "S3")
    chinese, english = reminded(town).both(*words)
    assert chinese.lines == [
        "截至 2024-04-01：待决定 1 件，待发提醒 0 件",
        "schools.supervise.school.drill@O2",
        "  督办 · 每季度演练 · 由Other office（O2）检查员决定",
        "  依据：小镇通知 article 1（已核原文）",
        "  依据：小镇通知 article 9（本项目默认值，待确认）",
        "    East school (S3)  已过期限 1 个工作日，未履行 1 项  2024-Q1",
        "      huxue why S3 school.drill 2024-Q1 --as-of 2024-04-01",
    ]
    assert english.lines == [
        "as of 2024-04-01: 1 to be decided, 0 reminders to be sent",
        "schools.supervise.school.drill@O2",
        "  Supervision order · A drill each quarter · Other office (O2), Inspector, decides",
        "  by: The town's notice article 1 (seen in the instrument's own text)",
        "  by: The town's notice article 9 (a default of this project, unconfirmed)",
        "    East school (S3)  1 working day past the deadline, 1 missed  2024-Q1",
        "      huxue why S3 school.drill 2024-Q1 --as-of 2024-04-01",
    ]
    why = english.lines[-1].split()[1:]
    assert town.done(*why).lines[0] == "East school · A drill each quarter · 2024-Q1: missed"


def test_an_order_is_issued_once_and_a_circular_follows(town: Town) -> None:
    reminded(town)
    assert town.done(*ISSUE, "--number", "2024-1").lines[0].startswith(f"issued: {SUPERVISE}, fact ")
    assert proposals(town, APRIL) == ["schools.supervise.school.drill@O2 1"]
    with town.nothing_written():
        assert town.type(*ISSUE).code == 2
    assert proposals(town, "2024-07-01", "--organisation", "O1") == ["schools.circulate.school.drill@O1 2"]
    town.whole()


def test_it_stops_by_itself_when_the_next_obligation_is_met(town: Town) -> None:
    town.record("kind=fire", post="S1/principal", at="2024-05-05")
    assert proposals(reminded(town), "2024-07-01", "--organisation", "S1") == []


def test_some_of_the_addressees(town: Town) -> None:
    reminded(town)
    town.done(*ISSUE, "--only", "S2")
    assert proposals(town, APRIL) == [f"{SUPERVISE} 1", "schools.supervise.school.drill@O2 1"]
    town.done(*ISSUE, "--only", "S1")
    assert proposals(town, APRIL) == ["schools.supervise.school.drill@O2 1"]


def test_dismissed_rests_until_more_is_behind(town: Town) -> None:
    reminded(town)
    answer = town.done("measure", "dismiss", *ISSUE[2:], "--reason", "floods")
    assert answer.lines[0].startswith(f"dismissed: {SUPERVISE}, fact ")
    assert proposals(town, "2024-06-30", "--organisation", "O1") == []
    assert proposals(town, "2024-07-01", "--organisation", "O1") == [f"{SUPERVISE} 2"]  # and no circular before it


def test_put_off_until_a_day(town: Town) -> None:
    reminded(town)
    town.done("measure", "postpone", *ISSUE[2:], "--reason", "handover", "--until", "2024-04-20")
    assert proposals(town, "2024-04-19", "--organisation", "O1") == []
    assert proposals(town, "2024-04-20", "--organisation", "O1") == [f"{SUPERVISE} 2"]


def test_the_weaker_duty_carries_no_ladder(town: Town) -> None:
    reminded(town)
    behind = town.done("standings", "--duty", "school.yearly-drill", "--as-of", "2025-01-02", "--json").json["totals"]
    assert (behind["missed"], behind["due"]) == (3, 3)
    assert proposals(town, "2025-01-02", "--duty", "school.yearly-drill") == []


def test_a_case_past_its_deadline_starts_at_the_interview(town: Town) -> None:
    found = ("record", "hazard", "--post", "O1/inspector", "--at", "2024-03-01", "--step", "found")
    case = town.done(*found, "--role", "about=S1", "finding=x", "--json").json["item"]
    code = f"serious.interview.{case}@O1"
    assert proposals(town, "2024-03-11") == []
    assert proposals(town, "2024-03-12") == [f"{code} 1"]
    assert town.done("ladder", "--as-of", "2024-03-12").lines[2:] == [
        f"  Interview · Hazard {case} · Office (O1), Inspector, decides",
        "  by: The town's notice article 10 (a default of this project, unconfirmed)",
        "    North school (S1)  0 working days ago",
    ]
    town.done("measure", "issue", code, "--post", "O1/inspector", "--as-of", "2024-03-12")
    assert proposals(town, "2024-03-21") == []
    assert proposals(town, "2024-03-22") == [f"serious.account.{case}@O1 1"]
    town.done("record", "hazard", "--post", "S1/principal", "--at", "2024-03-22", "--step", "rectified", "--case", case)
    last = ("--at", "2024-03-23", "--step", "verified", "--case", case)
    town.done("record", "hazard", "--post", "O1/inspector", *last)
    assert proposals(town, "2024-03-25") == []


def test_who_may_not_decide(town: Town) -> None:
    reminded(town)
    refused = (
        f"“{SUPERVISE}”由 O1 的检查员决定。",
        f"'{SUPERVISE}' is decided by O1: Inspector.",
    )
    town.refused(*refused, "measure", "issue", SUPERVISE, "--post", "O2/inspector", "--as-of", APRIL)
    town.refused(*refused, "measure", "issue", SUPERVISE, "--post", "S1/principal", "--as-of", APRIL)
    town.refused(
        "当时不任“O1/inspector”。",
        "The post 'O1/inspector' was not held by this person then.",
        *ISSUE,
        "--person",
        "p9",
    )


def test_what_else_is_refused(town: Town) -> None:
    reminded(town)
    dismiss, postpone = ("measure", "dismiss", *ISSUE[2:]), ("measure", "postpone", *ISSUE[2:], "--reason", "x")
    town.refused("请说明理由。", "Give a reason.", *dismiss, "--reason", " ")
    far = ("只能暂缓到 2024-04-02 至 2024-05-31 之间。", "It can be put off until 2024-04-02 to 2024-05-31.")
    town.refused(*far, *postpone, "--until", APRIL)
    town.refused(*far, *postpone, "--until", "2024-06-01")
    town.refused(f"“{SUPERVISE}”不涉及 S3。", f"'{SUPERVISE}' is not about S3.", *ISSUE, "--only", "S3", "S1")
    gone = (
        "“schools.remind.school.drill@system”现在没有提出：可能已办结、已决定，或编号有误。",
        "'schools.remind.school.drill@system' is not proposed now: it may have ended, been decided, or be misspelt.",
    )
    town.refused(*gone, "measure", "issue", "schools.remind.school.drill@system", *ISSUE[3:])
    town.refused("制度中没有职责“x”", "there is no duty 'x' in the rulebook", "ladder", "--duty", "x")
    town.refused("没有编码为“X”的单位", "there is no organisation with the code 'X'", "ladder", "--organisation", "X")
