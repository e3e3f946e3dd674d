"""Fixtures every test may ask for. ``site`` runs a test once on SQLite and once on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import DjangoDbBlocker, Settings

from tests.cities import Cities
from tests.postgres import server
from tests.sites import SECRET, PostgresqlSites, Site, SqliteSites

# Its assertions show what they compared; several folders import it, so this must come before any of them.
pytest.register_assert_rewrite("tests.commands.town")

# No test may touch the site of the person who runs it: processes they start see only what a test hands them.
for _name in ("HUXUE_SITE", "HUXUE_DATABASE_URL", "HUXUE_SECRET_KEY", "HUXUE_LANG"):
    os.environ.pop(_name, None)
django_settings.SECRET_KEY = SECRET  # before any test, because a page signs its forms


@pytest.fixture(scope="session")
def sqlite_sites(tmp_path_factory: pytest.TempPathFactory) -> SqliteSites:
    """The maker of sites on SQLite."""
    return SqliteSites(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of a PostgreSQL server, started the first time a test needs one and stopped at the end."""
    with server() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_sites(postgresql_server: str) -> Iterator[PostgresqlSites]:
    """The maker of sites on PostgreSQL."""
    sites = PostgresqlSites(postgresql_server)
    yield sites
    sites.close()


@pytest.fixture
def sqlite_site(
    tmp_path: Path, sqlite_sites: SqliteSites, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A fresh site on SQLite."""
    settings.SITE = tmp_path
    with django_db_blocker.unblock(), sqlite_sites.fresh(tmp_path) as site:
        yield site


@pytest.fixture
def postgresql_site(
    tmp_path: Path, postgresql_sites: PostgresqlSites, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A fresh site on PostgreSQL."""
    settings.SITE = tmp_path
    with django_db_blocker.unblock(), postgresql_sites.fresh(tmp_path) as site:
        yield site


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest) -> Site:
    """A fresh site; the test runs once on each database."""
    fresh: Site = request.getfixturevalue(f"{request.param}_site")
    return fresh


@pytest.fixture(scope="session")
def sqlite_cities(tmp_path_factory: pytest.TempPathFactory, sqlite_sites: SqliteSites) -> Cities:
    """The maker of demonstration cities on SQLite."""
    return Cities(tmp_path_factory.mktemp("cities"), sqlite_sites)


@pytest.fixture(scope="session")
def cities(
    tmp_path_factory: pytest.TempPathFactory, sqlite_sites: SqliteSites, postgresql_sites: PostgresqlSites
) -> Cities:
    """The maker of demonstration cities on PostgreSQL."""
    return Cities(tmp_path_factory.mktemp("cities"), sqlite_sites, postgresql_sites)


@pytest.fixture
def city(
    tmp_path: Path, sqlite_cities: Cities, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """A demonstration city of two counties and twelve schools on SQLite, fresh for the test."""
    settings.SITE = tmp_path / "city"
    with django_db_blocker.unblock(), sqlite_cities.on_sqlite(settings.SITE) as made:
        yield made


@pytest.fixture
def postgresql_city(
    tmp_path: Path, cities: Cities, settings: Settings, django_db_blocker: DjangoDbBlocker
) -> Iterator[Site]:
    """The same on PostgreSQL."""
    settings.SITE = tmp_path / "city"
    with django_db_blocker.unblock(), cities.on_postgresql(settings.SITE) as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def either_city(request: pytest.FixtureRequest) -> Site:
    """A demonstration city; the test runs once on each database."""
    name = "city" if request.param == "sqlite" else "postgresql_city"
    made: Site = request.getfixturevalue(name)
    return made
