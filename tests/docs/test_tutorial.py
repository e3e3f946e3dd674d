"""The tutorial and the author's handbook, typed as they stand: files written, commands run, words compared."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from huxue.core.calendar import Calendars
from huxue.core.duties import reference
from huxue.core.examples import Example, differences, read_examples
from huxue.core.rulebook.duty import SHAPES
from huxue.core.rulebook.fit import plain
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import parse
from huxue.rulebooks import read
from tests.docs.pages import ROOT, Shown, Typed, matches, steps

TUTORIALS = {
    "tutorial.zh-CN.md": "zh",
    "tutorial.md": "en",
    "handbook/authors.zh-CN.md": "zh",
    "handbook/authors.md": "en",
}


@pytest.mark.parametrize("page", TUTORIALS)
def test_a_tutorial_prints_what_it_says(page: str, tmp_path: Path) -> None:
    typed = [step for step in steps(text(page)) if isinstance(step, Typed)]
    wrong = []
    for step, (code, printed) in zip(typed, outputs(page, tmp_path), strict=True):
        # 1: problems in a file were listed, which a tutorial may show
        if code not in (0, 1) or not matches(step.expected, printed):
            wrong.append(f"$ {step.command}\n--- the page says\n{step.expected}\n--- it printed ({code})\n{printed}")
    assert "\n".join(wrong) == ""


@pytest.mark.parametrize("page", TUTORIALS)
def test_its_worked_examples_hold(page: str, tmp_path: Path) -> None:
    for step in steps(text(page)):
        if isinstance(step, Shown):
            path = tmp_path / step.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, "utf-8")
    rulebook = loaded(tmp_path / "my-county")
    calendars = Calendars.build(rulebook.calendars)
    found = examples(tmp_path / "my-county/examples", rulebook)
    assert sorted(one.sort for one in found) == ["boundary", "negative", "positive"]
    for one in found:
        standings = reference.evaluate(rulebook, calendars, one.facts, as_of=one.as_of, known_at=one.known_at)
        assert differences(one, standings) == []


@pytest.mark.parametrize("page", ["tutorial", "handbook/authors"])
def test_both_languages_show_the_same_files(page: str) -> None:
    chinese, english = (
        [step.name for step in steps(text(f"{page}{ending}")) if isinstance(step, Shown)]
        for ending in (".zh-CN.md", ".md")
    )
    assert chinese == english


@pytest.mark.parametrize("page", ["handbook/authors.zh-CN.md", "handbook/authors.md"])
def test_the_six_shapes_are_those_of_the_shipped_rulebook(page: str) -> None:
    shipped = "\n".join(_flat(file) for _, files in read("city") for file in files.values())
    shown = re.findall(r"^```yaml\n(- code:.*?)^```$", text(page), re.MULTILINE | re.DOTALL)
    assert len(shown) == len(SHAPES)
    assert [duty for duty in shown if _flat(duty) not in shipped] == []


def _flat(yaml: str) -> str:
    return "\n".join(line.strip() for line in yaml.strip().splitlines())


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text("utf-8")


def outputs(page: str, folder: Path) -> list[tuple[int, str]]:
    """Exit code and output of each command of a page, typed in an empty folder."""
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": paths, "HUXUE_LANG": TUTORIALS[page], "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "tests.docs.typist", str(ROOT / "docs" / page)]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
    found: list[tuple[int, str]] = [(code, printed) for code, printed in json.loads(run.stdout)]
    return found


def loaded(folder: Path) -> Rulebook:
    rulebook, problems = load(read(str(folder)))
    assert problems == []
    assert rulebook is not None
    return rulebook


def examples(folder: Path, rulebook: Rulebook) -> list[Example]:
    files = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.yaml"))}
    read_from = [parse(name, content) for name, content in files.items()]
    assert [problem for _, problems in read_from for problem in problems] == []
    return [one for said, _ in read_from for one in read_examples(plain(said), rulebook)]
