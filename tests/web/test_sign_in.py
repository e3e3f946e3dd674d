"""Signing in: who is let in, who is slowed down, when it ends, and what the security log says of it."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from huxue.access.accounts import make_account
from huxue.access.models import SecurityEvent, Session, User
from huxue.access.sessions import BEGAN, SessionStore
from huxue.actions import accounts
from huxue.core.values import Refused
from tests.sites import Site

PASSWORD = "three green doors"  # noqa: S105 - of a test


@pytest.fixture(autouse=True)
def quick(settings: Settings, site: Site) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # argon2 is slow on purpose


def person(name: str = "alice", **more: str) -> User:
    return make_account(username=name, password=PASSWORD, name=name.title(), **more)


def sign_in(name: str, password: str = PASSWORD, address: str = "10.0.0.1") -> tuple[Client, str]:
    """A browser at an address, and where it was sent; "" when it was not let in."""
    client = Client(REMOTE_ADDR=address)
    client.cookies["lang"] = "en"
    answer = client.post("/accounts/login/", {"login": name, "password": password})
    return client, answer.headers.get("Location", "")


def said(name: str, password: str, address: str = "10.0.0.1") -> str:
    answer = Client(REMOTE_ADDR=address).post("/accounts/login/", {"login": name, "password": password})
    assert answer.status_code == 200
    return str(answer.content.decode())


def log() -> list[tuple[str, str, str, str]]:
    return list(SecurityEvent.objects.order_by("id").values_list("event", "username", "by", "detail"))


def test_a_name_and_a_password() -> None:
    person()
    client, gone = sign_in(" ALICE ")
    assert gone == "/"
    assert client.get("/account").status_code == 200
    assert Session.objects.get().user == User.objects.get().pk
    assert log() == [("signed-in", "alice", "", "password")]
    client.post("/accounts/logout/")
    assert client.get("/account").headers["Location"] == "/accounts/login/?next=%2Faccount"
    assert log()[1:] == [("signed-out", "alice", "", "")]


def test_a_wrong_password_says_how_often_one_may_try_and_not_whether_the_name_exists() -> None:
    person()
    for name in ("alice", "nobody"):
        assert [f"还可以再试 {left} 次" in said(name, "wrong") for left in (4, 3)] == [True, True]
    assert log() == [("sign-in-failed", name, "", "") for name in ("alice", "alice", "nobody", "nobody")]


def test_an_attacker_is_stopped_and_the_school_behind_the_same_address_is_not() -> None:
    names = [f"teacher{n}" for n in range(200)]
    for name in names:
        person(name)
    for _ in range(5):
        said("teacher7", "guessed")
    assert "尝试次数过多" in said("teacher7", PASSWORD)
    assert [sign_in(name)[1] for name in names if name != "teacher7"] == ["/"] * 199
    assert sign_in("teacher7", address="10.0.0.2")[1] == "/"
    assert SecurityEvent.objects.filter(event="sign-in-limited").count() == 1  # not once a guess
    accounts.lift_pause(by=None, username="teacher7")
    assert sign_in("teacher7")[1] == "/"


def test_guessing_from_many_addresses_ends_and_a_known_address_stays_open(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed_anywhere": "6/d/key"}
    person()
    assert sign_in("alice", address="10.0.0.1")[1] == "/"
    for n in range(6):
        said("alice", "guessed", address=f"10.9.0.{n}")
    assert "尝试次数过多" in said("alice", PASSWORD, address="10.9.0.99")
    assert sign_in("alice", address="10.0.0.1")[1] == "/"


def test_a_proxy_is_believed_only_where_it_is_known(settings: Settings) -> None:
    person()
    Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD}, headers={"X-Forwarded-For": "1.1.1.1"})
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    forged = {"X-Forwarded-For": "9.9.9.9, 2.2.2.2"}
    Client().post("/accounts/login/", {"login": "alice", "password": PASSWORD}, headers=forged)
    found = SecurityEvent.objects.filter(event="signed-in").order_by("id")
    assert list(found.values_list("address", flat=True)) == ["127.0.0.1", "2.2.2.2"]


def test_there_is_nothing_to_register_with() -> None:
    for address in ("/accounts/signup/", "/accounts/password/reset/", "/accounts/email/"):
        assert Client().get(address).status_code == 404


def test_a_session_ends_when_nothing_is_done(settings: Settings) -> None:
    person()
    client, _ = sign_in("alice")
    row = Session.objects.get()
    assert abs(row.expire_date - timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)) < timedelta(
        seconds=60
    )
    Session.objects.update(expire_date=timezone.now())
    assert client.get("/account").status_code == 302


def test_a_busy_session_is_kept_with_few_writes_and_ends_all_the_same(settings: Settings) -> None:
    person()
    client, _ = sign_in("alice")
    fresh = Session.objects.get().expire_date
    client.get("/account")
    assert Session.objects.get().expire_date == fresh  # a page costs no write
    Session.objects.update(expire_date=fresh - timedelta(seconds=600))
    client.get("/account")
    assert Session.objects.get().expire_date > fresh - timedelta(seconds=60)
    store = SessionStore(Session.objects.get().session_key)
    store[BEGAN] = time.time() - settings.SESSION_LONGEST + 60
    store.save()
    assert Session.objects.get().expire_date < timezone.now() + timedelta(seconds=61)
    client.get("/account")
    assert Session.objects.get().expire_date < timezone.now() + timedelta(seconds=61)


def test_another_password_ends_the_other_sessions() -> None:
    person()
    (here, _), (there, _) = sign_in("alice"), sign_in("alice", address="10.0.0.2")
    new = {"oldpassword": PASSWORD, "password1": "four red windows", "password2": "four red windows"}
    same = new | {"password1": PASSWORD, "password2": PASSWORD}
    assert "must differ" in here.post("/accounts/password/", same).content.decode()
    assert here.post("/accounts/password/", new).headers["Location"] == "/"
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)
    assert log()[-1] == ("password-changed", "alice", "", "")
    assert sign_in("alice", "four red windows")[1] == "/"


def test_a_given_password_must_be_changed_before_anything_else() -> None:
    person()
    admin = person("root", administers="system")
    old, _ = sign_in("alice")
    given = accounts.give_password(by=admin, username="alice")
    assert old.get("/account").status_code == 302
    client, _ = sign_in("alice", given)
    assert client.get("/account").headers["Location"] == "/accounts/password/"
    new = {"oldpassword": given, "password1": "four red windows", "password2": "four red windows"}
    client.post("/accounts/password/", new)
    assert client.get("/account").status_code == 200
    assert ("password-given", "alice", "root", "") in log()


def test_a_closed_account_is_out_at_once_and_may_come_back() -> None:
    person()
    admin = person("root", administers="system")
    client, _ = sign_in("alice")
    accounts.close_account(by=admin, username="alice")
    assert client.get("/account").status_code == 302
    assert "用户名或密码不对" in said("alice", PASSWORD)
    accounts.reopen_account(by=admin, username="alice")
    assert sign_in("alice")[1] == "/"
    with pytest.raises(Refused) as refused:
        accounts.close_account(by=admin, username="root")
    assert refused.value.code == "own_account"


def test_sessions_are_listed_without_their_keys_and_ended() -> None:
    person()
    (here, _), (there, _) = sign_in("alice"), sign_in("alice", address="10.0.0.2")
    text = here.get("/account").content.decode()
    assert [key in text for key in Session.objects.values_list("session_key", flat=True)] == [False, False]
    here.post("/account/sessions", {"session": "another's"})
    assert there.get("/account").status_code == 200
    here.post("/account/sessions", {"session": ""})
    assert (here.get("/account").status_code, there.get("/account").status_code) == (200, 302)


def code(secret: str, ahead: int = 0) -> str:
    """What an app shows (RFC 6238), ``ahead`` half-minutes from now."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + ahead), "sha1")
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def with_app() -> tuple[User, str]:
    """Alice with an authenticator app, added on the pages."""
    user = person()
    client, _ = sign_in("alice")
    assert client.get("/accounts/app/add/").headers["Location"].startswith("/accounts/again/")
    client.post("/accounts/again/", {"password": PASSWORD})
    client.get("/accounts/app/add/")
    secret = client.session["mfa.totp.secret"]
    answer = client.post("/accounts/app/add/", {"code": code(secret, -1)})
    assert answer.headers["Location"] == "/accounts/codes/"
    return user, secret


