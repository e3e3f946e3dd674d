"""Who looks: the account, the posts its person holds now, the one acted in, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from huxue.access.models import User
from huxue.access.permissions import Permission
from huxue.access.roles import Role, role_of, roles
from huxue.access.scope import NOTHING, Scope, scope_of
from huxue.organisations.models import OPEN
from huxue.organisations.tables import Row, select


@dataclass(frozen=True, slots=True)
class Held:
    """A post that is held now, and the organisation it belongs to; ``path`` is the organisation's."""

    post: str
    organisation: str
    type: str
    organisation_name: str
    organisation_type: str
    path: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks. ``post`` is the one acted in: ``None`` for administrators, the public and the postless."""

    user: User | None
    person: str
    name: str
    posts: tuple[Held, ...]
    post: Held | None
    role: Role
    scope: Scope
    permissions: frozenset[Permission]

    @property
    def signed_in(self) -> bool:
        """Whether there is an account at all."""
        return self.user is not None

    def may(self, permission: str) -> bool:
        """Whether the post acted in, or the administration, carries a permission."""
        return permission in self.permissions

    def sees(self, organisation_code: str) -> bool:
        """Whether an organisation is within reach; of one that does not exist the answer is no."""
        return self.scope.holds((organisation_code,))

    def sees_any(self, codes: Iterable[str]) -> bool:
        """Whether one of these organisations is within reach."""
        return self.scope.holds(tuple(codes))


def _without_post(user: User | None, role: str) -> Viewer:
    found = roles()[role]
    name, person = (user.name, user.person) if user else ("", "")
    return Viewer(user, person, name, (), None, found, NOTHING, frozenset(found.permissions))


PUBLIC: Final = _without_post(None, "public")

# One query, because every page asks it. ``held.organisation`` has the collation of the columns it is compared with.
_SQL: Final = f"""
WITH held AS (
  SELECT p.code AS post, p.type AS type, p.organisation AS organisation, o.name AS name, o.type AS sort, o.path AS path
  FROM organisations_holding h
  JOIN organisations_post p ON p.code = h.post AND p.known_to = {OPEN} AND p.valid_from <= %s AND p.valid_to > %s
  JOIN organisations_organisation o ON o.code = p.organisation
  WHERE h.person = %s AND h.known_to = {OPEN} AND h.valid_from <= %s AND h.valid_to > %s)
SELECT 'post', post, organisation, type, name, sort, path FROM held
UNION ALL
SELECT 'topic', '', held.organisation, e.topic, '', '', o.path
  FROM held JOIN organisations_edge e ON e.parent = held.organisation AND e.sort = 'supervisory'
    AND e.known_to = {OPEN} AND e.valid_from <= %s AND e.valid_to > %s
  JOIN organisations_organisation o ON o.code = e.child
UNION ALL
SELECT 'top', '', '', '', '', '', path FROM organisations_organisation WHERE parent = ''
UNION ALL
SELECT 'alone', '', '', '', '', '', path FROM held WHERE NOT EXISTS (
  SELECT 1 FROM organisations_organisation b WHERE b.parent = held.organisation)
"""


def viewer_of(user: User | None, *, post: str = "", now: int) -> Viewer:
    """Return the viewer of an account at a minute, acting in ``post`` if it is held then, else in the first post.

    One query; none for administrators. An account that was closed looks as the public does.
    """
    if user is None or not user.is_active:
        return PUBLIC
    if user.administers:
        return _without_post(user, user.administers)
    rows = select(_SQL, now, now, user.person, now, now, now, now) if user.person else []
    posts = _posts(rows)
    if not posts:
        return _without_post(user, "public")
    acting = next((held for held in posts if held.post == post), posts[0])
    return _acting(user, posts, acting, rows)


def _posts(rows: Iterable[Row]) -> tuple[Held, ...]:
    """Return the posts held, those of the highest organisation first."""
    found = {Held(post, code, sort, name, type_, path) for what, post, code, sort, name, type_, path in rows
             if what == "post"}  # fmt: skip
    return tuple(sorted(found, key=lambda held: (held.path.count("/"), held.path, held.post)))


def _acting(user: User, posts: tuple[Held, ...], acting: Held, rows: Collection[Row]) -> Viewer:
    supervised = [(row[3], row[6]) for row in rows if row[0] == "topic" and row[2] == acting.organisation]
    topics = {topic for topic, _ in supervised}
    role = role_of(acting.type, acting.organisation_type, topics)
    paths = [acting.path, *(path for _, path in supervised)] if role.scope == "supervised" else [acting.path]
    scope = NOTHING
    if role.scope != "none":
        tops = [row[6] for row in rows if row[0] == "top"]
        scope = scope_of(paths, tops=tops, alone={row[6] for row in rows if row[0] == "alone"})
    allowed = role.allows(acting.type, acting.organisation_type, topics)
    return Viewer(user, user.person, user.name, posts, acting, role, scope, allowed)
