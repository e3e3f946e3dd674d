"""The Django application of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Tables of the facts and their projections."""

    name = "huxue.ledger"
