"""Worked examples of a rulebook: from a file that an official can read to facts and expected standings.

An example file belongs to one family of duties. ``situation`` says who exists; each example adds what happened and what
must follow from it. Names of organisations stand for their codes. ``docs/reference/examples.md`` explains every word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from huxue.core.duties.standing import STATUSES, Standing
from huxue.core.examples.writing import Writer, day, only, refuse
from huxue.core.facts import Fact
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Text

Sort = Literal["positive", "negative", "boundary"]
SORTS: tuple[Sort, ...] = get_args(Sort)
NO_ROW = "none"  # expected status: there is no standing at all
_BEGINS = "2025-07-01"  # when the common situation begins, unless it says ``from``
_FILE = ("situation", "examples")
_EXAMPLE = ("title", "sort", "duty", "as_of", "known_at", "situation", "facts", "expect")
_SITUATION = ("from", "organisations", "oversight", "posts", "facts")
_EDGE = ("by", "topic", "supervised", "from", "until")
_FRAME = ("type", "parent", "area", "in_use_from", "from", "until")  # of an organisation; every other key is a trait


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true of one standing; ``None`` means: not looked at. ``period`` may be a trigger's fact id."""

    organisation: str
    period: str
    status: str
    on_time: bool | None = None
    verified: bool | None = None
    have: int | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example: facts in, standings out, as of a day and as known on a day."""

    title: Text
    sort: Sort
    duty: str
    as_of: int
    known_at: int
    facts: tuple[Fact, ...]
    expected: tuple[Expected, ...]


def read_examples(said: Mapping[str, Any], rulebook: Rulebook) -> tuple[Example, ...]:
    """Return the examples of one file. Raises ``Refused("example", …)`` where the file names what does not exist."""
    only(said, _FILE)
    common = said.get("situation") or {}
    return tuple(_example(common, one, rulebook) for one in said.get("examples") or ())


def differences(example: Example, standings: Iterable[Standing]) -> list[str]:
    """Return one line for each expectation that the standings do not meet; empty when all hold."""
    rows = {(s.organisation, s.period): s for s in standings if s.duty == example.duty}
    told = {(e.organisation, e.period): e for e in example.expected}
    return [line for key, e in told.items() for line in _unmet(e, rows.get(key))]


def _unmet(e: Expected, found: Standing | None) -> list[str]:
    where = f"{e.organisation} {e.period}"
    status = found.status if found else NO_ROW
    if status != e.status:
        return [f"{where}: expected {e.status}, found {status}"]
    looked = ("on_time", "verified", "have", "need") if found else ()
    wanted = {name: getattr(e, name) for name in looked if getattr(e, name) is not None}
    real = {name: getattr(found, name) for name in wanted}
    return [f"{where}: expected {n} {wanted[n]}, found {real[n]}" for n in wanted if wanted[n] != real[n]]


def _example(common: Mapping[str, Any], said: Mapping[str, Any], rulebook: Rulebook) -> Example:
    only(said, _EXAMPLE)
    if said.get("duty") not in rulebook.duties:
        raise refuse(f"没有职责“{said.get('duty')}”", f"there is no duty '{said.get('duty')}'")
    if said.get("sort") not in SORTS:
        raise refuse(f"sort 应为 {', '.join(SORTS)} 之一", f"sort must be one of {', '.join(SORTS)}")
    writer = Writer(rulebook, said["duty"])
    _situate(writer, _together(common, said.get("situation") or {}))
    for fact in said.get("facts") or ():
        writer.write(fact)
    as_of = day(said["as_of"])
    expected = tuple(_expected(row, writer) for row in said["expect"])
    known_at = day(said.get("known_at", said["as_of"]))
    return Example(_title(said), said["sort"], said["duty"], as_of, known_at, tuple(writer.facts), expected)


def _title(said: Mapping[str, Any]) -> Text:
    title = said.get("title")
    if not isinstance(title, Mapping) or set(title) != {"zh", "en"}:
        raise refuse(f"title 应为 {{zh, en}}：{title}", f"a title is {{zh, en}}, quoted where it has a comma: {title}")
    return Text(zh=title["zh"], en=title["en"])


def _expected(row: Mapping[str, Any], writer: Writer) -> Expected:
    only(row, [part.name for part in fields(Expected)])
    writer.organisation(row["organisation"])
    if row["status"] not in (*STATUSES, NO_ROW):
        raise refuse(f"没有状态“{row['status']}”", f"there is no status '{row['status']}'")
    period = str(row["period"])
    return Expected(**{**row, "period": writer.names.get(period, period)})


def _together(common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay an example's own situation over the common one: maps are joined by key, lists are added."""
    whole: dict[str, Any] = dict(common)
    for key, value in own.items():
        below = whole.get(key)
        if isinstance(below, Mapping) and isinstance(value, Mapping):
            whole[key] = {**below, **{k: _joined(below.get(k), v) for k, v in value.items()}}
        else:
            whole[key] = [*below, *value] if isinstance(below, Sequence) and not isinstance(below, str) else value
    return whole


def _joined(below: object, above: object) -> object:
    return {**below, **above} if isinstance(below, Mapping) and isinstance(above, Mapping) else above


def _situate(writer: Writer, said: Mapping[str, Any]) -> None:
    """Write the organisations, who oversees what, and who holds which post."""
    only(said, _SITUATION)
    since = said.get("from", _BEGINS)
    for name, about in (said.get("organisations") or {}).items():
        _organisation(writer, name, about, since)
    for edge in said.get("oversight") or ():
        only(edge, _EDGE)
        told = {"supervised": edge["supervised"], "topic": edge["topic"]}
        writer.stand("oversight", {"by": (edge["by"],)}, told, edge.get("from", since), edge.get("until"))
    for name, holders in (said.get("posts") or {}).items():
        for post, person in holders.items():
            _post(writer, name, post, person, since)
    for fact in said.get("facts") or ():
        writer.write(fact)


def _organisation(writer: Writer, name: str, about: Mapping[str, Any], since: str) -> None:
    known = writer.rulebook
    only(about, (*_FRAME, *known.traits))
    if about.get("type") not in known.organisation_types:
        raise refuse(f"没有单位类型“{about.get('type')}”", f"there is no organisation type '{about.get('type')}'")
    told = {
        "code": name,
        "name": name,
        "type": about["type"],
        "area": about.get("area", ""),
        "parent": about.get("parent", ""),
        "traits": {k: v for k, v in about.items() if k in known.traits},
    }
    if "in_use_from" in about:
        told["in_use_from"] = about["in_use_from"]
    writer.stand("organisation", {"about": (name,)}, told, about.get("from", since), about.get("until"))


def _post(writer: Writer, organisation: str, post: str, person: str, since: str) -> None:
    """Write a post, and its holding unless it is vacant."""
    code, kind = f"{organisation}/{post}", post.partition(":")[0]
    if kind not in writer.rulebook.posts:
        raise refuse(f"没有岗位“{kind}”", f"there is no post '{kind}'")
    writer.stand("post", {"about": (organisation,)}, {"code": code, "organisation": organisation, "type": kind}, since)
    if person:
        writer.stand("holding", {"about": (organisation,)}, {"post": code, "person": person}, since)
