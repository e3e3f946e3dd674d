"""Rows in and out of tables in bulk, without objects: SQLite by many rows a statement, PostgreSQL by COPY."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import chain
from typing import Any

from django.db import connection, models

FEW = 8  # rows up to which COPY does not pay
CHUNK = 5_000  # values in one IN list
VALUES = 999  # of one statement on SQLite; every build takes as many

Row = tuple[Any, ...]


@contextmanager
def roomy() -> Iterator[None]:
    """Let SQLite keep 64 MB of pages while much is written: with few, large loads slow down as the file grows."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        ((before,),) = cursor.execute("PRAGMA cache_size").fetchall()
        cursor.execute("PRAGMA cache_size=-65536")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size={int(before)}")


@cache
def columns(model: type[models.Model]) -> tuple[str, ...]:
    """Return the columns of a table in the order of their declaration, without a key that the database makes."""
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and f.name == "id")]
    return tuple(str(f.column) for f in fields if f.column)


def insert(model: type[models.Model], rows: Sequence[Row]) -> None:
    """Add rows, each with the values of ``columns(model)``."""
    if not rows:
        return
    table, names = model._meta.db_table, ", ".join(columns(model))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns(model)))
        if connection.vendor == "postgresql":  # a statement for each would wait for an answer each
            every = ", ".join([f"({marks})"] * len(rows))
            cursor.execute(f"INSERT INTO {table} ({names}) VALUES {every}", list(chain.from_iterable(rows)))
        elif rest := _insert_many(f"INSERT INTO {table} ({names})", rows):
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rest)


def _insert_many(head: str, rows: Sequence[Row]) -> Sequence[Row]:
    """Add rows to SQLite as many at a time as one statement takes, which saves a third; return those that are left."""
    count = VALUES // len(rows[0])
    whole = len(rows) // count * count
    if whole:
        one = f"({', '.join('?' * len(rows[0]))})"
        statement = f"{head} VALUES {', '.join([one] * count)}"
        with connection.wrap_database_errors:
            for start in range(0, whole, count):
                values = list(chain.from_iterable(rows[start : start + count]))
                connection.connection.execute(statement, values)
    return rows[whole:]


def select(sql: str, *parameters: Any) -> list[Row]:
    """Return the rows of one query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[Row] = cursor.fetchall()
        return rows


def select_in(sql: str, values: Iterable[Any]) -> Iterator[Row]:
    """Yield the rows of a query that holds ``IN (…)`` written as ``{}``, over any number of values."""
    for chunk in chunks(values):
        with connection.cursor() as cursor:
            cursor.execute(sql.format(", ".join(["%s"] * len(chunk))), chunk)
            rows = cursor.fetchall()
        yield from rows


def delete_in(model: type[models.Model], column: str, values: Iterable[Any]) -> None:
    """Delete the rows whose column has one of these values."""
    for chunk in chunks(values):
        marks = ", ".join(["%s"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} IN ({marks})", chunk)


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Yield the values in lists of at most ``CHUNK``."""
    everything = list(values)
    for start in range(0, len(everything), CHUNK):
        yield everything[start : start + CHUNK]
