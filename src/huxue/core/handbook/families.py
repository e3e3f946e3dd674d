"""The page of one family, and the first page of the book with all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from huxue.core.burden import Cost, by_role, minutes_a_month
from huxue.core.duties.shapes import Duty
from huxue.core.examples import Example
from huxue.core.handbook.duty import section
from huxue.core.handbook.kinds import links, used
from huxue.core.handbook.markdown import bullets, link, page, table
from huxue.core.handbook.shapes import SHAPES, on_time
from huxue.core.handbook.voice import Voice
from huxue.core.rulebook.model import Family
from huxue.core.values import Text, date_of

Told = Mapping[str, Sequence[Example]]  # duty → its worked examples
NOTICE = Text(
    zh="本页由制度文件生成，请改制度文件，不要改本页。",
    en="This page is made from the files of the rulebook: change those, not this page.",
)


def heading(voice: Voice, title: Text) -> str:
    """Return a first heading in both languages, its own first."""
    first, second = (title.zh, title.en) if voice.zh else (title.en, title.zh)
    return f"# {first} · {second}"


def duties_of(voice: Voice, family: str) -> list[Duty]:
    """Return the duties of a family, in the order of their codes."""
    return sorted((one for one in voice.rulebook.duties.values() if one.family == family), key=lambda one: one.code)


def state(voice: Voice, family: Family) -> str:
    """Return whether a family is on at first."""
    return voice.say("默认启用", "on at first") if family.on else voice.say("默认关闭", "off at first")


def family_page(voice: Voice, code: str, found: Sequence[Cost], told: Told) -> str:
    """Return the page of a family: what it costs, its duties with their examples, the kinds they use."""
    family, duties = voice.rulebook.families[code], duties_of(voice, code)
    n = len(duties)
    head = [f"`{code}`", state(voice, family), voice.say(f"职责 {n} 项", f"{n} {'duty' if n == 1 else 'duties'}")]
    return page(
        [
            heading(voice, family.title),
            " · ".join(head),
            link(voice.say("回目录", "Contents"), "../index.md"),
            voice.text(NOTICE),
            f"## {voice.say('每月录入用时', 'Minutes a month')}",
            _cost(voice, found),
            f"## {voice.say('职责', 'Duties')}"
            if duties
            else voice.say("本族还没有职责。", "This family has no duties yet."),
            bullets(dict(on_time(voice, one) for one in duties).items(), zh=voice.zh),
            *(section(voice, duty, told.get(duty.code, ())) for duty in duties),
            links(voice, used(duties)),
        ]
    )


def _cost(voice: Voice, found: Sequence[Cost]) -> str:
    rows = [
        [_role(voice, type_, post), str(minutes_a_month(seconds))]
        for (type_, post), seconds in sorted(by_role(found).items())
        if seconds
    ]
    note = voice.say(
        "只启用本族时的估算，只算写下来的时间，不算做事的时间；触发后才办的事项不计。",
        "An estimate with this family alone: the time of writing down, not of doing; "
        "what is only owed after a trigger is not counted.",
    )
    head = [voice.say("角色", "role"), voice.say("分钟", "minutes")]
    nothing = voice.say("没有固定要写的内容。", "Nothing that has to be written down regularly.")
    return page([table(head, rows) if rows else nothing, note])


def _role(voice: Voice, type_: str, post: str) -> str:
    said = voice.types([type_])
    return f"{said} · {voice.posts([post])}" if post else said


def index_page(voice: Voice, costs: Mapping[str, Sequence[Cost]], others: Iterable[tuple[str, str]], day: int) -> str:
    """Return the contents: every family with its state and what it costs, and the other pages."""
    book = voice.rulebook
    head = [
        voice.say("职责族", "family"),
        voice.say("首次启用时", "at first"),
        voice.say("职责", "duties"),
        voice.say("形态", "shapes"),
        voice.say("每月录入用时（分钟）", "minutes a month"),
    ]
    rows = [
        _family(voice, code, costs.get(code, ()))
        for code in sorted(book.families, key=lambda c: not book.families[c].on)
    ]
    on = sum(one.on for one in book.families.values())
    n = len(book.duties), len(book.families), on, len(book.kinds), len(book.parameters)
    counts = voice.say(
        "职责 {} 项，职责族 {} 个（默认启用 {} 个），类型 {} 个，参数 {} 个。",
        "{} duties in {} families ({} on at first), {} kinds, {} parameters.",
    ).format(*n)
    layers = (
        voice.say("层级：", "Layers: ")
        + voice.all_of(voice.text(one.title) for one in book.layers)
        + voice.say("。", ".")
    )
    return page(
        [
            heading(voice, book.title),
            counts + ("" if voice.zh else " ") + layers,
            voice.text(NOTICE),
            "\n".join(f"- {link(title, target)}" for title, target in others),
            f"## {voice.say('职责族', 'Families')}",
            table(head, rows),
            voice.say(
                f"用时是截至 {date_of(day)} 的一年的估算，各族单独启用时；"
                "几族都要的记录只写一次，合计见 `huxue burden`。",
                f"Minutes are an estimate for the year up to {date_of(day)}, each family alone; "
                "a record that several families ask for is written once: `huxue burden` shows the sum.",
            ),
        ]
    )


def _family(voice: Voice, code: str, found: Sequence[Cost]) -> list[str]:
    family, duties = voice.rulebook.families[code], duties_of(voice, code)
    shapes = dict.fromkeys(voice.text(SHAPES[one.shape_name]) for one in duties)
    minutes: dict[str, int] = {}
    for cost in found:
        minutes[cost.type] = minutes.get(cost.type, 0) + cost.a_year
    said = voice.points(f"{voice.types([type_])} {minutes_a_month(n)}" for type_, n in sorted(minutes.items()) if n)
    return [
        link(voice.text(family.title), f"families/{code}.md"),
        state(voice, family),
        str(len(duties)),
        voice.all_of(shapes),
        said,
    ]
