"""Files handed back with notes."""

from __future__ import annotations

import csv as plain
from pathlib import Path

from openpyxl import load_workbook

from huxue.core.recipes.planned import At, Note
from huxue.exchange.notes import default_name, write_notes
from huxue.exchange.tables import open_table
from tests.exchange.files import csv, excel, recipe

READS = recipe().reads
NOTES = [
    Note(At(0, 3), 1, "=坏", "=bad"),
    Note(At(0, 3), None, "也坏", "bad too"),
    Note(At(0, 3), 1, "再坏", "bad again", kept=True),
]


def test_csv_gets_one_more_column(tmp_path: Path) -> None:
    path = csv(tmp_path, "a.csv", "code;name", '1;"A;1"', "2")
    table = open_table(path, READS)
    copy = tmp_path / "copy.csv"
    write_notes(table, path.read_bytes(), NOTES, [(1, "name")], copy, "zh")
    assert copy.read_bytes().startswith(b"\xef\xbb\xbf")
    assert list(plain.reader(copy.read_text("utf-8-sig").splitlines(), delimiter=";")) == [
        ["code", "name", "问题 Problems（未识别的列：name）"],
        ["1", "A;1", ""],
        ["2", "", "'=坏；也坏；再坏"],
    ]
    assert path.read_text("utf-8") == 'code;name\n1;"A;1"\n2\n'


def test_excel_gets_a_red_comment_in_the_wrong_cell(tmp_path: Path) -> None:
    path = excel(tmp_path, "a.xlsx", [["code", "name", "odd"], ["1", "A"], ["2", "B"]])
    table = open_table(path, READS)
    copy = tmp_path / "copy.xlsx"
    write_notes(table, path.read_bytes(), NOTES, [(2, "odd")], copy, "en")
    sheet = load_workbook(copy)["rows"]
    comments = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert comments == {
        "C1": "the recipe does not know this column: odd",
        "B3": "=bad\nbad again",
        "D3": "bad too",
    }
    assert [cell.value for cell in sheet["D"]] == [
        "问题 Problems（unknown columns：odd）",
        None,
        "'=bad；bad too；bad again",
    ]
    assert sheet["B3"].fill.start_color.rgb == "FFFFC7CE"


def test_the_copy_is_read_again_without_its_notes(tmp_path: Path) -> None:
    path = csv(tmp_path, "a.csv", "code,name", "1,A")
    copy = default_name(path)
    write_notes(open_table(path, READS), path.read_bytes(), NOTES, [], copy, "en")
    assert open_table(copy, READS).titles == ("code", "name", "问题 Problems")


def test_names_of_copies() -> None:
    names = ["a.csv", "a.csv.gz", "a.XLSX", "a.xls", "b.tsv"]
    assert [default_name(Path(name)).name for name in names] == [
        "a.notes.csv",
        "a.notes.csv",
        "a.notes.xlsx",
        "a.notes.xlsx",
        "b.notes.csv",
    ]
