"""Each mistake that a rulebook can have is named with its file and line, in both languages, and nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from huxue.ledger.models import Edition, Fact
from tests.commands.town import Town, rulebook
from tests.commands.wrong import WRONG, Wrong, header
from tests.sites import Site

FIRST = {what.partition(":")[0]: what for what in reversed(WRONG)}  # of each sort, the first


def kept() -> list[list[tuple[Any, ...]]]:
    """Every column of every fact and every edition."""
    return [list(model.objects.order_by(key).values_list()) for model, key in ((Fact, "seq"), (Edition, "hash"))]


@contextmanager
def unchanged() -> Iterator[None]:
    """Nothing in this block changes a fact or an edition."""
    before = kept()
    yield
    assert kept() == before


def refusal(name: str, count: int, lines: list[str], language: str) -> str:
    if language == "zh":
        return "\n".join([f"制度“{name}”有 {count} 处问题，未启用：", *lines]) + "\n"
    return "\n".join([f"the rulebook '{name}' has {count} problem(s) and was not activated:", *lines]) + "\n"


@pytest.fixture
def city(sqlite_site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Town:
    """A site whose edition in force is the town's: every mistake is read before the database is asked."""
    folder = tmp_path / "files"
    folder.mkdir()
    town = Town(sqlite_site, folder, capsys)
    town.done("rulebook", "activate", rulebook(folder / "town"))
    return town


@pytest.mark.parametrize("what", WRONG)
def test_one_mistake_is_one_problem(city: Town, what: str) -> None:
    wrong = WRONG[what]
    name = wrong.write(city.folder / "own")
    with unchanged():
        checked = city.type("rulebook", "check", name)
    assert checked.lines == [wrong.said("own", "en"), f"{name}: 1 problem(s)."]
    assert (checked.code, checked.err) == (1, "")


@pytest.mark.parametrize("what", FIRST.values(), ids=FIRST)
def test_a_mistake_of_each_sort_is_not_activated(city: Town, what: str) -> None:
    wrong = WRONG[what]
    name = wrong.write(city.folder / "own")
    with unchanged():
        refused = city.type("rulebook", "activate", name, lang="zh")
    assert (refused.code, refused.out, refused.err) == (2, "", refusal(name, 1, [wrong.said("own", "zh")], "zh"))


def test_all_mistakes_are_named_at_once(town: Town) -> None:
    """On both databases: the mistakes of different files together, in the order of files and lines."""
    chosen = [
        WRONG[what]
        for what in (
            "item: no clause", "criterion: an empty clause", "derivation: no such rule", "strengthens: nothing there",
            "ladder: after itself", "mechanism: no such duty", "parameter: below", "weights: of the first level",
        )
    ]  # fmt: skip
    name = _together(town.folder / "own", chosen)
    with town.nothing_written(), unchanged():
        found = {language: town.type("rulebook", "check", name, lang=language) for language in ("zh", "en")}
        refused = town.type("rulebook", "activate", name, "--dry-run")
    for language, answer in found.items():
        assert answer.lines[:-1] == [wrong.said("own", language) for wrong in chosen]
        assert answer.code == 1
    english = [wrong.said("own", "en") for wrong in chosen]
    assert (refused.code, refused.out, refused.err) == (2, "", refusal(name, len(chosen), english, "en"))


def _together(folder: Path, chosen: list[Wrong]) -> str:
    for wrong in chosen:
        wrong.write(folder)
    (folder / "rulebook.yaml").write_text(header("own", "city"), "utf-8")
    return str(folder)


def test_an_edition_twice(town: Town) -> None:
    folder = str(town.folder / "town")
    for words in ((), ("--families", "drills,hazards"), ("--on", "drills"), ("--off", "guards")):
        with unchanged():
            town.refused(
                "这一版本已在执行，没有变化。",
                "this very edition is in force already; nothing changed.",
                *("rulebook", "activate", folder, *words),
            )
    with unchanged():
        again = town.type("init", "--rulebook", folder)
    assert (again.code, again.out) == (2, "")
