"""A site's standings: the edition in force, the ledger's facts, and the evaluation over them."""

from __future__ import annotations

from collections import OrderedDict
from functools import lru_cache

import pyarrow as pa

from huxue.core.calendar import Calendars
from huxue.core.duties.compile import Besides
from huxue.core.duties.history import History
from huxue.core.duties.shapes import Cover, Entry, Keep, Never, Ratio, Shape
from huxue.core.facts import Fact
from huxue.core.rulebook.edition import Edition, from_json, in_effect
from huxue.core.rulebook.model import Rulebook
from huxue.core.values import MINUTES_A_DAY, Refused
from huxue.ledger import editions, reading
from huxue.standings.engines import duckdb as engine
from huxue.standings.evaluate import NOTHING, Evaluation, Run, evaluate


def edition_for(*, as_of: int, known_at: int) -> Edition:
    """Return the edition for the day ``as_of``: the last activated by ``known_at`` of those in force by then.

    A day before every edition is judged by the first. Refused (``no_edition``) where none was ever activated.
    """
    every = editions.activations()
    if not every:
        raise Refused(
            "no_edition",
            "尚未启用任何制度版本，请先运行 huxue init --rulebook 名称。",
            "no edition of a rulebook is active yet: run huxue init --rulebook NAME first.",
        )
    by_then = [one for one in every if one.recorded < (known_at + 1) * MINUTES_A_DAY] or every[:1]
    in_force = [one for one in by_then if one.valid_from <= as_of] or by_then[:1]
    return edition_of(in_force[-1].identity)


@lru_cache(maxsize=8)
def edition_of(identity: str) -> Edition:
    """Return the edition of an identity, as it was activated."""
    return from_json(editions.content(identity))


_CALENDARS: OrderedDict[str, Calendars] = OrderedDict()  # by the hash of their rulebook
_KEPT = 8


def calendars_of(edition: Edition) -> Calendars:
    """Return the calendars of an edition."""
    made = _CALENDARS.pop(edition.hash, None) or Calendars.build(edition.rulebook.calendars)
    _CALENDARS[edition.hash] = made
    while len(_CALENDARS) > _KEPT:
        _CALENDARS.popitem(last=False)
    return made


def evaluate_site(
    edition: Edition,
    *,
    as_of: int,
    known_at: int,
    facts: pa.Table | None = None,
    besides: Besides = NOTHING,
    run: Run = engine.run,
) -> Evaluation:
    """Evaluate every active duty over the whole ledger (or over ``facts``, its columns read before).

    ``besides``: what is counted beside the duties; ``run``: the engine of the program.
    """
    calendars = calendars_of(edition)
    table = reading.columns() if facts is None else facts
    return evaluate(
        in_effect(edition),
        calendars,
        table,
        as_of=as_of,
        known_at=known_at,
        areas=tuple(calendars.areas),
        besides=besides,
        run=run,
    )


def history_of(edition: Edition, organisation: str, duty: str, *, as_of: int, known_at: int) -> History:
    """Return the history that the standings of one organisation and one duty follow from.

    It holds the tree, the organisation's own facts and, for a duty that looks at what it supervises, those of every
    organisation. Refuses an organisation or a duty that is not there.
    """
    rulebook = in_effect(edition)
    if duty not in rulebook.duties:
        _refuse_duty(edition, duty)
    tree = list(reading.of_kinds(("organisation", "oversight"), known_at=known_at))
    if not any(f.fields.get("code") == organisation for f in tree):
        raise Refused(
            "unknown_organisation",
            f"没有编码为“{organisation}”的单位",
            f"there is no organisation with the code '{organisation}'",
        )
    concerned = {organisation}
    if _looks_at_others(rulebook, duty):
        concerned |= {str(f.fields["code"]) for f in tree if f.fields.get("code")}
    own = reading.facts(known_at=known_at, organisations=concerned)
    facts: dict[str, Fact] = {f.id: f for f in (*tree, *own)}
    only = rulebook.model_copy(update={"duties": {key: d for key, d in rulebook.duties.items() if d.code == duty}})
    return History(only, calendars_of(edition), facts.values(), as_of=as_of, known_at=known_at)


def _refuse_duty(edition: Edition, duty: str) -> None:
    declared = edition.rulebook.duties.get(duty)
    if declared is None:
        raise Refused("unknown_duty", f"制度中没有职责“{duty}”", f"there is no duty '{duty}' in the rulebook")
    raise Refused(
        "duty_off",
        f"职责“{duty}”所属的职责族“{declared.family}”未启用",
        f"the family '{declared.family}' of duty '{duty}' is not switched on",
    )


def _looks_at_others(rulebook: Rulebook, duty: str) -> bool:
    shapes = [version.shape for version in rulebook.duties.values() if version.code == duty]
    return any(e is not None and e.as_ == "supervised" for shape in shapes for e in _entries(shape))


def _entries(shape: Shape) -> list[Entry | None]:
    if isinstance(shape, Cover | Never):
        return [shape.entry]
    if isinstance(shape, Keep):
        return [shape.every]
    if isinstance(shape, Ratio):
        return [p.entry for p in (*shape.have, *shape.of, *shape.need)]
    return []
