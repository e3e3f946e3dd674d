"""What stands in the controls of a form: as it was sent, as a draft keeps it, or as stored values would be typed.

A form is filled from one thing only, ``Typed``: name of a control → the texts in it. So a new form with what the
ledger knows, a draft taken up again, and a form sent back with its mistakes are made in the same way.

Names: ``f.<field>`` (of a place also ``f.<field>.lat``, ``.lon`` and ``.crs``), ``r.<role>``, ``at``, ``makeup``,
``reference``, ``id``.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.http import QueryDict

from huxue.core.kinds import Field, canonical
from huxue.core.kinds.readers import Lists
from huxue.core.values import MINUTES_A_DAY, date_of

Typed = dict[str, list[str]]
PREFIXES: Final = ("f.", "r.")
OWN: Final = ("at", "makeup", "reference", "id")
PICKED: Final = ("organisation", "post", "person", "entry")
FILES: Final = ("photo", "file")
_BETWEEN: Final = re.compile(r"[;；\n]")
_CODED: Final = re.compile(r".*[(（]([^()（）\s]+)[)）]", re.DOTALL)
MOST_PARTS: Final = 2_000


def typed_of(sent: QueryDict) -> Typed:
    """Return what was sent, without what is not the form's own."""
    return {
        name: [value for value in sent.getlist(name) if value.strip()]
        for name in sent
        if name in OWN or name.startswith(PREFIXES)
    }


def first(typed: Typed, name: str) -> str:
    """Return the first text of a control, ``""`` where there is none."""
    return (typed.get(name) or [""])[0]


def parts(typed: Typed, name: str) -> list[str]:
    """Return the parts of a control that takes several, separated by semicolons or lines."""
    return [part.strip() for text in typed.get(name, ()) for part in _BETWEEN.split(text) if part.strip()][:MOST_PARTS]


def code_in(part: str) -> str:
    """Return the code in ``Name (CODE)``, else the whole."""
    said = _CODED.fullmatch(part)
    return said[1] if said else part


def raw_value(name: str, field: Field, typed: Typed, *, user: int) -> Any:
    """Return what a checker reads for a field: a text, a list of texts, a mapping; ``None`` where nothing was given.

    Organisations must be told apart before (``code_in``); signatures are made by the form.
    """
    control = f"f.{name}"
    if field.type == "place":
        point = {axis: first(typed, f"{control}.{axis}") for axis in ("lat", "lon", "crs")}
        return point if point["lat"] or point["lon"] else None
    if field.type in FILES:
        hashes = [digest for one in typed.get(control, ()) if (digest := unsealed(one, user))]
        return hashes if field.many else (hashes[-1] if hashes else None)
    if field.type in PICKED:
        codes = [code_in(part) for part in parts(typed, control)]
        return codes if field.many else (codes[0] if len(codes) == 1 else "；".join(codes) or None)
    if field.many:
        return typed.get(control, [])
    return first(typed, control) or None


def typed_value(
    name: str, field: Field, stored: Any, *, lists: Lists, labels: Callable[[str, str], str], user: int
) -> Typed:
    """Return a stored value as it would be typed. ``labels(type, code)``: ``Name (CODE)`` of what is picked."""
    control = f"f.{name}"
    if isinstance(stored, Mapping) and "$personal" in stored:
        return {}
    many: Sequence[Any] = stored if isinstance(stored, list | tuple) else [stored]
    if field.type == "place":
        return {f"{control}.{axis}": [stored[axis]] for axis in ("lat", "lon", "crs")}
    if field.type in FILES:
        return {control: [sealed(str(one), user) for one in many]}
    if field.type in PICKED:
        return {control: ["；".join(labels(field.type, str(one)) for one in many)]}
    if field.type == "choice":
        return {control: [str(one) for one in many]}
    if field.type == "yes_no":
        return {control: ["yes" if stored else "no"]}
    if field.type == "time":
        return {control: [str(stored)]}
    return {control: [canonical(field, stored, lists=lists, language="zh")]}


def sealed(digest: str, user: int) -> str:
    """Return a file's hash so that only this account can name it: who only knows a hash cannot claim the file."""
    return f"{digest}.{_seal(digest, user)}"


def unsealed(said: str, user: int) -> str:
    """Return the hash, ``""`` where the seal is not this account's."""
    digest, _, seal = said.partition(".")
    return digest if hmac.compare_digest(seal, _seal(digest, user)) else ""


def _seal(digest: str, user: int) -> str:
    key = f"file:{settings.SECRET_KEY}".encode()
    return hmac.new(key, f"{user}:{digest}".encode(), sha256).hexdigest()[:20]


def moment_text(minute: int) -> str:
    """Return a moment as a control of dates with times takes it: 2026-03-05T14:30."""
    of_day = minute % MINUTES_A_DAY
    return f"{date_of(minute // MINUTES_A_DAY).isoformat()}T{of_day // 60:02d}:{of_day % 60:02d}"


def joined(texts: Iterable[str]) -> str:
    """Return several things picked as they stand in one control."""
    return "；".join(texts)
