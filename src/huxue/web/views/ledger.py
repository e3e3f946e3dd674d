"""The ledger: whether it is whole, its seals, what can be checked outside, and one fact with its proof."""

from __future__ import annotations

from json import dumps
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from huxue.actions import jobs
from huxue.core.facts import Fact
from huxue.ledger import check_export
from huxue.ledger.models import Fact as Row
from huxue.ledger.models import Job
from huxue.ledger.proving import prove_fact
from huxue.ledger.reading import fact as stored_fact
from huxue.ledger.seal_texts import KeyText, SealText, stored_keys, stored_seals
from huxue.web import background, facts
from huxue.web.pages import page
from huxue.web.routing import Request, route
from huxue.web.views.rulebook import voice_of

SHOWN = 20  # seals


def state(request: Request) -> HttpResponse:
    """Show the latest seal, the latest check, and what each may ask for."""
    every = [SealText.read(one.text) for _, one, _ in stored_seals()]
    return page(
        request, "ledger/state.html", seals=every[::-1][:SHOWN], count=len(every), unsealed=_unsealed(every),
        total=Row.objects.count(), keys=[KeyText.read(one.text) for _, one in stored_keys()], **_jobs(request),
    )  # fmt: skip


def work_part(request: Request) -> HttpResponse:
    """Answer with the part of the page that changes while work goes on."""
    return page(request, "ledger/work.html", **_jobs(request))


def _jobs(request: Request) -> dict[str, Any]:
    found = jobs.latest()
    return {
        "jobs": found,
        "results": {sort: jobs.result(one) for sort, one in found.items()},
        "going": {sort for sort, one in found.items() if jobs.going(one, request.now)},
        "whole": request.viewer.scope.whole,
    }


def _unsealed(every: list[SealText]) -> int:
    return int(Row.objects.count()) - (every[-1].size if every else 0)


def ask(request: Request, sort: str) -> HttpResponse:
    """Begin long work: check, seal or export."""
    if request.method != "POST" or (sort == "export" and not request.viewer.scope.whole):
        raise Http404  # an export holds every organisation's facts
    post = request.viewer.post.post if request.viewer.post else ""
    background.start(jobs.begin(sort, now=request.now, post=post))
    return redirect("ledger")


def download(request: Request, number: int) -> HttpResponseBase:
    """Hand over an export, to those who see everything that is in it."""
    job = Job.objects.filter(number=number).first()
    if job is None or not request.viewer.scope.whole:
        raise Http404
    path = jobs.archive(job)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def checker(_request: Request) -> HttpResponse:
    """Hand over the program that checks an export or a proof without Huxue."""
    text = Path(str(check_export.__file__)).read_text("utf-8")
    return _file(text, "text/x-python", "check_export.py")


def last_seal(_request: Request) -> HttpResponse:
    """Hand over the latest seal, to be kept outside."""
    every = stored_seals(last=True)
    if not every:
        raise Http404
    _, signed, _ = every[0]
    said = {"seals": [{"text": signed.text, "signature": signed.signature}]}
    return _file(dumps(said, ensure_ascii=False, indent=1), "application/json", f"seal-{every[0][0]}.json")


def one_fact(request: Request, fact: str) -> HttpResponse:
    """Show a fact: what was done, as it was written, its hash, and the proof that it is sealed."""
    found, voice = _fact(request, fact), voice_of(request)
    line, whole = facts.written(fact)
    return page(
        request, "ledger/fact.html", fact=found, kind=facts.kind_of(voice, found), verb=facts.VERBS[found.verb],
        fields=facts.fields(voice, found), roles=facts.roles(voice, found), line=line, whole=whole,
        sealed=facts.sealed(fact), number=facts.number_of(fact), step=_step(request, found),
        post=voice.posts([found.by_post]) if found.by_post else "", hash=_hash(fact),
        declared=found.kind in voice.rulebook.kinds,
    )  # fmt: skip


def proof(request: Request, fact: str) -> HttpResponse:
    """Hand over the proof of a fact, which the checker checks without the ledger."""
    _fact(request, fact)
    return _file(dumps(prove_fact(fact), ensure_ascii=False, indent=1), "application/json", f"proof-{fact}.json")


def _fact(request: Request, uid: str) -> Fact:
    """Return a fact within reach; one of no organisation concerns everybody."""
    found = stored_fact(uid)
    codes = {code for some in found.roles.values() for code in some} if found else set()
    if found is None or (codes and not request.viewer.sees_any(codes)):
        raise Http404
    return found


def _step(request: Request, fact: Fact) -> str:
    return voice_of(request).step(fact.kind, fact.step).strip("“”`") if fact.step else ""


def _hash(uid: str) -> str:
    return str(Row.objects.values_list("hash", flat=True).get(uid=uid))


def _file(text: str, of: str, name: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=f"{of}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


ROUTES = [
    route("ledger/", state, name="ledger", needs="ledger-read"),
    route("ledger/work", work_part, name="ledger_work", needs="ledger-read"),
    route("ledger/ask/<slug:sort>", ask, name="ledger_ask", needs="ledger-verify"),
    route("ledger/export/<int:number>", download, name="ledger_export", needs="ledger-verify"),
    route("ledger/check_export.py", checker, name="ledger_checker", needs="ledger-read"),
    route("ledger/seal.json", last_seal, name="ledger_seal", needs="ledger-read"),
    route("ledger/<slug:fact>", one_fact, name="fact", needs="ledger-read"),
    route("ledger/<slug:fact>/proof.json", proof, name="fact_proof", needs="ledger-read"),
]
