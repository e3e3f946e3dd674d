"""No committed file tells where somebody's package registry or somebody's folders are."""

from __future__ import annotations

import re

import pytest

from tests.repository.files import committed, text

# Written in pieces, so that this file does not contain what it forbids.
FORBIDDEN = {
    "a registry": "|".join(
        ["py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.(org|com)", "npm" + "mirror", r"/sim" + r"ple/"]
    ),
    "an option of pip that names one": "|".join(
        ["--(extra-)?index" + "-url", "--find" + "-links", "--trusted" + "-host"]
    ),
    "a local file's address": "file" + r":(//|\.{1,2}/)",
    "a local folder": r"(?<![\w/.}-])/("
    + "|".join(["wo" + "rk", "tm" + "p", "ro" + "ot", "ho" + "me", "Us" + "ers"])
    + r")(?![\w-])",
}


def found(pattern: str, name: str) -> list[str]:
    lines = text(name).splitlines()
    return [f"{name}:{number}: {line.strip()}" for number, line in enumerate(lines, 1) if re.search(pattern, line)]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_contains(what: str) -> None:
    assert [line for name in committed() for line in found(FORBIDDEN[what], name)] == []


def test_requirements_contain_no_address_of_any_kind() -> None:
    names = [name for name in committed() if name.startswith("requirements/")]
    assert [line for name in names for line in found(r"://|file" + r":| @ |git\+", name)] == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a registry", "https://" + "py" + "pi.org/sim" + "ple"),
        ("an option of pip that names one", "pip install --index" + "-url x"),
        ("a local file's address", "file" + ":///x.whl"),
        ("a local folder", 'open("/tm' + 'p/x")'),
    ],
)
def test_the_patterns_find_what_they_should(what: str, line: str) -> None:
    assert re.search(FORBIDDEN[what], line)
