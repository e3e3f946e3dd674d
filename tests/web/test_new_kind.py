"""Adding a kind to the rulebook adds all of it: a register, a record and a case that no code has ever heard of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoDbBlocker

from huxue.actions import rulebooks
from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import date_of
from huxue.organisations.tables import select
from huxue.web import clock
from huxue.web.rules import rules_on
from tests.cities import Cities
from tests.web.conftest import client_of
from tests.web.filled import filled

KINDS = """
- code: beehive
  shape: register
  title: {zh: 蜂箱台账, en: Beehives}
  roles: {by: {title: {zh: 填报单位, en: Filled in by}}}
  written_by: [school]
  fields:
    name: {type: text, required: true, search: true, max_length: 100, title: {zh: 蜂箱名称, en: Hive}}
    sort: {type: choice, list: hive-sorts, required: true, facet: true, title: {zh: 蜂种, en: Sort}}
    frames: {type: number, at_least: 1, at_most: 40, title: {zh: 巢框数, en: Frames}}
    checked_until: {type: date, title: {zh: 检疫有效期至, en: Checked until}}
- code: beekeeping-lesson
  shape: record
  title: {zh: 养蜂课, en: Beekeeping lesson}
  roles: {by: {title: {zh: 开课单位, en: Held by}}}
  fields:
    topic: {type: text, required: true, search: true, max_length: 100, title: {zh: 课题, en: Topic}}
    hive: {type: entry, kind: beehive, title: {zh: 所用蜂箱, en: Hive used}}
    pupils: {type: number, required: true, at_least: 1, title: {zh: 学生人数, en: Pupils}}
    photos: {type: photo, many: true, at_most: 5, title: {zh: 照片, en: Photos}}
- code: swarm
  shape: case
  title: {zh: 分蜂处置, en: Swarm}
  roles:
    by: {title: {zh: 办理单位, en: Taken by}}
    about: {title: {zh: 所在学校, en: School}, required: true, types: [school]}
  fields:
    seen: {type: text, search: true, title: {zh: 发现情况, en: What was seen}}
    size: {type: choice, list: hive-sorts, facet: true, title: {zh: 蜂种, en: Sort}}
    caught: {type: text, title: {zh: 收捕情况, en: How it was caught}}
  flow:
    reported: {title: {zh: 报告, en: Reported}, by: [school], asks: [seen, size], within: {workdays: 2}}
    caught: {title: {zh: 收捕, en: Caught}, from: reported, by: [supervisor], asks: [caught], ends: caught}
"""
LISTS = """
chinese: {zh: 中华蜜蜂, en: Chinese honey bee}
italian: {zh: 意大利蜜蜂, en: Italian honey bee}
"""
BOOK = """
code: city
title: {zh: 有蜂箱的城市, en: A city with beehives}
layer: county
extends: city
valid_from: 2015-09-01
"""
CODES = {"register": "beehive", "record": "beekeeping-lesson", "case": "swarm"}


@pytest.fixture(scope="module", autouse=True)
def beehives(
    sqlite_cities: Cities, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A city whose rulebook has three kinds more; each test writes things of its own into it."""
    room = tmp_path_factory.mktemp("beehives")
    for place, text in (("rulebook.yaml", BOOK), ("kinds/bees.yaml", KINDS), ("lists/hive-sorts.yaml", LISTS)):
        (room / place).parent.mkdir(parents=True, exist_ok=True)
        (room / place).write_text(text, "utf-8")
    before, settings.SITE = settings.SITE, room / "site"
    with django_db_blocker.unblock(), sqlite_cities.on_sqlite(settings.SITE):
        made = rulebooks.activate(str(room), now=clock.now())
        assert {code: made.rulebook.kinds[code].shape for code in CODES.values()} == {v: k for k, v in CODES.items()}
        yield
    settings.SITE = before


@pytest.fixture
def school() -> Client:
    """A school's safety officer."""
    return client_of("safety-officer")


@pytest.fixture
def county() -> Client:
    """An officer of its county."""
    return client_of("county-officer")


