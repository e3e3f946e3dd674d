"""Commands typed as processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def huxue(*words: str) -> subprocess.CompletedProcess[str]:
    """Run ``huxue WORDS``."""
    source = Path(__file__).parents[2] / "src"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-m", "huxue", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def printed(*words: str) -> str:
    """Run a command that must succeed; return what it printed."""
    done = huxue(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
