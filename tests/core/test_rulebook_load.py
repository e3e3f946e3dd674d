"""Loading rulebooks: what a good one becomes, and every mistake of a bad one, with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from huxue.core.duties.shapes import Test, Where
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import parse
from huxue.core.values import Refused, day_of
from huxue.rulebooks import read, shipped

BOOKS = Path(__file__).parent / "rulebooks"


def book(name: str) -> Rulebook:
    rulebook, problems = load(read(str(BOOKS / name)))
    assert problems == []
    assert rulebook is not None
    return rulebook


def planted(name: str) -> list[tuple[str, int, str]]:
    """The mistakes that a fixture says it has: ``# ! part of the sentence`` at the end of their line."""
    found = []
    for path in sorted((BOOKS / name).rglob("*.yaml")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            for said in line.split("# ! ")[1:]:
                found += [
                    (f"{name}/{path.relative_to(BOOKS / name)}", number, part.strip()) for part in said.split(" ! ")
                ]
    return found


def test_every_planted_mistake_comes_back_with_its_line_and_no_other() -> None:
    rulebook, problems = load(read(str(BOOKS / "broken")))
    expected = planted("broken")
    missing = [one for one in expected if not any((p.file, p.line) == one[:2] and one[2] in p.en for p in problems)]
    assert rulebook is None
    assert missing == []
    assert len(problems) == len(expected) >= 40
    assert all(p.zh and p.zh != p.en for p in problems)
    assert problems == sorted(problems)


def test_literals_are_stored_units_and_parameters_are_put_in_and_remembered() -> None:
    lessons = book("small").duties["lessons"]
    assert lessons.shape.at_least == 515
    assert lessons.parameters == ("hours",)
    assert lessons.in_force[0] == day_of(date(2022, 9, 1))
    assert lessons.shape.deed.where == Where(
        all=(Test(field="chaired_by_post", op="=", value="principal"), Test(field="cost", op="below", value=1250))
    )
    assert lessons.owed_by.where.all == (Test(field="level", op="in", value=("primary", "on")),)


def test_for_each_makes_one_duty_for_each_value_with_its_title() -> None:
    duties = book("small").duties
    assert [code for code in duties if code.startswith("drill.")] == ["drill.evacuation", "drill.fire"]
    assert duties["drill.fire"].title.zh == "防火演练"
    assert duties["drill.fire"].shape.deed.where.all == (Test(field="drill_kind", op="=", value="fire"),)


def test_each_value_of_a_list_may_have_a_parameter_of_its_own() -> None:
    layers = read(str(BOOKS / "small"))
    drills = layers[0][1]["duties/drills.yaml"]
    layers[0][1]["duties/drills.yaml"] = drills.replace(
        "$each}}, per: year", "$each}}, at_least: {parameter: $each-drills}, per: year"
    )
    layers[0][1]["parameters.yaml"] = "".join(
        f"{code}-drills: {{title: {{zh: 次数, en: Drills}}, value: {n}}}\n"
        for code, n in (("evacuation", 4), ("fire", 2))
    )
    rulebook, problems = load(layers)
    assert problems == []
    assert rulebook is not None
    assert [(duty.shape.at_least, duty.parameters) for duty in rulebook.duties.values() if duty.one_of] == [
        (4, ("evacuation-drills",)),
        (2, ("fire-drills",)),
    ]


def test_a_field_of_a_longer_list_names_the_members_of_a_shorter_one() -> None:
    layers = read(str(BOOKS / "small"))
    layers[0][1]["lists/few.yaml"] = "fire: {zh: 防火, en: Fire}\n"
    layers[0][1]["lists/others.yaml"] = "flood: {zh: 防汛, en: Flood}\n"
    duty = """
- code: few.{0}
  title: {{zh: 覆盖, en: Cover}}
  family: drills
  owed_by: {{type: school}}
  cover: {{members: {{list: {0}}}, deed: {{record: drill}}, per: year}}
  source: {{text: speech, clause: M111}}
"""
    layers[0][1]["duties/few.yaml"] = duty.format("few")
    rulebook, problems = load(layers)
    assert problems == []
    assert rulebook is not None
    assert rulebook.duties["few.few"].shape.key == "drill_kind"
    layers[0][1]["duties/few.yaml"] = duty.format("others")
    assert [p.en for p in load(layers)[1]] == ["say key: the field of 'drill' that names the member"]


def test_values_of_a_ratio_are_counted_in_one_unit() -> None:
    duties = book("small").duties
    assert [part.constant for part in duties["attendance"].shape.of] == [None, 100]
    assert [(s.from_, s.to, s.base) for s in duties["guards"].shape.need[0].table] == [
        (0, 99, 1),
        (100, 999, 2),
        (1000, 10_000_000, 3),
    ]


def test_a_later_layer_adds_overrides_and_replaces() -> None:
    county = book("county")
    assert county.parameters["drills-a-month"].value == 2
    assert county.duties["monthly-drill"].shape.at_least == 2
    assert county.families["hazards"].on is True
    assert county.duties["term-drill"].shape.at_least == 2
    assert county.duties["term-drill"].layer == "county"
    assert county.duties["letters"].loosens is not None
    assert [layer.code for layer in county.layers] == ["small", "county"]


def changed(name: str, file: str, old: str, new: str) -> list[str]:
    """Load a fixture with one text replaced in a file of its top layer; return the English sentences."""
    layers = read(str(BOOKS / name))
    assert old in layers[-1][1][file]
    layers[-1][1][file] = layers[-1][1][file].replace(old, new)
    return [problem.en for problem in load(layers)[1]]


def test_a_replacement_that_loosens_must_say_so() -> None:
    reason = "  loosens: {zh: 县里部门另行签订, en: The county's departments sign elsewhere}\n"
    said = changed("county", "duties/patrols.yaml", reason, "")
    assert [one.split(": ")[1].split(";")[0] for one in said] == [
        "the members are not the same or more",
        "some period holds no whole window of this duty, or it is due later",
    ]
    assert all(one.endswith("to loosen it on purpose say loosens: {zh, en} (the reason)") for one in said)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        (
            "duties/others.yaml",
            "last: {days: 120}",
            "last: {days: 120}, per: year",
            "exactly one of these is needed here: per / last",
        ),
        ("duties/others.yaml", "each: quarter", "per: quarter", "exactly one of these is needed here: each"),
        ("duties/others.yaml", "as: about}, with", "as: abut}, with", "there is no role 'abut'; did you mean 'about'?"),
        ("duties/others.yaml", "valid: valid_until", "valid: certified", "there is no date field 'certified'"),
        (
            "duties/others.yaml",
            "within: {field: deadline}",
            "within: {field: dedline}",
            "there is no field that holds a deadline 'dedline'; did you mean 'deadline'?",
        ),
        (
            "duties/others.yaml",
            "within: {field: deadline}",
            "within: {days: 3, hours: 4}",
            "a length of time says one unit (hours, days, workdays, school_days, field)",
        ),
        (
            "duties/others.yaml",
            "with: {step: rectified}",
            "with: {step: signed}",
            "match: case needs steps of one case kind",
        ),
        (
            "duties/others.yaml",
            "supervised: food",
            "supervised: foods",
            "there is no topic 'foods'; did you mean 'food'?",
        ),
        (
            "duties/others.yaml",
            "at_least: 90 %, per: term",
            "at_least: most, per: term",
            "'at_least' must be a share such as 90 %",
        ),
        ("duties/others.yaml", "post: head", "post: principal", "there is no post of 'county' 'principal'"),
        ("duties/others.yaml", "share: 90 %", "share: 101 %", "share must be above 0 and at most 100 %"),
        ("duties/drills.yaml", "closes: {days: 30}", "closes: {months: 1}", "'months' is not allowed here"),
        ("duties/drills.yaml", "code: drill.$each", "code: drill", "with for_each the code must contain $each"),
        (
            "duties/drills.yaml",
            "strengthens: term-drill",
            "strengthens: monthly-drill",
            "'monthly-drill' strengthens itself in a circle",
        ),
        (
            "duties/drills.yaml",
            "strengthens: term-drill",
            "strengthens: term-dril",
            "there is no duty 'term-dril'; did you mean 'term-drill'?",
        ),
        ("duties/others.yaml", "last: {days: 120}", "last: {days: 120}, due: {days: 3}", "due goes with per only"),
        (
            "duties/others.yaml",
            "per: term, empty",
            "per: term, dated_by: on, enter_within: {workdays: 3}, empty",
            "enter_within does not go with dated_by",
        ),
        ("duties/others.yaml", "per: term, empty", "per: term, dated_by: cost, empty", "there is no date field 'cost'"),
        (
            "kinds/all.yaml",
            "by: head, ends: signed",
            "by: heads, ends: signed",
            "there is no type, post, role or relation 'heads'",
        ),
        ("calendars/terms.yaml", "2025-02-17", "2025-02-30", "'2025-02-30' is not a date"),
        ("rulebook.yaml", "layer: city", "layer: country", "'level' must be one of"),
        ("lists/levels.yaml", "primary: {zh: 小学, en: Primary}", "primary: 小学", "'title' must be a mapping"),
    ],
)
def test_one_mistake_is_one_sentence(file: str, old: str, new: str, sentence: str) -> None:
    said = changed("small", file, old, new)
    assert [one for one in said if sentence in one], said


