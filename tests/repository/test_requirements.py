"""Requirements are pinned to one version and to the digests of its files."""

from __future__ import annotations

import re

import pytest

from tests.repository.files import text

PIN = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;]+)"
    r"(?P<marker> ;[^\\]*)?"
    r"(?P<hashes>( --hash=sha256:[0-9a-f]{64})+)"
)


def lines(kind: str) -> list[str]:
    """The requirements of a file, continued lines joined, comments left out."""
    joined = re.sub(r"\s*\\\n\s*", " ", text(f"requirements/{kind}.txt"))
    return [line.strip() for line in joined.splitlines() if line.strip() and not line.strip().startswith("#")]


def pins(kind: str) -> dict[str, str]:
    matches = [PIN.fullmatch(line) for line in lines(kind)]
    return {match["name"]: match["version"] for match in matches if match}


def asked(kind: str) -> set[str]:
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in text(f"requirements/{kind}.in").splitlines())
    return {re.sub(r"[-_.]+", "-", name[0]).lower() for name in names if name and not name[0].startswith("-")}


@pytest.mark.parametrize("kind", ["runtime", "dev", "spark"])
def test_every_requirement_is_pinned_with_its_digests(kind: str) -> None:
    assert [line for line in lines(kind) if not PIN.fullmatch(line)] == []


@pytest.mark.parametrize("kind", ["runtime", "dev", "spark"])
def test_what_is_asked_for_is_pinned(kind: str) -> None:
    assert asked(kind) - pins(kind).keys() == set()


def test_development_uses_the_versions_of_the_product() -> None:
    runtime, dev = pins("runtime"), pins("dev")
    assert {name: dev.get(name) for name in runtime} == runtime
