"""Proposals of the ladders, kept for pages: written whole by ``keep``, read by who decides, by code or by addressee.

::

    keep_proposals(evaluation, rulebook, calendars)      # with the standings of the same evaluation
    for one in decided_by("LZ01", rulebook):
        one.code, one.rung.document, one.late[0].sentence(one.kind)
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from huxue.access.viewer import Held
from huxue.core.calendar import Calendars
from huxue.core.duties.standing import Standing, Status
from huxue.core.ladder import Addressee, Rung, Taken
from huxue.core.ladder import Proposal as Owed
from huxue.core.ladder.climbing import belongs
from huxue.core.ladder.grouping import behind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text
from huxue.organisations.tables import insert, select
from huxue.standings.evaluate import Evaluation
from huxue.standings.ladder import Climb
from huxue.standings.outcomes import Proposal, Proposed

SHOWN: Final = 12  # obligations kept of one addressee: the first, and the last eleven


@dataclass(frozen=True, slots=True)
class Behind:
    """An obligation that is overdue or missed. ``due``: last minute in time; ``since``: first day behind."""

    period: str
    status: Status
    due: int
    since: int


@dataclass(frozen=True, slots=True)
class Earlier:
    """A measure that was decided on in the same episode; ``at`` in minutes, ``fact`` its id."""

    measure: str
    decision: str
    at: int
    fact: str


@dataclass(frozen=True, slots=True)
class Late:
    """One addressee: how far it is behind, with which obligations (at most ``SHOWN``), and what was done before."""

    organisation: str
    workdays: int
    late: int
    missed: int
    start: int  # the day the episode began
    behind: tuple[Behind, ...]
    earlier: tuple[Earlier, ...]

    def sentence(self, kind: str) -> Text:
        """Say how far behind it is; ``kind``: of the case that the proposal is about, if it is about one."""
        return behind(kind, self.workdays, self.late, self.missed)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal as it was kept on the day ``as_of``. ``late`` is empty where only the line of a list was asked for.

    ``first``: name of the first addressee.
    """

    code: str
    ladder: str
    rung: Rung
    subject: str
    kind: str
    decides: str
    addressees: int
    workdays: int
    as_of: int
    first: str
    late: tuple[Late, ...] = ()

    def decided_in(self, post: Held) -> bool:
        """Whether it is decided in this post."""
        said = self.rung.decides
        return said is not None and (post.organisation, post.type) == (self.decides, said.post)


def keep_proposals(evaluation: Evaluation, rulebook: Rulebook, calendars: Calendars) -> int:
    """Put what the ladders owe on the day of an evaluation in the place of what was kept; return how many wait."""
    climb = Climb(evaluation, rulebook, calendars)
    taken = defaultdict[str, list[Taken]](list)
    for one in climb.taken:
        taken[one.subject].append(one)
    found = [one for one in climb.proposals() if not one.by_itself]
    rows = [_row(one, taken[one.subject], evaluation.as_of) for one in found]
    with transaction.atomic():
        Proposed.objects.all().delete()
        Proposal.objects.all().delete()
        insert(Proposal, rows)
        insert(Proposed, sorted({(a.organisation, one.code) for one in found for a in one.addressees}))
    return len(rows)


def forget(code: str, organisations: Iterable[str] = ()) -> None:
    """Take a proposal that was decided, or has ended, off the list: whole, or for some of its addressees."""
    gone = set(organisations)
    row = Proposal.objects.filter(code=code).first()
    if row is None:
        return
    left = [one for one in json.loads(row.text) if gone and one["organisation"] not in gone]
    with transaction.atomic():
        if not left:
            Proposed.objects.filter(proposal=code).delete()
            row.delete()
            return
        Proposed.objects.filter(proposal=code, organisation__in=gone).delete()
        row.text, row.addressees = _json(left), len(left)
        row.workdays = max(one["workdays"] for one in left)
        row.save(update_fields=["text", "addressees", "workdays"])


def withdraw(organisation: str, standings: Mapping[str, Collection[Standing]]) -> None:
    """Take an organisation off the proposals about duties that it is not behind on any more (by duty: its standings).

    It is behind while something is overdue, or missed and nothing due later met, as an episode is.
    """
    good = [duty for duty, found in standings.items() if not _is_behind(found)]
    if not good:
        return
    marks = ", ".join(["%s"] * len(good))
    sql = f"""
SELECT p.code FROM standings_proposed a JOIN standings_proposal p ON p.code = a.proposal
WHERE a.organisation = %s AND p.kind = '' AND p.subject IN ({marks})"""
    for (code,) in select(sql, organisation, *good):
        forget(code, [organisation])


