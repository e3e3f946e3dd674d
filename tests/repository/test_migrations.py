"""The tables that migrations make are those of the models, and no two migrations claim to be the last."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.sites import Site


def test_migrations_stand_in_one_line() -> None:
    assert MigrationLoader(None, ignore_no_migrations=True).detect_conflicts() == {}


def test_models_have_their_migrations(sqlite_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert connection.vendor == "sqlite"
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1)
    assert capsys.readouterr().out == "No changes detected\n"


def test_the_framework_finds_nothing_to_complain_about(sqlite_site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert connection.vendor == "sqlite"
    call_command("check", fail_level="WARNING")
    assert capsys.readouterr().out == "System check identified no issues (0 silenced).\n"
