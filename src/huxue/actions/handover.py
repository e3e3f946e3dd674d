"""A post changes hands: who leaves, who takes over, and the sheet of what is open, all in one transaction.

Nothing that is open is rewritten: it stands with the post. ``at`` is when the post changes hands, ``now`` when we
learn of it; minutes. Refusals: ``same_person`` ``post_not_held`` ``unknown_handover`` ``signed_already``
``not_the_successor`` and those of ``actions.facts`` and ``actions.organisations``.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from huxue.actions import organisations
from huxue.actions.acting import By, kind_for
from huxue.actions.facts import correct
from huxue.core.facts import Fact, known
from huxue.core.kinds import Checker
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, Refused
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.ledger.locks import hold
from huxue.ledger.reading import facts_of_item
from huxue.organisations.holdings import holders
from huxue.organisations.models import OPEN, Post
from huxue.standings.handing import in_words, sheet

KIND: Final = "handover"


def hand_over(
    *, rulebook: Rulebook, now: int, by: By | None, post: str, leaver: str = "", successor: str = "", at: int,
    notes: str = "",
) -> list[Receipt]:  # fmt: skip
    """Let ``leaver`` leave a post and ``successor`` take it over; without a successor the post is vacant.

    Writes the ends and beginnings of the holdings and, last, the sheet, unsigned; ``sign`` is the successor's.
    """
    if leaver == successor:
        raise Refused("same_person", "移交人和接收人不能是同一人。", "Who leaves and who takes over must differ.")
    organisation = post.partition("/")[0]
    with transaction.atomic():
        hold(set(), tree=True)
        found = sheet(post, rulebook)
        written: list[Receipt] = []
        if leaver:
            written.append(organisations.relieve(now=now, by=by, at=at, post=post, person=leaver))
        if successor and successor not in holders(post, at=at):
            written += organisations.appoint(now=now, by=by, at=at, post=post, person=successor)
        values = _said(post, leaver, successor, len(found), in_words(found, at), notes)
        return [*written, _write(rulebook, now, by, organisation, at, values)]


def sign(*, rulebook: Rulebook, now: int, by: By, item: str) -> Receipt:
    """Sign a sheet: whoever took the post over, or for a vacant post whoever acts for its organisation."""
    with transaction.atomic():
        hold({item})
        last = standing(item)
        if last.fields.get("signed"):
            raise Refused("signed_already", "这份交接清单已经签收。", "This sheet has been signed.")
        refuse_stranger(last, by)
        return correct(rulebook=rulebook, now=now, by=by, fact=last.id, values={**last.fields, "signed": True})


def standing(item: str) -> Fact:
    """Return a hand-over as it stands. Refuses ``unknown_handover``."""
    found = [fact for fact in known(facts_of_item(item), FAR) if fact.kind == KIND]
    if not found:
        raise Refused("unknown_handover", "没有这份交接清单。", "There is no such hand-over.")
    return found[-1]


def refuse_stranger(fact: Fact, by: By) -> None:
    """Refuse (``not_the_successor``) to sign for somebody else."""
    to, post = str(fact.fields.get("to", "")), str(fact.fields["post"])
    if (by.person == to) if to else (by.organisation == post.partition("/")[0]):
        return
    raise Refused(
        "not_the_successor",
        "交接清单由接收人签收；岗位空缺时由本单位签收。",
        "Who takes over signs; for a vacant post its organisation.",
    )


def _said(post: str, leaver: str, successor: str, count: int, words: str, notes: str) -> dict[str, Any]:
    said = {"post": post, "from": leaver, "to": successor, "open": count, "sheet": words, "notes": notes.strip()}
    return {name: value for name, value in said.items() if value != ""} | {"signed": False}


def _write(rulebook: Rulebook, now: int, by: By | None, organisation: str, at: int, values: dict[str, Any]) -> Receipt:
    kind = kind_for(rulebook, KIND, "record", by or By(f"{organisation}/"))
    fields = Checker(kind, rulebook.lists).check(values).or_refuse()
    who = (by.post, by.person, by.mark(at=now, now=now)) if by else ("", "", "")
    draft = Draft(
        id=new_id(), kind=KIND, verb="record", at=at, roles={"by": (organisation,)}, fields=fields, post=who[0],
        person=who[1], marks=who[2],
    )  # fmt: skip
    return append([draft], kinds=rulebook.kinds, recorded=now)[0]


def stands(post: str) -> bool:
    """Whether a post stands today."""
    return Post.objects.filter(code=post, known_to=OPEN, valid_to=OPEN).exists()


__all__ = ["KIND", "hand_over", "refuse_stranger", "sign", "standing", "stands"]
