"""What is handed to ``append`` and what comes back, and the canonical bytes that a fact's hash is taken over.

The content of a fact is one JSON object in the canonical form of RFC 8785 (keys sorted, no white space, UTF-8; there
are no fractions, so numbers are plain integers)::

    {"at":…,"deadline":…,"fields":{…},"id":…,"item":…,"kind":…,"makeup":…,"origin":…,"person":…,"post":…,
     "reference":…,"replaces":…,"roles":{…},"step":…,"verb":…}

``recorded``, the order of arrival and the number of an import are the ledger's own and not part of it. The value of a
personal field stands in it as ``{"$personal": sha256(salt + canonical value)}``.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock
from typing import Any, NamedTuple

from huxue.core.facts import Verb

# Values come out of JSON or of forms: none holds itself, and that need not be looked for.
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, check_circular=False).encode
quoted = json.encoder.encode_basestring
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Draft:
    """A fact before the ledger takes it. ``item`` "" stands for ``id``: a new record, entry or case.

    ``recorded`` (minutes) is only for loads that bring their own times of arrival; else the time of ``append`` counts.
    """

    id: str
    kind: str
    verb: Verb
    at: int
    item: str = ""
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    step: str = ""
    replaces: str = ""
    reference: str = ""
    post: str = ""
    person: str = ""
    makeup: bool = False
    deadline: int | None = None
    origin: str | None = None
    recorded: int | None = None
    marks: str = ""  # what was noticed on the way in, e.g. "holding_ended"; not part of the content


class Receipt(NamedTuple):
    """What the ledger gives for a draft. ``earlier``: it was here already, with the same content."""

    id: str
    item: str
    seq: int
    hash: str
    recorded: int
    earlier: bool
    marks: str


def content(draft: Draft, item: str, roles: str, fields: str) -> str:
    """Return the canonical content of a draft whose roles and fields are canonical JSON already."""
    return content_of(
        draft.at, draft.deadline, fields, draft.id, item, draft.kind, draft.makeup, draft.origin, draft.person,
        draft.post, draft.reference, draft.replaces, roles, draft.step, draft.verb,
    )  # fmt: skip


def content_of(  # noqa: PLR0913, PLR0917 - the parts of a fact, in the order of their names
    at: int, deadline: int | None, fields: str, uid: str, item: str, kind: str, makeup: bool, origin: str | None,  # noqa: FBT001
    person: str, post: str, reference: str, replaces: str, roles: str, step: str, verb: str,
) -> str:  # fmt: skip
    """Return the canonical content of a fact from its columns."""
    return (
        f'{{"at":{at},"deadline":{"null" if deadline is None else deadline},"fields":{fields},'
        f'"id":"{uid}","item":"{item}","kind":{quoted(kind)},'
        f'"makeup":{"true" if makeup else "false"},'
        f'"origin":{"null" if origin is None else quoted(origin)},"person":{quoted(person)},'
        f'"post":{quoted(post)},"reference":{quoted(reference)},"replaces":"{replaces}",'
        f'"roles":{roles},"step":{quoted(step)},"verb":"{verb}"}}'
    )


def digest(text: str) -> str:
    """Return the sha256 of a text's UTF-8 bytes, in hex."""
    return sha256(text.encode()).hexdigest()


def personal_hash(salt: str, value: str) -> str:
    """Return the salted hash that stands in a fact for a personal value (canonical JSON)."""
    return digest(salt + value)


def new_salt() -> str:
    """Return a fresh salt: 16 random bytes in hex."""
    return secrets.token_hex(16)


_last = 0
_lock = Lock()


def new_id() -> str:
    """Return a new time-ordered id (UUID version 7 in hex); of one process, each is above all earlier ones."""
    global _last  # noqa: PLW0603 - the counter of this process, under a lock
    with _lock:
        _last = max(_last + 1, time.time_ns() // 1_000_000 << 12)
        count = _last
    chance = 1 << 63 | int.from_bytes(os.urandom(8)) >> 2  # the variant's two bits, then 62 of chance
    return f"{count >> 12:012x}7{count & 0xFFF:03x}{chance:016x}"
