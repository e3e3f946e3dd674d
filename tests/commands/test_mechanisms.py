"""``huxue mechanisms``: where each one lives and what it shows, in both languages."""

from __future__ import annotations

from tests.commands.town import Town, rulebook

MECHANISMS = """\
M1: {title: {zh: 季度演练, en: Quarterly drills}, class: [N], duties: [school.drill], kinds: [drill], lists: [zones]}
M2: {title: {zh: 保安, en: Guards}, class: [B], duties: [school.guard], kinds: [guard], how: {zh: 看登记, en: Seen}}
"""


def with_mechanisms(town: Town) -> Town:
    folder = rulebook(town.folder / "mechanisms")
    town.write("mechanisms/mechanisms.yaml", MECHANISMS)
    town.done("rulebook", "activate", folder, "--valid-from", "2024-01-01")
    town.record("kind=fire", "pupils=10")
    return town


def test_what_each_shows(town: Town) -> None:
    with_mechanisms(town)
    with town.nothing_written():
        chinese, english = town.both("mechanisms", "--as-of", "2024-04-01")
        found = town.done("mechanisms", "M2", "--as-of", "2024-04-01", "--json").json
    assert english.lines == [
        "M1 [N] Quarterly drills",
        "    duties: school.drill  kinds: drill  lists: zones",
        "    1 duties: 2 closed, 50.0 % done, 0 overdue, 1 missed",
        "    Drill 1 records",
        "    list zones, 2 values",
        "M2 [B] Guards",
        "    Seen",
        "    duties: school.guard  kinds: guard",
        "    1 duties: 0 due; off: guards",
        "    Guard 0 standing",
        "2 mechanisms",
    ]
    assert chinese.lines[0] == "M1 [N] 季度演练"
    assert len(chinese.lines) == len(english.lines)
    assert found == [
        {
            "code": "M2",
            "class": ["B"],
            "title": "Guards",
            "places": {"duties": ["school.guard"], "kinds": ["guard"]},
            "shows": ["1 duties: 0 due; off: guards", "Guard 0 standing"],
        }
    ]


def test_an_unknown_code_is_refused(town: Town) -> None:
    with_mechanisms(town)
    town.refused("制度中没有机制 M3, m1", "the rulebook has no mechanism M3, m1", "mechanisms", "M1", "M3", "m1")