def _is_behind(found: Collection[Standing]) -> bool:
    closed = [one for one in found if one.status in ("met", "overdue", "missed")]
    last = max(closed, key=lambda one: (one.due, one.period), default=None)
    return any(one.status == "overdue" for one in closed) or (last is not None and last.status == "missed")


def decided_by(organisations: Iterable[str], rulebook: Rulebook) -> list[Waiting]:
    """Return the lines of what some organisations decide, without their addressees, by measure and code."""
    codes = list(organisations)
    marks = ", ".join(["%s"] * len(codes)) or "''"
    return list(_waiting(rulebook, f"decides IN ({marks})", codes))


def about(organisation: str, rulebook: Rulebook) -> list[Waiting]:
    """Return the lines of what is proposed about an organisation."""
    where = "code IN (SELECT proposal FROM standings_proposed WHERE organisation = %s)"
    return list(_waiting(rulebook, where, [organisation]))


def waiting(code: str, rulebook: Rulebook) -> Waiting | None:
    """Return a proposal with all its addressees, ``None`` where it does not wait any more."""
    return next(_waiting(rulebook, "code = %s", [code], text="text"), None)


def _waiting(rulebook: Rulebook, where: str, values: list[str], *, text: str = "'[]'") -> Iterator[Waiting]:
    first = """(SELECT o.name FROM standings_proposed p JOIN organisations_organisation o ON o.code = p.organisation
 WHERE p.proposal = standings_proposal.code ORDER BY p.organisation LIMIT 1)"""
    names = f"code, ladder, measure, subject, kind, decides, addressees, workdays, as_of, {first}, {text}"
    sql = f"SELECT {names} FROM standings_proposal WHERE {where} ORDER BY measure, code"
    for code, ladder, measure, subject, kind, decides, addressees, workdays, as_of, name, said in select(sql, *values):
        rung = _rung(rulebook, ladder, measure)
        if rung is not None:  # a ladder that was changed since: the next keep proposes by the new one
            late = tuple(map(_read, json.loads(said)))
            yield Waiting(code, ladder, rung, subject, kind, decides, addressees, workdays, as_of, name or "", late)


def _rung(rulebook: Rulebook, ladder: str, measure: str) -> Rung | None:
    found = rulebook.ladders.get(ladder)
    return next((rung for rung in found.rungs if rung.measure == measure), None) if found else None


# --- rows -----------------------------------------------------------------------------------------------------------


def _row(one: Owed, taken: Iterable[Taken], as_of: int) -> tuple[Any, ...]:
    mine = sorted(taken, key=lambda t: (t.at, t.id))
    said = _json([_addressee(a, mine) for a in one.addressees])
    longest = max((a.workdays for a in one.addressees), default=0)
    return (
        one.code, one.ladder, one.rung.measure, one.subject, one.kind, one.decides, len(one.addressees), longest, said,
        as_of,
    )  # fmt: skip


def _addressee(one: Addressee, taken: Iterable[Taken]) -> dict[str, Any]:
    every, missed = one.episode.behind, one.episode.missed
    shown = every if len(every) <= SHOWN else (every[0], *every[1 - SHOWN :])
    return {
        "organisation": one.organisation,
        "workdays": one.workdays,
        "late": len(every) - missed,
        "missed": missed,
        "start": one.episode.start,
        "behind": [[o.period, o.status, o.due, o.since] for o in shown],
        "earlier": [[t.measure, t.decision, t.at, t.id] for t in taken if belongs(t, one.episode)],
    }


def _read(said: dict[str, Any]) -> Late:
    every = {**said, "behind": tuple(Behind(*o) for o in said["behind"])}
    return Late(**{**every, "earlier": tuple(Earlier(*e) for e in said["earlier"])})


def _json(said: object) -> str:
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


__all__ = [
    "Behind",
    "Earlier",
    "Late",
    "Waiting",
    "about",
    "decided_by",
    "forget",
    "keep_proposals",
    "waiting",
    "withdraw",
]
