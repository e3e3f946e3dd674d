"""Small files and a small recipe for the tests of imports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

from huxue.core.recipes.load import load_recipe
from huxue.core.recipes.model import Recipe
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook

RULEBOOK = {
    "rulebook.yaml": """
code: lessons
title: {zh: 课, en: Lessons}
layer: example
valid_from: 2019-01-01
sources: {own: {title: {zh: 自拟, en: Own}, issuer: "", number: "", date: ""}}
families: {lessons: {title: {zh: 课, en: Lessons}, on: true}}
organisation_types:
  office: {title: {zh: 局, en: Office}}
  school: {title: {zh: 学校, en: School}}
traits:
  listed: {title: {zh: 在册, en: Listed}, type: yes_no}
  pupils: {title: {zh: 学生数, en: Pupils}, type: number}
lists:
  states: {open: {title: {zh: 开, en: Open}}, shut: {title: {zh: 关, en: Shut}}}
""",
    "kinds/lesson.yaml": """
code: lesson
shape: record
title: {zh: 课, en: Lesson}
retention: {years: 1, clause: own}
fields:
  area: {type: text, required: true, title: {zh: 领域, en: Area}}
  hours: {type: number, decimals: 1, at_least: 0, title: {zh: 课时, en: Hours}}
  teacher: {type: text, personal: true, title: {zh: 教师, en: Teacher}}
""",
    "kinds/camera.yaml": """
code: camera
shape: register
title: {zh: 摄像头, en: Camera}
fields:
  number: {type: text, required: true, title: {zh: 编号, en: Number}}
  working: {type: yes_no, title: {zh: 可用, en: Working}}
""",
    "kinds/request.yaml": """
code: request
shape: case
title: {zh: 诉求, en: Request}
fields:
  number: {type: text, title: {zh: 编号, en: Number}}
flow:
  created: {title: {zh: 受理, en: Created}, by: [office], asks: [number]}
  closed: {title: {zh: 办结, en: Closed}, from: created, by: [office], ends: closed}
""",
}

YEARLY = """
code: yearly
title: {zh: 年度, en: Yearly}
parameters:
  year: {title: {zh: 年度, en: Year}, type: whole, from_name: '(20[0-9][0-9])'}
scope: "{year}"
key: [code]
columns:
  office: {as: office, required: true}
  code: school
  name: {as: name, required: true}
  pupils: {as: pupils, type: number}
  remark: {ignore: {zh: 不用, en: not used}, optional: true}
unpivot:
  - {name: area, column: '(?P<area>.+) hours'}
rows:
  - {when: {school: "0"}, say: {zh: 编码为0, en: code 0}, column: school}
targets:
  - {name: office, organisation: office, at: "{year}-01-01", fields: {code: "{office}", name: "{office}"}}
  - name: school
    organisation: school
    at: "{year}-01-01"
    fields: {code: "{school}", name: "{name}", parent: "{office}"}
    traits: {listed: true, pupils: "{pupils}"}
    when_absent: {fields: {traits: {listed: false}}, at_most: 50}
  - name: lesson
    record: lesson
    each: area
    at: {value: "{year+1}-01-01", add_days: -1}
    roles: {by: "{school}"}
    fields: {area: "{area}", hours: "{value}"}
"""

REQUESTS = """
code: requests
title: {zh: 诉求, en: Requests}
key: [number]
columns:
  number: number
  office: {as: office, required: true}
  created: {as: created, type: moment, required: true}
  due: {as: due, type: date, required: true}
  closed: {as: closed, type: moment}
rows:
  - when: {closed: {before: created}}
    say: {zh: 先办结后受理, en: "closed {closed} before created"}
    column: closed
    keep: true
targets:
  - {name: office, organisation: office, at: 2019-01-01, fields: {code: "{office}", name: "{office}"}}
  - name: request
    case: request
    roles: {by: "{office}"}
    steps:
      - {step: created, at: "{created}", deadline: "{due}", fields: {number: "{number}"}}
      - {step: closed, at: {value: "{closed}", not_before: "{created}"}, when: {closed: {blank: false}}}
"""

CAMERAS = """
code: cameras
title: {zh: 摄像头, en: Cameras}
parameters: {day: {title: {zh: 日期, en: Day}, type: date, default: 2020-01-01}}
scope: "{day}"
key: [number]
columns: {number: number, office: {as: office, required: true}, working: working}
targets:
  - {name: office, organisation: office, at: "{day}", fields: {code: "{office}", name: "{office}"}}
  - name: camera
    entry: camera
    at: "{day}"
    roles: {by: "{office}"}
    fields: {number: "{number}", working: "{working}"}
"""


STAFF = """
code: staff
title: {zh: 教师, en: Teachers}
key: [code]
columns: {code: school, office: {as: office, required: true}, teacher: teacher}
targets:
  - {name: office, organisation: office, at: 2020-01-01, fields: {code: "{office}", name: "{office}"}}
  - name: lesson
    record: lesson
    at: 2020-02-01
    roles: {by: "{office}"}
    fields: {area: "{school}", teacher: "{teacher}"}
"""

TREE = """
code: tree
title: {zh: 树, en: Tree}
parameters: {only: {title: {zh: 只, en: Only}, optional: true}}
scope: "{only}"
below: only
layouts:
  - name: schools
    key: [code]
    columns: {code: code, name: {as: name, required: true}, office: {as: parent, required: true}}
    targets:
      - {name: unit, organisation: school, at: 2020-01-01, fields: {code: "{code}", name: "{name}", parent: "{parent}"}}
      - {name: lesson, record: lesson, at: 2020-02-01, roles: {by: "{code}"}, fields: {area: "{name}"}}
  - name: offices
    key: [code]
    columns: {code: code, name: {as: name, required: true}}
    targets:
      - {name: unit, organisation: office, at: 2020-01-01, fields: {code: "{code}", name: "{name}"}}
"""


def rulebook() -> Rulebook:
    """The small rulebook."""
    found, problems = load([("lessons", RULEBOOK)])
    assert found is not None, [p.say("en") for p in problems]
    return found


def recipe(text: str = YEARLY) -> Recipe:
    """A recipe from its text."""
    found, problems = load_recipe("recipe.yaml", text)
    assert found is not None, [p.say("en") for p in problems]
    return found


def csv(folder: Path, name: str, *lines: str) -> Path:
    """A CSV file of these lines."""
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def excel(folder: Path, name: str, rows: list[list[Any]], *, merge: str = "", empty_sheets: int = 0) -> Path:
    """An Excel file of these rows; ``merge``: cells to merge; blank sheets stand before the filled one."""
    path = folder / name
    with xlsxwriter.Workbook(str(path)) as book:
        for _ in range(empty_sheets):
            book.add_worksheet()
        sheet = book.add_worksheet("rows")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merge:
            sheet.merge_range(merge, "merged")
    return path
