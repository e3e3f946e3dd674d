"""A town for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.town import Town
from tests.sites import Site


@pytest.fixture
def place(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    """A site with tables and nothing in them, and a folder for files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Town(site, folder, capsys)


@pytest.fixture
def town(place: Town) -> Town:
    """The same with the town's rulebook, an office and two schools."""
    return place.begin()
