"""Layers of a county with one mistake each, laid on what is shipped, and how each mistake is named.

A text that ends in ``<-`` marks the line that is named; the mark is a comment of YAML's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MARK = "  # <-"


@dataclass(frozen=True)
class Wrong:
    """One mistake: the layer below, the file that holds it, and the sentence that names it in both languages."""

    below: str
    file: str
    text: str
    zh: str
    en: str

    @property
    def line(self) -> int:
        """The marked line."""
        return next(n for n, line in enumerate(self.text.splitlines(), 1) if line.endswith(MARK))

    def write(self, folder: Path) -> str:
        """Write the layer into a folder; return it as typed."""
        files = {"rulebook.yaml": header(folder.name, self.below), self.file: self.text}
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return str(folder)

    def said(self, folder: str, language: str) -> str:
        """The line that names it."""
        return f"{folder}/{self.file}:{self.line}: {self.zh if language == 'zh' else self.en}"


def header(code: str, below: str) -> str:
    """The head of a layer of a county."""
    title = "{zh: 县级试行, en: A county's trial}"
    return f"code: {code}\ntitle: {title}\nlayer: county\nextends: {below}\nvalid_from: 2024-01-01\n"


STRENGTHENS = """\
- code: own.drill
  title: {zh: 每学期演练, en: A drill each term}
  family: drills
  owed_by: {type: school, where: {level: [primary, junior]}}
  repeat: {deed: {record: drill, where: {drill_kind: evacuation}}, per: term}
  strengthens: national.evacuation-drill  # <-
  source: {text: drill-guide, clause: DRL-01, confidence: V}
"""

LADDER = """\
own:
  title: {zh: 自定阶梯, en: A ladder of its own}
  source: {text: city-speech, clause: M97, confidence: DEF}
  rungs:
    - {measure: remind, when: {overdue: {workdays: 0}}, by: system}
    - measure: supervise
      decides: {type: city-government, post: deputy}
      %s
    - measure: circulate
      decides: {type: city-government, post: deputy}
      when: {after: supervise, workdays: 10}
"""

TREE = """\
own:
  title: {zh: 自定考核, en: A tree of its own}
  type: school
  per: year
  points: 100
  source: {text: city-speech, clause: M121, confidence: DEF}
  indicators: %s
    - code: drills
      title: {zh: 演练, en: Drills}
      weight: %s
      share: {family: [drills], counting: met}
      source: {text: city-speech, clause: M112, confidence: DEF}
    - code: guards
      title: {zh: 安保, en: Guards}
      weight: 50
      children: %s
        - code: guards-there
          title: {zh: 配备, en: There}
          weight: %s
          share: {family: [guards], counting: met}
          source: {text: city-speech, clause: M10, confidence: DEF}
"""

CRITERIA = """\
own:
  title: {zh: 自定判定, en: Criteria of its own}
  concludes: major
  groups: {fire: {zh: 消防, en: Fire}}
  rows:
    - code: locked
      group: fire
      method: direct
      title: {zh: 出口上锁, en: An exit is locked}%s
"""

CHECKLIST = """\
own:
  title: {zh: 自定检查表, en: A checklist of its own}
  scope: {zh: 日常检查, en: Routine inspections}
  items:
    - code: exits
      title: {zh: 出口畅通, en: Exits are free}
      category: fire
      grade: minor
      fix: {zh: 清理, en: Clear them}%s
"""

DERIVATION = """\
own:
  title: {zh: 自定推算, en: A derivation of its own}
  rule: %s
  reads: {counts: %s}
  writes: %s
  parameters: {in_a_day: %s, days: 3, in_days: 5, quiet_days: 7}
  source: {text: decree-23, clause: DEF, confidence: DEF}
