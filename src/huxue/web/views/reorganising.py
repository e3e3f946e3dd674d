"""Reorganisation: each change first lists what it moves, then is written when somebody agrees to just that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect

from huxue.actions import organisations as verbs
from huxue.actions.acting import By
from huxue.actions.organisations import New
from huxue.core.values import Refused, Text
from huxue.ledger.drafts import Receipt
from huxue.organisations import particulars
from huxue.organisations.models import OPEN, Organisation
from huxue.organisations.tables import select
from huxue.organisations.tree import below
from huxue.web.acting import by, moment_said, noted
from huxue.web.fields.typed import code_in
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.rules import rules
from huxue.web.views.organisations import decided_by, seen

PARTS: Final = 4  # new organisations of one split


@dataclass(frozen=True, slots=True)
class Change:
    """One sort of change: its title, what it would move, and what writes it and says where to go next."""

    title: Text
    moves: Callable[[Request, Organisation], list[Text]]
    write: Callable[[Request, Organisation, int, By], list[Receipt]]


def reorganise(request: Request, org: str, what: str) -> HttpResponse:
    """Ask for a change, show what it moves, write it when that is agreed to."""
    one, change = from_above(request, org), CHANGES.get(what)
    if change is None or one.closed < OPEN:
        raise Http404
    refused, moves = None, None
    if request.method == "POST":
        try:
            at = moment_said(request)
            moves = change.moves(request, one)
            if request.POST.get("agreed"):
                noted(change.write(request, one, at, by(request)))
                return redirect("organisation", org=_next(request, one, what))
        except Refused as problem:
            refused, moves = problem, None
    return page(
        request, "organisations/reorganise.html", 422 if refused else 200, one=one, what=what, change=change,
        moves=moves, refused=refused, said=request.POST, kept=_kept(request.POST), parts=range(PARTS),
        siblings=_siblings(one) if what == "merge" else [],
        children=particulars.below(one.code) if what == "split" else [],
        above=above.name if (above := particulars.organisation(one.parent)) else "",
    )  # fmt: skip


def from_above(request: Request, code: str) -> Organisation:
    """Return an organisation that somebody may reorganise: it is decided from above, nobody moves or closes himself."""
    one = seen(request, code)
    if not decided_by(request, one):
        raise Http404
    return one


def add_post(request: Request, org: str) -> HttpResponse:
    """Open a post, with or without a holder."""
    one, book = seen(request, org), rules(request).rulebook
    refused = None
    if request.method == "POST":
        try:
            noted(_post_written(request, one))
            return redirect("organisation", org=one.code)
        except Refused as problem:
            refused = problem
    declared = book.organisation_types.get(one.type)
    return page(
        request, "organisations/post.html", 422 if refused else 200, one=one, said=request.POST, refused=refused,
        expected=declared.posts if declared else (), titles=book.posts,
        there={post.type for post in particulars.posts(one.code, at=request.now)},
    )  # fmt: skip


def _post_written(request: Request, one: Organisation) -> list[Receipt]:
    said, book = request.POST, rules(request).rulebook
    kind, person = said.get("type", ""), code_in(said.get("person", "").strip())
    if kind not in book.posts:
        raise Refused("unknown_post", "请选择岗位类型。", "Choose a type of post.")
    count = sum(post.type == kind for post in particulars.posts(one.code, at=request.now))
    code = f"{one.code}/{kind}" + (f":{count + 1}" if count else "")
    at, who = moment_said(request), by(request)
    if person:
        return verbs.appoint(now=request.now, by=who, at=at, post=code, person=person)
    return [verbs.open_post(now=request.now, by=who, at=at, post=code)]


# --- what each change moves, and what writes it ------------------------------------------------------------------


def _rename_moves(request: Request, one: Organisation) -> list[Text]:
    name = _given(request, "name", Text(zh="新名称", en="the new name"))
    return [Text(zh=f"名称由“{one.name}”改为“{name}”，编码不变。", en=f"{one.name} becomes {name}; the code stays.")]


def _rename(request: Request, one: Organisation, at: int, who: By) -> list[Receipt]:
    return [verbs.rename(now=request.now, by=who, at=at, code=one.code, name=request.POST["name"].strip())]


def _move_moves(request: Request, one: Organisation) -> list[Text]:
    target = _target(request, "parent")
    inside = _inside(one)
    return [
        Text(zh=f"上级改为“{target.name}”。", en=f"It stands under {target.name} from then on."),
        Text(zh=f"连同下级 {inside} 家一起移动，岗位、任职和未结事项随单位走。",
             en=f"The {inside} below move with it; posts, holdings and what is open stay with the organisation."),
        Text(zh="行业监管按新的上级重新对应。", en="Who supervises it follows from the new place."),
    ]  # fmt: skip


def _move(request: Request, one: Organisation, at: int, who: By) -> list[Receipt]:
    target = _target(request, "parent").code
    return [verbs.move(now=request.now, by=who, at=at, code=one.code, parent=target)]


def _close_moves(request: Request, one: Organisation) -> list[Text]:
    del request
    inside = _inside(one)
    if inside:
        raise Refused(
            "open_children",
            f"还有 {inside} 家下级单位，请先改隶属或合并。",
            f"{inside} organisations stand below: move or merge them first.",
        )
    return [
        Text(zh=f"“{one.name}”撤销，此后不再产生应办事项。", en=f"{one.name} closes and owes nothing more."),
        *_ended(one),
    ]


def _close(request: Request, one: Organisation, at: int, who: By) -> list[Receipt]:
    return verbs.close(now=request.now, by=who, at=at, code=one.code)


def _merge_moves(request: Request, one: Organisation) -> list[Text]:
    others = _others(request, one)
    found = [Text(zh=f"“{o.name}”并入“{one.name}”。", en=f"{o.name} goes into {one.name}.") for o in others]
    children = sum(_inside(o) for o in others)
    if children:
        found.append(
            Text(
                zh=f"它们的下级 {children} 家改隶“{one.name}”。", en=f"The {children} below them move under {one.name}."
            )
        )
    return found + [line for o in others for line in _ended(o)]


def _merge(request: Request, one: Organisation, at: int, who: By) -> list[Receipt]:
    return verbs.merge(now=request.now, by=who, at=at, codes=[o.code for o in _others(request, one)], into=one.code)


def _split_moves(request: Request, one: Organisation) -> list[Text]:
    new, children = _new(request, one), _assigned(request, one)
    found = [Text(zh=f"新设“{n.name}”（{n.code}）。", en=f"{n.name} ({n.code}) is opened.") for n in new]
    for child, parent in children.items():
        found.append(Text(zh=f"下级 {child} 改隶 {parent}。", en=f"{child} moves under {parent}."))
    return [*found, Text(zh=f"“{one.name}”撤销。", en=f"{one.name} closes."), *_ended(one)]


def _split(request: Request, one: Organisation, at: int, who: By) -> list[Receipt]:
    new, children = _new(request, one), _assigned(request, one)
    return verbs.split(now=request.now, by=who, at=at, code=one.code, into=new, children=children)


def _new(request: Request, one: Organisation) -> list[New]:
    rows = [(request.POST.get(f"code{n}", "").strip(), request.POST.get(f"name{n}", "").strip()) for n in range(PARTS)]
    found = [New(code, name, one.type, one.parent, one.area) for code, name in rows if code and name]
    if len(found) < 2:  # noqa: PLR2004 - one would be a new name
        raise Refused("too_few", "分设至少要写两家新单位的编码和名称。", "Name at least two new organisations.")
    return found


def _assigned(request: Request, one: Organisation) -> dict[str, str]:
    new = [n.code for n in _new(request, one)]
    said = {child.code: request.POST.get(f"under:{child.code}", "") for child in particulars.below(one.code)}
    return {child: parent if parent in new else new[0] for child, parent in said.items()}


def _others(request: Request, one: Organisation) -> list[Organisation]:
    codes = [code for code in request.POST.getlist("other") if code != one.code]
    if not codes:
        raise Refused("nobody", "没有选择要并入的单位。", "Choose what is to be merged into this one.")
    return [from_above(request, code) for code in codes]


def _target(request: Request, name: str) -> Organisation:
    code = code_in(_given(request, name, Text(zh="新的上级", en="the new one above")))
    found = particulars.organisation(code)
    if found is None or not request.viewer.scope.covers(found.path):
        raise Refused(
            "unknown_organisation", f"您的范围内没有编码为“{code}”的单位。", f"There is no {code!r} within reach."
        )
    return found


def _given(request: Request, name: str, title: Text) -> str:
    said = request.POST.get(name, "").strip()
    if not said:
        raise Refused("missing", f"请填写{title.zh}。", f"Give {title.en}.")
    return said


def _inside(one: Organisation) -> int:
    """Return how many that stand lie below an organisation, at any depth."""
    low, high = below(one.path)
    return Organisation.objects.filter(path__gt=low, path__lt=high, closed=OPEN).count()


def _ended(one: Organisation) -> list[Text]:
    """Say what ends with an organisation that closes: its posts, who holds them, and what is still open there."""
    posts = particulars.posts(one.code, at=OPEN - 1)
    held = sum(len(post.now) for post in posts)
    ((cases,),) = select("SELECT count(*) FROM ledger_case WHERE open AND organisation = %s", one.code)
    found = [
        Text(zh=f"“{one.name}”的岗位 {len(posts)} 个、任职 {held} 人同时终止。",
             en=f"{len(posts)} posts of {one.name} and {held} holdings end.")
    ]  # fmt: skip
    if cases:
        found.append(
            Text(zh=f"“{one.name}”还有 {cases} 件未结事项，建议先办结。",
                 en=f"{cases} cases are still open at {one.name}: better end them first.")
        )  # fmt: skip
    return found


def _siblings(one: Organisation) -> list[particulars.Branch]:
    return [b for b in particulars.below(one.parent) if b.code != one.code and b.type == one.type]


def _kept(said: QueryDict) -> list[tuple[str, str]]:
    """Return what was typed, to be carried through the preview as hidden fields."""
    return [
        (name, value) for name in said for value in said.getlist(name) if name not in ("csrfmiddlewaretoken", "agreed")
    ]


def _next(request: Request, one: Organisation, what: str) -> str:
    return _new(request, one)[0].code if what == "split" else one.code


CHANGES: Final[Mapping[str, Change]] = {
    "rename": Change(Text(zh="更名", en="Rename"), _rename_moves, _rename),
    "move": Change(Text(zh="改隶属", en="Move"), _move_moves, _move),
    "merge": Change(Text(zh="合并", en="Merge"), _merge_moves, _merge),
    "split": Change(Text(zh="分设", en="Split"), _split_moves, _split),
    "close": Change(Text(zh="撤销", en="Close"), _close_moves, _close),
}

ROUTES = [
    route("o/<str:org>/reorganise/<slug:what>", reorganise, name="reorganise", needs="organise"),
    route("o/<str:org>/post", add_post, name="add_post", needs="organise"),
]
