"""The briefing of a finished evaluation as lines of text and as JSON; no command of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from huxue.commands import dates
from huxue.core.duties.explain import Reason
from huxue.core.ladder import Proposal
from huxue.core.rulebook.edition import Edition, in_effect
from huxue.core.scoring.reasons import explain
from huxue.core.scoring.score import Score
from huxue.core.scoring.sensitivity import points
from huxue.core.values import Language, Text
from huxue.standings.briefing import RULES, Behind, Briefing, School
from huxue.standings.evaluate import Evaluation
from huxue.standings.ladder import Climb
from huxue.standings.rollups import Rollup, Rollups, per_mille
from huxue.standings.scores import Scored
from huxue.standings.site import calendars_of

OFFICES, COUNTIES, VISITS, PROPOSALS = 14, 10, 10, 10  # lines shown
TREE: Final = "county-government"  # the indicator tree that is shown
OF_ONE_MEASURE = 4  # lines about one measure
OF_ONE_DUTY = 2  # lines about one duty
_RATES: Final = ("done", "on_time", "verified", "still_true")
_STATUS: Final = {
    "met": Text(zh="已完成", en="met"), "due": Text(zh="待办", en="due"), "overdue": Text(zh="逾期", en="overdue"),
    "missed": Text(zh="未履行", en="missed"), "excused": Text(zh="免除", en="excused"),
}  # fmt: skip


def as_json(scored: Scored) -> dict[str, Any]:
    """Return the figures that a page or a script reads."""
    edition, evaluation = scored.edition, scored.evaluation
    briefing = Briefing(evaluation)
    ((facts,),) = evaluation.con.execute("SELECT count(*) FROM fact").fetchall()
    return {
        "as_of": dates.said(evaluation.as_of), "known_at": dates.said(evaluation.known_at), "edition": edition.hash,
        "facts": facts, "totals": evaluation.totals(),
        "rates": {r.organisation: _rates(r) for r in _territories(evaluation)},
        "behind": {
            "offices": [_behind(edition, b) for b in briefing.offices()],
            "schools": [_behind(edition, b) for b in briefing.schools_of_counties()],
        },
        "visit_first": [
            {
                "organisation": s.organisation, "rule": RULES[s.rule].en, "silent_days": s.silent,
                "hazards_overdue": s.hazards, "major": s.major, "days_overdue": s.days, "lapses": s.lapses,
            }
            for s in briefing.visit_first(VISITS)
        ],
        "scores": {one.organisation: one.total for one in _counties(scored)},
        "proposals": dict(Counter(one.rung.measure for one in _proposals(edition, evaluation))),
    }  # fmt: skip


def _rates(r: Rollup) -> dict[str, int | None]:
    return {name: per_mille(rate) for name, rate in r.rates().items()}


def _behind(edition: Edition, b: Behind) -> dict[str, Any]:
    return {
        "organisation": b.organisation, "duty": b.duty, "overdue": b.overdue, "missed": b.missed,
        "schools": b.bearers or None, "since": dates.said(b.since) if b.since else None,
        "clause": _clause(edition, b.duty, "en"),
    }  # fmt: skip


def lines(scored: Scored, language: Language) -> Iterator[str]:
    """Yield the text that a leader reads in two minutes."""
    edition, evaluation = scored.edition, scored.evaluation
    briefing = Briefing(evaluation)
    names = briefing.names()
    yield from _head(evaluation, names, language)
    yield _say(
        language,
        "\n一、谁欠什么，自何时起，依据哪一条（单位，每项职责只列最差的两家）",
        "\n1. Who is behind on what, since when, by which clause (offices, the two worst of each duty)",
    )
    yield from (_line(edition, b, names, language) for b in _varied(briefing.offices(), OFFICES))
    yield _say(
        language,
        "\n二、各县（市、区）学校欠账最多的事项（每项只列最多的两县）",
        "\n2. What most schools of a county are behind on (the two worst counties of each duty)",
    )
    yield from (_line(edition, b, names, language) for b in _varied(briefing.schools_of_counties(), COUNTIES))
    yield _say(language, "\n三、建议先去的十所学校", "\n3. Ten schools to visit first")
    rules = (
        "；".join(f"{n}. {rule.zh}" for n, rule in enumerate(RULES, 1)),
        "; ".join(f"{n}. {rule.en}" for n, rule in enumerate(RULES, 1)),
    )
    yield _say(language, f"  次序：{rules[0]}。同一类中，逾期隐患多的、拖得久的在前。",
               f"  Order: {rules[1]}. Within one sort, more hazards and the longer overdue come first.")  # fmt: skip
    yield from (f"  {n:2d} {_visit(s, names, language)}" for n, s in enumerate(briefing.visit_first(VISITS), 1))
    yield from _ladder(edition, evaluation, names, language)
    yield from _scores(scored, names, language)


def _counties(scored: Scored) -> list[Score]:
    """Return the scores of the county governments, those with points first and the fewest points first."""
    found = scored.scores.get(TREE, {}).values()
    return sorted(found, key=lambda one: (one.total is None, one.total or 0, one.organisation))


def _scores(scored: Scored, names: dict[str, str], language: Language) -> Iterator[str]:
    """Yield the points of the counties so far, and of the one with the fewest where they come from."""
    found = _counties(scored)
    if not found:
        return
    yield _say(
        language, "\n五、各县（市、区）年度考核得分（截至当日）", "\n5. The year's points of the counties so far"
    )
    for one in found:
        yield f"  {_padded(names[one.organisation], 12)}{points(one.total) or '—'}"
    least, rulebook = found[0], scored.rulebook
    reason = explain(rulebook, TREE, least, scored.gathered, evidence=lambda _: ())
    name = names[least.organisation]
    yield _say(language, f"  {name}的分从哪里来：", f"  Where the points of {name} come from:")
    yield from (f"    {line}" for part in reason.below for line in _two_levels(part, language))


def _two_levels(part: Reason, language: Language) -> Iterator[str]:
    """Yield a part of the score and what it is made of; the clause and the facts are in huxue why."""
    parts = [below for below in part.below if below.below]
    if not parts:
        return
    yield part.text.say(language)
    yield from (f"  {below.text.say(language)}" for below in parts)


def _ladder(edition: Edition, evaluation: Evaluation, names: dict[str, str], language: Language) -> Iterator[str]:
    """Yield what waits for a decision, the highest rungs and the largest groups first."""
    rulebook = edition.rulebook
    found = [one for one in _proposals(edition, evaluation) if not one.by_itself]
    counts = Counter(one.rung.measure for one in found)
    measures = rulebook.lists.get("measures", {})
    said = [f"{measures[code].title.say(language)} {n}" for code, n in counts.most_common()]
    yield _say(
        language,
        f"\n四、督责阶梯：{len(found)} 件建议等负责人决定（{'、'.join(said)}），同一事项一并处理",
        f"\n4. The ladder: {len(found)} proposals wait for a decision ({', '.join(said)}), one for all it is about",
    )
    order = list(measures)
    found.sort(key=lambda one: (-order.index(one.rung.measure), -len(one.addressees), one.code))
    yield from (_proposal(edition, one, names, language) for one in _of_each(found, PROPOSALS))


def _proposals(edition: Edition, evaluation: Evaluation) -> list[Proposal]:
    return Climb(evaluation, in_effect(edition), calendars_of(edition)).proposals()


def _of_each(found: list[Proposal], count: int) -> list[Proposal]:
    """Return the first of a list: of one subject only one, of one measure at most ``OF_ONE_MEASURE``."""
    firsts: dict[str, Proposal] = {}
    of_measure: Counter[str] = Counter()
    for one in found:
        subject = one.kind or one.subject
        if subject not in firsts and of_measure[one.rung.measure] < OF_ONE_MEASURE:
            firsts[subject] = one
            of_measure[one.rung.measure] += 1
    return list(firsts.values())[:count]


def _proposal(edition: Edition, one: Proposal, names: dict[str, str], language: Language) -> str:
    rulebook, zh = edition.rulebook, language == "zh"
    measure = rulebook.lists["measures"][one.rung.measure].title.say(language)
    duty = rulebook.duties.get(one.subject)
    title = (duty.title if duty else rulebook.kinds[one.kind].title).say(language)
    whom = [f"{names[a.organisation]}（{a.sentence().zh}）" if zh else f"{names[a.organisation]} ({a.sentence().en})"
            for a in one.addressees[:OF_ONE_DUTY]]  # fmt: skip
    more = len(one.addressees) - len(whom)
    rest = (f" 等 {len(one.addressees)} 家" if zh else f" and {more} more") if more else ""
    post = rulebook.posts[one.rung.decides.post].say(language) if one.rung.decides else ""
    office = names.get(one.decides, one.decides)
    clause = (
        f"　{_clause(edition, duty.code, 'zh')}"
        if duty and zh
        else f" ({_clause(edition, duty.code, 'en')})"
        if duty
        else ""
    )
    if zh:
        return f"  {measure}：{title}　{'、'.join(whom)}{rest}　由{office}{post}决定{clause}"
    return f"  {measure}: {title} - {', '.join(whom)}{rest}; {office}, {post}, decides{clause}"


def _varied(found: list[Behind], count: int) -> list[Behind]:
    """Return the first of a list, but of one duty no more than ``OF_ONE_DUTY``."""
    seen: Counter[str] = Counter()
    shown = []
    for b in found:
        seen[b.duty] += 1
        if seen[b.duty] <= OF_ONE_DUTY:
            shown.append(b)
    return shown[:count]


def _say(language: Language, zh: str, en: str) -> str:
    return zh if language == "zh" else en


def _territories(evaluation: Evaluation) -> list[Rollup]:
    """Return the roll-ups of the city and its counties, the city first."""
    types = dict(
        evaluation.con.execute("SELECT g.code, max(t.type) FROM trait t JOIN org g ON g.o = t.o GROUP BY 1").fetchall()
    )
    wanted = ("city-government", "county-government")
    found = [r for r in Rollups(evaluation).territories() if types.get(r.organisation) in wanted]
    return sorted(found, key=lambda r: (wanted.index(str(types[r.organisation])), r.organisation))


def _head(evaluation: Evaluation, names: dict[str, str], language: Language) -> Iterator[str]:
    day = dates.said(evaluation.as_of)
    yield _say(language, f"虚构城市的学校安全履职情况，截至 {day}", f"School safety in a fictional city, as of {day}")
    totals = evaluation.totals()
    yield " · ".join(f"{_STATUS[s].say(language)} {n:,}" for s, n in totals.items())
    yield _say(
        language,
        "\n四个比率　　　　办结　　按时　　核实　　仍属实",
        "\nFour rates         done  on time  verified  still true",
    )
    for r in _territories(evaluation):
        rates = r.rates()
        shown = "  ".join(f"{_percent(per_mille(rates[name]), language):>7}" for name in _RATES)
        yield f"  {_padded(names[r.organisation], 12)}{shown}"


def _padded(name: str, width: int) -> str:
    """Fill a Chinese name up to a width of the terminal: each of its characters takes two columns."""
    return name + " " * max(1, width - 2 * len(name))


def _percent(value: int | None, language: Language) -> str:
    return _say(language, "无", "none") if value is None else f"{value // 10}.{value % 10}%"


def _clause(edition: Edition, duty: str, language: Language) -> str:
    source = edition.rulebook.duties[duty].source
    text = edition.rulebook.sources.get(source.text)
    title = text.title.say(language) if text else source.text
    return f"《{title}》{source.clause}" if language == "zh" else f"{title}, {source.clause}"


def _line(edition: Edition, b: Behind, names: dict[str, str], language: Language) -> str:
    title, zh = edition.rulebook.duties[b.duty].title.say(language), language == "zh"
    counts = [f"{_STATUS[s].say(language)} {n}" for s, n in (("overdue", b.overdue), ("missed", b.missed)) if n]
    schools = (f"{b.bearers} 所学校，" if zh else f"{b.bearers} schools, ") if b.bearers else ""
    since = (f"，自 {dates.said(b.since)} 起" if zh else f", since {dates.said(b.since)}") if b.since else ""
    clause = _clause(edition, b.duty, language)
    said = f"{schools}{'、'.join(counts) if zh else ', '.join(counts)}{since}"
    return (
        f"  {names[b.organisation]}：{title}　{said}　{clause}"
        if zh
        else f"  {names[b.organisation]}: {title} - {said} ({clause})"
    )


def _visit(s: School, names: dict[str, str], language: Language) -> str:
    zh = language == "zh"
    why = []
    if s.rule < 2:  # noqa: PLR2004 - the first two rules are about silence
        why.append(f"已 {s.silent} 天没有任何记录" if zh else f"nothing written down for {s.silent} days")
    if s.hazards:
        major = (f"（其中重大 {s.major} 处）" if zh else f" ({s.major} major)") if s.major else ""
        why.append(
            f"逾期隐患 {s.hazards} 处{major}，最长逾期 {s.days} 天"
            if zh
            else f"{s.hazards} hazard(s) overdue{major}, up to {s.days} days"
        )
    if s.lapses:
        why.append(f"共 {s.lapses} 项逾期或未履行" if zh else f"{s.lapses} obligations overdue or missed")
    return f"{names[s.organisation]}：{'；'.join(why)}" if zh else f"{names[s.organisation]}: {'; '.join(why)}"