def test_words_stay_words() -> None:
    value, problems = parse(
        "f", "on: yes\nday: 2026-09-01\nlimit: 03-31\ncode: 007\nhour: 1:30\nshare: 90 %\nn: -12\nx: true\n"
    )
    assert problems == []
    assert dict(value) == {
        "on": "yes",
        "day": "2026-09-01",
        "limit": "03-31",
        "code": "007",
        "hour": "1:30",
        "share": "90 %",
        "n": -12,
        "x": True,
    }


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "{a: " * 5_000,
        "- " * 50_000,
        "a: &x [1]\nb: *x\n",
        "a: !!python/name:os.system x\n",
        "a: 1\n---\nb: 1\n",
    ],
)
def test_hostile_yaml_is_a_problem(text: str) -> None:
    assert [problem.file for problem in parse("f", text)[1]] == ["f"]


def test_three_hundred_duties_load() -> None:
    layers = read(str(BOOKS / "small"))
    one = layers[0][1]["duties/others.yaml"].split("- code: letters")[0]
    layers[0][1]["duties/many.yaml"] = "".join(one.replace("code: lessons", f"code: lessons-{n}") for n in range(300))
    rulebook, problems = load(layers)
    assert problems == []
    assert rulebook is not None
    assert len(rulebook.duties) == 312