def test_a_second_step_with_an_app(with_app: tuple[User, str]) -> None:
    user, secret = with_app
    client, gone = sign_in("alice")
    assert gone == "/accounts/factor/"
    assert client.get("/account").status_code == 302  # the password alone opens nothing
    assert client.post("/accounts/factor/", {"code": "000000"}).status_code == 200
    assert client.post("/accounts/factor/", {"code": code(secret)}).headers["Location"] == "/"
    assert [event for event, *_ in log()][-2:] == ["factor-failed", "signed-in"]
    assert log()[-1][3] == "password totp"
    stored = Authenticator.objects.get(user_id=user.pk, type="totp").data
    assert secret not in str(stored)


def test_a_recovery_code_works_once(with_app: tuple[User, str]) -> None:
    user, _ = with_app
    one, *_ = Authenticator.objects.get(user_id=user.pk, type="recovery_codes").wrap().get_unused_codes()
    for expected in ("/", ""):
        client, _ = sign_in("alice")
        assert client.post("/accounts/factor/", {"code": one}).headers.get("Location", "") == expected


def test_the_security_administrator_resets_lost_factors(with_app: tuple[User, str]) -> None:
    user, _ = with_app
    guard = person("guard", administers="security")
    with pytest.raises(Refused) as refused:
        accounts.reset_factors(by=person("root", administers="system"), username="alice")
    assert refused.value.code == "not_allowed"
    accounts.reset_factors(by=guard, username="alice")
    assert Authenticator.objects.filter(user_id=user.pk).count() == 0
    assert sign_in("alice")[1] == "/"
    assert ("factors-reset", "alice", "guard", "") in log()


