"""``huxue why``: from a standing down to its facts and its clause."""

from __future__ import annotations

from huxue.commands import dates
from tests.commands.town import Town

TODAY = str(dates.said(dates.now() // 1440))
WHY = ("why", "S1", "school.drill", "2024-Q1", "--as-of", "2024-03-31")


def test_down_to_the_fact_and_the_clause(town: Town) -> None:
    town.record("kind=fire", "--id", "d")
    chinese, english = town.both(*WHY)
    assert chinese.lines == [
        "North school · 每季度演练 · 2024-Q1：已完成（未按时）",
        "└ 应有 1，实有 1",
        "└ 期间 2024-01-01 至 2024-03-31，应于 2024-03-31 前，2024-03-31 后不可补办；截至 2024-03-31",
        "└ 承担者：学校",
        "└ 计入的事实（1）",
        f"  └ 2024-02-05 演练 North school，{TODAY} 录入  [d]",
        "└ 依据：小镇通知 article 1（已核原文）",
    ]
    assert english.lines == [
        "North school · A drill each quarter · 2024-Q1: met (not on time)",
        "└ needed 1, found 1",
        "└ window 2024-01-01 to 2024-03-31, due by 2024-03-31, closed after 2024-03-31; as of 2024-03-31",
        "└ owed by: School",
        "└ facts that count (1)",
        f"  └ 2024-02-05 Drill North school, entered {TODAY}  [d]",
        "└ by: The town's notice article 1 (seen in the instrument's own text)",
    ]
    (reason,) = town.done(*WHY, "--json").json
    assert [below["text"] for below in reason["because"]] == [
        line[2:] for line in english.lines[1:5] + english.lines[6:]
    ]
    assert reason["because"][3]["because"] == [{"text": f"2024-02-05 Drill North school, entered {TODAY}", "fact": "d"}]


def test_without_a_period_every_one_is_explained(town: Town) -> None:
    lines = town.done("why", "S1", "school.drill", "--as-of", "2024-07-01").lines
    assert [line.rpartition(" · ")[2] for line in lines if "└" not in line] == [
        "2024-Q1: missed",
        "2024-Q2: missed",
        "2024-Q3: due",
    ]


def test_what_is_refused(town: Town) -> None:
    town.refused("制度中没有职责“x”", "there is no duty 'x' in the rulebook", "why", "S1", "x")
    town.refused("没有编码为“S9”的单位", "there is no organisation with the code 'S9'", "why", "S9", "school.drill")
    town.refused(
        "O1 在 2024-03-31 没有职责“school.drill”的履职状态：不承担、期间未开始或当时尚未启用",
        "O1 has no standing for 'school.drill' on 2024-03-31: it does not bear it, no window began, "
        "or it was not in use yet",
        *("why", "O1", "school.drill", "--as-of", "2024-03-31"),
    )
