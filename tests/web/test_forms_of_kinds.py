"""Every kind of the city's rulebook has its form: it renders in both languages, takes what is right, names what is not.

One city for all of it: no test here depends on what another wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker

from huxue.access.models import User
from huxue.core.kinds import Kind
from huxue.core.values import date_of
from huxue.organisations.tables import select
from huxue.web import clock
from huxue.web.rules import APART, BEGUN, Rules, rules_on
from tests.cities import Cities
from tests.web.conftest import client_of
from tests.web.filled import filled, required_of

WRITERS = {  # type of organisation → account of the demonstration that acts for one
    "school": "safety-officer", "county-government": "county-leader", "city-government": "leader",
    "county-department": "bureau-leader", "township": "", "city-department": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def book(
    sqlite_cities: Cities, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[Rules]:
    """The rules of a city that stays for the module."""
    before, folder = settings.SITE, tmp_path_factory.mktemp("kinds") / "city"
    settings.SITE = folder
    with django_db_blocker.unblock(), sqlite_cities.on_sqlite(folder):
        yield rules_on(clock.now() // 1440)
    settings.SITE = before


def writer_of(kind: Kind) -> str:
    """Return an account whose organisation may write a kind; "" where the demonstration has none."""
    types = set(kind.written_by)
    if kind.shape == "case":
        opening = next(step for step in kind.flow.values() if step.opening)
        named = set(opening.by) & set(WRITERS)
        types = (types & named or types) if types else named or {"county-government"}
    by = kind.roles.get("by")
    if by and by.types:
        types = types & set(by.types) if types else set(by.types)
    return next((WRITERS[one] for one in (types or {"school"}) if WRITERS.get(one)), "")


def organisations_of(kind: Kind, own: str) -> dict[str, str]:
    """Return the roles of a form, filled with the own school or one in reach."""
    sent = {}
    for name, role in kind.roles.items():
        if name in ("by", "from") or not role.required:
            continue
        types = role.types or ("school",)
        marks = ", ".join(["%s"] * len(types))
        sql = f"SELECT code FROM organisations_organisation WHERE type IN ({marks}) AND path LIKE %s || '%%' LIMIT 1"
        rows = select(sql, *types, path_of(own)) or select(sql, *types, "")
        sent[f"r.{name}"] = rows[0][0]
    return sent


def path_of(code: str) -> str:
    rows = select("SELECT path, type FROM organisations_organisation WHERE code = %s", code)
    path, kind = rows[0]
    return str(path) if kind != "county-department" else "/".join(path.split("/")[:2]) + "/"


def own_organisation(account: str) -> str:
    person = User.objects.get(username=account).person
    rows = select("SELECT post FROM organisations_holding WHERE person = %s ORDER BY post", person)
    return str(rows[0][0]).partition("/")[0]


def day_of_site() -> str:
    return date_of(clock.now() // 1440).isoformat()


def derived(book: Rules) -> set[str]:
    return {one.writes for one in book.rulebook.derivations.values()}


def writable(book: Rules) -> list[tuple[Kind, str]]:
    """Return the kinds that people write, each with an account that may."""
    others = [kind for code, kind in book.rulebook.kinds.items() if code not in {*APART, *BEGUN}]
    found = [(kind, writer_of(kind)) for kind in others if kind.code not in derived(book) or kind.shape != "record"]
    return [(kind, account) for kind, account in found if account]


def test_most_kinds_have_somebody_in_the_demonstration(book: Rules) -> None:
    kinds = {kind.code for kind in book.rulebook.kinds.values()}
    without = kinds - {kind.code for kind, _ in writable(book)} - derived(book) - APART - set(BEGUN)
    assert sorted(without) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_renders_with_a_label_for_every_control(book: Rules, lang: str) -> None:
    for kind, account in writable(book):
        answer = client_of(account, lang).get(f"/k/{kind.code}/new")
        text = answer.content.decode()
        assert (kind.code, answer.status_code) == (kind.code, 200)
        ids = re.findall(r'<(?:input|select|textarea)[^>]*\sid="((?:f|r)-[^"]+)"', text)
        labels = set(re.findall(r'<label for="([^"]+)"', text))
        assert (kind.code, [one for one in ids if one not in labels]) == (kind.code, [])
        for name in required_of(kind, opening(kind)):
            assert (kind.code, name, f'id="f-{name}"' in text) == (kind.code, name, True)
        assert (kind.code, [one for one in kind.fields.values() if one.title.say(lang) in ("", None)]) == (
            kind.code,
            [],
        )


def opening(kind: Kind) -> str:
    return next((name for name, step in kind.flow.items() if step.opening), "")


def test_an_empty_form_is_refused_and_every_required_field_named(book: Rules) -> None:
    for kind, account in writable(book):
        answer = client_of(account).post(f"/k/{kind.code}/new", {"at": f"{day_of_site()}T09:00"})
        required = set(required_of(kind, opening(kind)))
        if not required and not any(role.required for name, role in kind.roles.items() if name not in ("by", "from")):
            assert (kind.code, answer.status_code) == (kind.code, 302)
            continue
        assert (kind.code, answer.status_code) == (kind.code, 422)
        linked = set(re.findall(r'<a href="#f-([a-z_0-9]+)">', answer.content.decode()))
        assert (kind.code, linked) == (kind.code, required)


def test_a_form_filled_in_rightly_is_taken_down_once(book: Rules) -> None:
    for kind, account in writable(book):
        client, own = client_of(account), own_organisation(account)
        step = opening(kind)
        sent = {
            **filled(kind, book.rulebook, organisation=own, day=day_of_site(), step=step),
            **organisations_of(kind, own), "at": f"{day_of_site()}T00:30", "id": f"form-{kind.code}",
        }  # fmt: skip
        answer = client.post(f"/k/{kind.code}/new", sent)
        assert (kind.code, answer.status_code, _wrong(answer)) == (kind.code, 302, [])
        shown = client.get(answer["Location"])
        assert (kind.code, shown.status_code) == (kind.code, 200)
        assert (kind.code, "已登记" in shown.content.decode()) == (kind.code, True)
        assert select("SELECT count(*) FROM ledger_fact WHERE id = %s", f"form-{kind.code}") == [(1,)]


def _wrong(answer: object) -> list[str]:
    text = answer.content.decode()  # type: ignore[attr-defined]
    inside = re.search(r'<div class="errsum".*?</div>', text, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", inside[0]) if inside else re.findall(r"<h1>(.*?)</h1>", text)


def test_who_may_not_write_a_kind_is_told_before_typing(book: Rules) -> None:
    client: Client = client_of("safety-officer")
    refused = [kind for kind in book.rulebook.kinds.values() if kind.written_by and "school" not in kind.written_by]
    assert len(refused) > 5
    for kind in refused:
        answer = client.get(f"/k/{kind.code}/new")
        assert (kind.code, answer.status_code, "不由本单位填报" in answer.content.decode()) == (kind.code, 422, True)
