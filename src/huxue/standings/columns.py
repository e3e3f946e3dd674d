"""Columns of the frame: the SQL that reads fields and traits out of the JSON they are stored in."""

from __future__ import annotations

from collections.abc import Sequence

from huxue.core.duties.signals import HIDDEN, Column, ColumnClass


def post_type_sql(code: str) -> str:
    """Return the expression of the type of a post, given that of its code."""
    return f"split_part(split_part({code}, '/', 2), ':', 1)"


def fields_sql(columns: Sequence[Column]) -> tuple[str, str]:
    """Return (column list, source) that reads the fields of every fact with one pass over its JSON.

    Fields of different kinds share a column; which field it is depends on the kind of the row.
    """
    return listed_sql(columns), f"(SELECT *, {extracted_sql(columns)} AS x FROM live0)" if _read(columns) else "live0"


def listed_sql(columns: Sequence[Column]) -> str:
    """Return the column list over rows ``l`` whose fields were read into ``l.x`` by ``extracted_sql``."""
    listed = "".join(
        f", {_typed(kind, f'l.x[{i}]')} AS {kind}_{place}" for i, (kind, place) in enumerate(_read(columns), 1)
    )
    return listed + "".join(
        f", (SELECT count(*) FROM credit x WHERE x.f = l.f AND x.role = '{c.name}') AS {c.sql}"
        for c in columns
        if c.kind == "c"
    )


def extracted_sql(columns: Sequence[Column]) -> str:
    """Return the expression that reads all fields of a fact at once: a list of texts, one for each column."""
    names = {(code, c.kind, c.place): c.name for c in columns for code in c.kinds}
    cases = []
    for code in sorted({code for c in columns for code in c.kinds}):
        paths = ", ".join(f"'$.\"{names.get((code, *place), HIDDEN)}\"'" for place in _read(columns))
        cases.append(f"WHEN '{code}' THEN json_extract_string(fields, [{paths}])")
    return f"CASE kind {' '.join(cases)} END" if _read(columns) and cases else "CAST(NULL AS VARCHAR[])"


def _read(columns: Sequence[Column]) -> list[tuple[ColumnClass, int]]:
    return sorted({(c.kind, c.place) for c in columns if c.kind != "c"})


def traits_sql(columns: Sequence[Column]) -> tuple[str, str]:
    """Return (column list, source) that reads the traits of an organisation with one pass over its JSON."""
    if not columns:
        return "", "orgspan1"
    paths = ", ".join(f"'$.traits.\"{c.name}\"'" for c in columns)
    listed = "".join(f", {_typed(c.kind, f's.x[{i}]')} AS {c.sql}" for i, c in enumerate(columns, 1))
    return listed, f"(SELECT *, json_extract_string(fields, [{paths}]) AS x FROM orgspan1)"


def _typed(kind: ColumnClass, value: str) -> str:
    match kind:
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
