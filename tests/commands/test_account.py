"""``huxue account``: the first administrator, and the way back in."""

from __future__ import annotations

import re

from huxue.access.models import SecurityEvent, Session, User
from tests.commands.town import Town


def test_the_first_administrator_of_a_fresh_site(place: Town) -> None:
    said = place.done("account", "add", "SysAdmin", "--administers", "system", "--name", "李明").lines
    assert said[0] == "user name sysadmin"
    assert re.fullmatch(r"one-time password [a-z2-9]{5}(-[a-z2-9]{5}){2}", said[1])
    made = User.objects.get()
    assert (made.username, made.administers, made.must_change) == ("sysadmin", "system", True)
    assert made.check_password(said[1].split()[-1]) is True
    assert place.done("account", "list").lines == ["sysadmin  李明  System administrator"]


def test_a_new_password_ends_the_old_one(place: Town) -> None:
    place.done("account", "add", "one", "--administers", "audit")
    old = User.objects.get().password
    Session.objects.create(session_key="k", session_data="", expire_date="2999-01-01T00:00Z", user=1, began=0)
    Session.objects.filter(session_key="k").update(user=User.objects.get().pk)
    place.done("account", "password", "one")
    assert User.objects.get().password != old
    assert Session.objects.count() == 0
    assert [e.event for e in SecurityEvent.objects.order_by("id")] == ["account-opened", "password-given"]


def test_closed_accounts_are_said(place: Town) -> None:
    place.done("account", "add", "one", "--administers", "audit")
    place.done("account", "close", "one")
    assert place.done("account", "list").lines == ["one  one  Audit administrator (closed)"]


def test_refusals(place: Town) -> None:
    place.done("account", "add", "one", "--administers", "audit")
    taken = "用户名“one”已有人使用。", "The user name 'one' is taken."
    place.refused(*taken, "account", "add", "ONE", "--administers", "system")
    place.refused("没有账号“two”。", "There is no account 'two'.", "account", "password", "two")
    place.refused(
        "没有任职过的人员“P1”。", "Nobody called 'P1' ever held a post.", "account", "add", "two", "--person", "P1"
    )
    assert place.done("account", "list", "--json").json["accounts"][0]["username"] == "one"
