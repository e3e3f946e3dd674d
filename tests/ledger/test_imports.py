"""Loads of many facts: visible at once when they are finished, resumed or abandoned after a kill."""

from __future__ import annotations

import pytest
from django.db import transaction

from huxue.actions.imports import abandon, begin_import, finish, part, running
from huxue.core.values import Refused
from huxue.ledger.append import NotAppended, append
from huxue.ledger.models import Fact, Import, Staged
from huxue.ledger.reading import facts
from tests.ledger.world import KINDS, NOW, drill, organisation, take, tree

pytestmark = pytest.mark.usefixtures("ledger")


def code(found: pytest.ExceptionInfo[Refused]) -> str:
    return found.value.code


def test_a_file_is_one_transaction() -> None:
    tree()
    with transaction.atomic():
        number = begin_import("drills", now=NOW)
        append([drill(), drill("S2")], kinds=KINDS, recorded=NOW, import_number=number)
        finish(number, kinds=KINDS, now=NOW)
    assert Fact.objects.filter(import_number=number).count() == 2
    assert Import.objects.get(number=number).state == "visible"


def test_an_exclusive_import_shows_itself_when_it_is_finished() -> None:
    number = begin_import("city", exclusive=True, now=NOW)
    part(number, 1, [drill("A1"), organisation("A1", "A")], kinds=KINDS, now=NOW)
    part(number, 2, [organisation("A", of="county"), drill("A1")], kinds=KINDS, now=NOW)
    assert list(facts()) == []
    assert running() == (number, "city", 2, 4, NOW)
    assert finish(number, kinds=KINDS, now=NOW) == 4
    assert sorted(f.kind for f in facts()) == ["drill", "drill", "organisation", "organisation"]
    assert (running(), Staged.objects.count()) == (None, 0)


def test_nobody_else_writes_meanwhile() -> None:
    tree()
    number = begin_import("city", exclusive=True, now=NOW)
    for attempt in (lambda: take(drill()), lambda: begin_import("other", now=NOW)):
        with pytest.raises(Refused) as found:
            attempt()
        assert code(found) == "import_running"
    finish(number, kinds=KINDS, now=NOW)
    assert len(take(drill())) == 1


def test_a_part_given_again_after_a_kill_is_taken_once() -> None:
    tree()
    number = begin_import("drills", exclusive=True, now=NOW)
    drafts = [drill()]
    part(number, 1, drafts, kinds=KINDS, now=NOW)
    part(number, 1, drafts, kinds=KINDS, now=NOW)
    with pytest.raises(Refused) as found:
        part(number, 3, drafts, kinds=KINDS, now=NOW)
    assert code(found) == "part_missing"
    assert finish(number, kinds=KINDS, now=NOW) == 1


def test_an_abandoned_import_leaves_nothing() -> None:
    tree()
    before = list(facts())
    number = begin_import("drills", exclusive=True, now=NOW)
    drafts = [drill()]
    part(number, 1, drafts, kinds=KINDS, now=NOW)
    abandon(number, now=NOW)
    assert list(facts()) == before
    with pytest.raises(Refused) as found:
        finish(number, kinds=KINDS, now=NOW)
    assert code(found) == "no_such_import"
    assert take(*drafts)[0].earlier is False


def test_a_bad_row_is_named_in_its_part_and_a_bad_reference_at_the_end() -> None:
    tree()
    number = begin_import("drills", exclusive=True, now=NOW)
    with pytest.raises(NotAppended) as found:
        part(number, 1, [drill(), drill(fields={"minutes": "ten"})], kinds=KINDS, now=NOW)
    assert list(found.value.by_draft) == [1]
    part(number, 1, [drill("S9")], kinds=KINDS, now=NOW)
    with pytest.raises(NotAppended):
        finish(number, kinds=KINDS, now=NOW)
    assert running() == (number, "drills", 1, 1, NOW)
    abandon(number, now=NOW)
