"""Why, in words: worked examples of the city explained down to facts, needs and clauses, in both languages."""

from __future__ import annotations

from typing import Literal

from huxue.core.duties.explain import explain
from huxue.core.duties.history import History
from tests.examples.test_examples import city, examples


def told(duty: str, language: Literal["zh", "en"]) -> list[str]:
    """Return the tree of the first row that the negative example of a duty expects; ids of facts are left out."""
    rulebook, calendars = city()
    example = next(e for e in examples().values() if e.duty == duty and e.sort == "negative")
    row = example.expected[0]
    history = History(rulebook, calendars, example.facts, as_of=example.as_of, known_at=example.known_at)
    (reason,) = explain(history, row.organisation, duty, row.period)
    return [line.rsplit("  [", 1)[0] for line in reason.lines(language)]


def test_a_need_is_followed_to_the_numbers_it_comes_from() -> None:
    assert told("school.guards", "zh") == [
        "青禾小学 · 按在校人数配足持证保安员 · 2026-Q1：未履行",
        "└ 应有 1，实有 0",
        "└ 期间 2026-01-01 至 2026-03-31，看当日是否如此：2026-03-31",
        "└ 承担者：学校",
        "└ 走读学生数 99，应有 1",
        "└ 寄宿学生数 0，应有 0",
        "└ 没有找到可计入的记录",
        "└ 依据：中小学、幼儿园安全防范要求 SEC-02、SEC-03（凭记忆，待核原文）",
    ]
    assert told("school.guards", "en")[4:6] == ["└ Day pupils 99: needed 1", "└ Boarders 0: needed 0"]


def test_what_should_not_be_names_what_is() -> None:
    assert told("school.no-forbidden-lease", "zh") == [
        "青禾小学 · 不得出租场地停放校外车辆或用于危险物品 · 2026-Q1：未履行",
        "└ 不应有，现有 1",
        "└ 期间 2026-01-01 至 2026-03-31，看当日是否如此：2026-03-31",
        "└ 承担者：学校",
        "└ 涉及的台账条目（1）",
        "  └ 场地房屋出租台账 自 2026-01-10 起",
        "└ 依据：全市学校安全工作会议讲话 M86（MGT-10）（已核原文）",
    ]


def test_an_obligation_is_followed_to_what_triggered_it() -> None:
    assert told("hazard.rectified", "zh")[1:] == [
        "└ 应有 1，实有 0",
        "└ 期限 2026-04-16，截至 2026-04-30",
        "└ 承担者：学校",
        "└ 起因：2026-04-01 09:00 隐患·责令限期整改 沐河县教育局",
        "└ 尚无答复",
        "└ 依据：全市学校安全工作会议讲话 M40（已核原文）",
    ]


def test_a_period_says_when_it_was_due_and_when_it_closed() -> None:
    assert told("department.analysis", "en") == [
        "沐河县教育局 · Monthly analysis of the school-safety situation · 2026-03: missed",
        "└ needed 1, found 0",
        "└ window 2026-03-01 to 2026-03-31, due by 2026-04-10, closed after 2026-04-30; as of 2026-05-01",
        "└ owed by: City department, County department",
        "└ nothing that counts was found",
        "└ by: Speech at the city's school-safety conference M34 (seen in the instrument's own text)",
    ]
