"""What my organisation sent down, by batch: who has received, answered, been signed off, and who has not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.actions import directives
from huxue.core.calendar import Calendar
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused, date_of
from huxue.ledger import sending
from huxue.ledger.drafts import new_id
from huxue.organisations.particulars import named, organisation
from huxue.organisations.relations import area_of
from huxue.web.acting import by, noted
from huxue.web.fields.typed import code_in
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules

DAYS: Final = 7  # until the deadline that a new one proposes
NAMED: Final = 300  # addressees that the page before sending names
ASKED: Final = ("directive_kind", "subject", "content", "needs_answer", "deadline", "number", "campaign")


class Chosen(NamedTuple):
    """To whom something is to go, and the words for it."""

    codes: list[str]
    names: list[str]


def sent(request: Request) -> HttpResponse:
    """List what my organisation has sent, the latest first."""
    mine = acting_for(request)
    before = request.GET.get("before", "")
    found = sending.batches(
        mine, now=request.now, before=int(before) if before.isdecimal() else None, limit=sending.PAGE + 1
    )
    return page(
        request, "sent/sent.html", batches=found[: sending.PAGE], kinds=kinds_of(request),
        more=found[sending.PAGE - 1].at if len(found) > sending.PAGE else None,
    )  # fmt: skip


def batch(request: Request, code: str) -> HttpResponse:
    """Show one batch: what it says, who has not received it, who owes an answer, whose answer waits for me."""
    mine = acting_for(request)
    found = sending.batch(mine, code, now=request.now)
    if found is None:
        raise Http404
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _act(request, code)
            return redirect("sent_batch", code=code)
        except Refused as problem:
            refused = problem
    cases = sending.cases_of(code)
    return page(
        request, "sent/batch.html", 422 if refused else 200, batch=found, refused=refused, kinds=kinds_of(request),
        waiting=[c for c in cases if c.step == "sent"],
        answering=[c for c in cases if c.step in ("received", "returned")],
        answered=[c for c in cases if c.step == "answered"], ended=[c for c in cases if c.ended_as],
        flow=rules(request).kind(directives.KIND).flow,
    )  # fmt: skip


def _act(request: Request, code: str) -> None:
    """Remind, sign off or cancel: those chosen, or all whom it concerns."""
    what, cases = request.POST.get("do", ""), sending.cases_of(code)
    chosen = set(request.POST.getlist("item")) & {c.item for c in cases}
    common: dict[str, Any] = {
        "rulebook": rules(request).rulebook,
        "now": request.now,
        "by": by(request),
        "calendar": calendar_of(request),
    }
    if what == "remind":
        noted(directives.remind(**common, items=[c.item for c in cases if c.step in ("sent", "received", "returned")]))
    elif what == "sign_off":
        items = chosen or {c.item for c in cases if c.step == "answered"}
        noted(directives.sign_off(**common, items=items))
    elif what == "cancel":
        items = {c.item for c in cases if not c.ended_as}
        noted(directives.cancel(**common, items=items, reason=request.POST.get("reason", "")))
    else:
        raise Http404


def send(request: Request) -> HttpResponse:
    """Write something to be sent: first what and to whom, then how many and who they are, then it goes out once."""
    acting_for(request)
    refused, chosen = None, None
    if request.method == "POST":
        try:
            chosen = _chosen(request)
            if request.POST.get("agreed"):
                return redirect("sent_batch", code=_sent(request, chosen))
            _checked(request)
        except Refused as problem:
            refused, chosen = problem, None
    book = rules(request).rulebook
    under = _under(request)
    return page(
        request, "sent/new.html", 422 if refused else 200, refused=refused, said=request.POST, chosen=chosen,
        batch=request.POST.get("batch") or new_id(), kinds=kinds_of(request), campaigns=book.lists.get("campaigns", {}),
        groups=sending.groups(request.viewer.scope, under, without=acting_for(request)), types=book.organisation_types,
        picked=request.POST.getlist("type") or request.GET.getlist("type"), named=NAMED,
        codes=request.POST.get("codes") or _picked(request.GET.getlist("to")),
        proposed=(date_of(request.today) + timedelta(days=DAYS)).isoformat(), kept=_kept(request),
    )  # fmt: skip


def _kept(request: Request) -> list[tuple[str, str]]:
    said = request.POST
    return [(n, v) for n in said for v in said.getlist(n) if n not in ("csrfmiddlewaretoken", "agreed", "back")]


def _sent(request: Request, chosen: Chosen) -> str:
    found = directives.send(
        rulebook=rules(request).rulebook, now=request.now, by=by(request), addressees=chosen.codes,
        values=_values(request), calendar=calendar_of(request), batch=request.POST.get("batch", ""),
    )  # fmt: skip
    noted(found.receipts)
    return found.batch


def _checked(request: Request) -> None:
    """Refuse a form that could not be sent, before anybody looks at the list of addressees."""
    values = {**_values(request), "batch": "-"}
    rules(request).checker(directives.KIND).check(values, step="sent").or_refuse()
    day = date.fromisoformat(str(values["deadline"])) if values.get("deadline") else None
    if day is not None and day < date_of(request.today):
        raise Refused("deadline_passed", "期限早于今天。", "The deadline lies before today.")


def _values(request: Request) -> dict[str, Any]:
    said = request.POST
    values = {name: said[name].strip() for name in ASKED if said.get(name, "").strip()}
    return values | {"needs_answer": said.get("needs_answer", "") == "yes"}


def _chosen(request: Request) -> Chosen:
    """Return the organisations of the types that were ticked, and those named one by one; each once."""
    scope, mine = request.viewer.scope, acting_for(request)
    found = dict(sending.of_types(scope, request.POST.getlist("type"), _under(request), without=mine))
    codes = _codes(request.POST.get("codes", ""))
    single = named(codes)
    for code in codes:
        one = organisation(code) if code in single else None
        if one is None or not scope.covers(one.path):
            raise Refused("unknown_organisation", f"您的范围内没有“{code}”。", f"There is no {code!r} within reach.")
        found[code] = one.name
    if not found:
        raise Refused("nobody", "没有选择收文单位。", "Nobody was chosen to send it to.")
    return Chosen(list(found), list(found.values()))


def _codes(said: str) -> list[str]:
    """Return the codes of organisations that were picked (``Name (CODE)``; …) or typed with spaces between them."""
    parts = [part.strip() for part in said.replace("；", ";").replace("\n", ";").split(";")]
    one_by_one = ([code] if (code := code_in(part)) != part else part.replace("，", " ").replace(",", " ").split()
                  for part in parts)  # fmt: skip
    return [code for codes in one_by_one for code in codes]


def _picked(codes: list[str]) -> str:
    """Return organisations as they stand in a picker."""
    names = named(codes)
    return "；".join(f"{names[code].name} ({code})" if code in names else code for code in codes)


def _under(request: Request) -> str:
    """Return the path below which the addressees are chosen, ``""`` for everywhere within reach."""
    code = code_in(request.POST.get("under", request.GET.get("under", "")).strip())
    one = organisation(code) if code else None
    return one.path if one and request.viewer.scope.covers(one.path) else ""


def acting_for(request: Request) -> str:
    """Return the organisation acted for; who holds no post has no such page."""
    if request.viewer.post is None:
        raise Http404
    return request.viewer.post.organisation


def kinds_of(request: Request) -> Any:
    """Return the sorts of what is sent down; a rulebook without any has no such page."""
    book: Rulebook = rules(request).rulebook
    if directives.KIND not in book.kinds:
        raise Http404
    return book.lists.get("directive-kinds", {})


def calendar_of(request: Request) -> Calendar:
    """Return the calendar of the organisation acted for."""
    calendars = rules(request).calendars
    area = area_of(acting_for(request))
    return calendars[area] if area in calendars.areas else calendars.default


ROUTES = [
    route("sent", sent, name="sent", needs="send"),
    route("sent/new", send, name="send", needs="send"),
    route("sent/<str:code>", batch, name="sent_batch", needs="send"),
]