def test_shipped_rulebooks_have_no_problems() -> None:
    for name in shipped():
        assert [problem.say("en") for problem in load(read(name))[1]] == []


def test_reading_refuses_circles_links_out_large_and_foreign_files(tmp_path: Path) -> None:
    for name, below in (("a", "../b"), ("b", "../a")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "rulebook.yaml").write_text(f"code: {name}\nextends: {below}\n", "utf-8")
    codes = [refusal(tmp_path / "a")]
    (tmp_path / "b" / "rulebook.yaml").write_text("code: b\n", "utf-8")
    (tmp_path / "secret.yaml").write_text("x: 1\n", "utf-8")
    (tmp_path / "b" / "lists.yaml").symlink_to(tmp_path / "secret.yaml")
    codes.append(refusal(tmp_path / "b"))
    (tmp_path / "a" / "rulebook.yaml").write_text("code: a\n", "utf-8")
    (tmp_path / "a" / "lists.yaml").write_text("#" * 2_000_001, "utf-8")
    codes.append(refusal(tmp_path / "a"))
    (tmp_path / "a" / "lists.yaml").write_bytes("清单: 1".encode("gbk"))
    codes += [refusal(tmp_path / "a"), refusal(tmp_path / "nowhere")]
    assert codes == ["circle", "outside", "too_large", "not_utf8", "no_rulebook"]


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read(str(path))
    return caught.value.code
