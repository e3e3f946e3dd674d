"""The parts of a list as they are shown: rows, states, filters, and how many there are, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.urls import NoReverseMatch, reverse

from huxue.core.kinds import Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Text, date_of
from huxue.ledger.for_workbooks import personal
from huxue.ledger.items import ENDING
from huxue.ledger.listing import ItemRow, Listed
from huxue.web.asked import ALL, FILTER, OVERDUE, query_with, state_of
from huxue.web.columns import Cells, named_field
from huxue.web.routing import Request
from huxue.web.rules import BEGUN, Rules, rules
from huxue.web.todo import Day

STATES: Final = {
    ALL: Text(zh="全部", en="All"), "open": Text(zh="在办", en="Open"), "ended": Text(zh="已办结", en="Ended"),
    OVERDUE: Text(zh="逾期", en="Overdue"), "closed": Text(zh="已注销", en="Closed"),
}  # fmt: skip


class Line(NamedTuple):
    """One row of a list as it is shown."""

    row: ItemRow
    address: str
    title: str
    cells: tuple[tuple[str, int], ...]  # text, and how grave it is where it is a grade
    step: str
    clock: tuple[str, str, str]  # state, words, date; the state "" without a deadline


class Chip(NamedTuple):
    """A state that a list can be narrowed to, or a filter that is on."""

    title: str
    shape: str
    number: int | None
    address: str
    on: bool


class Filter(NamedTuple):
    """A drop-down: its name in the address, its title, and its choices."""

    name: str
    title: str
    chosen: str
    choices: tuple[tuple[str, str], ...]


def say_title(kind: Kind, request: Request) -> str:
    """Return the head of the column that names an item."""
    name = named_field(kind)
    return kind.fields[name].title.say(request.lang) if name else kind.title.say(request.lang)


def may_write(request: Request, kind: Kind) -> bool:
    """Whether whoever looks may begin a new item of a kind."""
    held = request.viewer.post
    allowed = held is not None and (not kind.written_by or held.organisation_type in kind.written_by)
    begins = kind.code not in BEGUN or request.viewer.may("send")
    return allowed and begins and request.viewer.may("write") and not derived(rules(request).rulebook, kind)


def derived(rulebook: Rulebook, kind: Kind) -> bool:
    """Whether a rule writes this kind: nobody enters or imports it."""
    return any(one.writes == kind.code for one in rulebook.derivations.values())


def lines(request: Request, found: Rules, kind: Kind, rows: Sequence[ItemRow], fields: Sequence[str]) -> list[Line]:
    """Return rows as they are shown."""
    cells = Cells(kind, found.rulebook, request.lang)
    cells.read_names(rows, (*fields, named_field(kind)))
    day = Day(request.today, found.calendars.default, request.lang)
    at = address_of(kind.code)
    titles = {code: step.title.say(request.lang) for code, step in kind.flow.items()}
    own = own_values(request, kind, rows) if any(kind.fields[name].personal for name in fields) else {}
    said = [{name: own.get((row.fact, name), value) for name, value in row.fields.items()} for row in rows]
    return [
        Line(
            row,
            at + row.item if at else "",
            cells.title(row),
            tuple((cells.say(name, values), cells.grade(name, values)) for name in fields),
            ended_title(row, titles, request) if row.ended_as else titles.get(row.step, row.step),
            _clock(row, day, request.now),
        )
        for row, values in zip(rows, said, strict=True)
    ]


def own_values(request: Request, kind: Kind, rows: Sequence[ItemRow]) -> Mapping[tuple[str, str], Any]:
    """Return personal values by fact and field, of the rows in which one's own organisation stands."""
    post = request.viewer.post
    if post is None or not any(rule.personal for rule in kind.fields.values()):
        return {}
    return personal([row.fact for row in rows if any(post.organisation in codes for codes in row.roles.values())])[0]


def address_of(kind: str) -> str:
    """Return the address that the id of an item of a kind is added to, "" while there is no such page."""
    try:
        return reverse("item", kwargs={"kind": kind, "item": "0"})[:-1]
    except NoReverseMatch:
        return ""


def ended_title(row: ItemRow, titles: dict[str, str], request: Request) -> str:
    """Return how an item ended: the last step of a case."""
    if row.step:
        return titles.get(row.step, row.step)
    return STATES[row.ended_as].say(request.lang) if row.ended_as in STATES else row.ended_as


