"""``huxue import``: what it says, what it hands back, and its exit codes. (What becomes of rows: ``tests/actions``.)"""

from __future__ import annotations

from pathlib import Path

from tests.commands.town import TITLES, Town

GOOD = ("1,S1,2024-02-01,fire,10", "2,S2,2024-02-02,fire,20")
NEW = ["drills: imported", "all: 2 rows, 2 taken, 0 left out, import 2", "  2 new, 0 changed, 0 the same  (drill 2)"]


def said(town: Town, *rows: str) -> tuple[int, dict[str, int]]:
    """Import these drills; return the exit code and what became of the facts, without the zeros."""
    answer = town.type("import", *town.drills(*rows), "--json")
    names = ("new", "changed", "same", "left_out")
    return answer.code, {name: n for name in names if (n := answer.json["scopes"][0][name])}


def test_a_dry_run_shows_the_difference_and_writes_nothing(town: Town) -> None:
    words = ("import", *town.drills(*GOOD))
    with town.nothing_written():
        chinese, english = town.both(*words, "--dry-run")
    assert (chinese.code, english.code) == (0, 0)
    assert chinese.lines == [
        "drills：试运行，没有写入",
        "全部：2 行，采用 2 行，未采用 0 行",
        "  新增 2，变更 0，相同 0（drill 2）",
    ]
    assert english.lines == [
        "drills: dry run, nothing was written",
        "all: 2 rows, 2 taken, 0 left out",
        "  2 new, 0 changed, 0 the same  (drill 2)",
    ]
    assert town.done(*words).lines[2] == NEW[2]


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    words = ("import", *town.drills(*GOOD))
    town.done(*words)
    with town.nothing_written():
        again = town.done(*words)
    assert again.lines[-1] == "  0 new, 0 changed, 2 the same  (drill 2)"


def test_other_content_is_a_correction_and_what_is_gone_is_listed(town: Town) -> None:
    assert said(town, *GOOD) == (0, {"new": 2})
    answer = town.type("import", *town.drills("1,S1,2024-02-01,fire,99"))
    assert (answer.code, answer.lines[2:]) == (
        0,
        ["  0 new, 1 changed, 0 the same  (drill 1)", "  1 no longer in the file, not withdrawn: 2"],
    )
    standings = town.done("standings", "--period", "2024-Q1", "--as-of", "2024-03-31", "--json").json
    assert standings["totals"] == {"met": 2, "due": 0, "overdue": 0, "missed": 0, "excused": 0}
    town.whole()


def test_bad_rows_come_back_in_a_copy_and_the_exit_code_is_1(town: Town) -> None:
    rows = ("1,S1,2024-02-01,fire,10", "2,S2,2024-02-30,fire,20", "3,S9,2024-02-02,fire,", "4,S1,2024-02-02,fire,x")
    answer = town.type("import", *town.drills(*rows))
    copy = town.folder / "drills.notes.csv"
    assert (answer.code, answer.err) == (1, "")
    assert answer.lines == [
        "drills: imported",
        "all: 4 rows, 1 taken, 3 left out, import 2",
        "  1 new, 0 changed, 0 the same  (drill 2)",
        "drills.csv, row 3: 'day': there is no such day as 2024-02-30",
        "drills.csv, row 4: No organisation has the code 'S9'.",
        "drills.csv, row 5: 'pupils': 'x' is not a whole number",
        f"drills.csv: all notes are in {copy}",
    ]
    assert copy.read_text("utf-8-sig").splitlines() == [
        f"{TITLES},问题 Problems",
        "1,S1,2024-02-01,fire,10,",
        "2,S2,2024-02-30,fire,20,'day': there is no such day as 2024-02-30",
        "3,S9,2024-02-02,fire,,No organisation has the code 'S9'.",
        "4,S1,2024-02-02,fire,x,'pupils': 'x' is not a whole number",
    ]
    mended = copy.read_text("utf-8-sig").replace("02-30", "02-28").replace("S9", "S2").replace(",x,", ",5,")
    assert town.done("import", town.folder.joinpath("drills.yaml").as_posix(), town.write("mended.csv", mended)).lines[
        2
    ] == ("  3 new, 0 changed, 1 the same  (drill 4)")
    town.whole()


def test_an_unknown_column_is_named_and_the_exit_code_is_1(town: Town) -> None:
    words = ("import", *town.drills("1,S1,2024-02-01,fire,10,sun", titles=f"{TITLES},weather"), "--dry-run")
    chinese, english = town.both(*words)
    assert (chinese.code, english.code) == (1, 1)
    assert chinese.lines[3] == "drills.csv：未识别的列“weather”，没有导入；请在配方中映射或写明忽略"
    assert english.lines[3] == "drills.csv: unknown column 'weather': not imported; map or ignore it in the recipe"


def test_the_copy_goes_where_it_is_told(town: Town) -> None:
    to = town.folder / "said.csv"
    answer = town.type("import", *town.drills("1,S9,2024-02-01,fire,10"), "--notes", str(to), lang="zh")
    assert (answer.code, answer.lines[-1]) == (1, f"drills.csv：全部问题见 {to}")
    assert to.read_text("utf-8-sig").splitlines()[1] == "1,S9,2024-02-01,fire,10,没有编码为“S9”的单位。"
    assert not Path(town.folder, "drills.notes.csv").exists()


def test_json_says_everything(town: Town) -> None:
    answer = town.type("import", *town.drills("1,S9,2024-02-01,fire,10,sun", titles=f"{TITLES},weather"), "--json")
    file, scope = answer.json["files"][0], answer.json["scopes"][0]
    assert (answer.code, answer.json["recipe"], answer.json["dry_run"]) == (1, "drills", False)
    assert file == {
        "file": "drills.csv",
        "unknown_columns": ["weather"],
        "ignored_columns": [],
        "spread_columns": [],
        "notes": [
            {
                "row": 2,
                "column": None,
                "kept": False,
                "zh": "没有编码为“S9”的单位。",
                "en": "No organisation has the code 'S9'.",
            }
        ],
        "copy": str(town.folder / "drills.notes.csv"),
    }
    assert (scope["rows"], scope["taken"], scope["left_out"], scope["new"]) == (1, 0, 1, 0)


def test_a_command_line_that_makes_no_sense(town: Town) -> None:
    recipe, file = town.drills(*GOOD)
    town.refused("请写明配方和文件。", "Name a recipe and a file.", "import")
    town.refused("请写明配方和文件。", "Name a recipe and a file.", "import", recipe)
    town.refused("没有文件“no.csv”。", "There is no file no.csv.", "import", recipe, "no.csv")
    town.refused("“a”应写作 名称=值。", "'a' should be written NAME=VALUE.", "import", recipe, file, "--set", "a")
    town.refused(
        "--exclusive 不能与 --dry-run 同用。",
        "--exclusive cannot be a --dry-run.",
        *("import", recipe, file, "--exclusive", "--dry-run"),
    )
    town.refused(
        "没有正在进行的第 7 号导入（进行中：-）。",
        "No import 7 is running (running: -).",
        *("import", "--abandon", "7"),
    )


def test_an_exclusive_import_is_the_same_import(town: Town) -> None:
    words = ("import", *town.drills(*GOOD))
    assert town.done(*words, "--exclusive").lines == NEW
    with town.nothing_written():
        assert town.done(*words).lines[-1] == "  0 new, 0 changed, 2 the same  (drill 2)"
