"""From an empty site to a working one, in one go, by somebody who only has the two workbooks."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.test import Client

from huxue.access.accounts import make_account, one_time_password
from huxue.access.models import User
from huxue.core.burden import by_role, costs, minutes_a_month
from huxue.core.rulebook.edition import edition
from huxue.core.values import MINUTES_A_DAY, day_of
from huxue.organisations.models import Edge, Holding, Organisation, Post
from huxue.organisations.relations import sizes
from huxue.standings.models import Standing
from huxue.standings.site import calendars_of, edition_for
from tests.sites import Site
from tests.web.conftest import client_of

FIRST = "2026-09-01"
SECRET = one_time_password()
TREE = [  # children before their parents: the order does not matter
    {"编码": "SH01", "名称": "柳溪镇中心小学", "类型": "学校", "上级编码": "T01", "学段": "小学", "在校学生数": 420},
    {"编码": "T01", "名称": "柳溪镇", "类型": "乡镇（街道）", "上级编码": "QY"},
    {"编码": "JYJ", "名称": "青崖县教育局", "类型": "县级部门", "上级编码": "QY", "行业监管事项": "教育"},
    {"编码": "QY", "名称": "青崖县", "类型": "县（市、区）人民政府"},
]
PEOPLE = [
    {"人员编号": "P1", "姓名": "许承安", "单位编码": "SH01", "岗位": "校（园）长", "用户名": "xuca"},
    {"人员编号": "P1", "姓名": "许承安", "单位编码": "SH01", "岗位": "安全（保卫）主任"},
    {"人员编号": "P2", "姓名": "林晓棠", "单位编码": "JYJ", "岗位": "经办人", "用户名": "linxt"},
]


@pytest.fixture
def empty(sqlite_site: Site) -> Client:
    """The system administrator of an empty site that stands at its first day."""
    sqlite_site.folder.joinpath("today.txt").write_text(f"{FIRST}\n", "ascii")
    make_account(username="admin", password=SECRET, name="管理员", administers="system")
    return client_of("admin")


def filled(client: Client, which: str, rows: list[dict[str, Any]]) -> io.BytesIO:
    """Fill in the template as it is handed out: titles stand in the third row."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/setup/{which}/template.xlsx").content))
    sheet = book.worksheets[0]
    titles = {str(cell.value).removesuffix(" *"): cell.column for cell in sheet[3]}
    for number, row in enumerate(rows, 4):
        for title, value in row.items():
            sheet.cell(number, titles[title], value)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = f"{which}.xlsx"
    return out


def loaded(client: Client, which: str, rows: list[dict[str, Any]]) -> str:
    """Upload, look at what it says, and agree; return the page that follows."""
    looked = client.post(f"/setup/{which}/load", {"file": filled(client, which, rows)}).content.decode()
    waiting = re.findall(r'name="waiting" value="([0-9a-f]+)"', looked)
    assert len(waiting) == 1, looked[-3000:]
    return client.post(f"/setup/{which}/load", {"waiting": waiting[0], "agreed": "1"}).content.decode()


def started(client: Client) -> None:
    client.post("/setup/rulebook", {"rulebook": "city", "first": FIRST})


def test_from_an_empty_site_to_a_working_home_page(empty: Client) -> None:
    assert "还差 4 步" in empty.get("/setup/").content.decode()
    started(empty)
    assert "还差 3 步" in empty.get("/setup/").content.decode()
    assert "已写入 4 行" in loaded(empty, "tree", TREE)
    assert dict(Organisation.objects.values_list("code", "path"))["SH01"] == "QY/T01/SH01/"
    assert list(Edge.objects.filter(sort="supervisory").values_list("parent", "child", "topic")) == [
        ("JYJ", "QY", "education")
    ]
    passwords = loaded(empty, "people", PEOPLE)
    given = dict(re.findall(r'<td class="mono">(\w+)</td><td class="mono">([a-z0-9-]+)</td>', passwords))
    assert sorted(given) == ["linxt", "xuca"]
    assert all(User.objects.get(username=name).check_password(word) for name, word in given.items())
    assert sorted(Holding.objects.values_list("person", "post")) == [
        ("P1", "SH01/principal"), ("P1", "SH01/safety-director"), ("P2", "JYJ/officer")
    ]  # fmt: skip
    page = empty.get("/setup/families").content.decode()
    assert "还没有启用任何职责族" in page
    assert empty.post("/setup/families", {"family": "schools", "do": "on"}).status_code == 302
    page = empty.get("/setup/families").content.decode()
    assert ("还没有启用任何职责族" in page, "分钟" in page) == (False, True)
    assert 'href="/setup/"' in empty.get("/").content.decode().partition("<main")[2]
    assert "四步都已完成" in empty.get("/setup/").content.decode()
    late = Standing.objects.exclude(status=1).values_list("organisation", "duty", "status")
    assert list(late) == []  # nothing is red for time before it began
    assert set(Standing.objects.values_list("organisation", flat=True)) == {"SH01"}
    assert client_of("xuca").get("/")["Location"] == "/accounts/password/"  # the first password is changed first
    User.objects.update(must_change=False)
    home = client_of("xuca").get("/")
    assert (home.status_code, "柳溪镇中心小学" in home.content.decode()) == (200, True)
    assert client_of("xuca").get("/o/SH01").status_code == 200
    assert client_of("xuca").get("/o/JYJ").status_code == 404
    assert client_of("linxt").get("/o/SH01").status_code == 200


