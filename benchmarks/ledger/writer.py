"""One of several writers: ``python -m benchmarks.ledger.writer NUMBER COUNT SCHOOLS SYNCHRONOUS``.

Says "ready", waits for a line, appends facts one by one, each in a transaction of its own, and prints what each took.
"""

from __future__ import annotations

import json
import sys
import time
from random import Random

import django


def main(number: int, count: int, schools: int, synchronous: str) -> None:
    """Append ``count`` facts of schools of this writer."""
    django.setup()
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    from benchmarks.ledger import deeds  # noqa: PLC0415
    from huxue.ledger.append import append  # noqa: PLC0415
    from huxue.ledger.drafts import Draft, new_id  # noqa: PLC0415
    from huxue.standings.site import edition_for  # noqa: PLC0415

    day = deeds.LAST // 1440
    kinds = edition_for(as_of=day, known_at=day).rulebook.kinds
    if synchronous and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA synchronous = {synchronous}")
    rng, waits = Random(number), list[float]()
    print("ready", flush=True)
    sys.stdin.readline()
    for n in range(count):
        draft = Draft(
            new_id(), "bus-day", "record", deeds.LAST - 1, "", deeds.by(rng.randrange(schools)),
            {"runs": n % 20, "unescorted": 0, "counted_off": True},
        )  # fmt: skip
        begin = time.perf_counter()
        append([draft], kinds=kinds, recorded=deeds.LAST)
        waits.append(time.perf_counter() - begin)
    print(json.dumps(waits))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4] if len(sys.argv) > 4 else "")
