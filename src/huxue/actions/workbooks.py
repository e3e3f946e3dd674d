"""Workbooks of a kind, taken into the ledger: looked at, compared, written in one transaction, and taken back.

``examine`` reads a file, checks every row and compares the right ones with what the ledger has; nothing is written.
``take_in`` does the same again and writes: all or nothing, or only the right rows. The id of a fact follows from the
file and the row, so confirming twice writes once. ``take_back`` withdraws within
seven days what one workbook brought, if nobody has built on it.

A row may speak for another organisation within reach (a county bureau hands in the guards of its schools): the fact
credits that organisation; the post acted in stands in it only where it is the organisation's own and was held then, so
that no table ever counts as "in person". Refusals: those of ``exchange.workbook_reading`` and ``ledger.append``, and
``unknown_kind`` ``derived`` ``rows_wrong`` ``nothing_to_write`` ``too_late`` ``built_upon`` ``nothing_to_take_back``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import count
from typing import Any, Final, NamedTuple

from django.db import transaction

from huxue.access.scope import Scope
from huxue.actions.acting import By
from huxue.actions.imports import begin_import, finish
from huxue.actions.openings import Openings
from huxue.actions.standings import note
from huxue.core.calendar import Calendars
from huxue.core.kinds import Checker, Kind
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Refused
from huxue.exchange.workbook_checking import Checking, Entries, Limits, Said, WrongCell, named, numbered
from huxue.exchange.workbook_columns import BYTES, ROLE, Column, fill_columns, identity, opening_step
from huxue.exchange.workbook_places import Place, Places, words_of
from huxue.exchange.workbook_reading import Filled, read_book
from huxue.ledger import for_workbooks
from huxue.ledger.append import NotAppended, append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.ledger.for_workbooks import Standing
from huxue.ledger.origins import hold
from huxue.organisations.models import OPEN, Holding

DAYS_TO_TAKE_BACK: Final = 7
_SHOWN: Final = 5


@dataclass(frozen=True)
class Hand:
    """Who hands a workbook in: the post acted in, and how far it sees."""

    rulebook: Rulebook
    calendars: Calendars
    by: By
    scope: Scope
    now: int

    @cached_property
    def places(self) -> dict[str, Place]:
        """The organisations within reach."""
        rows = for_workbooks.places_inside(*self.scope.where("code"))
        return {row[0]: Place(row[0], row[1], row[2], inside=True, closed=row[3]) for row in rows}

    def kind(self, code: str) -> Kind:
        """Return a kind that may come in a workbook. Refuses ``unknown_kind`` and ``derived``."""
        kind = self.rulebook.kinds.get(code)
        if kind is None:
            raise Refused("unknown_kind", f"制度中没有类型“{code}”。", f"The rulebook has no kind {code!r}.")
        if any(one.writes == code for one in self.rulebook.derivations.values()):
            raise Refused(
                "derived",
                f"“{kind.title.zh}”由规则推导，不能导入。",
                f"A {kind.title.en} is made by a rule, not imported.",
            )
        return kind

    def own(self, kind: Kind) -> str:
        """Return the organisation meant where a row names none: one's own, if it may write this; ``""`` if not."""
        mine = self.places.get(self.by.organisation)
        rule = kind.roles.get("by")
        types = (rule.types if rule else ()) or kind.written_by
        return mine.code if mine and (kind.shape == "case" or not types or mine.type in types) else ""

    def whole(self, kind: Kind) -> bool:
        """Whether each row must say its organisation: more than one is within reach, or one's own cannot write it."""
        return not (self.scope.single and self.own(kind))

    def columns(self, kind: Kind) -> tuple[Column, ...]:
        """Return the columns of the template and of the import."""
        return fill_columns(kind, self.rulebook.lists, whole=self.whole(kind))


class Change(NamedTuple):
    """A right row and what it comes to: ``before`` is the entry as it stands, ``None`` for something new."""

    said: Said
    before: Standing | None
    fields: dict[str, Any]
    deadline: int | None = None

    def touched(self) -> list[str]:
        """Return the names of the fields that change."""
        old = self.before.fields if self.before else {}
        return [name for name in {**old, **self.fields} if old.get(name) != self.fields.get(name)]


@dataclass
class Examined:
    """What a workbook would do. ``missing``: entries of the organisations it names that it does not list."""

    kind: Kind
    columns: tuple[Column, ...]
    filled: Filled
    wrong: list[WrongCell]
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: list[Said] = field(default_factory=list)
    missing: list[Standing] = field(default_factory=list)

    @property
    def wrong_rows(self) -> int:
        """How many rows have something wrong."""
        return len({one.row for one in self.wrong})

    @property
    def to_write(self) -> list[Change]:
        """The rows that change something, in the order of the file."""
        return sorted([*self.new, *self.changed], key=lambda one: one.said.row)


