"""Random facts, random seals, one random change behind the ledger's back: it is always found."""

from __future__ import annotations

import random
import string

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from tests.ledger.seals import CHANGES, found, inserted, sealed, seq_of, tamper
from tests.sites import Site, SqliteSites


def at_random(chance: random.Random, ids: list[str]) -> None:
    """Change one thing anywhere in what is sealed."""
    one, other = chance.sample(ids, 2)
    name = chance.choice([name for name, _ in CHANGES if name not in {"origin", "replaces", "organisation"}])
    text = "".join(chance.choices(string.ascii_letters, k=8))
    value: object = chance.randint(1, 999) if name in {"at_min", "recorded_min", "deadline", "import_number"} else text
    if name == "makeup":
        value = True
    a, b = seq_of(one), seq_of(other)
    deeds = [
        lambda: tamper(f"UPDATE ledger_fact SET {name} = %s WHERE id = %s", value, one),
        lambda: tamper("DELETE FROM ledger_fact WHERE id = %s", one),
        lambda: (
            tamper("UPDATE ledger_fact SET seq = CASE seq WHEN %s THEN -1 ELSE seq END", a)
            and tamper("UPDATE ledger_fact SET seq = %s WHERE seq = %s", a, b)
            and tamper("UPDATE ledger_fact SET seq = %s WHERE seq = -1", b)
        ),
        lambda: inserted(-chance.randint(0, 10**9)),
        lambda: tamper("DELETE FROM ledger_sealedrun WHERE first = (SELECT max(first) FROM ledger_sealedrun)"),
        lambda: tamper("DELETE FROM ledger_seal WHERE number = 1"),
    ]
    chance.choice(deeds)()


@hypothesis(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.integers())
def test_one_tampering_is_always_found(
    sqlite_site: Site, sqlite_sites: SqliteSites, tmp_path_factory: pytest.TempPathFactory, counts: list[int], seed: int
) -> None:
    with sqlite_sites.fresh(tmp_path_factory.mktemp("one")):
        ids = sealed(*counts)
        assert found() == []
        at_random(random.Random(seed), ids)
        assert found() != []
