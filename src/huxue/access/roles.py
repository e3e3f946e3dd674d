"""Roles as data: ``roles.yaml``, read once and checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final, Literal

import yaml

from huxue.access.permissions import Permission
from huxue.core.values import Text, Value

Reach = Literal["none", "territory", "supervised"]
NEEDED: Final = (
    *("leader", "government-officer", "department-officer", "education-officer", "principal", "post-holder"),
    *("inspector", "auditor", "public", "system", "security", "audit"),
)
ADMINISTRATIONS: Final = ("system", "security", "audit")
_FILE: Final = Path(__file__).with_name("roles.yaml")


class HeldBy(Value):
    """Which posts: of these types, at organisations of these types, which supervise this topic."""

    organisations: tuple[str, ...] = ("*",)
    posts: tuple[str, ...] = ("*",)
    topic: str = ""

    def fits(self, post: str, organisation: str, topics: Collection[str]) -> bool:
        """Whether a post of this type at an organisation of this type is meant."""
        return (
            any(fnmatchcase(organisation, one) for one in self.organisations)
            and any(fnmatchcase(post, one) for one in self.posts)
            and (not self.topic or self.topic in topics)
        )


class Also(Value):
    """Permissions that some holders of a role have on top."""

    held_by: HeldBy
    permissions: tuple[Permission, ...]


class Role(Value):
    """A role: who has it, how far it sees, what it may do."""

    code: str
    title: Text
    held_by: tuple[HeldBy, ...] = ()
    administers: bool = False
    scope: Reach
    permissions: tuple[Permission, ...]
    also: tuple[Also, ...] = ()

    def allows(self, post: str, organisation: str, topics: Collection[str]) -> frozenset[Permission]:
        """Return what somebody in such a post may do."""
        more = (also.permissions for also in self.also if also.held_by.fits(post, organisation, topics))
        return frozenset(self.permissions).union(*more)


def read(text: str) -> tuple[Role, ...]:
    """Read and check roles. Raises ``ValueError`` that says what is wrong: the file is part of the product."""
    found = tuple(Role.model_validate(one) for one in yaml.safe_load(text))
    wrong = "; ".join(_problems(found))
    if wrong:
        raise ValueError(wrong)
    return found


def _problems(found: Sequence[Role]) -> list[str]:
    codes = [role.code for role in found]
    wrong = [f"there is no role {code!r}" for code in NEEDED if code not in codes]
    wrong += [f"the role {code!r} stands twice" for code in sorted(set(codes)) if codes.count(code) > 1]
    for role in found:
        if role.administers != (role.code in ADMINISTRATIONS):
            wrong.append(f"{role.code!r}: only {', '.join(ADMINISTRATIONS)} administer")
        if bool(role.held_by) != (role.scope != "none"):
            wrong.append(f"{role.code!r} sees nothing without a post, and something with one")
    return wrong


@cache
def roles() -> dict[str, Role]:
    """Return the roles by code, in the order in which they are tried."""
    return {role.code: role for role in read(_FILE.read_text("utf-8"))}


def role_of(post: str, organisation: str, topics: Collection[str]) -> Role:
    """Return the role in which a post of this type at such an organisation is acted in; none fits: the public's."""
    fitting = (role for role in roles().values() if any(held.fits(post, organisation, topics) for held in role.held_by))
    return next(fitting, roles()["public"])
