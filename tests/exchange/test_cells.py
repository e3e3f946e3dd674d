"""Cells: what each type of column reads, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from huxue.core.kinds.wrong import Wrong
from huxue.core.recipes.columns import cell_reader, tidy
from huxue.core.recipes.model import Column

MOMENT = datetime(2024, 3, 5, 14, 7, 9)  # noqa: DTZ001 - spreadsheets know no zones
US = ("%m/%d/%Y %I:%M:%S %p", "%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("column", "raw", "value"),
    [
        ({}, " a b ", "a b"),
        ({}, "  ", None),
        ({}, None, None),
        ({}, 12.0, "12"),
        ({}, 7, "7"),
        ({"type": "whole"}, "2215704.0", "2215704"),
        ({"type": "whole"}, 12.0, "12"),
        ({"type": "whole"}, " ", None),
        ({"type": "number"}, " 1.50 ", "1.50"),
        ({"type": "number"}, 1.5, 1.5),
        ({"type": "number"}, " ", None),
        ({"type": "date"}, "2024年3月5日", "2024-03-05"),
        ({"type": "date"}, MOMENT, "2024-03-05"),
        ({"type": "date"}, date(2024, 3, 5), "2024-03-05"),
        ({"type": "date"}, " ", None),
        ({"type": "date", "format": "%m/%d/%Y"}, "3/5/2024", "2024-03-05"),
        ({"type": "date", "format": "%m/%d/%Y"}, MOMENT, "2024-03-05"),
        ({"type": "date", "format": "%m/%d/%Y"}, " ", None),
        ({"type": "moment"}, MOMENT, "2024-03-05T14:07"),
        ({"type": "moment", "format": US}, "03/05/2024 02:07:59 PM", "2024-03-05T14:07"),
        ({"type": "moment", "format": US}, "2024-03-05T14:07", "2024-03-05T14:07"),
        ({"map": {"Y": "yes"}}, "Y", "yes"),
        ({"map": {"1": "one"}}, 1.0, "one"),
        ({"map": {"Y": "yes"}, "otherwise": "no"}, "?", "no"),
        ({"map": {"Y": "yes"}}, "", None),
    ],
)
def test_cells_are_read(column: dict[str, Any], raw: object, value: object) -> None:
    read = cell_reader(Column.model_validate(column))
    assert [read(raw), read(raw)] == [value, value]


@pytest.mark.parametrize(
    ("column", "raw", "sentence"),
    [
        ({}, True, "'True' is not text"),
        ({}, 511702199001011234, "enter numbers of more than 15 digits as text"),
        ({"type": "whole"}, "12.5", "'12.5' is not a whole number"),
        ({"type": "date"}, "2024-02-30", "there is no such day as 2024-02-30"),
        ({"type": "date", "format": "%m/%d/%Y"}, "2/30/2024", "'2/30/2024' is no date of the form %m/%d/%Y"),
        ({"type": "moment"}, "2024-03-05", "'2024-03-05' is not a moment"),
        ({"map": {"Y": "yes"}}, "?", "'?' is not in the map: Y"),
    ],
)
def test_cells_are_refused(column: dict[str, Any], raw: object, sentence: str) -> None:
    with pytest.raises(Wrong, match=sentence.replace("?", r"\?")) as found:
        cell_reader(Column.model_validate(column))(raw)
    assert found.value.zh


def test_titles_are_made_plain() -> None:
    assert [tidy(" a \t b\n"), tidy("\u1112\u1161\u11ab"), tidy(3)] == ["a b", "한", "3"]
