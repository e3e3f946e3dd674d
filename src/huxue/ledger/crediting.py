"""Deeds are credited to organisations that exist, for what happened while they stood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from huxue.core.values import Refused, moment_of
from huxue.ledger.models import RESERVED_ENTRIES
from huxue.ledger.preparing import Prepared, Refusals
from huxue.organisations.tables import select_in


def refuse_closed(prepared: Sequence[Prepared], refusals: Refusals) -> None:
    """Refuse facts about unknown organisations, and those dated at or after the closing of one they credit."""
    deeds = [one for one in prepared if one.line.kind not in RESERVED_ENTRIES or one.line.verb == "open"]
    codes = {code for one in deeds for code in credited(one)}
    closed: dict[str, int] = dict(
        select_in("SELECT code, closed FROM organisations_organisation WHERE code IN ({})", codes)
    )
    last = max((one.line.at for one in deeds), default=0)
    if all(closed.get(code, 0) > last for code in codes):
        return
    for one in deeds:
        for code in credited(one):
            refused = _refused(code, closed.get(code), one)
            if refused:
                refusals[one.index] = refused


def credited(one: Prepared) -> Iterator[str]:
    """Yield the organisations of a fact, and the one whose post acted."""
    for codes in one.draft.roles.values():
        yield from codes
    if one.draft.post:
        yield one.draft.post.partition("/")[0]


def _refused(code: str, closed: int | None, one: Prepared) -> Refused | None:
    if closed is None:
        return Refused("unknown_organisation", f"没有编码为“{code}”的单位。", f"No organisation has the code {code!r}.")
    if one.line.at >= closed and one.line.kind != "organisation":
        day = moment_of(closed).date()
        return Refused(
            "organisation_closed",
            f"单位“{code}”已于{day}撤销，此后不能再有记录。",
            f"{code!r} closed on {day}: nothing can have happened there since.",
        )
    return None


def refuse_withdrawn(codes: Iterable[str]) -> None:
    """Refuse the withdrawal of an organisation that facts credit."""
    sql = (
        "SELECT c.organisation FROM ledger_credit c JOIN ledger_fact f ON f.seq = c.fact "
        "WHERE f.kind <> 'organisation' AND c.organisation IN ({}) LIMIT 1"
    )
    for (code,) in select_in(sql, codes):
        raise Refused(
            "organisation_in_use", f"单位“{code}”已有记录，不能撤回。", f"{code!r} is in use: it cannot be withdrawn."
        )
