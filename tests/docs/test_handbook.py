"""The handbook that is made from a rulebook: exact pages of a small one, and nothing of the city left out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from huxue.core.handbook.duty import UNITS
from huxue.core.rulebook.model import Rulebook
from tests.docs.books import COMMITTED, loaded, made, pages_in
from tests.docs.pages import ROOT

SMALL = ROOT / "tests/docs/small"
LANGUAGES = ("zh", "en")
HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{3,}")
OUTSIDE = re.compile(r"`[^`\n]*`|\]\([^)\s]*\)|<br>")  # codes, targets of links, line breaks


def test_the_exact_pages_of_a_small_rulebook() -> None:
    assert made(str(SMALL)) == pages_in(ROOT / "tests/docs/small-book")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_family_of_the_city_has_its_page(language: str) -> None:
    pages = made("city")
    families = [path for path in pages if path.startswith(f"{language}/families/")]
    assert sorted(families) == sorted(f"{language}/families/{code}.md" for code in loaded("city").families)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", "青禾小学（2026-03-02 启用）；望溪中学（2026-03-01 启用）"),
        ("en", "青禾小学 (in use from 2026-03-02); 望溪中学 (in use from 2026-03-01)"),
    ],
)
def test_an_example_says_since_when_a_school_is_in_use(language: str, said: str) -> None:
    (row,) = [line for line in made("city")[f"{language}/families/schools.md"].splitlines() if said in line]
    assert row.startswith({"zh": "| **边界** 三月二日启用的", "en": "| **boundary** In use from 2 March"}[language])


def named(language: str, page: str, codes: Callable[[Rulebook], set[str]]) -> list[str]:
    text = made("city")[f"{language}/{page}.md"]
    return [code for code in sorted(codes(loaded("city"))) if code not in text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_duty_stands_on_the_page_of_its_family(language: str) -> None:
    pages, duties = made("city"), loaded("city").duties.values()
    left_out = [
        duty.code
        for duty in duties
        if f"### {duty.title.say(language)}\n\n`{duty.code}` ·" not in pages[f"{language}/families/{duty.family}.md"]
    ]
    assert left_out == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("page", "codes"),
    [
        ("parameters", lambda book: {f"`{code}`" for code in book.parameters}),
        ("mechanisms", lambda book: {f"| {code} |" for code in book.mechanisms}),
        ("ladders", lambda book: {f"`{code}`" for code in book.ladders}),
        ("derivations", lambda book: {f"`{code}`" for code in book.derivations}),
        ("lists", lambda book: {f"`{code}`" for code in book.lists}),
    ],
)
def test_nothing_of_the_city_is_left_out(language: str, page: str, codes: Callable[[Rulebook], set[str]]) -> None:
    assert named(language, page, codes) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["checklists", "criteria"])
def test_every_checklist_and_criterion_is_there(language: str, page: str) -> None:
    section = getattr(loaded("city"), page)
    text = made("city").get(f"{language}/{page}.md", "")
    rows = [row for one in section.values() for row in getattr(one, "items" if page == "checklists" else "rows")]
    assert [row.code for row in rows if f"`{row.code}`" not in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_worked_example_is_told(language: str) -> None:
    pages = made("city")
    duties = loaded("city").duties
    text = "".join(text for path, text in pages.items() if path.startswith(f"{language}/families/"))
    sorts = {"zh": ("正例", "反例", "边界"), "en": ("positive", "negative", "boundary")}[language]
    told = [text.count(f"| **{sort}** ") for sort in sorts]
    families = {duty.one_of or duty.code for duty in duties.values()}
    assert [sort for sort, n in zip(sorts, told, strict=True) if n < len(families)] == []


def test_every_unit_is_said_in_both_languages() -> None:
    assert sorted({one.unit for one in loaded("city").parameters.values() if one.unit} - UNITS.keys()) == []


def prose(text: str) -> list[str]:
    """The lines of a page that are in its own language: no heading of both, no source in its own words, no example."""
    lines = OUTSIDE.sub("", text).splitlines()
    return [line for line in lines if not re.match(r"# |\| \*\*|- \*\*(Source|依据)", line)]


def test_no_english_word_in_a_chinese_page() -> None:
    known = re.compile(r"GB/T|[A-Z]{2,5}-\d|Merkle|SHA|PDF|Excel|WPS|App|Huxue")
    found = {
        (path, line)
        for path, text in made("city").items()
        if path.startswith("zh/families/")
        for line in prose(text)
        if WORD.search(known.sub("", line))
    }
    assert sorted(found) == []


def test_no_chinese_in_an_english_page() -> None:
    pages = {path: text for path, text in made("city").items() if path.startswith("en/families/")}
    found = {(path, line) for path, text in pages.items() for line in prose(text) if HAN.search(line)}
    kept = re.compile(r"personal data kept")  # the clause of a retention is said in the words of its text
    assert sorted(row for row in found if not kept.search(row[1])) == []


def test_the_committed_pages_are_those_of_the_rulebook() -> None:
    """Where this fails, make them anew: the command stands in ``tests/docs/books.py``."""
    committed, pages = pages_in(COMMITTED), made("city")
    changed = [path for path in sorted({*committed, *pages}) if committed.get(path) != pages.get(path)]
    assert changed == []
