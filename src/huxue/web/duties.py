"""Duties in words, for pages: the line of one in a list, and everything that its own page says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from huxue.access.viewer import Viewer
from huxue.actions.rulebooks import examples_of
from huxue.core.burden import seconds_of
from huxue.core.duties.explain import CONFIDENCE
from huxue.core.duties.shapes import Cover, Deed, Duty, Repeat, Respond, Windowed
from huxue.core.handbook import duty as phrased
from huxue.core.handbook.kinds import used
from huxue.core.handbook.lists import rungs
from huxue.core.handbook.phrases import kind_of
from huxue.core.handbook.shapes import asked
from huxue.core.handbook.situations import examples
from huxue.core.handbook.voice import Voice
from huxue.core.kinds import Field, Kind
from huxue.core.rulebook.edition import Edition
from huxue.core.values import Language, Text
from huxue.standings.models import Tally

_EVIDENCE: Final = {"photo": ("照片", "photos"), "file": ("文件", "files"), "signature": ("签名", "signatures")}
_MINUTE: Final = 60  # seconds
LEVELS: Final = {
    "speech": Text(zh="讲话", en="speech"),
    "national": Text(zh="国家", en="national"),
    "province": Text(zh="省", en="province"),
    "city": Text(zh="市", en="city"),
    "county": Text(zh="县（区）", en="county"),
    "example": Text(zh="示例", en="example"),
}
UNSURE: Final = ("M", "C", "DEF")  # confidence: the wording or the figure is not settled


@dataclass(frozen=True, slots=True)
class Line:
    """A duty in a list. ``on``: its family is switched on; ``unsure``: its wording or figure is 待确认."""

    code: str
    title: str
    who: str
    often: str
    source: str
    family: str
    family_title: str
    on: bool
    unsure: bool


@dataclass(frozen=True, slots=True)
class Layered:
    """A duty in the row of those that ask for the same, the strictest first. ``wins``: this one is held to."""

    code: str
    layer: str
    title: str
    asked: str
    source: str
    here: bool
    on: bool
    wins: bool


def often(voice: Voice, duty: Duty) -> str:
    """Return how often a duty is owed, in a word or two."""
    shape = duty.shape
    if isinstance(shape, Respond):
        return voice.say("逐件", "each time")
    return voice.period(shape.period) if shape.period else voice.say("持续", "at all times")


_LINES: dict[tuple[str, tuple[str, ...], Language], dict[str, Line]] = {}
_EDITIONS: Final = 4


def line(voice: Voice, edition: Edition, duty: Duty) -> Line:
    """Return a duty as a line of a list; kept in the process."""
    key = edition.hash, edition.families_on, voice.language
    if key not in _LINES and len(_LINES) >= _EDITIONS:
        _LINES.clear()
    kept = _LINES.setdefault(key, {})
    if duty.code not in kept:
        kept[duty.code] = _line(voice, edition, duty)
    return kept[duty.code]


def _line(voice: Voice, edition: Edition, duty: Duty) -> Line:
    family = voice.rulebook.families[duty.family]
    return Line(
        duty.code, voice.text(duty.title), phrased.bearer(voice, duty).rstrip("。."), often(voice, duty),
        phrased.source(voice, duty.source).rstrip("。."), duty.family, voice.text(family.title),
        duty.family in edition.families_on, duty.source.confidence in UNSURE,
    )  # fmt: skip


def facts(voice: Voice, duty: Duty) -> Iterator[tuple[str, str]]:
    """Yield what stands on top of a duty's page: a label and its words."""
    owed = duty.owed_by
    yield voice.say("谁", "Who"), phrased.bearer(voice, duty).rstrip("。.")
    yield voice.say("多久一次", "How often"), often(voice, duty)
    yield (
        voice.say("责任岗位", "Post"),
        voice.posts([owed.post]) if owed.post else voice.say("由本单位安排", "whoever it falls to there"),
    )
    yield (
        voice.say("怎么算完成", "Counts when"),
        (
            voice.say("记录 1 条，经他人核实", "recorded and confirmed by somebody else")
            if duty.counts == "verified"
            else voice.say("有记录即可，不需他人核实", "recorded; nobody else need confirm it")
        ),
    )
    kind = _written(voice, duty)
    if kind is not None:
        asks = _asks(voice, kind, duty)
        yield (
            voice.say("要什么记录", "What is written"),
            voice.quoted(kind.title)
            + voice.aside(
                voice.all_of(voice.text(one.title) for one in asks) or voice.say("没有必填字段", "no field is required")
            ),
        )
        yield voice.say("不要什么", "What is not needed"), _not_needed(voice, asks)
        seconds = seconds_of(kind, _step_asks(voice, kind, duty))
        yield voice.say("写一条约需", "Writing one takes"), _length(voice, seconds)
    good = isinstance(duty.shape, Windowed) and duty.shape.make_good
    may = voice.say("可以补办", "can be made good") if good else voice.say("不能补办", "cannot be made good")
    yield (
        voice.say("补办与免除", "Made good, excused"),
        may + voice.say("；有理由、有批准人、有期限的可免除", "; excused with a reason, a signer and a span"),
    )


