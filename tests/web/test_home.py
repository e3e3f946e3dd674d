"""待办: what is owed is what the evaluation says, a deed turns it, and whoever owes nothing is told so."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huxue.access.models import User
from huxue.access.viewer import viewer_of
from huxue.actions import facts, standings
from huxue.actions.acting import By
from huxue.commands import main as command_line
from huxue.core.duties.shapes import Repeat
from huxue.core.rulebook.edition import in_effect
from huxue.core.values import date_of, end_of_day
from huxue.demo import TODAY
from huxue.ledger.models import Case
from huxue.standings import owed
from huxue.standings.models import Kept, Stale, Standing
from huxue.standings.site import edition_for
from tests.web.conftest import SignIn

NOW = end_of_day(TODAY)
DAY = date_of(TODAY).isoformat()


def post_of(name: str) -> str:
    held = viewer_of(User.objects.get(username=name), now=NOW).post
    assert held is not None
    return held.post


def organisation(name: str) -> str:
    return post_of(name).partition("/")[0]


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What a command says as JSON."""
    capsys.readouterr()
    assert command_line.main([*words, "--json", "--as-of", DAY, "--known-at", DAY]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def titles(text: str) -> list[str]:
    return re.findall(r'<a class="t"[^>]*>([^<]*)</a>', text)


@pytest.mark.parametrize("name", ["principal", "county-officer", "police-officer"])
def test_what_is_owed_is_what_the_command_says(sign_in: SignIn, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = organisation(name)
    text = sign_in(name).get("/?all=1").content.decode()
    rows = said(capsys, "standings", "--organisation", code)["rows"]
    hidden = set(Standing.objects.filter(shadowed=True).values_list("organisation", "duty"))
    wanted = {r["duty"] for r in rows if r["organisation"] == code and r["status"] in ("due", "overdue")}
    duties = in_effect(edition_for(as_of=TODAY, known_at=TODAY)).duties
    shown = {re.sub(r"（\d+ 件）$", "", title) for title in titles(text)}
    assert {duties[d].title.zh for d in wanted if (code, d) not in hidden} - shown == set()


def test_counts_are_those_of_the_command(sign_in: SignIn, capsys: pytest.CaptureFixture[str]) -> None:
    code = organisation("county-officer")
    text = sign_in("county-officer").get("/").content.decode()
    (found,) = said(capsys, "standings", "--organisation", code)["rollups"]
    strip = [int(n) for n in re.findall(r"<b>(\d+)</b><span><span class=\"c-", text)]
    at_risk = owed.counts(code, own=False)["at_risk"]
    assert strip == [
        found["overdue"], at_risk, found["due"] - at_risk, found["met"], found["missed"], found["excused"],
    ]  # fmt: skip
    done = found["done"]
    assert f"{done['n']:,}/{done['of']:,}" in text


def test_a_deed_turns_what_is_owed(sign_in_either: SignIn) -> None:
    """The form behind the button is filled in; what is written through it is gone from the list."""
    code = organisation("principal")
    rulebook = in_effect(edition_for(as_of=TODAY, known_at=TODAY))
    duty = "school.drill-fire"
    shape = rulebook.duties[duty].shape
    assert isinstance(shape, Repeat)
    Standing.objects.filter(organisation=code, duty=duty).delete()
    before = owed.counts(code, own=True)
    receipt = facts.record(
        rulebook=rulebook, now=NOW, by=By(post_of("principal"), ""), kind="drill", at=NOW - 600,
        values=_drill(rulebook), roles={"by": (code,)},
    )  # fmt: skip
    standings.note([receipt])
    assert set(Stale.objects.values_list("organisation", "kind")) == {(code, "drill")}
    assert sign_in_either("principal").get("/").status_code == 200
    assert Stale.objects.count() == 0
    after = owed.counts(code, own=True)
    assert after["met"] + after["due"] + after["overdue"] >= before["met"]
    assert not Standing.objects.filter(organisation=code, duty=duty, period="2026", status__in=[1, 2]).exists()


def _drill(rulebook: Any) -> dict[str, Any]:
    """A fire drill with all that its kind requires."""
    kind, values = rulebook.kinds["drill"], dict[str, Any]()
    for name, field in kind.fields.items():
        if name == "drill_kind":
            values[name] = "fire"
        elif field.required:
            values[name] = {"number": 10, "yes_no": True, "date": DAY, "time": f"{DAY}T09:00"}.get(
                field.type, next(iter(rulebook.lists[field.list])) if field.list else "按方案组织"
            )
    return values


def test_who_owes_nothing_is_told_so(sign_in: SignIn) -> None:
    Standing.objects.filter(organisation=organisation("principal")).delete()
    Case.objects.filter(organisation=organisation("principal")).delete()
    text = sign_in("principal").get("/").content.decode()
    assert titles(text) == []
    assert "现在没有应办事项" in text


def test_an_administrator_owes_no_duties(sign_in: SignIn) -> None:
    assert "管理账号没有履职待办" in sign_in("system").get("/").content.decode()


def test_the_state_of_another_day_says_so(sign_in: SignIn) -> None:
    Kept.objects.update(as_of=TODAY - 1)
    text = sign_in("principal").get("/").content.decode()
    assert f"正在重新计算，下面是 {date_of(TODAY - 1).isoformat()} 的情况。" in text


def test_visits_are_given_by_reason(sign_in: SignIn) -> None:
    text = sign_in("leader").get("/").content.decode()
    assert "今天先看哪几所" in text
    assert re.search(r"逾期隐患 \d+ 处|没有任何记录", text) is not None
    assert "排名第" not in text


@pytest.mark.parametrize("name", ["leader", "city-officer", "county-officer", "police-officer", "principal"])
def test_few_queries(sign_in: SignIn, name: str) -> None:
    client = sign_in(name)
    client.get("/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 16


def test_english(sign_in: SignIn) -> None:
    client = sign_in("principal")
    client.cookies["lang"] = "en"
    text = client.get("/").content.decode()
    assert "<h1>My list</h1>" in text
    assert "待办" not in text


@pytest.mark.parametrize("tab", ["started", "sent"])
def test_the_other_lists(sign_in: SignIn, tab: str) -> None:
    text = sign_in("county-officer").get(f"/?tab={tab}").content.decode()
    assert f'href="/?tab={tab}" aria-current="page"' in text


@pytest.mark.parametrize("name", ["leader", "county-officer", "bureau-officer", "police-officer", "principal"])
def test_every_line_and_button_leads_somewhere(sign_in: SignIn, name: str) -> None:
    client = sign_in(name)
    lines = re.findall(r"<article.*?</article>", client.get("/?all=1").content.decode(), flags=re.DOTALL)
    addresses = {unescape(one) for line in lines for one in re.findall(r'href="([^"#]*)"', line)}
    assert "" not in addresses
    assert {one: client.get(one).status_code for one in sorted(addresses)} == dict.fromkeys(sorted(addresses), 200)


def test_a_form_is_filled_in_with_what_the_duty_asks(sign_in: SignIn) -> None:
    text = sign_in("principal").get("/?all=1").content.decode()
    found = {unescape(one) for one in re.findall(r'href="(/k/drill/new[^"]*)"', text)}
    assert {one for one in found if not re.search(r"/new(\?f\.drill_kind=[a-z-]+)?$", one)} == set()
