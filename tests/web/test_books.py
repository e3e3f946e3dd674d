"""The pages of workbooks and of paper, as a school and as a bureau use them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from huxue.core.kinds import Kind
from huxue.demo import TODAY
from huxue.exchange.waiting import Room
from huxue.ledger.for_workbooks import standing_entries
from huxue.ledger.models import Entry, Item
from huxue.organisations.models import Organisation
from huxue.standings.site import edition_for
from tests.exchange.workbooks import workbook
from tests.sites import Site
from tests.web.conftest import SignIn

GUARD = ["姓名", "持有保安员证", "保安员证号", "岗位培训有效期至"]
ROWS = [["甲一", "是", "Z001", "2027-01-01"], ["", "也许", 12345, "2026-13-45"], ["丙三", "否", None, None]]


@pytest.fixture
def school(sign_in: SignIn) -> Client:
    return sign_in("safety-officer")


def sent(client: Client, content: bytes, kind: str = "guard", name: str = "保安.xlsx") -> tuple[int, str, str]:
    """Upload a workbook; return status, the page, and the address of the report."""
    response = client.post(f"/k/{kind}/import", {"book": SimpleUploadedFile(name, content)})
    if response.status_code != 302:
        return response.status_code, response.content.decode(), ""
    page = client.get(response["Location"])
    return page.status_code, page.content.decode(), response["Location"]


def guards() -> int:
    return Entry.objects.filter(kind="guard", open=True).count()


def test_three_wrong_cells_are_named_mended_and_imported(school: Client) -> None:
    before = guards()
    status, page, address = sent(school, workbook(("表", [GUARD, *ROWS])))
    assert status == 200
    for said in ("有 1 行不能导入", "姓名必填", "“也许”应为“是”或“否”", "2026-13-45 这一天不存在", "按数字保存"):
        assert said in page
    assert guards() == before
    marked = load_workbook(io.BytesIO(school.get(f"{address}/marked.xlsx").content))["表"]
    comments = {cell.coordinate for row in marked.iter_rows() for cell in row if cell.comment}
    assert comments == {"A3", "B3", "C3", "D3"}
    assert school.post(f"{address}/write", {"rows": "all"}).status_code == 422
    assert guards() == before
    for cell, value in {"A3": "乙二", "B3": "是", "C3": "012345", "D3": "2026-12-01"}.items():
        marked[cell] = value
    out = io.BytesIO()
    marked.parent.save(out)
    status, page, address = sent(school, out.getvalue())
    assert (status, "3 行都可以导入" in page, "确认写入 3 行" in page) == (200, True, True)
    for _ in range(2):  # pressed twice
        assert school.post(f"{address}/write", {"rows": "all"})["Location"] == address
    assert guards() == before + 3
    done = school.get(address).content.decode()
    assert "已写入台账" in done
    assert school.post(f"{address}/back").status_code == 302
    assert guards() == before
    assert "已整批撤回" in school.get(address).content.decode()


def test_the_right_rows_may_go_first(school: Client) -> None:
    before = guards()
    _, page, address = sent(school, workbook(("表", [GUARD, *ROWS])))
    assert "先导入正确的 2 行" in page
    school.post(f"{address}/write", {"rows": "right"})
    assert guards() == before + 2


def test_the_template_brings_along_what_stands(school: Client) -> None:
    response = school.get("/k/guard/template.xlsx")
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    assert "学校 *" not in [cell.value for cell in sheet[3]]  # one's own needs no column
    status, page, _ = sent(school, response.content)
    assert (status, "台账已与表格一致" in page) == (200, True)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"hello", "不是 .xlsx 或 .xls 文件"),
        ("a.xlsx", workbook(("表", [["随便"], ["什么"]])), "没有找到这张表的表头"),
        ("a.xlsx", workbook(("表", [GUARD])), "只有表头"),
        ("a.xlsx", b"PK" + b"x" * 10_100_000, "超过 10 MB"),
    ],
)
def test_what_is_no_such_workbook_is_refused_and_not_kept(school: Client, name: str, content: bytes, said: str) -> None:
    status, page, _ = sent(school, content, name=name)
    assert (status, said in page) == (422, True)
    assert list(Path(settings.SITE, "workbooks").glob("*/*")) == []


def test_a_workbook_that_waits_is_nobody_elses(school: Client, sign_in: SignIn) -> None:
    _, _, address = sent(school, workbook(("表", [GUARD, *ROWS])))
    other = sign_in("principal")
    assert [other.get(address).status_code, other.get(f"{address}/marked.xlsx").status_code] == [404, 404]
    assert [other.post(f"{address}/write").status_code, school.get(f"{address}x").status_code] == [404, 404]
    assert school.get(address.replace("guard", "camera")).status_code == 404


def test_after_seven_days_nothing_is_kept(school: Client) -> None:
    sent(school, workbook(("表", [GUARD, *ROWS])))
    kept = list(Path(settings.SITE, "workbooks").glob("*/*"))
    assert len(kept) == 1
    number = int(kept[0].parent.name)
    uploaded = next(Room.of(settings.SITE, number, 0).all("guard")).uploaded
    Room.of(settings.SITE, number, uploaded + 7 * 1440)
    assert kept[0].exists()
    Room.of(settings.SITE, number, uploaded + 7 * 1440 + 1)
    assert not kept[0].exists()


@pytest.mark.parametrize("name", ["system", "security", "auditor"])
def test_who_holds_no_post_neither_imports_nor_exports(sign_in: SignIn, name: str) -> None:
    client = sign_in(name)
    pages = ("import", "template.xlsx", "export.xlsx", "print", "word")
    assert [client.get(f"/k/guard/{page}").status_code for page in pages] == [404] * 5


def test_a_list_goes_out_with_its_count_and_its_code(sign_in: SignIn) -> None:
    officer = sign_in("city-officer")
    content = b"".join(officer.get("/k/hazard/export.xlsx?f.grade=major").streaming_content)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    grades = {sheet.cell(row, heads.index("隐患等级") + 1).value for row in range(4, sheet.max_row)}
    assert grades == {"重大隐患"}
    assert re.fullmatch(
        rf"※ 共 {sheet.max_row - 4} 行 · 校验码 [0-9A-F]{{4}}(-[0-9A-F]{{4}}){{2}} · 内部资料",
        sheet.cell(sheet.max_row, 1).value,
    )


def test_a_list_prints_with_unit_term_and_lines_to_sign(sign_in: SignIn) -> None:
    page = sign_in("city-officer").get("/k/hazard/print?f.grade=major").content.decode()
    for said in ("隐患台账", "填报单位：", "学年学期：2025—2026学年第二学期", "签字", "经办人", "校验码", "内部资料"):
        assert said in page
    english = sign_in("city-officer", "en").get("/k/hazard/print").content.decode()
    assert "Check code" in english or "check code" in english


def test_a_list_goes_out_as_a_word_file(sign_in: SignIn) -> None:
    made = docx.Document(io.BytesIO(sign_in("city-officer").get("/k/hazard/word?f.grade=major").content))
    assert [one.text for one in made.paragraphs][:2] == ["内部资料", "隐患台账"]
    assert made.tables[0].rows[0].cells[0].text == "序号"


@pytest.mark.parametrize("kind", ["hazard", "guard", "drill"])
def test_any_item_prints_and_goes_out_as_a_word_file(school: Client, kind: str) -> None:
    mine = Item.objects.filter(kind=kind, organisation=_own(school)).values_list("item", flat=True)[0]
    page = school.get(f"/k/{kind}/{mine}/print").content.decode()
    made = docx.Document(io.BytesIO(school.get(f"/k/{kind}/{mine}/word").content))
    code = re.search(r"校验码 ([0-9A-F-]{14})", page)
    assert code is not None
    assert code[1] in made.sections[0].footer.paragraphs[0].text
    beyond = Item.objects.filter(kind="guard").exclude(organisation=_own(school)).values_list("item", flat=True)[0]
    assert [school.get(f"/k/guard/{beyond}/{sort}").status_code for sort in ("print", "word")] == [404, 404]


def _own(client: Client) -> str:
    page = client.get("/k/guard/export.xlsx")
    b"".join(page.streaming_content)
    return str(page.wsgi_request.viewer.post.organisation)  # type: ignore[attr-defined]


def test_what_is_personal_stays_with_those_whom_it_concerns(school: Client, sign_in: SignIn, city: Site) -> None:
    mine = Item.objects.filter(kind="guard", organisation=_own(school)).values_list("item", flat=True)[0]
    own, theirs = (
        client.get(f"/k/guard/{mine}/print").content.decode() for client in (school, sign_in("city-officer"))
    )
    assert ("（不显示）" in own, "（不显示）" in theirs) == (False, True)


def test_a_bureau_is_handed_no_names_and_keeps_them_by_leaving_them_empty(sign_in: SignIn) -> None:
    bureau = sign_in("bureau-officer")
    response = bureau.get("/k/guard/template.xlsx")
    book = load_workbook(io.BytesIO(response.content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[3]]
    name, firm = heads.index("姓名 *") + 1, heads.index("派驻公司") + 1
    assert {sheet.cell(row, name).value for row in range(4, sheet.max_row + 1)} == {None}
    sheet.cell(4, firm, "另一家公司")
    out = io.BytesIO()
    book.save(out)
    before = {e.item: e.fields["name"] for e in standing_entries(_guard(), _schools())}
    status, page, address = sent(bureau, out.getvalue())
    assert (status, "都可以导入" in page, "确认写入 1 行" in page) == (200, True, True)
    assert [one for one in before.values() if one in page] == []
    bureau.post(f"{address}/write", {"rows": "all"})
    assert {e.item: e.fields["name"] for e in standing_entries(_guard(), _schools())} == before


def _guard() -> Kind:
    return edition_for(as_of=TODAY, known_at=TODAY).rulebook.kinds["guard"]


def _schools() -> list[str]:
    return list(Organisation.objects.filter(type="school").values_list("code", flat=True))
