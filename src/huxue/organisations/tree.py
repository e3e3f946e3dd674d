"""Today's tree: the place of every organisation as a path, moved subtrees, and the refusal of cycles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from huxue.core.values import Refused
from huxue.organisations.models import OPEN
from huxue.organisations.tables import select_in

DEEPEST = 16  # levels; a path stays short enough for an index


def above(code: str, parents: Mapping[str, str]) -> list[str]:
    """Return the codes from the root down to ``code``. Refuses a cycle (``cyclic_tree``) and more than 16 levels."""
    chain, at = [code], parents[code]
    while at:
        if at in chain:
            names = " → ".join([*chain, at])
            raise Refused(
                "cyclic_tree", f"单位的上下级形成循环：{names}。", f"The organisations stand in a circle: {names}."
            )
        chain.append(at)
        at = parents[at]
    if len(chain) > DEEPEST:
        raise Refused("too_deep", f"单位层级超过{DEEPEST}级：{code}。", f"More than {DEEPEST} levels above {code}.")
    return chain[::-1]


def path_of(code: str, parents: Mapping[str, str]) -> str:
    """Return the path of an organisation: its codes from the root, each followed by a slash."""
    return "/".join(above(code, parents)) + "/"


def paths(parents: Mapping[str, str]) -> dict[str, str]:
    """Return the path of every organisation of a whole tree; refuses as ``above`` does."""
    found: dict[str, str] = {}
    for code in parents:
        _place(code, parents, found)
    return found


def _place(code: str, parents: Mapping[str, str], found: dict[str, str]) -> None:
    """Give ``code`` and those above it their paths."""
    waiting: list[str] = []
    at = code
    while at and at not in found:
        if len(waiting) >= DEEPEST:
            above(code, parents)  # says which: a circle, or too deep
        waiting.append(at)
        at = parents[at]
    path = found[at] if at else ""
    for one in reversed(waiting):
        path = found[one] = f"{path}{one}/"
    if path.count("/") > DEEPEST:
        above(code, parents)


def with_ancestors(parents: Mapping[str, str]) -> dict[str, str]:
    """Complete pointers (code → parent) by those of every organisation above, as the table has them.

    A parent that is nowhere is refused with ``unknown_organisation``.
    """
    known = dict(parents)
    missing = {parent for parent in known.values() if parent} - known.keys()
    while missing:
        sql = "SELECT code, parent FROM organisations_organisation WHERE code IN ({})"
        found: dict[str, str] = dict(select_in(sql, sorted(missing)))
        refuse_unknown(missing - found.keys())
        known |= found
        missing = {parent for parent in found.values() if parent} - known.keys()
    return known


def refuse_unknown(codes: Iterable[str]) -> None:
    """Refuse the first of codes that no organisation has."""
    for code in sorted(codes)[:1]:
        raise Refused("unknown_organisation", f"没有编码为“{code}”的单位。", f"No organisation has the code {code!r}.")


def below(path: str) -> tuple[str, str]:
    """Return the range of paths of a subtree, itself included: low (included) and high (excluded)."""
    return path, path[:-1] + "0"  # "0" follows "/" in the order of bytes


def refuse_past_circles(codes: Iterable[str]) -> None:
    """Refuse (``cyclic_tree``) organisations that on any day, as known now, stand above themselves."""
    edges = _edges_above(codes)
    for code in codes:
        _climb(code, (-OPEN, OPEN), (code,), edges)


Edges = dict[str, list[tuple[str, int, int]]]


def _edges_above(codes: Iterable[str]) -> Edges:
    """Return child → (parent, from, to) for the organisations and everything that ever stood above them."""
    sql = (
        "SELECT child, parent, valid_from, valid_to FROM organisations_edge "
        f"WHERE sort = 'territorial' AND known_to = {OPEN} AND child IN ({{}})"
    )
    found: Edges = {}
    missing = set(codes)
    while missing:
        found |= {code: [] for code in missing}
        for child, parent, lo, hi in select_in(sql, sorted(missing)):
            found[child].append((parent, lo, hi))
        missing = {parent for code in missing for parent, _, _ in found[code]} - found.keys()
    return found


def _climb(code: str, span: tuple[int, int], chain: tuple[str, ...], edges: Edges) -> None:
    for parent, lo, hi in edges[code]:
        both = max(lo, span[0]), min(hi, span[1])
        if both[0] >= both[1]:
            continue
        if parent in chain:
            names = " → ".join([*chain, parent])
            raise Refused(
                "cyclic_tree", f"单位的上下级形成循环：{names}。", f"The organisations stand in a circle: {names}."
            )
        _climb(parent, both, (*chain, parent), edges)
