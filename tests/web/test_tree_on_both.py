"""The pages of organisations, hand-over and what is sent, walked through on each database."""

from __future__ import annotations

import pytest

from tests.web.conftest import SignIn

ADDRESSES = {
    "leader": (
        "/o/", "/o/?under=LZ01", "/o/?q=lhx", "/o/LZ01T01S01", "/o/LZ01T01S01/reorganise/merge", "/o/LZ01T01S01/post",
        "/handover/LZ01T01S01/principal", "/sheet/LZ01/head", "/sent", "/sent/new", "/received",
    ),
    "system": ("/setup/", "/setup/families", "/setup/tree/load", "/setup/people/template.xlsx"),
}  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_is_there(sign_in_either: SignIn, lang: str) -> None:
    for name, addresses in ADDRESSES.items():
        client = sign_in_either(name)
        client.cookies["lang"] = lang
        found = {address: client.get(address).status_code for address in addresses}
        assert found == dict.fromkeys(addresses, 200)
