"""Generated worlds written straight into a ledger, and the stand of their rulebook."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import Final

import duckdb

from huxue.core.calendar import Calendars
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.ledger.models import Fact as Stored
from huxue.ledger.reading import columns as fact_columns
from huxue.organisations.tables import insert, select
from huxue.standings.evaluate import Evaluation, evaluate
from huxue.standings.sets.layout import TABLES
from huxue.standings.sets.opened import Opened
from huxue.standings.sets.stand import Stand
from tests.properties.worlds import AREAS

TREE: Final = ("organisation", "oversight")


def stand(rulebook: Rulebook, calendars: Calendars) -> Stand:
    """The stand of a rulebook that is not an edition of any site."""
    return Stand(rulebook, calendars, hashlib.sha256(rulebook.model_dump_json().encode()).hexdigest())


def write(facts: Iterable[Fact]) -> None:
    """Write facts as the ledger holds them; what the writer would refuse is part of the worlds."""
    ((last,),) = select("SELECT coalesce(max(seq), 0) FROM ledger_fact")
    insert(Stored, [_row(last + n, fact) for n, fact in enumerate(facts, 1)])


def _row(seq: int, f: Fact) -> tuple[object, ...]:
    roles = json.dumps({role: list(orgs) for role, orgs in f.roles.items()})
    fields = json.dumps(dict(f.fields), ensure_ascii=False)
    digest = hashlib.sha256(f"{f.id}{fields}".encode()).hexdigest()
    return (
        seq, f.id, f.kind, f.verb, f.step, f.item, f.at, f.recorded, "", roles, fields, f.replaces, f.reference, f.post,
        f.person, f.makeup, f.deadline, None, digest, "", None,
    )  # fmt: skip


def from_facts(one: Stand, today: int) -> Evaluation:
    """What an evaluation of all facts finds."""
    return evaluate(
        one.rulebook, one.calendars, fact_columns(), as_of=today, known_at=today, areas=tuple(AREAS),
        besides=one.besides,
    )  # fmt: skip


def rows(opened: Opened) -> dict[str, Counter[tuple[object, ...]]]:
    """The rows of every table of a set; facts by their ids, whatever their rank within the minute."""
    con = duckdb.connect()
    opened.attach(con)
    opened.view(con)
    names = dict(con.execute("SELECT f, id FROM live").fetchall())
    found: dict[str, Counter[tuple[object, ...]]] = {}
    for table in TABLES.values():
        for shard in opened.shards if table.sharded else (None,):
            cursor = con.execute(opened.select(table, shard))
            place = [column[0] for column in cursor.description or ()].index("f") if table.folded else -1
            lines = [
                (*row[:place], names.get(row[place]), *row[place + 1 :]) if table.folded else row
                for row in cursor.fetchall()
            ]
            found[f"{table.name} {shard}"] = Counter(lines)
    ranks = con.execute("SELECT id FROM live ORDER BY f").fetchall()
    found["order"] = Counter([tuple(ranks)])
    return found


__all__ = ["TREE", "from_facts", "rows", "stand", "write"]
