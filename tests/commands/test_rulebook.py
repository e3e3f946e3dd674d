"""``huxue rulebook check|show|diff|activate``."""

from __future__ import annotations

from tests.commands.town import RULEBOOK, Town, rulebook

MORE = RULEBOOK["duties/duties.yaml"].replace("at_least: 1, per: quarter", "at_least: 2, per: month")


def test_a_whole_rulebook_needs_no_site(place: Town) -> None:
    folder = rulebook(place.folder / "town")
    chinese, english = place.both("rulebook", "check", folder)
    assert (chinese.code, chinese.out) == (0, f"{folder}：没有问题。职责 3 项，类型 3 个，职责族 3 个。\n")
    assert (english.code, english.out) == (0, f"{folder}: no problems. 3 duties, 3 kinds, 3 families.\n")
    found = place.done("rulebook", "check", folder, "--json").json
    assert (list(found), found["name"], len(found["hash"]), found["problems"]) == (
        ["name", "hash", "problems"],
        folder,
        64,
        [],
    )
    assert place.facts() == 0


def test_show(place: Town) -> None:
    folder = rulebook(place.folder / "town")
    whole = place.type("rulebook", "show", folder, lang="zh")
    assert whole.lines == [
        "school.drill  每季度演练",
        "    repeat · drills（默认启用） · 小镇通知 article 1 [V]",
        "school.rectified  按期整改隐患",
        "    respond · hazards（默认启用） · 小镇通知 article 2 [V]",
        "school.guard  有持证保安",
        "    ratio · guards（默认关闭） · 小镇通知 article 3 [V]",
    ]
    assert place.done("rulebook", "show", folder, "school.guard").lines == [
        "school.guard  A certified guard",
        "    ratio · guards（off） · The town's notice article 3 [V]",
    ]
    (duty,) = place.done("rulebook", "show", folder, "school.drill", "--json").json
    assert (duty["code"], duty["shape"]["per"]) == ("school.drill", "quarter")
    place.refused("制度中没有职责“x”", "there is no duty 'x' in the rulebook", "rulebook", "show", folder, "x")


def test_diff(place: Town) -> None:
    old, new = rulebook(place.folder / "old"), rulebook(place.folder / "new", duties=MORE)
    chinese, english = place.both("rulebook", "diff", old, new)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in english.lines]
    assert rows[0] == ["what", "code", "field", "before", "after", "source"]
    assert [(row[1], row[2], row[4]) for row in rows[2:]] == [
        ("school.drill", "repeat.per", "month"),
        ("school.drill", "repeat.at_least", "2"),
    ]
    assert len(chinese.lines) == len(english.lines)
    assert chinese.lines[0] != english.lines[0]
    found = place.done("rulebook", "diff", old, new, "--json").json
    assert found[0] == {
        "what": "duties",
        "code": "school.drill",
        "field": "repeat.per",
        "before": "quarter",
        "after": "month",
        "source": "own article 1",
    }
    assert place.done("rulebook", "diff", old, old, "--json").json == []


def test_activate(town: Town) -> None:
    folder = str(town.folder / "town")
    town.refused(
        "这一版本已在执行，没有变化。",
        "this very edition is in force already; nothing changed.",
        *("rulebook", "activate", folder),
    )
    town.refused("没有职责族“x”", "there is no family 'x'", "rulebook", "activate", folder, "--families", "x")
    before, hashed = town.facts(), town.done("rulebook", "check", folder, "--json").json["hash"]
    more = rulebook(town.folder / "more", duties=MORE)
    activated = town.done("rulebook", "activate", more, "--families", "drills,guards", "--valid-from", "2024-07-01")
    stronger = town.done("rulebook", "check", more, "--json").json["hash"]
    assert activated.lines[0] == "Minutes a month of writing things down, by role:"
    assert activated.lines[-1] == (
        f"active: Rulebook of a town ({stronger[:12]}) from 2024-07-01; families: drills, guards"
    )
    assert town.facts() == before + 1
    editions = [town.done("evaluate", "--as-of", day, "--json").json["edition"] for day in ("2024-06-30", "2024-07-01")]
    assert editions == [hashed, stronger]
    town.whole()


def test_the_last_of_two_activations_in_one_minute_is_in_force(town: Town) -> None:
    folder = str(town.folder / "town")
    for families, duties in (("drills", {"school.drill"}), ("guards", {"school.guard"})):
        town.done("rulebook", "activate", folder, "--families", families, "--valid-from", "2015-09-01")
        found = town.done("standings", "--as-of", "2024-03-31", "--json").json
        assert {row["duty"] for row in found["rows"]} == duties


def test_a_book_is_written_and_pages_that_no_longer_belong_are_named(place: Town) -> None:
    folder, book = rulebook(place.folder / "town"), place.folder / "book"
    (book / "zh/families").mkdir(parents=True)
    (book / "zh/families/gone.md").write_text("# 没有了\n", "utf-8")
    lines = place.done("rulebook", "book", folder, str(book), "--as-of", "2026-08-31").lines
    written = sorted(path.relative_to(book).as_posix() for path in book.rglob("*.md"))
    assert lines == [
        f"{len(written) - 1} pages written: {book}",
        f"no longer part of the book: {book / 'zh/families/gone.md'}",
    ]
    families = ["drills.md", "gone.md", "guards.md", "hazards.md"]
    assert [name for name in written if name.startswith("zh/families/")] == [f"zh/families/{one}" for one in families]
