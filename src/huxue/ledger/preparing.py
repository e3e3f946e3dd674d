"""Drafts made ready: checked one by one, in canonical form, hashed, and told apart from those already here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from json import loads
from typing import Any, NamedTuple

from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.ledger.checking import Checker
from huxue.ledger.drafts import Draft, Receipt, canonical, content, digest, new_salt, personal_hash
from huxue.organisations.dated import Line
from huxue.organisations.tables import select_in


class NotAppended(Refused):
    """Nothing was written. ``by_draft``: place of a draft in the list → why it was refused."""

    def __init__(self, by_draft: Mapping[int, Refused], first: Refused) -> None:
        """Speak with the code and the sentences of the first refusal."""
        super().__init__(first.code, first.zh, first.en)
        self.by_draft = dict(by_draft)


class Refusals(dict[int, Refused]):
    """Refusals by the place of their draft."""

    def raise_any(self) -> None:
        """Raise them together, if there are any."""
        if self:
            raise NotAppended(self, self[min(self)])


class Datum(NamedTuple):
    """One personal value of a fact, held apart from it."""

    field: str
    salt: str
    value: str
    subject: str


@dataclass(slots=True)
class Prepared:
    """A new fact on its way in. ``seq`` is given when it is written."""

    index: int
    draft: Draft
    line: Line
    hash: str
    personal: list[Datum] = field(default_factory=list)

    def receipt(self) -> Receipt:
        """Return the receipt of the fact just written."""
        line = self.line
        return Receipt(line.id, line.item, line.seq, self.hash, line.recorded, earlier=False, marks=self.draft.marks)


def prepare(
    drafts: Sequence[Draft], kinds: Mapping[str, Kind], recorded: int, refusals: Refusals
) -> tuple[list[Prepared], dict[int, Receipt]]:
    """Return the new facts, and the receipts (by place) of drafts that the ledger has already."""
    checkers: dict[str, Checker] = {}
    here = _here([draft.id for draft in drafts])
    fresh: dict[str, Prepared] = {}
    receipts: dict[int, Receipt] = {}
    for index, draft in enumerate(drafts):
        try:
            one = _prepare(index, draft, _checker(draft.kind, kinds, checkers), recorded, here.get(draft.id))
            if draft.id in here:
                receipts[index] = _again(one, here[draft.id])
            elif draft.id in fresh:
                _same_content(one.hash, fresh[draft.id].hash, draft.id)
            else:
                fresh[draft.id] = one
        except Refused as refused:
            refusals[index] = refused
    return list(fresh.values()), receipts


def _checker(code: str, kinds: Mapping[str, Kind], checkers: dict[str, Checker]) -> Checker:
    found = checkers.get(code)
    if found is None:
        if code not in kinds:
            raise Refused("unknown_kind", f"没有类型“{code}”。", f"No kind is called {code!r}.")
        found = checkers[code] = Checker(kinds[code])
    return found


class Here(NamedTuple):
    """A fact with the id of a draft."""

    seq: int
    item: str
    hash: str
    recorded: int
    marks: str
    fields: str
    salts: dict[str, str]


def _here(ids: Sequence[str]) -> dict[str, Here]:
    sql = "SELECT id, seq, item, hash, recorded_min, marks, fields FROM ledger_fact WHERE id IN ({})"
    found: dict[str, Here] = {}
    for uid, seq, item, content_hash, recorded, marks, fields in select_in(sql, ids):
        found[uid] = Here(seq, item, content_hash, recorded, marks, fields, {})
    salts = "SELECT fact, field, salt FROM ledger_personaldatum WHERE fact IN ({})"
    for fact, name, salt in select_in(salts, found):
        found[fact].salts[name] = salt
    return found


def _again(one: Prepared, here: Here) -> Receipt:
    _same_content(one.hash, here.hash, one.draft.id)
    return Receipt(one.draft.id, here.item, here.seq, here.hash, here.recorded, earlier=True, marks=here.marks)


def _same_content(new: str, old: str, fact: str) -> None:
    if new != old:
        raise Refused(
            "different_content",
            f"编号{fact}已提交过，但内容不同。",
            f"{fact} is in the ledger already, with other content.",
        )


def _prepare(index: int, draft: Draft, checker: Checker, now: int, here: Here | None) -> Prepared:
    recorded = now if draft.recorded is None else min(draft.recorded, now)
    checker.check(draft, recorded)
    item = draft.item or draft.id
    fields: Mapping[str, Any] = draft.fields
    personal: list[Datum] = []
    if checker.personal:
        fields, personal = _apart(draft.fields, checker, here)
    roles, written = canonical(draft.roles), canonical(fields)
    line = Line(
        0, draft.id, draft.kind, draft.verb, draft.step, item, draft.at, recorded,
        primary(draft.roles), roles, written, draft.replaces, draft.deadline, fields, draft.roles,
    )  # fmt: skip
    return Prepared(index, draft, line, digest(content(draft, item, roles, written)), personal)


def primary(roles: Mapping[str, Sequence[str]]) -> str:
    """Return the first organisation credited: by, else about, else the first role there is."""
    for codes in (roles.get("by"), roles.get("about"), *roles.values()):
        if codes:
            return codes[0]
    return ""


def _apart(given: Mapping[str, Any], checker: Checker, here: Here | None) -> tuple[dict[str, Any], list[Datum]]:
    """Return the fields with personal values replaced by salted hashes, and those values."""
    fields, personal = dict(given), []
    people = [given[n] for n in checker.personal if checker.kind.fields[n].type == "person" and given.get(n)]
    for name in checker.personal:
        if fields.get(name) is None:
            continue
        value = canonical(fields[name])
        salt = here.salts.get(name, "") if here else new_salt()
        if here and not salt:  # erased since: there is nothing left to compare with
            fields[name] = loads(here.fields).get(name)
            continue
        fields[name] = {"$personal": personal_hash(salt, value)}
        personal.append(Datum(name, salt, value, people[0] if people else ""))
    return fields, personal
