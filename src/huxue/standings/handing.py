"""What stands open with a post: the sheet of a hand-over, and who answers for it while nobody holds it.

Nothing is moved when a post changes hands: obligations, cases and entries attach to the organisation and the post, and
both stay. So the sheet is read from what is kept, and it is the same before and after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from json import loads
from typing import Any, Final, Literal

from huxue.core.duties.standing import DUE, OVERDUE
from huxue.core.facts import post_type
from huxue.core.kinds import Kind
from huxue.core.kinds.naming import title_of
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, Text, date_of
from huxue.organisations.holdings import holders
from huxue.organisations.models import OPEN, Organisation, Post
from huxue.organisations.tables import select, select_in
from huxue.standings.owed import triggers

Sort = Literal["duty", "case", "entry"]
SORTS: Final[dict[Sort, Text]] = {
    "duty": Text(zh="应办事项", en="Obligations"),
    "case": Text(zh="未结事项", en="Open cases"),
    "entry": Text(zh="负责的台账条目", en="Entries it answers for"),
}

_READABLE: Final = 20  # characters; a longer period is the id of a fact, which says nothing to a reader


@dataclass(frozen=True, slots=True)
class Open:
    """One thing that stands open. ``code``: the duty or kind; ``period``: of a duty; ``item``: of a case or entry.

    ``due``: the deadline in minutes, ``None`` where no clock runs. ``about``: the title of its item, or of what began
    the obligation; ``None`` where that has none.
    """

    sort: Sort
    code: str
    title: Text
    period: str
    item: str
    due: int | None
    about: Text | None = None

    def late(self, now: int) -> bool:
        """Whether its deadline has passed."""
        return self.due is not None and self.due < now

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it one thing: sort, code, and period or item."""
        return self.sort, self.code, self.item or self.period


@dataclass(frozen=True, slots=True)
class Answering:
    """Who answers for a post at a moment: its holders, else (``vacant``) its organisation, if that stands."""

    organisation: str
    persons: tuple[str, ...]

    @property
    def vacant(self) -> bool:
        """Whether the organisation answers because nobody holds the post."""
        return not self.persons


def answering(post: str, *, at: int) -> Answering | None:
    """Return who answers for a post at a moment, ``None`` where neither the post nor its organisation stands."""
    organisation = post.partition("/")[0]
    stood = Post.objects.filter(code=post, known_to=OPEN, valid_from__lte=at, valid_to__gt=at).exists()
    if stood:
        return Answering(organisation, tuple(holders(post, at=at)))
    open_ = Organisation.objects.filter(code=organisation, opened__lte=at, closed__gt=at).exists()
    return Answering(organisation, ()) if open_ else None


def post_of(rulebook: Rulebook, organisation_type: str, duty: str) -> str:
    """Return the type of the post that a duty attaches to: the one it names, else the head of the organisation."""
    named = next((one.owed_by.post for one in rulebook.duties.values() if one.code == duty), "")
    return named or leading(rulebook, organisation_type)


def leading(rulebook: Rulebook, organisation_type: str) -> str:
    """Return the type of the post that answers for an organisation as a whole: the first that its type expects."""
    declared = rulebook.organisation_types.get(organisation_type)
    return declared.posts[0] if declared and declared.posts else ""


def sheet(post: str, rulebook: Rulebook) -> list[Open]:
    """Return everything that stands open with a post, what is due first on top."""
    organisation = post.partition("/")[0]
    of = Organisation.objects.filter(code=organisation).values_list("type", flat=True).first() or ""
    leads = post_type(post) == leading(rulebook, of)
    found = [*_duties(post, of, rulebook, leads=leads), *_cases(post, rulebook, leads=leads), *_entries(post, rulebook)]
    return sorted(
        _entitled(found, rulebook),
        key=lambda one: (tuple(SORTS).index(one.sort), one.due is None, one.due or 0, one.key),
    )


def _entitled(found: list[Open], rulebook: Rulebook) -> Iterator[Open]:
    """Yield the same with what each is about, in two queries for all of them."""
    begun = triggers(one.period for one in found)
    items = [one.item or (begun[one.period].item if one.period in begun else "") for one in found]
    said = _titles(items, rulebook)
    for one, item in zip(found, items, strict=True):
        yield replace(one, about=said.get(item))


