"""What a case page works out: how far it is, its clock, and who may take which next step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from huxue.actions.cases import Met
from huxue.core.calendar import Calendar
from huxue.core.facts import Fact
from huxue.core.flow import RELATIONS, Permission, clock, holds
from huxue.core.kinds import FlowStep, Kind
from huxue.core.values import MINUTES_A_DAY, Language

ELSEWHERE: Final = ("not_here", "ended", "already_open", "not_open")  # reasons that lie in where the case stands
MOST_SEGMENTS: Final = 40
AT_RISK: Final = 3  # workdays left
WIDTH: Final = 340
_NAMED: Final = 2  # organisations named of each sort


class Stage(NamedTuple):
    """One stage of the step bar. ``state``: done, now, ahead."""

    title: str
    state: str
    at: int | None
    by: str


def stages(met: Met, titles: Mapping[str, str]) -> list[Stage]:
    """Return the stages passed, each once, and those that lie ahead on the plain way to an ending.

    ``titles``: code of an organisation → name.
    """
    kind = met.kind
    passed: dict[str, Fact] = {}
    for fact in met.steps:
        step = kind.flow.get(fact.step)
        if step and not step.stays:
            passed.pop(fact.step, None)  # taken again: it stands where it was taken last
            passed[fact.step] = fact
    lang_by = {name: titles.get(next(iter(fact.roles.get("by", ())), ""), "") for name, fact in passed.items()}
    found = [Stage(name, "done", fact.at, lang_by[name]) for name, fact in passed.items()]
    if met.state.ended:
        return found
    ahead = _ahead(met, met.state.step, {met.state.step}) or []
    return found + [Stage(name, "now" if n == 0 else "ahead", None, "") for n, name in enumerate(ahead)]


def _ahead(met: Met, here: str, seen: set[str]) -> list[str] | None:
    """Return the first way in the order of the rulebook from a step to an ending that passes none twice."""
    for name, step in met.kind.flow.items():
        if here not in step.from_ or step.stays or name in seen or not _fits(met, step):
            continue
        if step.ends:
            return [name]
        rest = _ahead(met, name, {*seen, name})
        if rest is not None:
            return [name, *rest]
    return None


def _fits(met: Met, step: FlowStep) -> bool:
    return not step.only_if or holds(met.kind, step.only_if, met.state.fields)


@dataclass(frozen=True, slots=True)
class BigClock:
    """The clock of an open case. ``left``: workdays to the deadline, negative when it has passed; days as numbers."""

    status: str  # atrisk, overdue, pending
    left: int
    hours: int | None  # where the deadline lies within the same or the next day
    deadline: int
    since: int
    step: str
    total: int  # workdays from start to deadline
    skipped: int  # days of the span that are not worked
    moved: bool  # an extension moved it
    segments: tuple[tuple[int, int, str], ...]  # x, width, class


def big_clock(met: Met, calendar: Calendar, *, now: int) -> BigClock | None:
    """Return the clock that runs, ``None`` where none does."""
    deadline = met.state.deadline
    if deadline is None or not met.state.open:
        return None
    first = _began(met.steps, deadline)
    today, due, start = now // MINUTES_A_DAY, deadline // MINUTES_A_DAY, first.at // MINUTES_A_DAY
    left = calendar.workdays_between(today, due)
    status = "overdue" if now > deadline else ("atrisk" if left <= AT_RISK else "pending")
    if status == "overdue":
        left = -max(calendar.workdays_between(due, today), 0)
    total = max(calendar.workdays_between(start, due), 0)
    near = abs(deadline - now) < MINUTES_A_DAY and deadline % MINUTES_A_DAY != MINUTES_A_DAY - 1
    step = met.kind.flow.get(first.step)
    return BigClock(
        status, left, (deadline - now) // 60 if near else None, deadline, first.at, first.step, total,
        max(due - start - total, 0), bool(step and step.stays), tuple(_segments(total, left, status)),
    )  # fmt: skip


def _began(steps: Sequence[Fact], deadline: int) -> Fact:
    """Return the step that set the deadline in force."""
    found = steps[-1]
    for fact in reversed(steps):
        if fact.deadline != deadline:
            break
        found = fact
    return found


def _segments(total: int, left: int, status: str) -> Iterator[tuple[int, int, str]]:
    count = min(max(total, 1), MOST_SEGMENTS)
    passed = count if status == "overdue" else count - min(round(left * count / max(total, 1)), count)
    width = WIDTH // count
    for n in range(count):
        yield n * width, max(width - 3, 2), "tk-d" if n < passed else ("tk-n" if n == passed else "tk-f")


def overdue_minutes(met: Met, *, now: int) -> int:
    """Return for how many minutes the case was overdue so far."""
    return clock(met.kind, met.steps, until=now).overdue


@dataclass(frozen=True, slots=True)
class Way:
    """A step that could come next. ``reasons``: why not by the viewer; ``by``: whom the flow allows, in words."""

    step: str
    title: str
    by: tuple[str, ...]
    reasons: tuple[str, ...]
    main: bool

    @property
    def mine(self) -> bool:
        """Whether the viewer may take it."""
        return not self.reasons


def ways(
    met: Met, permissions: Mapping[str, Permission], names: Mapping[str, str], lang: Language,
    above: Mapping[str, Sequence[str]],
) -> list[Way]:  # fmt: skip
    """Return the steps that the case itself allows now, with who may take them and why the viewer may not.

    ``names``: code → name; ``above``: relation → codes that stand so to the case.
    """
    main = next(iter(_ahead(met, met.state.step, {met.state.step}) or []), "")
    found = []
    for name, against in permissions.items():
        if any(reason.code in ELSEWHERE for reason in against):
            continue
        step = met.kind.flow[name]
        reasons = tuple(reason.zh if lang == "zh" else reason.en for reason in against)
        by = tuple(_allowed(met, step, names, above, lang))
        found.append(Way(name, step.title.say(lang), by, reasons, name == main))
    return sorted(found, key=lambda way: (not way.mine, not way.main))


def _allowed(
    met: Met, step: FlowStep, names: Mapping[str, str], above: Mapping[str, Sequence[str]], lang: Language
) -> Iterator[str]:
    """Yield in words whom a step is for; where the case says which organisations those are, by their names."""
    for name in step.by:
        codes = [*met.state.roles.get(name, ())] if name in met.kind.roles else [*above.get(name, ())]
        title = _title(met, name, lang)
        known = [names[code] for code in codes if code in names]
        more = {"zh": "等", "en": " …"}[lang] if len(known) > _NAMED else ""
        yield f"{title}（{'、'.join(known[:_NAMED])}{more}）" if known else title


def _title(met: Met, name: str, lang: Language) -> str:
    if name in met.kind.roles:
        return met.kind.roles[name].title.say(lang)
    title = RELATIONS.get(name) or met.actor.titles.get(name)
    return title.say(lang) if title else name


def kind_of_photos(kind: Kind, name: str) -> str:
    """Return whether a field of photos shows the state before or after: what the opening step asks for is before."""
    opening = {field for step in kind.flow.values() if step.opening for field in step.asks}
    return "before" if name in opening else "after"
