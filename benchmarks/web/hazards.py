"""Adds hazards to a site of the demonstration, spread over its schools, for measuring lists.

::

    HUXUE_SITE=folder python -m benchmarks.web.hazards 100000

Each takes one to four steps: about one in ten is still open, one in twelve is major. The same seed gives the same
hazards.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Any, Final

import django

SPOTS: Final = ("教学楼", "宿舍楼", "食堂", "操场", "实验室", "校门", "围墙", "配电房", "图书馆", "锅炉房")
FAULTS: Final = (
    "疏散门上锁",
    "灭火器压力不足",
    "燃气软管老化",
    "应急灯不亮",
    "电线裸露",
    "单杠松动",
    "监控存储不足",
    "占道经营",
)
YEAR: Final = 365 * 1440
BATCH: Final = 20_000  # facts of one transaction
School = tuple[str, str]  # code, and the county's education bureau


def steps(number: int, school: School, rng: Random, categories: Sequence[str], last: int) -> Iterator[dict[str, Any]]:
    """Yield the steps of one hazard as the parts of drafts; ``last``: the minute that none is later than."""
    code, bureau = school
    at = last - 1440 - rng.randrange(YEAR)
    roles = {"by": (bureau,), "about": (code,)}
    finding = f"{rng.choice(SPOTS)}{1 + rng.randrange(9)}号点{rng.choice(FAULTS)}"
    fields = {
        "category": rng.choice(categories), "grade": "major" if rng.random() < 1 / 12 else "minor", "area": "campus",
        "location": finding[:5], "finding": finding,
    }  # fmt: skip
    item = f"b{number:07d}"
    yield {"id": item, "item": item, "step": "found", "at": at, "roles": roles, "fields": fields, "deadline": at + 7200}
    reached = rng.random() if at > last - 60 * 1440 else 1.0
    limit = at + 1440 * 16
    if reached > 0.2 and at + 1440 < last:
        day = (date(1970, 1, 1) + timedelta(days=limit // 1440)).isoformat()
        yield {
            "id": f"{item}-2", "item": item, "step": "ordered", "at": at + 1440, "roles": roles, "deadline": limit,
            "fields": {"deadline": day, "basis": "第九条"},
        }  # fmt: skip
    if reached > 0.5 and at + 7200 < last:
        mended = {"measures": "已更换", "cost": 10_000}
        yield {
            "id": f"{item}-3", "item": item, "step": "rectified", "at": at + 7200, "fields": mended,
            "roles": {"by": (code,), "about": (code,)}, "deadline": limit,
        }  # fmt: skip
    if reached > 0.7 and at + 14400 < last and rng.random() < 0.97:
        yield {
            "id": f"{item}-4", "item": item, "step": "verified", "at": at + 14400, "roles": roles, "fields": {},
        }  # fmt: skip


def load(count: int, *, seed: int = 1) -> int:
    """Append ``count`` hazards to the current site and return how many facts they took."""
    from huxue.demo import TODAY  # noqa: PLC0415 - Django must be set up first
    from huxue.ledger.append import append  # noqa: PLC0415
    from huxue.ledger.drafts import Draft  # noqa: PLC0415
    from huxue.organisations.tables import select  # noqa: PLC0415
    from huxue.standings.site import edition_for  # noqa: PLC0415

    rulebook = edition_for(as_of=TODAY, known_at=TODAY).rulebook
    last, rng = TODAY * 1440, Random(seed)
    schools = _schools(select)
    categories = list(rulebook.lists[rulebook.kinds["hazard"].fields["category"].list])
    drafts = (
        Draft(kind="hazard", verb="step", recorded=one["at"] + 5, **one)
        for number in range(count)
        for one in steps(number, schools[rng.randrange(len(schools))], rng, categories, last)
    )
    written = 0
    while part := list(islice(drafts, BATCH)):
        append(part, kinds=rulebook.kinds, recorded=last)
        written += len(part)
    return written


def _schools(select: Any) -> list[School]:
    rows = select("SELECT code, type, path FROM organisations_organisation ORDER BY path")
    bureaus = {path.split("/")[1]: code for code, of, path in rows if of == "county-department"}
    return [(code, bureaus[path.split("/")[1]]) for code, of, path in rows if of == "school"]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huxue.settings")
    django.setup()
    print(load(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
