"""A city changes a parameter, or confirms it: a new edition, with who, why and from when."""

from __future__ import annotations

from pathlib import Path

import pytest

from huxue.actions.acting import By
from huxue.actions.parameters import Change, preview, set_parameter, typed
from huxue.actions.rulebooks import activate, in_force
from huxue.core.duties.shapes import Respond, Span
from huxue.core.rulebook.model import Parameter
from huxue.core.values import Refused, Text
from huxue.ledger import editions as stored
from huxue.ledger.models import RulebookFiles
from tests.actions.county import NOW, TODAY, Town, day
from tests.sites import Site

BY = By("沐河县/deputy", "人甲")


@pytest.fixture
def town(site: Site) -> Town:
    made = Town()
    made.settle()
    about = {"about": ("沐河县",)}
    made.add("post", "open", "2020-01-01", about, {"code": BY.post, "organisation": "沐河县", "type": "deputy"})
    made.add("holding", "open", "2020-01-01", about, {"post": BY.post, "person": BY.person})
    made.send()
    return made


def change(value: str = "5", **more: object) -> Change:
    return Change(**{"parameter": "handed-over", "value": value, "reason": "县区人手少", **more})  # type: ignore[arg-type]


def test_a_changed_value_is_a_new_edition_that_says_who_and_why(town: Town) -> None:
    made = set_parameter(change(), code="city", by=BY, now=NOW)
    assert (made.rulebook.parameters["handed-over"].value, made.valid_from) == (5, TODAY)
    assert made.rulebook.parameters["handed-over"].confirmed is False
    last = stored.activations()[-1]
    assert (last.post, last.person) == (BY.post, BY.person)
    assert dict(last.said) == {"parameter": "handed-over", "value": "5", "reason": "县区人手少"}


def test_the_duties_that_read_it_say_the_new_value_and_no_other_duty_changes(town: Town) -> None:
    seen = preview(change(), code="city", now=NOW)
    assert seen.duties == tuple(
        code for code, duty in sorted(seen.made.rulebook.duties.items()) if "handed-over" in duty.parameters
    )
    (code, *_) = seen.duties
    shape = seen.made.rulebook.duties[code].shape
    assert isinstance(shape, Respond)
    assert shape.within == Span(workdays=5)
    assert {row.what for row in seen.rows} == {"rulebook", "parameters", "duties"}
    assert [one.code for one in seen.made.earlier] == list(seen.duties)  # what began before is judged as it was said


def test_a_preview_changes_nothing(town: Town) -> None:
    before = stored.activations()
    preview(change(), code="city", now=NOW)
    assert stored.activations() == before


def test_confirming_names_the_document_and_changes_no_duty(town: Town) -> None:
    seen = preview(change("3", document="市府办〔2026〕12号"), code="city", now=NOW)
    assert (seen.duties, seen.made.earlier) == ((), ())
    made = set_parameter(change("3", document="市府办〔2026〕12号"), code="city", by=BY, now=NOW)
    assert made.rulebook.parameters["handed-over"].confirmed is True
    assert stored.activations()[-1].said["document"] == "市府办〔2026〕12号"


def test_two_changes_hold_together_and_outlive_a_new_reading_of_the_files(town: Town) -> None:
    set_parameter(change(), code="city", by=BY, now=NOW)
    set_parameter(change("21", parameter="listed-note"), code="city", by=BY, now=NOW + 1)
    activate("city", families=["government"], now=NOW + 2)
    made = in_force("city")
    assert made is not None
    assert [made.rulebook.parameters[code].value for code in ("handed-over", "listed-note")] == [5, 21]
    assert made.families_on == ("government",)


def test_a_later_day_counts_from_that_day(town: Town) -> None:
    made = set_parameter(change(valid_from=TODAY + 30), code="city", by=BY, now=NOW)
    assert made.valid_from == TODAY + 30
    with pytest.raises(Refused) as refused:
        set_parameter(change("6", valid_from=TODAY + 29), code="city", by=BY, now=NOW)
    assert refused.value.code == "too_early"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (change("99"), "bad_parameter"),
        (change("many"), "bad_parameter"),
        (change("3"), "no_change"),
        (change(reason=" "), "no_reason"),
        (change(parameter="nothing"), "no_parameter"),
        (change(valid_from=TODAY - 1), "too_early"),
        (change(document="x" * 201), "too_long"),
        (change("02-30", parameter="letters-due"), "bad_parameter"),
    ],
)
def test_what_is_refused(town: Town, asked: Change, code: str) -> None:
    before = stored.activations()
    with pytest.raises(Refused) as refused:
        set_parameter(asked, code="city", by=BY, now=NOW)
    assert refused.value.code == code
    assert stored.activations() == before


def test_who_does_not_hold_the_post_is_refused_and_nothing_is_kept(town: Town) -> None:
    before, files = stored.activations(), RulebookFiles.objects.count()
    with pytest.raises(Refused) as refused:
        set_parameter(change(), code="city", by=By(BY.post, "somebody"), now=NOW)
    assert refused.value.code == "post_not_held"
    assert (stored.activations(), RulebookFiles.objects.count()) == (before, files)


def test_a_bound_refusal_says_the_bounds(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        preview(change("99"), code="city", now=NOW)
    assert refused.value.en == "the value of parameter 'handed-over' is 99, outside 1–15."


def test_files_that_nobody_kept_are_read_again_where_they_say_the_same(town: Town) -> None:
    RulebookFiles.objects.all().delete()
    assert set_parameter(change(), code="city", by=BY, now=NOW).rulebook.parameters["handed-over"].value == 5


def test_a_rulebook_of_a_folder_is_changed_from_what_was_kept_of_it(sqlite_site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    folder.mkdir()
    head = "code: ours\ntitle: {zh: 本市, en: Ours}\nlayer: county\nextends: city\n"
    (folder / "rulebook.yaml").write_text(head, "utf-8")
    town = Town()
    town.settle()
    activate(str(folder), families=["government"], valid_from=day("2020-02-01"), now=NOW)
    (folder / "rulebook.yaml").unlink()
    assert preview(change(), code="ours", now=NOW).made.rulebook.parameters["handed-over"].value == 5
    RulebookFiles.objects.all().delete()
    with pytest.raises(Refused) as refused:
        preview(change(), code="ours", now=NOW)
    assert refused.value.code == "no_files"


def test_no_edition_has_no_parameter(sqlite_site: Site) -> None:
    with pytest.raises(Refused) as refused:
        preview(change(), code="city", now=NOW)
    assert refused.value.code == "no_edition"


@pytest.mark.parametrize(
    ("value", "said", "meant"),
    [(True, "否", False), (False, "yes", True), (4, "-7", -7), ("03-31", " 04-30 ", "04-30")],
)
def test_typed_values(value: bool | int | str, said: str, meant: bool | int | str) -> None:
    assert typed(Parameter(title=Text(zh="甲", en="A"), value=value), said) == meant


@pytest.mark.parametrize(("value", "said"), [(True, "maybe"), (4, "4.5"), (4, "1" * 10), ("03-31", "  ")])
def test_typed_values_that_are_none(value: bool | int | str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        typed(Parameter(title=Text(zh="甲", en="A"), value=value), said)
    assert refused.value.code == "bad_parameter"
