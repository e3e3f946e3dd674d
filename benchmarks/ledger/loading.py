"""Makes a ledger of the asked size in the current site: in imports of a fixed number of facts, a transaction each."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any, Final

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.ledger import deeds
from huxue.actions import rulebooks
from huxue.actions.imports import begin_import, finish
from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY
from huxue.ledger.append import append
from huxue.organisations.tables import roomy

IMPORT: Final = 200_000  # facts: as many as a recipe takes from a file in one transaction
Progress = Callable[[str], None]


def load(facts: int, progress: Progress) -> tuple[Mapping[str, Kind], dict[str, Any]]:
    """Fill an empty site; return the kinds of its rulebook and how fast it went."""
    call_command("migrate", verbosity=0)
    first = deeds.BEGINNING
    rulebook = rulebooks.activate("city", valid_from=first // MINUTES_A_DAY + 1, now=first).rulebook
    story = deeds.Story(facts, deeds.choices_of(rulebook))
    append(deeds.tree(story.schools), kinds=rulebook.kinds, recorded=first)
    told, taken = story.drafts(), list[tuple[int, float, float]]()
    while part := list(islice(told, IMPORT)):
        taken.append((len(part), *_import(part, rulebook.kinds)))
        progress(f"{sum(n for n, _, _ in taken):,} facts")
    _look()
    rates = [n / seconds for n, seconds, _ in taken]
    return rulebook.kinds, {
        "facts": facts, "schools": story.schools,
        "a_second": round(facts / sum(seconds for _, seconds, _ in taken)),
        "range": [round(min(rates)), round(max(rates))],
        "own_cpu_us": round(sum(cpu for _, _, cpu in taken) / facts * 1_000_000, 1),
    }  # fmt: skip


def _import(part: list[Any], kinds: Mapping[str, Kind]) -> tuple[float, float]:
    """Return the seconds, and those of this process's processor, until an import is there for everybody."""
    gc.collect()
    gc.disable()
    begin, used = time.perf_counter(), time.process_time()
    with roomy(), transaction.atomic():
        number = begin_import("bench", now=deeds.LAST)
        append(part, kinds=kinds, recorded=deeds.LAST, import_number=number)
        finish(number, kinds=kinds, now=deeds.LAST)
    found = time.perf_counter() - begin, time.process_time() - used
    gc.enable()
    return found


def _look() -> None:
    """Let the database look at what it holds, as PostgreSQL does by itself after a while and SQLite when told to."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
