"""Writing: a new record, entry or case; corrections and changes; and what a form asks for while it is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from huxue.actions import facts
from huxue.actions.acting import By, kind_for
from huxue.core.kinds import Kind, fields_of_step
from huxue.core.values import MINUTES_A_DAY, Refused, Text
from huxue.ledger import candidates, files
from huxue.ledger.drafts import Receipt
from huxue.organisations.relations import area_of
from huxue.organisations.tables import select
from huxue.web import converters, drafts, prefill  # converters: the parts of our addresses
from huxue.web.fields.naming import within
from huxue.web.fields.typed import sealed, typed_of, unsealed
from huxue.web.filling import Form, Given, keep_sent
from huxue.web.reading import Item, item_or_404, list_address
from huxue.web.routing import Request, route
from huxue.web.rules import BEGUN, rules

_NEW = {
    "record": Text(zh="登记：{}", en="Record: {}"),
    "register": Text(zh="新增：{}", en="New entry: {}"),
    "case": Text(zh="{}", en="{}"),
}
_GIVEN_BY_FLOW = ("by", "from")  # roles that nobody types: the own organisation, and whose it was before


def by_of(request: Request) -> By:
    """Return who acts; an account without a post writes nothing."""
    post = request.viewer.post
    if post is None:
        raise Http404
    return By(post.post, request.viewer.person)


def own_lines(request: Request) -> list[tuple[str, str]]:
    """Return what a form says of who fills it in, instead of asking."""
    post, lang = request.viewer.post, request.lang
    if post is None:
        return []
    named = rules(request).rulebook.posts.get(post.type)
    title = named.say(lang) if named else post.type
    return [("填报" if lang == "zh" else "Filled in by", f"{post.organisation_name} · {title} · {request.viewer.name}")]


def new(request: Request, kind: str) -> HttpResponse:
    """Write a new record, entry or case of a kind."""
    declared = rules(request).kind(kind)
    if kind in BEGUN:
        return redirect(BEGUN[kind])
    kind_for(rules(request).rulebook, kind, declared.shape, by_of(request))  # a refusal before anything is typed
    form = opening_form(request, declared) if declared.shape == "case" else _new_form(request, declared)
    if request.method == "POST":
        return form.answer(lambda given: _written(request, declared, form.step, given))
    form.typed = _begun(request, declared, form)
    return form.show()


def _new_form(request: Request, kind: Kind) -> Form:
    title = _NEW[kind.shape].say(request.lang).format(kind.title.say(request.lang))
    return Form(
        request, kind, title, "保存" if request.lang == "zh" else "Save",
        fields={name: one.required for name, one in kind.fields.items()}, roles=asked_roles(kind),
        at="date" if kind.shape == "register" else "time", makeup=kind.shape == "record", lead=own_lines(request),
        back=list_address(kind.code),
    )  # fmt: skip


def asked_roles(kind: Kind) -> dict[str, bool]:
    """Return the roles that a form asks for; what an organisation field of a step says is not asked again."""
    return {name: role.required for name, role in kind.roles.items() if name not in _GIVEN_BY_FLOW}


def opening_form(request: Request, kind: Kind) -> Form:
    """Return the form that opens a case: by the step asked for, else the first one."""
    openings = [name for name, step in kind.flow.items() if step.opening]
    step = request.GET.get("step") or openings[0]
    if step not in openings:
        raise Http404
    said = kind.flow[step]
    required = {*said.asks, *(name for name, one in kind.fields.items() if one.required)}
    allowed = fields_of_step(kind, said)
    title = f"{kind.title.say(request.lang)} · {said.title.say(request.lang)}"
    return Form(
        request, kind, title, said.title.say(request.lang), step=step, lead=own_lines(request),
        fields={name: name in required for name in kind.fields if name in allowed}, roles=asked_roles(kind),
        back=list_address(kind.code),
    )  # fmt: skip


def _begun(request: Request, kind: Kind, form: Form) -> dict[str, list[str]]:
    like = request.GET.get("like", "")
    typed = prefill.for_new(request, kind, form.fields)
    if like:
        typed = prefill.like(request, kind, item_or_404(request, kind.code, like).fields) | typed
    return typed


def _written(request: Request, kind: Kind, step: str, given: Given) -> Receipt:
    book, by = rules(request).rulebook, by_of(request)
    roles = {**given.roles, "by": (by.organisation,)}
    shared: dict[str, Any] = {"rulebook": book, "now": request.now, "by": by, "kind": kind.code, "at": given.at,
                              "values": given.values, "roles": roles, "id": given.id}  # fmt: skip
    if kind.shape == "record":
        return facts.record(**shared, reference=given.reference, makeup=given.makeup)
    if kind.shape == "register":
        return facts.open_entry(**shared)
    about = (given.roles.get("about") or (by.organisation,))[0]
    return facts.take_step(**shared, step=step, calendar=calendar_of(request, about))


def calendar_of(request: Request, organisation: str) -> Any:
    """Return the calendar of the area of an organisation."""
    calendars = rules(request).calendars
    return calendars.get(area_of(organisation), calendars.default)


def correct(request: Request, kind: str, item: str) -> HttpResponse:
    """Put a complete new version in the place of a fact: of the last one, unless the address names another."""
    found = _own_item(request, kind, item)
    wanted = request.GET.get("fact") or found.said.id
    old = next((fact for fact in found.live if fact.id == wanted and fact.verb != "close"), None)
    if old is None:
        raise Http404
    step = found.kind.flow.get(old.step)
    allowed = fields_of_step(found.kind, step) if step else frozenset(found.kind.fields)
    required = _required(found.kind, old.step)
    title = f"{'更正' if request.lang == 'zh' else 'Correct'}：{found.kind.title.say(request.lang)}"
    form = Form(
        request, found.kind, title, "保存更正" if request.lang == "zh" else "Save the correction", step=old.step,
        fields={name: name in required for name in found.kind.fields if name in allowed},
        lead=own_lines(request), back=_address(found),
    )  # fmt: skip
    if request.method == "POST":
        return form.answer(lambda given: facts.correct(
            rulebook=rules(request).rulebook, now=request.now, by=by_of(request), fact=old.id, at=given.at, id=given.id,
            values=given.values,
        ))  # fmt: skip
    form.typed = _as_it_is(request, found, found.clear[old.id], form.fields, old.at)
    return form.show()


def _required(kind: Kind, step: str) -> set[str]:
    required = {name for name, one in kind.fields.items() if one.required}
    if not step:
        return required
    said = kind.flow[step]
    return {*said.asks, *(required if said.opening else ())}


def _as_it_is(
    request: Request, item: Item, values: Mapping[str, Any], names: Mapping[str, bool], at: int
) -> dict[str, list[str]]:
    open_ones = {n: v for n, v in values.items() if not (isinstance(v, Mapping) and next(iter(v), "").startswith("$"))}
    return {**prefill.of_values(request, item.kind, open_ones, names), "at": [prefill.moment(at)]}


def change(request: Request, kind: str, item: str) -> HttpResponse:
    """Say how an entry is from a day on."""
    found = _own_item(request, kind, item)
    if found.kind.shape != "register" or found.closed:
        raise Http404
    title = f"{'变更' if request.lang == 'zh' else 'Change'}：{found.kind.title.say(request.lang)}"
    form = Form(
        request, found.kind, title, "保存变更" if request.lang == "zh" else "Save the change", at="date",
        fields={name: one.required for name, one in found.kind.fields.items()}, lead=own_lines(request),
        back=_address(found),
    )  # fmt: skip
    if request.method == "POST":
        return form.answer(lambda given: facts.change_entry(
            rulebook=rules(request).rulebook, now=request.now, by=by_of(request), item=item, at=given.at,
            values=given.values, id=given.id,
        ))  # fmt: skip
    now = request.today * MINUTES_A_DAY
    form.typed = _as_it_is(request, found, found.fields, form.fields, now)
    return form.show()


def _own_item(request: Request, kind: str, item: str) -> Item:
    """Return an item of the own organisation; another's is not for this viewer to change."""
    found = item_or_404(request, kind, item)
    refuse_others(request, found)
    return found