@pytest.mark.parametrize(
    ("administers", "users", "log_", "lock"),
    [("system", 200, 404, 404), ("security", 404, 200, 200), ("audit", 404, 200, 404)],
)
def test_each_administration_has_its_own_pages(administers: str, users: int, log_: int, lock: int) -> None:
    person("admin", administers=administers)
    client, _ = sign_in("admin")
    addresses = ("/accounts/", "/accounts/new", "/accounts/of/admin", "/security/", "/security/of/admin")
    assert [client.get(one).status_code for one in addresses] == [users, users, users, log_, lock]


def test_nobody_has_two_hats() -> None:
    for more in ({"person": "P1", "administers": "audit"}, {"administers": "everything"}):
        with pytest.raises(Refused):
            person("somebody", **more)
    person("first", person="P1")
    with pytest.raises(Refused) as refused:
        person("second", person="P1")
    assert refused.value.code == "person_taken"


def test_when_somebody_was_here_stands_only_in_the_log() -> None:
    columns = {field.name for field in User._meta.get_fields()}
    assert {name for name in columns if "last" in name or "count" in name or "seen" in name} == set()
    person()
    person("root", administers="system")
    sign_in("alice")
    client, _ = sign_in("root")
    today = timezone.localtime().strftime("%Y-%m-%d")
    assert today not in client.get("/accounts/of/alice").content.decode().partition("<footer")[0]
    assert today not in client.get("/accounts/").content.decode().partition("<footer")[0]
