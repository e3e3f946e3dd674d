"""A process that dies in the middle of an import leaves nothing half written, and somebody else can go on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from huxue.actions.imports import abandon, finish, part, running
from huxue.ledger.models import Fact
from tests.ledger.world import KINDS, NOW, drill, take, tree
from tests.sites import Site

ROOT = Path(__file__).parents[2]
WORK = """
import sys, time
import django
django.setup()
from django.db import transaction
from huxue.actions.imports import begin_import, finish, part
from tests.ledger.world import KINDS, NOW, drill

def hang(*_):
    print("now", flush=True)
    time.sleep(60)

number = begin_import("drills", exclusive=True, now=NOW)
part(number, 1, [drill() for _ in range(30)], kinds=KINDS, now=NOW)
if sys.argv[1] == "part":
    with transaction.atomic():
        part(number, 2, [drill() for _ in range(30)], kinds=KINDS, now=NOW)
        hang()
finish(number, kinds=KINDS, now=NOW, progress=hang)
"""


def killed(site: Site, where: str) -> None:
    """Run the work above in a process of its own and kill it in the middle of what ``where`` says."""
    environment = os.environ | site.environment | {"DJANGO_SETTINGS_MODULE": "huxue.settings"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    with subprocess.Popen(
        [sys.executable, "-c", WORK, where], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as work:
        assert work.stdout is not None
        assert work.stdout.readline() == "now\n"
        work.kill()


def test_a_kill_between_parts_is_resumed(ledger: Site) -> None:
    tree()
    killed(ledger, "part")
    before = running()
    assert before is not None
    assert (before.recipe, before.parts, before.rows) == ("drills", 1, 30)
    part(before.number, 2, [drill()], kinds=KINDS, now=NOW)
    assert finish(before.number, kinds=KINDS, now=NOW) == 31
    assert Fact.objects.filter(kind="drill").count() == 31


def test_a_kill_while_it_becomes_visible_shows_nothing(ledger: Site) -> None:
    tree()
    killed(ledger, "finish")
    assert Fact.objects.filter(kind="drill").count() == 0
    before = running()
    assert before is not None
    abandon(before.number, now=NOW)
    assert len(take(drill())) == 1
    assert Fact.objects.filter(kind="drill").count() == 1
