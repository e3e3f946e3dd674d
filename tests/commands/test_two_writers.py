"""Two people at two desks: real processes that record at the same moment."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import ExitStack

from huxue.ledger.models import Fact
from tests.commands.town import Town

ROUNDS = 8
# A process that is ready waits for a line, so that both begin together; then it types one command after another.
TYPIST = """
import json, sys
from huxue.commands.main import main
main(["rebuild", "--check"])
print("ready", flush=True)
sys.stdin.readline()
for words in json.loads(sys.argv[1]):
    print("answered", main(words), flush=True)
"""


def at_once(town: Town, *desks: list[list[str]]) -> list[tuple[list[int], str]]:
    """Let every desk type its commands at the same time; return the exit codes of each and what it was told."""
    with ExitStack() as stack:
        started = [stack.enter_context(desk(town, commands)) for commands in desks]
        for one in started:
            assert one.stdout is not None
            assert [one.stdout.readline() for _ in range(2)] == ["0 rows differ\n", "ready\n"]
        for one in started:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        said = [one.communicate(timeout=60) for one in started]
    return [(answers(out), err) for out, err in said]


def desk(town: Town, commands: list[list[str]]) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", TYPIST, json.dumps(commands)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, env=town.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def answers(out: str) -> list[int]:
    return [int(code) for code in re.findall(r"^answered (\d+)$", out, re.MULTILINE)]


def drill(post: str, day: int, name: str, kind: str = "fire") -> list[str]:
    at = f"2024-02-{day:02}"
    return ["record", "drill", f"kind={kind}", "--post", post, "--at", at, "--id", name]


def test_both_succeed_and_nothing_is_lost(town: Town) -> None:
    north = [drill("S1/principal", n + 1, f"north-{n}") for n in range(ROUNDS)]
    south = [drill("S2/principal", n + 1, f"south-{n}") for n in range(ROUNDS)]
    assert at_once(town, north, south) == [([0] * ROUNDS, "")] * 2
    names = Fact.objects.filter(kind="drill").values_list("uid", flat=True)
    assert sorted(names) == sorted(command[-1] for command in north + south)
    found = town.done("standings", "--as-of", "2024-03-31", "--json").json
    assert [(row["organisation"], row["have"]) for row in found["rows"]] == [("S1", ROUNDS), ("S2", ROUNDS)]
    town.whole()


def test_of_two_contents_under_one_id_one_is_refused(town: Town) -> None:
    names = [f"drill-{n}" for n in range(ROUNDS)]
    desks = [[drill("S1/principal", 5, name, kind) for name in names] for kind in ("fire", "evacuation")]
    (codes, told), (others, told_too) = at_once(town, *desks)
    assert [sorted(pair) for pair in zip(codes, others, strict=True)] == [[0, 2]] * ROUNDS
    assert sorted((told + told_too).splitlines()) == sorted(
        f"{name} is in the ledger already, with other content." for name in names
    )
    assert Fact.objects.filter(kind="drill").count() == ROUNDS
    town.whole()


def test_the_same_submission_from_two_desks_is_one_fact(town: Town) -> None:
    desk = [drill("S1/principal", n + 1, f"drill-{n}") for n in range(ROUNDS)]
    assert at_once(town, desk, desk) == [([0] * ROUNDS, "")] * 2
    assert Fact.objects.filter(kind="drill").count() == ROUNDS
    town.whole()
