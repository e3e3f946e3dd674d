"""What a why page shows: the history that one standing follows from, and who below a territory is behind, by reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from huxue.access.scope import Scope
from huxue.core.duties.explain import Reason
from huxue.core.duties.history import History
from huxue.core.duties.standing import MISSED, OVERDUE, STATUSES, Status
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.ledger import reading
from huxue.organisations.models import Organisation
from huxue.organisations.tables import chunks, select
from huxue.organisations.tree import below as bounds
from huxue.standings.dossier.owed import why
from huxue.standings.nearby import near
from huxue.standings.site import history_of
from huxue.standings.touching import index_of

SHOWN: Final = 300  # organisations below that are listed


def history_for(edition: Edition, organisation: str, duty: str, *, as_of: int, known_at: int) -> History:
    """Return the history of one organisation and one duty: as ``site.history_of`` does, from as few facts as will do.

    Refuses a duty that is not there, or not switched on.
    """
    index = index_of(edition)
    if duty not in index.reach or index.reach[duty].others:
        return history_of(edition, organisation, duty, as_of=as_of, known_at=known_at)
    found = near(edition, organisation, [duty], as_of=as_of, known_at=known_at)
    named = {code for fact in found.live for codes in fact.roles.values() for code in codes}
    strangers = sorted(named - set(found.organisations))
    items = list(Organisation.objects.filter(code__in=strangers).values_list("item", flat=True))
    found.name(reading.of_items(items, known_at=known_at))
    return found


def items_of(reasons: Iterable[Reason]) -> dict[str, tuple[str, str]]:
    """Return (kind, item) of every fact that some trees of reasons rest on, by its id."""
    ids = sorted({one.fact for reason in reasons for one in _every(reason) if one.fact})
    found: dict[str, tuple[str, str]] = {}
    for some in chunks(ids):
        marks = ", ".join(["%s"] * len(some))
        rows = select(f"SELECT id, kind, item FROM ledger_fact WHERE id IN ({marks})", *some)
        found.update({uid: (kind, item) for uid, kind, item in rows})
    return found


def _every(reason: Reason) -> Iterable[Reason]:
    yield reason
    for below in reason.below:
        yield from _every(below)


# --- a territory ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BehindBelow:
    """One organisation below that is behind: its oldest obligation that is overdue, else its latest missed one."""

    code: str
    name: str
    above: str  # name of the organisation right above it
    period: str
    status: Status
    due: int
    count: int
    why: Text


@dataclass(frozen=True, slots=True)
class Below:
    """How a duty stands below an organisation."""

    bearers: int
    behind: int
    met: int
    overdue: int
    missed: int
    due: int
    at_risk: int
    by_reason: tuple[tuple[Text, tuple[BehindBelow, ...]], ...]  # the reason that most have comes first


def below(rulebook: Rulebook, organisation: str, path: str, duty: str, scope: Scope) -> Below | None:
    """Return who below an organisation is behind on a duty, ``None`` where nobody below bears it."""
    names = "bearers, behind, met, overdue, missed, due, at_risk"
    made = f"SELECT {names} FROM standings_tally WHERE organisation = %s AND duty = %s AND NOT own"
    rows = select(made, organisation, duty)
    declared = rulebook.duties.get(duty)
    if not rows or declared is None:
        return None
    lo, hi = bounds(path)
    within, parameters = scope.where_path("o.path")
    sql = f"""
SELECT o.code, o.name, coalesce(p.name, ''), s.period, s.status, s.due, s.have, s.need FROM standings_standing s
JOIN organisations_organisation o ON o.code = s.organisation LEFT JOIN organisations_organisation p ON p.code = o.parent
WHERE s.duty = %s AND s.status IN ({OVERDUE}, {MISSED}) AND NOT s.shadowed AND o.path >= %s AND o.path < %s
 AND o.code <> %s {f"AND {within}" if within else ""} ORDER BY o.path, s.due"""
    groups: dict[str, list[tuple[Any, ...]]] = {}
    for row in select(sql, duty, lo, hi, organisation, *parameters):
        groups.setdefault(row[0], []).append(row)
    reasons: dict[Text, list[BehindBelow]] = {}
    for found in groups.values():
        late = [row for row in found if row[4] == OVERDUE]
        code, name, above, period, status, due, have, need = late[0] if late else found[-1]
        text = _reason(status, why(declared, status, have, need))
        one = BehindBelow(code, name, above, period, STATUSES[status], due, len(late or found), text)
        reasons.setdefault(text, []).append(one)
    ordered = sorted(reasons.items(), key=lambda pair: (-len(pair[1]), pair[0].zh))
    bearers, behind, met, overdue, missed, due, at_risk = rows[0]
    return Below(
        bearers,
        behind,
        met,
        overdue,
        missed,
        due,
        at_risk,
        tuple((text, tuple(some[:SHOWN])) for text, some in ordered),
    )


def _reason(status: int, text: Text) -> Text:
    if status == MISSED:
        return Text(zh=f"已过期限，不能再补：{text.zh}", en=f"can no longer be made good: {text.en}")
    return Text(zh=f"逾期：{text.zh}", en=f"overdue: {text.en}")


__all__ = ["BehindBelow", "Below", "below", "history_for", "items_of"]
