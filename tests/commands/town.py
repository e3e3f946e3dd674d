"""A small town for the tests of the command line: its rulebook, its recipes, its files, and a way to type commands."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from huxue.commands import main as command_line
from huxue.ledger.models import Fact
from tests.sites import Site

SOURCE = Path(command_line.__file__).parents[2]

RULEBOOK = {
    "rulebook.yaml": """
code: town
title: {zh: 小镇安全制度, en: Rulebook of a town}
layer: example
valid_from: 2024-01-01
sources:
  own: {title: {zh: 小镇通知, en: The town's notice}, issuer: "", number: "", date: ""}
families:
  drills: {title: {zh: 演练, en: Drills}, on: true}
  hazards: {title: {zh: 隐患, en: Hazards}, on: true}
  guards: {title: {zh: 保安, en: Guards}, on: false}
organisation_types:
  office: {title: {zh: 教育局, en: Office}, level: department, posts: [inspector]}
  school: {title: {zh: 学校, en: School}, level: school, posts: [principal]}
posts:
  inspector: {zh: 检查员, en: Inspector}
  principal: {zh: 校长, en: Principal}
lists:
  zones: {hall: {title: {zh: 礼堂, en: Hall}}, yard: {title: {zh: 操场, en: Yard}}}
  drill-kinds: {fire: {title: {zh: 消防, en: Fire}}, evacuation: {title: {zh: 疏散, en: Evacuation}}}
""",
    "kinds/drill.yaml": """
code: drill
shape: record
title: {zh: 演练, en: Drill}
written_by: [school]
roles:
  by: {title: {zh: 组织单位, en: Organised by}, required: true}
  with: {title: {zh: 参加单位, en: Took part}}
fields:
  kind: {type: choice, list: drill-kinds, required: true, facet: true, title: {zh: 类型, en: Kind}}
  day_of_plan: {type: date, title: {zh: 计划日期, en: Planned for}}
  pupils: {type: number, at_least: 0, title: {zh: 人数, en: Pupils}}
  zones: {type: choice, list: zones, many: true, title: {zh: 区域, en: Zones}}
""",
    "kinds/guard.yaml": """
code: guard
shape: register
title: {zh: 保安员, en: Guard}
written_by: [school]
roles:
  by: {title: {zh: 学校, en: School}, required: true}
fields:
  certified: {type: yes_no, required: true, facet: true, title: {zh: 持证, en: Certified}}
""",
    "kinds/hazard.yaml": """
code: hazard
shape: case
title: {zh: 隐患, en: Hazard}
roles:
  by: {title: {zh: 办理单位, en: Taken by}}
  about: {title: {zh: 所在单位, en: Where it is}, required: true}
fields:
  finding: {type: text, title: {zh: 情况, en: Finding}}
flow:
  found: {title: {zh: 发现, en: Found}, by: [inspector], asks: [finding], within: {days: 10}}
  rectified: {title: {zh: 整改, en: Rectified}, from: found, by: [school]}
  verified: {title: {zh: 复查, en: Verified}, from: rectified, by: [inspector], not_by: [rectified], ends: fixed}
""",
    "duties/duties.yaml": """
- code: school.drill
  title: {zh: 每季度演练, en: A drill each quarter}
  family: drills
  owed_by: {type: school}
  repeat: {deed: {record: drill}, at_least: 1, per: quarter}
  source: {text: own, clause: article 1, confidence: V}
- code: school.rectified
  title: {zh: 按期整改隐患, en: Hazards rectified in time}
  family: hazards
  owed_by: {type: school}
  respond:
    to: {case: hazard, step: found, as: about}
    with: {case: hazard, step: rectified, as: about}
    match: case
    within: {field: deadline}
  source: {text: own, clause: article 2, confidence: V}
- code: school.guard
  title: {zh: 有持证保安, en: A certified guard}
  family: guards
  owed_by: {type: school}
  ratio: {have: {entry: guard, where: {certified: true}}, need: 1, at_least: 1000, each: quarter}
  source: {text: own, clause: article 3, confidence: V}
""",
}

UNITS = """
code: units
title: {zh: 单位, en: Organisations}
reads: {rows: 20, megabytes: 1}
key: [code]
columns:
  code: code
  name: {as: name, required: true}
  type: {as: sort, required: true, map: {office: office, school: school}}
  above: parent
  post: post
targets:
  - name: unit
    organisation: "{sort}"
    at: 2024-01-01
    fields: {code: "{code}", name: "{name}", parent: "{parent}"}
  - name: post
    entry: post
    at: 2024-01-01
    roles: {about: "{code}"}
    fields: {code: "{code}/{post}", organisation: "{code}", type: "{post}"}
"""

DRILLS = """
code: drills
title: {zh: 演练, en: Drills}
reads: {rows: 20000, megabytes: 2}
key: [number]
columns:
  number: number
  school: {as: school, required: true}
  day: {as: day, type: date, required: true}
  kind: {as: kind, required: true}
  pupils: {as: pupils, type: whole}
targets:
  - name: drill
    record: drill
    at: "{day}"
    roles: {by: "{school}"}
    fields: {kind: "{kind}", pupils: "{pupils}"}
"""

PLACES = (
    "code,name,type,above,post",
    "O1,Office,office,,inspector",
    "S1,North school,school,O1,principal",
    "S2,South school,school,O1,principal",
)
TITLES = "number,school,day,kind,pupils"


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value it printed."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """What it printed, by line."""
        return self.out.splitlines()


@dataclass
class Town:
    """A site, a folder with the town's files, and commands typed in this very process."""

    site: Site
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def type(self, *words: str, lang: str = "en") -> Answer:
        """Type ``huxue WORDS``."""
        self.capsys.readouterr()
        code = command_line.main(["--lang", lang, *words])
        said = self.capsys.readouterr()
        return Answer(code, said.out, said.err)

    def both(self, *words: str) -> tuple[Answer, Answer]:
        """Type a command that changes nothing in Chinese and in English."""
        return self.type(*words, lang="zh"), self.type(*words)

    def done(self, *words: str) -> Answer:
        """Type a command that must succeed."""
        answer = self.type(*words)
        assert (answer.code, answer.err) == (0, "")
        return answer

    def write(self, name: str, *lines: str) -> str:
        """Write a file of these lines; return its path as typed."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return str(path)

    def begin(self) -> Town:
        """Activate the rulebook and import the organisations."""
        self.done("rulebook", "activate", rulebook(self.folder / "town"))
        self.done("import", self.write("units.yaml", UNITS), self.write("units.csv", *PLACES))
        self.write("drills.yaml", DRILLS)
        return self

    def drills(self, *rows: str, name: str = "drills.csv", titles: str = TITLES) -> tuple[str, str]:
        """The words that import a file of drills: recipe and file."""
        return str(self.folder / "drills.yaml"), self.write(name, titles, *rows)

    def record(self, *words: str, kind: str = "drill", post: str = "S1/principal", at: str = "2024-02-05") -> Answer:
        """Record something and return the receipt as JSON."""
        return self.done("record", kind, "--post", post, "--at", at, "--json", *words)

    def facts(self) -> int:
        """How many facts the ledger has."""
        return Fact.objects.count()

    @contextmanager
    def nothing_written(self) -> Iterator[None]:
        """Whatever is typed in this block leaves the ledger as it was, with every table still following from it."""
        before = list(Fact.objects.order_by("seq").values_list("uid", "hash"))
        yield
        assert list(Fact.objects.order_by("seq").values_list("uid", "hash")) == before
        self.whole()

    def whole(self) -> None:
        """Assert that every fact has its hash and every table follows from the facts."""
        check = self.type("rebuild", "--check")
        assert (check.code, check.out, check.err) == (0, "0 rows differ\n", "")

    def refused(self, zh: str, en: str, *words: str) -> None:
        """Type a command that is refused with these sentences, in both languages, and writes nothing."""
        with self.nothing_written():
            chinese, english = self.both(*words)
        assert (chinese.code, chinese.out, chinese.err) == (2, "", f"{zh}\n")
        assert (english.code, english.out, english.err) == (2, "", f"{en}\n")

    @property
    def environment(self) -> dict[str, str]:
        """Of a process of its own on this site."""
        return {**os.environ, **self.site.environment, "PYTHONPATH": str(SOURCE), "HUXUE_LANG": "en"}

    def command(self, *words: str) -> list[str]:
        """The words that start a command as a process of its own."""
        return [sys.executable, "-m", "huxue", *words]


def rulebook(folder: Path, **changed: str) -> str:
    """Write the town's rulebook into a folder, with other text for some files; return the folder as typed.

    Names of files are given as keywords: ``duties`` for ``duties/duties.yaml``, ``drill`` for ``kinds/drill.yaml``.
    """
    for name, text in RULEBOOK.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem, text), "utf-8")
    return str(folder)
