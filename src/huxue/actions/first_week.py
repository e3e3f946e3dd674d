"""The first week of a site: the rulebook without any family on, the tree, the people with their accounts.

Everything is written by the system itself (nobody holds a post yet) and in whole batches, all of a file or nothing.
``now`` is a minute, ``first`` the day from which the site is in use. Refuses ``not_empty`` for a second rulebook,
``too_many_accounts`` and those of ``ledger.append`` and ``access.accounts``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import transaction

from huxue.access.models import User
from huxue.actions import accounts, rulebooks
from huxue.core.rulebook.edition import Edition
from huxue.core.values import MINUTES_A_DAY, Refused, date_of, day_of
from huxue.exchange.first_week import TRAIT, Known, Row, Standing
from huxue.ledger import editions
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, Receipt, new_id
from huxue.organisations.models import OPEN, Holding, Organisation, Post

MOST_ACCOUNTS: Final = 1_000  # of one file: making a password safe takes time on purpose


class Account(NamedTuple):
    """An account that was opened, with the password that is shown this once."""

    username: str
    name: str
    password: str


def choose_rulebook(*, name: str, first: int, now: int) -> Edition:
    """Activate a rulebook with every family off; they are switched on one by one afterwards."""
    if editions.activations():
        raise Refused(
            "not_empty", "已经启用过制度，请到制度页修改。", "A rulebook is active already: change it on its own pages."
        )
    return rulebooks.activate(name, families=[], valid_from=first, now=now)


def switch(*, rulebook: Any, family: str, on: bool, now: int) -> Edition:
    """Switch a family of duties on or off from today."""
    return rulebooks.activate(rulebook, on=[family] if on else [], off=[] if on else [family], now=now)


def standing() -> dict[str, Standing]:
    """Return the organisations that stand, by code."""
    rows = Organisation.objects.filter(closed=OPEN).values_list("code", "name", "type", "parent")
    return {row[0]: Standing(*row) for row in rows}


def known() -> Known:
    """Return what the check of the people needs to know."""
    held = Holding.objects.filter(known_to=OPEN, valid_to=OPEN).values_list("person", "post")
    users = list(User.objects.values_list("username", "person"))
    return Known(
        standing(), frozenset((person, *_parts(post)) for person, post in held), dict(users),
        frozenset(person for _, person in users if person),
    )  # fmt: skip


def load_tree(*, rows: Iterable[Row], first: int, now: int) -> list[Receipt]:
    """Open organisations, and let departments supervise the territory that they stand under."""
    at = min(now, first * MINUTES_A_DAY)
    drafts: list[Draft] = []
    for row in rows:
        drafts += _organisation(row.says, first, at)
    return append(drafts, kinds={}, recorded=now)


def _organisation(says: dict[str, Any], first: int, at: int) -> list[Draft]:
    code, parent = says["code"], says.get("parent", "")
    fields = {
        "code": code, "name": says["name"], "type": says["type"], "parent": parent, "area": says.get("area", ""),
        "in_use_from": says.get("in_use_from") or date_of(first).isoformat(),
        "traits": {name.removeprefix(TRAIT): said for name, said in says.items() if name.startswith(TRAIT)},
    }  # fmt: skip
    found = [_draft("organisation", at, {"about": (code,)}, fields)]
    if says.get("topic") and parent:
        over = {"supervised": parent, "topic": says["topic"]}
        found.append(_draft("oversight", at, {"by": (code,)}, over))
    return found


def load_people(*, rows: Sequence[Row], first: int, now: int, by: User | None) -> tuple[list[Receipt], list[Account]]:
    """Let people hold their posts, and open the accounts that are asked for; the passwords are shown this once."""
    wanted = {row.says["person"]: row.says for row in rows if row.says.get("username")}
    have = set(User.objects.exclude(person="").values_list("person", flat=True))
    fresh = {person: says for person, says in wanted.items() if person not in have}
    if len(fresh) > MOST_ACCOUNTS:
        raise Refused(
            "too_many_accounts",
            f"一次最多开通 {MOST_ACCOUNTS} 个账号，请分成几个文件。",
            f"At most {MOST_ACCOUNTS} accounts at once: split the file.",
        )
    with transaction.atomic():
        receipts = append(_holdings(rows, first, now), kinds={}, recorded=now)
        opened = [_account(by, person, says) for person, says in fresh.items()]
    return receipts, opened


def _holdings(rows: Sequence[Row], first: int, now: int) -> list[Draft]:
    """Return the facts of posts and holdings; the second holder of a type in an organisation has the post ``:2``."""
    there = set(Post.objects.filter(known_to=OPEN, valid_to=OPEN).values_list("code", flat=True))
    taken = set(Holding.objects.filter(known_to=OPEN, valid_to=OPEN).values_list("post", flat=True))
    count: Counter[str] = Counter()
    drafts: list[Draft] = []
    for row in rows:
        says = row.says
        organisation, about = says["organisation"], {"about": (says["organisation"],)}
        post = _free(f"{organisation}/{says['post']}", taken, count)
        at = min(now, _day(says.get("from"), first) * MINUTES_A_DAY)
        if post not in there:
            fields = {"code": post, "organisation": organisation, "type": says["post"]}
            drafts.append(_draft("post", min(at, first * MINUTES_A_DAY), about, fields))
        drafts.append(_draft("holding", at, about, {"post": post, "person": says["person"]}))
    return drafts


def _free(base: str, taken: set[str], count: Counter[str]) -> str:
    while True:
        count[base] += 1
        code = base if count[base] == 1 else f"{base}:{count[base]}"
        if code not in taken:
            taken.add(code)
            return code


def _day(said: str | None, first: int) -> int:
    return day_of(date.fromisoformat(said)) if said else first


def _account(by: User | None, person: str, says: dict[str, Any]) -> Account:
    user, password = accounts.open_account(by=by, username=says["username"], name=says["name"], person=person)
    return Account(user.username, user.name, password)


def _parts(post: str) -> tuple[str, str]:
    organisation, _, kind = post.partition("/")
    return organisation, kind.partition(":")[0]


def _draft(kind: str, at: int, roles: Mapping[str, tuple[str, ...]], fields: dict[str, Any]) -> Draft:
    return Draft(id=new_id(), kind=kind, verb="open", at=at, roles=roles, fields=fields)


__all__ = ["Account", "choose_rulebook", "known", "load_people", "load_tree", "standing", "switch"]
