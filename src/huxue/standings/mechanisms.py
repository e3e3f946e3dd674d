"""What each mechanism of the city shows today: the sentence of its places, worked out from one evaluation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from huxue.core.handbook.duty import amount_of
from huxue.core.handbook.voice import Voice
from huxue.core.mechanisms import Mechanism
from huxue.core.rulebook.edition import in_effect
from huxue.core.values import Text
from huxue.standings.ladder import Climb
from huxue.standings.rollups import Rollup, Rollups, per_mille
from huxue.standings.scores import Scored
from huxue.standings.site import calendars_of

_COUNTS = """
SELECT kind, count(DISTINCT CASE WHEN verb = 'record' THEN item END),
 count(DISTINCT CASE WHEN verb IN ('open', 'change') THEN item END),
 count(DISTINCT CASE WHEN verb = 'close' THEN item END), count(DISTINCT CASE WHEN verb = 'step' THEN item END)
FROM live0 GROUP BY kind"""


@dataclass(frozen=True, slots=True)
class Shown:
    """One mechanism: its declaration, and a sentence for each sort of place it lives in."""

    code: str
    mechanism: Mechanism
    lines: tuple[Text, ...]


class Board:
    """Says what the mechanisms of one edition show in one evaluation with its scores."""

    def __init__(self, scored: Scored) -> None:
        """Keep it."""
        self._scored, self._edition, self._evaluation = scored, scored.edition, scored.evaluation
        self._sayers: dict[str, Callable[[Sequence[str]], Text]] = {
            "duties": self._duties,
            "kinds": self._kinds,
            "lists": self._lists,
            "parameters": self._parameters,
            "checklists": self._checklists,
            "criteria": self._criteria,
            "traits": self._traits,
            "ladders": self._ladders,
            "indicators": self._indicators,
            "derivations": self._derivations,
        }

    def shown(self) -> Iterator[Shown]:
        """Yield the mechanisms in the rulebook's order."""
        for code, mechanism in self._edition.rulebook.mechanisms.items():
            lines = [self._said(sort, names) for sort, names in mechanism.places().items()]
            yield Shown(code, mechanism, tuple(line for line in lines if line is not None))

    def _said(self, sort: str, names: Sequence[str]) -> Text | None:
        sayer = self._sayers.get(sort)
        return sayer(names) if sayer else None

    @cached_property
    def _rollups(self) -> dict[str, Rollup]:
        return {one.duty: one for one in Rollups(self._evaluation).duties()}

    @cached_property
    def _facts(self) -> dict[str, tuple[int, int, int, int]]:
        rows = self._evaluation.con.execute(_COUNTS).fetchall()
        return {kind: (records, opened, closed, cases) for kind, records, opened, closed, cases in rows}

    def _duties(self, names: Sequence[str]) -> Text:
        families = {self._edition.rulebook.duties[name].family for name in names}
        off = sorted(families - set(self._edition.families_on))
        found = [self._rollups[name] for name in names if name in self._rollups]
        total = Counter[str]()
        for one in found:
            total.update(met=one.met, due=one.due, overdue=one.overdue, missed=one.missed)
        closed = total["met"] + total["overdue"] + total["missed"]
        share = per_mille((total["met"], closed) if closed else None)
        if share is None:
            zh, en = f"待办 {total['due']} 项", f"{total['due']} due"
        else:
            shown = f"{share // 10}.{share % 10}"
            zh = f"应办 {closed:,} 项，办结 {shown}%，逾期 {total['overdue']:,}，未履行 {total['missed']:,}"
            en = f"{closed:,} closed, {shown} % done, {total['overdue']:,} overdue, {total['missed']:,} missed"
        if off:
            zh, en = f"{zh}；未启用：{'、'.join(off)}", f"{en}; off: {', '.join(off)}"
        return Text(zh=f"职责 {len(names)} 项：{zh}", en=f"{len(names)} duties: {en}")

    def _kinds(self, names: Sequence[str]) -> Text:
        parts = [self._kind(name) for name in names]
        return Text(zh="；".join(p.zh for p in parts), en="; ".join(p.en for p in parts))

    def _kind(self, name: str) -> Text:
        kind = self._edition.rulebook.kinds[name]
        records, opened, closed, cases = self._facts.get(name, (0, 0, 0, 0))
        count = {"record": records, "register": opened - closed, "case": cases}[kind.shape]
        word = {"record": ("条记录", "records"), "register": ("条在册", "standing"), "case": ("件", "cases")}[
            kind.shape
        ]
        return Text(zh=f"{kind.title.zh} {count:,} {word[0]}", en=f"{kind.title.en} {count:,} {word[1]}")

    def _lists(self, names: Sequence[str]) -> Text:
        counts = [(name, len(self._edition.rulebook.lists[name])) for name in names]
        return Text(
            zh="；".join(f"清单 {name} {n} 项" for name, n in counts),
            en="; ".join(f"list {name}, {n} values" for name, n in counts),
        )

    def _parameters(self, names: Sequence[str]) -> Text:
        book = self._edition.rulebook
        every = [book.parameters[name] for name in names]
        zh, en = Voice(book, "zh"), Voice(book, "en")
        return Text(
            zh="；".join(
                f"{one.title.zh} {amount_of(zh, one)}{'' if one.confirmed else '（待确认）'}" for one in every
            ),
            en="; ".join(
                f"{one.title.en}: {amount_of(en, one)}{'' if one.confirmed else ' (to be confirmed)'}" for one in every
            ),
        )

    def _checklists(self, names: Sequence[str]) -> Text:
        items = sum(len(self._edition.rulebook.checklists[name].items) for name in names)
        return Text(zh=f"检查表 {len(names)} 张，{items} 项", en=f"{len(names)} checklists with {items} items")

    def _criteria(self, names: Sequence[str]) -> Text:
        rows = [row for name in names for row in self._edition.rulebook.criteria[name].rows]
        open_ = sum(not row.verified for row in rows)
        return Text(zh=f"判定标准 {len(rows)} 条，{open_} 条待核实", en=f"{len(rows)} criteria, {open_} not verified")

    def _traits(self, names: Sequence[str]) -> Text:
        traits = [self._edition.rulebook.traits[name].title for name in names]
        return Text(zh="属性：" + "、".join(t.zh for t in traits), en="traits: " + ", ".join(t.en for t in traits))

    @cached_property
    def _proposals(self) -> Counter[str]:
        climb = Climb(self._evaluation, in_effect(self._edition), calendars_of(self._edition))
        return Counter(one.ladder for one in climb.proposals() if not one.by_itself)

    def _ladders(self, names: Sequence[str]) -> Text:
        ladders = self._edition.rulebook.ladders
        every = [(ladders[name].title, self._proposals[name]) for name in names]
        return Text(
            zh="；".join(f"“{title.zh}”待决定 {n} 件" for title, n in every),
            en="; ".join(f"{title.en}: {n} to be decided" for title, n in every),
        )

    def _indicators(self, names: Sequence[str]) -> Text:
        every = [self._indicator(name) for name in names]
        return Text(zh="；".join(one.zh for one in every), en="; ".join(one.en for one in every))

    def _indicator(self, name: str) -> Text:
        title, (n, share) = self._title(name), self._mean(name)
        if not n:  # a bonus, a deduction or a veto: how often it holds
            n = self._adjusted(name)
            return Text(zh=f"“{title.zh}”适用 {n} 家", en=f"{title.en}: holds for {n}")
        return Text(zh=f"指标“{title.zh}”{n} 家，平均得 {share}", en=f"{title.en}: {n} scored, {share} on average")

    def _adjusted(self, name: str) -> int:
        tree, _, part = name.partition("/")
        scores = self._scored.scores.get(tree, {}).values()
        return sum(
            any(a.code == part and a.points for a in (*one.bonus, *one.deductions, *one.vetoes)) for one in scores
        )

    def _title(self, name: str) -> Text:
        tree, _, part = name.partition("/")
        one = self._edition.rulebook.scoring[tree].one(part)
        return one.title if one is not None else Text(zh=part, en=part)

    def _mean(self, name: str) -> tuple[int, str]:
        """Return how many organisations have a value in an indicator, and their mean in per cent."""
        tree, _, part = name.partition("/")
        scores = self._scored.scores.get(tree, {}).values()
        values = [one.parts[part].value for one in scores if part in one.parts]
        known = [value for value in values if value is not None]
        if not known:
            return 0, "—"
        mean = sum(known, Fraction(0)) / len(known)
        return len(known), f"{int(mean * 1000) // 10}.{int(mean * 1000) % 10}%"

    @cached_property
    def _derived(self) -> dict[str, int]:
        sql = (
            "SELECT json_extract_string(fields, '$.derivation') AS rule, count(*) FROM live0 "
            "WHERE json_extract_string(fields, '$.derivation') IS NOT NULL GROUP BY 1"
        )
        return dict(self._evaluation.con.execute(sql).fetchall())

    def _derivations(self, names: Sequence[str]) -> Text:
        every = [(self._edition.rulebook.derivations[name].title, self._derived.get(name, 0)) for name in names]
        return Text(
            zh="；".join(f"推导“{title.zh}”{n} 条" for title, n in every),
            en="; ".join(f"{title.en}: {n} derived" for title, n in every),
        )
