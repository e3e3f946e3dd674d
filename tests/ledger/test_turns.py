"""Writers of one SQLite file take turns, and whoever ends, however he ends, lets the next one."""

from __future__ import annotations

import fcntl
from pathlib import Path
from threading import Event

import pytest
from django.db import DatabaseError, connection, transaction

from huxue.core.values import Refused
from huxue.ledger.models import Fact
from tests.ledger.world import drill, take, tree
from tests.ledger.writers import together
from tests.sites import Site


def is_free(site: Site) -> bool:
    """Whether nobody has a turn."""
    with Path(site.folder, "huxue.sqlite3-turn").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def test_a_transaction_has_the_turn_until_it_ends(sqlite_site: Site) -> None:
    with transaction.atomic():
        tree()
        assert not is_free(sqlite_site)
        with transaction.atomic():
            take(drill())
        assert not is_free(sqlite_site)
    assert is_free(sqlite_site)


def test_a_refusal_gives_it_up(sqlite_site: Site) -> None:
    tree()
    with pytest.raises(Refused):
        take(drill("nowhere"))
    assert is_free(sqlite_site)


def test_a_broken_statement_and_a_lost_connection_give_it_up(sqlite_site: Site) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert is_free(sqlite_site)
    with transaction.atomic():
        connection.close()  # the block ends on a connection that is no more
    assert is_free(sqlite_site)


def test_eight_at_once_all_count(ledger: Site) -> None:
    tree()
    assert together(*[lambda: len([take(drill()) for _ in range(20)])] * 8) == [20] * 8
    assert Fact.objects.filter(kind="drill").count() == 160


def test_the_next_one_waits_for_the_one_before(sqlite_site: Site) -> None:
    tree()
    written, ended = Event(), Event()

    def first() -> bool:
        with transaction.atomic():
            take(drill("S1"))
            written.set()
            assert not ended.wait(0.2)
        return ended.wait(20)

    def second() -> int:
        written.wait(20)
        take(drill("S2"))
        ended.set()
        return Fact.objects.filter(kind="drill").count()

    assert together(first, second) == [True, 2]
