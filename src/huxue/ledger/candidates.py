"""What a picker offers: organisations, posts, persons and entries by name, pinyin initials or code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from json import loads
from typing import Any, Final, NamedTuple

from huxue.access.viewer import Viewer
from huxue.core.facts import post_type
from huxue.core.kinds import Kind
from huxue.core.kinds.naming import title_of
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language
from huxue.ledger.initials import initials
from huxue.organisations.models import OPEN
from huxue.organisations.tables import select

MOST: Final = 20  # offered at once
READ: Final = 5_000  # looked through
LISTED: Final = 60  # entries of an organisation that a list of choices still holds
_TABLE: Final = "organisations_organisation"


class Candidate(NamedTuple):
    """Something to pick: its code, its name, and what tells it from others of the name."""

    code: str
    name: str
    note: str = ""

    @property
    def label(self) -> str:
        """Return what stands in the control once it is picked."""
        return f"{self.name} ({self.code})" if self.name != self.code else self.code


def _fits(asked: str, *texts: str) -> bool:
    low = asked.casefold()
    return not low or any(low in text.casefold() or (low.isascii() and low in initials(text)) for text in texts)


def organisations(
    viewer: Viewer, asked: str, *, types: Sequence[str] = (), only_within: bool = False
) -> list[Candidate]:
    """Return organisations within reach; unless ``only_within``, also those above and those beside the own ones."""
    where, parameters = _around(viewer, only_within=only_within)
    if types:
        where += f" AND o.type IN ({', '.join(['%s'] * len(types))})"
        parameters = [*parameters, *types]
    sql = (
        f"SELECT o.code, o.name, p.name FROM {_TABLE} o LEFT JOIN {_TABLE} p ON p.code = o.parent "
        f"WHERE {where} AND o.closed = {OPEN} ORDER BY o.path LIMIT {READ}"
    )
    rows = select(sql, *parameters)
    found = (Candidate(code, name, above or "") for code, name, above in rows if _fits(asked, name, code))
    return _some(found)


def _some(found: Iterable[Candidate]) -> list[Candidate]:
    return [one for one, _ in zip(found, range(MOST), strict=False)]


def _around(viewer: Viewer, *, only_within: bool) -> tuple[str, list[Any]]:
    within, parameters = viewer.scope.where_path("o.path")
    if not within:
        return "1 = 1", []
    if only_within or viewer.post is None:
        return within, parameters
    above = viewer.post.path.split("/")[:-1]
    marks = ", ".join(["%s"] * len(above))
    return f"({within} OR o.code IN ({marks}) OR o.parent IN ({marks}))", [*parameters, *above, *above]


def may_name(viewer: Viewer, codes: Iterable[str], *, only_within: bool) -> set[str]:
    """Return those of some organisations that the viewer may name in a form, in one query."""
    wanted = sorted(set(codes))
    if not wanted:
        return set()
    where, parameters = _around(viewer, only_within=only_within)
    marks = ", ".join(["%s"] * len(wanted))
    rows = select(f"SELECT o.code FROM {_TABLE} o WHERE o.code IN ({marks}) AND {where}", *wanted, *parameters)
    return {code for (code,) in rows}


def by_name(viewer: Viewer, names: Iterable[str], *, only_within: bool) -> dict[str, str]:
    """Return name → code of organisations that somebody typed by their full names; names borne twice are left out."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    where, parameters = _around(viewer, only_within=only_within)
    marks = ", ".join(["%s"] * len(wanted))
    rows = select(f"SELECT o.name, o.code FROM {_TABLE} o WHERE o.name IN ({marks}) AND {where}", *wanted, *parameters)
    said = [name for name, _ in rows]
    return {name: code for name, code in rows if said.count(name) == 1}


def post_title(rulebook: Rulebook, post: str, lang: Language) -> str:
    """Return the title of a post's type, its code where the rulebook does not know it."""
    kind = post_type(post)
    return rulebook.posts[kind].say(lang) if kind in rulebook.posts else (kind or post)


def posts(viewer: Viewer, asked: str, rulebook: Rulebook, lang: Language, *, now: int) -> list[Candidate]:
    """Return posts within reach, those of the own organisation first."""
    own = viewer.post.organisation if viewer.post else ""
    where, parameters = _around(viewer, only_within=True)
    sql = (
        f"SELECT p.code, o.name FROM organisations_post p JOIN {_TABLE} o ON o.code = p.organisation "
        f"WHERE {where} AND p.known_to = {OPEN} AND p.valid_from <= %s AND p.valid_to > %s "
        f"ORDER BY CASE WHEN o.code = %s THEN 0 ELSE 1 END, o.path, p.code LIMIT {READ}"
    )
    rows = select(sql, *parameters, now, now, own)
    named = (Candidate(code, f"{name} · {post_title(rulebook, code, lang)}") for code, name in rows)
    return _some(one for one in named if _fits(asked, one.name, one.code))


def persons(
    viewer: Viewer, asked: str, rulebook: Rulebook, lang: Language, *, now: int, near: str = ""
) -> list[Candidate]:
    """Return persons with an account who hold a post within reach, first those of ``near``, else of the own one."""
    own = near or (viewer.post.organisation if viewer.post else "")
    where, parameters = _around(viewer, only_within=True)
    sql = (
        "SELECT u.person, u.name, h.post, o.name FROM access_user u "
        f"JOIN organisations_holding h ON h.person = u.person AND h.known_to = {OPEN} "
        "AND h.valid_from <= %s AND h.valid_to > %s "
        f"JOIN organisations_post p ON p.code = h.post AND p.known_to = {OPEN} AND p.valid_to > %s "
        f"JOIN {_TABLE} o ON o.code = p.organisation WHERE {where} "
        f"ORDER BY CASE WHEN o.code = %s THEN 0 ELSE 1 END, o.path, h.post LIMIT {READ}"
    )
    rows = select(sql, now, now, now, *parameters, own)
    named = (
        Candidate(person, name, f"{place} · {post_title(rulebook, post, lang)}") for person, name, post, place in rows
    )
    return _some(one for one in named if _fits(asked, one.name, one.code))


def entries(
    viewer: Viewer, asked: str, kind: Kind, rulebook: Rulebook, lang: Language, *, own: str = ""
) -> list[Candidate]:
    """Return entries of a register that stand now: of the organisation ``own``, or of all within reach."""
    found = _entries(viewer, kind, rulebook, lang, own)
    return _some(one for one in found if _fits(asked, one.name))


def listed(viewer: Viewer, kind: Kind, rulebook: Rulebook, lang: Language, *, own: str) -> list[Candidate]:
    """Return the entries of an organisation for a list of choices; none where they are too many for one."""
    found = [one for one, _ in zip(_entries(viewer, kind, rulebook, lang, own), range(LISTED + 1), strict=False)]
    return found if len(found) <= LISTED else []


def _entries(viewer: Viewer, kind: Kind, rulebook: Rulebook, lang: Language, own: str) -> Iterator[Candidate]:
    within, parameters = ("organisation = %s", [own]) if own else viewer.scope.where("organisation")
    narrowed = f" AND {within}" if within else ""
    where = f"kind = %s AND open{narrowed}"
    sql = f"SELECT item, organisation, fields FROM ledger_entry WHERE {where} ORDER BY item LIMIT {READ}"
    rows = select(sql, kind.code, *parameters)
    for item, organisation, fields in rows:
        yield Candidate(item, title_of(kind, loads(fields), rulebook.lists, lang), organisation)