class Done(NamedTuple):
    """What was written: the number of the import, how many of each, rows left out, and the facts, to take them back."""

    number: int
    new: int
    changed: int
    unchanged: int
    left_out: int
    facts: tuple[str, ...]


def examine(*, hand: Hand, kind: str, content: bytes, name: str) -> Examined:
    """Read, check and compare a workbook; write nothing."""
    declared = hand.kind(kind)
    columns = hand.columns(declared)
    filled = read_book(content, name, columns)
    checker = Checker(declared, hand.rulebook.lists)
    limits = Limits(hand.own(declared), hand.now, hand.rulebook.posts)
    checking = Checking(declared, columns, checker, _places(hand, filled, columns), limits)
    said = checking.check(filled, lambda kinds, codes: _entries(hand.rulebook, kinds, codes))
    found = Examined(declared, columns, filled, checking.wrong)
    if declared.shape == "register":
        _compare_entries(hand, checking, said, found)
    else:
        _compare_deeds(hand, checking, said, found)
    found.wrong.sort(key=lambda one: (one.row, filled.places.get(one.code, 0)))
    return found


def take_in(*, hand: Hand, kind: str, content: bytes, name: str, only_right: bool = False) -> Done:
    """Write what a workbook says. ``only_right``: the wrong rows are left out, else one of them refuses all."""
    with transaction.atomic():
        hold(f"workbook|{kind}")
        found = examine(hand=hand, kind=kind, content=content, name=name)
        if found.wrong and not only_right:
            raise Refused(
                "rows_wrong",
                f"有 {found.wrong_rows} 行不能导入，请改正，或选择先导入正确的行。",
                f"{found.wrong_rows} rows cannot be taken in: mend them, or take in only the right ones.",
            )
        changes = found.to_write
        if not changes:
            raise Refused("nothing_to_write", "没有要写入的内容，台账已与表格一致。", "Nothing to write: all is there.")
        file = sha256(content).hexdigest()
        drafts = _drafts(hand, found.kind, changes, file)
        number = begin_import(f"workbook|{kind}|{file[:16]}|{hand.by.post}", now=hand.now)
        receipts = _append(drafts, changes, hand, number)
        finish(number, kinds=hand.rulebook.kinds, now=hand.now)
        note(receipts)
    return Done(
        number, len(found.new), len(found.changed), len(found.unchanged), found.wrong_rows,
        tuple(receipt.id for receipt in receipts),
    )  # fmt: skip


def take_back(*, rulebook: Rulebook, by: By, now: int, facts: Sequence[str], written: int) -> int:
    """Withdraw what a workbook wrote at minute ``written``; return how many facts.

    Refuses ``too_late`` after seven days and ``built_upon`` where others have gone on from it.
    """
    if now > written + DAYS_TO_TAKE_BACK * MINUTES_A_DAY:
        raise Refused(
            "too_late", "已超过 7 天，请逐条更正。", "Seven days have passed: correct the entries one by one."
        )
    with transaction.atomic():
        stand = for_workbooks.still_there(facts)
        if not stand:
            raise Refused("nothing_to_take_back", "这次导入已经撤回。", "This import was taken back already.")
        derived = {one.writes for one in rulebook.derivations.values()}
        upon = [row for row in for_workbooks.built_upon(stand) if row[1] not in derived]
        if upon:
            raise _built_upon(upon, rulebook)
        mark = by.mark(at=now, now=now)
        drafts = [
            Draft(new_id(), kind, "withdraw", now, item, replaces=fact, post=by.post, person=by.person, marks=mark)
            for _, fact, item, kind, _ in reversed(stand)
        ]
        note(append(drafts, kinds=rulebook.kinds, recorded=now))
    return len(drafts)


def _built_upon(upon: Sequence[tuple[Any, ...]], rulebook: Rulebook) -> Refused:
    titles = [rulebook.kinds[kind].title for _, kind in upon[:_SHOWN] if kind in rulebook.kinds]
    zh, en = "、".join(dict.fromkeys(t.zh for t in titles)), ", ".join(dict.fromkeys(t.en for t in titles))
    return Refused(
        "built_upon",
        f"其中 {len(upon)} 项之后又有新的记录（{zh or '核实'}），不能整批撤回，请逐条更正。",
        f"{len(upon)} of them were gone on from since ({en or 'verification'}): correct them one by one.",
    )


# --- what the file speaks of ---------------------------------------------------------------------------------------