def today() -> str:
    return date_of(clock.now() // 1440).isoformat()


def own() -> str:
    sql = "SELECT h.post FROM organisations_holding h JOIN access_user u ON u.person = h.person WHERE u.username = %s"
    return str(select(sql, "safety-officer")[0][0]).partition("/")[0]


def text_of(client: Client, address: str) -> str:
    """Return a page; that it is there is the test."""
    with closing(client.get(address)) as answer:
        assert (address, answer.status_code) == (address, 200)
        return b"".join(answer).decode(errors="replace")


def written(client: Client, kind: Kind, **more: str) -> str:
    """Write one, and return its address."""
    step = next(iter(kind.flow), "")
    sent = filled(kind, rules_of_today(), organisation=own(), day=today(), step=step)
    roles = {"r.about": own()} if "about" in kind.roles else {}
    answer = client.post(f"/k/{kind.code}/new", {**sent, **roles, "at": f"{today()}T00:10", **more})
    assert (kind.code, answer.status_code) == (kind.code, 302)
    return str(answer["Location"]).partition("?")[0]


def rules_of_today() -> Rulebook:
    return rules_on(clock.now() // 1440).rulebook


def test_every_page_of_three_new_kinds(school: Client, county: Client) -> None:
    book = rules_of_today()
    index = text_of(school, "/k/")
    for code in CODES.values():
        kind = book.kinds[code]
        assert kind.title.zh in index
        for lang in ("zh", "en"):
            school.cookies["lang"] = lang
            form = text_of(school, f"/k/{code}/new")
            assert (kind.title.say(lang) in form, "f-" in form) == (True, True)
        school.cookies["lang"] = "zh"
        item = written(school, kind)
        for client in (school, county):
            page = text_of(client, item)
            assert (kind.title.zh in page, "经过" in page) == (True, True)
            assert item in text_of(client, f"/k/{code}/")
        assert text_of(school, f"{item}/print")
        assert text_of(school, f"{item}/word")[:2] == "PK"
        assert text_of(school, f"/k/{code}/print")
        assert text_of(school, f"/k/{code}/export.xlsx")[:2] == "PK"


def test_a_list_of_a_new_kind_filters_and_searches(school: Client) -> None:
    kind = rules_of_today().kinds["beehive"]
    one = written(school, kind, **{"f.name": "东坡一号", "f.sort": "chinese"})
    two = written(school, kind, **{"f.name": "西坡二号", "f.sort": "italian"})

    def shown(query: str) -> tuple[bool, bool]:
        text = text_of(school, f"/k/beehive/?{query}")
        return one in text, two in text

    assert shown("") == (True, True)
    assert shown("f.sort=italian") == (False, True)
    assert shown("q=东坡") == (True, False)
    assert shown("q=xpeh") == (False, True)  # by initials


def test_an_entry_of_a_new_register_lives_and_is_picked(school: Client) -> None:
    book = rules_of_today()
    item = written(school, book.kinds["beehive"], **{"f.name": "东坡一号"})
    lesson = text_of(school, "/k/beekeeping-lesson/new")
    assert f'<option value="{item.rpartition("/")[2]}">东坡一号</option>' in lesson
    held = written(school, book.kinds["beekeeping-lesson"], **{"f.hive": item.rpartition("/")[2]})
    assert f'<a href="{item}">东坡一号</a>' in text_of(school, held)
    change = {"f.name": "东坡一号", "f.sort": "italian", "at": today(), "id": "change-1"}
    assert school.post(f"{item}/change", change).status_code == 302
    assert school.post(f"{item}/close", {"id": "close-1", "at": f"{today()}T00:30"}).status_code == 302
    assert "已注销" in text_of(school, item)


def test_a_new_case_walks_its_flow(school: Client, county: Client) -> None:
    item = written(school, rules_of_today().kinds["swarm"], **{"f.seen": "教学楼前大树上"})
    page = text_of(school, item)
    assert ("剩 2 个工作日" in page, "“收捕”由监管单位办理" in page) == (True, True)
    assert re.findall(rf'href="{item}/step/([a-z]+)"', text_of(county, item)) == ["caught"]
    answer = county.post(f"{item}/step/caught", {"f.caught": "已收入蜂箱", "at": f"{today()}T00:20"})
    assert answer.status_code == 302
    assert text_of(school, "/k/swarm/steps")
    assert "已收入蜂箱" in text_of(school, item)


def test_a_workbook_of_a_new_kind_goes_out_and_comes_back(school: Client) -> None:
    with closing(school.get("/k/beehive/template.xlsx")) as answer:
        book = load_workbook(BytesIO(b"".join(answer)))
    sheet = book.worksheets[0]
    rows = {row: [str(cell.value) for cell in sheet[row] if cell.value] for row in range(1, 5)}
    head = next(row for row, said in rows.items() if any("蜂箱名称" in title for title in said))
    columns = {str(cell.value).rstrip("*＊ "): cell.column for cell in sheet[head] if cell.value}
    said = {"蜂箱名称": "表格来的蜂箱", "蜂种": "意大利蜜蜂", "巢框数": 8}
    line = max(head + 1, next(row for row in range(head + 1, 400) if not sheet.cell(row, columns["蜂箱名称"]).value))
    for title, value in said.items():
        sheet.cell(line, next(at for name, at in columns.items() if name.startswith(title)), value)
    out = BytesIO()
    book.save(out)
    answer = school.post("/k/beehive/import", {"book": SimpleUploadedFile("beehives.xlsx", out.getvalue())})
    assert answer.status_code == 302
    assert text_of(school, answer["Location"])
    assert school.post(f"{answer['Location']}/write", {"rows": "right"}).status_code == 302
    assert "表格来的蜂箱" in text_of(school, "/k/beehive/")


def test_the_rulebook_and_the_api_know_it(school: Client) -> None:
    item = written(school, rules_of_today().kinds["beehive"], **{"f.name": "东坡三号"})
    for address in ("/api/k/beehive", f"/api/k/beehive/{item.rpartition('/')[2]}"):
        assert "东坡三号" in text_of(school, address)
