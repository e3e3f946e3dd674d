"""Lines of the list of things to do: an obligation or a case as a title, a reason, a deadline and one button."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from huxue.core.calendar import Calendar
from huxue.core.duties.shapes import Cover, Deed, Duty, Entry, Keep, Never, Ratio, Repeat, Respond, Shape, Test, Where
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import FAR, MINUTES_A_DAY, Language, Text
from huxue.standings.owed import Owed, Waits
from huxue.web.addresses import address_or
from huxue.web.words import period, short_day

GROUPS: Final = (
    ("overdue", Text(zh="已逾期", en="Overdue")),
    ("soon", Text(zh="今明两天到期", en="Due today or tomorrow")),
    ("week", Text(zh="本周", en="This week")),
    ("later", Text(zh="以后", en="Later")),
)
SHAPES: Final = {"overdue": "overdue", "soon": "atrisk", "week": "pending", "later": "pending"}
TOGETHER: Final = 3  # from how many lines of one sort on they stand as one
NEVER: Final = FAR * MINUTES_A_DAY


@dataclass(frozen=True, slots=True)
class Todo:
    """One line. ``group``: one of ``GROUPS``; ``sort``: lines of the same sort may stand as one."""

    title: str
    address: str
    why: str
    group: str
    status: str
    words: str
    when: str
    button: str
    button_address: str
    due: int
    sort: str
    more: str = ""  # where all of its sort are listed


@dataclass(frozen=True, slots=True)
class Day:
    """The day of a list, its calendar and its language."""

    today: int
    calendar: Calendar
    lang: Language

    def t(self, zh: str, en: str) -> str:
        """Return one of both."""
        return zh if self.lang == "zh" else en

    def group(self, due: int, *, overdue: bool) -> str:
        """Return the group of a deadline."""
        day = due // MINUTES_A_DAY
        if overdue:
            return "overdue"
        if day <= self.today + 1:
            return "soon"
        return "week" if day <= self.today + 6 - (self.today + 3) % 7 else "later"

    def placed(self, deadline: int | None) -> tuple[str, bool]:
        """Return the group of a case's deadline, and whether it has passed."""
        due = NEVER if deadline is None else deadline
        overdue = due // MINUTES_A_DAY < self.today
        return self.group(due, overdue=overdue), overdue

    def clock(self, due: int, *, overdue: bool) -> tuple[str, str]:
        """Return the words and the date of a deadline; of a state that must hold always, what is to be done."""
        day = due // MINUTES_A_DAY
        if due >= NEVER:
            return self.t("没有期限", "No deadline"), ""
        if overdue and day >= self.today:
            return self.t("现在不符合", "Not so now"), self.t("须保持", "must hold at all times")
        if overdue:
            late = self.calendar.workdays_between(day, self.today)
            return self.t(f"逾期 {late} 个工作日", f"{late} workdays late"), self.t("应于 ", "was due ") + self.day(day)
        if day == self.today:
            return self.t("今天到期", "Due today"), self.day(day)
        left = self.calendar.workdays_between(self.today, day)
        return self.t(f"剩 {left} 个工作日", f"{left} workdays left"), self.day(day)

    def day(self, number: int) -> str:
        """Return a day in words, with its year where it is another one."""
        return short_day(number, self.lang) if abs(number - self.today) < LONG else f"{_iso(number)}"


LONG: Final = 180  # days beyond which a date needs its year


def _iso(number: int) -> str:
    from huxue.web.jinja import day  # noqa: PLC0415 - the engine imports the addresses, which import the pages

    return day(number)


