"""Registers: the entries that keep, cover, ratio and never look at, opened before the year begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huxue.core.duties.shapes import Cover, Entry, Keep, Never, Part, Ratio
from huxue.core.kinds import Kind
from huxue.core.values import MINUTES_A_DAY, date_of
from huxue.demo.pen import Pen
from huxue.demo.tree import OPENED
from huxue.demo.untold.fields import filled, wanted_by
from huxue.demo.untold.records import post_of
from huxue.demo.untold.stage import Stage, has
from huxue.demo.world import Unit
from huxue.demo.year import FIRST, LAST, SET_UP

_MEMBERS = 2  # entries of a set that nobody has written down yet


def owners(stage: Stage, entry: Entry, bearer: Unit) -> Iterator[Unit]:
    """Yield who keeps the register that a duty looks at: the bearer, or those it supervises."""
    kind = stage.kind(entry.entry)
    if kind is None:
        return
    if entry.as_ == "by":
        if (not kind.written_by or bearer.type in kind.written_by) and may_own(kind, bearer):
            yield bearer
        return
    types = set(kind.written_by or ("school",))
    if "by" in kind.roles and kind.roles["by"].types:
        types &= set(kind.roles["by"].types)
    for unit in stage.territory(bearer):
        if unit.type in types and unit.code != bearer.code:
            yield unit


def may_own(kind: Kind, unit: Unit) -> bool:
    """Tell whether an organisation may stand in the role ``by`` of a kind."""
    return "by" not in kind.roles or not kind.roles["by"].types or unit.type in kind.roles["by"].types


def open_entry(
    pen: Pen, stage: Stage, kind: Kind, owner: Unit, fields: dict[str, Any], *,
    roles: dict[str, tuple[str, ...]] | None = None,
) -> str:  # fmt: skip
    """Open an entry that has stood since before the year; return its item."""
    said = filled(pen, stage, kind, owner, FIRST - 20, fields)
    recorded = SET_UP * MINUTES_A_DAY + 600 + pen.rng.randrange(5 * MINUTES_A_DAY)
    stands = {"by": (owner.code,), **(roles or {})}
    for name, role in kind.roles.items():
        if role.required and name not in stands:
            stands[name] = (
                owner.code if not role.types or owner.type in role.types else _other(stage, owner, role.types),
            )
    item = pen.write(
        kind.code, "open", owner, post_of(owner, FIRST), OPENED, said, recorded=recorded, roles=stands
    ).item
    stage.entries.setdefault((owner.code, kind.code), []).append(item)
    return item


def _other(stage: Stage, owner: Unit, types: tuple[str, ...]) -> str:
    place = stage.places[owner.code]
    near = [*place.units(), *stage.above(owner)]
    return next((one.code for one in near if one.type in types), owner.code)


def keep(pen: Pen, stage: Stage, shape: Keep, bearer: Unit) -> None:
    """Let every owner keep one or two entries that are valid and hold what they must, or not, by its habit."""
    kind = stage.kind(shape.every.entry)
    if kind is None:
        return
    for owner in owners(stage, shape.every, bearer):
        _needed(pen, stage, kind, owner, 1 + pen.rng.randrange(2))


def _needed(pen: Pen, stage: Stage, kind: Kind, owner: Unit, count: int) -> None:
    """Open as many entries as are missing, each meeting what the duties together ask of its kind."""
    have = len(stage.entries.get((owner.code, kind.code), ()))
    for _ in range(count - have):
        open_entry(pen, stage, kind, owner, _good(pen, stage, kind, owner))


def _good(pen: Pen, stage: Stage, kind: Kind, owner: Unit) -> dict[str, Any]:
    """Return fields with which an entry keeps every duty over its kind, one of them broken where the habit is poor."""
    found: dict[str, Any] = {}
    fragile: list[tuple[str, Any]] = []
    for duty in stage.rulebook.duties.values():
        shape = duty.shape
        if not isinstance(shape, Keep) or shape.every.entry != kind.code:
            continue
        found |= wanted_by(shape.every.where, kind, stage, owner).fields
        if shape.valid:
            found[shape.valid] = date_of(LAST + 20 + pen.rng.randrange(400)).isoformat()
            fragile.append((shape.valid, date_of(FIRST + 60 + pen.rng.randrange(220)).isoformat()))
        if shape.holds is not None:
            held = wanted_by(shape.holds, kind, stage, owner).fields
            found |= held
            fragile += [(name, not value) for name, value in held.items() if isinstance(value, bool)]
    if fragile and pen.chance(0.15 * (1 - owner.habit.does)):
        found |= dict([fragile[pen.rng.randrange(len(fragile))]])
    return found


def cover(pen: Pen, stage: Stage, shape: Cover, bearer: Unit, members: list[str]) -> None:
    """Open one entry of the bearer for each member of its set, some left out."""
    kind = stage.kind(shape.entry.entry) if shape.entry else None
    if kind is None or shape.entry is None or (kind.written_by and bearer.type not in kind.written_by):
        return
    base = wanted_by(shape.entry.where, kind, stage, bearer).fields
    for member in members:
        if not pen.chance(bearer.habit.does + (1 - bearer.habit.does) * 0.85):
            continue
        if shape.named_by in kind.fields:
            open_entry(pen, stage, kind, bearer, _good(pen, stage, kind, bearer) | base | {shape.named_by: member})
        elif shape.named_by in kind.roles or shape.named_by == "about":
            open_entry(pen, stage, kind, bearer, base, roles={shape.named_by: (member,)})


def have(pen: Pen, stage: Stage, shape: Ratio, bearer: Unit, need: int) -> None:
    """Open entries that reach what a ratio needs, or fall short of it by one, by habit."""
    if shape.at_most is not None and shape.at_least is None and not pen.chance(0.2 * (1 - bearer.habit.does)):
        return  # what there must not be too much of
    if not pen.chance(bearer.habit.does + (1 - bearer.habit.does) * 0.6):
        need -= 1
    for part in shape.have:
        kind = stage.kind(part.entry.entry) if part.entry else None
        if kind is None or part.entry is None or part.entry.as_ != "by" or need <= 0:
            continue
        base = wanted_by(part.entry.where, kind, stage, bearer).fields
        if not any(True for _ in owners(stage, part.entry, bearer)):
            continue
        if part.sum:
            open_entry(pen, stage, kind, bearer, base | {part.sum: need})
        else:
            for _ in range(min(need, 40)):
                open_entry(pen, stage, kind, bearer, base)
        return


def never(pen: Pen, stage: Stage, shape: Never, bearer: Unit) -> None:
    """Let a few have what must not stand, and most of those end it in the course of the year."""
    kind = stage.kind(shape.entry.entry) if shape.entry else None
    if kind is None or shape.entry is None:
        return
    for owner in owners(stage, shape.entry, bearer):
        if not pen.chance(0.05 * (1 - owner.habit.does)):
            continue
        item = open_entry(pen, stage, kind, owner, wanted_by(shape.entry.where, kind, stage, owner).fields)
        if pen.chance(owner.habit.mends):
            ended = (FIRST + 20 + pen.rng.randrange(270)) * MINUTES_A_DAY + 600
            pen.write(
                kind.code, "close", owner, post_of(owner, ended // MINUTES_A_DAY), ended, recorded=ended + 60, item=item
            )


def need_of(parts: tuple[Part, ...], unit: Unit) -> int | None:
    """Return what constants, traits and tables of steps ask of an organisation; None where nothing says."""
    found: list[int] = []
    for part in parts:
        value = unit.traits.get(part.trait)
        if part.constant is not None:
            found.append(part.constant)
        elif part.trait and isinstance(value, int):
            rows = [s for s in part.table if s.from_ <= value <= s.to]
            found.append(_step(rows[0], value) if rows else 0 if part.table else value)
    return sum(found) if found else None


def _step(row: Any, value: int) -> int:
    return int(row.base + (row.add * ((value - row.beyond) // row.for_every) if row.for_every else 0))


def members_of(pen: Pen, stage: Stage, shape: Cover, bearer: Unit) -> list[str]:
    """Return the set a cover looks at, as codes: organisations, posts, entries or values of a list."""
    m = shape.members
    if m.codes:
        return list(m.codes)
    if m.children or m.supervised:
        types = m.children or m.type
        below = (one for one in stage.territory(bearer) if one.code != bearer.code)
        return [one.code for one in below if one.type in types and has(m.where, one)]
    if m.posts or m.holdings:
        wanted = m.posts or m.holdings
        return [
            f"{bearer.code}/{post}"
            for post, held in bearer.holders.items()
            if held and ("*" in wanted or post in wanted)
        ]
    if m.entries:
        kind = stage.kind(m.entries)
        if kind is not None and kind.shape == "register" and may_own(kind, bearer):
            _needed(pen, stage, kind, bearer, _MEMBERS)
        return list(stage.entries.get((bearer.code, m.entries), ()))
    return []