def refuse_others(request: Request, item: Item) -> None:
    """Refuse ``not_yours`` to who did not write an item."""
    if by_of(request).organisation not in item.writers:
        raise Refused(
            "not_yours", "只有填报单位可以更正、变更或撤回。", "Only the organisation that wrote it may change it."
        )
    if item.withdrawn:
        raise Refused("withdrawn", "这一事项已撤回。", "This has been withdrawn.")


def _address(item: Item) -> str:
    return reverse("item", kwargs={"kind": item.kind.code, "item": item.item})


# What a form asks for while it is filled in


def pick(request: Request, sort: str) -> HttpResponse:
    """Offer organisations, posts or persons by name, initials or code."""
    asked, viewer = request.GET.get("q", "").strip()[:60], request.viewer
    book = rules(request).rulebook
    if sort == "organisation":
        types = [one for one in request.GET.get("type", "").split(",") if one]
        about = request.GET.get("role") == "about"
        return _offered(candidates.organisations(viewer, asked, types=types, only_within=about))
    if sort == "post":
        return _offered(candidates.posts(viewer, asked, book, request.lang, now=request.now))
    if sort == "person":
        near = request.GET.get("near", "")
        return _offered(candidates.persons(viewer, asked, book, request.lang, now=request.now, near=near))
    raise Http404


