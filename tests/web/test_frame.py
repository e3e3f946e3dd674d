"""The frame of every page: language, headers of safety, refusals, static files, and nothing from outside."""

from __future__ import annotations

import re
from contextlib import closing

import pytest
from django.test import Client

from huxue.access.models import User
from huxue.web.routing import routes
from tests.sites import Site

pytestmark = pytest.mark.usefixtures("sqlite_site")


def test_what_is_not_there_is_said_in_both_languages() -> None:
    answer = Client().get("/nothing-here")
    assert answer.status_code == 404
    assert "找不到这个页面" in answer.content.decode()
    client = Client()
    client.cookies["lang"] = "en"
    assert "This page cannot be found" in client.get("/nothing-here").content.decode()


def test_headers_of_safety() -> None:
    answer = Client().get("/nothing-here")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_nothing_is_asked_for_outside_and_nothing_is_inline() -> None:
    text = Client().get("/nothing-here").content.decode()
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', text) == []
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r'\sstyle="|\son[a-z]+="', text) == []


def test_static_files_carry_their_digest_and_are_kept() -> None:
    text = Client().get("/nothing-here").content.decode()
    address = re.findall(r'href="(/static/css/huxue\.css\?v=[0-9a-f]{12})"', text)[0]
    with closing(Client().get(address)) as answer:
        assert b"".join(answer.streaming_content).startswith("/* 护学".encode())
    assert (answer.status_code, answer["Cache-Control"]) == (200, "max-age=31536000, public")


def test_the_language_is_chosen_and_no_other_address_is_gone_to(sqlite_site: Site) -> None:
    client = Client()
    answer = client.post("/language", {"lang": "en", "next": "https://elsewhere.example/"})
    assert (answer.status_code, answer["Location"], answer.cookies["lang"].value) == (302, "/", "en")
    assert client.post("/language", {"lang": "xx"}).status_code == 404
    assert client.get("/language").status_code == 404


def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/language", {"lang": "en"})
    assert answer.status_code == 403
    assert "没有保存任何内容" in answer.content.decode()


def test_every_address_has_an_owner() -> None:
    found = list(routes())
    assert [one.path for one in found if not one.needs] == []
    assert len({one.name for one in found}) == len(found)


def test_signed_in_pages_are_not_kept_by_the_browser() -> None:
    user = User.objects.create(username="somebody", name="某人", administers="audit")
    client = Client()
    client.force_login(user)
    assert client.get("/nothing-here")["Cache-Control"] == "private, no-store"
