"""Measures of the ladder: the reminders that go out by themselves, and what a named office holder decides.

A proposal is worked out again inside the transaction that writes the decision: what has ended meanwhile is refused, and
of two who decide at once only the first one does. Each decision is one fact about all its addressees (several above
the ledger's limit of organisations in a role). ``at`` is when it was decided, ``now`` when we learn of it; minutes.

Refusals: ``not_proposed`` ``not_yours`` ``not_among_them`` ``no_reason`` ``bad_until`` ``bad_moment`` and those of
``ledger.append`` and ``organisations.holdings``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import transaction

from huxue.actions.acting import By
from huxue.core.ladder import Addressee, Proposal
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Refused, date_of
from huxue.ledger import reading
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.ledger.locks import hold
from huxue.standings.evaluate import evaluate
from huxue.standings.ladder import Climb
from huxue.standings.site import calendars_of, edition_for

MOST: Final = 2_000  # organisations in a role of one fact
KIND: Final = "measure"


def issue(
    *, now: int, by: By, proposal: str, at: int | None = None, only: Collection[str] = (), reason: str = "",
    number: str = "",
) -> list[Receipt]:  # fmt: skip
    """Take the measure of a proposal, for all its addressees or ``only`` some; ``number`` is the document's."""
    fields = {"decision": "issued", "reason": reason.strip(), "number": number.strip()}
    return _decide(now, by, proposal, at, only, fields)


def dismiss(
    *, now: int, by: By, proposal: str, reason: str, at: int | None = None, only: Collection[str] = ()
) -> list[Receipt]:
    """Decide that the measure is not taken: the rung rests for the obligations that are behind now."""
    return _decide(now, by, proposal, at, only, {"decision": "dismissed", "reason": _reason(reason)})


def postpone(
    *, now: int, by: By, proposal: str, until: int, reason: str, at: int | None = None, only: Collection[str] = ()
) -> list[Receipt]:
    """Put the measure off until a day: it is not proposed before it."""
    fields = {"decision": "postponed", "reason": _reason(reason), "until": date_of(until).isoformat()}
    return _decide(now, by, proposal, at, only, fields, until=until)


def send_reminders(*, now: int, at: int | None = None) -> list[Receipt]:
    """Write down every reminder that is owed: they go out by themselves. Called twice, the second finds none."""
    moment = _moment(now, at)
    edition = _edition(now, moment)
    before = _known(now)
    found = _proposals(edition, in_effect(edition), now, moment)
    with transaction.atomic():
        hold({f"{KIND}:reminders"})
        meanwhile = list(_reminded(now, before))
        drafts = [
            draft
            for one in found
            if one.by_itself
            for draft in drafts_of(one, [a for a in one.addressees if (one.subject, a.organisation) not in meanwhile],
                                 {"decision": "issued"}, at=moment)
        ]  # fmt: skip
        return append(drafts, kinds=edition.rulebook.kinds, recorded=now) if drafts else []