def _places(hand: Hand, filled: Filled, columns: Iterable[Column]) -> Places:
    """Return the organisations within reach and those elsewhere that the file names."""
    roles = [c for c in columns if c.code in filled.places and (c.role or (c.field and c.field.type == "organisation"))]
    inside = hand.places
    words: set[str] = set()
    for column in roles:
        index = filled.places[column.code]
        cells = {str(cells[index]) for _, cells in filled.rows if index < len(cells) and cells[index] not in ("", None)}
        words |= {word for cell in cells for word in words_of(cell)}
    words -= inside.keys()
    words -= {place.name for place in inside.values()}
    rows = for_workbooks.places_called(words) if words else []
    beyond = [Place(row[0], row[1], row[2], inside=False, closed=row[3]) for row in rows if row[0] not in inside]
    return Places.of([*inside.values(), *beyond])


def _entries(rulebook: Rulebook, kinds: Iterable[str], organisations: Iterable[str]) -> Entries:
    """Return the entries of some registers at some organisations, by number and by what names them."""
    found: dict[tuple[str, str, str], str] = {}
    codes = set(organisations)
    for kind in (rulebook.kinds[code] for code in kinds if code in rulebook.kinds):
        for entry in for_workbooks.standing_entries(kind, codes):
            found[kind.code, "", entry.item] = entry.item
            word = str(next((entry.fields.get(name) for name in identity(kind)), ""))
            for code in {code for codes in entry.roles.values() for code in codes}:
                key = (kind.code, code, word)
                found[key] = entry.item if key not in found or found[key] == entry.item else ""
    return found


# --- what is there already -----------------------------------------------------------------------------------------


def _compare_entries(hand: Hand, checking: Checking, said: Sequence[Said], found: Examined) -> None:
    kind = found.kind
    organisations = {code for one in said for code in one.roles.get("by", ())}
    standing = {entry.item: entry for entry in for_workbooks.standing_entries(kind, organisations)}
    beyond = {one.item for one in said if one.item} - standing.keys()
    if beyond:
        numbered_ones = for_workbooks.entries_numbered(kind, beyond)
        standing |= {e.item: e for e in numbered_ones if any(c in hand.places for r in e.roles.values() for c in r)}
    by_name: dict[Any, list[Standing]] = defaultdict(list)
    for entry in standing.values():
        by_name[entry.roles.get("by"), named(kind, entry.fields)].append(entry)
    taken: dict[str, int] = {}
    for one in said:
        try:
            before = _meant(one, found, standing, by_name)
        except Refused as refused:
            checking.note(one.row, "" if refused.code == "several" else "#item", one.item, refused.zh, refused.en)
            continue
        if before is not None and taken.setdefault(before.item, one.row) != one.row:
            row = taken[before.item]
            checking.note(
                one.row, "", "", f"与第 {row} 行是同一条目，请删去一行", f"the same entry as row {row}; delete one"
            )
            continue
        _sort(one, before, found)
    written = {
        str(found.filled.raw(cells).get("#item")) for _, cells in found.filled.rows
    }  # wrong rows name theirs too
    found.missing = [entry for item, entry in standing.items() if item not in taken.keys() | written]


def _meant(
    one: Said, found: Examined, standing: dict[str, Standing], by_name: dict[Any, list[Standing]]
) -> Standing | None:
    """Return the entry that a row means: by its number, else by what names it."""
    if one.item:
        if one.item not in standing:
            raise Refused(
                "no_such_entry",
                "台账中没有这个系统编号；新增的请留空",
                "no entry has this number; leave it empty for a new one",
            )
        return standing[one.item]
    marks = dict(numbered(found.columns, one.fields))
    alike = [entry for entry in by_name.get((one.roles.get("by"), named(found.kind, one.fields)), ())
             if all(entry.fields.get(name) in (None, value) for name, value in marks.items())]  # fmt: skip
    if len(alike) <= 1:
        return alike[0] if alike else None
    same = [entry for entry in alike if _after(one, entry, found) == entry.fields]
    if same:
        return same[0]
    raise Refused(
        "several",
        f"台账中有 {len(alike)} 个同名条目，请从导出的表里填上系统编号",
        f"{len(alike)} entries bear this name; fill in the system number from the exported table",
    )


def _after(one: Said, before: Standing, found: Examined) -> dict[str, Any]:
    """Return the complete set of values that a row leaves: what it does not speak of stays as it is.

    An empty cell clears a value; a personal one it leaves, because an export may not have shown it.
    """
    fields = found.kind.fields
    kept = {
        name: value for name, value in before.fields.items()
        if value is not None and (name not in found.filled.places or fields[name].type in BYTES
                                  or (name in one.blank and fields[name].personal))
    }  # fmt: skip
    return {**kept, **one.fields}


