"""The fixture ``site`` gives every test an empty, migrated database of its own, on both databases."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import connection, transaction

from tests.sites import Site


def test_a_site_is_empty_and_commits(site: Site) -> None:
    assert connection.vendor == site.vendor
    with transaction.atomic():
        Group.objects.create(name="somebody")
    connection.close()
    assert [group.name for group in Group.objects.all()] == ["somebody"]


def test_the_next_site_is_empty_again(site: Site) -> None:
    assert site.folder.is_dir()
    assert list(Group.objects.all()) == []


def test_sqlite_runs_with_the_options_the_ledger_relies_on(sqlite_site: Site) -> None:
    assert sqlite_site.vendor == "sqlite"
    names = ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}
