"""The command line: how a command is found, which site it works on, and what comes out when it is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker, Settings

from huxue.commands import main as command_line
from huxue.core.values import Refused
from huxue.settings import database
from tests.sites import Site, connected


def huxue(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own."""
    source = Path(command_line.__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(source), **variables}
    command = [sys.executable, "-m", "huxue", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def test_help_names_every_command() -> None:
    shown = huxue("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("usage: huxue [-h] [--site SITE] [--lang {zh,en}] COMMAND ...")


def test_a_variable_that_cannot_be_read_is_refused_in_the_language_asked_for() -> None:
    address = "mysql://somebody:secret@somewhere/huxue"
    english = huxue("--lang", "en", "anything", HUXUE_DATABASE_URL=address)
    chinese = huxue("anything", HUXUE_DATABASE_URL=address)
    shape = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
    assert (english.returncode, english.stdout) == (2, "")
    assert english.stderr == f"HUXUE_DATABASE_URL cannot be read; it should look like {shape}.\n"
    assert (chinese.returncode, chinese.stderr) == (2, f"环境变量 HUXUE_DATABASE_URL 无法识别，应写作 {shape}。\n")


def test_an_unknown_language_is_refused() -> None:
    assert huxue("--help", HUXUE_LANG="fr").stderr == "HUXUE_LANG must be zh or en.\n"
    with pytest.raises(SystemExit, match="2"):
        command_line.main(["--lang", "fr"])


def test_an_unknown_command_is_a_wrong_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        command_line.main(["no-such-command"])
    assert "invalid choice: 'no-such-command'" in capsys.readouterr().err


def test_one_process_works_on_one_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["--lang", "en", "--site", str(tmp_path), "anything"]) == command_line.REFUSED
    assert capsys.readouterr().err.startswith("This process is on ")


def test_a_migrated_site_opens(site: Site) -> None:
    assert command_line.open_site() == site.folder


def test_a_folder_without_a_database_is_no_site(tmp_path: Path, settings: Settings) -> None:
    settings.SITE = tmp_path
    with connected(database(tmp_path)), pytest.raises(Refused) as refused:
        command_line.open_site()
    assert refused.value.code == "no_site"
    assert refused.value.en == f"{tmp_path} is no site yet: run huxue init."
    assert list(tmp_path.iterdir()) == []


def test_a_site_of_an_older_version_is_refused(site: Site) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ledger'")
    with pytest.raises(Refused) as refused:
        command_line.open_site()
    assert (refused.value.code, site.folder.is_dir()) == ("no_site", True)
    assert refused.value.en.endswith("is of an older version: run huxue init.")


def test_a_site_is_made_once_and_keeps_its_key(
    tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> None:
    folder = settings.SITE = tmp_path / "new" / "site"
    with django_db_blocker.unblock(), connected(database(folder)):
        assert command_line.make_site() == folder
        key = folder.joinpath("secret.key").read_text()
        assert command_line.make_site() == command_line.open_site() == folder
    assert folder.joinpath("secret.key").read_text() == key
    assert folder.joinpath("secret.key").stat().st_mode & 0o777 == 0o600


def test_a_server_that_does_not_answer_is_named(
    tmp_path: Path, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> None:
    settings.SITE = tmp_path
    nowhere = database(tmp_path, f"postgresql://huxue@/huxue?host={tmp_path}")
    with django_db_blocker.unblock(), connected(nowhere), pytest.raises(Refused) as refused:
        command_line.open_site()
    assert refused.value.code == "no_database"
    assert refused.value.en.startswith("The site's database cannot be opened: connection")
