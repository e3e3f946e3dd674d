"""``huxue init``."""

from __future__ import annotations

from tests.commands.town import Town, rulebook


def test_a_site_is_made_and_its_rulebook_activated(place: Town) -> None:
    folder = rulebook(place.folder / "town")
    hashed = place.type("rulebook", "check", folder, "--json").json["hash"]
    answer = place.done("init", "--rulebook", folder)
    assert answer.out == (
        f"The site {place.site.folder} is ready. "
        f"Rulebook: Rulebook of a town ({hashed[:12]}), 2 families switched on, from 2024-01-01.\n"
    )
    assert place.facts() == 1
    place.whole()


def test_again_is_refused_and_another_first_day_is_not(town: Town) -> None:
    folder = str(town.folder / "town")
    town.refused(
        "这一版本已在执行，没有变化。",
        "this very edition is in force already; nothing changed.",
        *("init", "--rulebook", folder),
    )
    before = town.facts()
    assert town.done("init", "--rulebook", folder, "--valid-from", "2024-07-01").out.endswith("from 2024-07-01.\n")
    assert town.facts() == before + 1


def test_families_are_chosen(place: Town) -> None:
    answer = place.type("init", "--rulebook", rulebook(place.folder / "town"), "--families", "guards", lang="zh")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.endswith("启用职责族 1 个，自 2024-01-01 起。\n")


def test_a_rulebook_that_is_not_there(place: Town) -> None:
    answer = place.type("init", "--rulebook", "atlantis")
    assert (answer.code, answer.out, place.facts()) == (2, "", 0)
    assert answer.err.startswith("there is no rulebook 'atlantis': neither shipped (")


def test_before_a_rulebook_there_are_no_standings(place: Town) -> None:
    for words in (["evaluate"], ["standings"], ["why", "S1", "school.drill"]):
        place.refused(
            "尚未启用任何制度版本，请先运行 huxue init --rulebook 名称。",
            "no edition of a rulebook is active yet: run huxue init --rulebook NAME first.",
            *words,
        )


def test_an_empty_site_is_set_up_on_its_pages(place: Town) -> None:
    answer = place.done("init")
    assert answer.lines[0].endswith(" is ready. Next:")
    assert [line.split()[:2] for line in answer.lines[1:]] == [["huxue", "account"], ["huxue", "serve"]]
    account = place.done("account", "add", "sysadmin", "--administers", "system")
    assert account.code == 0
    assert place.type("init", lang="zh").lines[1].split()[:3] == ["huxue", "account", "add"]
    refused = place.type("init", "--families", "guards")
    assert (refused.code, refused.err) == (2, "--families and --valid-from go with --rulebook.\n")
