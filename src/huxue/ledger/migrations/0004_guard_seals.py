"""Seals, the order of their leaves and their keys are only ever added, as facts are (see 0002).

On PostgreSQL the ledger also notes on which servers it has lived: a transaction's number means something only on the
server that gave it, and a dump brings the numbers of another one (see docs/adr/0015).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

KEYS = {"ledger_sealkey": "number", "ledger_seal": "number", "ledger_sealedrun": "first"}


def sqlite() -> list[str]:
    statements = []
    for table, key in KEYS.items():
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key}) "
        for name, event, when in (("update", "UPDATE", ""), ("delete", "DELETE", ""), ("replace", "INSERT", there)):
            refuse = "BEGIN SELECT RAISE(ABORT, 'seals are never changed'); END"
            statements.append(f"CREATE TRIGGER {table}_no_{name} BEFORE {event} ON {table} {when}{refuse}")
    return statements


SERVERS = (
    "CREATE TABLE ledger_server (number bigint PRIMARY KEY, identifier bigint NOT NULL, after bigint NOT NULL)",
    "INSERT INTO ledger_server SELECT 1, system_identifier, 0 FROM pg_control_system()",
    (
        "CREATE FUNCTION fact_on_server() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$"
        "DECLARE here bigint; "
        "BEGIN "
        "SELECT system_identifier INTO here FROM pg_control_system(); "
        "IF here IS DISTINCT FROM (SELECT identifier FROM ledger_server ORDER BY number DESC LIMIT 1) THEN "
        "INSERT INTO ledger_server SELECT (SELECT coalesce(max(number), 0) + 1 FROM ledger_server), here, "
        "(SELECT coalesce(max(seq), 0) FROM ledger_fact) ON CONFLICT DO NOTHING; "
        "END IF; "
        "RETURN NULL; "
        "END$$"
    ),
    "CREATE TRIGGER fact_on_server BEFORE INSERT ON ledger_fact FOR EACH STATEMENT EXECUTE FUNCTION fact_on_server()",
    "ALTER TABLE ledger_fact ENABLE ALWAYS TRIGGER fact_on_server",
)


def postgresql() -> list[str]:
    statements = list(SERVERS)
    for table in (*KEYS, "ledger_server"):
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION fact_refuse()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
        ]
    return [*statements, "ALTER TABLE ledger_sealedrun ALTER COLUMN leaves SET STORAGE EXTERNAL"]


def guard(_apps: Any, editor: Any) -> None:
    """Make the tables and triggers of this database."""
    for statement in postgresql() if editor.connection.vendor == "postgresql" else sqlite():
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Append-only seals."""

    dependencies = [("ledger", "0003_seals")]
    operations = [migrations.RunPython(guard)]
