"""The READMEs show what the demonstration prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.docs.demonstration import BLOCK, READMES, shortened
from tests.docs.pages import ROOT


def test_the_readmes_show_what_the_demonstration_prints(tmp_path: Path) -> None:
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tests.docs.demonstration"]
    run = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    shown = {name: BLOCK.findall((ROOT / name).read_text("utf-8")) for name in READMES}
    assert shown == {name: [block] for name, block in json.loads(run.stdout).items()}


def test_long_paragraphs_are_cut() -> None:
    assert shortened("a\n\n" + "b\n" * 5 + "\n" + "c \n" * 6) == "a\n\nb\nb\nb\nb\nb\n\nc\nc\nc\nc\nc\n  …\n"
