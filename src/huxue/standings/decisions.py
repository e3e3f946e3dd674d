"""What an organisation decided lately, and the names that a proposal speaks of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from json import loads
from typing import Final

from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.organisations.holdings import holders
from huxue.organisations.tables import select
from huxue.standings.dossier import MEASURE, subject

MOST: Final = 50
_REST: Final = Text(zh="其他事项", en="other matters")


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision of the past."""

    item: str
    at: int
    measure: Text
    about: Text
    decision: str  # "issued" | "dismissed" | "postponed"
    reason: str
    number: str
    addressees: int


def decided_by(organisation: str, rulebook: Rulebook) -> list[Decided]:
    """Return the latest decisions of an organisation, the newest first."""
    sql = f"""
SELECT f.item, f.at_min, f.reference, f.fields, f.roles FROM ledger_fact f
WHERE f.organisation = %s AND f.kind = %s AND f.verb = 'record' ORDER BY f.at_min DESC, f.id LIMIT {MOST}"""
    return [_decided(rulebook, *row) for row in select(sql, organisation, MEASURE)]


def _decided(rulebook: Rulebook, item: str, at: int, reference: str, fields: str, roles: str) -> Decided:
    said = loads(fields)
    titles = rulebook.lists.get("measures", {})
    measure = titles[said["measure"]].title if said["measure"] in titles else _REST
    about = subject(rulebook, str(said.get("duty") or reference), "" if said.get("duty") else "case")
    return Decided(
        item, at, measure, about, str(said["decision"]), str(said.get("reason") or ""), str(said.get("number") or ""),
        len(loads(roles).get("about", ())),
    )  # fmt: skip


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the names of some organisations."""
    wanted = sorted(set(codes))
    marks = ", ".join(["%s"] * len(wanted)) or "''"
    return dict(select(f"SELECT code, name FROM organisations_organisation WHERE code IN ({marks})", *wanted))


def holders_of(post: str, now: int) -> tuple[str, ...]:
    """Return who holds a post now: the names of those with an account, else the codes of the persons."""
    persons = holders(post, at=now)
    if not persons:
        return ()
    marks = ", ".join(["%s"] * len(persons))
    names: dict[str, str] = dict(select(f"SELECT person, name FROM access_user WHERE person IN ({marks})", *persons))
    return tuple(names.get(person) or person for person in persons)


__all__ = ["MOST", "Decided", "decided_by", "holders_of", "names_of"]
