"""After a write: the standings it touches are worked out again, by the reference evaluator over a few facts.

A write leaves a mark (:func:`mark`), one row; ``settle`` works marks off: before a page shows the organisation, or
in the background. What only a full evaluation can follow (the tree, entries of those that a department supervises,
spot checks) waits for the next ``kept.keep``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from json import loads
from typing import Final

from django.db import connection, transaction

from huxue.core.duties.reference import verdicts
from huxue.core.duties.standing import Standing
from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY
from huxue.organisations.models import Organisation
from huxue.organisations.relations import area_of
from huxue.organisations.tables import Row, columns, insert, select
from huxue.standings import counting, kept_proposals, kept_ratios
from huxue.standings.beside import shadowed
from huxue.standings.counting import COUNTED, NUMBER, Counts, Pair
from huxue.standings.kept import is_current
from huxue.standings.models import Kept, Stale, Tally
from huxue.standings.models import Standing as Line
from huxue.standings.nearby import borne, near
from huxue.standings.site import calendars_of, edition_for
from huxue.standings.touching import TREE, index_of

_COUNTS: Final = ", ".join(COUNTED)


def mark(facts: Iterable[str]) -> None:
    """Note that facts (their ids) were written: one row for each organisation and kind they touch."""
    rows = {row for uid in facts for row in _touched(uid)}
    insert(Stale, sorted(rows))


def _touched(uid: str) -> set[Row]:
    found = select("SELECT kind, roles, replaces, reference FROM ledger_fact WHERE id = %s", uid)
    if not found:
        return set()
    kind, roles, replaces, reference = found[0]
    if kind in TREE or kind == "edition":
        return {("", "")}
    touched = {(code, kind) for codes in loads(roles).values() for code in codes}
    if kind == "verification" and reference:
        about = select("SELECT DISTINCT kind FROM ledger_fact WHERE item = %s OR id = %s", reference, reference)
        touched |= {(code, one) for code, _ in set(touched) for (one,) in about}
    return touched | (_touched(replaces) if replaces else set())


def settle(organisation: str = "", *, now: int, most: int = 20) -> int:
    """Work off the marks of an organisation (default: of all, ``most`` of them); return how many were looked at."""
    every = Stale.objects.exclude(organisation="")
    mine = every.filter(organisation=organisation) if organisation else every
    found = list(mine.order_by("pk").values_list("pk", "organisation", "kind")[: most * 10])
    if not found:
        return 0
    marks: dict[str, tuple[list[int], set[str]]] = defaultdict(lambda: ([], set()))
    for pk, code, kind in found:
        marks[code][0].append(pk)
        marks[code][1].add(kind)
    for code, (pks, kinds) in list(marks.items())[:most]:
        if not refresh(code, kinds, now=now, marks=pks):
            return 0
    return min(len(marks), most)


def refresh(organisation: str, kinds: Collection[str], *, now: int, marks: Collection[int] = ()) -> bool:
    """Work out the duties of one organisation that read some kinds, and move the tallies above it.

    ``marks`` are done with afterwards. False where the kept standings are of another day or edition: ``keep`` is owed.
    """
    today = now // MINUTES_A_DAY
    edition = edition_for(as_of=today, known_at=today)
    if not is_current(Kept.objects.first(), edition, today):
        return False
    with transaction.atomic():  # one after the other: two refreshes may move the same row above them
        kept = Kept.objects.select_for_update().first()
        if kept is None or not is_current(kept, edition, today):
            return False
        codes = _owed_codes(edition, organisation, kinds)
        if codes:
            fresh = found(edition, organisation, codes, today=today)
            _write(edition, kept, organisation, codes, fresh)
            ratios = {duty.code for duty in index_of(edition).rulebook.duties.values() if duty.shape_name == "ratio"}
            for code in codes & ratios:
                kept_ratios.move_on(organisation, code, fresh[code])
            kept_proposals.withdraw(organisation, fresh)
        Kept.objects.filter(pk=kept.pk).update(moved=now)
        Stale.objects.filter(pk__in=list(marks)).delete()
    return True


def _owed_codes(edition: Edition, organisation: str, kinds: Collection[str]) -> set[str]:
    """Return the duties to look at: of what is verified or excused, all that the organisation has."""
    index = index_of(edition)
    codes = index.duties(kinds)
    types = _types(organisation)
    return borne(index, codes, types)


def _types(organisation: str) -> set[str]:
    """Return the types that an organisation has or had."""
    sql = (
        "SELECT f.fields FROM ledger_fact f JOIN organisations_organisation o ON o.item = f.item "
        "WHERE o.code = %s AND f.kind = 'organisation'"
    )
    return {loads(fields).get("type", "") for (fields,) in select(sql, organisation)}


def found(edition: Edition, organisation: str, codes: Collection[str], *, today: int) -> dict[str, list[Standing]]:
    """Return the standings of an organisation for some duties, by duty."""
    history = near(edition, organisation, codes, as_of=today, known_at=today)
    made: dict[str, list[Standing]] = {code: [] for code in codes}
    for verdict in verdicts(history, [organisation], codes):
        made[verdict.standing.duty].append(verdict.standing)
    return made


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(
    edition: Edition, kept: Kept, organisation: str, codes: Collection[str], made: Mapping[str, list[Standing]]
) -> None:
    before = _own(organisation)
    soon = counting.soon(calendars_of(edition), area_of(organisation), kept.as_of, kept.at_risk)
    after = {code: pair for code, pair in before.items() if code not in codes and code}
    for code in codes:
        pair = counting.counted(made[code], today=kept.as_of, soon=soon)
        if code in before:  # spot checks are counted by the full evaluation alone
            pair.counts.confirmed, pair.counts.checked = before[code].counts.confirmed, before[code].counts.checked
        if any(pair.counts.values()):
            after[code] = pair
    _shadow(edition, organisation, after)
    after[""] = counting.summed(after)
    if "" in before:
        after[""].counts.confirmed, after[""].counts.checked = before[""].counts.confirmed, before[""].counts.checked
    if not any(after[""].counts.values()):
        del after[""]
    _write_lines(organisation, codes, made, {code for code, pair in after.items() if pair.shadowed})
    _write_own(organisation, before, after)
    _move_above(organisation, kept.as_of, _differences(before, after))


def _own(organisation: str) -> dict[str, Pair]:
    sql = (
        f"SELECT duty, last, oldest, nearest, shadowed, {_COUNTS} FROM standings_tally WHERE organisation = %s AND own"
    )
    return {
        duty: Pair(Counts(*counts), last, oldest, nearest, bool(beside))
        for duty, last, oldest, nearest, beside, *counts in select(sql, organisation)
    }


def _shadow(edition: Edition, organisation: str, pairs: Mapping[str, Pair]) -> None:
    have = [(organisation, code) for code, pair in pairs.items() if pair.counts.bearers]
    beside = shadowed(have, index_of(edition).rulebook.duties.values())
    for code, pair in pairs.items():
        pair.shadowed = (organisation, code) in beside


def _write_lines(
    organisation: str, codes: Collection[str], made: Mapping[str, list[Standing]], beside: Collection[str]
) -> None:
    """Replace the open standings of the duties looked at, and say of all which stand beside a stronger one."""
    mine = Line.objects.filter(organisation=organisation)
    mine.filter(duty__in=list(codes)).delete()
    rows = [_line(s, shadowed=s.duty in beside) for code in sorted(codes) for s in made[code] if s.status != "met"]
    insert(Line, rows)
    mine.filter(duty__in=list(beside), shadowed=False).update(shadowed=True)
    mine.exclude(duty__in=list(beside)).filter(shadowed=True).update(shadowed=False)


def _line(s: Standing, *, shadowed: bool) -> Row:
    verified = -1 if s.verified is None else int(s.verified)
    return (
        s.organisation, s.duty, s.period, NUMBER[s.status], s.on_time, verified, s.have, s.need, s.due, s.provisional,
        shadowed,
    )  # fmt: skip


def _write_own(organisation: str, before: Mapping[str, Pair], after: Mapping[str, Pair]) -> None:
    changed = [code for code in {*before, *after} if before.get(code) != after.get(code)]
    Tally.objects.filter(organisation=organisation, own=True, duty__in=changed).delete()
    insert(Tally, [_tally(organisation, code, after[code]) for code in sorted(changed) if code in after])


def _tally(organisation: str, duty: str, pair: Pair) -> Row:
    return (
        organisation, duty, True, *pair.counts.values(), pair.last, pair.oldest, pair.nearest, pair.shadowed,
    )  # fmt: skip


def _differences(before: Mapping[str, Pair], after: Mapping[str, Pair]) -> dict[str, tuple[int, ...]]:
    nothing = Pair(Counts())
    moved = {
        code: tuple(
            new - old
            for old, new in zip(
                before.get(code, nothing).counts.values(), after.get(code, nothing).counts.values(), strict=True
            )
        )
        for code in sorted({*before, *after})
    }
    return {code: difference for code, difference in moved.items() if any(difference)}


def _move_above(organisation: str, today: int, moved: Mapping[str, tuple[int, ...]]) -> None:
    """Add what changed to the territories it lies in; the row of one that had nothing yet is made."""
    above = territories(organisation, today)
    if not moved or not above:
        return
    nothing = (-1, None, None, False)
    rows = [(code, duty, False, *counts, *nothing) for code in above for duty, counts in moved.items()]
    marks = ", ".join(["%s"] * len(rows[0]))
    sums = ", ".join(f"{name} = standings_tally.{name} + excluded.{name}" for name in COUNTED)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO standings_tally ({', '.join(columns(Tally))}) VALUES ({marks}) "
            f"ON CONFLICT (organisation, duty, own) DO UPDATE SET {sums}",
            rows,
        )


def territories(organisation: str, today: int) -> list[str]:
    """Return the organisations whose territory counts an organisation today, itself where it has others below."""
    found = Organisation.objects.filter(code=organisation).first()
    if found is None:
        return []
    at, until = today * MINUTES_A_DAY, (today + 1) * MINUTES_A_DAY
    stands = found.opened < until and found.closed >= at + 1
    above = found.path.split("/")[:-2] if stands else []
    below = Organisation.objects.filter(parent=organisation, opened__lt=until, closed__gt=at).exists()
    return sorted({*above, organisation} if below else above)


__all__ = ["found", "mark", "refresh", "settle", "territories"]
