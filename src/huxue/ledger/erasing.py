"""Erases personal values.

The value, its salt and its searched text go; the salted hash in the fact stays, and means nothing without the salt.
The ledger still verifies and its projections still rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from huxue.organisations.tables import chunks, select


def erase_person(person: str) -> int:
    """Erase every personal value of facts that name this person in a personal field; return how many values."""
    return erase_facts(fact for (fact,) in select("SELECT fact FROM ledger_personaldatum WHERE subject = %s", person))


def erase_item(item: str) -> int:
    """Erase every personal value of all versions of an item; return how many values."""
    return erase_facts(fact for (fact,) in select("SELECT id FROM ledger_fact WHERE item = %s", item))


def erase_facts(facts: Iterable[str]) -> int:
    """Erase every personal value of these facts; return how many values."""
    count = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for ids in chunks(set(facts)):
            marks = ", ".join(["%s"] * len(ids))
            cursor.execute(
                "UPDATE ledger_personaldatum SET salt = '', value = '', subject = '', erased = %s "
                f"WHERE NOT erased AND fact IN ({marks})",
                [True, *ids],
            )
            count += cursor.rowcount
            cursor.execute(f"DELETE FROM ledger_searchtext WHERE personal AND fact IN ({marks})", ids)
    return count
