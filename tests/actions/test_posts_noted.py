"""Posts given and ended stand in the security log of who has an account: rights follow posts."""

from __future__ import annotations

from huxue.access.accounts import make_account
from huxue.access.models import SecurityEvent
from huxue.actions import organisations
from huxue.actions.acting import By
from tests.sites import Site

NOW = 29_000_000
SECRET = "three green doors"  # noqa: S105 - of a test


def log() -> list[tuple[str, str, str, str]]:
    return list(SecurityEvent.objects.order_by("id").values_list("event", "username", "by", "detail"))


def test_who_was_given_a_post_and_by_whom(site: Site) -> None:
    organisations.open_(now=NOW, by=None, at=NOW, new=[organisations.New("C", "County", "county-government")])
    make_account(username="head", password=SECRET, name="Head", person="P1")
    make_account(username="officer", password=SECRET, name="Officer", person="P2")
    organisations.appoint(now=NOW, by=None, at=NOW, post="C/head", person="P1")
    by = By("C/head", "P1")
    organisations.appoint(now=NOW + 1, by=by, at=NOW + 1, post="C/officer", person="P2")
    organisations.appoint(now=NOW + 2, by=by, at=NOW + 2, post="C/deputy", person="without account")
    organisations.relieve(now=NOW + 3, by=by, at=NOW + 3, post="C/officer", person="P2")
    assert log() == [
        ("post-given", "head", "", "C/head"),
        ("post-given", "officer", "head", "C/officer"),
        ("post-ended", "officer", "head", "C/officer"),
    ]


def test_closing_an_organisation_ends_its_posts(site: Site) -> None:
    organisations.open_(now=NOW, by=None, at=NOW, new=[organisations.New("S", "School", "school")])
    make_account(username="principal", password=SECRET, name="Principal", person="P3")
    organisations.appoint(now=NOW, by=None, at=NOW, post="S/principal", person="P3")
    organisations.close(now=NOW + 1, by=None, at=NOW + 1, code="S")
    assert log()[-1] == ("post-ended", "principal", "", "S/principal")
