"""Parameters, to read and to change; and the families of duties, to switch on and off with their burden shown first."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions.acting import By
from huxue.actions.parameters import Change, Preview, preview, set_parameter
from huxue.actions.rulebooks import activate, prepare
from huxue.core.burden import by_role, minutes_a_month
from huxue.core.handbook.duty import amount_of, bounds
from huxue.core.handbook.voice import Voice
from huxue.core.values import Refused, day_of
from huxue.web import burden
from huxue.web.editions import steps
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.rulebook import sections_of, voice_of


def acting(request: Request) -> By | None:
    """Return who acts: the post and the person; ``None`` for an administrator, who has no post."""
    viewer = request.viewer
    return By(viewer.post.post, viewer.person) if viewer.post else None


def all_parameters(request: Request) -> HttpResponse:
    """Show the parameters: value, unit, bounds, whether the city has confirmed it and by which document."""
    voice = voice_of(request)
    users = _users(voice)
    only = request.GET.get("only", "")
    rows = [
        (code, one, amount_of(voice, one), bounds(voice, one), users.get(code, []))
        for code, one in sorted(voice.rulebook.parameters.items())
        if only not in ("open", "used") or (only == "open" and not one.confirmed) or (only == "used" and code in users)
    ]
    return page(
        request, "rulebook/parameters.html", rows=rows, only=only, set_by=_set_by(), sections=sections_of(voice)
    )


def _users(voice: Voice) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for duty in voice.rulebook.duties.values():
        for name in duty.parameters:
            found.setdefault(name, []).append(duty.code)
    return found


def _set_by() -> dict[str, dict[str, str]]:
    """Return by parameter what was said last: day, post, document."""
    return {
        one.said["parameter"]: {**one.said, "day": str(one.activation.valid_from), "post": one.activation.post}
        for one in steps()
        if one.said["parameter"]
    }


def one_parameter(request: Request, code: str) -> HttpResponse:
    """Show one parameter with the duties that read it; those who may change it see first what would follow."""
    voice = voice_of(request)
    if code not in voice.rulebook.parameters:
        raise Http404
    if request.method != "POST":
        return _parameter(request, voice, code)
    if not request.viewer.may("rulebook-change"):
        raise Http404
    try:
        return _asked_change(request, voice, code)
    except Refused as refused:
        return _parameter(request, voice, code, refused=refused, status=422)


def _asked_change(request: Request, voice: Voice, code: str) -> HttpResponse:
    """Preview a change, or make it where the preview was seen."""
    book, by = rules(request).edition.rulebook.code, acting(request)
    change = _change(request, code)
    if "sure" in request.POST:
        if by is None:
            raise _no_post()
        set_parameter(change, code=book, by=by, now=request.now)
        return redirect("editions")
    return _parameter(request, voice, code, seen=preview(change, code=book, now=request.now))


def _no_post() -> Refused:
    return Refused(
        "no_post",
        "参数由任职的人以其岗位修改，管理员账号没有岗位。",
        "A parameter is changed by somebody in a post; an administrator's account has none.",
    )


def _change(request: Request, code: str) -> Change:
    said = request.POST.get("valid_from", "").strip()
    try:
        first = day_of(date.fromisoformat(said)) if said else None
    except ValueError:
        raise Refused("bad_day", f"“{said}”不是日期，应写 2026-09-01。", f"'{said}' is no date: 2026-09-01.") from None
    words = {name: request.POST.get(name, "").strip() for name in ("value", "reason", "document")}
    return Change(code, valid_from=first, **words)


def _parameter(
    request: Request, voice: Voice, code: str, *, seen: Preview | None = None, refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    one = voice.rulebook.parameters[code]
    return page(
        request, "rulebook/parameter.html", status, code=code, one=one, amount=amount_of(voice, one),
        bounds=bounds(voice, one), seen=seen, refused=refused, said=request.POST if request.method == "POST" else {},
        duties=[duty for duty in voice.rulebook.duties.values() if code in duty.parameters],
        history=[step for step in steps() if step.said.get("parameter") == code][::-1],
        acts=acting(request) is not None,
    )  # fmt: skip


def families(request: Request) -> HttpResponse:
    """Show the families of duties and what each costs; those who may switch one see the burden before and after."""
    if request.method == "POST" and not request.viewer.may("rulebook-change"):
        raise Http404
    refused: Refused | None = None
    wanted: tuple[str, bool] | None = None
    try:
        if request.method == "POST":
            wanted = request.POST.get("family", ""), request.POST.get("turn") == "on"
            if "sure" in request.POST:
                return _switch(request, *wanted)
    except Refused as problem:
        refused = problem
    return _families(request, wanted, refused)


def _switch(request: Request, family: str, turned_on: bool) -> HttpResponse:  # noqa: FBT001 - what the form says
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused("no_reason", "请写明理由。", "Say why.")
    switched = {"on" if turned_on else "off": [family]}
    activate(rules(request).edition.rulebook, **switched, now=request.now, by=acting(request), reason=reason)  # type: ignore[arg-type]
    return redirect("families")


def _families(request: Request, wanted: tuple[str, bool] | None, refused: Refused | None) -> HttpResponse:
    found = rules(request)
    before = by_role(burden.costs_of(found, request.today))
    after = before
    if wanted and wanted[0] in found.edition.rulebook.families:
        switched = {"on" if wanted[1] else "off": [wanted[0]]}
        _, made = prepare(found.edition.rulebook, **switched, now=request.now)  # type: ignore[arg-type]
        after = by_role(burden.costs_if(made, found, request.today))
    counts: dict[str, int] = {}
    for duty in found.edition.rulebook.duties.values():
        counts[duty.family] = counts.get(duty.family, 0) + 1
    return page(
        request, "rulebook/families.html", 422 if refused else 200, edition=found.edition, counts=counts,
        wanted=wanted, refused=refused, rows=burden_rows(request, before, after) if wanted else [],
        book=found.edition.rulebook, sections=sections_of(voice_of(request)),
    )  # fmt: skip


def burden_rows(
    request: Request, before: dict[burden.Role, int], after: dict[burden.Role, int]
) -> list[tuple[str, int, int]]:
    """Return minutes a month by role where they change: who, before, after."""
    voice = voice_of(request)
    return [
        (role_words(voice, role), minutes_a_month(before.get(role, 0)), minutes_a_month(after.get(role, 0)))
        for role in sorted({*before, *after})
        if before.get(role, 0) != after.get(role, 0)
    ]


def role_words(voice: Voice, role: burden.Role) -> str:
    """Return a role as people say it."""
    type_, post = role
    return f"{voice.types([type_])} · {voice.posts([post])}" if post else voice.types([type_])


ROUTES = [
    route("rulebook/parameters/", all_parameters, name="parameters", needs="rulebook-read"),
    route("rulebook/parameters/<str:code>", one_parameter, name="parameter", needs="rulebook-read"),
    route("rulebook/families/", families, name="families", needs="rulebook-read"),
]
