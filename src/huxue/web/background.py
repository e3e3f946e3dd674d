"""Long work leaves the server: a process of its own does it, so that no page waits and no worker is busy."""

from __future__ import annotations

import os
import subprocess
import sys

from django.conf import settings


def start(number: int) -> None:
    """Start the process that does the work of this number; it outlives the request and tells the database."""
    words = [sys.executable, "-m", "huxue.commands.work", str(number)]
    subprocess.Popen(  # noqa: S603 - our own program, a number of our own
        words, env={**os.environ, "HUXUE_SITE": str(settings.SITE)}, start_new_session=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