"""

SOURCE = "\n      source: {text: %s, clause: %s, confidence: S}  # <-"
MONTH = "evacuation-drills-a-month"
MONTHLY = STRENGTHENS.replace("per: term", "per: month-in-session")


def strengthens(weaker: str, zh: str, en: str, text: str) -> Wrong:
    """A duty that is not proved to strengthen a national one, with the reason."""
    first = (
        f"不能证明“own.drill”不宽于“{weaker}”（national）：",
        f"'own.drill' is not proved to be as strict as '{weaker}' of national: ",
    )
    return Wrong("national", "duties/own.yaml", text, first[0] + zh, first[1] + en)


def parameter(code: str, value: str, zh: str, en: str, *, below: str = "national") -> Wrong:
    """A value that a parameter of a lower layer cannot have."""
    said = f"参数“{code}”的值{zh}", f"the value of parameter '{code}' {en}"
    return Wrong(below, "parameters.yaml", f"{code}: {value}{MARK}\n", *said)


def mechanism(places: str, zh: str, en: str) -> Wrong:
    """A mechanism that stands in no place that is there."""
    text = "M132: {title: {zh: 自定机制, en: A mechanism of its own}, class: [N]" + places + "}" + MARK + "\n"
    return Wrong("city", "mechanisms.yaml", text, f"“M132”：{zh}", f"'M132': {en}")


def ladder(condition: str, zh: str, en: str) -> Wrong:
    """A ladder whose second rung says this."""
    return Wrong("city", "ladders.yaml", LADDER % condition, f"“own”：{zh}", f"'own': {en}")


def tree(*said: object, zh: str, en: str) -> Wrong:
    """An indicator tree with these marks and weights."""
    return Wrong("city", "scoring/own.yaml", TREE % said, f"“own”：{zh}", f"'own': {en}")


def derivation(*said: str, zh: str, en: str) -> Wrong:
    """A derivation of this rule, kind read, kind written and number."""
    return Wrong("national", "derivations.yaml", DERIVATION % said, zh, en)


NO_CLAUSE = "“own”：缺少依据条款", "'own': the clause is missing"
NO_TEXT = "“own”：没有来源文本“decree-24”", "'own': there is no source text 'decree-24'"
CRITERION, ITEM = ("national", "criteria.yaml"), ("national", "checklists/own.yaml")
WHOLE = "应为整数", "must be a whole number"

WRONG: Mapping[str, Wrong] = {
    "strengthens: less often": strengthens(
        "national.evacuation-drill",
        "有的周期里没有一个完整的较短周期，或期限更晚",
        "some period holds no whole window of this duty, or it is due later",
        STRENGTHENS,
    ),
    "strengthens: a wider deed": strengthens(
        "national.evacuation-drill", "行为的条件不能证明更窄", "the filter of the deed is not provably narrower",
        MONTHLY.replace("drill_kind: evacuation", "drill_kind: [evacuation, fire]"),
    ),
    "strengthens: fewer": strengthens(
        "national.evacuation-drill-boarding",
        "数量不足：至少保证 3，应为 6",
        "it asks for too few: 3 are certain, 6 are needed",
        MONTHLY.replace("evacuation-drill  #", "evacuation-drill-boarding  #"),
    ),
    "strengthens: owed by others": strengthens(
        "national.evacuation-drill", "承担者少了：school", "it is not owed by: school",
        MONTHLY.replace("{type: school, where: {level: [primary, junior]}}", "{type: township}"),
    ),
    "strengthens: nothing there": Wrong(
        "national", "duties/own.yaml", MONTHLY.replace("drill  #", "dril  #"),
        "没有职责“national.evacuation-dril”，是不是“national.evacuation-drill”？",
        "there is no duty 'national.evacuation-dril'; did you mean 'national.evacuation-drill'?",
    ),
    "parameter: below": parameter(MONTH, "0", " 0 超出 1–4", "is 0, outside 1–4"),
    "parameter: above": parameter(MONTH, "5", " 5 超出 1–4", "is 5, outside 1–4"),
    "parameter: above, said in full": parameter(MONTH, "{value: 5}", " 5 超出 1–4", "is 5, outside 1–4"),
    "parameter: a word for a number": parameter(MONTH, "often", *WHOLE),
    "parameter: a part of a time": parameter(MONTH, "1.5", *WHOLE),
    "parameter: yes for a number": parameter(MONTH, "true", *WHOLE),
    "parameter: empty": parameter(MONTH, "", *WHOLE),
    "parameter: a number for yes or no": parameter(
        "mass-casualty-veto", "3", "应为 true 或 false", "must be true or false", below="city"
    ),
    "parameter: no such day": parameter(
        "letters-due", "02-30", "“02-30”不是一年中的一天，应写 03-31 或 next 03-31",
        "is '02-30', no day of a year: write 03-31 or next 03-31", below="city",
    ),
    "parameter: not there": Wrong(
        "national", "parameters.yaml", f"evacuation-drils-a-month: 2{MARK}\n",
        f"没有参数“evacuation-drils-a-month”，是不是“{MONTH}”？",
        f"there is no parameter 'evacuation-drils-a-month'; did you mean '{MONTH}'?",
    ),
    "ladder: after a higher rung": ladder(
        f"when: {{after: circulate, workdays: 10}}{MARK}",
        "after 须指向更低的一级，“circulate”不是，形成循环",
        "after names 'circulate', which is no lower rung: the ladder has a loop",
    ),
    "ladder: after itself": ladder(
        f"when: {{after: supervise, workdays: 10}}{MARK}",
        "after 须指向更低的一级，“supervise”不是，形成循环",
        "after names 'supervise', which is no lower rung: the ladder has a loop",
    ),
    "ladder: a rung twice": ladder(
        "when: {missed: 1}\n"
        f"    - {{measure: remind, when: {{missed: 3}}, decides: {{type: city-government, post: deputy}}}}{MARK}",
        "“remind”重复，形成循环",
        "'remind' stands twice: the ladder has a loop",
    ),
    "weights: of the first level": tree(
        MARK, 40, "", 50,
        zh="各项权重合计 90，应等于满分 100", en="the weights add up to 90, not to the full points, 100",
    ),
    "weights: of a lower level": tree(
        "", 50, MARK, 60, zh="各项权重合计 60，应等于上级权重 50", en="the weights add up to 60, not to 50"
    ),
    "criterion: an empty clause": Wrong(*CRITERION, CRITERIA % SOURCE % ("decree-23", '""'), *NO_CLAUSE),
    "criterion: no clause": Wrong(
        *CRITERION, CRITERIA.replace("code: locked", f"code: locked{MARK}") % "",
        "缺少“rows.0.source”", "'rows.0.source' is missing",
    ),
    "criterion: of no text": Wrong(*CRITERION, CRITERIA % SOURCE % ("decree-24", "x"), *NO_TEXT),
    "item: an empty clause": Wrong(*ITEM, CHECKLIST % SOURCE % ("decree-23", '" "'), *NO_CLAUSE),
    "item: no clause": Wrong(
        *ITEM, CHECKLIST.replace("code: exits", f"code: exits{MARK}") % "",
        "缺少“items.0.source”", "'items.0.source' is missing",
    ),
    "item: of no text": Wrong(*ITEM, CHECKLIST % SOURCE % ("decree-24", "x"), *NO_TEXT),
    "mechanism: nowhere": mechanism("", "这一机制没有落到任何地方", "this mechanism lives nowhere"),
    "mechanism: an empty place": mechanism(
        ", duties: []", "这一机制没有落到任何地方", "this mechanism lives nowhere"
    ),
    "mechanism: no such duty": mechanism(
        ", duties: [county.none]", "duties 中没有“county.none”", "there is no 'county.none' among the duties"
    ),
    "mechanism: no such indicator": mechanism(
        ", indicators: [school/none]",
        "indicators 中没有“school/none”", "there is no 'school/none' among the indicators",
    ),
    "family: no such ladder": Wrong(
        "city", "families/own.yaml", f"own: {{title: {{zh: 自定, en: Own}}, ladder: goverments}}{MARK}\n",
        "没有督责阶梯“goverments”，是不是“governments”？",
        "there is no ladder 'goverments'; did you mean 'governments'?",
    ),
    "derivation: no such kind read": derivation(
        "cluster", "illnes}  # <-\n  #", "signal", "3",
        zh="“own”：没有这样的类型（record）：“illnes”", en="'own': there is no record called 'illnes'",
    ),
    "derivation: no such kind written": derivation(
        "cluster", "illness", f"signals{MARK}", "3",
        zh="“own”：没有这样的类型（record）：“signals”", en="'own': there is no record called 'signals'",
    ),
    "derivation: no such rule": derivation(
        f"clusters{MARK}", "illness", "signal", "3",
        zh="“rule”应为 'recurrence', 'distance', 'cluster' or 'online-rate' 之一，是不是“cluster”？",
        en="'rule' must be one of 'recurrence', 'distance', 'cluster' or 'online-rate'; did you mean 'cluster'?",
    ),
    "derivation: a number out of range": derivation(
        "cluster", "illness", "signal", "0, days: 3, in_days: 5, quiet_days: 7}  # <-\n  # {",
        zh="“own”：参数“in_a_day”应为 1 到 1000 的整数",
        en="'own': the parameter 'in_a_day' must be a whole number from 1 to 1000",
    ),
}  # fmt: skip
"""By what is wrong."""
