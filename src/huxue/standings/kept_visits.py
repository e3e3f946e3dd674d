"""Which schools to see first and why: the rules of the briefing, kept with the standings."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from huxue.core.values import Text
from huxue.organisations.tables import insert, select
from huxue.organisations.tree import below
from huxue.standings.briefing import SILENT_AFTER, Briefing, School
from huxue.standings.evaluate import Evaluation
from huxue.standings.models import Visit

EVERY: Final = 1_000_000  # all that a rule names; the list of a territory is cut where it is read


def keep_visits(evaluation: Evaluation) -> None:
    """Put the schools worth a visit on the day of an evaluation in the place of those kept."""
    found = Briefing(evaluation).visit_first(EVERY)
    with transaction.atomic():
        Visit.objects.all().delete()
        insert(Visit, [(s.organisation, s.rule, s.silent, s.hazards, s.major, s.days, s.lapses) for s in found])


def visit_first(path: str, most: int = 5) -> list[tuple[School, str]]:
    """Return the schools of a territory to see first, with their names: by rule, never by points."""
    low, high = below(path)
    rows = select(
        "SELECT o.code, o.name, v.silent, v.hazards, v.major, v.days, v.lapses, v.rule FROM standings_visit v "
        "JOIN organisations_organisation o ON o.code = v.organisation WHERE o.path >= %s AND o.path < %s",
        low, high,
    )  # fmt: skip
    found = [(School(code, *rest), name) for code, name, *rest in rows]
    return sorted(found, key=lambda pair: pair[0].place())[:most]


def reason(school: School) -> Text:
    """Say why, in figures that everybody can check."""
    zh, en = [], []
    if school.silent >= SILENT_AFTER:
        zh.append(f"连续 {school.silent} 天没有任何记录")
        en.append(f"nothing written down for {school.silent} days")
    if school.hazards:
        major = (f"，其中重大 {school.major} 处", f", {school.major} of them major") if school.major else ("", "")
        zh.append(f"逾期隐患 {school.hazards} 处{major[0]}，最久 {school.days} 天")
        en.append(f"{school.hazards} hazards overdue{major[1]}, the longest {school.days} days")
    return Text(zh="；".join(zh), en="; ".join(en))


__all__ = ["keep_visits", "reason", "visit_first"]
