"""A small demonstration city, loaded once for each database and copied for every test that wants one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import connections

from huxue.actions.demo import furnish, load_demo
from huxue.actions.standings import keep_today
from huxue.core.values import end_of_day
from huxue.demo import TODAY
from huxue.demo.world import Size
from tests.sites import PostgresqlSites, Site, SqliteSites, connected

TINY = Size(counties=2, townships=4, schools=12)


def load() -> None:
    """Fill the site that is connected, as ``huxue demo`` does."""
    load_demo(seed=1, size=TINY, progress=lambda _: None)
    furnish()
    keep_today(now=end_of_day(TODAY))


@dataclass
class Cities:
    """Copies of one loaded city, on SQLite and on PostgreSQL."""

    room: Path
    sqlite: SqliteSites
    postgresql: PostgresqlSites | None = None
    _loaded: dict[str, Path] = field(default_factory=dict)

    @contextmanager
    def on_sqlite(self, folder: Path) -> Iterator[Site]:
        """Yield a city in ``folder``, a copy of the file."""
        if "sqlite" not in self._loaded:
            made = self.room / "sqlite"
            made.mkdir()
            with _at(made), self.sqlite.fresh(made):
                load()
                connections["default"].close()
            self._loaded["sqlite"] = made
        shutil.copytree(self._loaded["sqlite"], folder, dirs_exist_ok=True)
        with self.sqlite.opened(folder) as site:
            yield site

    @contextmanager
    def on_postgresql(self, folder: Path) -> Iterator[Site]:
        """Yield a city whose database is a copy of the loaded one."""
        assert self.postgresql is not None
        if "postgresql" not in self._loaded:
            made = self.room / "postgresql"
            made.mkdir()
            with _at(made), self.postgresql.kept(made):
                load()
            self._loaded["postgresql"] = made
        shutil.copytree(self._loaded["postgresql"], folder, dirs_exist_ok=True)
        with self.postgresql.copied(folder) as site:
            yield site


@contextmanager
def _at(folder: Path) -> Iterator[None]:
    """Let the settings name another site meanwhile."""
    before, settings.SITE = settings.SITE, folder
    try:
        yield
    finally:
        settings.SITE = before


__all__ = ["TINY", "Cities", "connected"]
