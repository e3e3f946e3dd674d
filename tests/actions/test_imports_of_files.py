"""Importing files: what is new, the same, changed, gone; what a person did since; nothing half written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from huxue.actions.import_exclusively import import_exclusively
from huxue.actions.import_files import import_files
from huxue.actions.imports import abandon, running
from huxue.core.facts import Fact, known
from huxue.core.recipes.model import Recipe
from huxue.core.values import FAR, Refused, date_of, minute_of
from huxue.exchange.reports import Report, ScopeReport
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, new_id
from huxue.ledger.erasing import erase_item
from huxue.ledger.models import Import
from huxue.ledger.reading import facts
from huxue.ledger.rebuilding import rebuild
from huxue.ledger.verifying import verify_content
from huxue.organisations.models import Organisation
from tests.exchange.files import CAMERAS, REQUESTS, STAFF, TREE, YEARLY, csv, excel, recipe, rulebook
from tests.sites import Site

NOW = minute_of(datetime(2026, 6, 1))  # noqa: DTZ001 - civil time of the site
RULEBOOK = rulebook()
HEADER = "office,code,name,pupils,fire hours,road hours"
KINDS = RULEBOOK.kinds


@pytest.fixture(autouse=True)
def _ledger(site: Site) -> Iterator[Site]:
    """A fresh site on each database, whose ledger is checked from its bytes when the test is over."""
    yield site
    assert verify_content() == []
    assert rebuild(KINDS) == []


def load(*paths: Path, of: Recipe | None = None, now: int = NOW, dry_run: bool = False, **given: str) -> Report:
    return import_files(of or recipe(), paths, rulebook=RULEBOOK, now=now, given=given, dry_run=dry_run, language="en")


def outcome(report: Report) -> dict[str, int]:
    """What became of the facts, without the zeros."""
    (scope,) = report.scopes
    names = ("new", "changed", "same", "absent", "elsewhere", "closed", "withdrawn", "left_out")
    return {name: n for name in names if (n := getattr(scope, name))}


def scope(report: Report) -> ScopeReport:
    return report.scopes[0]


def live(kind: str) -> list[Fact]:
    return [fact for fact in known(facts(), FAR) if fact.kind == kind]


def hours() -> dict[tuple[str, str], Any]:
    return {(f.roles["by"][0], f.fields["area"]): f.fields.get("hours") for f in live("lesson")}


def history(code: str) -> list[tuple[str, str, Any]]:
    """What an organisation is said to be, from when on."""
    lines = sorted((f for f in live("organisation") if f.fields.get("code") == code), key=lambda f: f.at)
    return [(f.verb, str(date_of(f.day)), {**f.fields["traits"], "name": f.fields["name"]}) for f in lines]


def year(folder: Path, number: int, *rows: str, header: str = HEADER) -> Path:
    return csv(folder, f"schools_{number}.csv", header, *rows)


def test_a_file_again_changes_nothing(tmp_path: Path) -> None:
    path = year(tmp_path, 2020, "o,1,A,10,1.5,2", "o,2,B,,,0.1")
    first = load(path)
    assert (outcome(first), scope(first).number, first.has_problems) == ({"new": 6}, 1, False)
    count = Counter(f.kind for f in facts())
    assert outcome(load(path)) == {"same": 6}
    assert Counter(f.kind for f in facts()) == count == {"organisation": 3, "lesson": 3}
    assert [i.state for i in Import.objects.all()] == ["visible"]
    assert not list(tmp_path.glob("*.notes.*"))


def test_a_dry_run_tells_the_difference_and_writes_nothing(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, "o,1,A,10,1,2", "o,2,B,10,1,2"))
    before = len(list(facts()))
    changed = year(tmp_path, 2020, "o,1,A,10,1,3", "o,3,C,10,1,2")
    report = load(changed, dry_run=True)
    assert (outcome(report), scope(report).number, scope(report).disappeared) == (
        {"new": 3, "changed": 1, "same": 3},
        None,
        ["2"],
    )
    assert (len(list(facts())), Import.objects.count()) == (before, 1)
    assert "dry run, nothing was written" in report.say("en")
    assert "试运行，没有写入" in report.say("zh")
    assert outcome(load(changed)) == outcome(report)


def test_other_content_is_a_correction_and_what_is_gone_is_listed(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, "o,1,A,10,1,2", "o,2,B,10,1,2"))
    report = load(year(tmp_path, 2020, "o,1,A2,10,4,"), now=NOW + 1)
    assert (outcome(report), scope(report).disappeared) == ({"changed": 2, "same": 1}, ["1", "2"])
    assert hours() == {("1", "fire"): 40, ("1", "road"): 20, ("2", "fire"): 10, ("2", "road"): 20}
    assert history("1") == [("open", "2020-01-01", {"listed": True, "pupils": 10, "name": "A2"})]
    assert Organisation.objects.get(code="2").closed == Organisation.objects.get(code="1").closed
    corrections = [f for f in facts() if f.replaces]
    assert sorted((f.kind, f.verb) for f in corrections) == [("lesson", "record"), ("organisation", "open")]


def test_what_a_person_corrected_or_withdrew_stays(tmp_path: Path) -> None:
    path = year(tmp_path, 2020, "o,1,A,10,1,2")
    load(path)
    fire, road = sorted(live("lesson"), key=lambda f: str(f.fields["area"]))
    mend = Draft(
        new_id(), "lesson", "record", fire.at, fire.item, fire.roles, {**fire.fields, "hours": 99}, replaces=fire.id
    )
    drop = Draft(new_id(), "lesson", "withdraw", road.at, road.item, replaces=road.id)
    append([mend, drop], kinds=KINDS, recorded=NOW + 1)
    assert outcome(load(path, now=NOW + 2)) == {"same": 3, "withdrawn": 1}
    assert hours() == {("1", "fire"): 99}
    report = load(year(tmp_path, 2020, "o,1,A,10,7,2"), now=NOW + 3)  # the source now says something else
    assert outcome(report) == {"changed": 1, "same": 2, "withdrawn": 1}
    assert hours() == {("1", "fire"): 70}
    assert outcome(load(year(tmp_path, 2020, "o,1,A,10,7,2"), now=NOW + 4)) == {"same": 3, "withdrawn": 1}


ONE, TWO, BACK = (
    ("o,1,A,10,1,", "o,2,B,10,1,", "o,3,C,10,1,"),
    ("o,1,A,10,2,", "p,2,B,10,2,", "o,4,D,10,2,"),
    ("o,1,A,10,3,", "p,2,B,10,3,", "o,3,C,10,3,", "o,4,D,10,3,"),
)
YEARS = {2020: ONE, 2021: TWO, 2022: BACK}
NAMED = {"listed": True, "pupils": 10}


@pytest.mark.parametrize("order", [(2020, 2021, 2022), (2022, 2021, 2020), (2021, 2022, 2020), (2020, 2022, 2021)])
def test_years_in_any_order_give_the_same_register(tmp_path: Path, order: tuple[int, ...]) -> None:
    for number in order:
        load(year(tmp_path, number, *YEARS[number]))
    assert {code: listed(code) for code in "1234"} == {
        "1": [True, True, True],
        "2": [True, True, True],
        "3": [True, False, True],
        "4": [None, True, True],
    }
    assert [state(2, number).get("parent") for number in YEARS] == ["o", "p", "p"]
    for number in order:
        assert {k: n for k, n in outcome(load(year(tmp_path, number, *YEARS[number]))).items() if k != "same"} == {}


def state(code: int | str, number: int) -> dict[str, Any]:
    """What an organisation is at the end of January of a year; nothing before it opened."""
    lines = sorted((f for f in live("organisation") if f.fields.get("code") == str(code)), key=lambda f: f.at)
    by_then = [f for f in lines if date_of(f.day).year <= number]
    return dict(by_then[-1].fields) if by_then else {}


def listed(code: str) -> list[Any]:
    return [state(code, number).get("traits", {}).get("listed") for number in YEARS]


def test_a_register_says_who_is_no_longer_on_it_and_closes_nobody(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, *ONE))
    report = load(year(tmp_path, 2021, *TWO))
    assert (scope(report).absent, scope(report).absent_keys, scope(report).disappeared) == (1, ["3"], [])
    assert history("3") == [
        ("open", "2020-01-01", {**NAMED, "name": "C"}),
        ("change", "2021-01-01", {**NAMED, "listed": False, "name": "C"}),
    ]
    assert "1 no longer on the register: 3" in report.say("en")


def test_a_file_that_names_too_few_is_refused(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, *ONE))
    before = len(list(facts()))
    with pytest.raises(Refused) as found:
        load(year(tmp_path, 2021, "o,1,A,10,2,"))
    assert found.value.code == "too_many_absent"
    assert len(list(facts())) == before


def test_rows_of_later_years_are_found_by_the_parameter(tmp_path: Path) -> None:
    report = load(csv(tmp_path, "any.csv", HEADER, "o,1,A,10,1,"), year="2024")
    assert [(s.scope, s.new) for s in report.scopes] == [("2024", 3)]
    assert history("1")[0][1] == "2024-01-01"


def test_several_files_of_several_years_at_once(tmp_path: Path) -> None:
    report = load(*(year(tmp_path, number, *rows) for number, rows in YEARS.items()))
    assert [(s.scope, s.rows, s.number) for s in report.scopes] == [("2020", 3, 1), ("2021", 3, 2), ("2022", 4, 3)]


def test_bad_rows_come_back_and_the_rest_is_taken(tmp_path: Path) -> None:
    report = load(year(tmp_path, 2020, "o,1,A,10,1,2", "o,0,B,10,1,2", "o,3,C,x,1,2", "o,4,D,,bad,", "o,1,A,10,1,2"))
    assert (outcome(report), report.has_problems) == ({"left_out": 5}, True)
    copy = (tmp_path / "schools_2020.notes.csv").read_text("utf-8-sig").splitlines()
    assert copy[0] == f"{HEADER},问题 Problems"
    assert copy[2] == "o,0,B,10,1,2,code 0"
    assert copy[4].startswith("o,4,D,,bad,,'fire hours': hours: 'bad' is not a number")
    assert copy[1].endswith('"has the same key as row 6 (1); neither was taken"') or "same key as row 6" in copy[1]
    assert report.as_json()["files"][0]["notes"][0]["row"] == 2


def test_unknown_columns_are_named_and_the_copy_says_so(tmp_path: Path) -> None:
    report = load(year(tmp_path, 2020, "o,1,A,10,1,2,Kim", header=f"{HEADER},head"))
    assert (outcome(report), report.has_problems, report.files[0].unknown) == ({"new": 4}, True, [(6, "head")])
    assert (
        (tmp_path / "schools_2020.notes.csv")
        .read_text("utf-8-sig")
        .startswith(f"{HEADER},head,问题 Problems（unknown columns：head）")
    )
    assert "unknown column 'head': not imported" in report.say("en")


def test_a_folder_that_is_read_only_is_left_alone(tmp_path: Path, site: Site) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    path = year(folder, 2020, "o,0,A,10,1,2")
    folder.chmod(0o555)
    report = load(path)
    folder.chmod(0o755)
    assert report.files[0].copy == Path(settings.SITE) / "notes" / "schools_2020.notes.csv"
    assert [found.name for found in folder.iterdir()] == ["schools_2020.csv"]


def test_an_excel_file_with_notes(tmp_path: Path) -> None:
    path = excel(tmp_path, "2020.xlsx", [HEADER.split(","), ["o", 1, "A", 10, 1.5, ""], ["o", 2, "B", "many", 1, 1]])
    report = import_files(recipe(), [path], rulebook=RULEBOOK, now=NOW, notes=tmp_path / "out.xlsx", language="zh")
    assert (outcome(report), report.files[0].copy) == ({"new": 3, "left_out": 1}, tmp_path / "out.xlsx")
    assert hours() == {("1", "fire"): 15}


def test_a_row_the_ledger_refuses_is_left_out(tmp_path: Path) -> None:
    long = "x" * 70
    report = load(year(tmp_path, 2020, "o,1,A,10,1,2", f"o,{long},B,10,1,2"))
    assert outcome(report) == {"new": 4, "left_out": 1}
    assert [n.at.row for n in report.files[0].notes] == [3]
    assert {f.fields["code"] for f in live("organisation")} == {"o", "1"}


def test_a_parent_nobody_knows_is_told(tmp_path: Path) -> None:
    text = YEARLY.replace(
        '  - {name: office, organisation: office, at: "{year}-01-01", fields: {code: "{office}", name: "{office}"}}\n',
        "",
    )
    report = load(year(tmp_path, 2020, "o,1,A,10,1,2"), of=recipe(text))
    assert outcome(report) == {"left_out": 1}
    assert report.files[0].notes[0].en == "its parent 'o' is neither in the file nor known; '1' was left out"


def test_a_cyclic_tree_is_refused_whole(tmp_path: Path) -> None:
    text = YEARLY.replace('parent: "{office}"', 'parent: "{name}"')
    with pytest.raises(Refused) as found:
        load(year(tmp_path, 2020, "o,1,2,10,1,2", "o,2,1,10,1,2"), of=recipe(text))
    assert (found.value.code, list(facts())) == ("cyclic_tree", [])


def test_organisations_of_another_source_are_left_as_they_are(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, "o,1,A,10,1,2"))
    other = recipe(YEARLY.replace("code: yearly", "code: other"))
    assert outcome(load(year(tmp_path, 2020, "o,1,Other,10,1,2"), of=other)) == {"new": 2, "elsewhere": 2}
    assert history("1") == [("open", "2020-01-01", {**NAMED, "name": "A"})]


def test_missing_columns_and_too_many_rows(tmp_path: Path) -> None:
    codes = []
    small = recipe(YEARLY.replace("scope:", "reads: {rows: 2}\nscope:"))
    for path, of in (
        (csv(tmp_path, "2020.csv", "code,name", "1,A"), recipe()),
        (year(tmp_path, 2021, "o,1,A,,1,", "o,2,A,,1,", "o,3,A,,1,"), small),
    ):
        with pytest.raises(Refused) as found:
            load(path, of=of)
        codes.append(found.value.code)
    assert (codes, list(facts())) == (["missing_columns", "too_many_rows"], [])


def test_a_case_goes_on_in_a_later_file(tmp_path: Path) -> None:
    head, first = "number,office,created,due,closed", "7,o,2020-01-02 08:00,2020-01-05,"
    load(csv(tmp_path, "a.csv", head, first), of=recipe(REQUESTS))
    report = load(csv(tmp_path, "b.csv", head, "7,o,2020-01-02 08:00,2020-01-05,2020-01-03 09:30"), of=recipe(REQUESTS))
    assert outcome(report) == {"new": 1, "same": 2}
    created, closed = sorted(live("request"), key=lambda f: f.at)
    assert (created.step, closed.step, closed.item == created.item, created.deadline) == (
        "created",
        "closed",
        True,
        26304479,
    )


def test_entries_change_from_the_day_of_the_file(tmp_path: Path) -> None:
    path = csv(tmp_path, "a.csv", "number,office,working", "c1,o,yes", "c2,o,yes")
    load(path, of=recipe(CAMERAS))
    later = csv(tmp_path, "b.csv", "number,office,working", "c1,o,no", "c2,o,yes", "c3,o,no")
    report = load(later, of=recipe(CAMERAS), day="2021-05-01")
    assert outcome(report) == {"new": 1, "changed": 1, "same": 2}
    lines = sorted((f.fields["number"], str(date_of(f.day)), f.verb, f.fields["working"]) for f in live("camera"))
    assert lines == [
        ("c1", "2020-01-01", "open", True),
        ("c1", "2021-05-01", "change", False),
        ("c2", "2020-01-01", "open", True),
        ("c3", "2021-05-01", "open", False),
    ]
    assert outcome(load(path, of=recipe(CAMERAS))) == {"same": 3}


class Killed(BaseException):
    """Stands for the end of the process."""


def kill_at(part: int) -> Any:
    def progress(what: str, done: int) -> None:
        if what == "part" and done == part:
            raise Killed

    return progress


def exclusively(*paths: Path, **more: Any) -> Report:
    return import_exclusively(recipe(), paths, rulebook=RULEBOOK, now=NOW, rows_in_part=2, language="en", **more)


ROWS = [f"{'op'[n % 2]},{n},S{n},10,{n},1" for n in range(1, 8)]


def test_an_exclusive_import_is_the_same_import_in_parts(tmp_path: Path) -> None:
    path = year(tmp_path, 2020, *ROWS, "o,3,again,10,1,1")
    report = exclusively(path)
    assert (outcome(report), scope(report).rows, scope(report).taken) == ({"new": 20, "left_out": 2}, 8, 6)
    assert hours() == {(str(n), area): h for n in (1, 2, 4, 5, 6, 7) for area, h in (("fire", n * 10), ("road", 10))}
    assert outcome(load(path)) == {"same": 20, "left_out": 2}
    assert outcome(exclusively(path)) == {"same": 20, "left_out": 2}


def test_a_kill_in_the_middle_leaves_nothing_and_can_be_resumed(tmp_path: Path) -> None:
    path = year(tmp_path, 2020, *ROWS)
    with pytest.raises(Killed):
        exclusively(path, progress=kill_at(2))
    assert list(facts()) == []
    found = running()
    assert found is not None
    assert (found.number, found.parts) == (1, 2)
    with pytest.raises(Refused) as refused:
        load(year(tmp_path, 2021, *ROWS))
    assert refused.value.code == "import_running"
    with pytest.raises(Refused) as refused:
        exclusively(year(tmp_path, 2021, *ROWS))
    assert refused.value.code == "import_running"
    assert scope(exclusively(path)).number == 1
    assert (len(hours()), running()) == (14, None)


def test_a_kill_in_the_middle_can_be_given_up(tmp_path: Path) -> None:
    with pytest.raises(Killed):
        exclusively(year(tmp_path, 2020, *ROWS), progress=kill_at(1))
    abandon(1, now=NOW)
    assert (list(facts()), running()) == ([], None)
    assert outcome(load(year(tmp_path, 2021, *ROWS))) == {"new": 23}


def test_an_exclusive_import_lists_what_is_gone_and_corrects(tmp_path: Path) -> None:
    load(year(tmp_path, 2020, *ROWS))
    report = exclusively(year(tmp_path, 2020, *ROWS[:5], "o,6,S6,10,9.5,1"))
    assert (outcome(report), scope(report).disappeared) == ({"changed": 1, "same": 19}, ["7"])
    later = exclusively(year(tmp_path, 2021, *ROWS[:6]))
    assert (scope(later).absent, scope(later).absent_keys) == (1, ["7"])
    with pytest.raises(Refused) as refused:
        exclusively(year(tmp_path, 2022, *ROWS), year(tmp_path, 2023, *ROWS))
    assert refused.value.code == "several_scopes"


def test_personal_values_are_compared_and_what_was_erased_stays_erased(tmp_path: Path) -> None:
    head = "code,office,teacher"
    path = csv(tmp_path, "a.csv", head, "fire,o,Kim", "road,o,Lee")
    load(path, of=recipe(STAFF))
    assert outcome(load(path, of=recipe(STAFF))) == {"same": 3}
    assert outcome(load(csv(tmp_path, "b.csv", head, "fire,o,Kim", "road,o,Park"), of=recipe(STAFF), now=NOW + 1)) == {
        "changed": 1, "same": 2,
    }  # fmt: skip
    (fire,) = [f for f in live("lesson") if f.fields["area"] == "fire"]
    erase_item(fire.item)
    assert outcome(load(csv(tmp_path, "b.csv", head, "fire,o,Kim", "road,o,Park"), of=recipe(STAFF))) == {"same": 3}


def test_an_organisation_that_was_closed_or_withdrawn_by_hand_stays_so(tmp_path: Path) -> None:
    path = csv(tmp_path, "a.csv", "number,office,working", "c1,o,yes", "c2,o,yes", "c3,o,yes")
    load(path, of=recipe(CAMERAS))
    one, two, _ = sorted(live("camera"), key=lambda f: str(f.fields["number"]))
    append(
        [
            Draft(new_id(), "camera", "close", one.at + 1440, one.item, one.roles),
            Draft(new_id(), "camera", "withdraw", two.at, two.item, replaces=two.id),
        ],
        kinds=KINDS,
        recorded=NOW,
    )
    assert outcome(load(path, of=recipe(CAMERAS))) == {"same": 3, "withdrawn": 1}
    later = load(path, of=recipe(CAMERAS), day="2020-06-01")
    assert outcome(later) == {"same": 2, "closed": 1, "withdrawn": 1}
    assert "1 named although they were closed before" in later.say("en")
    assert "1 条此前由人撤回" in later.say("zh")


def test_an_exclusive_import_takes_the_whole_file(tmp_path: Path) -> None:
    path = csv(tmp_path, "o.csv", "code,name", "o,O")
    with pytest.raises(Refused) as found:
        import_exclusively(recipe(TREE), [path], rulebook=RULEBOOK, now=NOW, given={"only": "o"})
    assert (found.value.code, running()) == ("bad_options", None)


def test_an_exclusive_import_leaves_out_what_the_ledger_refuses(tmp_path: Path) -> None:
    report = exclusively(year(tmp_path, 2020, "o,1,A,10,1,", f"o,{'x' * 70},B,10,1,", "o,3,C,10,1,"))
    assert (outcome(report), sorted(hours())) == ({"new": 5, "left_out": 1}, [("1", "fire"), ("3", "fire")])


def test_reports_show_the_first_notes_and_count_the_rest(tmp_path: Path) -> None:
    report = load(year(tmp_path, 2020, *(f"o,{n},A,,bad," for n in range(25))), dry_run=True)
    assert "schools_2020.csv: 5 more notes" in report.say("en")
    assert "还有 5 条" in report.say("zh")
    assert len(report.as_json()["files"][0]["notes"]) == 25
