"""A broken rulebook: every problem with file, line and sentence, and it is never activated."""

from __future__ import annotations

from tests.commands.town import RULEBOOK, Town, rulebook

WRONG = "record: dril}, at_least: 1, per: fortnight"
DUTIES = RULEBOOK["duties/duties.yaml"].replace("record: drill}, at_least: 1, per: quarter", WRONG)
HAZARD = RULEBOOK["kinds/hazard.yaml"].replace("not_by: [rectified]", "not_by: [mended]")
GUARD = RULEBOOK["kinds/guard.yaml"] + "colour: red\n"

ZH = """\
bad/duties/duties.yaml:6: 没有周期“fortnight”
bad/duties/duties.yaml:6: 没有记录类型“dril”，是不是“drill”？
bad/duties/duties.yaml:22: 没有台账类型“guard”
bad/kinds/guard.yaml:10: 这里不能写“colour”
bad/kinds/hazard.yaml:13: 没有环节“mended”
"""
EN = """\
bad/duties/duties.yaml:6: there is no period 'fortnight'
bad/duties/duties.yaml:6: there is no record kind 'dril'; did you mean 'drill'?
bad/duties/duties.yaml:22: there is no register kind 'guard'
bad/kinds/guard.yaml:10: 'colour' is not allowed here
bad/kinds/hazard.yaml:13: there is no step 'mended'
"""


def broken(town: Town) -> str:
    return rulebook(town.folder / "bad", duties=DUTIES, guard=GUARD, hazard=HAZARD)


def test_a_check_lists_every_problem(town: Town) -> None:
    name = broken(town)
    with town.nothing_written():
        chinese, english = town.both("rulebook", "check", name)
    assert (chinese.code, chinese.out, chinese.err) == (1, f"{ZH}{name}：5 处问题。\n", "")
    assert (english.code, english.out, english.err) == (1, f"{EN}{name}: 5 problem(s).\n", "")
    found = town.type("rulebook", "check", name, "--json")
    assert (found.code, found.json["hash"], len(found.json["problems"])) == (1, None, 5)
    assert found.json["problems"][3] == {
        "file": "bad/kinds/guard.yaml",
        "line": 10,
        "sentence": "'colour' is not allowed here",
    }


def test_it_is_not_activated(town: Town) -> None:
    name = broken(town)
    refusal = (
        f"制度“{name}”有 5 处问题，未启用：\n{ZH}".rstrip(),
        f"the rulebook '{name}' has 5 problem(s) and was not activated:\n{EN}".rstrip(),
    )
    town.refused(*refusal, "rulebook", "activate", name)
    town.refused(*refusal, "init", "--rulebook", name)
    first = (
        f"制度“{name}”有 5 处问题，请先运行 huxue rulebook check {name}。",
        f"the rulebook '{name}' has 5 problem(s): run huxue rulebook check {name} first.",
    )
    town.refused(*first, "rulebook", "show", name)
    town.refused(*first, "rulebook", "diff", str(town.folder / "town"), name)


def test_torn_yaml_and_layers_in_a_circle(town: Town) -> None:
    torn = rulebook(town.folder / "torn", guard="code: guard\n  shape: [register\n")
    chinese, english = town.both("rulebook", "check", torn)
    assert (chinese.code, chinese.lines[1].partition("：")[0]) == (1, "torn/kinds/guard.yaml:2: YAML 无法读取")
    assert (english.code, english.lines[1].partition(" YAML")[0]) == (
        1,
        "torn/kinds/guard.yaml:2: this is not readable",
    )
    for name, other in (("one", "two"), ("two", "one")):
        town.write(f"{name}/rulebook.yaml", f"code: {name}", f"extends: ../{other}")
    town.refused(
        "制度互相继承，形成循环：one",
        "rulebooks extend each other in a circle: one",
        *("rulebook", "check", str(town.folder / "one")),
    )
