"""Many at once: what was chosen in a list, how many and whom, then one act, and what came of each."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.core.kinds import Kind
from huxue.ledger.drafts import new_id
from huxue.ledger.listing import ItemRow
from huxue.web.listed import lines
from huxue.web.many import (
    MOST,
    NAMED,
    Chosen,
    Refusal,
    Together,
    chosen,
    possible,
    take_together,
    units,
    verify_together,
)
from huxue.web.pages import page
from huxue.web.routing import Request, has_url, route
from huxue.web.rules import rules

VERIFY = "verify"


def many(request: Request, kind: str) -> HttpResponse:
    """Say how many were chosen and whom they concern; ask for the act; do it."""
    declared = rules(request).kind(kind)
    if request.method != "POST" or request.viewer.post is None:
        return redirect("list", kind=kind)
    found = chosen(request, declared)
    do = request.POST.get("do", "")
    if not do or not found.rows:
        return _overview(request, declared, found)
    if do == VERIFY and declared.shape != "case":
        done, refused = verify_together(request, found.rows, request.POST.get("id") or new_id())
        return _came_of_it(request, declared, len(done), refused)
    if do not in declared.flow:
        raise Http404
    return _step(request, declared, do, found.rows)


def _overview(request: Request, kind: Kind, found: Chosen) -> HttpResponse:
    concerned = units(found.rows)
    send = ""
    if request.viewer.may("send") and has_url("send") and concerned:
        send = f"{reverse('send')}?{urlencode([('to', one.code) for one in concerned[:NAMED]])}"
    return page(
        request, "lists/many.html", kind=kind, chosen=found, units=concerned, most=MOST, named=NAMED, send=send,
        lines=lines(request, rules(request), kind, found.rows[:MOST], ()), id=new_id(),
        steps=possible(request, kind, found.rows), address=reverse("list", kwargs={"kind": kind.code}),
    )  # fmt: skip


def _step(request: Request, kind: Kind, step: str, rows: Sequence[ItemRow]) -> HttpResponse:
    said = kind.flow[step]
    ready = [row for row in rows if (row.ended_as in said.reopens if row.ended_as else row.step in said.from_)]
    title = said.title.say(request.lang)
    form = Together(
        request, kind, title, title, dict.fromkeys(said.asks, True), step=step,
        at_title="办理时间" if request.lang == "zh" else "When it was done",
        back=reverse("list", kwargs={"kind": kind.code}), rows=ready, units=units(ready),
        lines=lines(request, rules(request), kind, ready, ()),
    )  # fmt: skip
    if "agreed" not in request.POST:
        return form.show()
    given = form.given()
    if given is None:
        return form.show(422)
    take_together(request, form, given)
    return _came_of_it(request, kind, len(form.done), form.refused)


def _came_of_it(request: Request, kind: Kind, done: int, refused: Sequence[Refusal]) -> HttpResponse:
    shown = lines(request, rules(request), kind, [one.row for one in refused], ())
    return page(
        request, "lists/many_done.html", kind=kind, done=done, address=reverse("list", kwargs={"kind": kind.code}),
        refused=[(line, one.why.say(request.lang)) for line, one in zip(shown, refused, strict=True)],
    )  # fmt: skip


ROUTES = [route("many/<slug:kind>", many, name="many", needs="write")]
