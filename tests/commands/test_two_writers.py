"""Two people at two desks: real processes that record at the same moment."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import ExitStack
from typing import NamedTuple

from huxue.ledger.models import Fact
from tests.commands.town import Town

ROUNDS = 5
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


class Desk(NamedTuple):
    """What became of the commands of one desk: their exit codes, and what it was told."""

    codes: list[int]
    told: list[str]


def at_once(town: Town, *desks: list[list[str]]) -> list[Desk]:
    """Let every desk type its commands at the same time; return what became of them."""
    with ExitStack() as stack:
        started = [stack.enter_context(opened(town, commands)) for commands in desks]
        for one in started:
            assert one.stdout is not None
            assert [one.stdout.readline() for _ in range(2)] == ["0 rows differ\n", "ready\n"]
        for one in started:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        said = [one.communicate(timeout=60) for one in started]
    return [Desk(codes(out), err.splitlines()) for out, err in said]


def opened(town: Town, commands: list[list[str]]) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", TYPIST, json.dumps(commands)]
    pipe = subprocess.PIPE
    return subprocess.Popen(words, env=town.environment, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def codes(out: str) -> list[int]:
    return [int(code) for code in re.findall(r"^answered (\d+)$", out, re.MULTILINE)]


def drill(post: str, day: int, name: str, kind: str = "fire") -> list[str]:
    at = f"2024-02-{day:02}"
    return ["record", "drill", f"kind={kind}", "--post", post, "--at", at, "--id", name]


def test_two_desks_at_once(town: Town) -> None:
    """Each records of its own, then both the same under the same ids, then both under the same ids something else."""
    north = [drill("S1/principal", n + 1, f"north-{n}") for n in range(ROUNDS)]
    south = [drill("S2/principal", n + 1, f"south-{n}") for n in range(ROUNDS)]
    same = [drill("S1/principal", n + 1, f"same-{n}") for n in range(ROUNDS)]
    fire = [drill("S1/principal", n + 1, f"either-{n}") for n in range(ROUNDS)]
    flight = [drill("S1/principal", n + 1, f"either-{n}", "evacuation") for n in range(ROUNDS)]
    one, two = at_once(town, north + same + fire, south + same + flight)
    accepted = [0] * 2 * ROUNDS
    assert (one.codes[: 2 * ROUNDS], two.codes[: 2 * ROUNDS]) == (accepted, accepted)
    either = zip(one.codes[2 * ROUNDS :], two.codes[2 * ROUNDS :], strict=True)
    assert [sorted(pair) for pair in either] == [[0, 2]] * ROUNDS
    assert sorted([*one.told, *two.told]) == [
        f"either-{n} is in the ledger already, with other content." for n in range(ROUNDS)
    ]
    names = Fact.objects.filter(kind="drill").values_list("uid", flat=True)
    assert sorted(names) == sorted(command[-1] for command in north + south + same + fire)
    found = town.done("standings", "--as-of", "2024-03-31", "--json").json
    assert [(row["organisation"], row["have"]) for row in found["rows"]] == [("S1", 3 * ROUNDS), ("S2", ROUNDS)]
    town.whole()
