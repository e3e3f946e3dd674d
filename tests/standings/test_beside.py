"""Where the stronger duty is owed, the weaker stands beside it without ladder and score."""

from __future__ import annotations

from typing import Any

from huxue.standings.beside import NOT_SHADOWED, shadow, shadowed, weaker_than
from huxue.standings.evaluate import evaluate
from huxue.standings.frame import table_of
from tests.core.situations import Situation, calendars, connection, day, duty_of


def drill(per: str, **more: Any) -> dict[str, Any]:
    return {"repeat": {"deed": {"record": "meeting"}, "at_least": 1, "per": per}, **more}


DUTIES = {
    "yearly": drill("year"),
    "quarterly": drill("quarter", strengthens="yearly"),
    "monthly": drill("month", strengthens="quarterly", owed_by={"type": ("township",)}),
    "other": drill("month"),
}


def situation() -> Situation:
    """S is a school: it owes the quarterly duty; T is a township that owes the monthly one alone."""
    frames = {code: dict(frame) for code, frame in DUTIES.items()}
    frames["yearly"]["owed_by"] = {"type": ("school", "township", "office")}
    made = Situation({code: duty_of(code, frame) for code, frame in frames.items()})
    made.opens("S")
    made.opens("T", "township")
    made.opens("O", "office")
    return made


def test_chains_of_strengthening_lead_to_all_weaker_ones() -> None:
    assert weaker_than(situation().duties.values()) == {"quarterly": ("yearly",), "monthly": ("quarterly", "yearly")}


def test_only_who_has_the_stronger_is_relieved_of_the_weaker() -> None:
    made = situation()
    pairs = {(s.organisation, s.duty) for s in made.rows("2026-05-10")}
    assert pairs == {
        ("S", "yearly"),
        ("S", "quarterly"),
        ("S", "other"),
        ("T", "yearly"),
        ("T", "monthly"),
        ("O", "yearly"),
    }
    assert shadowed(pairs, made.duties.values()) == {("S", "yearly"), ("T", "yearly")}


def test_the_table_says_the_same_as_the_function() -> None:
    made = situation()
    found = evaluate(
        made._rulebook(), calendars(), table_of(made.facts), as_of=day("2026-05-10"), known_at=day("2026-05-10"),
        con=connection(),
    )  # fmt: skip
    shadow(found)
    left = found.con.execute(
        f"SELECT DISTINCT g.code, d.code FROM standing s JOIN org g ON g.o = s.o JOIN duty_code d ON d.duty = s.duty "
        f"WHERE {NOT_SHADOWED} ORDER BY 1, 2"
    ).fetchall()
    assert left == [("O", "yearly"), ("S", "other"), ("S", "quarterly"), ("T", "monthly")]
