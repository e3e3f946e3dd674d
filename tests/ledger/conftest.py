"""After every test of the ledger all of it is verified from its bytes and its projections are worked out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from huxue.ledger.rebuilding import rebuild
from huxue.ledger.verifying import verify_content
from tests.ledger.world import KINDS
from tests.sites import Site


@pytest.fixture
def ledger(site: Site) -> Iterator[Site]:
    """A fresh site whose ledger is checked when the test is over."""
    yield site
    assert verify_content() == []
    assert rebuild(KINDS) == []
