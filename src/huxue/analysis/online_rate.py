"""Online rate: minutes that the devices of a school were to run in a month, and minutes that they were online (M108).

A status is of one device and one day, or of one device and a month (dated by its last day). Of two that say the same
device and day the later one counts. A device never counts for more minutes than it was to run. A school of which
nothing is known in a month has no record: what is missing is never drawn as zero. The record is made when the month is
over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from huxue.analysis.findings import Finding, Found, Reads, plain
from huxue.core.derivations import Derivation
from huxue.core.facts import Fact
from huxue.core.values import day_of, end_of_day


def find(derivation: Derivation, reads: Reads, *, as_of: int) -> Found:
    """Return one finding for every school and month that was over by the end of day ``as_of``."""
    del derivation  # the rule has no parameters: the share asked for stands in the duty
    latest: dict[tuple[str, str, str], Fact] = {}
    for fact in sorted(reads["status"], key=lambda one: (one.at, one.id)):
        if fact.fields.get("day"):
            for school in fact.roles.get("by", ()):
                latest[school, plain(fact.fields.get("device")), fact.fields["day"]] = fact
    months: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for (school, _, day), fact in latest.items():
        months[school, day[:7]].append(fact)
    return Found(
        tuple(_finding(*key, months[key]) for key in sorted(months) if last_day(key[1]) <= as_of),
    )


def last_day(month: str) -> int:
    """Return the last day (a day number) of a month written ``2026-03``."""
    year, number = map(int, month.split("-"))
    return day_of(date(year + number // 12, number % 12 + 1, 1)) - 1


def _finding(school: str, month: str, facts: Iterable[Fact]) -> Finding:
    counted = list(facts)
    minutes = sum(int(fact.fields.get("minutes", 0)) for fact in counted)
    online = sum(min(int(f.fields.get("online_minutes", 0)), int(f.fields.get("minutes", 0))) for f in counted)
    devices = len({plain(fact.fields.get("device")) for fact in counted})
    fields = {
        "month": month, "minutes": minutes, "online_minutes": online, "devices": devices,
        "measure": f"online={online} of={minutes}",
    }  # fmt: skip
    return Finding(
        f"{school}|{month}", end_of_day(last_day(month)), {"about": (school,)}, fields, "",
        tuple(fact.id for fact in counted),
    )  # fmt: skip
