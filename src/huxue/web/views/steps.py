"""One step of a case: its form, from the desk or the telephone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from huxue.actions import facts
from huxue.core.flow import permission
from huxue.core.kinds import Kind, fields_of_step
from huxue.core.kinds.naming import title_of
from huxue.core.values import Refused
from huxue.ledger.drafts import Receipt
from huxue.web import prefill
from huxue.web.fields.typed import Typed
from huxue.web.filling import Form, Given
from huxue.web.reading import Item, item_or_404
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.forms import asked_roles, by_of, calendar_of, own_lines
from huxue.web.views.items import shown

_SAID_ANEW = ("text", "photo", "file", "signature", "yes_no", "date", "time")  # never carried over from an earlier step


def step(request: Request, kind: str, item: str, step: str) -> HttpResponse:
    """Take a step of a case."""
    found = item_or_404(request, kind, item)
    if found.kind.shape != "case" or step not in found.kind.flow:
        raise Http404
    form = _form(request, found, step)
    if request.method == "POST":
        return form.answer(lambda given: _taken(request, found, step, given))
    try:
        refuse_early(request, found, step)
    except Refused as refused:
        return shown(request, found, 422, wrong=refused.say(request.lang))
    form.typed = _known(request, found, form) | prefill.asked_for(request)
    return form.show()


def refuse_early(request: Request, item: Item, step: str) -> None:
    """Refuse before anything is typed what would be refused afterwards: where the case stands, and who asks."""
    met = facts.steps_open(
        rulebook=rules(request).rulebook, kind=item.kind, by=by_of(request), at=request.now, item=item.item,
        facts=item.facts,
    )  # fmt: skip
    against = [one for one in permission(item.kind, met.state, step, met.actor) if one.code != "condition"]
    if against:
        raise Refused(against[0].code, "；".join(one.zh for one in against), "; ".join(one.en for one in against))


def _form(request: Request, item: Item, step: str) -> Form:
    said, kind = item.kind.flow[step], item.kind
    asked = _asked(kind, step)
    titles = title_of(kind, item.fields, rules(request).rulebook.lists, request.lang)
    title = f"{said.title.say(request.lang)}：{titles}"
    return Form(
        request, kind, title, said.title.say(request.lang), step=step, fields=asked,
        roles=_roles(kind), at_title="办理时间" if request.lang == "zh" else "When it was done",
        lead=own_lines(request), back=reverse("item", kwargs={"kind": kind.code, "item": item.item}),
    )  # fmt: skip


def _asked(kind: Kind, step: str) -> dict[str, bool]:
    """Return what the step asks for, and after it what any step may carry."""
    said = kind.flow[step]
    allowed = fields_of_step(kind, said)
    asked = dict.fromkeys(said.asks, True)
    return asked | {name: False for name in kind.fields if name in allowed and name not in asked}


def _roles(kind: Kind) -> dict[str, bool]:
    """Return the roles that a later step may still give: whoever takes part; the others stay as they are."""
    return {name: False for name in asked_roles(kind) if name not in ("about", "to")}


def _handing(kind: Kind, asked: dict[str, bool]) -> str:
    """Return the field of a step that says to whom the case is handed over."""
    return next((n for n, must in asked.items() if must and kind.fields[n].type == "organisation"), "")


def _known(request: Request, item: Item, form: Form) -> Typed:
    """Return what the case says already of what the step asks for."""
    names = [name for name in form.fields if item.kind.fields[name].type not in _SAID_ANEW]
    fields = {name: value for name, value in item.fields.items() if name in names and not _apart(value)}
    handed = _handing(item.kind, dict(form.fields))
    fields.pop(handed, None)
    return prefill.of_values(request, item.kind, fields, fields)


def _apart(value: Any) -> bool:
    return isinstance(value, dict) and next(iter(value), "").startswith("$")


def _taken(request: Request, item: Item, step: str, given: Given) -> Receipt:
    about = next((fact.roles["about"][0] for fact in item.live if fact.roles.get("about")), "")
    by = by_of(request)
    roles = dict(given.roles)
    handed = _handing(item.kind, _asked(item.kind, step))
    if handed and "to" in item.kind.roles and given.values.get(handed):
        said = given.values[handed]
        roles["to"] = tuple(said) if isinstance(said, list) else (said,)
    return facts.take_step(
        rulebook=rules(request).rulebook, now=request.now, by=by, kind=item.kind.code, step=step, at=given.at,
        values=given.values, calendar=calendar_of(request, about or by.organisation), item=item.item, roles=roles,
        id=given.id,
    )  # fmt: skip


ROUTES = [route("k/<slug:kind>/<item:item>/step/<slug:step>", step, name="step", needs="write")]
