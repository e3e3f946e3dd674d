"""One small demonstration, made once by the command, for every test of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.demo.typed import printed


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of its site; it is there once ``figures`` were asked for."""
    return tmp_path_factory.mktemp("demo") / "site"


@pytest.fixture(scope="session")
def figures(folder: Path) -> dict[str, Any]:
    """What the command printed."""
    found: dict[str, Any] = json.loads(
        printed("--site", str(folder), "demo", "--small", "--no-serve", "--json", "--as-of", "2026-07-31")
    )
    return found


@pytest.fixture(scope="session")
def made(folder: Path, figures: dict[str, Any]) -> Path:
    """The folder of the site, made."""
    assert figures["as_of"] == "2026-07-31"
    return folder
