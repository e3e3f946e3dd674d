"""One fact of the ledger in words, for its page: who did what when, as it was written, and where it is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huxue.core.facts import Fact
from huxue.core.handbook.voice import Voice
from huxue.core.kinds import Kind
from huxue.core.values import Refused, Text
from huxue.ledger.leaves import COLUMNS, SEQ, has_its_hash, line, place
from huxue.ledger.proving import prove_fact
from huxue.ledger.reserved import RESERVED
from huxue.ledger.seal_texts import SealText, stored_seals
from huxue.organisations.models import Organisation
from huxue.organisations.tables import select

VERBS = {
    "record": Text(zh="记录", en="recorded"),
    "open": Text(zh="建立条目", en="entry opened"),
    "change": Text(zh="变更条目", en="entry changed"),
    "close": Text(zh="注销条目", en="entry closed"),
    "step": Text(zh="办理环节", en="step taken"),
    "withdraw": Text(zh="撤回", en="withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """Where a fact is in the tree of seals, and the way from its leaf to the root."""

    place: int
    seal: SealText
    first: SealText  # the seal that sealed it
    path: tuple[str, ...]


def kind_of(voice: Voice, fact: Fact) -> Kind | None:
    """Return the kind of a fact, declared or reserved."""
    return RESERVED.get(fact.kind) or voice.rulebook.kinds.get(fact.kind)


def fields(voice: Voice, fact: Fact) -> list[tuple[str, str]]:
    """Return title and value of each field; of personal ones only that they are held apart."""
    kind, found = kind_of(voice, fact), []
    for name, value in fact.fields.items():
        declared = kind.fields.get(name) if kind else None
        title = voice.text(declared.title) if declared else name
        if declared is not None and declared.personal:
            found.append((title, voice.say("个人信息，另存，可删除", "personal, held apart and erasable")))
        else:
            found.append((title, _value(voice, declared, value)))
    return found


def _value(voice: Voice, declared: Any, value: Any) -> str:
    if isinstance(value, Mapping) and not (declared and declared.type == "place"):
        return voice.points(f"{key} {part}" for key, part in value.items())
    return voice.value(declared, value).replace("`", "")


def roles(voice: Voice, fact: Fact) -> list[tuple[str, str]]:
    """Return each role with the names of its organisations."""
    codes = [code for some in fact.roles.values() for code in some]
    names = dict(Organisation.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        (voice.role(fact.kind, role).replace("`", ""), voice.all_of(names.get(code, code) for code in some))
        for role, some in fact.roles.items() if some
    ]  # fmt: skip


def written(uid: str) -> tuple[str, bool]:
    """Return the line as it is sealed, and whether the content still has the hash stored with it."""
    (row,) = select(f"SELECT {COLUMNS} FROM ledger_fact WHERE id = %s", uid)  # noqa: S608 - our own columns
    return line(row), has_its_hash(row)


def sealed(uid: str) -> Sealed | None:
    """Return where a fact is sealed, ``None`` where it is not yet. Refuses ``proof_fails``."""
    try:
        proof = prove_fact(uid)
    except Refused as refusal:
        if refusal.code == "not_sealed":
            return None
        raise
    at = int(proof["place"])
    first = next(read for read in (SealText.read(one.text) for _, one, _ in stored_seals()) if read.size > at)
    return Sealed(at, SealText.read(proof["seal"]["text"]), first, tuple(proof["path"]))


def number_of(uid: str) -> int | None:
    """Return the place of a fact in the order of arrival, ``None`` where there is none."""
    rows = select(f"SELECT {COLUMNS} FROM ledger_fact WHERE id = %s", uid)  # noqa: S608 - our own columns
    return int(rows[0][SEQ]) if rows else None


__all__ = ["VERBS", "Sealed", "fields", "kind_of", "number_of", "place", "roles", "sealed", "written"]
