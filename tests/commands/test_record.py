"""``huxue record``: each of its verbs, the receipt, and what it refuses."""

from __future__ import annotations

import pytest

from tests.commands.town import Town


def status(town: Town, duty: str, *, period: str = "2024-Q1") -> dict[str, object]:
    """How one obligation stands at the end of March."""
    words = ("--organisation", "S1", "--duty", duty, "--period", period, "--as-of", "2024-03-31", "--json")
    (row,) = town.done("standings", *words).json["rows"]
    return {name: row[name] for name in ("status", "have", "verified")}


def test_a_record_counts_for_its_organisation(town: Town) -> None:
    answer = town.done(
        "record", "drill", "kind=fire", "--post", "S1/principal", "--at", "2024-02-05 09:30", "--id", "d"
    )
    assert answer.out == "recorded: d, item d\n"
    assert status(town, "school.drill") == {"status": "met", "have": 1, "verified": False}
    town.whole()


def test_the_receipt_as_json_and_in_chinese(town: Town) -> None:
    receipt = town.record("kind=fire", "zones=hall", "zones=yard", "--role", "with=S2", "--id", "d").json
    assert {**receipt, "hash": len(receipt["hash"])} == {
        "id": "d",
        "item": "d",
        "hash": 64,
        "earlier": False,
        "marks": "",
    }
    words = ("record", "drill", "kind=fire", "--post", "S1/principal", "--at", "2024-02-06", "--id", "e")
    assert town.type(*words, lang="zh").out == "已记入：e，事项 e\n"


def test_the_same_submission_twice_is_one_fact(town: Town) -> None:
    words = ("record", "drill", "kind=fire", "--post", "S1/principal", "--at", "2024-02-05", "--id", "d")
    town.done(*words)
    with town.nothing_written():
        chinese, english = town.both(*words)
    assert (chinese.code, chinese.out) == (0, "已记入（先前已收到）：d，事项 d\n")
    assert (english.code, english.out) == (0, "recorded earlier: d, item d\n")


def test_the_same_id_with_other_content_is_refused(town: Town) -> None:
    town.record("kind=fire", "--id", "d")
    town.refused(
        "编号d已提交过，但内容不同。",
        "d is in the ledger already, with other content.",
        *("record", "drill", "kind=evacuation", "--post", "S1/principal", "--at", "2024-02-05", "--id", "d"),
    )


def test_a_record_is_corrected_and_withdrawn(town: Town) -> None:
    town.record("kind=fire", "pupils=10", "--id", "d")
    correct = town.done("record", "drill", "kind=fire", "--correct", "d", "--post", "S1/principal", "--id", "c")
    assert correct.out == "recorded: c, item d\n"
    town.refused(
        "d已被更正或撤回。",
        "d was replaced already.",
        *("record", "drill", "--withdraw", "d", "--post", "S1/principal"),
    )
    town.done("record", "drill", "--withdraw", "c", "--post", "S1/principal")
    assert status(town, "school.drill")["status"] == "due"
    town.whole()


def test_an_entry_opens_changes_and_closes(town: Town) -> None:
    town.done(
        "rulebook", "activate", str(town.folder / "town"), "--families", "drills,guards", "--valid-from", "2015-09-01"
    )
    opened = town.record("certified=no", "--open", kind="guard", at="2024-01-10").json["item"]
    town.record("certified=yes", "--change", opened, kind="guard", at="2024-02-01")
    assert status(town, "school.guard") == {"status": "met", "have": 1, "verified": None}
    town.record("--close", opened, kind="guard", at="2024-03-01")
    assert status(town, "school.guard")["have"] == 0
    town.whole()


def test_a_case_goes_through_its_steps(town: Town) -> None:
    found = ("finding=crack", "--step", "found", "--role", "about=S1")
    case = town.record(*found, kind="hazard", post="O1/inspector", at="2024-03-01").json["item"]
    town.record("--step", "rectified", "--case", case, kind="hazard", at="2024-03-05")
    assert status(town, "school.rectified", period=case)["status"] == "met"
    town.record("--step", "verified", "--case", case, kind="hazard", post="O1/inspector", at="2024-03-06")
    town.whole()


def test_somebody_else_confirms(town: Town) -> None:
    town.record("kind=fire", "--id", "d")
    words = ("record", "verification", "--confirm", "d", "--spot", "--at", "2024-02-06", "--post")
    town.refused(
        "不得核实本单位填报的事项。", "Nobody verifies what his own organisation wrote.", *words, "S1/principal"
    )
    town.done(*words, "O1/inspector")
    assert town.done("standings", "--as-of", "2024-03-31").lines[2] == (
        "done 100.0% · on time 0.0% · verified 100.0% · still true 100.0%"
    )


def test_what_was_refuted_is_not_verified(town: Town) -> None:
    town.record("kind=fire", "--id", "d")
    town.record("--refute", "d", "--spot", kind="verification", post="O1/inspector", at="2024-02-06")
    assert town.done("standings", "--as-of", "2024-03-31").lines[2].endswith("verified 0.0% · still true 0.0%")


WRONG = (
    (["quiz"], "制度中没有类型“quiz”。", "The rulebook has no record called 'quiz'."),
    (["drill", "kind"], "“kind”应写作 字段=值", "'kind' should be written FIELD=VALUE"),
    (["drill", "--role", "with"], "“with”应写作 角色=单位编码", "'with' should be written ROLE=CODE"),
    (["drill"], "kind：必填", "kind: is required"),
    (["drill", "--withdraw", "x"], "没有编号为x的记录。", "The ledger has no fact x."),
    (["guard", "--close", "x"], "没有这个条目。", "There is no such entry."),
    (["hazard", "--step", "rectified", "--case", "x"], "没有这个事项。", "There is no such case."),
)


def test_what_is_refused(town: Town) -> None:
    for words, zh, en in WRONG:
        town.refused(zh, en, "record", *words, "--post", "S1/principal", "--at", "2024-02-05")


def test_two_verbs_at_once_are_a_wrong_command_line(town: Town) -> None:
    with town.nothing_written(), pytest.raises(SystemExit, match="2"):
        town.type("record", "guard", "--open", "--close", "g", "--post", "S1/principal")