def _sort(one: Said, before: Standing | None, found: Examined) -> None:
    if before is None:
        found.new.append(Change(one, None, one.fields))
        return
    fields = _after(one, before, found)
    old = {name: value for name, value in before.fields.items() if value is not None}
    roles = {**before.roles, **one.roles}
    if fields == old and roles == before.roles:
        found.unchanged.append(one)
    else:
        found.changed.append(Change(one, before, fields))


def _compare_deeds(hand: Hand, checking: Checking, said: Sequence[Said], found: Examined) -> None:
    kind, step = found.kind, opening_step(found.kind)
    if not said:
        return
    moments = [one.at for one in said if one.at is not None]
    organisations = {codes[0] for one in said for role in ("by", "about") if (codes := one.roles.get(role))}
    there = for_workbooks.deeds(kind, organisations, step=step, first=min(moments), last=max(moments))
    known = {_deed(kind, deed.at, deed.roles, deed.fields) for deed in there}
    openings = Openings(hand.rulebook, hand.calendars, hand.by, kind) if kind.shape == "case" else None
    for one in said:
        if _deed(kind, one.at, one.roles, one.fields) in known:
            found.unchanged.append(one)
            continue
        try:
            deadline = openings.deadline(step, one.at or hand.now, one.fields, one.roles) if openings else None
        except Refused as refused:
            checking.note(one.row, "", "", refused.zh, refused.en)
        else:
            found.new.append(Change(one, None, one.fields, deadline))


def _deed(kind: Kind, at: int | None, roles: dict[str, tuple[str, ...]], fields: dict[str, Any]) -> str:
    said = {n: v for n, v in fields.items() if v is not None and n in kind.fields and kind.fields[n].type not in BYTES}
    return repr((at, sorted(roles.items()), sorted(said.items())))


# --- writing -------------------------------------------------------------------------------------------------------


def _drafts(hand: Hand, kind: Kind, changes: Sequence[Change], file: str) -> list[Draft]:
    """Return the drafts of rows. What a file brought before and was taken back since gets ids of its own."""
    held = Holding.objects.filter(post=hand.by.post, person=hand.by.person, known_to=OPEN)
    spans = list(held.values_list("valid_from", "valid_to"))
    mark = hand.by.mark(at=hand.now, now=hand.now)
    for attempt in count():
        drafts = [_draft(hand, kind, one, f"{file}|{attempt}|{one.said.row}", spans, mark) for one in changes]
        if not for_workbooks.known(draft.id for draft in drafts):
            return drafts
    raise AssertionError  # count() never ends


def _draft(
    hand: Hand, kind: Kind, change: Change, name: str, spans: Sequence[tuple[int, int]], mark: str
) -> Draft:  # fmt: skip
    said, before = change.said, change.before
    at = said.at if said.at is not None and (before is None or said.at > before.at) else hand.now
    mine = said.roles.get("by") == (hand.by.organisation,) and any(lo <= at < hi for lo, hi in spans)
    verb, step = {"register": ("change" if before else "open", ""), "record": ("record", ""),
                  "case": ("step", opening_step(kind))}[kind.shape]  # fmt: skip
    return Draft(
        _id(hand, name, at), kind.code, verb, at,  # type: ignore[arg-type]  # one of the words above
        before.item if before else "", {**(before.roles if before else {}), **said.roles}, change.fields, step=step,
        post=hand.by.post if mine else "", person=hand.by.person, deadline=change.deadline, marks=mark,
    )  # fmt: skip


def _id(hand: Hand, name: str, at: int) -> str:
    """Return the id of a row's fact: it sorts by when it happened; the same row of the same file has it again."""
    return f"{max(0, at) * 60_000:012x}{sha256(f'{hand.by.post}|{name}'.encode()).hexdigest()[:20]}"


def _append(drafts: Sequence[Draft], changes: Sequence[Change], hand: Hand, number: int) -> list[Receipt]:
    try:
        return append(drafts, kinds=hand.rulebook.kinds, recorded=hand.now, import_number=number)
    except NotAppended as refused:
        rows = [(changes[index].said.row, why) for index, why in sorted(refused.by_draft.items())]
        if not rows:
            raise
        zh = "；".join(f"第 {row} 行：{why.zh}" for row, why in rows[:_SHOWN])
        en = "; ".join(f"row {row}: {why.en}" for row, why in rows[:_SHOWN])
        raise Refused(
            refused.code, f"{len(rows)} 行未能写入，没有写入任何内容。{zh}", f"Nothing was written. {en}"
        ) from None


__all__ = ["DAYS_TO_TAKE_BACK", "ROLE", "Change", "Done", "Examined", "Hand", "examine", "take_back", "take_in"]
