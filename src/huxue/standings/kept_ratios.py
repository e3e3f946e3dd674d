"""What each organisation has against what it needs (duties of the shape ratio), kept for pages, met ones too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from huxue.core.duties.standing import STATUSES, Standing, Status
from huxue.organisations.tables import Row, insert, select
from huxue.standings.evaluate import Evaluation
from huxue.standings.outcomes import Measured

_LATEST: Final = """
SELECT g.code, d.code, k.key, s.st, s.have, s.need, s.due FROM standing s JOIN org g ON g.o = s.o
JOIN duty_code d ON d.duty = s.duty JOIN slot_key k ON k.slot = s.slot
WHERE s.duty IN (SELECT unnest(?)) QUALIFY row_number() OVER (PARTITION BY g.code, d.code ORDER BY s.due DESC) = 1
ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one organisation has and needs by one duty, in its latest period."""

    duty: str
    period: str
    status: Status
    have: int
    need: int


def keep_ratios(evaluation: Evaluation) -> int:
    """Put the ratios of an evaluation in the place of those kept before; return how many there are."""
    numbers = [n for n, duty in enumerate(evaluation.compiled.duties) if duty.shape_name == "ratio"]
    rows: list[Row] = evaluation.con.execute(_LATEST, [numbers]).fetchall()
    with transaction.atomic():
        Measured.objects.all().delete()
        insert(Measured, rows)
    return len(rows)


def move_on(organisation: str, duty: str, standings: Iterable[Standing]) -> None:
    """Put what is known now of one organisation and one ratio duty in the place of what was kept."""
    latest = max(standings, key=lambda one: one.due, default=None)
    Measured.objects.filter(organisation=organisation, duty=duty).delete()
    if latest is not None:
        status = STATUSES.index(latest.status)
        insert(
            Measured, [(organisation, duty, latest.period, status, latest.have, latest.need, latest.due)]
        )  # fmt: skip


def ratios_of(organisation: str) -> list[Ratio]:
    """Return the kept ratios of an organisation, by duty."""
    sql = "SELECT duty, period, status, have, need FROM standings_measured WHERE organisation = %s ORDER BY duty"
    return [Ratio(duty, period, STATUSES[st], have, need) for duty, period, st, have, need in select(sql, organisation)]


__all__ = ["Ratio", "keep_ratios", "move_on", "ratios_of"]
