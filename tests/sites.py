"""A fresh, migrated site for one test, on SQLite or on PostgreSQL, with real commits.

Triggers and commit-safe reading only mean something when transactions really commit, so nothing is wrapped in a
transaction that is rolled back. Instead a database is migrated once and copied for every test.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from huxue.settings import database

SECRET = uuid4().hex  # signs what the tests' own pages sign


@dataclass(frozen=True)
class Site:
    """What a test needs to know of its site; ``environment`` is for commands started as processes of their own."""

    folder: Path
    vendor: str  # "sqlite" or "postgresql", as Django's connection.vendor
    url: str  # the PostgreSQL address; "" on SQLite

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make a new process work on this site."""
        return {"HUXUE_SITE": str(self.folder), "HUXUE_DATABASE_URL": self.url}


@contextmanager
def connected(settings: dict[str, object]) -> Iterator[None]:
    """Point Django's default database elsewhere, for every thread, for the length of a block."""
    before = dict(connections.settings["default"])
    _point(settings)
    try:
        yield
    finally:
        _point(before)


def _point(settings: dict[str, object]) -> None:
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = connections.configure_settings({"default": dict(settings)})["default"]


@dataclass
class SqliteSites:
    """Sites on SQLite, each a copy of one migrated file."""

    room: Path
    _migrated: list[Path] = field(default_factory=list)

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[Site]:
        """Yield a site in ``folder`` and leave the default connection on it meanwhile."""
        if not self._migrated:
            self._migrated.append(self._migrate())
        shutil.copy(self._migrated[0], folder / "huxue.sqlite3")
        with self.opened(folder) as site:
            yield site

    @contextmanager
    def opened(self, folder: Path) -> Iterator[Site]:
        """Yield the site that is in ``folder`` already."""
        with connected(database(folder)):
            yield Site(folder, "sqlite", "")

    def _migrate(self) -> Path:
        with connected(database(self.room)):
            call_command("migrate", verbosity=0)
        return self.room / "huxue.sqlite3"


@dataclass
class PostgresqlSites:
    """Sites on a PostgreSQL server, each a copy of one migrated template."""

    server: str
    run: str = field(default_factory=lambda: f"huxue_test_{uuid4().hex[:12]}")
    _numbers: Iterator[int] = field(default_factory=count)
    _migrated: list[str] = field(default_factory=list)
    _kept: str = ""

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[Site]:
        """Yield a site whose database is a new copy; the copy is dropped even where a test left it connected."""
        if not self._migrated:
            self._migrated.append(self._migrate())
        with self._copy(self._migrated[0], folder) as site:
            yield site

    @contextmanager
    def kept(self, folder: Path) -> Iterator[Site]:
        """Yield a site that stays, for ``copied``; what a test run loads once."""
        self._kept = f"{self.run}_kept"
        if not self._migrated:
            self._migrated.append(self._migrate())
        self._do("CREATE DATABASE {} TEMPLATE {}", self._kept, self._migrated[0])
        with connected(database(folder, self._address(self._kept))):
            yield Site(folder, "postgresql", self._address(self._kept))

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Site]:
        """Yield a copy of the site that stays."""
        with self._copy(self._kept, folder) as site:
            yield site

    @contextmanager
    def _copy(self, template: str, folder: Path) -> Iterator[Site]:
        name = f"{self.run}_{next(self._numbers)}"
        self._do("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            with connected(database(folder, self._address(name))):
                yield Site(folder, "postgresql", self._address(name))
        finally:
            self._do("DROP DATABASE {} WITH (FORCE)", name)

    def close(self) -> None:
        """Drop the templates."""
        if self._kept:
            self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", self._kept)
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.run)

    def _migrate(self) -> str:
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.run)
        self._do("CREATE DATABASE {}", self.run)
        with connected(database(Path(), self._address(self.run))):
            call_command("migrate", verbosity=0)
        return self.run

    def _address(self, name: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def _do(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
