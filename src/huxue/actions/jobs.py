"""Long work that a page asks for and another process does: checking the ledger, sealing it, exporting it.

What came of it is kept, so that whoever comes back later finds it. Results, by sort:

* ``verify``: ``findings`` and ``notices`` (sort, what, zh, en; at most ``SHOWN``), ``count`` of all findings,
  ``seals``, ``sealed``, ``unsealed``, ``root``.
* ``seal``: ``made``, the texts of the new seals.
* ``export``: ``facts``, and ``bytes`` of the archive ``file`` in the site.
* a refusal: ``zh`` and ``en``.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from json import dumps, loads
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from huxue.actions import seals
from huxue.core.values import Refused
from huxue.ledger.exporting import export
from huxue.ledger.models import Job
from huxue.ledger.seal_findings import Finding
from huxue.ledger.verifying_seals import verify_seals

SHOWN: Final = 100  # findings that are kept
PATIENCE: Final = 60  # minutes after which work that never came back counts as failed


def begin(sort: str, *, now: int, post: str = "") -> int:
    """Note that work begins; return its number. Refuses ``unknown_job``, and ``job_running`` while it goes on."""
    if sort not in _WORK:
        raise Refused("unknown_job", f"没有“{sort}”这种任务。", f"There is no work called {sort!r}.")
    with transaction.atomic():
        if any(going(one, now) for one in Job.objects.filter(sort=sort, state="running")):
            raise Refused(
                "job_running", "同样的任务正在进行，请等它完成。", "The same work is going on; let it finish."
            )
        return int(Job.objects.create(sort=sort, state="running", started=now, post=post).number)


def going(job: Job, now: int) -> bool:
    """Whether work still goes on; of a process that died nobody hears again."""
    return bool(job.state == "running" and now - job.started < PATIENCE)


def work(number: int) -> None:
    """Do the work of this number, and keep what came of it. What nobody expected is kept as failed, and raised."""
    job, begun = Job.objects.get(number=number), time.monotonic()
    state, result = "failed", {}
    try:
        state, result = "done", dict(_WORK[job.sort](job))
    except Refused as refusal:
        state, result = "refused", {"zh": refusal.zh, "en": refusal.en}
    finally:
        seconds = int(time.monotonic() - begun)
        Job.objects.filter(number=number).update(state=state, seconds=seconds, result=dumps(result, ensure_ascii=False))


def latest() -> dict[str, Job]:
    """Return the last work of each sort."""
    return {one.sort: one for one in Job.objects.order_by("number")}


def result(job: Job) -> dict[str, Any]:
    """Return what came of it."""
    return dict(loads(job.result))


def archive(job: Job) -> Path:
    """Return the file of an export. Refuses ``not_found`` where it is none, or is gone."""
    path = _archive(job.number)
    if job.sort != "export" or job.state != "done" or not path.is_file():
        raise Refused("not_found", "这份导出已不在，请重新导出。", "This export is gone; make it again.")
    return path


def _archive(number: int) -> Path:
    return Path(settings.SITE, "exports", f"ledger-{number}.zip")


def _verify(_job: Job) -> Mapping[str, Any]:
    report = verify_seals()
    return {
        "findings": _rows(report.findings), "count": len(report.findings), "notices": _rows(report.notices),
        "seals": report.seals, "sealed": report.sealed, "unsealed": report.unsealed, "root": report.root,
    }  # fmt: skip


def _rows(found: Sequence[Finding]) -> list[dict[str, str]]:
    return [{"sort": one.sort, "what": one.what, "zh": one.said.zh, "en": one.said.en} for one in found[:SHOWN]]


def _seal(job: Job) -> Mapping[str, Any]:
    return {"made": [one.text for one in seals.seal(now=job.started)]}


def _export(job: Job) -> Mapping[str, Any]:
    """Write the archive; only the last one is kept."""
    path = _archive(job.number)
    shutil.rmtree(path.parent, ignore_errors=True)
    folder = path.with_suffix("")
    count = export(folder)
    shutil.make_archive(str(folder), "zip", folder)
    shutil.rmtree(folder)
    return {"facts": count, "file": path.name, "bytes": path.stat().st_size}


_WORK: Final[Mapping[str, Callable[[Job], Mapping[str, Any]]]] = {"verify": _verify, "seal": _seal, "export": _export}
