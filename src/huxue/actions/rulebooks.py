"""Rulebooks: reading and checking one, and activating an edition of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from huxue.core.rulebook import edition as editions
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.load import load
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import Problem, Refused, date_of
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, canonical, new_id
from huxue.ledger.models import Edition as Row
from huxue.rulebooks import read

_FIRST_DATE = -36_500  # days; a rulebook without a first day counts from here (1870) on


def read_rulebook(name: str) -> tuple[Rulebook | None, list[Problem]]:
    """Read a shipped rulebook by name, or a folder, with the layers below it."""
    return load(read(name))


def activate(name: str, *, families: Iterable[str] | None = None, valid_from: int | None = None, now: int) -> Edition:
    """Make a rulebook the edition in force. Refuses one with a problem, and the edition that is in force already."""
    rulebook, problems = read_rulebook(name)
    if rulebook is None:
        raise Refused("rulebook_problems", *_sentences(name, problems))
    first = valid_from if valid_from is not None else max(rulebook.valid_from, _FIRST_DATE)
    made = editions.edition(rulebook, families_on=families, valid_from=first)
    with transaction.atomic():
        last = Row.objects.exclude(activated_at=None).order_by("-activated_at").first()
        _refuse_twice(made, last)
        text = editions.to_json(made)
        row = {
            "valid_from": made.valid_from,
            "content": text,
            "families": canonical(list(made.families_on)),
            "activated_at": _after(last, now),
        }
        Row.objects.update_or_create(hash=identity(made), defaults=row)
        append([_fact(made, now)], kinds=rulebook.kinds, recorded=now)
    return made


def identity(edition: Edition) -> str:
    """Return what tells editions apart: the rulebook's hash, the first day and the families together."""
    return f"{edition.hash}:{edition.valid_from}:{','.join(edition.families_on)}"


def _sentences(name: str, problems: Sequence[Problem]) -> tuple[str, str]:
    zh = "\n".join([f"制度“{name}”有 {len(problems)} 处问题，未启用：", *(p.say("zh") for p in problems)])
    en = "\n".join(
        [
            f"the rulebook '{name}' has {len(problems)} problem(s) and was not activated:",
            *(p.say("en") for p in problems),
        ]
    )
    return zh, en


def _refuse_twice(made: Edition, last: Row | None) -> None:
    if last is not None and last.hash == identity(made):
        raise Refused(
            "already_active", "这一版本已在执行，没有变化。", "this very edition is in force already; nothing changed."
        )


def _after(last: Row | None, now: int) -> int:
    """Return a minute after the last activation, so that two in one minute keep their order."""
    return now if last is None or last.activated_at is None else max(now, last.activated_at + 1)


def _fact(made: Edition, now: int) -> Draft:
    fields = {"hash": made.hash, "valid_from": str(date_of(made.valid_from)), "families": list(made.families_on)}
    return Draft(id=new_id(), kind="edition", verb="record", at=now, fields=fields)
