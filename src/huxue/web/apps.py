"""The application's name for Django."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages' own few tables."""

    name = "huxue.web"
    label = "web"
