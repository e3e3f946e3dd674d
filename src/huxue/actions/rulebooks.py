"""Rulebooks: reading and checking one, and activating an edition of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from django.db import transaction

from huxue.actions.acting import By
from huxue.core.calendar import Calendars
from huxue.core.duties import reference
from huxue.core.examples import Example, differences, read_examples
from huxue.core.handbook import book
from huxue.core.rulebook import edition as editions
from huxue.core.rulebook.edition import Edition
from huxue.core.rulebook.fit import plain
from huxue.core.rulebook.load import Settings, load
from huxue.core.rulebook.model import Rulebook
from huxue.core.rulebook.nodes import parse
from huxue.core.values import MINUTES_A_DAY, Language, Problem, Refused, date_of
from huxue.ledger import editions as stored
from huxue.ledger.append import append
from huxue.ledger.drafts import Draft, canonical, new_id
from huxue.ledger.editions import Files
from huxue.ledger.models import Edition as Row
from huxue.rulebooks import read, shipped

_FIRST_DATE = -36_500  # days; a rulebook without a first day counts from here (1870) on


def read_rulebook(name: str, settings: Settings | None = None) -> tuple[Rulebook | None, list[Problem]]:
    """Read a shipped rulebook by name, or a folder, with the layers below it and what a site sets of parameters."""
    return load(read(name), settings)


def activate(
    name: str | Rulebook,
    *,
    families: Iterable[str] | None = None,
    on: Iterable[str] = (),
    off: Iterable[str] = (),
    valid_from: int | None = None,
    now: int,
    by: By | None = None,
    reason: str = "",
) -> Edition:
    """Make a rulebook (its name, or one that was read already) the edition in force.

    Refuses one with a problem, and the edition that is in force already.

    Families: those given, else those of the edition it follows, else those the rulebook switches on itself; then
    ``on`` and ``off``. The first edition counts from the rulebook's own first day, a later one from today.
    What the site set of parameters before goes on holding.
    """
    _, made = prepare(name, families=families, on=on, off=off, valid_from=valid_from, now=now)
    files = Files(read(name), settings_of(made.rulebook.code)) if isinstance(name, str) else None
    put_into_force(made, files=files, now=now, by=by, said={"reason": reason} if reason else {})
    return made


def put_into_force(made: Edition, *, files: Files | None, now: int, by: By | None, said: Mapping[str, str]) -> None:
    """Store an edition with what it was made of, and append the fact that it counts; ``said``: why."""
    text = editions.to_json(made)
    identity = stored.identity(text)
    row = {
        "valid_from": made.valid_from,
        "content": text,
        "families": canonical(list(made.families_on)),
        "activated_at": now,
    }
    with transaction.atomic():
        Row.objects.get_or_create(hash=identity, defaults=row)
        if files is not None:
            stored.keep_files(made.hash, files)
        append([_fact(made, identity, now, by, said)], kinds=made.rulebook.kinds, recorded=now)


def prepare(
    name: str | Rulebook, *, families: Iterable[str] | None = None, on: Iterable[str] = (), off: Iterable[str] = (),
    valid_from: int | None = None, now: int,
) -> tuple[Edition | None, Edition]:  # fmt: skip
    """Return the edition in force and the one that :func:`activate` would make; nothing changes.

    Refuses a rulebook with a problem (``rulebook_problems``), a family that does not exist (``no_family``), and the
    edition that is in force already (``already_active``).
    """
    rulebook = name if isinstance(name, Rulebook) else _sound(name)
    before = in_force(rulebook.code)
    first = valid_from if valid_from is not None else _first(rulebook, before, now)
    chosen = _families(rulebook, before, families, on, off)
    made = editions.edition(rulebook, families_on=chosen, valid_from=first, before=before)
    _refuse_twice(made, before, valid_from)
    return before, made


def _sound(name: str) -> Rulebook:
    rulebook, problems = read_rulebook(name)
    if rulebook is not None and (settings := settings_of(rulebook.code)):
        rulebook, problems = read_rulebook(name, settings)
    if rulebook is None:
        raise Refused("rulebook_problems", *_sentences(name, problems))
    return rulebook


def in_force(code: str) -> Edition | None:
    """Return the edition activated last, where it is one of this rulebook."""
    every = stored.activations()
    last = editions.from_json(stored.content(every[-1].identity)) if every else None
    return last if last is not None and last.rulebook.code == code else None


def settings_of(code: str) -> Settings:
    """Return what the site itself sets of the parameters of a rulebook."""
    before = in_force(code)
    files = stored.files(before.hash) if before else None
    return files.settings if files else {}


def _first(rulebook: Rulebook, before: Edition | None, now: int) -> int:
    if before is None:
        return max(rulebook.valid_from, _FIRST_DATE)
    return max(now // MINUTES_A_DAY, before.valid_from)


def _families(
    rulebook: Rulebook, before: Edition | None, said: Iterable[str] | None, on: Iterable[str], off: Iterable[str]
) -> list[str]:
    on, off = set(on), set(off)
    editions.known_families(rulebook, sorted(on | off))
    if said is not None:
        chosen = set(said)
    elif before is not None:
        chosen = set(before.families_on) & set(rulebook.families)
        chosen |= {code for code, one in rulebook.families.items() if one.on and code not in before.rulebook.families}
    else:
        chosen = {code for code, one in rulebook.families.items() if one.on}
    return sorted((chosen | on) - off)


def handbook(name: str, rulebook: Rulebook, *, day: int) -> dict[str, str]:
    """Return the handbook of a rulebook in both languages: relative path → Markdown, ``zh/…`` and ``en/…``.

    Every layer's worked examples are in it. What a family costs is that of the year up to ``day``. Refuses examples
    that cannot be read.
    """
    told = [one for layer, files in read(name) for one in _told(layer, files, rulebook)]
    languages: tuple[Language, ...] = get_args(Language)
    return {
        f"{language}/{path}": text
        for language in languages
        for path, text in book(rulebook, told, language, day=day).items()
    }


def _told(layer: str, files: Mapping[str, str], rulebook: Rulebook) -> Iterator[Example]:
    """Yield the worked examples of one layer."""
    for file, text in sorted(files.items()):
        if file.startswith("examples/"):
            node, problems = parse(f"{layer}/{file}", text)
            if problems:
                raise Refused("rulebook_problems", *_sentences(layer, problems))
            yield from read_examples(plain(node), rulebook)


def examples_of(rulebook: Rulebook, duty: str) -> tuple[Example, ...]:
    """Return the worked examples of a duty of a rulebook that is or was in force; none where its files are not kept."""
    files = files_of(rulebook)
    texts = [text for _, layer in files.layers for name, text in sorted(layer.items()) if name.startswith("examples/")]
    told = [read_examples(plain(parse("", text)[0]), rulebook) for text in texts if f"duty: {duty}\n" in text]
    return tuple(one for some in told for one in some if one.duty == duty)


def files_of(rulebook: Rulebook) -> Files:
    """Return what a rulebook was made of: as it was kept, else the shipped files where they still say the same."""
    kept = stored.files(name := editions.hash_of(rulebook))
    if kept is not None:
        return kept
    if rulebook.code in shipped():
        layers = read(rulebook.code)
        found, _ = load(layers)
        if found is not None and editions.hash_of(found) == name:
            return Files(layers, {})
    return Files((), {})


def worked_examples(name: str, rulebook: Rulebook) -> list[Problem]:
    """Act out the worked examples of the rulebook's own layer; a problem for each that comes out otherwise."""
    calendars = Calendars.build(rulebook.calendars)
    layer, files = read(name)[-1]
    found: list[Problem] = []
    for file, text in sorted(files.items()):
        if file.startswith("examples/"):
            found += _acted_out(f"{layer}/{file}", text, rulebook, calendars)
    return found


