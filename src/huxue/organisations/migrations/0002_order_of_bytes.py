"""On PostgreSQL codes and paths are compared byte by byte, so that a subtree is one range whatever the locale."""

from __future__ import annotations

from typing import Any

from django.db import migrations

COLUMNS = (("organisation", "path"), ("organisation", "code"), ("organisation", "parent"))


def compare_bytes(_apps: Any, editor: Any) -> None:
    """Give the columns the collation "C"; SQLite compares bytes anyway."""
    if editor.connection.vendor != "postgresql":
        return
    for table, column in COLUMNS:
        editor.execute(f'ALTER TABLE organisations_{table} ALTER COLUMN {column} TYPE text COLLATE "C"')


class Migration(migrations.Migration):
    """Collation of the tree's columns."""

    dependencies = [("organisations", "0001_initial")]
    operations = [migrations.RunPython(compare_bytes, migrations.RunPython.noop)]
