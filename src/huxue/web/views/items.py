"""One item: what it says, its history, what may be done with it; of a case also its way, its clock, its evidence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.actions import facts
from huxue.actions.cases import Met
from huxue.core.facts import Fact
from huxue.core.kinds.naming import title_of
from huxue.core.kinds.times import read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.values import Refused, minute_of
from huxue.ledger.drafts import Receipt, new_id
from huxue.organisations.relations import GOVERNMENTS, ancestry, area_of, supervisors
from huxue.web import casework, history
from huxue.web.after import after_write
from huxue.web.fields.said import Known, Said, values_said
from huxue.web.fields.typed import moment_text
from huxue.web.pages import page
from huxue.web.reading import Item, item_or_404, list_address, speaking_of
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.forms import by_of, refuse_others

_RELATED = 12  # items that refer to this one


def item(request: Request, kind: str, item: str) -> HttpResponse:
    """Show an item."""
    return shown(request, item_or_404(request, kind, item))


def shown(request: Request, found: Item, status: int = 200, *, wrong: str = "") -> HttpResponse:
    """Return the page of an item; ``wrong``: what was refused just now."""
    about = speaking_of(found.item)
    known = Known(rules(request).rulebook, request.viewer, request.lang)
    history.wants(found, about, known)
    known.want(items=(fact.item for fact in about if fact.kind != "verification"))
    known.want(items=(fact.reference for fact in found.live if fact.reference))
    case = _case_wants(request, found, known) if found.kind.shape == "case" and found.live else None
    known.ask()
    context: dict[str, Any] = {
        "found": found, "kind": found.kind, "known": known, "events": history.told(found, about, known),
        "title": title_of(found.kind, found.fields, known.rulebook.lists, request.lang), "wrong": wrong,
        "said": values_said(found.kind, found.fields, known), "may": _may(request, found), "id": new_id(),
        "at": moment_text(request.now), "receipt": _receipt(request, found),
        "verdict": next((one for one in reversed(about) if one.kind == "verification"), None),
        "related": _related(found, about, known), "org": _organisation(found, known),
        "listed": list_address(found.kind.code),
    }  # fmt: skip
    if case is not None:
        return page(request, "items/case.html", status, **context, **_case(request, found, known, case))
    return page(request, "items/item.html", status, **context)


def _organisation(found: Item, known: Known) -> tuple[str, str]:
    """Return code and name of the organisation that an item is about, else of who wrote it."""
    roles = found.said.roles
    code = next((codes[0] for codes in (roles.get("about"), roles.get("by"), *roles.values()) if codes), "")
    return code, known.organisation(code) if code else ""


def _receipt(request: Request, found: Item) -> Fact | None:
    wanted = request.GET.get("receipt", "")
    return next((fact for fact in found.facts if fact.id == wanted), None) if wanted else None


def _related(found: Item, about: list[Fact], known: Known) -> list[Any]:
    ids = [fact.reference for fact in found.live if fact.reference]
    ids += [fact.item for fact in about if fact.kind != "verification"]
    seen = [known.items[one] for one in dict.fromkeys(ids) if one in known.items and known.items[one].seen]
    return seen[:_RELATED]


def _may(request: Request, found: Item) -> set[str]:
    """Return what the viewer may do with an item; the verbs check it again."""
    viewer = request.viewer
    if viewer.post is None or not viewer.may("write") or found.withdrawn:
        return set()
    derived = any(one.writes == found.kind.code for one in rules(request).rulebook.derivations.values())
    if viewer.post.organisation not in found.writers:
        return {"verify"}
    may = set() if derived else {"correct", "withdraw"}
    if found.kind.shape == "register" and not found.closed:
        may |= {"change", "close"}
    types = found.kind.written_by
    if found.kind.shape != "case" and (not types or viewer.post.organisation_type in types) and not derived:
        may.add("like")
    return may


# Cases


def _case_wants(request: Request, found: Item, known: Known) -> tuple[Met, dict[str, list[str]]]:
    """Return the case as the viewer meets it, and who stands in which relation to it."""
    by = facts.By(request.viewer.post.post, request.viewer.person) if request.viewer.post else facts.By("")
    met = facts.steps_open(
        rulebook=known.rulebook, kind=found.kind, by=by, at=request.now, item=found.item, facts=found.facts
    )
    about = met.state.roles.get("about", ())
    over = list(dict.fromkeys(parent for parent, _ in supervisors(about, at=request.now))) if about else []
    above = ancestry(about[0])[:-1] if about else []
    part = [taker.organisation for takers in met.state.takers.values() for taker in takers]
    opener = next((taker.organisation for name, step in found.kind.flow.items() if step.opening
                   for taker in met.state.takers.get(name, ())), "")  # fmt: skip
    near = [code for code in part if code in over] + [code for code in above[::-1] if code in part]
    supervising = list(dict.fromkeys([*near, *over, *above[::-1]]))
    relations = {
        "supervisor": supervising, "verifier": supervising, "government": above[::-1], "finder": [opener],
    }  # fmt: skip
    known.want(organisations=(code for codes in relations.values() for code in codes))
    return met, relations


def _case(request: Request, found: Item, known: Known, case: tuple[Met, dict[str, list[str]]]) -> dict[str, Any]:
    met, relations = case
    names = {code: one.name for code, one in known.organisations.items()}
    types: dict[str, list[str]] = {}
    for codes in met.state.roles.values():
        for code in codes:
            if code in known.organisations:
                types.setdefault(known.organisations[code].type, []).append(code)
    levels = {code: one.level for code, one in known.rulebook.organisation_types.items()}
    over = [known.organisations[code] for code in relations["government"] if code in known.organisations]
    relations["government"] = [one.code for one in over if levels.get(one.type) in GOVERNMENTS]
    ways = casework.ways(met, met.permissions(), names, request.lang, {**types, **relations})
    mine = [way for way in ways if way.mine] if request.viewer.may("write") and request.viewer.post else []
    calendars = rules(request).calendars
    about = met.state.roles.get("about") or ("",)
    calendar = calendars.get(area_of(about[0]), calendars.default)
    clock = casework.big_clock(met, calendar, now=request.now)
    return {
        "met": met, "stages": casework.stages(met, names), "ways": ways, "mine": mine, "clock": clock,
        "late": casework.overdue_minutes(met, now=request.now), "photos": _photos(found, known),
        "particulars": [one for one in values_said(found.kind, found.fields, known) if one.sort != "files"],
        "papers": _papers(found, known),
    }  # fmt: skip


def _photos(found: Item, known: Known) -> list[tuple[str, Said, Fact]]:
    """Return the pictures of a case: before, then after, each with the step that brought them."""
    every: list[tuple[str, Said, Fact]] = []
    for fact in found.live:
        said = values_said(found.kind, found.clear[fact.id], known)
        photos = [one for one in said if found.kind.fields[one.name].type == "photo" and one.files]
        every += [(casework.kind_of_photos(found.kind, one.name), one, fact) for one in photos]
    return every


def _papers(found: Item, known: Known) -> list[Said]:
    return [one for one in values_said(found.kind, found.fields, known)
            if one.sort == "files" and found.kind.fields[one.name].type == "file"]  # fmt: skip


# Small deeds: one button each


def _deed(request: Request, kind: str, item: str, do: Callable[[Item], Receipt]) -> HttpResponse:
    """Do something with an item; a refusal comes back on its page."""
    if request.method != "POST":
        raise Http404
    found = item_or_404(request, kind, item)
    try:
        receipt = do(found)
    except Refused as refused:
        return shown(request, found, 422, wrong=refused.say(request.lang))
    if not receipt.earlier:
        after_write(request, receipt, kind=kind, organisations=found.organisations)
    return redirect(f"{reverse('item', kwargs={'kind': kind, 'item': item})}?receipt={receipt.id}")


def _common(request: Request) -> dict[str, Any]:
    return {"rulebook": rules(request).rulebook, "now": request.now, "by": by_of(request),
            "id": request.POST.get("id", "")}  # fmt: skip


def _at(request: Request) -> int:
    """Return the moment a page said, so that the same button pressed twice is one deed; else now."""
    said = request.POST.get("at", "")
    try:
        return min(minute_of(datetime.fromisoformat(read_time(said))), request.now) if said else request.now
    except Wrong as wrong:
        raise Refused("bad_time", wrong.zh, wrong.en) from wrong


def withdraw(request: Request, kind: str, item: str) -> HttpResponse:
    """Say that a fact of an item no longer counts: the last one, unless the form names another."""

    def do(found: Item) -> Receipt:
        earlier = next((one for one in found.facts if one.id == request.POST.get("id")), None)
        if earlier is None:
            refuse_others(request, found)
        wanted = earlier.replaces if earlier else request.POST.get("fact") or found.live[-1].id
        if all(fact.id != wanted for fact in found.facts):
            raise Http404
        return facts.withdraw(**_common(request), fact=wanted, at=_at(request))

    return _deed(request, kind, item, do)


def close(request: Request, kind: str, item: str) -> HttpResponse:
    """End an entry."""

    def do(found: Item) -> Receipt:
        refuse_others(request, found)
        return facts.close_entry(**_common(request), item=item, at=_at(request))

    return _deed(request, kind, item, do)


def verify(request: Request, kind: str, item: str) -> HttpResponse:
    """Say of somebody else's item that it is so, or is not."""

    def do(found: Item) -> Receipt:
        result = request.POST.get("result", "")
        if result not in ("confirmed", "refuted"):
            raise Refused("no_result", "请选择“属实”或“不属实”。", "Choose whether it is so or is not.")
        return facts.verify(**_common(request), item=found.item, confirmed=result == "confirmed", at=_at(request),
                            spot=request.POST.get("spot") == "1")  # fmt: skip

    return _deed(request, kind, item, do)


ROUTES = [
    route("k/<slug:kind>/<item:item>", item, name="item", needs="see"),
    route("k/<slug:kind>/<item:item>/withdraw", withdraw, name="withdraw", needs="write"),
    route("k/<slug:kind>/<item:item>/close", close, name="close", needs="write"),
    route("k/<slug:kind>/<item:item>/verify", verify, name="verify", needs="write"),
]
