"""What every reader of the repository may count on."""

from __future__ import annotations

import hashlib
import re
import tomllib

import pytest

from huxue import __version__
from tests.repository.files import ROOT, committed, text

LONGEST = 600
NOT_WRITTEN_BY_HAND = ("LICENSE", "requirements/", "src/huxue/static/vendor/")
APACHE_2 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
DECISIONS = [name for name in committed() if re.fullmatch(r"docs/adr/.+\.md", name)]


def test_the_licence_is_apache_2() -> None:
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2
    assert tomllib.loads(text("pyproject.toml"))["project"]["license"] == "Apache-2.0"


def test_one_version_everywhere() -> None:
    assert tomllib.loads(text("pyproject.toml"))["project"]["version"] == __version__
    assert f"## {__version__}" in text("CHANGELOG.md")


def test_the_integration_calls_the_test_command_and_nothing_else() -> None:
    code = [line for line in text(".ci/run").splitlines() if line and not line.startswith("#")]
    assert code == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "exec python3 run.py test"]


@pytest.mark.parametrize("name", ["run.py", ".ci/run"])
def test_commands_may_be_executed(name: str) -> None:
    assert (ROOT / name).stat().st_mode & 0o111 == 0o111


def test_no_file_is_too_long() -> None:
    mine = [name for name in committed() if not name.startswith(NOT_WRITTEN_BY_HAND)]
    written = [name for name in mine if name.endswith((".py", ".md", ".yaml", ".sql", ".toml", ".html", ".css", ".js"))]
    lengths = {name: len(text(name).splitlines()) for name in written}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_decisions_are_numbered_once_and_have_a_title() -> None:
    numbers = [name.removeprefix("docs/adr/")[:4] for name in DECISIONS]
    assert sorted(numbers) == sorted(set(numbers))
    titled = {name: text(name).splitlines()[0] for name in DECISIONS}
    assert {name: line for name, line in titled.items() if not re.match(r"# \d{4} \S", line)} == {}
    assert [name for name in DECISIONS if not re.fullmatch(r"docs/adr/\d{4}-[a-z0-9-]+\.md", name)] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readmes_name_the_two_commands(name: str) -> None:
    assert {"python3 run.py demo", "python3 run.py test"} <= set(re.findall(r"python3 run\.py \w+", text(name)))


@pytest.mark.parametrize("name", ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "GLOSSARY.md"])
def test_there_is_a(name: str) -> None:
    assert text(name).startswith("# ")
