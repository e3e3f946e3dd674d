"""Single appends by several processes at once, and what a fold and a seal saw of them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from typing import Any, Final

from django.db import connection

from huxue.actions.seals import seal
from huxue.ledger.models import Fact
from huxue.ledger.reading import Mark, forward
from huxue.ledger.seal_texts import SealText, stored_seals
from huxue.ledger.verifying_seals import verify_seals

PROCESSES: Final = 8
COUNT: Final = 500  # facts of one process


def singles(schools: int, *, synchronous: str = "", count: int = COUNT) -> dict[str, Any]:
    """Let the processes append; return facts a second and what the slowest waited."""
    words = [sys.executable, "-m", "benchmarks.ledger.writer"]
    writers = [
        subprocess.Popen(
            [*words, str(n), str(count), str(schools), synchronous], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    for one in writers:
        if one.stdout is None or one.stdout.readline() != "ready\n":
            raise RuntimeError("a writer did not start")
    begin = time.perf_counter()
    for one in writers:
        if one.stdin:
            one.stdin.write("\n")
            one.stdin.flush()
    said = [one.communicate()[0] for one in writers]
    seconds = time.perf_counter() - begin
    if any(one.returncode for one in writers):
        raise RuntimeError("a writer failed")
    waits = sorted(wait for text in said for wait in json.loads(text))
    return {
        "processes": PROCESSES, "facts": len(waits), "a_second": round(len(waits) / seconds),
        "p50_ms": _ms(waits, 50), "p99_ms": _ms(waits, 99), "most_ms": _ms(waits, 100),
    }  # fmt: skip


def _ms(waits: list[float], percent: int) -> str:
    return f"{waits[min(len(waits) * percent // 100, len(waits) - 1)] * 1000:.1f}"


def watched(schools: int, *, now: int) -> dict[str, Any]:
    """Do the same while one reader goes forward and another seals; say what either of them missed."""
    before = Fact.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    seal(now=now)
    mark, done, sealed, seen = _end(), threading.Event(), list[int](), list[str]()

    def read() -> None:
        nonlocal mark
        while True:
            last = done.is_set()
            some, mark = forward(mark, 500)
            seen.extend(one.id for one in some)
            if last and not some:
                break
        connection.close()

    def seals() -> None:
        while not done.is_set():
            sealed.append(len(seal(now=now)))
            time.sleep(0.2)
        seal(now=now)
        connection.close()

    others = [threading.Thread(target=read), threading.Thread(target=seals)]
    for one in others:
        one.start()
    found = singles(schools)
    done.set()
    for one in others:
        one.join()
    written = set(Fact.objects.filter(seq__gt=before).values_list("uid", flat=True))
    report = verify_seals()
    return {
        **found, "seals": sum(sealed), "missed_by_fold": len(written - set(seen)),
        "twice_in_fold": len(seen) - len(set(seen)), "missed_by_seal": report.unsealed,
        "findings": len(report.findings),
    }  # fmt: skip


def _end() -> Mark:
    """Return the mark behind everything that is sealed: where the last seal stopped."""
    ((_, signed, _),) = stored_seals(last=True)
    return SealText.read(signed.text).mark
