"""A client that keeps its connection: signed in by a session made beforehand, so that no password is hashed."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median
from typing import Final
from urllib.parse import urlencode

from benchmarks.web.server import Server

EMPTY: Final = "/empty"


@dataclass
class Client:
    """One person's browser."""

    port: int
    cookies: dict[str, str]
    _connection: HTTPConnection | None = None

    def get(self, address: str) -> tuple[int, bytes, float]:
        """Return (status, body, seconds)."""
        return self._ask("GET", address, None, {})

    def post(self, address: str, fields: dict[str, str]) -> tuple[int, bytes, float]:
        """Send a form with its token; return (status, body, seconds)."""
        token = self.cookies["csrftoken"]
        body = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        return self._ask("POST", address, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _ask(self, method: str, address: str, body: bytes | None, more: dict[str, str]) -> tuple[int, bytes, float]:
        if self._connection is None:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **more}
        begin = time.perf_counter()
        self._connection.request(method, address, body=body, headers=headers)
        answer = self._connection.getresponse()
        text = answer.read()
        return answer.status, text, time.perf_counter() - begin


@dataclass
class Cost:
    """What one sort of request cost: milliseconds of processor and of waiting, by round; rows and bytes of a page.

    ``floor``: milliseconds of processor of an empty page in the same rounds, for a machine is not as fast at all times.
    """

    name: str
    cpu: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    wait: list[float] = field(default_factory=list)
    rows: int = 0
    bytes: int = 0
    status: int = 0

    @property
    def ms(self) -> float:
        """Median milliseconds of processor for a request."""
        return median(self.cpu)

    @property
    def ratio(self) -> float:
        """How many times the empty page."""
        return self.ms / median(self.floor)


def measured(server: Server, client: Client, name: str, address: str, *, rounds: int, times: int) -> Cost:
    """Ask for a page many times and say what one time costs: warmed up first, a round at a time."""
    cost = Cost(name)
    for _ in range(5):
        cost.status, body, _ = client.get(address)
    cost.rows, cost.bytes = body.count(b"<tr") - 1, len(body)
    for _ in range(rounds):
        before = server.cpu()
        for _ in range(times):
            client.get(EMPTY)
        cost.floor.append((server.cpu() - before) / times * 1000)
        before = server.cpu()
        waits = [client.get(address)[2] for _ in range(times)]
        cost.cpu.append((server.cpu() - before) / times * 1000)
        cost.wait.append(median(waits) * 1000)
    return cost
