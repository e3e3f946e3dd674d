"""Signing in at another server: the settings decide, accounts are still opened here first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.sites import SECRET
from tests.web.identity_server import identity_server

# In a process of its own, because the applications of a site are settled when it starts.
PROGRAM = """
import json
from urllib.parse import parse_qs, urlsplit
import django
django.setup()
from django.test import Client
from huxue.access.accounts import make_account
from huxue.access.models import SecurityEvent
from huxue.commands.main import make_site

make_site()
make_account(username="alice", password="three green doors", name="Alice", must_change=True)
make_account(username="carol", password="three green doors", name="Carol").__class__.objects.filter(
    username="carol").update(is_active=False)

def arrive(name, query=""):
    client = Client(headers={"host": "localhost"})
    client.cookies["lang"] = "en"
    button = client.get("/accounts/login/").content.decode()
    gone = urlsplit(client.get("/accounts/oidc/login/" + query)["Location"])
    asked = {key: value[0] for key, value in parse_qs(gone.query).items()}
    back = client.get("/accounts/oidc/login/callback/", {"code": name, "state": asked["state"]})
    after = client.get(back["Location"]).content.decode() if back["Location"].startswith("/accounts/login") else ""
    return {"button": "Ask the city" in button, "to": gone.path, "client": asked["client_id"],
            "uri": asked["redirect_uri"], "back": back["Location"], "in": client.get("/account").status_code,
            "said": "has no account here" in after}

found = {"alice": arrive("Alice"), "again": arrive("Alice"), "bob": arrive("bob"), "carol": arrive("carol"),
         "connect": arrive("Alice", "?process=connect"),
         "forged": Client(headers={"host": "localhost"}).get(
             "/accounts/oidc/login/callback/", {"code": "Alice", "state": "x"})["Location"],
         "log": list(SecurityEvent.objects.order_by("id").values_list("event", "username"))}
print(json.dumps(found))
"""


def test_the_server_vouches_and_the_account_is_ours(tmp_path: Path) -> None:
    with identity_server() as address:
        environment = os.environ | {
            "PYTHONPATH": "src", "DJANGO_SETTINGS_MODULE": "huxue.settings", "HUXUE_SITE": str(tmp_path),
            "HUXUE_SECRET_KEY": SECRET, "HUXUE_OIDC_URL": address, "HUXUE_OIDC_CLIENT": "huxue",
            "HUXUE_OIDC_SECRET": "between us", "HUXUE_OIDC_NAME": "Ask the city",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False, timeout=120
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    first = found["alice"]
    assert (first["button"], first["to"], first["client"], first["back"], first["in"]) == (
        True, "/authorize", "huxue", "/", 200,
    )  # fmt: skip
    assert first["uri"] == "http://localhost/accounts/oidc/login/callback/"
    assert (found["again"]["back"], found["again"]["in"]) == ("/", 200)
    for stranger in ("bob", "carol"):
        assert (found[stranger]["back"], found[stranger]["in"], found[stranger]["said"]) == (
            "/accounts/login/",
            302,
            True,
        )
    assert (found["connect"]["in"], found["forged"]) == (302, "/accounts/login/")
    assert found["log"] == [
        ["factor-added", "alice"], ["signed-in", "alice"], ["signed-in", "alice"], ["sign-in-failed", "bob"],
        ["sign-in-failed", "carol"], ["sign-in-failed", ""],
    ]  # fmt: skip
