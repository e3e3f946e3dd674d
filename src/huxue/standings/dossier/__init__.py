"""The dossier of an organisation 一校一档: everything the site knows about it, as one value.

::

    found = dossier("LZ01T01S01", rulebook=rulebook, now=now)
    found.chain[0].organisation.name, found.counts.overdue, found.hazards[0].step.say("zh")

It reads projections and kept standings only and costs a constant number of queries. It says nothing personal: holders
of posts are named, nobody else is.
"""

from __future__ import annotations

from json import loads
from typing import Any, Final

from huxue.core.kinds import Field
from huxue.core.kinds.said import said
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Text
from huxue.organisations.models import OPEN
from huxue.organisations.tables import select
from huxue.standings import kept_proposals, kept_scores
from huxue.standings.dossier import deeds, owed, people
from huxue.standings.dossier.model import Dossier, MeasureLine, Particular, Place, ScoreLine
from huxue.standings.dossier.plan import site

MEASURE: Final = "measure"
MEASURES: Final = 8  # of the past that are shown


def dossier(code: str, *, rulebook: Rulebook, now: int) -> Dossier | None:
    """Return the dossier of an organisation as it stands at a minute, ``None`` where there is no such organisation."""
    sql = "SELECT path, name, type, traits, opened, closed FROM organisations_organisation WHERE code = %s"
    rows = select(sql, code)
    if not rows:
        return None
    path, name, sort, said_traits, opened, closed = rows[0]
    traits, today = loads(said_traits), now // MINUTES_A_DAY
    above, types = _above(path)
    supervising = people.supervisors([one.code for one in above] + [code], now)
    links = people.links(code)
    leaders = [str(loads(fields).get("leader") or "").partition("/")[0] for _, _, fields in links]
    everybody = people.People(
        rulebook, [code, *(one.code for one in above), *(row[0] for row in supervising), *leaders], now
    )
    names = {row[0]: row[1] for row in supervising} | {one.code: one.name for one in above}
    year = deeds.a_year_before(today)
    hazards = deeds.cases(rulebook, code, deeds.HAZARDS)
    title = rulebook.organisation_types.get(sort)
    return Dossier(
        code=code,
        name=name,
        type=sort,
        type_title=title.title if title else Text(zh=sort, en=sort),
        above=tuple(above),
        opened=opened,
        closed=closed if closed != OPEN else 0,
        particulars=particulars(rulebook, traits),
        posts=everybody.posts(code),
        chain=people.ranks(everybody, rulebook, above, types),
        departments=people.departments(everybody, rulebook, supervising),
        linked=people.linked(everybody, links, names),
        as_of=owed.as_of(),
        counts=owed.counts(code),
        duties=owed.duties(rulebook, code),
        ratios=owed.ratios(rulebook, code, traits),
        hazards=tuple(hazards),
        hazards_open=sum(not one.ended for one in hazards),
        incidents=tuple(deeds.cases(rulebook, code, deeds.INCIDENTS)),
        inspections=tuple(deeds.records(rulebook, code, deeds.INSPECTIONS, role="about", since=year)),
        drills=tuple(deeds.records(rulebook, code, deeds.DRILLS, role="by", since=year)),
        undrilled=deeds.undrilled(rulebook, code, year),
        registers=tuple(deeds.registers(rulebook, code)),
        measures=tuple(measures(rulebook, code)),
        scores=scores(rulebook, code),
        site=site(rulebook, code),
    )


def particulars(rulebook: Rulebook, traits: dict[str, Any]) -> tuple[Particular, ...]:
    """Return the traits of an organisation in the order of the rulebook; what does not hold is left out."""
    found = []
    for code, trait in rulebook.traits.items():
        value = traits.get(code)
        if value is None or value is False:
            continue
        field = Field(type=trait.type, title=trait.title, list=trait.list, decimals=trait.decimals)
        text = said(field, value, rulebook.lists)
        if text is not None:
            found.append(Particular(code, trait.title, text))
    return tuple(found)


def scores(rulebook: Rulebook, code: str) -> tuple[ScoreLine, ...]:
    """Return the kept scores of an organisation."""
    found = []
    for tree, total, grade in kept_scores.scored_by(code):
        declared = rulebook.scoring.get(tree)
        if declared is not None:
            band = next((one.title for one in declared.grades if one.code == grade), None)
            found.append(ScoreLine(tree, declared.title, total, band))
    return tuple(found)


def measures(rulebook: Rulebook, code: str) -> list[MeasureLine]:
    """Return what is proposed about an organisation, then the latest measures that were decided about it."""
    titles = rulebook.lists.get("measures", {})
    found = [
        MeasureLine(one_title, subject(rulebook, one.subject, one.kind), "proposed", None, one.code)
        for one in kept_proposals.about(code, rulebook)
        if (one_title := titles[one.rung.measure].title)
    ]
    sql = f"""
SELECT f.item, f.at_min, f.reference, f.fields FROM ledger_credit c JOIN ledger_fact f ON f.seq = c.fact
WHERE c.organisation = %s AND c.role = 'about' AND f.kind = %s ORDER BY f.at_min DESC, f.id LIMIT {MEASURES}"""
    for item, at, reference, fields in select(sql, code, MEASURE):
        read = loads(fields)
        title = titles[read["measure"]].title if read["measure"] in titles else Text(zh="", en="")
        duty = str(read.get("duty") or "")
        about = subject(rulebook, duty or reference, "" if duty else "case")
        found.append(MeasureLine(title, about, str(read["decision"]), at, item))
    return found


def subject(rulebook: Rulebook, code: str, kind: str) -> Text:
    """Say what a measure is about: a duty by its title, a case by its kind."""
    if not kind:
        duty = next((one for one in rulebook.duties.values() if one.code == code), None)
        return duty.title if duty else Text(zh=code, en=code)
    declared = rulebook.kinds.get(kind)
    return declared.title if declared else Text(zh="事项", en="a case")


def _above(path: str) -> tuple[list[Place], dict[str, str]]:
    """Return the organisations above one, from the root down, and the type of each."""
    codes = path.split("/")[:-2]
    if not codes:
        return [], {}
    marks = ", ".join(["%s"] * len(codes))
    rows = select(f"SELECT code, name, type FROM organisations_organisation WHERE code IN ({marks})", *codes)
    names = {code: (name, sort) for code, name, sort in rows}
    found = [Place(code, names[code][0]) for code in codes if code in names]
    return found, {code: sort for code, (_, sort) in names.items()}


__all__ = ["Dossier", "dossier", "measures", "particulars", "scores", "subject"]
