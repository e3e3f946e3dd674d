"""The city that is measured: the demonstration with its accounts, 100,000 hazards more, sessions made beforehand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

HAZARDS: Final = 100_000
PEOPLE: Final = {"city": "city-officer", "county": "county-officer", "school": "safety-officer"}
_SESSIONS: Final = """
import json, django
django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.middleware.csrf import _get_new_csrf_string
from huxue.access.models import User
Store = import_module(settings.SESSION_ENGINE).SessionStore
found = {}
for name in json.loads(input()):
    user, store = User.objects.get(username=name), Store()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    found[name] = {settings.SESSION_COOKIE_NAME: store.session_key, "csrftoken": _get_new_csrf_string()}
print(json.dumps(found))
"""


def made(folder: Path, database: str, *, small: bool) -> dict[str, str]:
    """Make the city once in a folder (or in an empty PostgreSQL database) and return its environment."""
    environment = {"HUXUE_SITE": str(folder), "HUXUE_DATABASE_URL": database, "PYTHONPATH": "src:."}
    done = folder / "measured"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        run(environment, "-m", "huxue", "demo", *(["--small"] if small else []), "--no-serve")
        run(environment, "-m", "benchmarks.web.hazards", str(HAZARDS // 10 if small else HAZARDS))
        done.touch()
    return environment


def run(environment: dict[str, str], *words: str, given: str = "") -> str:
    """Run Python on the site and return what it printed; a failure is loud."""
    settings = {"DJANGO_SETTINGS_MODULE": "benchmarks.web.settings"} if given else {}
    step = subprocess.run(
        [sys.executable, *words], env={**os.environ, **environment, **settings}, input=given, text=True,
        stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return step.stdout


def sessions(environment: dict[str, str], names: list[str]) -> str:
    """Sign people in and return their cookies by name, as JSON."""
    return run(environment, "-c", _SESSIONS, given=json.dumps(names) + "\n")
