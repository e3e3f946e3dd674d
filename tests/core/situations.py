"""Situations: one duty, a few facts with dates, and the rows that both evaluators must give, written as one line each.

A line says: organisation, period or trigger, status, ``on time`` where it was, ``verified`` or ``unverified`` where
deeds are counted, have/need, the day (or minute) it was due, ``provisional`` where a calendar was not yet certain::

    S 2026-03 met on time unverified 1/1 by 2026-03-31
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import duckdb

from huxue.core.calendar import Calendars, merge
from huxue.core.duties import reference
from huxue.core.duties.explain import explain
from huxue.core.duties.history import History
from huxue.core.duties.shapes import Cover, Duty, Keep, Never, OwedBy, Ratio, Repeat, Respond, Source, Where
from huxue.core.duties.standing import Standing
from huxue.core.facts import Fact
from huxue.core.kinds import Field, FlowStep, Kind, Role
from huxue.core.rulebook.model import Rulebook, Trait
from huxue.core.values import FAR, MINUTES_A_DAY, Text, Value, date_of, day_of, end_of_day, minute_of, moment_of
from huxue.standings.engines.duckdb import connect
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from tests.core.calendar_world import DOCUMENTS

T = Text(zh="例", en="example")
SHAPES: dict[str, type[Value]] = {
    "repeat": Repeat,
    "respond": Respond,
    "keep": Keep,
    "cover": Cover,
    "ratio": Ratio,
    "never": Never,
}
MARCH = ("2026-03-01", "2026-03-31")  # in force so that only the windows of one month open
FIELDS = {
    "sort": Field(type="choice", title=T, list="letters"),
    "joint": Field(type="yes_no", title=T),
    "hours": Field(type="number", title=T, decimals=1),
    "until": Field(type="date", title=T),
    "moment": Field(type="time", title=T),
    "school": Field(type="organisation", title=T),
}
STEPS = ("found", "ordered", "extended", "rectified", "returned", "transferred", "handed-over", "taken-up")
ROLES = ("by", "with", "about", "to", "invited", "attended")
# the hills begin their term a week earlier than everybody else
AREAS = {
    "default": {
        "terms": [
            {"key": "2025-2026-2", "title": {"zh": "春", "en": "s"}, "from": "2026-03-02", "to": "2026-07-03"},
            {"key": "2026-2027-1", "title": {"zh": "秋", "en": "a"}, "from": "2026-09-01", "to": "2027-01-15"},
        ]
    },
    "hills": {
        "terms": [{"key": "2025-2026-2", "title": {"zh": "春", "en": "s"}, "from": "2026-02-23", "to": "2026-06-26"}]
    },
}
TRAITS = {"pupils": "number", "level": "choice", "boarding": "yes_no", "classes": "number"}


@cache
def calendars() -> Calendars:
    return Calendars.build(merge([*DOCUMENTS, {"areas": AREAS}]))


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One for all situations; planning, not running, is what takes time over a few rows."""
    con = connect(threads=1)
    con.execute("PRAGMA disable_optimizer")
    return con


def kinds() -> dict[str, Kind]:
    roles = {name: Role(title=T) for name in ROLES}
    made = [Kind(code=k, shape="record", title=T, fields=FIELDS, roles=roles) for k in ("meeting", "visit", "report")]
    made += [Kind(code=k, shape="register", title=T, fields=FIELDS, roles=roles) for k in ("guard", "lease")]
    flow = {s: FlowStep.model_validate({"title": T, "by": ("school",)}) for s in STEPS}
    made.append(Kind(code="hazard", shape="case", title=T, fields=FIELDS, roles=roles, flow=flow))
    return {k.code: k for k in made}


def test_of(**tests: Any) -> dict[str, Any]:
    """A filter: ``sort="a"``, ``pupils=("at_least", 100)``; all of them must hold."""
    parts = []
    for name, said in tests.items():
        op, value = said if isinstance(said, tuple) else ("=", said)
        parts.append({"field": name, "op": op, "value": value})
    return {"all": parts}


test_of.__test__ = False  # type: ignore[attr-defined]


def day(text: str) -> int:
    return day_of(date.fromisoformat(text))


