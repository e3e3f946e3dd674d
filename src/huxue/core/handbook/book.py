"""The whole handbook of a rulebook, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from huxue.core.burden import Cost, costs
from huxue.core.calendar import Calendars
from huxue.core.examples import Example
from huxue.core.handbook.families import family_page, index_page
from huxue.core.handbook.lists import TITLES, other_pages
from huxue.core.handbook.voice import Voice
from huxue.core.rulebook.edition import edition
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Language


def book(rulebook: Rulebook, examples: Iterable[Example], language: Language, *, day: int) -> dict[str, str]:
    """Return the pages: relative path → Markdown. What a family costs is worked out for the year up to ``day``."""
    voice, told = Voice(rulebook, language), _by_duty(examples)
    cost = burden(rulebook, day)
    others = other_pages(voice)
    links = [(voice.text(TITLES[name]), f"{name}.md") for name in others]
    pages = {"index.md": index_page(voice, cost, links, day)}
    pages |= {f"families/{code}.md": family_page(voice, code, cost[code], told) for code in rulebook.families}
    return pages | {f"{name}.md": text for name, text in others.items()}


def burden(rulebook: Rulebook, day: int) -> dict[str, Sequence[Cost]]:
    """Return what each family costs when it is the only one that is on."""
    calendar = Calendars.build(rulebook.calendars).default
    whole = edition(rulebook, families_on=sorted(rulebook.families))
    return {code: costs(whole.model_copy(update={"families_on": (code,)}), calendar, day) for code in rulebook.families}


def _by_duty(examples: Iterable[Example]) -> Mapping[str, list[Example]]:
    told: dict[str, list[Example]] = {}
    for one in examples:
        told.setdefault(one.duty, []).append(one)
    return told
