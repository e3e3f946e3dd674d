"""Several writers at once: nothing is lost, nothing comes twice, and a reader that goes forward misses nothing."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from threading import Event
from time import sleep

from django.db import transaction

from huxue.access.scope import Scope
from huxue.ledger.drafts import Draft, Receipt
from huxue.ledger.listing import totals
from huxue.ledger.models import Entry, Fact, ItemCount
from huxue.ledger.reading import BEGINNING, facts, forward
from huxue.ledger.rebuilding import rebuild
from tests.ledger.world import DAY, KINDS, NOW, draft, drill, take, tree
from tests.ledger.writers import together
from tests.sites import Site


def writer(seed: int, times: int) -> Callable[[], object]:
    def write() -> None:
        random = Random(seed)
        for n in range(times):
            with transaction.atomic():
                take(*(drill(f"S{1 + n % 4}", at=NOW - n) for _ in range(random.randint(1, 3))))
                sleep(random.random() * 0.01)

    return write


def written(seed: int, times: int) -> int:
    """Return how many facts such a writer writes."""
    random, count = Random(seed), 0
    for _ in range(times):
        count += random.randint(1, 3)
        random.random()
    return count


def test_eight_writers_and_a_reader_that_misses_nothing(postgresql_site: Site) -> None:
    tree()
    done = Event()
    seen: list[str] = []

    def read() -> None:
        mark = BEGINNING
        while True:
            last = done.is_set()
            some, mark = forward(mark, 7)
            seen.extend(f.id for f in some)
            if last and not some:
                return

    def write() -> None:
        together(*(writer(seed, 25) for seed in range(8)))
        done.set()

    together(read, write)
    assert sorted(seen) == sorted(f.id for f in facts())
    assert rebuild(KINDS) == []


def test_a_bare_number_misses_what_commits_late(postgresql_site: Site) -> None:
    """The control: the first to write commits last. Reading on from the greatest number loses it."""
    tree()
    _, mark = forward(BEGINNING, 100)
    greatest = Fact.objects.order_by("-seq")[0].seq
    written, committed = Event(), Event()
    early, late = drill("S1"), drill("S2")

    def slow() -> None:
        with transaction.atomic():
            take(early)
            written.set()
            committed.wait(10)

    def fast() -> tuple[list[str], list[str]]:
        written.wait(10)
        take(late)
        naive = list(Fact.objects.filter(seq__gt=greatest).order_by("seq").values_list("seq", "uid"))
        here, after = forward(mark, 100)
        committed.set()
        for _ in range(500):
            if Fact.objects.filter(uid=early.id).exists():
                break
            sleep(0.01)
        naive += Fact.objects.filter(seq__gt=naive[-1][0]).order_by("seq").values_list("seq", "uid")
        return [uid for _, uid in naive], [f.id for f in [*here, *forward(after, 100)[0]]]

    _, found = together(slow, fast)
    assert found == ([late.id], [early.id, late.id])


def test_two_writers_at_once(ledger: Site) -> None:
    tree()
    assert together(writer(1, 20), writer(2, 20)) == [None, None]
    assert Fact.objects.filter(kind="drill").count() == written(1, 20) + written(2, 20)


def test_the_same_submission_by_four_at_once_is_one_fact(ledger: Site) -> None:
    tree()
    one = drill()
    receipts = together(*[lambda: take(one)[0]] * 4)
    assert {r.seq for r in receipts if isinstance(r, Receipt)} == {Fact.objects.get(uid=one.id).seq}
    assert sorted(r.earlier for r in receipts if isinstance(r, Receipt)) == [False, True, True, True]


def test_of_two_corrections_at_once_one_is_refused(ledger: Site) -> None:
    tree()
    one = drill()
    take(one)
    found = together(*[lambda: take(drill(item=one.id, replaces=one.id))[0].item] * 2)
    assert sorted(map(str, found)) == sorted([one.id, "already_replaced"])


def test_two_changes_of_one_entry_at_once_both_count(ledger: Site) -> None:
    tree()

    def guard(verb: str, days: int) -> Draft:
        return draft("guard", verb, NOW - days * DAY, item="g1", roles={"by": ("S1",)}, fields={"name": f"{days}"})

    take(guard("open", 50))
    together(*[lambda n=n: take(guard("change", n)) for n in (10, 20, 30, 40)])  # type: ignore[misc]
    stands = Entry.objects.filter(item="g1", known_to__gt=10**10).order_by("valid_from")
    assert [e.fields for e in stands] == [f'{{"name":"{n}"}}' for n in (50, 40, 30, 20, 10)]


def test_a_refusal_in_the_middle_leaves_nothing(ledger: Site) -> None:
    tree()
    before = list(facts())

    def write() -> None:
        with transaction.atomic():
            take(drill())
            take(drill("nowhere"))

    assert together(write) == ["unknown_organisation"]
    assert list(facts()) == before


def test_nobody_waits_for_a_count(postgresql_site: Site) -> None:
    """Two of one school, one kind and one open transaction each: the second is through before the first commits."""
    tree()
    take(drill("S1"))
    written, done = Event(), Event()

    def slow() -> bool:
        with transaction.atomic():
            take(drill("S1"))
            written.set()
            return done.wait(20)

    def fast() -> int:
        written.wait(20)
        take(drill("S1"))
        seen = totals([KINDS["drill"]], Scope(whole=True))["drill"]
        done.set()
        return seen

    assert together(slow, fast) == [True, 2]
    assert totals([KINDS["drill"]], Scope(whole=True)) == {"drill": 3}
    parts = ItemCount.objects.filter(kind="drill", parties=-1, field="").order_by("n").values_list("n", flat=True)
    assert list(parts) == [1, 2]
    assert rebuild(KINDS) == []
