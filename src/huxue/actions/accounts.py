"""Verbs on accounts; every one of them stands in the security log.

The system administrator opens and closes accounts and gives passwords; the security administrator resets factors, ends
sessions and lifts pauses.

``by`` is the account that acts, ``None`` for the command line of the machine itself.
"""

from __future__ import annotations

from typing import get_args

from django.db import transaction

from huxue.access.accounts import make_account, one_time_password, set_password
from huxue.access.adapter import release
from huxue.access.factors import remove_factors
from huxue.access.models import Session, User
from huxue.access.permissions import Permission
from huxue.access.roles import roles
from huxue.access.security import note
from huxue.access.sessions import end_sessions, name_of
from huxue.core.values import Language, Refused
from huxue.organisations.models import OPEN, Holding


@transaction.atomic
def open_account(
    *, by: User | None, username: str, name: str, person: str = "", administers: str = "", password: str = "",
    address: str = "",
) -> tuple[User, str]:  # fmt: skip
    """Open an account; return it with the password to be handed over, which must be changed at the first sign-in.

    Refuses as ``access.accounts.make_account`` does, and ``no_such_person`` for a person who has never held a post.
    """
    _check(by, "users")
    if person and not Holding.objects.filter(person=person, known_to=OPEN).exists():
        raise Refused("no_such_person", f"没有任职过的人员“{person}”。", f"Nobody called {person!r} ever held a post.")
    given = password or one_time_password()
    user = make_account(
        username=username, password=given, name=name, person=person, administers=administers, must_change=True
    )
    note("account-opened", username=user.username, by=_name(by), address=address, detail=administers or person)
    return user, given


@transaction.atomic
def close_account(*, by: User | None, username: str, address: str = "") -> User:
    """Close an account and end its sessions; nothing that was done with it changes. Refuses ``own_account``."""
    _check(by, "users")
    user = account(username)
    if by is not None and by.pk == user.pk:
        raise Refused("own_account", "不能停用自己的账号。", "Nobody closes their own account.")
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions(user)
    note("account-closed", username=user.username, by=_name(by), address=address)
    return user


@transaction.atomic
def reopen_account(*, by: User | None, username: str, address: str = "") -> User:
    """Open a closed account again."""
    _check(by, "users")
    user = account(username)
    user.is_active = True
    user.save(update_fields=["is_active"])
    note("account-reopened", username=user.username, by=_name(by), address=address)
    return user


@transaction.atomic
def give_password(*, by: User | None, username: str, password: str = "", address: str = "") -> str:
    """Give an account a new password and return it; it must be changed at the next sign-in. All its sessions end."""
    _check(by, "users")
    user = account(username)
    given = password or one_time_password()
    set_password(user, given, must_change=True)
    end_sessions(user)
    note("password-given", username=user.username, by=_name(by), address=address)
    return given


def end_all_sessions(*, by: User | None, username: str, address: str = "") -> int:
    """End the sessions of an account and return how many there were."""
    _check(by, "locks")
    user = account(username)
    ended = end_sessions(user)
    note("session-ended", username=user.username, by=_name(by), address=address)
    return ended


@transaction.atomic
def reset_factors(*, by: User | None, username: str, address: str = "") -> int:
    """Remove passkeys, app and recovery codes of somebody who lost them; return how many there were.

    The password stays: whoever finds the device still needs it. All sessions end.
    """
    _check(by, "locks")
    user = account(username)
    removed = remove_factors(user)
    end_sessions(user)
    note("factors-reset", username=user.username, by=_name(by), address=address)
    return removed


def lift_pause(*, by: User | None, username: str, address: str = "") -> None:
    """Let somebody who failed too often try again at once."""
    _check(by, "locks")
    release(username)
    note("lock-released", username=username, by=_name(by), address=address)


def set_preferences(*, user: User, language: str, large_type: bool) -> None:
    """Keep how somebody wants to read. Refuses ``unknown_language``."""
    if language not in get_args(Language):
        raise Refused("unknown_language", "没有这种语言。", "There is no such language.")
    user.language, user.large_type = language, large_type
    user.save(update_fields=["language", "large_type"])


def end_own_sessions(*, user: User, session: str, but: str, address: str = "") -> int:
    """End one session of somebody's own (by ``access.sessions.name_of``), or with ``""`` all but the key ``but``."""
    if session:
        keys = Session.objects.filter(user=user.pk).values_list("session_key", flat=True)
        ended = sum(end_sessions(user, only=key) for key in keys if name_of(key) == session)
    else:
        ended = end_sessions(user, but=but)
    if ended:
        note("session-ended", username=user.username, address=address)
    return ended


def account(username: str) -> User:
    """Return an account. Refuses ``unknown_account``."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused("unknown_account", f"没有账号“{username}”。", f"There is no account {username!r}.")
    return found


def _check(by: User | None, permission: Permission) -> None:
    """Refuse (``not_allowed``) an account whose administration does not carry a permission."""
    if by is not None and permission not in roles()[by.administers or "public"].permissions:
        raise Refused("not_allowed", "您没有这项权限。", "This is not for you to do.")


def _name(by: User | None) -> str:
    return by.username if by else ""
