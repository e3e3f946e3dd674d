"""The rulebook to read: every duty, found by who owes it, how often, by which clause; and what the duties rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse

from huxue.access.viewer import Viewer
from huxue.core.duties.shapes import Duty, Respond
from huxue.core.handbook.lists import TITLES, sections
from huxue.core.handbook.lists import section as section_text
from huxue.core.handbook.shapes import asked, on_time
from huxue.core.handbook.voice import Voice
from huxue.core.rulebook.edition import Edition
from huxue.organisations.models import OPEN, Edge
from huxue.web import duties
from huxue.web.editions import history_of
from huxue.web.markdown import html, inline
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules

FILTERS: Final = ("type", "per", "family", "source")
_EACH: Final = "each-time"  # period of a duty that answers triggers


def voice_of(request: Request) -> Voice:
    """Return what says the rulebook in the language of a request."""
    return Voice(rules(request).edition.rulebook, request.lang)


def browse(request: Request) -> HttpResponse:
    """Show the duties: at first what I owe, else those that fit the filters."""
    voice, edition = voice_of(request), rules(request).edition
    asked_for = {name: request.GET.get(name, "") for name in FILTERS}
    text = request.GET.get("q", "").strip()[:60]
    mine = "all" not in request.GET and not text and not any(asked_for.values()) and _owes(voice, request.viewer)
    found = _mine(voice, edition, request.viewer) if mine else _fitting(voice, asked_for, text)
    return page(
        request, "rulebook/browse.html", voice=voice, edition=edition, mine=mine, asked=asked_for, text=text,
        lines=[duties.line(voice, edition, one) for one in found], options=_options(voice), total=len(_all(voice)),
        owes=_owes(voice, request.viewer), answers=_answers(request.viewer, found) if mine else {},
        sections=sections_of(voice),
    )  # fmt: skip


def _all(voice: Voice) -> list[Duty]:
    return list(voice.rulebook.duties.values())


def _owes(voice: Voice, viewer: Viewer) -> bool:
    """Whether somebody acts in a post of an organisation that owes anything at all."""
    type_ = viewer.post.organisation_type if viewer.post else ""
    return any(type_ in one.owed_by.type for one in voice.rulebook.duties.values())


def _mine(voice: Voice, edition: Edition, viewer: Viewer) -> list[Duty]:
    """Return what my organisation owes and is switched on; what my post answers for comes first."""
    post = viewer.post
    if post is None:
        return []
    topics = _topics(post.organisation) if any(one.owed_by.topic for one in _all(voice)) else set()
    found = [
        one for one in _all(voice)
        if post.organisation_type in one.owed_by.type and one.family in edition.families_on
        and (not one.owed_by.topic or one.owed_by.topic in topics)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.owed_by.post != post.type, bool(one.owed_by.post)))


def _topics(organisation: str) -> set[str]:
    rows = Edge.objects.filter(sort="supervisory", parent=organisation, known_to=OPEN, valid_to=OPEN)
    return set(rows.values_list("topic", flat=True))


def _answers(viewer: Viewer, found: Iterable[Duty]) -> dict[str, bool]:
    """Return which of the duties the viewer's own post answers for."""
    return {one.code: viewer.post is not None and one.owed_by.post == viewer.post.type for one in found}


def _fitting(voice: Voice, asked_for: Mapping[str, str], text: str) -> list[Duty]:
    return [one for one in _all(voice) if _fits(one, asked_for) and (not text or _says(one, text))]


def _fits(duty: Duty, asked_for: Mapping[str, str]) -> bool:
    has = {"type": duty.owed_by.type, "per": (_period(duty),), "family": (duty.family,), "source": (duty.source.text,)}
    return all(not asked_for[name] or asked_for[name] in values for name, values in has.items())


def _period(duty: Duty) -> str:
    return _EACH if isinstance(duty.shape, Respond) else duty.shape.period


def _says(duty: Duty, text: str) -> bool:
    """Whether a duty's title, code or clause holds a text, whatever its case."""
    where = f"{duty.title.zh}\n{duty.title.en}\n{duty.code}\n{duty.source.clause}".casefold()
    return all(word in where for word in text.casefold().split())


def _options(voice: Voice) -> dict[str, list[tuple[str, str, int]]]:
    """Return the values of every filter with their words and how many duties have them, the commonest first."""
    book, every = voice.rulebook, _all(voice)
    words: dict[str, Callable[[str], str]] = {
        "type": lambda code: voice.types([code]),
        "per": lambda code: voice.say("逐件", "each time") if code == _EACH else voice.period(code),
        "family": lambda code: voice.text(book.families[code].title),
        "source": lambda code: voice.text(book.sources[code].title) if code in book.sources else code,
    }
    counts = {
        "type": Counter(type_ for one in every for type_ in one.owed_by.type),
        "per": Counter(_period(one) for one in every if _period(one)),
        "family": Counter(one.family for one in every),
        "source": Counter(one.source.text for one in every),
    }
    return {name: [(code, words[name](code), n) for code, n in counts[name].most_common()] for name in FILTERS}


def sections_of(voice: Voice) -> list[tuple[str, str]]:
    """Return what the duties rest on: the names and titles of its pages."""
    return [(name, voice.text(TITLES[name])) for name in sections(voice) if name not in _OWN]


_OWN: Final = ("parameters", "mechanisms")  # sections with pages of their own


def one_duty(request: Request, code: str) -> HttpResponse:
    """Show one duty: what it asks, of whom, by which clause, what follows, and how it came to be so."""
    voice, edition = voice_of(request), rules(request).edition
    duty = voice.rulebook.duties.get(code)
    if duty is None:
        raise Http404
    return page(
        request, "rulebook/duty.html", voice=voice, duty=duty, line=duties.line(voice, edition, duty),
        asked=inline(asked(voice, duty)), facts=[(label, inline(text)) for label, text in duties.facts(voice, duty)],
        points=[(label, inline(text, address)) for label, text in duties.points(voice, duty)],
        on_time=[inline(text) for text in on_time(voice, duty)], layers=duties.row_of_layers(voice, edition, duty),
        consequences=duties.consequences(voice, duty), kinds=duties.kinds_of(voice, duty), inline=inline,
        cases=html(duties.cases_in_words(voice, edition, duty)), history=history_of(code, request.lang),
        behind=duties.behind(request.viewer, duty),
        parameters={name: voice.rulebook.parameters[name] for name in duty.parameters},
    )  # fmt: skip


def one_section(request: Request, section: str) -> HttpResponse:
    """Show what the duties rest on: registers, lists, checklists, criteria, ladders, trees of indicators."""
    voice = voice_of(request)
    if section not in sections(voice) or section in _OWN:
        raise Http404
    return page(
        request, "rulebook/section.html", title=TITLES[section], body=html(section_text(voice, section), address),
        name=section, sections=sections_of(voice),
    )  # fmt: skip


def address(target: str) -> str:
    """Return the page that a link of the handbook means: ``../ladders.md#anchor``."""
    file, _, part = target.rpartition("/")[2].partition("#")
    name = file.removesuffix(".md")
    if name not in TITLES or name in _OWN:
        return ""
    return reverse("rulebook_section", kwargs={"section": name}) + (f"#{part}" if part else "")


ROUTES = [
    route("rulebook/", browse, name="rulebook", needs="rulebook-read"),
    route("rulebook/duties/<str:code>", one_duty, name="duty", needs="rulebook-read"),
    route("rulebook/about/<slug:section>", one_section, name="rulebook_section", needs="rulebook-read"),
]
