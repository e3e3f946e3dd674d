"""Who was given a post and who left one, in the security log: rights change with it. For people with an account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from huxue.access.models import User
from huxue.access.security import note
from huxue.ledger.drafts import Draft
from huxue.organisations.models import Holding


def note_posts(drafts: Iterable[Draft]) -> None:
    """Write down the holdings that these drafts have opened and closed; called once they are appended."""
    changed = list(_changed([one for one in drafts if one.kind == "holding"]))
    if not changed:
        return
    persons = {person for _, person, _, by in changed} | {by for *_, by in changed}
    names = dict(User.objects.filter(person__in=persons - {""}).values_list("person", "username"))
    for event, person, post, by in changed:
        if person in names:
            note(event, username=names[person], by=names.get(by, ""), detail=post)


def _changed(drafts: list[Draft]) -> Iterator[tuple[str, str, str, str]]:
    """Yield event, person, post and who did it."""
    ended = [one.item for one in drafts if one.verb == "close"]
    held = {item: (person, post) for item, person, post in _holdings(ended)}
    for one in drafts:
        if one.verb == "open":
            yield "post-given", str(one.fields["person"]), str(one.fields["post"]), one.person
        elif one.item in held:
            yield "post-ended", *held[one.item], one.person


def _holdings(items: list[str]) -> Iterable[tuple[str, str, str]]:
    return Holding.objects.filter(item__in=items).values_list("item", "person", "post") if items else ()
