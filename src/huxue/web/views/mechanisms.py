"""The mechanisms that the city asked for: where each one lives in the rulebook, and what it shows now."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.urls import reverse

from huxue.core.handbook.lists import PLACES, SORTS
from huxue.core.handbook.voice import Voice
from huxue.core.mechanisms import Mechanism
from huxue.standings.kept_mechanisms import kept_mechanisms
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.views.rulebook import sections_of, voice_of

_SECTION: Final = {  # sort of place → the page of the rulebook that has it
    "ladders": "ladders", "indicators": "scoring", "lists": "lists", "checklists": "checklists",
    "criteria": "criteria", "derivations": "derivations",
}  # fmt: skip
Place = tuple[str, str]  # words, address ("" for none)


def table(request: Request) -> HttpResponse:
    """Show every mechanism; what they show is of the whole site, so only for those who see it all."""
    voice = voice_of(request)
    kept = kept_mechanisms() if request.viewer.scope.whole else {}
    rows = [
        (
            code,
            one,
            voice.all_of(voice.text(SORTS[sort]) for sort in one.sorts),
            _places(voice, one),
            kept.get(code, []),
        )
        for code, one in voice.rulebook.mechanisms.items()
    ]
    return page(request, "rulebook/mechanisms.html", rows=rows, sections=sections_of(voice), shows=bool(kept))


def _places(voice: Voice, one: Mechanism) -> list[tuple[str, list[Place]]]:
    return [
        (voice.text(PLACES[sort]), [(_title(voice, sort, name), _address(voice, sort, name)) for name in names])
        for sort, names in one.places().items()
    ]


def _title(voice: Voice, sort: str, name: str) -> str:
    if sort == "indicators":
        tree, _, part = name.partition("/")
        found = voice.rulebook.scoring[tree].one(part)
        return voice.text(found.title) if found is not None else part
    title = getattr(getattr(voice.rulebook, sort).get(name), "title", None)
    return voice.text(title) if title is not None else name


def _address(voice: Voice, sort: str, name: str) -> str:
    if sort == "duties":
        return reverse("duty", kwargs={"code": name})
    if sort == "parameters":
        return reverse("parameter", kwargs={"code": name})
    section = f"{voice.rulebook.kinds[name].shape}s" if sort == "kinds" else _SECTION.get(sort, "")
    return reverse("rulebook_section", kwargs={"section": section}) if section else ""


ROUTES = [route("mechanisms", table, name="mechanisms", needs="rulebook-read")]
