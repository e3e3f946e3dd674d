"""Facts are only ever added: triggers refuse UPDATE, DELETE, TRUNCATE and INSERT OR REPLACE.

SQLite's INSERT OR REPLACE deletes without firing delete triggers unless ``recursive_triggers`` is on, which a foreign
client may not have set; so a third trigger refuses the insertion of a line that is already there. On PostgreSQL the
triggers are ENABLE ALWAYS, so that ``session_replication_role`` does not silence them, and every fact keeps the number
of its transaction for readers that go forward (see ``ledger.reading.forward``).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    (
        "CREATE TRIGGER fact_no_update BEFORE UPDATE ON ledger_fact "
        "BEGIN SELECT RAISE(ABORT, 'facts are never updated'); END"
    ),
    (
        "CREATE TRIGGER fact_no_delete BEFORE DELETE ON ledger_fact "
        "BEGIN SELECT RAISE(ABORT, 'facts are never deleted'); END"
    ),
    (
        "CREATE TRIGGER fact_no_replace BEFORE INSERT ON ledger_fact "
        "WHEN EXISTS (SELECT 1 FROM ledger_fact WHERE seq = NEW.seq) "
        "OR EXISTS (SELECT 1 FROM ledger_fact WHERE id = NEW.id) "
        "OR (NEW.replaces <> '' AND EXISTS (SELECT 1 FROM ledger_fact WHERE replaces = NEW.replaces AND NOT (replaces = ''))) "
        "BEGIN SELECT RAISE(ABORT, 'facts are never replaced'); END"
    ),
)
POSTGRESQL = (
    "ALTER TABLE ledger_fact ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id()",
    "CREATE INDEX fact_xact ON ledger_fact (xact, seq)",
    (
        "CREATE FUNCTION fact_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'facts are never changed: %', TG_OP USING ERRCODE = 'integrity_constraint_violation'; END$$"
    ),
    "CREATE TRIGGER fact_no_change BEFORE UPDATE OR DELETE ON ledger_fact FOR EACH ROW EXECUTE FUNCTION fact_refuse()",
    "CREATE TRIGGER fact_no_truncate BEFORE TRUNCATE ON ledger_fact FOR EACH STATEMENT EXECUTE FUNCTION fact_refuse()",
    "ALTER TABLE ledger_fact ENABLE ALWAYS TRIGGER fact_no_change",
    "ALTER TABLE ledger_fact ENABLE ALWAYS TRIGGER fact_no_truncate",
)


def guard(_apps: Any, editor: Any) -> None:
    """Make the triggers of this database."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    """Append-only facts."""

    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(guard)]
