"""Who answers: the posts of an organisation, the chain above it, the departments that supervise it, linked leaders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from json import loads
from typing import Final

from huxue.core.facts import post_type
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.organisations.models import OPEN
from huxue.organisations.tables import select
from huxue.standings.dossier.model import Linked, Place, PostLine, Rank

ANSWERS: Final = ("head", "secretary", "deputy")  # posts that answer for a territory or a department
LINKS: Final = "leader-link"
_STANDS: Final = f"{{0}}.known_to = {OPEN} AND {{0}}.valid_from <= %s AND {{0}}.valid_to > %s"
_WHOLE: Final = Text(zh="属地", en="territory")


def supervisors(codes: Sequence[str], now: int) -> list[tuple[str, str, str, str]]:
    """Return (department, its name, topic, whom) of those that supervise one of these organisations, nearest first."""
    sql = f"""
SELECT e.parent, o.name, e.topic, e.child FROM organisations_edge e
JOIN organisations_organisation o ON o.code = e.parent
WHERE e.sort = 'supervisory' AND e.child IN ({_marks(codes)}) AND {_STANDS.format("e")}"""
    found = select(sql, *codes, now, now)
    return sorted(found, key=lambda row: (row[2], -codes.index(row[3]), row[0]))


class People:
    """The posts of some organisations with their holders, read at once."""

    def __init__(self, rulebook: Rulebook, codes: Iterable[str], now: int) -> None:
        """Read the posts that stand at a minute, and who holds them."""
        self._rulebook, wanted = rulebook, sorted(set(codes))
        sql = f"""
SELECT p.organisation, p.code, h.valid_from, coalesce(nullif(u.name, ''), h.person) FROM organisations_post p
LEFT JOIN organisations_holding h ON h.post = p.code AND {_STANDS.format("h")}
LEFT JOIN access_user u ON u.person = h.person AND NOT (u.person = '')
WHERE p.organisation IN ({_marks(wanted)}) AND {_STANDS.format("p")} ORDER BY p.code, h.valid_from"""
        rows = select(sql, now, now, *wanted, now, now)
        self._of: dict[str, dict[str, list[tuple[int | None, str | None]]]] = defaultdict(lambda: defaultdict(list))
        for organisation, post, since, holder in rows:
            self._of[organisation][post].append((since, holder))

    def posts(self, organisation: str, only: Sequence[str] = ()) -> tuple[PostLine, ...]:
        """Return the posts of an organisation in the order of the rulebook, or ``only`` those of some types."""
        order = list(only) or list(self._rulebook.posts)
        found = [post for post in self._of.get(organisation, {}) if not only or post_type(post) in only]
        return tuple(self.line(post) for post in sorted(found, key=lambda post: (_place(order, post), post)))

    def line(self, post: str) -> PostLine:
        """Return a post with its holders."""
        held = [(since, name) for since, name in self._of[post.partition("/")[0]].get(post, ()) if name]
        title = self._rulebook.posts.get(post_type(post), Text(zh=post, en=post))
        return PostLine(post, title, tuple(name for _, name in held), held[-1][0] if held else None)


def ranks(people: People, rulebook: Rulebook, above: Sequence[Place], types: Mapping[str, str]) -> tuple[Rank, ...]:
    """Return the chain of responsibility of the territory, the nearest first."""
    return tuple(
        Rank(one, rulebook.organisation_types[types[one.code]].title if types[one.code] in rulebook.organisation_types
             else _WHOLE, people.posts(one.code, ANSWERS))
        for one in reversed(above)
    )  # fmt: skip


def departments(people: People, rulebook: Rulebook, found: Iterable[tuple[str, str, str, str]]) -> tuple[Rank, ...]:
    """Return the departments that supervise, with what they supervise."""
    return tuple(
        Rank(Place(code, name), rulebook.topics.get(topic, Text(zh=topic, en=topic)), people.posts(code, ANSWERS))
        for code, name, topic, _ in found
    )


def linked(people: People, rows: Iterable[tuple[str, str, str]], names: Mapping[str, str]) -> tuple[Linked, ...]:
    """Return the leaders that are linked to a school; ``rows`` as of :func:`links`, ``names`` of organisations."""
    found = []
    for item, name, fields in rows:
        said = loads(fields)
        post = str(said.get("leader") or "")
        line = people.line(post)
        own = post.partition("/")[0]
        place = Place(own, names.get(own, name))
        found.append(Linked(item, place, line.title, line.holders, str(said.get("staff") or "")))
    return tuple(sorted(found, key=lambda one: (len(one.organisation.code), one.organisation.code, one.item)))


def links(school: str) -> list[tuple[str, str, str]]:
    """Return (item, name of the leader's organisation, fields) of the entries that link a leader to a school."""
    sql = """
SELECT e.item, o.name, e.fields FROM ledger_facet f JOIN ledger_entry e ON e.item = f.item
LEFT JOIN organisations_organisation o ON o.code = e.organisation
WHERE f.kind = %s AND f.field = 'school' AND f.value = %s AND e.kind = f.kind AND e.open"""
    return [(item, name or "", fields) for item, name, fields in select(sql, LINKS, school)]


def _place(order: Sequence[str], post: str) -> int:
    sort = post_type(post)
    return order.index(sort) if sort in order else len(order)


def _marks(codes: Iterable[object]) -> str:
    return ", ".join("%s" for _ in codes) or "''"


__all__ = ["ANSWERS", "People", "departments", "linked", "links", "ranks", "supervisors"]
