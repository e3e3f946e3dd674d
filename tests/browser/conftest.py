"""A real browser on a real server: Chromium on the pages of a demonstration city, on either database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.sites import SECRET, Site

DESKTOP, PHONE = (1366, 768), (360, 740)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
PASSWORD = "huxue-demo-2026"  # noqa: S105 - of the demonstration's accounts
SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium; without one these tests are skipped, and ``run.py test`` says how to add it."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine: apt-get install chromium fonts-noto-cjk")
    # The driver keeps a loop running in this thread from here on; Django would take our own queries for asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def served(site: Site, log: Path) -> Iterator[str]:
    """Yield the address of a server of the site, a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "huxue", "serve", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, **site.environment, "HUXUE_SECRET_KEY": SECRET, "PYTHONPATH": "src"}
    with log.open("w") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(f"http://127.0.0.1:{port}/accounts/login/", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


@pytest.fixture
def server(either_city: Site, tmp_path: Path) -> Iterator[str]:
    """Address of a server of a fresh demonstration city, once on each database."""
    with served(either_city, tmp_path / "server.log") as address:
        yield address


@pytest.fixture
def sqlite_server(city: Site, tmp_path: Path) -> Iterator[str]:
    """The same on SQLite alone, for what does not depend on the database."""
    with served(city, tmp_path / "server.log") as address:
        yield address


class Visitor:
    """Opens pages as somebody, at a size; every outside request, script error and broken answer fails the test."""

    def __init__(self, browser: Browser, address: str) -> None:
        self._browser, self.address = browser, address
        self.wrong: list[str] = []
        self._contexts: list[BrowserContext] = []

    def __call__(self, name: str = "", *, size: tuple[int, int] = DESKTOP, lang: str = "zh") -> Page:
        context = self._browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
        context.add_cookies([{"name": "lang", "value": lang, "url": self.address}])
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and self.wrong.append(f"console: {said.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("request", lambda asked: self._inside(asked.url))
        page.on("response", lambda got: got.status >= 500 and self.wrong.append(f"{got.status}: {got.url}"))
        if name:
            self.sign_in(page, name)
        return page

    def _inside(self, url: str) -> None:
        if not url.startswith((self.address, "data:", "blob:")):
            self.wrong.append(f"outside request: {url}")

    def sign_in(self, page: Page, name: str) -> None:
        page.goto(f"{self.address}/accounts/login/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", PASSWORD)
        page.click("form button[type=submit].btn-p")
        page.wait_for_url(f"{self.address}/")

    def close(self) -> None:
        for context in self._contexts:
            context.close()
        assert self.wrong == []


def follow(link: Locator) -> None:
    """Click a link and wait until the page it leads to is there: what follows must not look at the page before."""
    with link.page.expect_navigation():
        link.click()


def accessible(page: Page) -> list[str]:
    """Return what axe finds against WCAG 2.2 AA on the page as it stands."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}})
    return [
        f"{one['id']}: {node['html'][:160]} — {node['failureSummary']}"
        for one in found["violations"] for node in one["nodes"][:3]
    ]  # fmt: skip


@pytest.fixture
def visit(chromium: Browser, server: str) -> Iterator[Visitor]:
    """Pages on either database."""
    visitor = Visitor(chromium, server)
    yield visitor
    visitor.close()


@pytest.fixture
def look(chromium: Browser, sqlite_server: str) -> Iterator[Visitor]:
    """Pages on SQLite."""
    visitor = Visitor(chromium, sqlite_server)
    yield visitor
    visitor.close()
