"""Short ways to write facts, derivations and places for the tests of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

from huxue.core.derivations import Derivation
from huxue.core.facts import Fact
from huxue.core.values import day_of, minute_of

SOURCE = {"text": "t", "clause": "c", "confidence": "DEF"}
TITLE = {"zh": "规则", "en": "Rule"}
_ids = count(1)


def derivation(rule: str, **parameters: Any) -> Derivation:
    return Derivation.model_validate(
        {"title": TITLE, "rule": rule, "writes": "w", "parameters": parameters, "source": SOURCE}
    )


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def moment(text: str) -> int:
    return minute_of(datetime.fromisoformat(text if len(text) > 10 else f"{text}T09:00"))


def fact(
    at: str | int,
    fields: Mapping[str, Any],
    *,
    verb: Any = "record",
    item: str = "",
    step: str = "",
    **roles: str,
) -> Fact:
    uid = f"f{next(_ids):05d}"
    minute = at * 1440 if isinstance(at, int) else moment(at)
    return Fact(uid, "k", verb, item or uid, minute, minute, {r: (o,) for r, o in roles.items()}, fields, step)


def place(lat: float, lon: float, crs: str = "wgs84") -> dict[str, str]:
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}", "crs": crs}
