"""The town of the command line's tests with ladders: an office decides about its schools."""

from __future__ import annotations

from tests.commands.town import RULEBOOK, UNITS, Town, rulebook

LADDERS = """
- code: schools
  title: {zh: 学校督责, en: Schools behind}
  rungs:
    - {measure: remind, when: {overdue: {workdays: 0}}, by: system}
    - {measure: supervise, when: {missed: 1}, decides: {type: office, post: inspector}, document: supervision-order}
    - {measure: circulate, when: {missed: 2, within: year}, decides: {type: office, post: inspector}}
  stops: {episode_ends: true, at_latest: year}
  source: {text: own, clause: article 9, confidence: DEF}
- code: serious
  title: {zh: 重大隐患督责, en: Serious hazards}
  starts_at: interview
  when: {case: hazard, step: overdue}
  rungs:
    - {measure: interview, when: {since: {workdays: 0}}, decides: {type: office, post: inspector}}
    - {measure: account, when: {after: interview, days: 10}, decides: {type: office, post: inspector}}
  stops: {at_latest: never}
  source: {text: own, clause: article 10, confidence: DEF}
"""
MEASURES = "\n".join(
    f"{code}: {{zh: {zh}, en: {en}}}"
    for code, zh, en in (
        ("remind", "提醒", "Reminder"),
        ("supervise", "督办", "Supervision order"),
        ("circulate", "通报", "Circular"),
        ("interview", "约谈", "Interview"),
        ("account", "移送问责", "Referral"),
    )
)
YEARLY = """
- code: school.yearly-drill
  title: {zh: 每年演练, en: A drill each year}
  family: drills
  owed_by: {type: school}
  ladder: schools
  repeat: {deed: {record: drill}, at_least: 1, per: year}
  source: {text: own, clause: article 4, confidence: V}
"""
DUTIES = (
    RULEBOOK["duties/duties.yaml"].replace(
        "family: drills\n", "family: drills\n  ladder: schools\n  strengthens: school.yearly-drill\n"
    )
    + YEARLY
)
PLACES = (
    "code,name,type,above,post",
    "O1,Office,office,,inspector",
    "O2,Other office,office,,inspector",
    "S1,North school,school,O1,principal",
    "S2,South school,school,O1,principal",
    "S3,East school,school,O2,principal",
)
SUPERVISE = "schools.supervise.school.drill@O1"


def begin(place: Town, **changed: str) -> Town:
    """Activate the rulebook with ladders and import two offices and three schools."""
    folder = place.folder / "town"
    rulebook(folder, duties=DUTIES, **changed)
    (folder / "ladders.yaml").write_text(LADDERS, "utf-8")
    (folder / "lists").mkdir(exist_ok=True)
    (folder / "lists" / "measures.yaml").write_text(MEASURES, "utf-8")
    place.done("rulebook", "activate", str(folder))
    place.done("import", place.write("units.yaml", UNITS), place.write("units.csv", *PLACES))
    return place


def proposals(place: Town, on: str, *words: str) -> list[str]:
    """The codes of what is owed on a day, with how many organisations each is about."""
    found = place.done("ladder", "--as-of", on, "--json", *words).json["proposals"]
    return [f"{one['code']} {len(one['addressees'])}" for one in found]