def _clock(row: ItemRow, day: Day, now: int) -> tuple[str, str, str]:
    if row.deadline is None or row.ended_as:
        return "", "", ""
    overdue = row.deadline < now
    words, _ = day.clock(row.deadline, overdue=overdue)
    when = date_of(row.deadline // MINUTES_A_DAY).isoformat()
    near = row.deadline // MINUTES_A_DAY <= day.today + 3
    return "overdue" if overdue else "atrisk" if near else "pending", words, when


def state_chips(request: Request, kind: Kind, listed: Listed, query: dict[str, str]) -> Iterator[Chip]:
    """Yield the states that a list can be narrowed to, with how many there are of each."""
    if kind.shape == "record":
        return
    chosen = state_of(query, kind)
    ended = sum(n for (name, _), n in listed.counts.items() if name == ENDING)
    total = listed.counts.get(("", ""), 0)
    said: list[tuple[str, str, int | None]] = [("open", "pending", total - ended)]
    if kind.shape == "case":
        said.insert(0, (OVERDUE, "overdue", None))
    said += [("ended", "met", ended), (ALL, "", total)]
    for state, shape, n in said:
        title = _state_title(state, kind).say(request.lang)
        yield Chip(title, shape, n, query_with(query, state=state, step=""), state == chosen)


def _state_title(state: str, kind: Kind) -> Text:
    if kind.shape == "register":
        return {"open": Text(zh="在册", en="In force"), "ended": STATES["closed"]}.get(state, STATES[ALL])
    return STATES[state]


def filters(request: Request, kind: Kind, rulebook: Rulebook, query: dict[str, str]) -> Iterator[Filter]:
    """Yield the drop-downs of a list: the step of a case and every declared filter of few values."""
    if kind.flow:
        steps = tuple((code, step.title.say(request.lang)) for code, step in kind.flow.items() if not step.ends)
        yield Filter("step", Text(zh="环节", en="Step").say(request.lang), query.get("step", ""), steps)
    for name, rule in kind.fields.items():
        if not rule.facet or rule.personal:
            continue
        choices: tuple[tuple[str, str], ...] = ()
        if rule.type == "choice":
            choices = tuple((code, one.title.say(request.lang)) for code, one in rulebook.lists[rule.list].items())
        elif rule.type == "yes_no":
            yes, no = (Text(zh="是", en="yes"), Text(zh="否", en="no"))
            choices = (("true", yes.say(request.lang)), ("false", no.say(request.lang)))
        if choices:
            yield Filter(FILTER + name, rule.title.say(request.lang), query.get(FILTER + name, ""), choices)


def pressed(request: Request, kind: Kind, query: dict[str, str]) -> Iterator[Chip]:
    """Yield what narrows the list and is not seen elsewhere, each with the address without it."""
    said = [("org", Text(zh="单位及下级：", en="At or below: ")), ("from", Text(zh="自 ", en="from ")),
            ("to", Text(zh="至 ", en="to "))]  # fmt: skip
    for name, words in said:
        if query.get(name):
            yield Chip(words.say(request.lang) + query[name], "", None, query_with(query, **{name: ""}), on=True)
    for name, rule in kind.fields.items():
        if rule.facet and rule.type not in ("choice", "yes_no") and query.get(FILTER + name):
            title = f"{rule.title.say(request.lang)}：{query[FILTER + name]}"
            yield Chip(title, "", None, query_with(query, **{f"f__{name}": ""}), on=True)


def summary(request: Request, listed: Listed) -> str:
    """Return how many items there are and how many the filter leaves out, in words."""
    if listed.exact:
        zh, en = f"共 {listed.total:,} 条", f"{listed.total:,} in all"
        if listed.left_out:
            zh, en = f"{zh}，筛选之外 {listed.left_out:,} 条", f"{en}, {listed.left_out:,} left out by the filter"
    else:
        whole = listed.total + listed.left_out
        zh = f"超过 {listed.total:,} 条，不筛选时共 {whole:,} 条"
        en = f"more than {listed.total:,}, {whole:,} without the filter"
    return Text(zh=zh, en=en).say(request.lang)


def links(kind: str) -> dict[str, str]:
    """Return the addresses of what may be done with a list, of those that exist."""
    found = {}
    for name in ("new", "import", "export", "print", "list_print", "template", "steps", "many", "views"):
        try:
            found[name] = reverse(name, kwargs={"kind": kind})
        except NoReverseMatch:
            continue
    if kind in BEGUN:
        found["new"] = reverse(BEGUN[kind])
        found.pop("import", None)
    return found
