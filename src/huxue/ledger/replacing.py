"""Checks against the facts already here: what is replaced, and whether an item may go on as a draft says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.ledger.preparing import Prepared, Refusals
from huxue.organisations.dated import Line, in_order, live
from huxue.organisations.tables import select_in

LINE = "seq, id, kind, verb, step, item, at_min, recorded_min, organisation, roles, fields, replaces, deadline"

# SQLite uses its index of replacements only where the query repeats the index's own condition.
_TAKEN = "SELECT replaces FROM ledger_fact WHERE replaces IN ({}) AND NOT (replaces = '')"


class Replaced(NamedTuple):
    """A fact that a draft takes the place of."""

    kind: str
    verb: str
    item: str
    recorded: int
    organisation: str


def check_replaced(prepared: Sequence[Prepared], refusals: Refusals) -> dict[str, Replaced]:
    """Refuse what replaces an unknown or already replaced fact; return the replaced facts by id."""
    wanted = {one.draft.replaces: one for one in reversed(prepared) if one.draft.replaces}
    if not wanted:
        return {}
    sql = "SELECT id, kind, verb, item, recorded_min, organisation FROM ledger_fact WHERE id IN ({})"
    found = {row[0]: Replaced(*row[1:]) for row in select_in(sql, wanted)}
    found |= {one.line.id: _of(one.line) for one in prepared if one.line.id in wanted}
    taken = {fact for (fact,) in select_in(_TAKEN, wanted)}
    for one in prepared:
        if one.draft.replaces:
            try:
                _check_replacement(one, wanted, found, taken)
            except Refused as refused:
                refusals[one.index] = refused
    return found


def _of(line: Line) -> Replaced:
    return Replaced(line.kind, line.verb, line.item, line.recorded, line.organisation)


def _check_replacement(
    one: Prepared, wanted: Mapping[str, Prepared], found: Mapping[str, Replaced], taken: set[str]
) -> None:
    line, old = one.line, found.get(one.draft.replaces)
    if old is None:
        raise Refused("unknown_fact", f"没有编号为{line.replaces}的记录。", f"The ledger has no fact {line.replaces}.")
    if line.replaces in taken or wanted[line.replaces] is not one:
        raise Refused("already_replaced", f"{line.replaces}已被更正或撤回。", f"{line.replaces} was replaced already.")
    if (old.item, old.kind) != (line.item, line.kind):
        raise Refused("other_item", "更正或撤回须针对同一事项。", "A correction keeps the item and the kind.")
    if (old.verb != line.verb and "withdraw" not in (old.verb, line.verb)) or old.verb == line.verb == "withdraw":
        raise Refused("other_verb", "更正不得改变记录的性质。", f"A {old.verb} is not corrected by a {line.verb}.")
    if line.recorded < old.recorded:
        raise Refused(
            "recorded_too_early", "更正不得早于原记录。", "A correction is not recorded before what it corrects."
        )


def check_items(prepared: Sequence[Prepared], kinds: Mapping[str, Kind], refusals: Refusals) -> dict[str, list[Line]]:
    """Refuse what an item's earlier facts do not allow; return those facts by item (none for a fresh item)."""
    by_item: dict[str, list[Prepared]] = defaultdict(list)
    for one in prepared:
        if one.index in refusals:
            continue
        if one.line.verb == "record" and not one.line.replaces:
            if one.line.item != one.line.id:
                refusals[one.index] = Refused("other_item", "新记录自成一事项。", "A new record is its own item.")
        else:
            by_item[one.line.item].append(one)
    older = lines_of(by_item)
    for item, new in by_item.items():
        _check_item(new, older.get(item, []), kinds, refusals)
    return older


def lines_of(items: Iterable[str]) -> dict[str, list[Line]]:
    """Return the facts of items, each in order of arrival."""
    found: dict[str, list[Line]] = defaultdict(list)
    sql = f"SELECT {LINE} FROM ledger_fact WHERE item IN ({{}}) ORDER BY seq"
    for row in select_in(sql, items):
        found[row[5]].append(Line(*row))
    return found


def _check_item(new: Sequence[Prepared], old: Sequence[Line], kinds: Mapping[str, Kind], refusals: Refusals) -> None:
    together = live([*old, *(one.line for one in new)])
    kind = (old[0] if old else new[0].line).kind
    for one in new:
        if one.line.kind != kind:
            refusals[one.index] = Refused("other_item", "事项属于另一类型。", f"The item is a {kind}.")
            return
    written = [one for one in new if one.line.verb != "withdraw"]
    if not written:
        return
    if kinds[kind].shape == "register":
        refused = _disorder(in_order(together), fresh=not old)
    elif kinds[kind].shape == "case":
        refused = _unopened(in_order(together), kinds[kind])
    else:
        refused = None
    if refused:
        refusals[written[-1].index] = refused


def _disorder(lines: Sequence[Line], *, fresh: bool) -> Refused | None:
    verbs = [line.verb for line in lines]
    if verbs.count("open") > 1:
        return Refused("item_exists", "该条目已经建立。", "The entry was opened already.")
    if "open" not in verbs and fresh:
        return Refused("unknown_item", "没有这个条目。", "There is no such entry.")
    if verbs[:1] != ["open"]:
        return Refused("wrong_order", "变更或注销不得早于建立。", "An entry is not changed or closed before it opens.")
    if verbs.count("close") > 1 or "close" in verbs[:-1]:
        return Refused("wrong_order", "条目注销后不得再变更。", "An entry is not changed or closed after it closed.")
    return None


def _unopened(lines: Sequence[Line], kind: Kind) -> Refused | None:
    rule = kind.flow.get(lines[0].step) if lines else None
    if rule is not None and rule.from_:
        return Refused("unknown_item", "没有这个事项。", f"There is no such case to take the step {lines[0].step!r}.")
    return None
