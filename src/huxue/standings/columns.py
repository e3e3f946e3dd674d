"""Columns of the frame: the SQL that reads fields and traits out of the JSON they are stored in."""

from __future__ import annotations

from collections.abc import Sequence

from huxue.core.duties.signals import Column


def post_type_sql(code: str) -> str:
    """Return the expression of the type of a post, given that of its code."""
    return f"split_part(split_part({code}, '/', 2), ':', 1)"


def extracted_sql(columns: Sequence[Column], table: str, root: str) -> tuple[str, str]:
    """Return (column list, source) that reads all fields of a row with one pass over its JSON."""
    read = [c for c in columns if c.kind != "c"]
    counts = "".join(
        f", (SELECT count(*) FROM credit x WHERE x.f = l.f AND x.role = '{c.name}') AS {c.sql}"
        for c in columns
        if c.kind == "c"
    )
    if not read:
        return counts, table
    paths = ", ".join(f"'{root}\"{c.name}\"'" for c in read)
    source = f"(SELECT *, json_extract_string(fields, [{paths}]) AS x FROM {table})"
    alias = "l" if table == "live0" else "s"
    listed = "".join(f", {_typed(c, f'{alias}.x[{i}]')} AS {c.sql}" for i, c in enumerate(read, 1))
    return listed + counts, source


def _typed(column: Column, value: str) -> str:
    match column.kind:
        case "n":
            return f"CASE {value} WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE TRY_CAST({value} AS BIGINT) END"
        case "d":
            return f"CAST(datediff('day', DATE '1970-01-01', TRY_CAST(left({value}, 10) AS DATE)) AS BIGINT)"
        case "m":
            day = f"datediff('day', DATE '1970-01-01', TRY_CAST(left({value}, 10) AS DATE)) * 1440"
            minute = f"TRY_CAST(substr({value}, 12, 2) AS BIGINT) * 60 + TRY_CAST(substr({value}, 15, 2) AS BIGINT)"
            return f"CAST({day} + coalesce({minute}, 1439) AS BIGINT)"
        case "p":
            return f"nullif({post_type_sql(value)}, '')"
        case _:
            return value


def measured_sql(traits: Sequence[str]) -> str:
    """Return the SELECT of the traits that duties measure by, one row each."""
    value = "json_extract_string(s.fields, '$.traits.\"{t}\"')"
    one = (
        f"SELECT o.o, '{{t}}' AS trait, s.lo, s.hi, TRY_CAST({value} AS BIGINT) AS value "
        f"FROM orgspan1 s JOIN org o ON o.code = s.code WHERE {value} IS NOT NULL"
    )
    return (
        " UNION ALL ".join(one.replace("{t}", t) for t in traits)
        or "SELECT o, '' AS trait, 0 AS lo, 0 AS hi, CAST(0 AS BIGINT) AS value FROM org WHERE 1 = 0"
    )
