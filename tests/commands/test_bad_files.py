"""Files that cannot be taken: refused whole with a sentence, and nothing is written."""

from __future__ import annotations

from pathlib import Path

from tests.commands.town import Town
from tests.exchange.files import excel

TITLES = ["code", "name", "type", "above", "post"]
EAST = ["S3", "East school", "school", "O1", "principal"]
CIRCLE = ("A,A,office,B,inspector", "B,B,office,C,inspector", "C,C,office,A,inspector")


def units(town: Town, file: Path | str) -> tuple[str, str, str]:
    """The words that import a file of organisations."""
    return "import", str(town.folder / "units.yaml"), str(file)


def test_an_unreadable_excel(town: Town) -> None:
    whole = excel(town.folder, "whole.xlsx", [TITLES, EAST]).read_bytes()
    for name, content in (("cut.xlsx", whole[:2000]), ("text.xlsx", b"code,name\n")):
        path = town.folder / name
        path.write_bytes(content)
        with town.nothing_written():
            chinese, english = town.both(*units(town, path))
        assert (chinese.code, chinese.out, english.code, english.out) == (2, "", 2, "")
        assert chinese.err.startswith(f"“{name}”无法读取：")
        assert chinese.err.endswith("。请用表格软件打开后另存再试。\n")
        assert english.err.startswith(f"{name} cannot be read: ")
        assert english.err.endswith(". Open it in a spreadsheet and save it again.\n")
    assert town.done(*units(town, town.folder / "whole.xlsx")).lines[1].startswith("all: 1 rows, 1 taken")


def test_merged_headers(town: Town) -> None:
    town.refused(
        "“merged.xlsx”的表头有合并单元格，请取消合并，每列一个标题。",
        "The header of merged.xlsx has merged cells: give each column a title of its own.",
        *units(town, excel(town.folder, "merged.xlsx", [TITLES, EAST], merge="A1:B1")),
    )


def test_headers_that_are_not_those_of_the_recipe(town: Town) -> None:
    town.refused(
        "“lacks.csv”缺少列：type、above、post。",
        "lacks.csv lacks these columns: type, above, post.",
        *units(town, town.write("lacks.csv", "code,name", "S3,East")),
    )
    town.refused(
        "“twice.csv”有重复的列标题：code。",
        "In twice.csv, these titles stand twice: code.",
        *units(town, town.write("twice.csv", "code,code,name,type,above,post")),
    )


def test_a_file_above_the_stated_limit(town: Town) -> None:
    rows = (f"X{n},X,school,O1,principal" for n in range(21))
    town.refused(
        "超过 20 行，请用 import --exclusive。",
        "More than 20 rows: use import --exclusive.",
        *units(town, town.write("long.csv", ",".join(TITLES), *rows)),
    )
    town.refused(
        "“heavy.csv”超过 1 MB 的上限。",
        "heavy.csv is larger than the limit of 1 MB.",
        *units(town, town.write("heavy.csv", ",".join(TITLES), "#" * 1_000_000)),
    )


def test_a_cyclic_tree(town: Town) -> None:
    file = town.write("circle.csv", ",".join(TITLES), *CIRCLE)
    sentences = "单位的上下级形成循环：A → B → C → A。", "The organisations stand in a circle: A → B → C → A."
    town.refused(*sentences, *units(town, file))
    town.refused(*sentences, *units(town, file), "--dry-run")


def test_a_cyclic_tree_in_parts_says_what_to_do_with_the_rest(town: Town) -> None:
    file = town.write("circle.csv", ",".join(TITLES), *CIRCLE)
    town.refused(
        "单位的上下级形成循环：A → B → C → A。\n"
        "第 2 号导入尚未完成，期间不能写入：请用 huxue import --abandon 2 放弃。",
        "The organisations stand in a circle: A → B → C → A.\n"
        "Import 2 is not finished and nobody can write meanwhile: give it up with huxue import --abandon 2.",
        *(*units(town, file), "--exclusive"),
    )
    assert town.type("import", "--abandon", "2", lang="zh").out == "已放弃第 2 号导入。\n"
    town.record("kind=fire")


def test_an_impossible_date_in_a_file(town: Town) -> None:
    words = ("import", *town.drills("1,S1,2024-02-30,fire,10"))
    with town.nothing_written():
        chinese, english = town.both(*words)
    assert (chinese.code, chinese.lines[3]) == (1, "drills.csv 第 2 行：“day”：2024-02-30 这一天不存在")
    assert (english.code, english.lines[3]) == (1, "drills.csv, row 2: 'day': there is no such day as 2024-02-30")


def test_a_recipe_that_is_not_right(town: Town) -> None:
    recipe, (_, _, file) = town.write("wrong.yaml", "code: wrong", "keys: [a]"), units(town, town.folder / "units.csv")
    with town.nothing_written():
        chinese, english = town.both("import", recipe, file)
    assert (chinese.code, english.code) == (2, 2)
    assert chinese.err.startswith("wrong.yaml:1: 配方有误：")
    assert english.err.startswith("wrong.yaml:1: in the recipe, ")
    town.refused(
        "没有配方“none”，也不是文件。现有：chicago-food、cn-divisions、kr-safety-education、nyc-311、nys-water。",
        "There is no recipe or file 'none'. There are: "
        "chicago-food, cn-divisions, kr-safety-education, nyc-311, nys-water.",
        *("import", "none", file),
    )
