"""Items of a kind: read in pages by key, read one with its facts, written by the verbs that the forms use.

::

    GET  /api/k/drill?f.drill_kind=evacuation&from=2026-03-01&size=100    → rows, total, next
    GET  /api/k/drill/<item>                                              → one row with its facts
    POST /api/k/drill          {"id", "at", "values", "roles", "reference", "makeup"}     a record
    POST /api/k/guard          {"id", "at", "values", "roles"}                            an entry is opened
    POST /api/k/guard/<item>   {"id", "at", "values", "roles"} or {"id", "at", "close": true}
    POST /api/k/hazard         {"id", "at", "values", "roles", "step"}                    a case is opened
    POST /api/k/hazard/<item>  {"id", "at", "values", "roles", "step"}

Without ``state`` a list of entries or cases shows what is open; ``state=all`` shows everything.

``id`` is the client's own and makes sending it twice safe: the same again is the earlier receipt (200 instead of 201),
other content is refused (409 ``different_content``). ``at`` is local time, ``2026-03-05T08:30``; without it, now.
``values`` are as the declaration says and as they are read. Whoever writes needs the token of the site's forms in the
header ``X-CSRFToken``. A refusal is ``{"code", "zh", "en"}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.urls import reverse

from huxue.actions import facts
from huxue.actions.acting import By
from huxue.api.answers import answer, body, part, refuse_unknown
from huxue.core.facts import Fact
from huxue.core.kinds import Kind
from huxue.core.kinds.numbers import decimals_of, number_text
from huxue.core.kinds.times import read_time
from huxue.core.kinds.wrong import Wrong
from huxue.core.values import Refused, minute_of, moment_of
from huxue.ledger.drafts import Receipt
from huxue.ledger.for_workbooks import places_called
from huxue.ledger.listing import page
from huxue.organisations.relations import area_of
from huxue.web.after import after_write
from huxue.web.asked import FILTER
from huxue.web.outgoing import Outgoing, Shown, asked_of
from huxue.web.papers import Paper, paper_of
from huxue.web.routing import Request, route
from huxue.web.rules import rules

SIZE, MOST = 50, 500  # rows of a page
_WORDS: Final = ("q", "state", "step", "org", "from", "to", "order", "after", "exact", "size")
_KNOWN: Final = {
    "record": ("id", "at", "values", "roles", "reference", "makeup"),
    "register": ("id", "at", "values", "roles", "close"),
    "case": ("id", "at", "values", "roles", "step"),
}


def many(request: Request, kind: str) -> HttpResponse:
    """Read a page of a kind's items, or write a new one."""
    declared = rules(request).kind(kind)
    if request.method == "POST":
        return _written(request, declared, "")
    if request.method != "GET":
        return _not_so(request)
    _refuse_words(request, declared)
    asked = asked_of(request, declared, size=_size(request))
    found = page(declared, request.viewer.scope, asked)
    out = Outgoing(request, declared, asked)
    return answer({
        "kind": kind, "total": found.total, "exact": found.exact, "left_out": found.left_out,
        "rows": [_row(declared, row) for row in out.shown(found.rows)],
        "next": _address(request, kind, found.next), "previous": _address(request, kind, found.previous),
    })  # fmt: skip


def _refuse_words(request: Request, kind: Kind) -> None:
    """Refuse (``bad_query``) a word that no list reads: a filter misspelt would show more than was meant."""
    filters = {f"{FILTER}{name}" for name, field in kind.fields.items() if field.facet}
    strange = sorted(set(request.GET) - filters - set(_WORDS))
    if strange:
        named = ", ".join(strange)[:200]
        raise Refused("bad_query", f"不认识的查询条件：{named}。", f"Nobody knows these words of the query: {named}.")


def _size(request: Request) -> int:
    said = request.GET.get("size", str(SIZE))
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= MOST):
        raise Refused("bad_size", f"size 应为 1 至 {MOST} 的整数。", f"size is a whole number from 1 to {MOST}.")
    return int(said)


def _address(request: Request, kind: str, key: str) -> str | None:
    if not key:
        return None
    query = request.GET.copy()
    query["after"] = key
    return f"{reverse('api_items', args=[kind])}?{query.urlencode()}"


def single(request: Request, kind: str, item: str) -> HttpResponse:
    """Read one item with its facts, or go on with it."""
    paper = paper_of(request, kind, item)
    if request.method == "POST":
        return _written(request, paper.kind, item)
    if request.method != "GET":
        return _not_so(request)
    last = paper.live[-1]
    return answer({
        "item": item, "kind": kind, "address": reverse("item", kwargs={"kind": kind, "item": item}),
        "values": {name: plain(paper.kind, name, value) for name, value in paper.now().items()},
        "step": last.step, "deadline": _moment(last.deadline), "facts": [_fact(paper, fact) for fact in paper.live],
    })  # fmt: skip


def _not_so(request: Request) -> HttpResponse:
    method = request.method or ""
    said = {"code": "not_allowed", "zh": f"这个地址不能 {method}。", "en": f"{method} is not for this address."}
    response = answer(said, 405)
    response["Allow"] = "GET, POST"
    return response


def _row(kind: Kind, row: Shown) -> dict[str, Any]:
    found = {
        "item": row.item, "organisation": row.organisation, "organisation_name": row.organisation_name,
        "at": _moment(row.at), "roles": {role: list(codes) for role, codes in row.roles.items()},
        "values": {name: plain(kind, name, value) for name, value in row.fields.items()},
    }  # fmt: skip
    state = {"step": row.step, "deadline": _moment(row.deadline)} if kind.shape == "case" else {}
    return found | state | ({"ended_as": row.ended_as} if kind.shape != "record" else {})


