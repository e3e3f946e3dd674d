"""Drafts are kept and offered again; files are what they say, within bounds, and for those who see the item."""

from __future__ import annotations

import json
import re
from contextlib import closing
from hashlib import sha256
from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from huxue.ledger import files
from huxue.organisations.tables import select
from huxue.web import clock, drafts
from tests.sites import Site
from tests.web.conftest import SignIn
from tests.web.filled import paper, photo, picture
from tests.web.test_forms_hazard import text_of, today, wrong

DRILL = "/k/drill/new"


def test_a_draft_is_offered_taken_up_and_gone_once_sent(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    kept = school.post("/drafts", {"form": DRILL, "f.participants": "312", "csrfmiddlewaretoken": "x", "other": "y"})
    assert json.loads(kept.content)["kept"] is True
    page = text_of(school.get(DRILL))
    assert ("有一份没有提交的草稿" in page, 'value="312"' in page) == (True, False)
    assert 'value="312"' in text_of(school.get(f"{DRILL}?draft=1"))
    assert "有一份没有提交的草稿" not in text_of(sign_in("principal").get(DRILL))  # somebody else's
    assert school.post(DRILL, {"f.drill_kind": "evacuation", "at": f"{today()}T00:10"}).status_code == 302
    assert "有一份没有提交的草稿" not in text_of(school.get(DRILL))


def test_a_refused_form_is_a_draft_and_can_be_thrown_away(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    refused = school.post(DRILL, {"f.participants": "many", "at": f"{today()}T00:10"})
    assert refused.status_code == 422
    assert 'value="many"' in text_of(refused)
    assert "有一份没有提交的草稿" in text_of(school.get(DRILL))
    assert school.post("/drafts", {"form": DRILL, "drop": "1"})["Location"] == DRILL
    assert "有一份没有提交的草稿" not in text_of(school.get(DRILL))


def test_no_draft_holds_personal_values_and_none_is_older_than_30_days(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    school.post("/drafts", {"form": "/k/guard/new", "f.name": "魏强", "f.certified": "yes"})
    assert select('SELECT "values" FROM web_draft') == [('{"f.certified": ["yes"]}',)]
    assert drafts.forget_old(now=clock.now() + 31 * 1440) == 1
    assert school.post("/drafts", {"form": "/elsewhere", "f.name": "x"}).status_code == 404


def test_a_photo_loses_what_the_telephone_wrote_but_not_when_it_was_taken(site_of: Site) -> None:
    exif = Image.Exif()
    exif[0x0132] = "2026:07:30 10:02:11"
    exif[0x010F] = "Telephone"
    with_place = picture(exif=exif)
    kept = files.keep(site_of.folder, with_place, name="IMG_1.jpg", now=1, most=10**6)
    stored = files.path_of(site_of.folder, kept.sha256).read_bytes()
    assert kept.taken == (20664 * 1440) + 602
    assert b"Telephone" not in stored
    assert dict(Image.open(BytesIO(stored)).getexif()) == {}
    plain = picture((1, 2, 3))
    assert files.keep(site_of.folder, plain, name="a.jpg", now=1, most=10**6).sha256 == sha256(plain).hexdigest()


def test_the_same_file_twice_is_one(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    one = json.loads(school.post("/files", {"file": photo("a.jpg"), "photos": "1"}).content)
    two = json.loads(school.post("/files", {"file": photo("b.jpg"), "photos": "1"}).content)
    assert one["value"] == two["value"]
    assert (
        len([path for path in (settings.SITE / "files").rglob("*") if path.is_file()]) == 2
    )  # bytes and what is known


def test_bad_files_are_refused_in_words(sign_in: SignIn, settings: Settings) -> None:
    settings.FILE_BYTES = 2_000_000
    school = sign_in("safety-officer")

    def refused(name: str, content: bytes, photos: str = "") -> tuple[int, str]:
        answer = school.post("/files", {"file": SimpleUploadedFile(name, content), "photos": photos})
        return answer.status_code, json.loads(answer.content)["refused"]

    assert refused("page.html", b"<html><script>") == (
        422, "“page.html”不是照片（JPG、PNG、WebP）、PDF、OFD、Word、Excel、WPS、PPT、ZIP 或 MP4，没有保存。",
    )  # fmt: skip
    assert refused("plan.pdf", b"%PDF-1.4", "1") == (422, "“plan.pdf”不是JPG、PNG 或 WebP 照片，没有保存。")
    assert refused("big.jpg", picture() + bytes(2_000_000)) == (
        422, "“big.jpg”超过 2 MB，没有保存。请压缩后再传。",
    )  # fmt: skip
    assert refused("broken.jpg", picture()[:60]) == (422, "“broken.jpg”不是完好的照片。")
    answer = school.post(DRILL, {
        "f.drill_kind": "evacuation", "up.plan": SimpleUploadedFile("x.exe", b"MZ"), "at": f"{today()}T00:10",
    })  # fmt: skip
    assert (answer.status_code, wrong(answer)[0].startswith("演练方案：“x.exe”不是照片")) == (422, True)


def status(client: Client, address: str) -> int:
    with closing(client.get(address)) as answer:
        return answer.status_code


def test_only_who_sees_an_item_gets_its_files(sign_in: SignIn) -> None:
    school, county = sign_in("safety-officer"), sign_in("county-officer")
    sent = json.loads(school.post("/files", {"file": paper("方案.pdf")}).content)
    sha = sent["value"].partition(".")[0]
    assert [status(one, f"/files/{sha}") for one in (school, county)] == [404, 404]  # nothing names it yet
    assert status(school, sent["address"]) == 200  # who has just sent it
    assert status(county, sent["address"]) == 404
    stolen = county.post(DRILL, {"f.drill_kind": "evacuation", "f.plan": sha, "at": f"{today()}T00:10", "id": "no-1"})
    assert select("SELECT count(*) FROM ledger_attachment WHERE sha256 = %s", sha) == [(0,)]
    assert stolen.status_code in (302, 422)
    assert school.post(DRILL, {
        "f.drill_kind": "evacuation", "f.plan": sent["value"], "at": f"{today()}T00:10", "id": "drill-1",
    }).status_code == 302  # fmt: skip
    assert [status(one, f"/files/{sha}") for one in (school, county)] == [200, 200]
    other = sign_in("inspector")
    seen = status(other, "/k/drill/drill-1") == 200
    assert status(other, f"/files/{sha}") == (200 if seen else 404)
    assert "方案.pdf" in text_of(school.get("/k/drill/drill-1"))


def test_a_file_is_taken_out_of_a_form_without_script(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    first = school.post(DRILL, {"up.plan": paper(), "at": f"{today()}T00:10"})
    assert first.status_code == 422
    value = re.findall(r'name="f\.plan" value="([^"]+)"', text_of(first))[0]
    after = school.post(DRILL, {"f.plan": value, "drop": value, "f.participants": "44", "at": f"{today()}T00:10"})
    assert after.status_code == 200
    assert ('name="f.plan" value' in text_of(after), 'value="44"' in text_of(after)) == (False, True)


def test_personal_values_are_for_the_organisations_concerned(sign_in: SignIn) -> None:
    rows = select(
        "SELECT e.item, d.value FROM ledger_entry e JOIN ledger_personaldatum d ON d.fact = e.fact "
        "JOIN organisations_holding h ON h.post LIKE e.organisation || '/%%' "
        "JOIN access_user u ON u.person = h.person AND u.username = 'safety-officer' "
        "WHERE d.field = 'name' AND e.kind = 'guard' AND e.open",
    )  # fmt: skip
    item, name = rows[0][0], json.loads(rows[0][1])
    own, above = (text_of(sign_in(one).get(f"/k/guard/{item}")) for one in ("safety-officer", "county-officer"))
    assert (name in own, name in above, "已隐去" in above) == (True, False, True)


def test_how_long_a_form_took_is_counted_without_anybody(sign_in: SignIn) -> None:
    school = sign_in("safety-officer")
    page = text_of(school.get(DRILL))
    opened = re.findall(r'name="opened" value="([^"]+)"', page)[0]
    sent = {"f.drill_kind": "evacuation", "at": f"{today()}T00:10", "opened": opened}
    for n in range(2):
        assert school.post(DRILL, {**sent, "id": f"timed-{n}"}).status_code == 302
    school.post(DRILL, {**sent, "id": "timed-1"})  # the same again is not counted
    school.post(DRILL, {**sent, "id": "timed-2", "opened": "1234:forged"})
    path = select(
        "SELECT o.path FROM organisations_organisation o JOIN organisations_holding h ON h.post LIKE o.code || '/%%' "
        "JOIN access_user u ON u.person = h.person WHERE u.username = 'safety-officer'"
    )[0][0]
    assert select("SELECT form, role, county, bucket, count FROM web_timing") == [
        ("drill", "post-holder", path.split("/")[1], 0, 2)
    ]


def test_writing_on_either_database(sign_in_either: SignIn) -> None:
    school = sign_in_either("safety-officer")
    for said in ("12", "13"):
        assert school.post("/drafts", {"form": DRILL, "f.participants": said}).status_code == 200
    page = text_of(school.get(f"{DRILL}?draft=1"))
    assert 'value="13"' in page
    opened = re.findall(r'name="opened" value="([^"]+)"', page)[0]
    for n in range(2):
        sent = {"f.drill_kind": "evacuation", "up.photos": photo(), "at": f"{today()}T00:10", "id": f"e-{n}"}
        assert school.post(DRILL, {**sent, "opened": opened}).status_code == 302
    assert select("SELECT bucket, count FROM web_timing WHERE form = 'drill'") == [(0, 2)]
    assert select("SELECT DISTINCT state FROM ledger_attachment WHERE fact IN ('e-0', 'e-1')") == [("present",)]
    item = text_of(school.get("/k/drill/e-0"))
    sha = re.findall(r"/files/([0-9a-f]{64})", item)[0]
    assert status(school, f"/files/{sha}") == 200
    for sort in ("organisation", "post", "person"):
        assert isinstance(json.loads(school.get(f"/pick/{sort}?q=zr").content), list)
    assert json.loads(school.get("/pick/entry/guard?q=").content)[0]["value"].endswith(")")
    assert school.get("/k/hazard/new").status_code == 200
    for kind, one in select("SELECT kind, item FROM ledger_case ORDER BY item LIMIT 40"):
        assert sign_in_either("leader").get(f"/k/{kind}/{one}").status_code == 200
