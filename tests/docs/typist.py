"""Types the commands of a page one after another, all in this one process, and tells what each printed.

A process of its own, because one process works on one site; one for the whole page, because starting takes longer than
most commands. Reads the name of a page, works in the current folder, and prints a JSON list of [exit code, output].
"""

from __future__ import annotations

import json
import shlex
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

from huxue.commands.main import main
from tests.docs.pages import Shown, Typed, steps


def write(step: Shown) -> None:
    """Write a file that the page shows."""
    path = Path(step.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(step.text, "utf-8")


def type_in(step: Typed) -> tuple[int, str]:
    """Run a command line of the page; return its exit code and what it printed."""
    words = shlex.split(step.command)
    if words[0] != "huxue":
        return 127, f"a tutorial types huxue commands only, not {step.command!r}\n"
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(words[1:])
    return code, printed.getvalue()


if __name__ == "__main__":
    found = []
    for one in steps(Path(sys.argv[1]).read_text("utf-8")):
        if isinstance(one, Shown):
            write(one)
        else:
            found.append(type_in(one))
    json.dump(found, sys.stdout, ensure_ascii=False)
