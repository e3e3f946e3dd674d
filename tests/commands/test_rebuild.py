"""``huxue rebuild``: a tampered row is found, told and mended; a tampered fact is told and left."""

from __future__ import annotations

from django.db import connection

from huxue.organisations.models import Organisation
from tests.commands.town import Town


def test_nothing_differs(town: Town) -> None:
    chinese, english = town.both("rebuild", "--check")
    assert (chinese.code, chinese.out, english.code, english.out) == (0, "不一致 0 行\n", 0, "0 rows differ\n")
    assert town.done("rebuild", "--check", "--json").json == {
        "changed_facts": [],
        "differences": [],
        "repaired": False,
    }


def test_a_tampered_row_is_found_and_mended(town: Town) -> None:
    Organisation.objects.filter(code="S1").update(name="Forged school")
    chinese, english = town.both("rebuild", "--check")
    assert (chinese.code, chinese.lines[-1]) == (1, "不一致 2 行")
    assert (english.code, english.lines[-1]) == (1, "2 rows differ")
    assert [("Forged school" in line, "North school" in line) for line in english.lines[:-1]] in (
        [(True, False), (False, True)],
        [(False, True), (True, False)],
    )
    found = town.type("rebuild", "--check", "--json")
    assert (found.code, [one["table"] for one in found.json["differences"]]) == (1, ["organisations_organisation"] * 2)
    assert Organisation.objects.get(code="S1").name == "Forged school"  # --check changes nothing
    assert town.type("rebuild").lines[-1] == "2 rows differ, repaired"
    assert Organisation.objects.get(code="S1").name == "North school"
    town.whole()


def test_a_tampered_fact_is_named_and_left_alone(town: Town) -> None:
    town.record("kind=fire", "pupils=10", "--id", "d")
    forge(town, "UPDATE ledger_fact SET post = 'S2/principal' WHERE id = 'd'")
    chinese, english = town.both("rebuild")
    assert (chinese.code, chinese.lines) == (1, ["事实内容与指纹不符：d", "不一致 0 行"])
    assert (english.code, english.lines) == (1, ["a fact's content does not have its hash: d", "0 rows differ"])


def forge(town: Town, statement: str) -> None:
    """Do what only somebody with the database in hand could do: drop the guards and change a fact."""
    with connection.cursor() as cursor:
        if town.site.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_fact DISABLE TRIGGER ALL")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_fact'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement)
