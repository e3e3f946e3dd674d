"""Facts on their way in: their JSON is read once, into the texts of the fields that duties read.

What stays of it is what the frame needs of a few kinds, and what ladders and briefings read of steps and measures,
without personal fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from huxue.core.duties.signals import quoted
from huxue.core.kinds import Kind
from huxue.standings.columns import extracted_sql
from huxue.standings.sets.stand import Stand

_WHOLE = "'organisation', 'oversight', 'post', 'holding', 'excuse', 'verification', 'measure'"


def staged_sql(stand: Stand, source: str) -> str:
    """Return the SELECT that turns facts with JSON (``ledger.columnar.FACT``) into those that the frame reads."""
    return f"""
SELECT id, kind, verb, step, item, at_min, recorded_min, replaces, reference, post, person, makeup, deadline, roles, x,
 told AS fields
FROM (SELECT *, {extracted_sql(stand.columns)} AS x, {_told(stand.rulebook.kinds)} AS told FROM {source}) s"""


def _told(kinds: Mapping[str, Kind]) -> str:
    """Return the expression of the JSON that stays."""
    hidden = dict(_hidden(kinds))
    cases = "".join(
        f" WHEN kind = {quoted(code)} THEN json_merge_patch(fields, {quoted(no)})" for code, no in hidden.items()
    )
    step = f"CASE{cases} ELSE fields END" if cases else "fields"
    rule = "json_extract_string(fields, '$.derivation')"
    return f"""CASE WHEN kind IN ({_WHOLE}) THEN fields WHEN verb = 'step' THEN CAST({step} AS VARCHAR)
 WHEN {rule} IS NOT NULL THEN CAST(json_object('derivation', {rule}) AS VARCHAR) ELSE '{{}}' END"""


def _hidden(kinds: Mapping[str, Kind]) -> Iterator[tuple[str, str]]:
    """Yield (kind, patch that takes its personal fields out)."""
    for code, kind in kinds.items():
        names = [name for name, field in kind.fields.items() if field.personal]
        if names:
            yield code, "{" + ", ".join(f'"{name}": null' for name in names) + "}"


__all__ = ["staged_sql"]
