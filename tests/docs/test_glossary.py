"""The glossary has every word of the vocabulary, and every word that the grammar makes a rulebook's author write."""

from __future__ import annotations

import re
from typing import get_args

from huxue.core.duties.standing import STATUSES
from huxue.core.facts import RESERVED, Verb
from huxue.core.flow import RELATIONS
from huxue.core.kinds import COMMON_ROLES
from huxue.core.rulebook.duty import SHAPES
from tests.docs.pages import ROOT

ROWS = re.findall(
    r"^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (ROOT / "GLOSSARY.md").read_text("utf-8"), re.MULTILINE
)
WORDS = {code: (english, chinese) for code, english, chinese, _ in ROWS if code != "code"}
HEADERS = sum(code == "code" for code, *_ in ROWS)
VOCABULARY = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
    organisation=单位 post=岗位 holding=任职 rulebook=制度 layer=层级 edition=版本
    kind=类型 register=台账 entry=条目 record=记录 case=事项 flow=流程 step=环节 role=角色
    fact=事实 duty=职责 obligation=应办事项 standing=履职状态 ladder=督责阶梯 rung=级
    measure=措施 indicator=指标 score=得分 document=文书 notice=通知 seal=存证 met=已完成
    overdue=逾期 missed=未履行 excused=免除
    """,
    )
)


def test_every_word_of_the_vocabulary_is_there() -> None:
    assert {code: WORDS.get(code, ("", ""))[1] for code in VOCABULARY} == VOCABULARY


def test_every_word_of_the_grammar_is_there() -> None:
    grammar = {*SHAPES, *STATUSES, *get_args(Verb), *RESERVED, *COMMON_ROLES, *RELATIONS}
    assert sorted(grammar - WORDS.keys()) == []


def test_one_line_for_each_word() -> None:
    lines = re.findall(r"^\| `", (ROOT / "GLOSSARY.md").read_text("utf-8"), re.MULTILINE)
    assert len(lines) == len(ROWS) == len(WORDS) + HEADERS