def _titles(items: Iterable[str], rulebook: Rulebook) -> dict[str, Text]:
    """Return what items are called, where they say more than their kind; personal values are not kept with them."""
    sql = "SELECT item, kind, fields FROM ledger_fact WHERE item IN ({}) AND verb <> 'withdraw' ORDER BY seq"
    says: dict[str, tuple[str, dict[str, Any]]] = {}
    for item, kind, fields in select_in(sql, sorted({one for one in items if one})):
        says[item] = kind, {**says.get(item, ("", {}))[1], **loads(fields)}
    found = {}
    for item, (code, values) in says.items():
        kind = rulebook.kinds.get(code)
        if kind is not None:
            zh, en = title_of(kind, values, rulebook.lists, "zh"), title_of(kind, values, rulebook.lists, "en")
            title = Text(zh=zh, en=en)
            if title != kind.title:
                found[item] = title
    return found


def _duties(post: str, of: str, rulebook: Rulebook, *, leads: bool) -> Iterator[Open]:
    """Yield the obligations that attach to this post; those of a post that is not there fall to the head."""
    organisation, kind = post.partition("/")[0], post_type(post)
    rows = select(
        "SELECT duty, period, due FROM standings_standing WHERE organisation = %s AND status IN (%s, %s)",
        organisation, DUE, OVERDUE,
    )  # fmt: skip
    titles = {one.code: one.title for one in rulebook.duties.values()}
    there = _types_of(organisation) if leads and rows else frozenset()
    for duty, period, due in rows:
        owner = post_of(rulebook, of, duty)
        if owner == kind or (leads and owner not in there):
            yield Open("duty", duty, titles.get(duty, Text(zh=duty, en=duty)), period, "", _deadline(due))


def _types_of(organisation: str) -> frozenset[str]:
    rows = Post.objects.filter(organisation=organisation, known_to=OPEN, valid_to=OPEN)
    return frozenset(rows.values_list("type", flat=True))


def _cases(post: str, rulebook: Rulebook, *, leads: bool) -> Iterator[Open]:
    """Yield the open cases about the organisation (with its head), and those in which this post has acted."""
    organisation = post.partition("/")[0]
    acted = "SELECT DISTINCT f.item FROM ledger_fact f WHERE f.organisation = %s AND f.post = %s AND f.verb = 'step'"
    mine = "c.organisation = %s OR" if leads else ""
    given = [organisation, organisation, post] if leads else [organisation, post]
    rows = select(
        f"SELECT c.kind, c.item, c.deadline FROM ledger_case c WHERE c.open AND ({mine} c.item IN ({acted}))", *given
    )
    for kind, item, deadline in rows:
        yield Open("case", kind, _title(rulebook, kind), "", item, deadline)


def _entries(post: str, rulebook: Rulebook) -> Iterator[Open]:
    """Yield the open entries of the organisation in which a field names this post."""
    organisation = post.partition("/")[0]
    for kind, names in _naming_posts(rulebook):
        rows = select(
            "SELECT item, fields FROM ledger_entry WHERE kind = %s AND organisation = %s AND open", kind.code,
            organisation,
        )  # fmt: skip
        for item, fields in rows:
            says = loads(fields)
            if any(post in (said if isinstance(said := says.get(name), list) else [said]) for name in names):
                yield Open("entry", kind.code, kind.title, "", item, None)


def _naming_posts(rulebook: Rulebook) -> Iterator[tuple[Kind, list[str]]]:
    for kind in rulebook.kinds.values():
        names = [name for name, field in kind.fields.items() if field.type == "post"]
        if kind.shape == "register" and names:
            yield kind, names


def _title(rulebook: Rulebook, kind: str) -> Text:
    return rulebook.kinds[kind].title if kind in rulebook.kinds else Text(zh=kind, en=kind)


def _deadline(due: int) -> int | None:
    return due if due < FAR * MINUTES_A_DAY else None


def in_words(found: list[Open], now: int) -> str:
    """Return a sheet as the text that is kept with the hand-over: a line for each, as it stood on that day."""
    if not found:
        return "交接当日没有未结事项。"
    return "\n".join(_line(number, one, now) for number, one in enumerate(found, 1))


def _line(number: int, one: Open, now: int) -> str:
    due = (
        f"，{'逾期，' if one.late(now) else ''}应于 {date_of(one.due // MINUTES_A_DAY)}" if one.due is not None else ""
    )
    period = f"（{one.period}）" if one.period and len(one.period) < _READABLE else ""
    code = f"{one.code} {one.item}".strip()
    about = f"：{one.about.zh}" if one.about else ""
    return f"{number}. 【{SORTS[one.sort].zh}】{one.title.zh}{about}{period}{due} 〔{code}〕"


__all__ = ["SORTS", "Answering", "Open", "answering", "in_words", "leading", "post_of", "sheet"]
