"""From nothing to a page: the command makes a city in an empty folder, serves it, and its own accounts get in."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode

import pytest

ACCOUNTS = [
    "leader", "city-officer", "county-leader", "county-officer", "bureau-leader", "bureau-officer", "police-officer",
    "inspector", "principal", "safety-officer", "system", "security", "auditor",
]  # fmt: skip


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
def demonstration(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The command as somebody types it in a fresh clone: no site, no key, no database."""
    source = Path(__file__).parents[2] / "src"
    environment = {name: word for name, word in os.environ.items() if not name.startswith("HUXUE_")}
    command = [sys.executable, "-m", "huxue", "--site", str(tmp_path / "new"), "--lang", "en", "demo", "--small"]
    with subprocess.Popen(
        [*command, "--as-of", "2025-10-20", "--port", str(port)],
        env={**environment, "PYTHONPATH": str(source)}, stdout=subprocess.PIPE, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        yield process
        process.terminate()


def said(process: subprocess.Popen[str]) -> list[str]:
    """What it prints before it waits for people."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line.rstrip("\n"))
        if line.startswith("Open http://"):
            break
    return lines


def opened(address: str, name: str, password: str) -> str:
    """Sign in as somebody would and return the page they see."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for _ in range(300):
        try:
            asked = browser.open(f"{address}accounts/login/").read().decode()
            break
        except URLError:
            time.sleep(0.1)
    token = re.findall(r'csrfmiddlewaretoken" value="([^"]+)', asked)[0]
    form = urlencode({"csrfmiddlewaretoken": token, "login": name, "password": password}).encode()
    page: str = browser.open(f"{address}accounts/login/", form).read().decode()
    return page


def test_the_demonstration_ends_by_serving_itself(demonstration: subprocess.Popen[str], port: int) -> None:
    lines = said(demonstration)
    assert [line.split()[0] for line in lines[-15:-2]] == ACCOUNTS
    (password,) = re.findall(r"^All these accounts have the password (\S+)\.$", lines[-2])
    address = f"http://127.0.0.1:{port}/"
    assert lines[-1] == f"Open {address} in a browser (Ctrl+C stops it)."
    page = opened(address, "safety-officer", password)
    assert re.findall(r"<h1[^>]*>([^<]+)</h1>", page) == ["我的待办"]
