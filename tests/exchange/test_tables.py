"""Reading somebody's tables, and refusing what cannot be read."""

from __future__ import annotations

import gzip
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from huxue.core.recipes.model import Reads
from huxue.core.values import Refused
from huxue.exchange.tables import letters, open_table
from tests.exchange.files import csv, excel

READS = Reads()


def read(path: Path, reads: Reads = READS) -> tuple[tuple[str, ...], list[tuple[int, list[Any]]]]:
    table = open_table(path, reads)
    return table.titles, [(number, list(cells)) for number, cells in table.rows]


def refusal(path: Path, reads: Reads = READS) -> str:
    with pytest.raises(Refused) as found:
        read(path, reads)
    assert found.value.zh != found.value.en
    return found.value.code


def test_rows_carry_the_numbers_a_spreadsheet_shows(tmp_path: Path) -> None:
    path = csv(tmp_path, "a.csv", "", "code, name ", "1,甲", "", "2,乙")
    assert read(path) == (("code", "name"), [(3, ["1", "甲"]), (5, ["2", "乙"])])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_spreadsheets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编码\t名称\n1\t甲\n".encode(encoding))
    assert read(path) == (("编码", "名称"), [(2, ["1", "甲"])])


def test_packed_and_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b'code,text\n1,"two\nlines, one ""cell"""\n'))
    assert read(path) == (("code", "text"), [(2, ["1", 'two\nlines, one "cell"'])])


def test_excel_of_a_person(tmp_path: Path) -> None:
    rows = [[], ["code", "day"], ["a", 12], [], ["b", "x"], ["", " "], [""]]
    path = excel(tmp_path, "a.xlsx", rows, empty_sheets=2)
    assert read(path) == (("code", "day"), [(3, ["a", 12.0]), (5, ["b", "x"])])


def test_dates_of_excel_stay_dates(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["at"])
    book.active.append([datetime(2024, 5, 6, 7, 8)])  # noqa: DTZ001 - spreadsheets know no zones
    book.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx")[1] == [(2, [datetime(2024, 5, 6, 7, 8)])]  # noqa: DTZ001


def test_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 this is no workbook")
    (tmp_path / "text.xlsx").write_bytes(b"code,name\n")
    (tmp_path / "broken.csv.gz").write_bytes(gzip.compress(b"code\n1\n")[:-6])
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\x00\x00")
    (tmp_path / "latin.csv").write_bytes(b"code\n\xff\xff\xff\n")
    big = csv(tmp_path, "big.csv", "code", *["x" * 99] * 11_000)
    found = {
        "absent.csv": refusal(tmp_path / "absent.csv"),
        "broken.xlsx": refusal(tmp_path / "broken.xlsx"),
        "text.xlsx": refusal(tmp_path / "text.xlsx"),
        "broken.csv.gz": refusal(tmp_path / "broken.csv.gz"),
        "image.csv": refusal(tmp_path / "image.csv"),
        "latin.csv": refusal(tmp_path / "latin.csv"),
        "big.csv": refusal(big, Reads(megabytes=1)),
        "a.pdf": refusal(csv(tmp_path, "a.pdf", "x")),
        "not excel": refusal(excel(tmp_path, "csvonly.xlsx", [["a"]]), Reads(format=("csv",))),
        "empty.csv": refusal(csv(tmp_path, "empty.csv", "")),
        "empty.xlsx": refusal(excel(tmp_path, "empty.xlsx", [])),
        "quote.csv": refusal(csv(tmp_path, "quote.csv", "a,b", '1,"2"3')),
        "blank": refusal(csv(tmp_path, "blank.csv", "a,,b", "1,2,3")),
        "twice": refusal(csv(tmp_path, "twice.csv", "a,a", "1,2")),
        "merged": refusal(excel(tmp_path, "merged.xlsx", [["a", "b"], [1, 2]], merge="A1:B1")),
        "wide": refusal(csv(tmp_path, "wide.csv", ",".join(f"c{n}" for n in range(501)))),
        "no sheet": refusal(excel(tmp_path, "sheet.xlsx", [["a"]]), Reads(sheet="other")),
    }
    assert found == {
        "absent.csv": "no_file",
        "broken.xlsx": "unreadable_file",
        "text.xlsx": "unreadable_file",
        "broken.csv.gz": "unreadable_file",
        "image.csv": "unreadable_file",
        "latin.csv": "unreadable_file",
        "big.csv": "file_too_big",
        "a.pdf": "wrong_format",
        "not excel": "wrong_format",
        "empty.csv": "no_rows",
        "empty.xlsx": "no_rows",
        "quote.csv": "unreadable_file",
        "blank": "blank_header",
        "twice": "duplicate_header",
        "merged": "merged_header",
        "wide": "too_many_columns",
        "no sheet": "no_sheet",
    }


def test_a_packed_file_is_measured_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"code\n" + b"0" * 2_000_000))
    assert path.stat().st_size < 10_000
    assert refusal(path, Reads(megabytes=1)) == "file_too_big"


def test_merged_cells_below_the_header_are_fine(tmp_path: Path) -> None:
    path = excel(tmp_path, "a.xlsx", [["a", "b"], ["", ""], [1, 2]], merge="A2:B2")
    assert read(path) == (("a", "b"), [(2, ["merged", ""]), (3, [1.0, 2.0])])


def test_several_filled_sheets_are_refused_unless_one_is_named(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("two").append(["b"])
    book.save(tmp_path / "a.xlsx")
    assert refusal(tmp_path / "a.xlsx") == "several_sheets"
    assert read(tmp_path / "a.xlsx", Reads(sheet="two")) == (("b",), [])


def test_columns_are_named_as_in_a_spreadsheet() -> None:
    assert [letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
