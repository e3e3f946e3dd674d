"""Everything that is measured on one database, in a process of its own: ``python -m benchmarks.ledger.measure FACTS``.

The site and its database come from the environment, and must be empty. Progress goes to standard error, the figures as
one JSON object to standard output.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django


def main(facts: int) -> dict[str, Any]:
    """Fill the site, and measure."""
    django.setup()
    from django.db import connection  # noqa: PLC0415 - Django must be set up first

    from benchmarks.ledger import deeds  # noqa: PLC0415
    from benchmarks.ledger.lists import lists  # noqa: PLC0415
    from benchmarks.ledger.loading import load  # noqa: PLC0415
    from benchmarks.ledger.singles import singles, watched  # noqa: PLC0415
    from huxue.ledger.verifying_seals import verify_seals  # noqa: PLC0415
    from huxue.standings.site import edition_for  # noqa: PLC0415

    kinds, imported = load(facts, _say)
    day = deeds.LAST // 1440
    choices = deeds.choices_of(edition_for(as_of=day, known_at=day).rulebook)
    ways = ("FULL", "NORMAL") if connection.vendor == "sqlite" else ("",)
    schools = imported["schools"]
    found: dict[str, Any] = {"import": imported}
    for name, measure in (
        ("lists", lambda: lists(kinds, choices)),
        ("singles", lambda: {way or "durable": singles(schools, synchronous=way) for way in ways}),
        ("verify unsealed", lambda: verified(verify_seals)),
        ("watched", lambda: watched(schools, now=deeds.LAST)),
        ("verify sealed", lambda: verified(verify_seals)),
    ):
        _say(json.dumps(found))
        found[name] = measure()
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def verified(verify: Any) -> dict[str, Any]:
    """Return how long it takes to verify everything."""
    begin = time.perf_counter()
    report = verify()
    seconds = time.perf_counter() - begin
    count = report.sealed + report.unsealed
    return {
        "facts": count, "unsealed": report.unsealed, "findings": len(report.findings), "seconds": f"{seconds:.1f}",
        "seconds_a_million": f"{seconds / count * 1_000_000:.1f}",
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