def _acted_out(file: str, text: str, rulebook: Rulebook, calendars: Calendars) -> list[Problem]:
    node, problems = parse(file, text)
    if problems:
        return problems
    try:
        said = read_examples(plain(node), rulebook)
    except Refused as refusal:
        return [Problem(file, 1, refusal.zh, refusal.en)]
    found = []
    for one in said:
        asked = rulebook.model_copy(update={"duties": {one.duty: rulebook.duties[one.duty]}})  # an example is of one
        standings = reference.evaluate(asked, calendars, one.facts, as_of=one.as_of, known_at=one.known_at)
        title, lines = one.title, differences(one, standings)
        found += [Problem(file, 1, f"例“{title.zh}”：{line}", f"example '{title.en}': {line}") for line in lines]
    return found


def _sentences(name: str, problems: Sequence[Problem]) -> tuple[str, str]:
    zh = "\n".join([f"制度“{name}”有 {len(problems)} 处问题，未启用：", *(p.say("zh") for p in problems)])
    en = "\n".join(
        [
            f"the rulebook '{name}' has {len(problems)} problem(s) and was not activated:",
            *(p.say("en") for p in problems),
        ]
    )
    return zh, en


def _refuse_twice(made: Edition, before: Edition | None, said: int | None) -> None:
    same = before is not None and (made.hash, made.families_on) == (before.hash, before.families_on)
    if before is not None and same and said in (None, before.valid_from):
        raise Refused(
            "already_active", "这一版本已在执行，没有变化。", "this very edition is in force already; nothing changed."
        )


def _fact(made: Edition, identity: str, now: int, by: By | None, said: Mapping[str, str]) -> Draft:
    fields = {
        **said,
        "hash": made.hash,
        "content": identity,
        "valid_from": str(date_of(made.valid_from)),
        "families": list(made.families_on),
    }
    frame = Draft(id=new_id(), kind="edition", verb="record", at=now, fields=fields)
    if by is None:
        return frame
    mark = by.mark(at=now, now=now)
    return replace(frame, post=by.post, person=by.person, marks=mark)  # no role: activations are found by having none
