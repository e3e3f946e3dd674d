"""Accounts, sessions and the security log. What somebody may do is in no table: it follows from the posts they hold."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q


class Accounts(BaseUserManager["User"]):
    """Finds accounts; they are made by ``access.accounts``."""


class User(AbstractBaseUser):
    """An account: of a person who holds posts, or of one administration. Nobody has both.

    When somebody last signed in is kept nowhere but in the security log: Django's column for it is taken out.
    """

    last_login = None  # Django takes a column out this way
    username = models.CharField(max_length=150, unique=True)
    name = models.TextField(default="")
    person = models.TextField(default="")  # as in ``Holding.person``; "": a pure administrator
    administers = models.TextField(default="")  # "" | "system" | "security" | "audit"
    is_active = models.BooleanField(default=True)
    must_change = models.BooleanField(default=False)  # the password was given by somebody else
    language = models.TextField(default="zh")
    large_type = models.BooleanField(default=False)

    objects = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        """A person has one account, and an administration is not joined to a person."""

        constraints = [
            models.UniqueConstraint(fields=["person"], condition=~Q(person=""), name="user_person"),
            models.CheckConstraint(condition=Q(person="") | Q(administers=""), name="user_one_hat"),
            models.CheckConstraint(
                condition=Q(administers__in=["", "system", "security", "audit"]), name="user_administers"
            ),
        ]

    def get_full_name(self) -> str:
        """Return the name, as Django asks for it."""
        return self.name


class Session(AbstractBaseSession):
    """A session, of somebody or of nobody yet. When something was last asked in it is not kept."""

    user = models.BigIntegerField(null=True)
    began = models.BigIntegerField()  # a minute of real time
    address = models.TextField(default="")
    device = models.TextField(default="")  # what the browser says of itself

    class Meta:
        """Ended by account."""

        indexes = [models.Index(fields=["user"], name="session_user")]

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Not needed: the store is named in the settings."""
        raise NotImplementedError


class Limit(models.Model):
    """The cache of what is limited, in the layout of Django's cache in a table: all worker processes share it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)


class SecurityEvent(models.Model):
    """One line of the security log: who did what to which account, from where. It is read, never counted or ranked."""

    at = models.BigIntegerField()  # a minute of real time, also on a demonstration that stands at its last day
    event = models.TextField()  # see ``access.security.EVENTS``
    username = models.TextField(default="")  # of the account it is about, as it was typed
    by = models.TextField(default="")  # of the account that did it, where it was another
    address = models.TextField(default="")
    detail = models.TextField(default="")

    class Meta:
        """Read newest first, as a whole or for one account."""

        indexes = [models.Index(fields=["username", "-id"], name="security_username")]
