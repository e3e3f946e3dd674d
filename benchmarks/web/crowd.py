"""Eight people at once: pausing a second between pages, and not pausing at all."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from random import Random
from typing import Any, Final

from benchmarks.web.city import PEOPLE
from benchmarks.web.client import Client
from benchmarks.web.places import Place
from benchmarks.web.server import Server

USERS: Final = 8
MIX: Final = {"home": 30, "list": 30, "case": 15, "dossier": 10, "board": 5, "write": 10}  # of a hundred requests
PAUSED: Final = 40  # seconds
UNPAUSED: Final = 15


def crowd(server: Server, known: list[Place], cookies: dict[str, Any]) -> dict[str, Any]:
    """Return the 95th percentile of waiting by sort of page, in ms, and the requests a second without pauses."""
    calm = _together(server, known, cookies, pause=1.0, seconds=PAUSED)
    busy = _together(server, known, cookies, pause=0.0, seconds=UNPAUSED)
    return {
        "p95_ms": {sort: round(sorted(waits)[int(len(waits) * 0.95)] * 1000, 1) for sort, waits in calm.items()},
        "requests_a_second": round(sum(map(len, busy.values())) / UNPAUSED, 1),
    }


def _together(
    server: Server, known: list[Place], cookies: dict[str, Any], *, pause: float, seconds: float
) -> dict[str, list[float]]:
    waits: dict[str, list[float]] = defaultdict(list)
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=_one, args=(n, server, known, cookies, pause, end, waits)) for n in range(USERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return waits


def _one(
    number: int, server: Server, known: list[Place], cookies: dict[str, Any], pause: float, end: float,
    waits: dict[str, list[float]],
) -> None:  # fmt: skip
    rng = Random(number)
    scope = list(PEOPLE)[number % len(PEOPLE)]
    client = Client(server.port, cookies[PEOPLE[scope]])
    while time.monotonic() < end:
        sort = rng.choices(list(MIX), list(MIX.values()))[0]
        choices = [place for place in known if place.sort == sort and scope in place.scopes]
        if not choices:
            continue
        place = rng.choice(choices)
        status, _, wait = place.ask(client, scope, rng)
        if status >= 400:
            raise RuntimeError(f"{place.name} answered {status}")
        waits[sort].append(wait)
        time.sleep(pause)
