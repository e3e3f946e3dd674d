"""Lists of accounts, of people without one, and of the security log: paged by key, a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from django.db.models import Q

from huxue.access.models import SecurityEvent, User
from huxue.organisations.models import OPEN
from huxue.organisations.tables import select

SIZE: Final = 50
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Post:
    """A post that somebody holds, with the name of its organisation."""

    post: str
    type: str
    organisation: str
    organisation_name: str
    person: str


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page of rows; ``next`` is the key after which the next one begins, ``""`` on the last."""

    rows: Sequence[Row]
    next: str


def accounts(*, text: str, after: str, now: int) -> Page[tuple[User, list[Post]]]:
    """Return accounts by user name, each with the posts held now; ``text`` is looked for in user names and names."""
    found = User.objects.filter(username__gt=after).order_by("username")
    if text:
        found = found.filter(Q(username__icontains=text) | Q(name__icontains=text))
    rows = list(found[: SIZE + 1])
    shown = rows[:SIZE]
    held: dict[str, list[Post]] = {}
    for post in posts_of([one.person for one in shown if one.person], now=now):
        held.setdefault(post.person, []).append(post)
    return Page([(one, held.get(one.person, [])) for one in shown], shown[-1].username if len(rows) > SIZE else "")


def posts_of(persons: Sequence[str], *, now: int) -> list[Post]:
    """Return the posts that these persons hold now."""
    if not persons:
        return []
    marks = ", ".join(["%s"] * len(persons))
    rows = select(f"{_HELD} AND h.person IN ({marks}) ORDER BY h.post", now, now, *persons)
    return [Post(*row) for row in rows]


def without_account(*, text: str, now: int) -> list[Post]:
    """Return posts whose holders have no account yet and whose organisation's name or code begins with a text."""
    sql = (
        f"{_HELD} AND (o.name LIKE %s ESCAPE '!' OR h.post LIKE %s ESCAPE '!') "
        "AND NOT EXISTS (SELECT 1 FROM access_user u WHERE u.person = h.person) ORDER BY h.post LIMIT %s"
    )
    plain = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return [Post(*row) for row in select(sql, now, now, f"%{plain}%", f"{plain}%", SIZE)] if text else []


_HELD: Final = f"""
SELECT h.post, p.type, o.code, o.name, h.person FROM organisations_holding h
JOIN organisations_post p ON p.code = h.post AND p.known_to = {OPEN} AND p.valid_to = {OPEN}
JOIN organisations_organisation o ON o.code = p.organisation
WHERE h.known_to = {OPEN} AND h.valid_from <= %s AND h.valid_to > %s"""


def events(*, username: str, event: str, before: int) -> Page[SecurityEvent]:
    """Return lines of the security log, newest first; ``before``: only ids below it, 0 for all."""
    found = SecurityEvent.objects.order_by("-id")
    if username:
        found = found.filter(username=username)
    if event:
        found = found.filter(event=event)
    if before:
        found = found.filter(id__lt=before)
    rows = list(found[: SIZE + 1])
    return Page(rows[:SIZE], str(rows[SIZE - 1].pk) if len(rows) > SIZE else "")