def _fact(paper: Paper, fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id, "verb": fact.verb, "step": fact.step, "at": _moment(fact.at), "recorded": _moment(fact.recorded),
        "post": fact.post, "roles": {role: list(codes) for role, codes in fact.roles.items()},
        "values": {name: plain(paper.kind, name, value) for name, value in paper.fields[fact.id].items()},
        "deadline": _moment(fact.deadline), "reference": fact.reference, "makeup": fact.makeup,
    }  # fmt: skip


def plain(kind: Kind, name: str, value: Any) -> Any:
    """Return a stored value as it goes out and comes in: a number with decimals as text, hidden personal data as null.

    Writing takes every such value back to the same.
    """
    if isinstance(value, Mapping) and "$personal" in value:
        return None
    field = kind.fields.get(name)
    if field is not None and field.type in ("number", "money") and decimals_of(field):
        return number_text(value, decimals_of(field))
    return value


def _moment(minute: int | None) -> str | None:
    return None if minute is None else f"{moment_of(minute):%Y-%m-%dT%H:%M}"


# --- writing -------------------------------------------------------------------------------------------------------


def _written(request: Request, kind: Kind, item: str) -> HttpResponse:
    """Write what was sent and answer with its receipt."""
    if not request.viewer.may("write") or request.viewer.post is None:
        raise Http404
    said = body(request)
    refuse_unknown(said, _KNOWN[kind.shape])
    by = By(request.viewer.post.post, request.viewer.person)
    at, roles = _at(request, part(said, "at", str, "")), _roles(request, by, part(said, "roles", dict, {}))
    receipt = _deed(request, kind, item, by, said, at, roles)
    after_write(request, receipt, kind=kind.code, organisations=[by.organisation])
    address = reverse("api_item", kwargs={"kind": kind.code, "item": receipt.item})
    found = {"id": receipt.id, "item": receipt.item, "hash": receipt.hash, "recorded": _moment(receipt.recorded),
             "earlier": receipt.earlier, "marks": receipt.marks, "address": address}  # fmt: skip
    return answer(found, 200 if receipt.earlier else 201)


def _deed(
    request: Request, kind: Kind, item: str, by: By, said: dict[str, Any], at: int, roles: dict[str, Sequence[str]]
) -> Receipt:
    book = rules(request)
    values, uid = part(said, "values", dict, {}), part(said, "id", str, "")
    common: dict[str, Any] = {"rulebook": book.rulebook, "now": request.now, "by": by, "at": at, "id": uid}
    if kind.shape == "case":
        about = next(iter(roles.get("about", ())), "") or _concerned(request, kind, item, by)
        calendar = book.calendars.get(area_of(about), book.calendars.default)
        step = part(said, "step", str, "")
        return facts.take_step(
            **common, kind=kind.code, step=step, values=values, calendar=calendar, item=item, roles=roles or None
        )
    if kind.shape == "record":
        if item:
            raise Refused("not_allowed", "记录不能变更，请更正。", "A record is corrected, not gone on with.")
        return facts.record(
            **common, kind=kind.code, values=values, roles=roles or None,
            reference=part(said, "reference", str, ""), makeup=part(said, "makeup", bool, False),  # noqa: FBT003
        )  # fmt: skip
    if not item:
        return facts.open_entry(**common, kind=kind.code, values=values, roles=roles or None)
    _refuse_others(request, kind, item, by)
    if part(said, "close", bool, False):  # noqa: FBT003 - the default of a part
        return facts.close_entry(**common, item=item)
    return facts.change_entry(**common, item=item, values=values, roles=roles or None)


def _concerned(request: Request, kind: Kind, item: str, by: By) -> str:
    """Return whom a case is about: its calendar counts."""
    if not item:
        return by.organisation
    live = paper_of(request, kind.code, item).live
    return next((fact.roles["about"][0] for fact in live if fact.roles.get("about")), by.organisation)


def _refuse_others(request: Request, kind: Kind, item: str, by: By) -> None:
    """Refuse (``not_yours``) to change an entry that another organisation keeps."""
    live = paper_of(request, kind.code, item).live
    if by.organisation not in {code for fact in live for code in fact.roles.get("by", ())}:
        raise Refused("not_yours", "只有填报单位可以变更。", "Only the organisation that wrote it may change it.")


def _at(request: Request, said: str) -> int:
    if not said:
        return request.now
    try:
        return minute_of(datetime.fromisoformat(read_time(said)))
    except Wrong as wrong:
        raise Refused("bad_time", f"at：{wrong.zh}。", f"at: {wrong.en}.") from None


def _roles(request: Request, by: By, said: dict[str, Any]) -> dict[str, Sequence[str]]:
    """Return the roles given. One acts for one's own organisation, and about what is within reach."""
    for name, codes in said.items():
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            raise Refused("bad_json", f"“{name}”应是单位编码的列表。", f"{name!r} is a list of codes.")
    if said.get("by") not in (None, [by.organisation]):
        raise Refused("not_yours", "只能以本单位名义填报。", "One acts for one's own organisation.")
    wanted = {code for codes in said.values() for code in codes}
    unknown = wanted - {row[0] for row in places_called(wanted)} if wanted else set()
    beyond = {code for code in said.get("about", ()) if not request.viewer.sees(code)}
    if unknown | beyond:
        names = "、".join(sorted(unknown | beyond))[:200]
        raise Refused("unknown_organisation", f"没有单位：{names}。", f"There is no organisation: {names}.")
    return {"by": [by.organisation], **{name: list(codes) for name, codes in said.items()}} if said else {}


ROUTES = [
    route("api/k/<slug:kind>", many, name="api_items", needs="see"),
    route("api/k/<slug:kind>/<item:item>", single, name="api_item", needs="see"),
]