def _length(voice: Voice, seconds: int) -> str:
    if seconds < _MINUTE:
        return voice.say(f"{seconds} 秒", f"{seconds} s")
    minutes = -(-seconds // _MINUTE)
    return voice.say(f"{minutes} 分钟", f"{minutes} min")


def _deed(voice: Voice, duty: Duty) -> Deed | None:
    """Return what the bearer itself writes: its own deed, or a step that it takes in a case about it."""
    shape = duty.shape
    deed = (
        shape.deed if isinstance(shape, Repeat | Cover)
        else shape.with_ if isinstance(shape, Respond)
        else None
    )  # fmt: skip
    if deed is None or deed.as_ == "by":
        return deed
    kind = voice.rulebook.kinds.get(kind_of(deed))
    takers = {name for step in deed.step if kind and step in kind.flow for name in kind.flow[step].by}
    return deed if takers & {deed.as_, *duty.owed_by.type} else None


def _written(voice: Voice, duty: Duty) -> Kind | None:
    deed = _deed(voice, duty)
    return voice.rulebook.kinds.get(kind_of(deed)) if deed else None


def _step_asks(voice: Voice, kind: Kind, duty: Duty) -> Sequence[str] | None:
    deed = _deed(voice, duty)
    steps = [kind.flow[step].asks for step in deed.step if step in kind.flow] if deed and kind.flow else []
    return min(steps, key=len) if steps else None


def _asks(voice: Voice, kind: Kind, duty: Duty) -> list[Field]:
    names = _step_asks(voice, kind, duty)
    if names is not None:
        return [kind.fields[name] for name in names if name in kind.fields]
    return [one for one in kind.fields.values() if one.required]


def _not_needed(voice: Voice, asks: Sequence[Field]) -> str:
    asked_for = {one.type for one in asks}
    free = [said for type_, said in _EVIDENCE.items() if type_ not in asked_for]
    words = voice.all_of(voice.say(*said) for said in free)
    if not words:
        return voice.say("此项之外的材料均不必上传", "nothing beyond these")
    return voice.say(f"{words}均不必上传", f"no {words} need be sent in")


def row_of_layers(voice: Voice, edition: Edition, duty: Duty) -> list[Layered]:
    """Return the duties that ask for the same thing, the strictest first, and which of them is held to."""
    rows = _chain(voice, duty)
    on = [one.family in edition.families_on for one in rows]
    wins = next((one.code for one, is_on in zip(rows, on, strict=True) if is_on), "")
    titles = {one.code: voice.text(LEVELS[one.level]) for one in voice.rulebook.layers}
    return [
        Layered(
            one.code, titles.get(one.layer, one.layer), voice.text(one.title), asked(voice, one),
            phrased.source(voice, one.source), one.code == duty.code, is_on, one.code == wins,
        )
        for one, is_on in zip(rows, on, strict=True)
    ]  # fmt: skip


def _chain(voice: Voice, duty: Duty) -> list[Duty]:
    duties = voice.rulebook.duties
    above: list[Duty] = []
    for one in duties.values():
        if one.strengthens == duty.code:
            above = [*_chain_up(duties, one), *above]
    below, at = [], duty
    while at.strengthens in duties:
        at = duties[at.strengthens]
        below.append(at)
    return [*above, duty, *below]


def _chain_up(duties: dict[str, Duty], duty: Duty) -> list[Duty]:
    above = [one for other in duties.values() if other.strengthens == duty.code for one in _chain_up(duties, other)]
    return [*above, duty]


def points(voice: Voice, duty: Duty) -> list[tuple[str, str]]:
    """Return what the handbook says of a duty, point by point, without what stands on top of its page already."""
    above = {voice.say("谁承担", "Owed by"), voice.say("做什么", "What counts"), voice.say("依据", "Source")}
    above |= {voice.say("参数", "Parameter")}
    return [(label, words) for label, words in phrased.points(voice, duty) if label not in above]


def consequences(voice: Voice, duty: Duty) -> list[tuple[str, str, str]]:
    """Return the rungs of a duty's ladder: the measure, when it is owed, who decides."""
    ladder = voice.rulebook.ladders.get(duty.ladder)
    return list(rungs(voice, ladder)) if ladder else []


_CASES: dict[tuple[str, str, Language], str] = {}
_KEPT: Final = 512


def cases_in_words(voice: Voice, edition: Edition, duty: Duty) -> str:
    """Return the worked examples of a duty as a Markdown table, "" for none; kept in the process."""
    key = edition.hash, duty.code, voice.language
    if key not in _CASES:
        if len(_CASES) >= _KEPT:
            _CASES.clear()
        told = examples_of(edition.rulebook, duty.code)
        _CASES[key] = examples(voice, told) if told else ""
    return _CASES[key]


def sure(duty: Duty) -> Text:
    """Return how sure we are of the wording."""
    return CONFIDENCE[duty.source.confidence]


def kinds_of(voice: Voice, duty: Duty) -> list[Kind]:
    """Return the declared kinds that a duty speaks of."""
    return [voice.rulebook.kinds[code] for code in used([duty]) if code in voice.rulebook.kinds]


@dataclass(frozen=True, slots=True)
class Behind:
    """How a duty stands in a territory by the kept standings: organisations that owe it, and those behind on it."""

    bearers: int
    behind: int
    overdue: int
    missed: int


def behind(viewer: Viewer, duty: Duty) -> Behind | None:
    """Return how a duty stands in the territory of the post acted in, ``None`` where nothing is kept of it."""
    if viewer.post is None or not viewer.may("see"):
        return None
    rows = Tally.objects.filter(organisation=viewer.post.organisation, duty=duty.code).order_by("own")
    found = rows.values_list("bearers", "behind", "overdue", "missed").first()
    return Behind(*found) if found else None
