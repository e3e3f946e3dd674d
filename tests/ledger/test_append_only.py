"""The database itself refuses to change a fact, on both databases and in every way we know."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from huxue.ledger.models import Fact
from tests.ledger.world import drill, take, tree
from tests.sites import Site

ANYWHERE = (
    "UPDATE ledger_fact SET person = 'x'",
    "UPDATE ledger_fact SET seq = seq + 1000",
    "DELETE FROM ledger_fact",
    "DELETE FROM ledger_fact WHERE seq = 1",
    "INSERT INTO ledger_fact SELECT * FROM ledger_fact WHERE true ON CONFLICT (id) DO UPDATE SET person = 'x'",
)
SQLITE = (
    "INSERT OR REPLACE INTO ledger_fact SELECT * FROM ledger_fact",
    "REPLACE INTO ledger_fact SELECT * FROM ledger_fact",
    "UPDATE OR REPLACE ledger_fact SET person = 'x'",
)
POSTGRESQL = (
    "TRUNCATE ledger_fact",
    "TRUNCATE ledger_fact CASCADE",
    "SET LOCAL session_replication_role = replica; DELETE FROM ledger_fact",
    "MERGE INTO ledger_fact f USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
)


def test_facts_cannot_be_changed(ledger: Site) -> None:
    tree()
    take(drill(), drill("S2"))
    before = list(Fact.objects.order_by("seq").values())
    for statement in ANYWHERE + (SQLITE if ledger.vendor == "sqlite" else POSTGRESQL):
        with pytest.raises(DatabaseError, match="facts are never"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert list(Fact.objects.order_by("seq").values()) == before


def test_a_client_without_our_settings_cannot_replace_a_fact(sqlite_site: Site) -> None:
    """``recursive_triggers`` is off in a plain connection; the insertion itself is refused."""
    tree()
    foreign = sqlite3.connect(sqlite_site.folder / "huxue.sqlite3")
    for statement in SQLITE:
        with pytest.raises(sqlite3.IntegrityError, match="facts are never"):
            foreign.execute(statement)
    foreign.close()


def test_a_client_without_our_settings_cannot_truncate(postgresql_site: Site) -> None:
    tree()
    with psycopg.connect(postgresql_site.url) as foreign:
        for statement in ("TRUNCATE ledger_fact", "DELETE FROM ledger_fact"):
            with pytest.raises(psycopg.errors.IntegrityError, match="facts are never"), foreign.transaction():
                foreign.execute(statement)
