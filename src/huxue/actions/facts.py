"""Verbs on records, entries and cases. Each takes keywords only, checks the form and the right, and appends.

``values`` are what somebody typed or chose (``core.kinds.Checker`` reads them); ``roles`` default to ``by`` = the
organisation acted for. ``id`` is the client's, if it has one: the same submission twice is one fact. Moments are
minutes; ``at`` is when it happened, ``now`` when we learn of it. All raise ``Refused``: the codes of ``ledger.append``
and ``bad_fields`` ``bad_roles`` ``not_yours`` ``unknown_post`` ``post_not_held`` and those of ``core.flow``.
"""

# ruff: noqa: PLR0913 - a deed has many parts

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from huxue.actions.acting import By, kind_for, refuse_derived
from huxue.actions.cases import Met, met, steps_open
from huxue.core.facts import Fact
from huxue.core.flow import Deadlines
from huxue.core.flow import take as take_in_flow
from huxue.core.kinds import Checker, Kind, checked_roles
from huxue.core.kinds.readers import Lists
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.ledger.locks import hold
from huxue.ledger.reading import fact as stored_fact
from huxue.ledger.reading import facts_of_item
from huxue.ledger.reserved import RESERVED
from huxue.organisations.relations import type_of

Roles = Mapping[str, Sequence[str]]


