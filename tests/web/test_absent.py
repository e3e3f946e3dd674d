"""What the law and common sense forbid is not there: counts of log-ins or reads, points, online time, ranks.

The tests look at everything that could hold or show such a thing: columns of tables, addresses, the words of pages in
both languages, the keys of what is handed out as JSON, the fields of the rulebook's kinds. Each has a control:
something planted is found.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

import huxue
from huxue.actions.rulebooks import read_rulebook
from huxue.web.guide import GUIDES
from huxue.web.models import Timing
from huxue.web.routing import routes

SOURCE = Path(huxue.__file__).parent
NAME = re.compile(
    r"(log_?in|sign_?in|visit|read|view|open|click|session)s?_?(count|number|total|times|streak|days)s?\b"
    r"|\b(login|signin|visit|read|view)_?s\b(?=_)|check_?ins?\b|punch|\bpoints_(earned|total|balance)\b|\bcredits?_earned\b"
    r"|online_(time|seconds|hours|duration)|\branks?\b|ranking|ranked|leader_?board|last_(seen|login|active|visit)"
    r"|streaks?\b|medals?\b|karma|\bactivity_score\b|popularity|like_count|viewers\b|read_by\b|seen_by\b",
    re.IGNORECASE,
)
WORDS = {
    "zh": ("打卡", "积分", "在线时长", "在线时间", "排名", "排行", "名次", "签到", "登录次数", "登陆次数", "阅读量",
           "已读人数", "浏览量", "浏览次数", "活跃度", "勋章", "点赞", "连续登录"),
    "en": ("check-in", "checked in", "ranking", "ranked", "leaderboard", "online time", "log-in count", "login count",
           "sign-in count", "read count", "view count", "streak", "medal", "points earned", "most active"),
}  # fmt: skip
DENIED = {"zh": ("没有", "不", "无", "未"), "en": ("no ", "not ", "nobody", "neither", "never", "without", "nothing")}
JSON_SIDES = ("api", "web", "exchange")


def words_in(text: str, lang: str) -> list[str]:
    """Return the banned words of a text, but for sentences that say that there is no such thing."""
    found = []
    for sentence in re.split(r"[。；.;\n\"]", text.casefold()):
        said = [word for word in WORDS[lang] if word in sentence]
        if not any(no in sentence for no in DENIED[lang]):
            found += said
    return found


def columns(every: Iterable[type[models.Model]]) -> Iterator[str]:
    for model in every:
        for field in model._meta.get_fields():
            yield f"{model._meta.db_table} {field.name}"


def banned(names: Iterable[str]) -> list[str]:
    return [name for name in names if NAME.search(name.rpartition(" ")[2]) or NAME.search(name.partition(" ")[0])]


def keys_of(source: str) -> Iterator[str]:
    """Yield the words that a module uses as keys of mappings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def templates() -> list[Path]:
    found = sorted((SOURCE / "web" / "templates").rglob("*.html"))
    assert len(found) > 20
    return found


def test_no_table_counts_what_people_do_in_the_system() -> None:
    assert banned(columns(apps.get_models(include_auto_created=True))) == []


def test_a_planted_column_is_found() -> None:
    class Planted(models.Model):
        login_count = models.IntegerField()
        rank = models.IntegerField()
        last_seen = models.DateTimeField()
        title = models.TextField()

        class Meta:
            app_label = "web"
            managed = False

    found = banned(columns([Planted]))
    apps.all_models["web"].pop("planted")
    apps.clear_cache()
    assert [name.partition(" ")[2] for name in found] == ["login_count", "rank", "last_seen"]


@pytest.mark.usefixtures("sqlite_site")
def test_no_column_of_the_database_does() -> None:
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            found += [f"{table} {one.name}" for one in connection.introspection.get_table_description(cursor, table)]
    assert len(found) > 100
    assert banned(found) == []


def test_no_address_leads_to_such_a_page() -> None:
    found = [f"{one.name} {one.path}" for one in routes()]
    assert len(found) > 20
    assert banned(re.sub(r"[<:>/]", " ", one).replace(" ", "_") for one in found) == []
    assert banned(["ranking"]) == ["ranking"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_page_says_such_a_thing_unless_to_deny_it(lang: str) -> None:
    assert {path.name: found for path in templates() if (found := words_in(path.read_text("utf-8"), lang))} == {}
    guides = [text for steps in GUIDES.values() for one in steps for text in (one.title.say(lang), one.how.say(lang))]  # type: ignore[arg-type]
    assert [found for text in guides if (found := words_in(text, lang))] == []


def test_planted_words_are_found_and_denials_are_not() -> None:
    assert words_in("今日打卡 12 人", "zh") == ["打卡"]
    assert words_in("全县排名第 3", "zh") == ["排名"]
    assert words_in("本系统没有打卡、积分", "zh") == []
    assert words_in("Your ranking among schools", "en") == ["ranking"]
    assert words_in("nobody is ranked", "en") == []


@pytest.mark.parametrize("side", JSON_SIDES)
def test_nothing_handed_out_has_such_a_key(side: str) -> None:
    found = [
        f"{path.name} {key}"
        for path in sorted((SOURCE / side).rglob("*.py"))
        for key in keys_of(path.read_text("utf-8"))
    ]
    assert [one for one in found if NAME.search(one.partition(" ")[2])] == []


def test_a_planted_key_is_found() -> None:
    keys = list(keys_of('answer = {"school": 1, "rank": 2, "visit_count": 3, **more}'))
    assert [key for key in keys if NAME.search(key)] == ["rank", "visit_count"]


def test_no_kind_of_the_rulebook_asks_for_it() -> None:
    rulebook, problems = read_rulebook("city")
    assert problems == []
    assert rulebook is not None
    fields = [
        (f"{kind.code} {name}", field.title) for kind in rulebook.kinds.values() for name, field in kind.fields.items()
    ]
    assert [name for name, _ in fields if NAME.search(name.partition(" ")[2])] == []
    said = [name for name, title in fields if words_in(title.zh, "zh") or words_in(title.en, "en")]
    assert said == ["joint-meeting sign_in", "meeting sign_in"]  # the paper list of a meeting, which nobody must add
    assert [rulebook.kinds[name.split()[0]].fields["sign_in"].required for name in said] == [False, False]


def test_timings_know_no_person_no_session_and_no_school() -> None:
    assert {field.name for field in Timing._meta.get_fields()} == {"id", "form", "role", "county", "bucket", "count"}
    assert [field.name for field in Timing._meta.get_fields() if field.is_relation] == []
