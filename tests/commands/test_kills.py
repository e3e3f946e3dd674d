"""A real ``huxue import`` killed in the middle of a file: nothing half written, and the file can be taken again."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing

from django.db import connection

from huxue.actions.imports import running
from huxue.ledger.models import Import
from tests.commands.town import Town

ROWS = 4_000  # enough that writing them takes much longer than it takes to look


def many(town: Town) -> tuple[str, str]:
    """The words that import many drills."""
    rows = (f"{n},S{n % 2 + 1},2024-{n % 12 + 1:02}-{n % 28 + 1:02},fire,{n}" for n in range(ROWS))
    return town.drills(*rows, name="many.csv")


def kill(town: Town, *words: str, when: Callable[[Town], bool]) -> None:
    """Start a command as a process of its own and kill it a moment after ``when`` says so."""
    quiet = subprocess.DEVNULL
    with subprocess.Popen(town.command(*words), env=town.environment, stdout=quiet, stderr=quiet) as process:
        while not when(town):
            assert process.poll() is None, "it ended before it was killed"
            time.sleep(0.005)
        time.sleep(0.05)
        process.kill()
    assert process.returncode == -signal.SIGKILL


def writing(town: Town) -> bool:
    """Whether somebody else is inside a transaction that writes."""
    if town.site.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
            )
            return bool(cursor.fetchone()[0])
    with closing(sqlite3.connect(town.site.folder / "huxue.sqlite3", timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
    return False


def becoming_visible(town: Town) -> bool:
    """Whether the part of an exclusive import is kept and is now being taken into the ledger."""
    load = running()
    return load is not None and load.parts == 1 and writing(town)


def test_a_killed_import_leaves_nothing_and_succeeds_when_it_is_done_again(town: Town) -> None:
    words = ("import", *many(town))
    with town.nothing_written():
        kill(town, *words, when=writing)
    assert list(Import.objects.values_list("number", "state")) == [(1, "visible")]
    again = town.done(*words)
    assert again.lines[1].startswith(f"all: {ROWS} rows, {ROWS} taken, 0 left out, import ")
    assert again.lines[2] == f"  {ROWS} new, 0 changed, 0 the same  (drill {ROWS})"
    town.whole()


def test_a_killed_exclusive_import_is_resumed(town: Town) -> None:
    words = ("import", *many(town), "--exclusive")
    with town.nothing_written():
        kill(town, *words, when=becoming_visible)
    meanwhile(town)
    found = town.done(*words)
    assert found.lines[1:] == [
        f"all: {ROWS} rows, {ROWS} taken, 0 left out, import 2",
        f"  {ROWS} new, 0 changed, 0 the same  (drill {ROWS})",
    ]
    assert list(Import.objects.values_list("number", "state")) == [(1, "visible"), (2, "visible")]
    town.record("kind=fire")
    town.whole()


def test_a_killed_exclusive_import_is_abandoned(town: Town) -> None:
    words = ("import", *many(town), "--exclusive")
    with town.nothing_written():
        kill(town, *words, when=becoming_visible)
        chinese = town.type("import", "--abandon", "2", lang="zh")
    assert (chinese.code, chinese.out, chinese.err) == (0, "已放弃第 2 号导入。\n", "")
    assert running() is None
    town.refused(
        "没有正在进行的第 2 号导入（进行中：-）。",
        "No import 2 is running (running: -).",
        *("import", "--abandon", "2"),
    )
    town.record("kind=fire")
    town.whole()


def meanwhile(town: Town) -> None:
    """While an exclusive import waits to be resumed nobody writes, and all are told."""
    town.refused(
        "第2号独占导入尚未完成，请待其完成、继续或放弃。",
        "Exclusive import 2 is running: wait, resume it, or abandon it.",
        *("record", "drill", "kind=fire", "--post", "S1/principal", "--at", "2024-02-05"),
    )
    with town.nothing_written():
        other = town.type("import", *town.drills("1,S1,2024-02-05,fire,1"), "--exclusive")
        wrong = town.type("import", "--abandon", "3", lang="zh")
    assert (other.code, wrong.code) == (2, 2)
    assert other.err.startswith("Import 2 (drills||")
    assert other.err.endswith(" is not finished: go on with the same files, or abandon it.\n")
    assert wrong.err == "没有正在进行的第 3 号导入（进行中：2）。\n"