def of_duty(one: Owed, rulebook: Rulebook, day: Day, organisation: str) -> Todo | None:
    """Return the line of an obligation, ``None`` where the rulebook has its duty no more."""
    duty = rulebook.duties.get(one.duty)
    if duty is None:
        return None
    overdue = one.status == "overdue"
    words, when = day.clock(one.due, overdue=overdue)
    address, button = act(one, duty, rulebook, day)
    why = address_or("why", "", org=organisation, duty=one.duty)
    more = f"{why}?{urlencode({'period': one.period})}" if why else address
    return Todo(
        title=duty.title.say(day.lang), address=more or address, why=_why(one, duty, rulebook, day),
        group=day.group(one.due, overdue=overdue), status="overdue" if overdue else "due", words=words, when=when,
        button=button, button_address=address, due=one.due, sort=f"duty {one.duty}", more=why,
    )  # fmt: skip


def _why(one: Owed, duty: Duty, rulebook: Rulebook, day: Day) -> str:
    source = rulebook.sources.get(duty.source.text)
    title = source.title.say(day.lang) if source else duty.source.text
    parts = [day.t(f"依据《{title}》{duty.source.clause}", f"{title}, {duty.source.clause}")]
    if one.trigger is not None:
        kind = rulebook.kinds.get(one.trigger.kind)
        on = short_day(one.trigger.at // MINUTES_A_DAY, day.lang)
        named = kind.title.say(day.lang) if kind else ""
        parts.insert(0, day.t(f"{on}{named}", f"{named}, {on}"))
    else:
        parts.insert(0, period(one.period, day.lang))
        if one.need > 1:
            parts.append(day.t(f"已有 {one.have}，须有 {one.need}", f"{one.have} of {one.need}"))
    return " · ".join(parts)


# --- what to press ---------------------------------------------------------------------------------------------------


def act(one: Owed, duty: Duty, rulebook: Rulebook, day: Day) -> tuple[str, str]:
    """Return the address that does what a duty asks, filled in as far as it is known, and the word on the button."""
    shape = duty.shape
    if isinstance(shape, Respond):
        return _answer(one, shape, rulebook, day)
    wanted = _wanted(shape)
    if isinstance(wanted, Deed):
        return _deed(wanted, rulebook, day)
    if isinstance(wanted, Entry):
        missing = isinstance(shape, Cover | Ratio)
        name, words = ("new", ("登记", "Enter")) if missing and wanted.as_ == "by" else ("list", ("去办", "Do it"))
        return address_or(name, "", kind=wanted.entry), day.t(*words)
    return "", ""


def _wanted(shape: Shape) -> Deed | Entry | None:
    match shape:
        case Repeat():
            return shape.deed
        case Keep():
            return shape.every
        case Cover() | Never():
            return shape.deed or shape.entry
        case Ratio():
            return next((part.deed or part.entry for part in shape.have if part.deed or part.entry), None)
        case _:
            return None


def _answer(one: Owed, shape: Respond, rulebook: Rulebook, day: Day) -> tuple[str, str]:
    trigger, answer = one.trigger, shape.with_
    if trigger and shape.match == "case" and answer.step:
        kind = rulebook.kinds.get(trigger.kind)
        said = kind.flow.get(answer.step[0]) if kind else None
        if len(answer.step) > 1 or said is None or trigger.now_at not in said.from_:  # the page of the case says which
            return address_or("item", "", kind=trigger.kind, item=trigger.item), day.t("去办", "Do it")
        where = address_or("step", "", kind=trigger.kind, item=trigger.item, step=answer.step[0])
        return where, said.title.say(day.lang)
    more = {"reference": trigger.item} if trigger and shape.match == "reference" else {}
    return _deed(answer, rulebook, day, **more)


def _deed(deed: Deed, rulebook: Rulebook, day: Day, **more: str) -> tuple[str, str]:
    kind = deed.record.partition(".")[0] or deed.case or _kind_of(deed, rulebook)
    declared = rulebook.kinds.get(kind)
    if declared is None:
        return "", ""
    opening = declared.shape != "case" or any(
        declared.flow[step].opening for step in deed.step if step in declared.flow
    )
    if not opening or any(rule.writes == kind for rule in rulebook.derivations.values()):
        return address_or("list", "", kind=kind), day.t("去办", "Do it")
    said = {f"f.{test.field}": _typed(test.value) for test in _given(deed.where) if _is_given(test, declared.fields)}
    query = urlencode({**said, **more})
    address = address_or("new", "", kind=kind)
    return (f"{address}?{query}" if address and query else address), day.t("登记", "Record it")


def _given(where: Where) -> Iterator[Test]:
    """Yield what must hold, and of what may hold instead of each other the first."""
    for part in (*where.all, *where.any[:1]):
        if isinstance(part, Test):
            yield part
        else:
            yield from _given(part)


def _is_given(test: Test, fields: Mapping[str, object]) -> bool:
    """Tell whether a filter names the one value that a field must have."""
    return test.op == "=" and test.field in fields and isinstance(test.value, str | bool)


def _typed(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _kind_of(deed: Deed, rulebook: Rulebook) -> str:
    return next((code for code, kind in rulebook.kinds.items() if any(step in kind.flow for step in deed.step)), "")


# --- cases -----------------------------------------------------------------------------------------------------------


def of_case(one: Waits, rulebook: Rulebook, day: Day, names: Mapping[str, str], said: Mapping[str, str]) -> Todo:
    """Return the line of a case that waits for a step."""
    kind = rulebook.kinds[one.kind]
    due = NEVER if one.deadline is None else one.deadline
    group, overdue = day.placed(one.deadline)
    words, when = day.clock(due, overdue=overdue)
    here = kind.flow[one.step].title.say(day.lang)
    what = next(iter(said.values()), "") or kind.title.say(day.lang)
    step = kind.flow[one.next].title.say(day.lang) if one.next else ""
    address = address_or("item", "", kind=one.kind, item=one.item)
    open_to_all = bool(one.next) and not kind.flow[one.next].not_by  # else the page of the case says who may not
    act = address_or("step", address, kind=one.kind, item=one.item, step=one.next) if open_to_all else address
    title = f"{step}{day.t('：', ': ')}{what[:40]}" if step else what[:60]
    return Todo(
        title=title, address=address, why=" · ".join((names.get(one.organisation, ""), kind.title.say(day.lang), here)),
        group=group, status="overdue" if overdue else "due", words=words, when=when,
        button=step or day.t("查看", "Open"), button_address=act, due=due, sort=f"case {one.kind} {one.step}",
        more=f"{address_or('list', '', kind=one.kind)}?{urlencode({'step': one.step})}",
    )  # fmt: skip


def together(found: Iterable[Todo], day: Day) -> list[Todo]:
    """Let many lines of one sort and group stand as one, by its earliest deadline."""
    by_sort: dict[tuple[str, str], list[Todo]] = {}
    for one in sorted(found, key=lambda todo: (todo.due, todo.title)):
        by_sort.setdefault((one.group, one.sort), []).append(one)
    made = [one for same in by_sort.values() for one in (same if len(same) < TOGETHER else [_one(same, day)])]
    return sorted(made, key=lambda todo: (todo.due, todo.title))


def _one(same: Sequence[Todo], day: Day) -> Todo:
    first = same[0]
    title = (
        first.title.partition("：" if day.lang == "zh" else ": ")[0] if first.sort.startswith("case") else first.title
    )
    count = day.t(f"{title}（{len(same)} 件）", f"{title} ({len(same)})")
    where = first.more or first.address
    button = day.t("逐件办", "One by one") if first.sort.startswith("case") else first.button
    act = where if first.sort.startswith("case") else first.button_address
    why = first.why if not first.sort.startswith("case") else first.why.partition(" · ")[2]
    return replace(first, title=count, address=where, button=button, button_address=act, why=why)


def grouped(found: Iterable[Todo]) -> list[tuple[str, Text, list[Todo]]]:
    """Return the groups that have lines, in their order."""
    every = list(found)
    lines = [(code, title, [one for one in every if one.group == code]) for code, title in GROUPS]
    return [(SHAPES[code], title, same) for code, title, same in lines if same]


__all__ = ["TOGETHER", "Day", "Todo", "act", "grouped", "of_case", "of_duty", "together"]
