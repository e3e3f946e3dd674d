"""Forms that somebody began and did not send: kept for that person, offered again, gone once sent.

Values of personal fields are never in a draft, and no draft lives longer than 30 days.
"""

from __future__ import annotations

from collections.abc import Collection
from json import dumps, loads
from typing import Final, NamedTuple

from django.db import connection

from huxue.core.values import MINUTES_A_DAY
from huxue.organisations.tables import select
from huxue.web.fields.typed import Typed

DAYS: Final = 30
LONGEST: Final = 100_000  # characters of one draft


class Kept(NamedTuple):
    """A draft: what stood in the form, and the minute it was kept."""

    typed: Typed
    updated: int


def keep(user: int, form: str, typed: Typed, *, personal: Collection[str], now: int) -> bool:
    """Keep a draft in the place of the earlier one; whether it was small enough."""
    values = dumps({name: said for name, said in typed.items() if name not in personal}, ensure_ascii=False)
    if len(values) > LONGEST:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO web_draft (user_id, form, "values", updated) VALUES (%s, %s, %s, %s) '
            'ON CONFLICT (user_id, form) DO UPDATE SET "values" = excluded."values", updated = excluded.updated',
            [user, form, values, now],
        )
    return True


def kept(user: int, form: str, *, now: int) -> Kept | None:
    """Return the draft of a form, ``None`` where there is none."""
    rows = select('SELECT "values", updated FROM web_draft WHERE user_id = %s AND form = %s', user, form)
    return Kept(loads(rows[0][0]), rows[0][1]) if rows and rows[0][1] > now - DAYS * MINUTES_A_DAY else None


def drop(user: int, form: str) -> None:
    """Throw a draft away."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_draft WHERE user_id = %s AND form = %s", [user, form])


def forget_old(*, now: int) -> int:
    """Throw away what is older than 30 days; return how many. Called by the nightly run."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM web_draft WHERE updated <= %s", [now - DAYS * MINUTES_A_DAY])
        return int(cursor.rowcount)