def test_every_wrong_cell_is_named_and_the_same_workbook_comes_back(empty: Client) -> None:
    started(empty)
    rows = [dict(row) for row in TREE]
    rows[0] |= {"上级编码": "T99", "在校学生数": "四百"}
    rows.append({"编码": "T01", "名称": "又一个", "类型": "乡镇（街道）", "上级编码": "QY"})
    rows.append({"编码": "X", "名称": "无此类型", "类型": "公司"})
    sent = filled(empty, "tree", rows)
    page = empty.post("/setup/tree/load", {"file": sent}).content.decode()
    found = re.findall(r'<td class="nw">第 (\d+) 行</td><td class="nw">(\w) · ([^<]+)</td><td>([^<]*)</td>', page)
    assert found == [
        ("4", "J", "在校学生数", "四百"), ("8", "A", "编码", "T01"), ("9", "C", "类型", "公司")
    ]  # fmt: skip
    assert Organisation.objects.count() == 0
    address = re.findall(r'href="(/setup/tree/marked/[0-9a-f]+\.xlsx)"', page)[0]
    sheet = openpyxl.load_workbook(io.BytesIO(empty.get(address).content)).worksheets[0]
    marked = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment]
    assert [re.sub(r"\D", "", one) for one in marked] == ["4", "8", "9"]
    rows[0] |= {"在校学生数": 400}
    page = empty.post("/setup/tree/load", {"file": filled(empty, "tree", rows[:4])}).content.decode()
    assert "表里和系统里都没有编码为“T99”的单位" in page


def test_a_circle_and_a_second_load(empty: Client) -> None:
    started(empty)
    circle = [
        {"编码": "A", "名称": "甲", "类型": "乡镇（街道）", "上级编码": "B"},
        {"编码": "B", "名称": "乙", "类型": "乡镇（街道）", "上级编码": "A"},
    ]
    page = empty.post("/setup/tree/load", {"file": filled(empty, "tree", circle)}).content.decode()
    assert "上下级形成循环" in page
    loaded(empty, "tree", TREE)
    again = empty.post("/setup/tree/load", {"file": filled(empty, "tree", TREE)}).content.decode()
    assert "将新增 0 行，4 行系统里已有，不动" in again
    changed = [TREE[1] | {"名称": "新柳溪镇"}]
    page = empty.post("/setup/tree/load", {"file": filled(empty, "tree", changed)}).content.decode()
    assert "更名、改隶属请到单位页办理" in page


def test_people_that_do_not_fit(empty: Client) -> None:
    started(empty)
    loaded(empty, "tree", TREE)
    rows = [
        PEOPLE[0] | {"单位编码": "SH99"}, PEOPLE[0] | {"岗位": "主要负责人"},
        PEOPLE[2] | {"人员编号": "P1"}, PEOPLE[2] | {"用户名": "admin"},
    ]  # fmt: skip
    page = empty.post("/setup/people/load", {"file": filled(empty, "people", rows)}).content.decode()
    for said in ("没有编码为“SH99”的单位", "“学校”没有“主要负责人”这个岗位", "请改成一致", "用户名“admin”已有人使用"):
        assert said in page
    assert (Post.objects.count(), User.objects.count()) == (0, 1)


def test_organisations_are_in_use_from_the_first_day(empty: Client) -> None:
    started(empty)
    loaded(empty, "tree", TREE)
    first = day_of(date.fromisoformat(FIRST))
    assert set(Organisation.objects.values_list("in_use_from", "opened")) == {(first, first * MINUTES_A_DAY)}


def test_it_is_the_system_administrators(empty: Client, sqlite_site: Site) -> None:
    make_account(username="watch", password=SECRET, name="审计", administers="audit")
    assert Client().get("/setup/").status_code == 302
    assert client_of("watch").get("/setup/").status_code == 404
    assert empty.get("/setup/tree/load").status_code == 422  # first the rulebook
    started(empty)
    assert empty.get("/setup/nothing/load").status_code == 404


def test_what_a_family_costs_by_itself_is_shown_before_it_is_on(empty: Client) -> None:
    started(empty)
    loaded(empty, "tree", TREE)
    made = edition_for(as_of=day_of(date.fromisoformat(FIRST)), known_at=day_of(date.fromisoformat(FIRST)))
    only = edition(made.rulebook, families_on=["drills"], valid_from=made.valid_from)
    spent = by_role(costs(only, calendars_of(only).default, day_of(date.fromisoformat(FIRST)), sizes()))
    minutes = {minutes_a_month(seconds) for (kind, _), seconds in spent.items() if kind == "school"}
    page = empty.get("/setup/families").content.decode()
    row = page.partition(made.rulebook.families["drills"].title.zh)[2].partition("</tr>")[0]
    assert {int(found) for found in re.findall(r"(\d+) 分钟", row)} == minutes
    assert min(minutes) > 0
