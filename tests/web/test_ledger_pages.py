"""The ledger's page: checking, sealing and exporting in a process of their own; one fact with its proof."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from django.test import Client

from huxue.actions import jobs
from huxue.core.values import Refused
from huxue.ledger.models import Fact, Job
from huxue.ledger.seal_texts import stored_seals
from huxue.web import background
from tests.sites import Site
from tests.web.conftest import SignIn


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the work be done in this process: it is the same work, and the test sees it end."""
    monkeypatch.setattr(background, "start", jobs.work)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_seal_check_and_export(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("leader")
    assert "还没有存证" in text(client, "/ledger/")
    for sort in ("seal", "verify", "export"):
        assert client.post(f"/ledger/ask/{sort}")["Location"] == "/ledger/"
    said = text(client, "/ledger/")
    assert "全部相符" in said
    assert f"{Fact.objects.count():,}" in said
    number = jobs.latest()["export"].number
    answer = client.get(f"/ledger/export/{number}")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as found:
        found.extractall(tmp_path / "export")
    answer.close()
    done = subprocess.run(
        [sys.executable, "check_export.py"], cwd=tmp_path / "export", capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_change_behind_the_ledgers_back_is_found_and_said(sign_in: SignIn) -> None:
    client = sign_in("leader")
    client.post("/ledger/ask/seal")
    number = jobs.begin("verify", now=1)
    found = [{"zh": "事实 x 被改动", "en": "x was changed"}]
    report = {"findings": found, "count": 1, "notices": [], "seals": 1, "sealed": 5, "unsealed": 0, "root": ""}
    Job.objects.filter(number=number).update(state="done", result=json.dumps(report))
    said = text(client, "/ledger/")
    assert ("发现 1 处问题" in said, "事实 x 被改动" in said) == (True, True)


def test_one_fact_has_its_proof_which_the_checker_accepts(sign_in: SignIn, tmp_path: Path) -> None:
    client = sign_in("leader")
    fact = Fact.objects.filter(kind="hazard").order_by("seq").first()
    assert fact is not None
    assert "尚未存证" in text(client, f"/ledger/{fact.uid}")
    client.post("/ledger/ask/seal")
    said = text(client, f"/ledger/{fact.uid}")
    assert (fact.hash in said, "内容与其指纹相符" in said, "第 1 号" in said) == (True, True, True)
    (tmp_path / "proof.json").write_text(text(client, f"/ledger/{fact.uid}/proof.json"), "utf-8")
    (tmp_path / "check_export.py").write_text(text(client, "/ledger/check_export.py"), "utf-8")
    words = [sys.executable, "check_export.py", "--proof", "proof.json"]
    assert subprocess.run(words, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_the_latest_seal_is_handed_out_to_be_kept(sign_in: SignIn) -> None:
    client = sign_in("auditor")
    text(client, "/ledger/seal.json", 404)
    client.post("/ledger/ask/seal")
    said = json.loads(text(client, "/ledger/seal.json"))
    assert said["seals"][0]["text"] == stored_seals()[-1][1].text


def test_a_fact_out_of_reach_is_one_that_is_not_there(sign_in: SignIn) -> None:
    client, school = sign_in("principal"), sign_in("principal").get("/").wsgi_request.viewer.post.organisation
    others = Fact.objects.filter(kind="hazard").exclude(roles__contains=school).first()
    assert others is not None
    nothing = "0" * 32
    pages = [text(client, f"/ledger/{uid}", 404).replace(uid, nothing) for uid in (others.uid, nothing)]
    assert len({re.sub(r'token" value="[^"]+"', "", page) for page in pages}) == 1
    text(client, f"/ledger/{others.uid}/proof.json", 404)
    own = Fact.objects.filter(kind="edition").first()
    assert own is not None
    assert own.hash in text(client, f"/ledger/{own.uid}")


def test_who_may_only_read_asks_for_nothing(sign_in: SignIn) -> None:
    client = sign_in("principal")
    assert "立即核验" not in text(client, "/ledger/")
    assert [client.post(f"/ledger/ask/{sort}").status_code for sort in ("verify", "seal", "export")] == [404] * 3
    assert Job.objects.count() == 0
    assert sign_in("safety-officer").get("/ledger/").status_code == 404


def test_an_export_is_only_for_those_who_see_everything_in_it(sign_in: SignIn) -> None:
    for name in ("county-leader", "auditor"):
        client = sign_in(name)
        assert client.post("/ledger/ask/export").status_code == 404
        assert client.get("/ledger/export/1").status_code == 404


def test_work_is_asked_for_by_post_only_and_once_at_a_time(sign_in: SignIn) -> None:
    client = sign_in("leader")
    assert client.get("/ledger/ask/verify").status_code == 404
    jobs.begin("verify", now=sign_in("leader").get("/").wsgi_request.now)
    assert client.post("/ledger/ask/verify").status_code == 422
    assert "正在进行" in text(client, "/ledger/work")
    assert client.post("/ledger/ask/nothing").status_code == 422


def test_what_died_does_not_go_on_for_ever(sqlite_site: Site) -> None:
    number = jobs.begin("verify", now=1000)
    with pytest.raises(Refused) as refused:
        jobs.begin("verify", now=1000 + jobs.PATIENCE - 1)
    assert refused.value.code == "job_running"
    assert jobs.begin("verify", now=1000 + jobs.PATIENCE) > number


def test_what_came_of_it_is_kept_also_where_it_was_refused(site: Site) -> None:
    number = jobs.begin("export", now=1)
    jobs.work(number)
    job = Job.objects.get(number=number)
    assert (job.state, sorted(jobs.result(job))) == ("refused", ["en", "zh"])
    with pytest.raises(Refused) as refused:
        jobs.archive(job)
    assert refused.value.code == "not_found"
    jobs.work(jobs.begin("verify", now=2))
    assert (jobs.latest()["verify"].state, jobs.result(jobs.latest()["verify"])["count"]) == ("done", 0)


def test_the_process_of_its_own_does_the_work(sqlite_site: Site) -> None:
    number = jobs.begin("verify", now=1)
    words = [sys.executable, "-m", "huxue.commands.work", str(number)]
    subprocess.run(words, env={"PYTHONPATH": ":".join(sys.path), **sqlite_site.environment}, check=True)
    assert Job.objects.get(number=number).state == "done"
