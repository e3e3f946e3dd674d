"""The committed files, as git names them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def committed() -> tuple[str, ...]:
    """Names of all committed files that still exist, relative to the root."""
    # The folder may belong to somebody else, as it often does where checks run by themselves.
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return tuple(name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


def text(name: str) -> str:
    """The text of a file; what is not UTF-8 is replaced."""
    return (ROOT / name).read_text("utf-8", errors="replace")
