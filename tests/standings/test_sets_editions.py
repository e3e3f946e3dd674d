"""A new edition takes over the set of the one before where a fact counts as the same; else the set is made anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Refused
from huxue.standings.evaluate import Evaluation
from huxue.standings.sets import serve as serving
from huxue.standings.sets.manifest import MANIFEST, read, write
from huxue.standings.sets.opened import open_set
from huxue.standings.sets.read import evaluate_set
from huxue.standings.sets.serve import Served, serve
from huxue.standings.sets.stand import Stand, folder_of
from tests.core.situations import Situation, calendars, day, duty_of, situation
from tests.sites import Site
from tests.standings import set_world
from tests.standings.set_world import from_facts, stand

TODAY = day("2026-04-10")
MEETINGS: dict[str, Any] = {"deed": {"record": "meeting"}, "per": "month", "at_least": 1}


class Editions:
    """A site whose facts stay while the rulebook changes."""

    def __init__(self, site: Site, situated: Situation) -> None:
        """Write the facts and make the set of the first edition."""
        self.site, self.situated = site, situated
        set_world.write(situated.facts)
        self.first = self.stand()
        assert self.serve(self.first).way == "made"

    def stand(self, change: Callable[[Rulebook], Rulebook] = lambda book: book, **repeat: object) -> Stand:
        """Return the stand of an edition: with another rule for meetings, or a rulebook changed in another way."""
        self.situated.duties = {"d": duty_of("d", {"repeat": MEETINGS | repeat})}
        return stand(change(self.situated._rulebook()), calendars())

    def serve(self, one: Stand) -> Served:
        """Serve an edition."""
        return serve(self.site.folder, one, today=TODAY)

    def folder(self, one: Stand) -> Path:
        """Return where its set lies."""
        return folder_of(self.site.folder, one)


@pytest.fixture
def editions(sqlite_site: Site) -> Editions:
    """A school that met once in February and twice in March."""
    s = situation(repeat=MEETINGS)
    for date in ("2026-02-05", "2026-03-10", "2026-03-20"):
        s.did("meeting", date, sort="a")
    return Editions(sqlite_site, s)


def statuses(found: Evaluation) -> dict[str, str]:
    """The status of each month."""
    return {one.period: one.status for one in found.standings()}


def test_more_meetings_are_asked_for_and_nothing_is_read_again(
    editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "made_alone", lambda *_, **__: pytest.fail("made anew"))
    twice = editions.stand(at_least=2)
    served = editions.serve(twice)
    assert (served.way, served.why) == ("kept", None)
    assert statuses(evaluate_set(served.opened, editions.first, today=TODAY))["2026-02"] == "met"
    found = evaluate_set(served.opened, twice, today=TODAY)
    assert {p: s for p, s in statuses(found).items() if p <= "2026-03"} == {
        "2026-01": "missed", "2026-02": "missed", "2026-03": "met",
    }  # fmt: skip
    assert found.standings() == from_facts(twice, TODAY).standings()
    assert read(editions.folder(twice)).edition == twice.identity
    assert not editions.folder(editions.first).exists()


def test_what_came_meanwhile_is_folded_in(editions: Editions) -> None:
    late = editions.situated.did("meeting", "2026-02-06", sort="b", entered="2026-04-02")
    set_world.write(fact for fact in editions.situated.facts if fact.id == late)
    twice = editions.stand(at_least=2)
    served = editions.serve(twice)
    assert (served.way, served.why) == ("folded", None)
    found = evaluate_set(served.opened, twice, today=TODAY)
    assert statuses(found)["2026-02"] == "met"
    assert found.standings() == from_facts(twice, TODAY).standings()


def test_other_meetings_count_so_the_set_is_made_anew(editions: Editions) -> None:
    joint = {"deed": {"record": "meeting", "where": {"all": [{"field": "sort", "op": "=", "value": "b"}]}}}
    other = editions.stand(**joint)
    served = editions.serve(other)
    assert (served.way, served.why and served.why.code) == ("made", "set_missing")
    found = evaluate_set(served.opened, other, today=TODAY)
    assert statuses(found)["2026-03"] == "missed"
    assert found.standings() == from_facts(other, TODAY).standings()


def test_a_field_that_has_become_personal_does_not_stay_in_the_set(editions: Editions) -> None:
    def hidden(book: Rulebook) -> Rulebook:
        hazard = book.kinds["hazard"]
        fields = {**hazard.fields, "sort": hazard.fields["sort"].model_copy(update={"personal": True})}
        return book.model_copy(update={"kinds": {**book.kinds, "hazard": hazard.model_copy(update={"fields": fields})}})

    assert editions.serve(editions.stand(hidden)).way == "made"


def test_a_set_of_another_site_is_left_alone(editions: Editions) -> None:
    folder = editions.folder(editions.first)
    write(folder, replace(read(folder), site="another"))
    assert editions.serve(editions.stand(at_least=2)).way == "made"


def test_a_damaged_set_is_not_taken_over(editions: Editions) -> None:
    folder = editions.folder(editions.first)
    path = folder / read(folder).generations[0].folder / "deeds-0000.parquet"
    path.write_bytes(path.read_bytes()[:-1])
    twice = editions.stand(at_least=2)
    served = editions.serve(twice)
    assert served.way == "made"
    assert evaluate_set(served.opened, twice, today=TODAY).standings() == from_facts(twice, TODAY).standings()


def test_who_was_killed_while_taking_over_begins_again(editions: Editions) -> None:
    twice = editions.stand(at_least=2)
    folder, before = editions.folder(twice), read(editions.folder(editions.first))
    half = folder / before.generations[0].folder
    half.mkdir(parents=True)
    (half / "deeds-0000.parquet").write_bytes(b"half")
    assert not (folder / MANIFEST).exists()
    assert editions.serve(twice).way == "kept"
    open_set(folder).check()


def test_where_files_cannot_share_they_are_copied(editions: Editions, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refused)
    twice = editions.stand(at_least=2)
    assert editions.serve(twice).way == "kept"
    open_set(editions.folder(twice)).check()


def test_on_a_full_disk_it_is_refused_and_the_set_before_stays(
    editions: Editions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("huxue.standings.sets.manifest.write", full)
    twice = editions.stand(at_least=2)
    with pytest.raises(Refused) as refused:
        editions.serve(twice)
    assert refused.value.code == "set_not_written"
    open_set(editions.folder(editions.first)).check()


def test_who_reads_the_set_of_the_edition_before_goes_on(editions: Editions) -> None:
    reading = open_set(editions.folder(editions.first))
    twice = editions.stand(at_least=2)
    assert editions.serve(twice).way == "kept"
    assert statuses(evaluate_set(reading, editions.first, today=TODAY))["2026-02"] == "met"
