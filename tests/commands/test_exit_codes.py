"""Exit codes of real processes. (That both databases answer alike is shown in one process elsewhere.)"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.commands.town import Town

pytestmark = pytest.mark.parametrize("site", ["sqlite"], indirect=True)


def test_done_problems_and_refused(town: Town) -> None:
    bad = town.drills("1,S1,2024-02-30,fire,1")
    assert run(town, "import", *bad, "--dry-run") == (1, "")
    assert run(town, "standings", "--organisation", "S9") == (2, "there is no organisation with the code 'S9'\n")


def test_the_folder_of_a_site_may_be_said(town: Town, tmp_path: Path) -> None:
    new, before = tmp_path / "new", town.facts()
    assert run(town, "init", "--rulebook", "examples/nys-water", "--site", str(new)) == (0, "")
    assert sorted(path.name for path in new.iterdir() if "-" not in path.name) == ["huxue.sqlite3", "secret.key"]
    assert town.facts() == before


def run(town: Town, *words: str) -> tuple[int, str]:
    """Run a command as a process of its own; return its exit code and what it complained of."""
    done = subprocess.run(
        town.command(*words), env=town.environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.stdout == "") == (done.returncode == 2)
    return done.returncode, done.stderr
