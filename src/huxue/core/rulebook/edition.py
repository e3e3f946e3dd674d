"""An edition: a rulebook frozen with its hash, the families switched on, and the day it counts from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Literal

from pydantic import Field as Setting
from pydantic import ValidationError

from huxue.core.duties.shapes import Duty
from huxue.core.rulebook.findings import nearest
from huxue.core.rulebook.model import Parameter, Rulebook
from huxue.core.values import Refused, Value


class Edition(Value):
    """What was activated. ``hash``: SHA-256 (hex) of the rulebook's canonical JSON; ``valid_from``: a day number.

    ``format`` numbers the form of the stored text: a version that changes it must say how to read the earlier ones.
    ``since``: duty → the day from which it counts as it stands, which may lie before this edition where the duty has
    not changed. ``earlier``: what changed duties said before, until the day before this edition.
    """

    format: Literal[1] = 1
    rulebook: Rulebook
    hash: str
    families_on: tuple[str, ...]
    valid_from: int
    since: dict[str, int] = Setting(default_factory=dict)
    earlier: tuple[Duty, ...] = ()


def edition(
    rulebook: Rulebook,
    *,
    families_on: Iterable[str] | None = None,
    valid_from: int | None = None,
    before: Edition | None = None,
) -> Edition:
    """Freeze a rulebook. By default the families that it switches on itself, from its own first day.

    ``before`` is the edition that this one follows: a duty that says the same there goes on counting from its own first
    day, a changed one is judged as it was said before for what began before this edition.
    Refused (``no_family``) when a family does not exist.
    """
    chosen = (
        [code for code, family in rulebook.families.items() if family.on] if families_on is None else list(families_on)
    )
    known_families(rulebook, chosen)
    first = rulebook.valid_from if valid_from is None else valid_from
    made = Edition(rulebook=rulebook, hash=hash_of(rulebook), families_on=tuple(sorted(set(chosen))), valid_from=first)
    if before is None or before.rulebook.code != rulebook.code:
        return made
    since, earlier = _continued(made, before)
    return made.model_copy(update={"since": since, "earlier": earlier})


def known_families(rulebook: Rulebook, codes: Iterable[str]) -> None:
    """Refuse (``no_family``) a family that the rulebook does not have, be it to switch on or off."""
    for code in codes:
        if code not in rulebook.families:
            zh, en = nearest(code, rulebook.families)
            raise Refused("no_family", f"没有职责族“{code}”{zh}", f"there is no family '{code}'{en}")


_MEANING = ("shape", "owed_by", "in_force", "present", "counts")  # what a standing depends on


def _continued(made: Edition, before: Edition) -> tuple[dict[str, int], tuple[Duty, ...]]:
    """Return the first days of duties that have not changed, and the closed versions of those that have."""
    old = {duty.code: duty for duty in active_duties(before)}
    since: dict[str, int] = {}
    earlier: list[Duty] = []
    for duty in active_duties(made):
        was = old.get(duty.code)
        if was is not None and all(getattr(was, part) == getattr(duty, part) for part in _MEANING):
            since[duty.code] = min(first_of(before, duty.code), made.valid_from)
        elif was is not None:
            earlier += _closed(was, first_of(before, was.code), made.valid_from - 1)
        earlier += [
            version for one in before.earlier if one.code == duty.code
            for version in _closed(one, one.in_force[0], made.valid_from - 1)
        ]  # fmt: skip
    return since, tuple(earlier)


def _closed(duty: Duty, lo: int, hi: int) -> list[Duty]:
    """Return a duty as it was in force from day to day, nothing where no day is left."""
    span = max(duty.in_force[0], lo), min(duty.in_force[1], hi)
    return [duty.model_copy(update={"in_force": span})] if span[0] <= span[1] else []


def first_of(value: Edition, duty: str) -> int:
    """Return the day from which a duty counts as this edition says it."""
    return value.since.get(duty, value.valid_from)


def hash_of(rulebook: Rulebook) -> str:
    """Return the SHA-256 (hex) of the canonical JSON of a rulebook."""
    return hashlib.sha256(canonical(rulebook).encode()).hexdigest()


def canonical(value: Value) -> str:
    """Return the one JSON text of a value: every field, keys sorted, no spaces, no escapes beyond the needed."""
    said = value.model_dump(mode="json", by_alias=True)
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def to_json(value: Edition) -> str:
    """Return an edition as JSON text, complete: a stored edition needs no file of the rulebook any more."""
    said = value.model_dump(mode="json", by_alias=True)  # in its own order: lists and flows are shown in it
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def from_json(text: str) -> Edition:
    """Return the edition of a JSON text. Refused when it cannot be read, or when the rulebook has another hash."""
    try:
        value = Edition.model_validate_json(text)
    except ValidationError as error:
        said = error.errors()[0]
        where = ".".join(str(part) for part in said["loc"])
        raise Refused(
            "edition_unreadable", f"存档的制度版本无法读取：{where}", f"the stored edition cannot be read: {where}"
        ) from error
    if hash_of(value.rulebook) != value.hash:
        raise Refused(
            "edition_changed", "存档的制度版本与其哈希不符", "the stored edition does not have the hash it names"
        )
    return value


def active_duties(value: Edition) -> tuple[Duty, ...]:
    """Return the duties of the families that are switched on, in the rulebook's order."""
    return tuple(duty for duty in value.rulebook.duties.values() if duty.family in value.families_on)


def in_effect(value: Edition) -> Rulebook:
    """Return the rulebook as this edition applies it: its active duties, each from the day it counts.

    What a changed duty said before stands beside it under a key of its own (``<code>@<n>``) and keeps its code.
    """
    duties: dict[str, Duty] = {}
    for duty in active_duties(value):
        lo = max(duty.in_force[0], first_of(value, duty.code))
        duties[duty.code] = duty.model_copy(update={"in_force": (lo, duty.in_force[1])})
    duties |= {f"{duty.code}@{n}": duty for n, duty in enumerate(value.earlier)}
    first = min((duty.in_force[0] for duty in duties.values()), default=value.valid_from)
    return value.rulebook.model_copy(update={"duties": duties, "valid_from": min(first, value.valid_from)})


def unconfirmed(value: Edition) -> dict[str, Parameter]:
    """Return the parameters that stand in an active duty and that nobody has confirmed yet (待确认)."""
    used = {name for duty in active_duties(value) for name in duty.parameters}
    return {name: one for name, one in value.rulebook.parameters.items() if name in used and not one.confirmed}
