"""Every mistake that a duty, a table, a layer or a file can have, one at a time, and the sentence it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue.core.rulebook.load import load
from huxue.rulebooks import read

BOOKS = Path(__file__).parent / "rulebooks"
FRAME = (
    "{{code: one, title: {{zh: 甲, en: A}}, family: drills, owed_by: {owed}, "
    "source: {{text: speech, clause: c}}, {shape}}}\n"
)


def said(**files: str) -> list[str]:
    """Load the small rulebook with more files in its layer; return the English sentences."""
    layers = read(str(BOOKS / "small"))
    layers[0][1].update({name.replace("__", "/") + ".yaml": text for name, text in files.items()})
    return [problem.en for problem in load(layers)[1]]


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ("repeat: often", "repeat must be a mapping"),
        ("repeat: {deed: drill, per: month}", "a deed must be a mapping"),
        ("repeat: {deed: {record: drill, step: signed}, per: month}", "a deed says either record or step"),
        ("repeat: {deed: {record: drill, case: letter}, per: month}", "case goes with step only"),
        (
            "repeat: {deed: {step: signed, case: lettre}, per: month}",
            "there is no case kind 'lettre'; did you mean 'letter'?",
        ),
        ("repeat: {deed: {step: [signed, ordered]}, per: month}", "these steps do not belong to one case kind"),
        ("repeat: {deed: {step: [true]}, per: month}", "'step' must be a name or a list of names"),
        ("repeat: {deed: {record: drill, where: fire}, per: month}", "a filter must be a mapping"),
        ("repeat: {deed: {record: drill, where: {any: []}}, per: month}", "'any' must not be empty"),
        ("repeat: {deed: {record: drill, where: {people: {}}}, per: month}", "'people' needs a condition"),
        ("repeat: {deed: {record: drill, where: {people: []}}, per: month}", "'in' must not be empty"),
        ("repeat: {deed: {record: drill, where: {people: {in: 3}}}, per: month}", "'in' must be a list"),
        (
            "repeat: {deed: {record: drill, where: {people: {above: x}}}, per: month}",
            "'x' does not fit, expected a number with at most 0 decimals",
        ),
        (
            "repeat: {deed: {record: drill, where: {drill_kind: {above: 3}}}, per: month}",
            "'drill_kind' has no size, so above means nothing",
        ),
        ("repeat: {deed: {record: drill}, at_least: 0, per: month}", "'at_least' must be a whole number of at least 1"),
        ("repeat: {deed: {record: drill}, per: month, make_good: maybe}", "'make_good' must be true or false"),
        ("repeat: {deed: {record: drill}, per: month, window: 3}", "window must be a mapping"),
        (
            "repeat: {deed: {record: drill}, per: month, window: {before: [3, 15]}}",
            "before says [15, 3]: from 15 to 3 days before the period starts",
        ),
        ("repeat: {deed: {record: drill}, per: month, due: 3}", "'due' must be a mapping"),
        (
            "repeat: {deed: {record: drill}, per: month, due: {days: 1, workdays: 1}}",
            "'due' says one of days, workdays, days_after_start, date",
        ),
        (
            "repeat: {deed: {record: drill}, per: month, due: {date: 03-31}}",
            "a fixed date needs a period of half-year, year, term, school-year",
        ),
        ("repeat: {deed: {record: drill}, per: month, enter_within: 3}", "'enter_within' must be a mapping"),
        (
            "repeat: {deed: {record: drill}, per: month, enter_within: {days: 3}}",
            "'enter_within' is written {workdays: n}",
        ),
        ("repeat: {deed: {record: drill}, per: month, dated_by: people}", "there is no date field 'people'"),
        (
            "repeat: {deed: {record: drill}, per: month, sum: people, distinct: drill_kind, at_least: 1}",
            "say only one of sum, distinct, spaced",
        ),
        ("repeat: {deed: {record: drill}, per: month, sum: people}", "sum also says at_least"),
        (
            "repeat: {deed: {record: drill}, per: month, sum: peple, at_least: 1}",
            "there is no field 'peple'; did you mean 'people'?",
        ),
        (
            "repeat: {deed: {record: drill}, per: month, sum: people, at_least: 1.5}",
            "at_least must be above 0, with no more decimals than the field",
        ),
        (
            "repeat: {deed: {record: drill}, per: month, distinct: kind}",
            "there is no field 'kind'; did you mean 'drill_kind'?",
        ),
        ("repeat: {deed: {record: lesson}, per: month, distinct: photos}", "'photos' cannot tell deeds apart"),
        ("respond: {to: {record: drill}, within: {days: 1}}", "respond needs with"),
        ("respond: {to: {record: drill}, with: {record: drill}, within: 3}", "a length of time must be a mapping"),
        (
            "respond: {to: {record: drill}, with: {record: lesson}, match: held, within: {days: 1}}",
            "there is no field (match) of with 'held'",
        ),
        ("keep: {every: {entry: guard}, each: month}", "keep says either valid or holds"),
        ("keep: {every: guard, each: month, valid: valid_until}", "an entry must be a mapping"),
        (
            "keep: {every: {entry: gard}, each: month, valid: valid_until}",
            "there is no register kind 'gard'; did you mean 'guard'?",
        ),
        (
            "keep: {every: {entry: guard, as: about}, each: month, valid: valid_until}",
            "there is no role of an entry 'about'",
        ),
        (
            "keep: {every: {entry: guard, as: supervised}, each: month, valid: valid_until}",
            "as: supervised needs a topic in owed_by",
        ),
        ("cover: {members: school, deed: {record: inspection}, per: year}", "members must be a mapping"),
        ("cover: {members: {children: school}, per: year}", "cover says either a deed or an entry"),
        (
            "cover: {members: {children: school, posts: guard}, deed: {record: inspection}, per: year}",
            "members say one of children, supervised, posts, holdings, entries, list, through",
        ),
        (
            "cover: {members: {posts: guard, where: {boarding: true}}, deed: {record: inspection}, per: year}",
            "where does not go with posts",
        ),
        ("cover: {members: {supervised: food}, deed: {record: inspection}, per: year}", "supervised also says a type"),
        (
            "cover: {members: {list: level}, deed: {record: inspection}, per: year}",
            "there is no list 'level'; did you mean 'levels'?",
        ),
        (
            "cover: {members: {entries: drill}, deed: {record: inspection}, per: year}",
            "there is no register kind 'drill'",
        ),
        (
            "cover: {members: {through: guard}, deed: {record: inspection}, per: year}",
            "'guard' must have exactly one field of type organisation; otherwise say field:",
        ),
        (
            "cover: {members: {through: holding, field: person}, deed: {record: inspection}, per: year}",
            "there is no field of type organisation 'person'",
        ),
        (
            "cover: {members: {children: school}, deed: {record: inspection}, key: abuot, per: year}",
            "there is no key that names a member of this set 'abuot'; did you mean 'about'?",
        ),
        ("ratio: {need: 3, each: month}", "ratio needs have"),
        ("ratio: {have: {entry: guard}, need: many, each: month}", "'many' is not a fitting number"),
        (
            "ratio: {have: {where: {}}, need: 1, each: month}",
            "a value says one of record, step, entry, trait, table, sum",
        ),
        ("ratio: {have: {trait: level}, need: 1, each: month}", "there is no trait that is a number 'level'"),
        (
            "ratio: {have: {entry: guard}, need: {table: guards}, each: month}",
            "a table says of: (the trait it is looked up by)",
        ),
        (
            "ratio: {have: {entry: guard}, need: {table: guard, of: pupils}, each: month}",
            "there is no table 'guard'; did you mean 'guards'?",
        ),
        (
            "ratio: {have: {entry: guard}, need: {table: guards, of: pupil}, each: month}",
            "there is no trait that is a number 'pupil'; did you mean 'pupils'?",
        ),
        (
            "ratio: {have: {sum: [{sum: hours, record: lesson}, {sum: cost, record: lesson}]}, need: 1, per: month}",
            "the parts of a sum are counted in different units",
        ),
        (
            "ratio: {have: {entry: guard, as: supervised}, need: 1, each: month}",
            "as: supervised needs a topic in owed_by",
        ),
        ("ratio: {have: {entry: guard}, of: {entry: guard}, each: month}", "of also says at_least or at_most"),
        ("ratio: {have: {entry: guard}, more_than: before, each: month}", "more_than can only say previous"),
        (
            "ratio: {have: {entry: guard}, of: {entry: guard}, at_least: 5, empty: met, each: month}",
            "empty can only say none",
        ),
        (
            "ratio: {have: {entry: guard}, at_least: 5, each: month}",
            "ratio says one of of, need, more_than, less_than (at_least, at_most go with of, need)",
        ),
        ("never: {per: year}", "never says either a deed or an entry"),
        ("never: {deed: {record: drill}, per: year, mend: {days: 1}}", "mend goes with each only"),
        (
            "in_force: [2025-01-01], never: {deed: {record: drill}, per: year}",
            "in_force says [from, to], null for open",
        ),
        (
            "in_force: [2025-02-01, 2025-01-01], never: {deed: {record: drill}, per: year}",
            "in_force ends before it begins",
        ),
        (
            "for_each: level, never: {deed: {record: drill}, per: year}",
            "there is no list 'level'; did you mean 'levels'?",
        ),
        (
            "present: partly, never: {deed: {record: drill}, per: year}",
            "'present' must be one of 'most', 'whole' or 'due-day'",
        ),
        ("replaces: true, never: {deed: {record: drill}, per: year}", "no earlier layer has a duty 'one' to replace"),
    ],
)
def test_a_shape(shape: str, sentence: str) -> None:
    assert said(duties__one=f"- {FRAME.format(owed='{type: school}', shape=shape)}") == [sentence]


GOOD = "never: {deed: {record: drill}, per: year}"


@pytest.mark.parametrize(
    ("duty", "sentence"),
    [
        (FRAME.format(owed="school", shape=GOOD), "owed_by must be a mapping"),
        (FRAME.format(owed="{type: school, topic: fod}", shape=GOOD), "there is no topic 'fod'; did you mean 'food'?"),
        (FRAME.format(owed="{type: school}", shape=GOOD).replace("family: drills, ", ""), "a duty needs a family"),
        (
            FRAME.format(owed="{type: school}", shape=GOOD).replace("{text: speech, clause: c}", "M1"),
            "source must be a mapping",
        ),
        (FRAME.format(owed="{type: school}", shape=GOOD).replace("code: one, ", ""), "a duty needs a code"),
        ("[1]", "an item must be a mapping"),
    ],
)
def test_a_frame(duty: str, sentence: str) -> None:
    assert said(duties__one=f"- {duty}") == [sentence]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        (
            {
                "tables": "t: 3\n",
                "duties__one": "- "
                + FRAME.format(
                    owed="{type: school}",
                    shape="ratio: {have: {entry: guard}, need: {table: t, of: pupils}, each: month}",
                ),
            },
            "a table must be a list",
        ),
        (
            {
                "tables": "t: [{from: -1, base: 1}]\n",
                "duties__one": "- "
                + FRAME.format(
                    owed="{type: school}",
                    shape="ratio: {have: {entry: guard}, need: {table: t, of: pupils}, each: month}",
                ),
            },
            "'from' must be a number of at least 0",
        ),
        (
            {
                "tables": "t: [x]\n",
                "duties__one": "- "
                + FRAME.format(
                    owed="{type: school}",
                    shape="ratio: {have: {entry: guard}, need: {table: t, of: pupils}, each: month}",
                ),
            },
            "a row of a table must be a mapping",
        ),
        ({"kinds__one": "[1, 2]\n"}, "an item must be a mapping"),
        ({"lists__one": "[1, 2]\n"}, "the file must be a mapping"),
        ({"lists": "one: 3\n"}, "the list 'one' must be a mapping"),
        ({"traits": "one: 3\n"}, "'one' must be a mapping"),
        (
            {"traits": "one: {title: {zh: 一, en: One}, type: choice, list: level}\n"},
            "there is no list 'level'; did you mean 'levels'?",
        ),
        ({"odd__one": "a: 1\n"}, "there is no rulebook file 'odd/one.yaml'"),
        ({"families": "a: {title: {zh: 一}}\n"}, "'title.en' is missing"),
        ({"families": "drills: {title: {zh: 一, en: One}}\n"}, "'drills' is already declared in small/families.yaml:1"),
        ({"families": "a: {title: {zh: 一, en: One}, onn: true}\n"}, "'onn' is not allowed here; did you mean 'on'?"),
        (
            {"parameters": "a: {title: {zh: 一, en: One}, value: 1, at_least: low}\n"},
            "'at_least' must be a whole number",
        ),
        ({"sources": "a: {title: 文}\n"}, "'title' must be a mapping"),
        (
            {
                "kinds__one": "{code: one, shape: record, title: {zh: 一, en: I}, "
                "fields: {a: {type: text, title: {zh: 一, en: I}, max_lenght: 3}}}"
            },
            "'fields.a.max_lenght' is not allowed here; did you mean 'max_length'?",
        ),
        ({"kinds__one": "{code: holding, shape: record, title: {zh: 一, en: One}}"}, "'holding' is a reserved kind"),
        (
            {
                "ladders": "- {code: up}\n",
                "duties__one": "- " + FRAME.format(owed="{type: school}", shape="ladder: down, " + GOOD),
            },
            "there is no ladder 'down'",
        ),
        (
            {
                "ladders": "ladders: [{code: up}]\n",
                "duties__one": "- " + FRAME.format(owed="{type: school}", shape="ladder: down, " + GOOD),
            },
            "there is no ladder 'down'",
        ),
        (
            {
                "ladders": "up: {rungs: []}\n",
                "duties__one": "- " + FRAME.format(owed="{type: school}", shape="ladder: down, " + GOOD),
            },
            "there is no ladder 'down'",
        ),
    ],
)
def test_a_section(files: dict[str, str], sentence: str) -> None:
    found = said(**files)
    assert any(one.startswith(sentence) for one in found), found


def test_posts_of_types_and_long_files() -> None:
    layers = read(str(BOOKS / "small"))
    layers[0][1]["organisations.yaml"] = layers[0][1]["organisations.yaml"].replace(
        "posts: [principal, guard]", "posts: [principal, gard]"
    )
    layers[0][1]["lists.yaml"] = "#" * 2_000_001
    layers[0][1]["kinds/empty.yaml"] = "# nothing yet\n"
    layers[0][1]["README.md"] = "not read"
    assert [p.en for p in load(layers)[1]] == [
        "the file is longer than 2000000 characters",
        "there is no post 'gard'; did you mean 'guard'?",
    ]


def test_a_layer_without_a_header() -> None:
    assert sorted(p.en for p in load([("bare", {})])[1]) == [
        "'code' is missing",
        "'level' is missing",
        "'title' is missing",
        "rulebook.yaml is missing",
    ]


def later(**files: str) -> list[str]:
    """Lay another layer upon the small rulebook."""
    header = "code: later\ntitle: {zh: 后, en: Later}\nlayer: county\n"
    layers = [
        *read(str(BOOKS / "small")),
        ("later", {"rulebook.yaml": header} | {n.replace("__", "/") + ".yaml": t for n, t in files.items()}),
    ]
    return [problem.en for problem in load(layers)[1]]


def test_what_a_later_layer_may_and_may_not() -> None:
    assert later(organisations="types: {school: {posts: [head]}}\n") == []
    assert later(organisations="posts: {head: {zh: 一把手, en: Chief}}\n") == []
    assert later(lists__levels="senior: {zh: 高中, en: Senior}\n") == []
    assert (
        later(
            kinds__drill="{code: drill, title: {zh: 演习, en: New}, fields: {a: {type: text, title: {zh: 注, en: N}}}}"
        )
        == []
    )
    assert later(sources="speech: {title: {zh: 讲话稿, en: The speech}, number: '3'}\n") == []
    assert later(organisations="types: {school: {level: other}}\n") == [
        "'level' differs from small/organisations.yaml:5; a later layer may not change it"
    ]
    assert later(tables="guards: [{from: 0, base: 1}]\n") == [
        "'guards' differs from small/rulebook.yaml:16; a later layer may not change it"
    ]
