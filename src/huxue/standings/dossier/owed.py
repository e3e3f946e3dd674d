"""How an organisation's duties stand, from the kept standings: for each duty its most pressing obligation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from huxue.core.duties.shapes import Duty, Part, Ratio
from huxue.core.duties.standing import DUE, EXCUSED, MET, MISSED, OVERDUE, STATUSES
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.organisations.tables import select
from huxue.standings.dossier.model import Counts, DutyLine, RatioLine
from huxue.standings.kept_ratios import Ratio as Kept
from huxue.standings.kept_ratios import ratios_of

_PRESSING: Final = {OVERDUE: 0, MISSED: 1, DUE: 2, EXCUSED: 3, MET: 4}


def counts(organisation: str) -> Counts:
    """Return how many obligations an organisation has in each state."""
    names = "overdue, at_risk, due, met, missed, excused"
    rows = select(f"SELECT {names} FROM standings_tally WHERE organisation = %s AND duty = '' AND own", organisation)
    return Counts(*rows[0]) if rows else Counts()


def duties(rulebook: Rulebook, organisation: str) -> tuple[DutyLine, ...]:
    """Return one line for each duty that an organisation owes, the most pressing first."""
    sql = """
SELECT duty, period, status, have, need, due FROM standings_standing WHERE organisation = %s AND NOT shadowed"""
    of: dict[str, list[tuple[Any, ...]]] = {}
    for row in select(sql, organisation):
        of.setdefault(row[0], []).append(row)
    made = "SELECT duty, met FROM standings_tally WHERE organisation = %s AND own AND duty <> '' AND NOT shadowed"
    met: dict[str, int] = dict(select(made, organisation))
    titles = {duty.code: duty for duty in rulebook.duties.values()}
    found = [_line(titles[code], rows) for code, rows in of.items() if code in titles]
    found += [_met(titles[code], n) for code, n in met.items() if code not in of and code in titles and n]
    return tuple(sorted(found, key=lambda one: (_PRESSING[STATUSES.index(one.status)], one.due, one.duty)))


def _line(duty: Duty, rows: list[tuple[Any, ...]]) -> DutyLine:
    worst = min((row[2] for row in rows), key=_PRESSING.__getitem__)
    same = sorted((row for row in rows if row[2] == worst), key=lambda row: (row[5], row[1]))
    _, period, status, have, need, due = same[-1] if worst == MISSED else same[0]
    return DutyLine(
        duty.code, duty.title, period, STATUSES[status], have, need, due, len(same), why(duty, status, have, need)
    )


def _met(duty: Duty, n: int) -> DutyLine:
    said = Text(zh=f"已完成 {n} 项", en=f"{n} met")
    return DutyLine(duty.code, duty.title, "", "met", 0, 0, 0, n, said)


def why(duty: Duty, status: int, have: int, need: int) -> Text:
    """Say in a few words what is lacking; the whole story is on the why page."""
    if status == EXCUSED:
        return Text(zh="已批准免除", en="excused")
    if duty.shape_name == "never":
        return Text(zh=f"不应有，现有 {have}", en=f"should be none, found {have}")
    if duty.shape_name == "respond":
        return Text(zh="尚未答复或办结", en="not answered yet")
    if have >= need:
        return Text(zh=f"应有 {need}，实有 {have}", en=f"needed {need}, found {have}")
    if not have:
        return Text(zh=f"应有 {need}，没有可计入的", en=f"needed {need}, nothing that counts")
    return Text(
        zh=f"应有 {need}，实有 {have}，差 {need - have}", en=f"needed {need}, found {have}: {need - have} short"
    )


# --- have against need ----------------------------------------------------------------------------------------------


def ratios(rulebook: Rulebook, organisation: str, traits: Mapping[str, Any]) -> tuple[RatioLine, ...]:
    """Return what an organisation has against what it needs, with how the need comes about; what lacks first."""
    titles = {duty.code: duty for duty in rulebook.duties.values()}
    lines = [
        RatioLine(one, titles[one.duty].title, how(rulebook, titles[one.duty], one, traits))
        for one in ratios_of(organisation)
        if one.duty in titles
    ]
    return tuple(sorted(lines, key=lambda line: (line.ratio.have >= line.ratio.need, line.ratio.duty)))


def how(rulebook: Rulebook, duty: Duty, one: Kept, traits: Mapping[str, Any]) -> Text:
    """Say how a need is worked out: from which traits by which table."""
    shape = duty.shape
    if not isinstance(shape, Ratio):
        return Text(zh="", en="")
    parts = [text for part in shape.need if (text := _part(rulebook, part, traits)) is not None]
    if not parts and shape.need and all(part.constant is not None for part in shape.need):
        return Text(zh=f"固定应有 {one.need}", en=f"always {one.need}")
    if not parts:
        return Text(zh=f"按登记的数量计算，应有 {one.need}", en=f"worked out from what is recorded: {one.need} needed")
    return Text(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))


def _part(rulebook: Rulebook, part: Part, traits: Mapping[str, Any]) -> Text | None:
    trait, value = rulebook.traits.get(part.trait), traits.get(part.trait)
    if trait is None or value is None or isinstance(value, str):
        return None
    for step in part.table:
        if step.from_ <= value <= step.to:
            more = (value - step.beyond) // step.for_every * step.add if step.for_every else 0
            n = step.base + more
            zh, en = f"{trait.title.zh} {value}，应有 {n}", f"{trait.title.en} {value}: {n} needed"
            if more:
                zh += f"（基数 {step.base}，超过 {step.beyond} 每 {step.for_every} 加 {step.add}）"
                en += f" ({step.base}, and {step.add} for every {step.for_every} beyond {step.beyond})"
            return Text(zh=zh, en=en)
    return Text(zh=f"{trait.title.zh} {int(value)}", en=f"{trait.title.en} {int(value)}")


def as_of() -> int | None:
    """Return the day of the kept standings, ``None`` where none were kept."""
    rows = select("SELECT as_of FROM standings_kept LIMIT 1")
    return int(rows[0][0]) if rows else None


def periods(lines: Iterable[DutyLine]) -> set[str]:
    """Return the periods that are facts: what was triggered stands for each trigger."""
    return {line.period for line in lines if len(line.period) == 32}  # noqa: PLR2004 - the length of an id


__all__ = ["as_of", "counts", "duties", "how", "periods", "ratios", "why"]
