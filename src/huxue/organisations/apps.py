"""The Django application of the organisations."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Tables of the tree, the posts and the holdings."""

    name = "huxue.organisations"
