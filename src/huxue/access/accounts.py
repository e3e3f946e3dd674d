"""Making accounts and giving passwords. Who may do so is checked by the verbs in ``actions.accounts``."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from huxue.access.models import User
from huxue.access.roles import ADMINISTRATIONS
from huxue.core.values import Refused

_NAME: Final = re.compile(r"[\w.@-]{2,64}")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read out or written down


def make_account(
    *, username: str, password: str, name: str, person: str = "", administers: str = "", must_change: bool = False,
    language: str = "zh",
) -> User:  # fmt: skip
    """Open an account, of a person or of one administration.

    Refuses ``username``, ``username_taken``, ``person_taken``, ``two_hats``, ``unknown_administration``, ``password``.
    """
    username = normal(username)
    _check_name(username)
    _check_hat(person, administers)
    user = User(username=username, name=name, person=person, administers=administers, language=language)
    user.must_change = must_change
    check_password(password, user)
    user.set_password(password)
    user.save(force_insert=True)
    return user


def normal(username: str) -> str:
    """Return a user name as it is stored and compared: one form of Unicode, small letters."""
    return unicodedata.normalize("NFKC", username.strip()).lower()


def _check_name(username: str) -> None:
    if not _NAME.fullmatch(username):
        zh = f"用户名“{username}”不合规：2 至 64 个字母、数字、汉字或 . @ - _，不含空格。"
        en = f"{username!r} cannot be a user name: 2 to 64 letters, digits or . @ - _, without spaces."
        raise Refused("username", zh, en)
    if User.objects.filter(username=username).exists():
        raise Refused("username_taken", f"用户名“{username}”已有人使用。", f"The user name {username!r} is taken.")


def _check_hat(person: str, administers: str) -> None:
    if administers and administers not in ADMINISTRATIONS:
        names = "、".join(ADMINISTRATIONS)
        raise Refused("unknown_administration", f"管理职责只能是 {names}。", f"An administration is one of {names}.")
    if administers and person:
        raise Refused(
            "two_hats",
            "管理员账号不能同时任职，请另开一个账号。",
            "An administrator holds no posts: open another account.",
        )
    if person and User.objects.filter(person=person).exists():
        raise Refused("person_taken", "此人已有账号。", "This person has an account already.")


def check_password(password: str, user: User | None = None) -> None:
    """Refuse (``password``) what is too easily guessed, by the validators of the settings."""
    try:
        validate_password(password, user)
    except ValidationError as problem:
        said = " ".join(problem.messages)
        raise Refused("password", f"密码不够安全：{said}", f"The password is too weak: {said}") from problem


def one_time_password() -> str:
    """Return a password to be handed over once and changed at the first sign-in: about 74 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def set_password(user: User, password: str, *, must_change: bool) -> None:
    """Give an account another password; its sessions end, because they are bound to the password. Refuses ``password``.

    A password that somebody else has given must be changed at the next sign-in.
    """
    check_password(password, user)
    user.set_password(password)
    user.must_change = must_change
    user.save(update_fields=["password", "must_change"])


def names_of(persons: Iterable[str]) -> dict[str, str]:
    """Return the names of those persons who have an account (one query)."""
    return dict(User.objects.filter(person__in=set(persons) - {""}).values_list("person", "name"))
