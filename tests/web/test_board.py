"""履职看板: its cells are the kept tallies, its figures those of the command, and nobody sees beyond his reach."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from huxue.organisations.models import Organisation
from huxue.standings.models import Standing, Tally
from tests.web.conftest import SignIn
from tests.web.test_home import organisation, said


def rows(text: str) -> list[str]:
    """The names of the lines of a grid."""
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return re.findall(r'<th class="org" scope="row"><a[^>]*><span>([^<]*)</span>', body)


def cells(text: str) -> dict[tuple[str, str], str]:
    """The class of each cell by organisation and duty."""
    found = re.findall(r'<td class="c c-(\w+)[^"]*"><a href="/board/([^/"]+)/([^"]+)"', text)
    return {(org, duty): status for status, org, duty in found}


def test_a_city_shows_its_counties_and_a_county_its_schools(sign_in: SignIn) -> None:
    client = sign_in("leader")
    counties = rows(client.get("/board").content.decode())
    assert counties == list(
        Organisation.objects.filter(type="county-government").order_by("path").values_list("name", flat=True)
    )
    county = Organisation.objects.filter(type="county-government").order_by("path")[0]
    schools = rows(client.get(f"/board/{county.code}").content.decode())
    below = Organisation.objects.filter(type="school", path__startswith=county.path).order_by("path")
    assert schools == list(below.values_list("name", flat=True))


def test_cells_say_what_is_kept(sign_in: SignIn) -> None:
    county = organisation("county-officer")
    text = sign_in("county-officer").get("/board").content.decode()
    found = cells(text)
    assert len(found) >= 25
    overdue = {(o, d) for (o, d), status in found.items() if status == "overdue"}
    wanted = set(Standing.objects.filter(status=2, organisation__startswith=county).values_list("organisation", "duty"))
    assert overdue == {pair for pair in wanted if pair in found}


def test_sums_are_those_of_the_command(sign_in: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    text = sign_in("leader").get("/board").content.decode()
    every = said(capsys, "standings")["rollups"]
    sums = re.findall(r'<td class="sum"><b>(\d+)</b> / <i>(\d+)</i>', text)
    counties = Organisation.objects.filter(type="county-government").order_by("path").values_list("code", flat=True)
    by_code = {r["organisation"]: r["overdue"] for r in every}
    assert [int(n) for n, _ in sums] == [by_code[code] for code in counties]
    (city,) = [r for r in every if r["organisation"] == "LZ"]
    assert f"{city['done']['n']:,}/{city['done']['of']:,}" in text


def test_beyond_reach_is_not_there(sign_in: SignIn) -> None:
    client, county = sign_in("county-officer"), organisation("county-officer")
    other = Organisation.objects.filter(type="county-government").exclude(code=county)[0].code
    assert client.get(f"/board/{other}").status_code == 404
    assert client.get("/board/NOWHERE").status_code == 404
    assert client.get(f"/board/{other}/school.drill-fire").status_code == 404
    assert client.get(f"/board/{other}/export.xlsx").status_code == 404
    assert client.get(f"/board/{county}/no.such-duty").status_code == 404


def test_a_cell_opens_beside_the_grid_and_as_a_page(sign_in: SignIn) -> None:
    client = sign_in("county-officer")
    org, duty = next(
        pair for pair, status in cells(client.get("/board").content.decode()).items() if status == "overdue"
    )
    page = client.get(f"/board/{org}/{duty}").content.decode()
    part = client.get(f"/board/{org}/{duty}", headers={"hx-request": "true"}).content.decode()
    assert page.startswith("<!doctype html>")
    assert part.startswith('<div class="hd row between">')
    for text in (page, part):
        assert "依据：" in text
        assert "逾期" in text


def test_filters(sign_in: SignIn) -> None:
    client, county = sign_in("county-officer"), organisation("county-officer")
    every = rows(client.get("/board").content.decode())
    some = rows(client.get("/board?only=problems").content.decode())
    assert set(some) <= set(every)
    family = client.get("/board?family=hazards").content.decode()
    assert {duty for _, duty in cells(family)} <= set(
        Tally.objects.filter(organisation=county).values_list("duty", flat=True)
    )
    assert client.get("/board?per=month&from=99999").status_code == 200
    assert client.get("/board?show=overdue&family=none-such").status_code == 200


def test_offices_have_a_board(sign_in: SignIn) -> None:
    names = rows(sign_in("county-officer").get("/board?by=offices").content.decode())
    county = Organisation.objects.get(code=organisation("county-officer"))
    below = Organisation.objects.filter(parent=county.code).exclude(type="school").order_by("path")
    assert names == [county.name, *below.values_list("name", flat=True)]


def test_the_workbook_says_the_same(sign_in: SignIn) -> None:
    client, county = sign_in("county-officer"), organisation("county-officer")
    answer = client.get(f"/board/{county}/export.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(min_row=3, values_only=True))
    assert [line[1] for line in lines] == rows(client.get("/board").content.decode())
    said_words = {str(word) for line in lines for word in line[2:]}
    assert {
        word for word in said_words if not re.match(r"^(逾期|剩|已完成|待办|临期|未履行|免除|不适用)", word)
    } == set()


def test_every_cell_is_told_in_words(sign_in: SignIn) -> None:
    text = sign_in("county-officer").get("/board").content.decode()
    labels = re.findall(r'tabindex="-1" aria-label="([^"]*)"', text)
    assert len(labels) == len(cells(text))
    assert [label for label in labels if "：" not in label] == []


def test_few_queries(sign_in_either: SignIn) -> None:
    client = sign_in_either("leader")
    client.get("/board")
    with CaptureQueriesContext(connection) as asked:
        client.get("/board")
    assert len(asked) <= 14


def test_english(sign_in: SignIn) -> None:
    client = sign_in("leader")
    client.cookies["lang"] = "en"
    text = client.get("/board").content.decode()
    assert "<h1>Duty board</h1>" in text
    assert re.search(r"aria-label=\"[^\"]*: [0-9]* ?(overdue|met|due)", text) is not None