def record(
    *, rulebook: Rulebook, now: int, by: By, kind: str, at: int, values: Mapping[str, Any], roles: Roles | None = None,
    reference: str = "", makeup: bool = False, id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Write down something that happened once. ``makeup``: 补办, made good after its period."""
    declared = kind_for(rulebook, kind, "record", by)
    draft = _draft(
        declared, "record", by, at, now, _stored(rulebook, declared, values), _roles(declared, roles, by),
        id=id, reference=reference, makeup=makeup,
    )  # fmt: skip
    return _take(draft, rulebook, now)


def correct(
    *, rulebook: Rulebook, now: int, by: By, fact: str, values: Mapping[str, Any], at: int | None = None,
    roles: Roles | None = None, id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Put a complete new version in the place of a fact; ``at`` and ``roles`` stay as they were unless given."""
    old = _fact(fact)
    kind = _kind(rulebook, old.kind)
    refuse_derived(old, kind)
    moment = old.at if at is None else at
    draft = _draft(
        kind, old.verb, by, moment, now, _stored(rulebook, kind, values, old.step),
        _roles(kind, roles or old.roles, by),
        id=id, item=old.item, replaces=fact, reference=old.reference, makeup=old.makeup, step=old.step,
        deadline=old.deadline, held_at=now,
    )  # fmt: skip
    return _take(draft, rulebook, now)


def withdraw(
    *, rulebook: Rulebook, now: int, by: By, fact: str, at: int | None = None,
    id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Say that a fact no longer counts. ``at``: when that was said (default: now), so that saying it twice is one."""
    old = _fact(fact)
    kind = _kind(rulebook, old.kind)
    refuse_derived(old, kind)
    moment = now if at is None else at
    draft = _draft(kind, "withdraw", by, moment, now, {}, {}, id=id, item=old.item, replaces=fact)
    return _take(draft, rulebook, now)


def excuse(
    *, rulebook: Rulebook, now: int, by: By, organisations: Sequence[str], first: date, last: date, reason: str,
    duty: str = "*", id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Excuse organisations from a duty (``*``: from all) from one day to another, both included."""
    if last < first:
        raise Refused("wrong_order", "免除期限的止日早于起日。", "The excuse ends before it begins.")
    fields = {"duty": duty, "from": first.isoformat(), "to": last.isoformat(), "reason": reason}
    roles = {"about": tuple(organisations), "by": (by.organisation,)}
    return _take(_draft(RESERVED["excuse"], "record", by, now, now, fields, roles, id=id), rulebook, now)


def verify(
    *, rulebook: Rulebook, now: int, by: By, item: str, confirmed: bool, at: int, spot: bool = False,
    id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Say of somebody else's record, entry or case that it is so, or is not; ``spot``: checked on the spot."""
    versions = facts_of_item(item)
    if not versions:
        raise Refused("unknown_item", "没有这个事项。", "There is no such item.")
    credited = [code for codes in versions[-1].roles.values() for code in codes]
    if by.organisation in versions[0].roles.get("by", ()):
        raise Refused(
            "not_independent", "不得核实本单位填报的事项。", "Nobody verifies what his own organisation wrote."
        )
    fields = {"result": "confirmed" if confirmed else "refuted", "spot": spot}
    roles = {"by": (by.organisation,), "about": tuple(dict.fromkeys(credited))}
    draft = _draft(RESERVED["verification"], "record", by, at, now, fields, roles, id=id, reference=item)
    return _take(draft, rulebook, now)


def open_entry(
    *, rulebook: Rulebook, now: int, by: By, kind: str, at: int, values: Mapping[str, Any], roles: Roles | None = None,
    id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Open an entry of a register; the receipt's ``item`` names it from then on."""
    declared = kind_for(rulebook, kind, "register", by)
    fields = _stored(rulebook, declared, values)
    return _take(_draft(declared, "open", by, at, now, fields, _roles(declared, roles, by), id=id), rulebook, now)


def change_entry(
    *, rulebook: Rulebook, now: int, by: By, item: str, at: int, values: Mapping[str, Any], roles: Roles | None = None,
    id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Say how an entry is from ``at`` on: the complete set of its values."""
    old = _first(item)
    kind = kind_for(rulebook, old.kind, "register", by)
    refuse_derived(old, kind)
    fields = _stored(rulebook, kind, values)
    draft = _draft(kind, "change", by, at, now, fields, _roles(kind, roles or old.roles, by), id=id, item=item)
    return _take(draft, rulebook, now)


def close_entry(*, rulebook: Rulebook, now: int, by: By, item: str, at: int, id: str = "") -> Receipt:  # noqa: A002
    """End an entry at a moment."""
    old = _first(item)
    kind = kind_for(rulebook, old.kind, "register", by)
    refuse_derived(old, kind)
    return _take(_draft(kind, "close", by, at, now, {}, old.roles, id=id, item=item), rulebook, now)


def take_step(
    *, rulebook: Rulebook, now: int, by: By, kind: str, step: str, at: int, values: Mapping[str, Any],
    calendar: Deadlines, item: str = "", roles: Roles | None = None, id: str = "",  # noqa: A002 - the field's word
) -> Receipt:  # fmt: skip
    """Take a step of a case; without ``item`` it opens one. The flow says who may, and the deadline it leaves.

    ``calendar`` is that of the organisation concerned (``organisations.relations.area_of``).
    """
    declared = kind_for(rulebook, kind, "case", by)
    if step not in declared.flow:
        raise Refused("unknown_step", f"流程中没有环节“{step}”。", f"The flow has no step {step!r}.")
    fields = _stored(rulebook, declared, values, step)
    with transaction.atomic():
        hold({item} - {""})
        here = met(rulebook=rulebook, kind=declared, item=item, by=by, at=at, roles=roles or {}, before=id)
        credited = _roles(declared, here.roles, by)
        left = take_in_flow(
            declared, here.state, step, at=at, actor=here.actor, fields=fields, calendar=calendar, roles=credited
        )
        draft = _draft(
            declared, "step", by, at, now, fields, credited, id=id, item=item, step=step, deadline=left.deadline
        )
        return _take(draft, rulebook, now)


def _stored(rulebook: Rulebook, kind: Kind, values: Mapping[str, Any], step: str = "") -> dict[str, Any]:
    return _checker(kind, rulebook.lists).check(values, step=step).or_refuse()


_CHECKERS: dict[tuple[int, int], Checker] = {}  # a checker holds its kind and lists, so their identities stay theirs
_MOST_CHECKERS = 1_000


def _checker(kind: Kind, lists: Lists) -> Checker:
    """Return the checker of a kind, compiled once as long as the process knows the rulebook."""
    kept = _CHECKERS.get((id(kind), id(lists)))
    if kept is None:
        if len(_CHECKERS) >= _MOST_CHECKERS:
            _CHECKERS.clear()
        kept = _CHECKERS[id(kind), id(lists)] = Checker(kind, lists)
    return kept


def _roles(kind: Kind, roles: Roles | None, by: By) -> dict[str, tuple[str, ...]]:
    given = {role: tuple(codes) for role, codes in (roles or {"by": (by.organisation,)}).items() if codes}
    wrong = checked_roles(kind, given, type_of=type_of)
    if wrong:
        raise Refused("bad_roles", "；".join(one[1] for one in wrong), "; ".join(one[2] for one in wrong))
    return given


def _draft(
    kind: Kind, verb: Any, by: By, at: int, now: int, fields: Mapping[str, Any], roles: Roles, *, id: str = "",  # noqa: A002
    held_at: int | None = None, **more: Any,
) -> Draft:  # fmt: skip
    mark = by.mark(at=at if held_at is None else held_at, now=now)
    return Draft(
        id=id or new_id(), kind=kind.code, verb=verb, at=at, fields=fields, post=by.post, person=by.person, marks=mark,
        roles={role: tuple(codes) for role, codes in roles.items()}, **more,
    )  # fmt: skip


def _take(draft: Draft, rulebook: Rulebook, now: int) -> Receipt:
    return append([draft], kinds=rulebook.kinds, recorded=now)[0]


def _kind(rulebook: Rulebook, code: str) -> Kind:
    return RESERVED.get(code) or rulebook.kinds[code]


def _fact(uid: str) -> Fact:
    found = stored_fact(uid)
    if found is None:
        raise Refused("unknown_fact", f"没有编号为{uid}的记录。", f"The ledger has no fact {uid}.")
    return found


def _first(item: str) -> Fact:
    found = facts_of_item(item)
    if not found:
        raise Refused("unknown_item", "没有这个条目。", "There is no such entry.")
    return found[0]


__all__ = [
    "By", "Met", "change_entry", "close_entry", "correct", "excuse", "open_entry", "record", "steps_open", "take_step",
    "verify", "withdraw",
]  # fmt: skip