def pick_entry(request: Request, kind: str) -> HttpResponse:
    """Offer entries of a register within reach."""
    declared = rules(request).kind(kind)
    if declared.shape != "register":
        raise Http404
    asked = request.GET.get("q", "").strip()[:60]
    return _offered(candidates.entries(request.viewer, asked, declared, rules(request).rulebook, request.lang))


def _offered(found: list[candidates.Candidate]) -> JsonResponse:
    said = [{"value": one.label, "name": one.name, "note": one.note} for one in found]
    return JsonResponse(said, safe=False, json_dumps_params={"ensure_ascii": False})


def draft(request: Request) -> HttpResponse:
    """Keep what stands in a form, or throw it away; the form's script calls this, the button without script too."""
    if request.method != "POST":
        raise Http404
    user, form = request.viewer.user, request.POST.get("form", "")
    if user is None or not form.startswith("/k/") or len(form) > 400:  # noqa: PLR2004 - no address of ours is longer
        raise Http404
    if "drop" in request.POST:
        drafts.drop(user.pk, form)
        return HttpResponse(status=303, headers={"Location": form})
    kind = rules(request).kind(form.split("/")[2])
    personal = {f"f.{name}" for name, one in kind.fields.items() if one.personal}
    typed = {name: said for name, said in typed_of(request.POST).items() if said}
    kept = drafts.keep(user.pk, form, typed, personal=personal, now=request.now)
    return JsonResponse({"kept": kept, "at": request.now})


def upload(request: Request) -> HttpResponse:
    """Keep a file before its form is sent; the answer is what the form then names it by."""
    sent = request.FILES.get("file")
    if request.method != "POST" or sent is None or request.viewer.user is None:
        raise Http404
    try:
        kept = keep_sent(request, sent, pictures_only=request.POST.get("photos") == "1")
    except Refused as refused:
        return JsonResponse({"refused": refused.say(request.lang)}, status=422)
    value = sealed(kept.sha256, request.viewer.user.pk)
    return JsonResponse({"value": value, "name": kept.name, "size": kept.size, "picture": kept.picture,
                         "address": f"{reverse('file', kwargs={'sha256': kept.sha256})}?mine={value}"})  # fmt: skip


def file(request: Request, sha256: str) -> FileResponse:
    """Hand out a file to who sees an item that names it, or has just sent it himself."""
    kept = files.found(settings.SITE, sha256)
    if kept is None or not (_mine(request, sha256) or _named(request, sha256)):
        raise Http404
    answer = FileResponse(
        files.path_of(settings.SITE, sha256).open("rb"), content_type=kept.media_type, filename=kept.name,
        as_attachment=not kept.picture,
    )  # fmt: skip
    answer["Cache-Control"] = "private, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _mine(request: Request, sha256: str) -> bool:
    user = request.viewer.user
    return user is not None and unsealed(request.GET.get("mine", ""), user.pk) == sha256


def _named(request: Request, sha256: str) -> bool:
    """Whether an item that the viewer sees names the file; personal ones only where he may read those."""
    rows = select(
        "SELECT f.kind, f.item, a.field, c.organisation FROM ledger_attachment a JOIN ledger_fact f ON f.id = a.fact "
        "JOIN ledger_credit c ON c.fact = f.seq WHERE a.sha256 = %s", sha256,
    )  # fmt: skip
    seen = within(request.viewer, {row[3] for row in rows})
    return any(row[3] in seen for row in rows)


ROUTES = [
    route("k/<slug:kind>/new", new, name="new", needs="write"),
    route("k/<slug:kind>/<item:item>/correct", correct, name="correct", needs="write"),
    route("k/<slug:kind>/<item:item>/change", change, name="change", needs="write"),
    route("pick/<slug:sort>", pick, name="pick", needs="write"),
    route("pick/entry/<slug:kind>", pick_entry, name="pick_entry", needs="write"),
    route("drafts", draft, name="drafts", needs="write"),
    route("files", upload, name="files", needs="write"),
    route("files/<sha:sha256>", file, name="file", needs="see"),
]
__all__ = ["ROUTES", "converters"]
