"""Settings come from the environment: understood exactly, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue import settings
from huxue.core.values import Refused


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@h:5433/n", ("n", "u", "p", "h", "5433", {})),
        ("postgres://u%40x:p%2F@h/n", ("n", "u@x", "p/", "h", "", {})),
        (
            "postgresql:///n?host=/run/postgresql&sslmode=require",
            ("n", "", "", "/run/postgresql", "", {"sslmode": "require"}),
        ),
    ],
)
def test_an_address_of_postgresql(url: str, expected: tuple[object, ...]) -> None:
    found = settings.database(Path("site"), url)
    assert tuple(found[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")) == expected
    assert found["ENGINE"] == "django.db.backends.postgresql"


@pytest.mark.parametrize("url", ["mysql://h/n", "just-a-name", "postgresql://h", "postgresql://h:port/n"])
def test_another_address_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Refused) as refused:
        settings.database(Path("site"), url)
    assert refused.value.code == "environment"
    assert url not in refused.value.en.replace("postgresql://USER", "")


def test_without_an_address_the_database_is_a_file_of_the_site() -> None:
    found = settings.database(Path("site"))
    assert (found["ENGINE"], found["NAME"]) == ("huxue.organisations.sqlite", str(Path("site", "huxue.sqlite3")))


@pytest.mark.parametrize(("given", "expected"), [("yes", True), ("NO", False), ("", True), ("1", True)])
def test_yes_and_no(monkeypatch: pytest.MonkeyPatch, given: str, expected: bool) -> None:
    monkeypatch.setenv("HUXUE_DEBUG", given)
    assert settings.yes_no("HUXUE_DEBUG", default=True) is expected


def test_neither_yes_nor_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUXUE_DEBUG", "maybe")
    with pytest.raises(Refused) as refused:
        settings.yes_no("HUXUE_DEBUG", default=True)
    assert refused.value.en == "HUXUE_DEBUG must be yes or no."


def test_the_secret_comes_from_the_environment_or_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.secret(tmp_path) == ""
    tmp_path.joinpath("secret.key").write_text("of the site\n")
    assert settings.secret(tmp_path) == "of the site"
    monkeypatch.setenv("HUXUE_SECRET_KEY", "of the environment")
    assert settings.secret(tmp_path) == "of the environment"
