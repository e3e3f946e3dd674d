"""Cluster: so many new cases of one group of symptoms in one class or dormitory, in a day or in some days (HLTH-03).

A running cluster gives one signal, dated by the count that crossed the line. It runs on while new cases come, and is
over after more than ``quiet_days`` days without one; cases of a cluster that is over never count towards the next. The
record of counts has no names and the signal has none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from huxue.analysis.findings import Finding, Found, Reads, plain
from huxue.core.derivations import Derivation
from huxue.core.facts import Fact
from huxue.core.values import MINUTES_A_DAY

Group = tuple[str, str, str, str]  # school, sort of unit, its name, group of symptoms


def find(derivation: Derivation, reads: Reads) -> Found:
    """Return one finding for every cluster."""
    groups: dict[Group, list[Fact]] = defaultdict(list)
    for fact in reads["counts"]:
        told = fact.fields
        if told.get("cases", 0) > 0 and told.get("symptom"):
            for school in fact.roles.get("by", ()):
                groups[school, str(told.get("unit")), plain(told.get("name")), str(told["symptom"])].append(fact)
    found = [finding for group in sorted(groups) for finding in _clusters(group, groups[group], derivation)]
    return Found(tuple(found))


def _clusters(group: Group, facts: Sequence[Fact], derivation: Derivation) -> Iterator[Finding]:
    days, quiet = derivation.number("days"), derivation.number("quiet_days")
    counted: list[Fact] = []  # of the days looked at, none of an earlier cluster
    last_of_running: int | None = None
    for fact in sorted(facts, key=lambda one: (one.at, one.id)):
        if last_of_running is not None and fact.day - last_of_running <= quiet:
            last_of_running = fact.day
            continue
        last_of_running = None
        counted = [one for one in counted if fact.day - one.day < days] + [fact]
        today = _cases(one for one in counted if one.day == fact.day)
        together = _cases(iter(counted))
        if today >= derivation.number("in_a_day") or together >= derivation.number("in_days"):
            yield _finding(group, counted, (today, together), quiet + days)
            counted, last_of_running = [], fact.day


def _cases(facts: Iterator[Fact]) -> int:
    return sum(int(fact.fields["cases"]) for fact in facts)


def _finding(group: Group, counted: Sequence[Fact], cases: tuple[int, int], near_days: int) -> Finding:
    school, unit, name, symptom = group
    last = counted[-1]
    fields = {
        "unit": unit, "name": str(last.fields.get("name", "")), "symptom": symptom, "cases": cases[1],
        "measure": f"in_a_day={cases[0]} in_days={cases[1]}",
    }  # fmt: skip
    return Finding(
        f"{school}|{unit}|{name}|{symptom}", last.at, {"to": (school,)}, fields, last.item,
        tuple(fact.id for fact in counted), near_days * MINUTES_A_DAY,
    )  # fmt: skip
