"""Verbs on the tree, the posts and who holds them. Each takes keywords only and is one transaction.

``by`` is who acts (``acting.By``); ``None`` for the system itself, at the first set-up of a site. Moments are minutes.
All raise ``Refused``: the codes of ``ledger.append``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from huxue.actions.acting import By
from huxue.actions.posts_noted import note_posts
from huxue.core.facts import Verb, post_type
from huxue.core.values import Refused
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.ledger.replacing import lines_of
from huxue.organisations.dated import versions
from huxue.organisations.models import OPEN, Edge, Holding, Organisation, Post

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class New:
    """An organisation to be opened."""

    code: str
    name: str
    type: str
    parent: str = ""
    area: str = ""
    traits: Fields = field(default_factory=dict)
    in_use_from: str | None = None  # YYYY-MM-DD

    def fields(self) -> dict[str, Any]:
        """Return the fields of its fact."""
        found: dict[str, Any] = {
            "code": self.code, "name": self.name, "type": self.type, "parent": self.parent, "area": self.area,
            "traits": dict(self.traits),
        }  # fmt: skip
        return found | ({"in_use_from": self.in_use_from} if self.in_use_from else {})


def open_(*, now: int, by: By | None, at: int, new: Sequence[New], predecessors: Sequence[str] = ()) -> list[Receipt]:
    """Open organisations, in any order."""
    return _take([_opening(one, by, at, now, predecessors) for one in new], now)


def rename(*, now: int, by: By | None, at: int, code: str, name: str) -> Receipt:
    """Give an organisation another name from ``at`` on."""
    return _take([_changing(code, by, at, now, name=name)], now)[0]


def move(*, now: int, by: By | None, at: int, code: str, parent: str) -> Receipt:
    """Put an organisation, with all below it, under another one from ``at`` on."""
    return _take([_changing(code, by, at, now, parent=parent)], now)[0]


def describe(*, now: int, by: By | None, at: int, code: str, traits: Fields) -> Receipt:
    """Set traits of an organisation from ``at`` on; those not named stay."""
    kept = _says(code, at).get("traits") or {}
    return _take([_changing(code, by, at, now, traits={**kept, **traits})], now)[0]


def close(*, now: int, by: By | None, at: int, code: str, successors: Sequence[str] = ()) -> list[Receipt]:
    """Close an organisation with its posts, its holdings and its oversight. What stands below it must have moved."""
    return _take(_closing(code, by, at, now, successors), now)


def merge(*, now: int, by: By | None, at: int, codes: Sequence[str], into: New | str) -> list[Receipt]:
    """Close organisations into one, new or standing; what stood below them moves below it."""
    target = into if isinstance(into, str) else into.code
    drafts = [] if isinstance(into, str) else [_opening(into, by, at, now, codes)]
    for code in codes:
        drafts += _closing(code, by, at, now, [target])
    children = Organisation.objects.filter(parent__in=codes, closed=OPEN).exclude(code__in=codes)
    drafts += [_changing(child, by, at, now, parent=target) for child in children.values_list("code", flat=True)]
    return _take(drafts, now)


def split(
    *, now: int, by: By | None, at: int, code: str, into: Sequence[New], children: Mapping[str, str]
) -> list[Receipt]:
    """Close an organisation into several new ones; ``children`` says below which of them each one below it moves."""
    drafts = [_opening(one, by, at, now, [code]) for one in into]
    drafts += _closing(code, by, at, now, [one.code for one in into])
    drafts += [_changing(child, by, at, now, parent=parent) for child, parent in children.items()]
    return _take(drafts, now)


def oversee(*, now: int, by: By | None, at: int, department: str, supervised: str, topic: str) -> Receipt:
    """Let a department supervise an organisation and its whole territory in a topic."""
    fields = {"supervised": supervised, "topic": topic}
    return _take([_draft("oversight", "open", by, at, now, {"by": (department,)}, fields)], now)[0]


def appoint(*, now: int, by: By | None, at: int, post: str, person: str) -> list[Receipt]:
    """Let a person hold a post from ``at`` on; a post that was not there is opened with it."""
    organisation = post.partition("/")[0]
    about, drafts = {"about": (organisation,)}, []
    if not Post.objects.filter(code=post, known_to=OPEN, valid_to=OPEN).exists():
        fields = {"code": post, "organisation": organisation, "type": post_type(post)}
        drafts.append(_draft("post", "open", by, at, now, about, fields))
    drafts.append(_draft("holding", "open", by, at, now, about, {"post": post, "person": person}))
    return _take(drafts, now)


def relieve(*, now: int, by: By | None, at: int, post: str, person: str) -> Receipt:
    """End a holding at a moment."""
    held = Holding.objects.filter(post=post, person=person, known_to=OPEN, valid_to=OPEN).first()
    if held is None:
        raise Refused("post_not_held", f"“{post}”不由此人担任。", f"The post {post!r} is not held by this person.")
    return _take([_ending("holding", held.item, by, at, now, post.partition("/")[0])], now)[0]


def open_post(*, now: int, by: By | None, at: int, post: str) -> Receipt:
    """Open a post; it is vacant until somebody is appointed."""
    organisation = post.partition("/")[0]
    fields = {"code": post, "organisation": organisation, "type": post_type(post)}
    return _take([_draft("post", "open", by, at, now, {"about": (organisation,)}, fields)], now)[0]


def close_post(*, now: int, by: By | None, at: int, post: str) -> list[Receipt]:
    """Close a post; who holds it holds it no more."""
    item = Post.objects.filter(code=post, known_to=OPEN, valid_to=OPEN).values_list("item", flat=True).first()
    if item is None:
        raise Refused("unknown_post", f"没有岗位“{post}”。", f"There is no post {post!r}.")
    organisation = post.partition("/")[0]
    held = Holding.objects.filter(post=post, known_to=OPEN, valid_to=OPEN).values_list("item", flat=True)
    ends = [*(("holding", one) for one in held), ("post", item)]
    return _take([_ending(kind, one, by, at, now, organisation) for kind, one in ends], now)


def _opening(new: New, by: By | None, at: int, now: int, predecessors: Sequence[str]) -> Draft:
    fields = new.fields() | ({"predecessors": list(predecessors)} if predecessors else {})
    return _draft("organisation", "open", by, at, now, {"about": (new.code,)}, fields)


def _changing(code: str, by: By | None, at: int, now: int, **changed: Any) -> Draft:
    fields = {name: value for name, value in _says(code, at).items() if name != "predecessors"} | changed
    return _draft("organisation", "change", by, at, now, {"about": (code,)}, fields, item=_item(code))


def _closing(code: str, by: By | None, at: int, now: int, successors: Sequence[str]) -> list[Draft]:
    posts = Post.objects.filter(organisation=code, known_to=OPEN, valid_to=OPEN)
    held = Holding.objects.filter(post__in=posts.values("code"), known_to=OPEN, valid_to=OPEN)
    watched = Edge.objects.filter(sort="supervisory", known_to=OPEN, valid_to=OPEN)
    ends = [("holding", one) for one in held.values_list("item", flat=True)]
    ends += [("post", one) for one in posts.values_list("item", flat=True)]
    drafts = [_ending(kind, item, by, at, now, code) for kind, item in ends]
    for item, parent in (watched.filter(parent=code) | watched.filter(child=code)).values_list("item", "parent"):
        drafts.append(_draft("oversight", "close", by, at, now, {"by": (parent,)}, {}, item=item))
    fields = {"successors": list(successors)} if successors else {}
    return [*drafts, _draft("organisation", "close", by, at, now, {"about": (code,)}, fields, item=_item(code))]


def _ending(kind: str, item: str, by: By | None, at: int, now: int, organisation: str) -> Draft:
    return _draft(kind, "close", by, at, now, {"about": (organisation,)}, {}, item=item)


def _item(code: str) -> str:
    found = Organisation.objects.filter(code=code).values_list("item", flat=True).first()
    if found is None:
        raise Refused("unknown_organisation", f"没有编码为“{code}”的单位。", f"No organisation has the code {code!r}.")
    return found


def _says(code: str, at: int) -> dict[str, Any]:
    """Return what an organisation's facts say of it at a moment."""
    item = _item(code)
    found = [v.line.values for v in versions(lines_of([item])[item]) if v.lo <= at < v.hi]
    if not found:
        raise Refused("organisation_closed", f"单位“{code}”当时不存在。", f"{code!r} did not stand then.")
    return found[0]


def _draft(
    kind: str, verb: Verb, by: By | None, at: int, now: int, roles: Mapping[str, tuple[str, ...]], fields: Fields,
    item: str = "",
) -> Draft:  # fmt: skip
    post, person, marks = (by.post, by.person, by.mark(at=now, now=now)) if by else ("", "", "")
    return Draft(
        id=new_id(), kind=kind, verb=verb, at=at, item=item, roles=roles, fields=fields, post=post, person=person,
        marks=marks,
    )  # fmt: skip


def _take(drafts: Sequence[Draft], now: int) -> list[Receipt]:
    receipts = append(drafts, kinds={}, recorded=now)
    note_posts(drafts)
    return receipts


__all__ = [
    "New", "appoint", "close", "close_post", "describe", "merge", "move", "open_", "open_post", "oversee", "relieve",
    "rename", "split",
]  # fmt: skip
