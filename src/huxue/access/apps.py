"""The Django application of accounts."""

from __future__ import annotations

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, their sessions and the security log."""

    name = "huxue.access"
