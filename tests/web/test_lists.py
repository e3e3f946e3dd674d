"""Lists of everything declared: every kind, both languages, at every reach, in a constant number of queries."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from markupsafe import escape

from huxue.access.models import User
from huxue.access.scope import Scope
from huxue.access.viewer import viewer_of
from huxue.core.kinds import Kind
from huxue.core.values import end_of_day
from huxue.demo import TODAY
from huxue.ledger.asked import Asked
from huxue.ledger.listing import ItemRow, page
from huxue.standings.site import edition_for
from huxue.web.models import SavedView
from huxue.web.rules import APART
from tests.sites import Site
from tests.web.conftest import SignIn, client_of

WHOLE = Scope(whole=True)
QUERIES = 6  # session, account, posts, edition, counts, rows


def kinds() -> dict[str, Kind]:
    every = edition_for(as_of=TODAY, known_at=TODAY).rulebook.kinds
    return {code: kind for code, kind in every.items() if code not in APART}


def scope_of(name: str) -> Scope:
    return viewer_of(User.objects.get(username=name), now=end_of_day(TODAY)).scope


def rows(kind: str, scope: Scope = WHOLE, **asked: object) -> list[ItemRow]:
    return page(kinds()[kind], scope, Asked(size=1_000, **asked)).rows  # type: ignore[arg-type]


def shown(client: Client, address: str) -> str:
    answer = client.get(address)
    assert (address, answer.status_code) == (address, 200)
    return answer.content.decode()


def links_of(text: str, kind: str) -> list[str]:
    return re.findall(rf'<a class="t" href="/k/{kind}/([^"/]+)">', text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_of_the_rulebook_has_its_list(city: Site, lang: str) -> None:
    client = client_of("city-officer", lang)
    for code, kind in kinds().items():
        text = shown(client, f"/k/{code}/?state=all")
        title = escape(kind.title.zh if lang == "zh" else kind.title.en)
        assert (code, f"<h1>{title}</h1>" in text) == (code, True)
        expected = [row.item for row in rows(code)[:50]]
        assert (code, links_of(text, code)) == (code, expected)


def test_an_unknown_kind_has_no_list(sign_in: SignIn) -> None:
    assert [sign_in("city-officer").get(f"/k/{kind}/").status_code for kind in ("nothing", "drill")] == [404, 200]


@pytest.mark.parametrize("name", ["city-officer", "county-officer", "safety-officer"])
@pytest.mark.parametrize(
    "query",
    [
        "",
        "?state=all",
        "?f.grade=minor",
        "?f.grade=minor&step=ordered",
        "?state=overdue",
        "?from=2026-01-01&f.grade=minor",
    ],
)
def test_a_list_costs_six_queries_at_any_reach(sign_in_either: SignIn, name: str, query: str) -> None:
    client = sign_in_either(name)
    shown(client, "/k/hazard/")  # what a process reads once is not the list's
    with CaptureQueriesContext(connection) as queries:
        shown(client, f"/k/hazard/{query}")
    assert len(queries) <= QUERIES


def test_somebody_sees_what_his_reach_holds(sign_in: SignIn) -> None:
    for name in ("county-officer", "police-officer", "safety-officer", "inspector"):
        client = sign_in(name)
        for kind in ("hazard", "inspection", "guard", "self-check"):
            expected = [row.item for row in rows(kind, scope_of(name))[:50]]
            assert (name, kind, links_of(shown(client, f"/k/{kind}/?state=all"), kind)) == (name, kind, expected)


def test_the_list_says_its_total_and_what_the_filter_left_out(sign_in: SignIn) -> None:
    client = sign_in("city-officer")
    every, major = len(rows("hazard")), len(rows("hazard", facets={"grade": ("major",)}))
    text = shown(client, "/k/hazard/?state=all&f.grade=major")
    assert f"共 {major:,} 条，筛选之外 {every - major:,} 条" in text
    assert f"共 {every:,} 条</span>" in shown(client, "/k/hazard/?state=all")


def test_pages_are_turned_by_key_to_the_end(sign_in: SignIn) -> None:
    client, found, address = sign_in("city-officer"), [], "?state=all"
    while address:
        text = shown(client, f"/k/hazard/{address}")
        found += links_of(text, "hazard")
        turn = re.search(r'href="/k/hazard/(\?[^"]+)" rel="next"', text)
        address = turn.group(1).replace("&amp;", "&") if turn else ""
    assert found == [row.item for row in rows("hazard")]


def test_a_school_is_found_by_its_name_and_by_its_initials(sign_in: SignIn) -> None:
    one = rows("hazard")[0]
    client = sign_in("city-officer")
    assert one.item in links_of(shown(client, f"/k/hazard/?q={quote(one.organisation_name)}"), "hazard")
    text = shown(client, f"/search?q={quote(one.organisation_name)}")
    assert (f'href="/o/{one.organisation}"' in text, one.organisation_name in text) == (True, True)
    county = sign_in("safety-officer")
    assert "没有找到" in shown(county, f"/search?q={quote('没有这样的东西')}")


def test_nobody_finds_what_lies_outside(sign_in: SignIn) -> None:
    reach = scope_of("safety-officer")
    other = next(row for row in rows("hazard") if reach.single not in [c for some in row.roles.values() for c in some])
    text = shown(sign_in("safety-officer"), f"/search?q={quote(other.organisation_name)}")
    assert (other.item in text, f"/o/{other.organisation}" in text) == (False, False)
    assert links_of(shown(sign_in("safety-officer"), f"/k/hazard/?state=all&org={other.organisation}"), "hazard") == []


def test_the_board_by_step_counts_the_open_ones(sign_in: SignIn) -> None:
    open_ones = rows("hazard", open_only=True)
    text = shown(sign_in("city-officer"), "/k/hazard/steps")
    for step in {row.step for row in open_ones}:
        n = sum(row.step == step for row in open_ones)
        assert re.search(rf'href="/k/hazard/\?step={step}">[^<]+</a> <b>{n}</b>', text) is not None
    assert sign_in("city-officer").get("/k/drill/steps").status_code == 404


def test_all_kinds_are_shown_with_their_numbers(sign_in: SignIn) -> None:
    text = shown(sign_in("county-officer"), "/k/")
    scope = scope_of("county-officer")
    for kind in ("hazard", "drill", "guard"):
        assert f'href="/k/{kind}/">{kinds()[kind].title.zh}</a> <b>{len(rows(kind, scope)):,}</b>' in text
    assert len(re.findall(r'<li><a href="/k/', text)) == len(kinds())


def test_columns_and_views_are_kept(sign_in: SignIn) -> None:
    client = sign_in("county-officer")
    text = shown(client, "/k/hazard/?state=all&cols=cost")
    assert ("<th>整改费用</th>" in text, "<th>隐患类别</th>" in text) == (True, False)
    client.post("/views/hazard", {"name": "费用", "query": "state=all&cols=cost"})
    assert list(SavedView.objects.values_list("kind", "name", "query")) == [("hazard", "费用", "state=all&cols=cost")]
    assert '<a class="t" href="/k/hazard/?state=all&amp;cols=cost">费用</a>' in shown(client, "/views/hazard")
    assert "费用" not in shown(sign_in("bureau-officer"), "/views/hazard")
    client.post("/views/hazard", {"remove": "费用"})
    assert SavedView.objects.count() == 0


def test_many_at_once_says_whom_and_takes_one_step_in_each(sign_in: SignIn) -> None:
    client, scope = sign_in("bureau-officer"), scope_of("bureau-officer")
    ready = rows("hazard", scope, step="ordered")
    text = client.post("/many/hazard?step=ordered", {"choose": "all"}).content.decode()
    assert f"已选 {len(ready)} 条" in text
    assert re.findall(r'name="item" value="([^"]+)"', text) == [row.item for row in ready]
    items = [row.item for row in ready]
    text = client.post("/many/hazard", {"item": items, "do": "transferred"}).content.decode()
    assert "移送" in text
    moment = re.search(r'name="at"[^>]*value="([^"]+)"', text)
    assert moment is not None
    sent = {
        "item": items, "do": "extended", "agreed": "1", "id": "together", "at": moment.group(1),
        "f.deadline": "2026-12-31", "f.reason": "配件采购", "f.interim_protection": "围挡",
    }  # fmt: skip
    text = client.post("/many/hazard", sent).content.decode()
    done = [row for row in rows("hazard", scope, step="ordered") if row.fields["deadline"] == "2026-12-31"]
    assert f"已办理 {len(done)} 条" in text
    assert len(re.findall(r"<tr><td>", text)) == len(ready) - len(done)
    again = client.post("/many/hazard", sent).content.decode()
    assert f"已办理 {len(done)} 条" in again  # the same submission once more does nothing twice


def test_many_at_once_never_reaches_outside(sign_in: SignIn) -> None:
    outside = [
        row.item
        for row in rows("hazard")
        if row.item not in {r.item for r in rows("hazard", scope_of("safety-officer"))}
    ]
    text = sign_in("safety-officer").post("/many/hazard", {"item": outside}).content.decode()
    assert "没有选中任何一条" in text


def test_a_mistake_in_the_form_of_many_is_said(sign_in: SignIn) -> None:
    client = sign_in("bureau-officer")
    items = [row.item for row in rows("hazard", scope_of("bureau-officer"), step="ordered")]
    answer = client.post("/many/hazard", {"item": items, "do": "extended", "agreed": "1", "at": "2026-07-31 10:00"})
    assert (answer.status_code, "没有保存，请先改正" in answer.content.decode()) == (422, True)
