"""Work that no request waits for, while a server runs: marks of writes are worked off, a new day is evaluated.

A thread of each worker looks twice a second for marks (one small query). A full evaluation runs as a process of its
own, because it needs more memory than a worker may have; a lock on a file of the site lets one run at a time.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from huxue.actions import standings
from huxue.core.values import MINUTES_A_DAY, Refused, date_of
from huxue.standings import kept
from huxue.standings.site import edition_for
from huxue.web import clock

PAUSE: Final = 0.5  # seconds between two looks at the marks
LOOKS: Final = 20  # looks at the marks for one at the day
LOCK: Final = "evaluation.lock"
_log = logging.getLogger("huxue")
_started = threading.Lock()


def start() -> None:
    """Start the thread of this process, once."""
    if _started.acquire(blocking=False):
        threading.Thread(target=_run, name="huxue-standings", daemon=True).start()


def _run() -> None:
    pause, looks = threading.Event(), 0
    while not pause.wait(PAUSE):
        try:
            _look(whole=looks % LOOKS == 0)
        except (DatabaseError, Refused) as problem:  # a database that is away comes back; no edition yet is no error
            _log.warning("standings were not refreshed: %s", problem)
        looks += 1
        close_old_connections()


def _look(*, whole: bool) -> None:
    now = clock.now()
    standings.settle(now=now)
    if whole:
        evaluate(now // MINUTES_A_DAY)


def evaluate(today: int) -> bool:
    """Evaluate everything in a process of its own where that is owed; tell whether it was done here."""
    if not kept.must_keep(edition_for(as_of=today, known_at=today), today):
        return False
    with _alone() as alone:
        if alone:
            day = date_of(today).isoformat()
            command = [
                sys.executable,
                "-m",
                "huxue",
                "evaluate",
                "--keep",
                "--as-of",
                day,
                "--site",
                str(settings.SITE),
            ]
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
        return alone


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the site; False where somebody else has it."""
    with (settings.SITE / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


__all__ = ["evaluate", "start"]
