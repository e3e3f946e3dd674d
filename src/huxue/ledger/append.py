"""The only writer: ``append`` takes drafts into the ledger, all of them or none.

::

    from huxue.ledger.append import append
    from huxue.ledger.drafts import Draft, new_id

    receipts = append(
        [Draft(id=new_id(), kind="drill", verb="record", at=minute, roles={"by": ("S1",)}, fields={"minutes": 12})],
        kinds=rulebook.kinds,   # code → Kind; the reserved kinds are always there
        recorded=minute,        # now, in minutes
    )

* One transaction: facts, credits, entries, cases, organisations, posts, facets and search text change together. Give
  many drafts at once (10,000 and more a call): a batch costs a constant number of queries. Within one call rows may
  come in any order: a school before its county, a deed before the opening of its organisation.
* The same id with the same content again: the earlier receipt, ``earlier=True``. Other content: ``different_content``.
* Any refusal is an :class:`NotAppended` (a ``Refused``): ``code`` and sentences of the first draft refused, and
  ``by_draft`` with a ``Refused`` for every refused draft by its place in the list, so that an import can say so row by
  row, leave them out and try again. Nothing was written.
* Refusals: ``unknown_kind`` ``wrong_verb`` ``impossible_id`` ``too_long`` ``impossible_date`` ``future``
  ``unknown_role`` ``impossible_code`` ``unknown_field`` ``impossible_value`` ``missing_field`` ``missing_role``
  ``unknown_step`` ``different_content`` ``unknown_fact`` ``already_replaced`` ``other_item`` ``other_verb``
  ``item_exists`` ``unknown_item`` ``wrong_order`` ``recorded_too_early`` ``unknown_organisation``
  ``organisation_closed`` ``import_running`` and those of ``organisations.projecting``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db import IntegrityError, transaction

from huxue.core.kinds import Kind
from huxue.core.values import Refused
from huxue.ledger import locks
from huxue.ledger.crediting import refuse_closed, refuse_withdrawn
from huxue.ledger.drafts import Draft, Receipt
from huxue.ledger.preparing import NotAppended, Prepared, Refusals, prepare
from huxue.ledger.replacing import check_items, check_replaced
from huxue.ledger.reserved import RESERVED
from huxue.ledger.writing import project_new, write
from huxue.organisations.dated import Line

__all__ = ["NotAppended", "append"]


def append(
    drafts: Iterable[Draft], *, kinds: Mapping[str, Kind], recorded: int, import_number: int | None = None
) -> list[Receipt]:
    """Take drafts into the ledger and return a receipt for each, in their order (see the module)."""
    given = list(drafts)
    every = {**kinds, **RESERVED}
    try:
        return _append(given, every, recorded, import_number)
    except IntegrityError:  # another writer was first with the same id or the same fact to replace: look again
        return _append(given, every, recorded, import_number)


def _append(
    drafts: Sequence[Draft], kinds: Mapping[str, Kind], recorded: int, import_number: int | None
) -> list[Receipt]:
    with transaction.atomic():
        locks.for_writing(drafts, import_number)
        refusals = Refusals()
        prepared, receipts = prepare(drafts, kinds, recorded, refusals)
        replaced = check_replaced(prepared, refusals)
        older = check_items(prepared, kinds, refusals)
        refusals.raise_any()
        write(prepared, replaced, import_number)
        vanished = _project(prepared, older, kinds)
        refuse_closed(prepared, refusals)
        refusals.raise_any()
        refuse_withdrawn(vanished)
    by_id = {one.line.id: one.receipt() for one in prepared}
    return [receipts.get(index) or by_id[draft.id] for index, draft in enumerate(drafts)]


def _project(prepared: Sequence[Prepared], older: Mapping[str, list[Line]], kinds: Mapping[str, Kind]) -> set[str]:
    try:
        return project_new(prepared, older, kinds)
    except Refused as refused:
        raise NotAppended({}, refused) from None
