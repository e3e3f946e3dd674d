"""The same program on other engines: the frame and the compiled tables are copied, the texts run unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from huxue.core.duties.program import program
from huxue.core.duties.standing import STATUSES, Standing
from huxue.core.duties.tables import TABLES
from huxue.standings.evaluate import STANDINGS, Evaluation
from huxue.standings.frame import FRAME

COPIED = (*FRAME, *TABLES, "duty_code", "slot_key")


def run_elsewhere(
    evaluation: Evaluation,
    execute: Callable[[str], Any],
    insert: Callable[[str, int, Sequence[Sequence[Any]]], None],
    fetch: Callable[[str], Iterable[Sequence[Any]]],
) -> list[Standing]:
    """Copy, run and read back; ``insert(table, number of columns, rows)``."""
    for table in COPIED:
        cursor = evaluation.con.execute(f"SELECT * FROM {table}")
        columns = [
            (d[0], "BIGINT" if "INT" in str(d[1]).upper() or "NUMBER" in str(d[1]).upper() else "VARCHAR")
            for d in cursor.description or ()
        ]
        execute(f"CREATE TEMP TABLE {table} ({', '.join(f'{n} {t}' for n, t in columns)})")
        insert(table, len(columns), cursor.fetchall())
    compiled = evaluation.compiled
    texts = [
        ("deeds", " UNION ALL ".join(compiled.deeds)),
        ("spans", " UNION ALL ".join(compiled.spans)),
        ("app", " UNION ALL ".join(compiled.app)),
        ("member", " UNION ALL ".join(compiled.member)),
        *program(compiled.as_of),
    ]
    for name, text in texts:
        execute(f"CREATE TEMP TABLE {name} AS {text}")
    found = (
        Standing(o, d, p, STATUSES[st], bool(t), None if v < 0 else bool(v), int(have), int(need), int(due), bool(pv))
        for o, d, p, st, t, v, have, need, due, pv in fetch(STANDINGS)
    )
    return sorted(found, key=Standing.key)
