"""What is wrong with a ladder is said with file and line, in both languages, all at once."""

from __future__ import annotations

import pytest

from huxue.core.rulebook.load import load
from huxue.core.values import Problem
from tests.commands.town import RULEBOOK
from tests.ladders.town import LADDERS, MEASURES

REMIND = "- {measure: remind, when: {overdue: {workdays: 0}}, by: system}"
DECIDES = "decides: {type: office, post: inspector}"


def problems(ladders: str) -> list[Problem]:
    files = {**RULEBOOK, "ladders.yaml": ladders, "lists/measures.yaml": MEASURES}
    _, found = load([("town", files)])
    return found


def duty_ladder(*rungs: str, more: str = "source: {text: own, clause: a, confidence: DEF}") -> str:
    """A ladder whose rungs stand on lines 4, 5 …"""
    return "\n".join(["- code: one", "  title: {zh: 一, en: One}", "  rungs:", *(f"  {r}" for r in rungs), f"  {more}"])


def case_ladder(when: str, rung: str = f"- {{measure: interview, when: {{since: {{days: 0}}}}, {DECIDES}}}") -> str:
    return duty_ladder(rung, more=f"when: {when}\n  source: {{text: own, clause: a, confidence: DEF}}")


def test_the_ladders_of_the_tests_have_none() -> None:
    assert problems(LADDERS) == []


@pytest.mark.parametrize(
    ("ladders", "line", "zh", "en"),
    [
        (
            duty_ladder(REMIND, f"- {{measure: remind, when: {{missed: 1}}, {DECIDES}}}"),
            5,
            "“remind”重复，形成循环",
            "'remind' stands twice: the ladder has a loop",
        ),
        (
            duty_ladder(REMIND, f"- {{measure: supervise, when: {{after: circulate, days: 3}}, {DECIDES}}}"),
            5,
            "after 须指向更低的一级，“circulate”不是，形成循环",
            "after names 'circulate', which is no lower rung: the ladder has a loop",
        ),
        (
            duty_ladder(REMIND, f"- {{measure: supervise, when: {{after: supervise, days: 3}}, {DECIDES}}}"),
            5,
            "after 须指向更低的一级，“supervise”不是，形成循环",
            "after names 'supervise', which is no lower rung: the ladder has a loop",
        ),
        (
            duty_ladder("- {measure: scold, when: {overdue: {workdays: 0}}, by: system}"),
            4,
            "清单“measures”中没有“scold”",
            "the list 'measures' has no 'scold'",
        ),
        (
            duty_ladder(REMIND, "- {measure: supervise, when: {missed: 1}, decides: {type: office, post: mayor}}"),
            5,
            "没有岗位“mayor”",
            "there is no post 'mayor'",
        ),
        (
            duty_ladder(REMIND, "- {measure: supervise, when: {missed: 1}, decides: {type: office, post: principal}}"),
            5,
            "“office”没有岗位“principal”",
            "'office' has no post 'principal'",
        ),
        (
            duty_ladder(REMIND, "- {measure: supervise, when: {missed: 1}, decides: {type: bureau, post: inspector}}"),
            5,
            "没有单位类型“bureau”",
            "there is no organisation type 'bureau'",
        ),
        (
            duty_ladder(REMIND, "- {measure: supervise, when: {missed: 1}}"),
            5,
            "“supervise”须由人决定，缺少 decides",
            "'supervise' needs a decision: decides is missing",
        ),
        (
            duty_ladder(REMIND, "- {measure: supervise, when: {missed: 1}, by: system}"),
            5,
            "只有第一级的提醒可以自动发出",
            "only the reminder of the first rung goes out by itself",
        ),
        (
            duty_ladder(
                f"- {{measure: supervise, when: {{overdue: {{workdays: 5}}}}, {DECIDES}}}",
                f"- {{measure: circulate, when: {{overdue: {{workdays: 3}}}}, {DECIDES}}}",
            ),
            5,
            "“circulate”的条件不严于更低的“supervise”，不会晚于它成立",
            "the condition of 'circulate' asks no more than that of 'supervise' below it",
        ),
        (
            duty_ladder(f"- {{measure: supervise, when: {{since: {{days: 5}}}}, {DECIDES}}}"),
            4,
            "职责阶梯中“since”永远不成立",
            "in a ladder of duties 'since' can never hold",
        ),
        (
            duty_ladder(f"- {{measure: supervise, when: {{missed: 0}}, {DECIDES}}}"),
            4,
            "missed 至少为 1",
            "missed is at least 1",
        ),
        (
            duty_ladder(f"- {{measure: supervise, {DECIDES}}}"),
            4,
            "一个条件应恰好写 overdue、missed、after、since 之一",
            "a condition says exactly one of overdue, missed, after, since",
        ),
        (
            duty_ladder(f"- {{measure: supervise, when: {{overdue: {{days: 1, workdays: 1}}}}, {DECIDES}}}"),
            4,
            "应写 days 或 workdays 之一",
            "say days or workdays, one of them",
        ),
        (duty_ladder(REMIND, more="note: {zh: 无, en: none}"), 4, "“remind”缺少依据条款", "'remind' has no clause"),
        (
            duty_ladder(REMIND, more="source: {text: law, clause: a, confidence: V}"),
            5,
            "没有来源文本“law”",
            "there is no source text 'law'",
        ),
        (
            duty_ladder(REMIND, more="starts_at: interview\n  source: {text: own, clause: a, confidence: V}"),
            5,
            "起始级“interview”不在阶梯中",
            "starts_at: 'interview' is not one of its rungs",
        ),
        (case_ladder("{case: accident, step: found}"), 5, "没有事项类型“accident”", "there is no case kind 'accident'"),
        (
            case_ladder("{case: hazard, step: confirmed}"),
            5,
            "流程中没有环节“confirmed”",
            "no flow of these kinds has a step 'confirmed'",
        ),
        (
            case_ladder("{case: hazard, step: found, where: {finding: x}}"),
            5,
            "“hazard”没有选项字段“finding”",
            "'hazard' has no choice field 'finding'",
        ),
        (
            case_ladder("{case: hazard, step: found}", REMIND),
            4,
            "事项阶梯的每一级都须有人决定",
            "in a ladder of cases somebody decides every rung",
        ),
        (
            case_ladder("{case: hazard, step: found}", f"- {{measure: interview, when: {{missed: 1}}, {DECIDES}}}"),
            4,
            "事项阶梯中“missed”永远不成立",
            "in a ladder of cases 'missed' can never hold",
        ),
    ],
)
def test_a_problem(ladders: str, line: int, zh: str, en: str) -> None:
    found = [p for p in problems(ladders) if p.en.endswith(en)]
    assert found == [Problem("town/ladders.yaml", line, f"“one”：{zh}", f"'one': {en}")]


def test_every_problem_is_said_at_once() -> None:
    wrong = duty_ladder("- {measure: scold, when: {missed: 0}}", "- {measure: scold, when: {after: scold}}")
    assert len(problems(wrong)) == 7


def test_a_duty_names_a_ladder_that_is_there() -> None:
    duties = RULEBOOK["duties/duties.yaml"].replace("family: guards", "family: guards\n  ladder: school")
    _, found = load([("town", {**RULEBOOK, "duties/duties.yaml": duties, "ladders.yaml": LADDERS,
                               "lists/measures.yaml": MEASURES})])  # fmt: skip
    assert [p.en for p in found] == ["there is no ladder 'school'; did you mean 'schools'?"]
