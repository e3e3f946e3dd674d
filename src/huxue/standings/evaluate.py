"""Full evaluation: facts in, standings and roll-ups out, for one (as of, known at)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from huxue.core.duties.compile import Besides, Compiled, compile_duties
from huxue.core.duties.history import CalendarsLike
from huxue.core.duties.standing import STATUSES, Standing
from huxue.core.duties.window import first_day
from huxue.core.rulebook.model import Rulebook
from huxue.standings import frame
from huxue.standings.engines import duckdb as engine

NOTHING = Besides()
Run = Callable[[duckdb.DuckDBPyConnection, Compiled], None]  # lists and program; leaves the table ``standing``
STANDINGS = """
SELECT g.code AS organisation, d.code AS duty, CASE WHEN s.slot >= 0 THEN k.key ELSE l.id END AS period,
 s.st, s.on_time, s.ver, s.have, s.need, s.due, s.provisional
FROM standing s JOIN org g ON g.o = s.o JOIN duty_code d ON d.duty = s.duty
LEFT JOIN slot_key k ON k.slot = s.slot LEFT JOIN live l ON l.f = s.f"""


@dataclass(slots=True)
class Evaluation:
    """A finished evaluation.

    Its tables stay in the connection: ``standing``, ``org``, ``closure``, ``duty_code``, ``slot_key`` and the others.
    """

    con: duckdb.DuckDBPyConnection
    compiled: Compiled
    as_of: int
    known_at: int
    areas: tuple[str, ...] = ()  # calendars in use, as ``orgcal0.cal`` numbers them; "" is the default
    lies_in: object = None  # what must stay as long as the tables are read: the files of a kept set

    def standings(self, where: str = "", parameters: list[object] | None = None) -> list[Standing]:
        """Return standings, sorted; ``where`` filters on the columns of ``STANDINGS``."""
        select = f"SELECT * FROM ({STANDINGS}) {where} ORDER BY organisation, duty, period"
        rows = self.con.execute(select, parameters or []).fetchall()
        return [
            Standing(
                o,
                d,
                p,
                STATUSES[st],
                bool(on_time),
                None if ver < 0 else bool(ver),
                int(have),
                int(need),
                due,
                bool(provisional),
            )
            for o, d, p, st, on_time, ver, have, need, due, provisional in rows
        ]

    def totals(self) -> dict[str, int]:
        """Return how many standings there are of each status."""
        found = dict(self.con.execute("SELECT st, count(*) FROM standing GROUP BY st").fetchall())
        return {status: int(found.get(i, 0)) for i, status in enumerate(STATUSES)}


def evaluate(  # noqa: PLR0913 - whose duties, what happened, when, where, and what runs it
    rulebook: Rulebook,
    calendars: CalendarsLike,
    facts: pa.Table,
    *,
    as_of: int,
    known_at: int,
    areas: tuple[str, ...] = (),
    con: duckdb.DuckDBPyConnection | None = None,
    besides: Besides = NOTHING,
    run: Run = engine.run,
) -> Evaluation:
    """Evaluate every duty of a rulebook for every organisation on the day ``as_of`` as known on the day ``known_at``.

    ``facts`` has the columns of ``frame.FACT``; ``areas`` are the areas that have calendars of their own.
    ``besides`` is counted beside the duties (``compiled.tallied`` names the signals).
    ``run``: the engine of the program.
    """
    con = con or engine.connect()
    ground = frame.begin(con, facts, as_of=as_of, known_at=known_at, areas=areas)
    since = first_day(rulebook.valid_from, ground.first, as_of)
    compiled = compile_duties(rulebook, calendars, ground.areas, since=since, as_of=as_of, tallied=besides.tallied)
    engine.load(con, compiled)
    measured = {str(row[2]) for row in compiled.rows["needpart"]} | besides.traits
    frame.finish(
        con,
        columns=compiled.columns,
        traits=compiled.traits,
        measured=measured,
        duties=[d.code for d in compiled.duties],
        since=since,
    )
    name_slots(con, compiled.keys)
    run(con, compiled)
    return Evaluation(con, compiled, as_of, known_at, ground.areas)


def name_slots(con: duckdb.DuckDBPyConnection, keys: list[str]) -> None:
    """Make ``slot_key``: the period key of every slot."""
    rows = pa.table({"slot": pa.array(range(len(keys)), pa.int64()), "key": pa.array(keys, pa.string())})
    con.register("slot_rows", rows)
    frame.make(con, "slot_key", "SELECT * FROM slot_rows")
    con.unregister("slot_rows")
