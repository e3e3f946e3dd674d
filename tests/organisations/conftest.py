"""The tree is a projection of the ledger: after every test the ledger is checked as a whole."""

from __future__ import annotations

from tests.ledger.conftest import ledger

__all__ = ["ledger"]
