"""Signing in with a passkey and with a second factor, in a real browser with an authenticator of software."""

from __future__ import annotations

import base64
import hmac
import struct
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, PHONE, Visitor, accessible


@pytest.fixture
def at_home(look: Visitor) -> Visitor:
    """Passkeys are bound to a name, and a browser trusts localhost without https."""
    look.address = look.address.replace("127.0.0.1", "localhost")
    return look


def code(secret: str, ahead: int = 0) -> str:
    """What an authenticator app shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + ahead), "sha1")
    (number,) = struct.unpack(">I", digest[digest[-1] & 15 :][:4])
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06d}"


def with_authenticator(page: Page) -> None:
    """Give the page a device that has a finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def confirm(page: Page) -> None:
    """Say again who it is."""
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_a_passkey_is_added_and_signs_in(at_home: Visitor) -> None:
    page = at_home("principal", lang="en")
    with_authenticator(page)
    page.goto(f"{at_home.address}/account")
    assert accessible(page) == []
    page.goto(f"{at_home.address}/accounts/passkeys/add/")
    confirm(page)
    assert accessible(page) == []
    page.click("form[data-passkey] button")
    page.wait_for_url("**/accounts/codes/")
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(f"{at_home.address}/account")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{at_home.address}/")
    expect(page.locator(".who b")).to_contain_text("Principal")


def test_a_device_that_gives_no_passkey_is_said_and_nothing_is_lost(at_home: Visitor) -> None:
    page = at_home(lang="en")
    page.add_init_script("navigator.credentials.get = () => Promise.reject(new Error('stopped'))")
    page.goto(f"{at_home.address}/accounts/login/")
    page.fill("input[name=login]", "principal")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("[data-failed]")).to_be_visible()
    expect(page.locator("input[name=login]")).to_have_value("principal")


def test_an_authenticator_app_asks_for_six_digits(at_home: Visitor) -> None:
    page = at_home("inspector", lang="en", size=PHONE)
    page.goto(f"{at_home.address}/accounts/app/add/")
    confirm(page)
    assert accessible(page) == []
    secret = page.locator("p.sm .mono").inner_text()
    page.fill("input[name=code]", code(secret, -1))
    page.get_by_role("button", name="Turn on").click()
    page.wait_for_url("**/accounts/codes/")
    other = at_home(lang="en")
    other.goto(f"{at_home.address}/accounts/login/")
    assert accessible(other) == []
    other.fill("input[name=login]", "inspector")
    other.fill("input[name=password]", PASSWORD)
    other.click("form button[type=submit].btn-p")
    other.wait_for_url("**/accounts/factor/")
    assert accessible(other) == []
    other.fill("input[name=code]", "000000")
    other.get_by_role("button", name="Sign in").click()
    expect(other.locator(".err")).to_contain_text("The code is wrong")
    other.fill("input[name=code]", code(secret))
    other.get_by_role("button", name="Sign in").click()
    other.wait_for_url(f"{at_home.address}/")


def test_without_scripts_a_password_is_enough(at_home: Visitor) -> None:
    context = at_home._browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{at_home.address}/accounts/login/")
    page.fill("input[name=login]", "safety-officer")
    page.fill("input[name=password]", PASSWORD)
    page.click("form button[type=submit].btn-p")
    assert page.url == f"{at_home.address}/"
    context.close()


@pytest.mark.parametrize(
    ("name", "address"), [("system", "/accounts/"), ("security", "/security/"), ("system", "/accounts/new?q=LZ01")]
)
def test_pages_of_the_administrations_can_be_used_by_everybody(at_home: Visitor, name: str, address: str) -> None:
    page = at_home(name)
    page.goto(f"{at_home.address}{address}")
    assert accessible(page) == []
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert accessible(page) == []
