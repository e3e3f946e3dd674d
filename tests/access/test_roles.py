"""The table of roles: what each post is, and that a broken table is not taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from huxue.access import roles as module
from huxue.access.permissions import PERMISSIONS, TITLES
from huxue.access.roles import ADMINISTRATIONS, NEEDED, read, role_of, roles

TEXT = Path(module.__file__).with_name("roles.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("post", "organisation", "topics", "role"),
    [
        ("head", "city-government", (), "leader"),
        ("deputy", "county-department", ("education",), "leader"),
        ("joint-office", "county-government", (), "government-officer"),
        ("officer", "township", (), "government-officer"),
        ("officer", "city-department", ("education",), "education-officer"),
        ("officer", "county-department", ("police",), "department-officer"),
        ("inspector", "county-department", ("education",), "inspector"),
        ("principal", "school", (), "principal"),
        ("safety-director", "school", (), "post-holder"),
        ("head", "school", (), "post-holder"),
        ("auditor", "city-government", (), "auditor"),
        ("officer", "provincial-office", (), "department-officer"),
    ],
)
def test_the_post_makes_the_role(post: str, organisation: str, topics: tuple[str, ...], role: str) -> None:
    assert role_of(post, organisation, topics).code == role


def test_only_governments_of_cities_and_counties_change_the_rulebook() -> None:
    places = ("city-government", "county-government", "township", "city-department", "school")
    leader = roles()["leader"]
    assert [p for p in places if "rulebook-change" in leader.allows("head", p, ())] == list(places[:2])


def test_no_permission_of_an_administration_is_shared_with_another_or_reaches_into_schools() -> None:
    sees = {"see", "write", "decide", "send", "export"}
    assert [sees & set(roles()[code].permissions) for code in ADMINISTRATIONS] == [set(), set(), set()]
    powers = {code: {"users", "locks", "ledger-verify"} & set(roles()[code].permissions) for code in ADMINISTRATIONS}
    assert powers == {"system": {"users"}, "security": {"locks"}, "audit": {"ledger-verify"}}


def test_every_role_and_permission_has_its_words() -> None:
    assert set(NEEDED) <= set(roles())
    assert tuple(TITLES) == PERMISSIONS


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("code: public", "code: everybody", "there is no role 'public'"),
        ("code: inspector", "code: leader", "the role 'leader' stands twice"),
        (
            "  administers: true\n  scope: none\n  permissions: [users",
            "  scope: none\n  permissions: [users",
            "'system': only",
        ),
        (
            "title: {zh: 公众, en: The public}\n  scope: none",
            "title: {zh: 公众, en: P}\n  scope: territory",
            "'public' sees",
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_not_taken(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(ValueError, match=said):
        read(TEXT.replace(old, new, 1))


def test_unknown_permissions_are_not_taken() -> None:
    with pytest.raises(ValidationError, match="permissions"):
        read(TEXT.replace("security-log", "everything", 1))