def _decide(
    now: int, by: By, code: str, at: int | None, only: Collection[str], fields: Mapping[str, str], *,
    until: int | None = None,
) -> list[Receipt]:  # fmt: skip
    moment = _moment(now, at)
    with transaction.atomic():
        hold({f"{KIND}:{code}"})
        edition = _edition(now, moment)
        proposal = _standing(edition, code, now, moment)
        _refuse_stranger(proposal, by, edition.rulebook)
        if until is not None:
            _refuse_far(until, moment // MINUTES_A_DAY, edition.rulebook.ladders[proposal.ladder].postponed_at_most)
        marks = by.mark(at=moment, now=now)
        drafts = list(drafts_of(proposal, _chosen(proposal, only), fields, at=moment, by=by, marks=marks))
        return append(drafts, kinds=edition.rulebook.kinds, recorded=now)


def drafts_of(
    proposal: Proposal, addressees: Sequence[Addressee], fields: Mapping[str, str], *, at: int, by: By | None = None,
    marks: str = "",
) -> Iterator[Draft]:  # fmt: skip
    """Yield the facts of one decision about some addressees of a proposal; ``by`` is None where it goes by itself."""
    said: dict[str, Any] = {"ladder": proposal.ladder, "measure": proposal.rung.measure}
    said |= {name: value for name, value in fields.items() if value}
    if not proposal.kind:
        said["duty"] = proposal.subject
    who = {"by": (by.organisation,)} if by else {}
    for start in range(0, len(addressees), MOST):
        part = addressees[start : start + MOST]
        yield Draft(
            id=new_id(), kind=KIND, verb="record", at=at, roles={**who, "about": tuple(a.organisation for a in part)},
            fields={**said, "episodes": [" ".join((a.organisation, *a.span)) for a in part]},
            reference=proposal.subject if proposal.kind else "", post=by.post if by else "",
            person=by.person if by else "", marks=marks,
        )  # fmt: skip


# --- what stands ------------------------------------------------------------------------------------------


def _standing(edition: Edition, code: str, now: int, at: int) -> Proposal:
    """Return a proposal as it stands at ``at``, worked out from its duty (and those that strengthen it) alone."""
    found = _proposals(edition, _about(in_effect(edition), code), now, at)
    for one in found:
        if one.code == code and not one.by_itself:
            return one
    raise Refused(
        "not_proposed",
        f"“{code}”现在没有提出：可能已办结、已决定，或编号有误。",
        f"'{code}' is not proposed now: it may have ended, been decided, or be misspelt.",
    )


def _proposals(edition: Edition, rulebook: Rulebook, now: int, at: int) -> list[Proposal]:
    calendars, as_of = calendars_of(edition), at // MINUTES_A_DAY
    facts = reading.columns()
    found = evaluate(
        rulebook, calendars, facts, as_of=as_of, known_at=now // MINUTES_A_DAY, areas=tuple(calendars.areas)
    )
    try:
        return Climb(found, rulebook, calendars).proposals()
    finally:
        found.con.close()


def _about(rulebook: Rulebook, code: str) -> Rulebook:
    """Return the rulebook with only the duty that a proposal is about, and those that strengthen it."""
    every = rulebook.duties
    wanted = {one.code for one in every.values() if f".{one.code}@" in code}
    while more := {one.code for one in every.values() if one.strengthens in wanted} - wanted:
        wanted |= more
    return rulebook.model_copy(update={"duties": {key: one for key, one in every.items() if one.code in wanted}})


def _edition(now: int, at: int) -> Edition:
    return edition_for(as_of=at // MINUTES_A_DAY, known_at=now // MINUTES_A_DAY)


def _known(now: int) -> set[str]:
    return {fact.id for fact in reading.of_kinds((KIND,), known_at=now // MINUTES_A_DAY)}


def _reminded(now: int, before: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (duty, organisation) of what somebody wrote while we were looking."""
    for fact in reading.of_kinds((KIND,), known_at=now // MINUTES_A_DAY):
        if fact.id not in before:
            for organisation in fact.roles.get("about", ()):
                yield str(fact.fields.get("duty", "")), organisation


# --- refusals ---------------------------------------------------------------------------------------------


def _moment(now: int, at: int | None) -> int:
    if at is not None and at > now:
        raise Refused("bad_moment", "决定的时间不能晚于现在。", "A decision cannot be later than now.")
    return now if at is None else at


def _refuse_stranger(proposal: Proposal, by: By, rulebook: Rulebook) -> None:
    wanted = proposal.rung.decides
    if wanted is not None and (by.organisation, by.type) == (proposal.decides, wanted.post):
        return
    post = rulebook.posts.get(wanted.post) if wanted else None
    zh, en = (post.zh, post.en) if post else ("", "")
    raise Refused(
        "not_yours",
        f"“{proposal.code}”由 {proposal.decides} 的{zh}决定。",
        f"'{proposal.code}' is decided by {proposal.decides}: {en}.",
    )


def _chosen(proposal: Proposal, only: Collection[str]) -> list[Addressee]:
    known = {one.organisation for one in proposal.addressees}
    for code in sorted(set(only) - known):
        raise Refused("not_among_them", f"“{proposal.code}”不涉及 {code}。", f"'{proposal.code}' is not about {code}.")
    return [one for one in proposal.addressees if not only or one.organisation in only]


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("no_reason", "请说明理由。", "Give a reason.")
    return text.strip()


def _refuse_far(until: int, today: int, most: int) -> None:
    if not today < until <= today + most:
        first, last = date_of(today + 1), date_of(today + most)
        raise Refused(
            "bad_until", f"只能暂缓到 {first} 至 {last} 之间。", f"It can be put off until {first} to {last}."
        )


__all__ = ["By", "dismiss", "drafts_of", "issue", "postpone", "send_reminders"]
