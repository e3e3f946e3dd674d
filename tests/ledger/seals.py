"""Sealed ledgers for the tests, and ways to tamper with them as the owner of a database can."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from huxue.actions.seals import seal
from huxue.ledger import check_export
from huxue.ledger.models import Fact
from huxue.ledger.seal_texts import SealText
from huxue.ledger.verifying_seals import Report, verify_seals
from tests.ledger.world import DAY, NOW, drill, take, tree

TEXTS = ("kind", "verb", "item", "roles", "fields", "step", "reference", "post", "person", "origin", "marks")
CHANGES = [
    *((name, "{}" if name in {"roles", "fields"} else "other") for name in TEXTS),
    *((name, 5) for name in ("at_min", "recorded_min", "deadline", "import_number")),
    ("makeup", True),
    ("organisation", "S4"),
    ("replaces", "0" * 32),
]
GUARDED = ("ledger_fact", "ledger_seal", "ledger_sealedrun", "ledger_sealkey")


def sealed(*counts: int) -> list[str]:
    """Make a tree and drills, and a seal after each count of them; return the ids of the drills."""
    tree()
    ids: list[str] = []
    for count in counts:
        ids += [one.id for one in take(*(drill(f"S{1 + n % 4}", at=NOW - DAY - n) for n in range(count)))]
        seal(now=NOW)
    return ids


def sizes(made: Any) -> list[tuple[int, int]]:
    """Number and size of seals."""
    return [(said.number, said.size) for said in (SealText.read(one.text) for one in made)]


def tamper(statement: str, *parameters: Any) -> int:
    """Change the database behind the ledger's back; return how many rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        _unguard(cursor)
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def _unguard(cursor: Any) -> None:
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")
        return
    for table in GUARDED:
        cursor.execute(f"ALTER TABLE IF EXISTS {table} DISABLE TRIGGER ALL")


def found(report: Report | None = None) -> list[tuple[str, str]]:
    """Verify; return the sort of each finding and what it names."""
    return [(one.sort, one.what) for one in (report or verify_seals()).findings]


def checked(folder: Path, *words: str | Path) -> tuple[int, list[str]]:
    """Run the checker of an export as a stranger would; return its exit code and its English lines."""
    script = folder / "check_export.py"
    if not script.exists():
        script = Path(check_export.__file__)
    command = [sys.executable, "-I", "-S", str(script), *map(str, words)]
    answer = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=folder)
    assert answer.stderr == ""
    return answer.returncode, answer.stdout.splitlines()[1::2]


def seq_of(uid: str) -> int:
    return Fact.objects.get(uid=uid).seq


def inserted(seq: int) -> str:
    """Put a fact between others: an old number, and on PostgreSQL the transaction of its neighbour."""
    late = take(drill("S3"))[0].id
    tamper("UPDATE ledger_fact SET seq = %s WHERE id = %s", seq, late)
    if connection.vendor == "postgresql":
        tamper("UPDATE ledger_fact SET xact = (SELECT min(xact) FROM ledger_fact) WHERE id = %s", late)
    return late