def minute(text: str, hour: str = "T10:00") -> int:
    return minute_of(datetime.fromisoformat(text if "T" in text else text + hour))


def said(s: Standing) -> str:
    """A standing as its line."""
    assured = {None: "", True: "verified", False: "unverified"}[s.verified]
    due = "no day" if s.due >= FAR * MINUTES_A_DAY else date_of(s.due // MINUTES_A_DAY).isoformat()
    if s.due < FAR * MINUTES_A_DAY and s.due != end_of_day(s.due // MINUTES_A_DAY):
        due = moment_of(s.due).isoformat(timespec="minutes")
    code = "" if s.duty == "d" else s.duty
    timely = "on time" if s.on_time else ""
    words = [s.organisation, code, s.period, s.status, timely, assured, f"{s.have}/{s.need}", f"by {due}"]
    return " ".join(w for w in (*words, "provisional" if s.provisional else "") if w)


def duty_of(code: str, frame: dict[str, Any]) -> Duty:
    frame = dict(frame)
    name = next(n for n in SHAPES if n in frame)
    shape = SHAPES[name].model_validate(frame.pop(name))
    lo, hi = frame.pop("in_force", (None, None))
    force = (day(lo) if lo else -10_000_000, day(hi) if hi else 10_000_000)
    owed = OwedBy.model_validate({"type": ("school",)} | frame.pop("owed_by", {}))
    source = Source(text="s", clause="1")
    return Duty(code=code, title=T, family="f", owed_by=owed, shape=shape, in_force=force, source=source, **frame)  # type: ignore[arg-type]


@dataclass
class Situation:
    """A rulebook of a duty or two, and the facts so far."""

    duties: dict[str, Duty]
    valid_from: str = "2026-01-01"
    facts: list[Fact] = field(default_factory=list)

    # --- facts -----

    def fact(self, kind: str, verb: str, at: int, *, entered: str = "", ident: str = "", **more: Any) -> str:
        ident = ident or f"f{len(self.facts):03d}"
        recorded = minute(entered) if entered else at
        item = more.pop("item", "") or ident
        roles = {r: (o,) if isinstance(o, str) else tuple(o) for r, o in more.pop("roles", {}).items()}
        made = Fact(id=ident, kind=kind, verb=verb, item=item, at=at, recorded=recorded, roles=roles, **more)  # type: ignore[arg-type]
        self.facts.append(made)
        return ident

    def opens(
        self, code: str, type_: str = "school", on: str = "2020-01-01", *, verb: str = "open", **more: Any
    ) -> str:
        """An organisation opens (``verb``: changes, closes). ``under``, ``area``, ``in_use_from``; the rest: traits."""
        fields = {"code": code, "name": code, "type": type_, "parent": more.pop("under", "")}
        fields |= {k: more.pop(k) for k in ("area", "in_use_from") if k in more}
        entered = more.pop("entered", "")
        at = minute(on, "T00:00")
        return self.fact(
            "organisation", verb, at, entered=entered, item=f"org-{code}", ident=more.pop("ident", ""),
            roles={"about": code}, fields=fields | {"traits": more},
        )  # fmt: skip

    def did(self, kind: str, at: str, by: str = "S", **more: Any) -> str:
        """A record: roles by name, ``entered``, ``makeup``, ``reference``, ``post``, ``person``; the rest: fields."""
        return self.fact(kind, "record", minute(at), **_sorted({"by": by} | more))

    def step(self, case: str, step: str, at: str, about: str = "S", **more: Any) -> str:
        """A step of the case ``case``; ``deadline`` is the moment it leaves."""
        if "deadline" in more:
            more["deadline"] = minute(more["deadline"], "T23:59")
        return self.fact("hazard", "step", minute(at), **_sorted({"about": about, "step": step, "item": case} | more))

    def entry(self, kind: str, at: str, by: str = "S", verb: str = "open", **more: Any) -> str:
        """An entry opens; with ``verb`` and ``item`` it changes or closes."""
        return self.fact(kind, verb, minute(at), **_sorted({"by": by} | more))

    def replaces(self, of: str, entered: str, **more: Any) -> str:
        """A correction of a fact: the same but for ``at``, roles and fields given."""
        old = next(f for f in self.facts if f.id == of)
        made = _sorted(more)
        at = minute(made.pop("at")) if "at" in made else old.at
        roles = dict(old.roles) | made.pop("roles", {})
        fields = dict(old.fields) | made.pop("fields", {})
        kept = {"item": old.item, "step": old.step, "makeup": old.makeup, "deadline": old.deadline, "post": old.post}
        kept |= {"reference": old.reference, "person": old.person}
        return self.fact(
            old.kind, old.verb, at, entered=entered, roles=roles, fields=fields, replaces=of, **(kept | made)
        )

    def withdrawn(self, ident: str, entered: str) -> str:
        old = next(f for f in self.facts if f.id == ident)
        return self.fact(old.kind, "withdraw", old.at, entered=entered, item=old.item, replaces=ident)

    def verified(self, ident: str, at: str, by: str = "C", result: str = "confirmed", **more: Any) -> str:
        return self.did("verification", at, by, reference=ident, result=result, spot=False, **more)

    def excused(self, about: str, lo: str, hi: str, duty: str = "d") -> str:
        fields = {"duty": duty, "from": lo, "to": hi, "reason": "x"}
        return self.fact("excuse", "record", minute(lo), roles={"about": about}, fields=fields)

    def post(self, org: str, type_: str, on: str = "2020-01-01") -> str:
        code = f"{org}/{type_}"
        fields = {"code": code, "organisation": org, "type": type_}
        return self.fact("post", "open", minute(on), roles={"about": org}, fields=fields, item=f"post-{code}")

    def holds(self, org: str, type_: str, person: str, on: str, item: str = "", **more: Any) -> str:
        fields = {"post": f"{org}/{type_}", "person": person}
        return self.fact(
            "holding", more.pop("verb", "open"), minute(on), roles={"about": org}, fields=fields, item=item, **more
        )

    # --- rows -----

    def _rulebook(self) -> Rulebook:
        traits = {n: Trait(title=T, type=t) for n, t in TRAITS.items()}  # type: ignore[arg-type]
        since = day(self.valid_from)
        return Rulebook(
            code="r", title=T, layers=(), valid_from=since, duties=self.duties, kinds=kinds(), traits=traits
        )

    def rows(self, as_of: str, known_at: str = "") -> list[Standing]:
        """The standings, after checking that the program gives the very rows of the reference."""
        book = self._rulebook()
        when = {"as_of": day(as_of), "known_at": day(known_at or as_of)}
        expected = reference.evaluate(book, calendars(), self.facts, **when)
        found = evaluate(
            book, calendars(), table_of(self.facts), **when, areas=tuple(AREAS), con=connection()
        ).standings()
        assert [said(s) for s in found] == [said(s) for s in expected], "program (left) and reference (right) differ"
        assert found == expected
        return expected

    def why(self, as_of: str) -> list[str]:
        """The heads of the explanations of S's standings, in Chinese."""
        book = self._rulebook()
        h = History(book, calendars(), self.facts, as_of=day(as_of), known_at=day(as_of))
        return [reason.text.zh for reason in explain(h, "S", "d")]

    def on(self, as_of: str, known_at: str = "") -> list[str]:
        """The rows of a day, as lines."""
        return [said(s) for s in self.rows(as_of, known_at)]


def _sorted(more: dict[str, Any]) -> dict[str, Any]:
    """Tell roles, parts of a fact and fields apart by their names."""
    parts = ("entered", "ident", "item", "step", "reference", "post", "person", "makeup", "deadline", "at", "replaces")
    made: dict[str, Any] = {k: more[k] for k in parts if k in more}
    made["roles"] = {k: more[k] for k in ROLES if more.get(k)}
    made["fields"] = {k: v for k, v in more.items() if k not in (*parts, *ROLES)}
    return made


def situation(
    *, valid_from: str = "2026-01-01", school: bool = True, others: dict[str, Any] | None = None, **frame: Any
) -> Situation:
    """A duty ``d`` (its frame and one shape), further duties by code, and by default the school S, open since 2020."""
    made = {"d": frame} | (others or {})
    s = Situation({code: duty_of(code, f) for code, f in made.items()}, valid_from)
    if school:
        s.opens("S")
    return s


__all__ = ["MARCH", "Situation", "Where", "situation", "test_of"]
