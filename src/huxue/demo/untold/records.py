"""Records: by the bearer, or by whoever stands over it, with the roles that their kind asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from huxue.core.duties.shapes import Deed
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.demo.pen import Pen
from huxue.demo.untold.fields import filled, merged, wanted_by
from huxue.demo.untold.stage import Stage
from huxue.demo.world import Unit

_USUAL: Final = {
    "school": "safety-director",
    "township": "officer",
    "county-government": "deputy",
    "city-government": "deputy",
    "county-department": "officer",
    "city-department": "officer",
}


def record(  # noqa: PLR0913 - a record has many parts
    pen: Pen, stage: Stage, deed: Deed, bearers: Sequence[Unit], day: int, more: dict[str, Any] | None = None, *,
    roles: dict[str, tuple[str, ...]] | None = None, reference: str = "", late: int = 0, post: str = "", at: int = 0,
) -> Fact | None:  # fmt: skip
    """Write one record that counts for the bearers in the role the deed asks for; None where nobody may write it.

    ``late``: 0 where it is written down at once, else by the writer's habit. ``at``: the minute, where it matters.
    """
    kind = stage.kind(deed.record)
    writer = _writer(stage, kind, deed, bearers[0]) if kind else None
    if kind is None or writer is None:
        return None
    wanted = wanted_by(deed.where, kind, stage, writer)
    said = filled(pen, stage, kind, writer, day, merged(wanted.fields, more or {}))
    stands = {"by": (writer.code,), **(roles or {})}
    if deed.as_ != "by":
        stands[deed.as_] = tuple(one.code for one in bearers)
    _complete(pen, stage, kind, writer, stands, wanted.numbers)
    acting = post or wanted.post or post_of(writer, day)
    at = at or pen.moment(day)
    return pen.record(
        kind.code, writer, acting, at, said, roles=stands, reference=reference, recorded=at + 40 if late == 0 else None
    )


def post_of(unit: Unit, day: int) -> str:
    """Return the type of a post that is held on a day, the usual one first."""
    usual = _USUAL.get(unit.type, "")
    return next((post for post in (usual, *unit.holders) if unit.holder(post, day)), "")


def _writer(stage: Stage, kind: Kind, deed: Deed, bearer: Unit) -> Unit | None:
    if deed.as_ == "by":
        return bearer if not kind.written_by or bearer.type in kind.written_by else None
    over = stage.above(bearer)
    return next((unit for unit in over if not kind.written_by or unit.type in kind.written_by), None)


def _complete(
    pen: Pen, stage: Stage, kind: Kind, writer: Unit, stands: dict[str, tuple[str, ...]], numbers: dict[str, int]
) -> None:
    """Fill the roles that the kind requires, and those of which a filter wants a number."""
    for role, least in {**{name: 1 for name, one in kind.roles.items() if one.required}, **numbers}.items():
        have = stands.get(role, ())
        if len(have) >= least:
            continue
        types = kind.roles[role].types if role in kind.roles else ()
        several = [one for one in _around(stage, writer) if (not types or one.type in types) and one.code not in have]
        few = pen.rng.sample(several, min(least - len(have), len(several)))
        stands[role] = (*have, *(one.code for one in few))


def _around(stage: Stage, writer: Unit) -> list[Unit]:
    """Return whom an organisation deals with: departments of its government, schools near it, then those above."""
    place = stage.places[writer.code]
    if writer.type == "school":
        return [writer, *stage.above(writer)]
    others = [one for one in place.departments.values() if one.code != writer.code]
    near = place.schools[:40] or [school for county in stage.city.counties for school in county.schools[:6]]
    return [*others, place.government, *near]
