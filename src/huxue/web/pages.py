"""Pages as answers: a template with what it shows, in the language of who asks."""

from __future__ import annotations

from typing import Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines

from huxue.core.values import Refused, Text
from huxue.web.asking import prepare
from huxue.web.jinja import Bilingual
from huxue.web.routing import API, Request

SAID: Final = {
    400: Text(
        zh="这次提交无法识别，没有保存任何内容。请返回上一页重试。",
        en="This request could not be read; nothing was saved. Go back and try again.",
    ),
    403: Text(
        zh="页面停留过久或来源不符，没有保存任何内容。请刷新页面后再提交。",
        en="The page was open too long or came from elsewhere; nothing was saved. Reload it and send it again.",
    ),
    404: Text(
        zh="没有这个页面，或者它不在您的范围之内。", en="There is no such page, or it lies outside what you may see."
    ),
    405: Text(zh="这个地址不能这样使用。", en="This address cannot be used in this way."),
    409: Text(zh="其他人刚刚改动过，没有保存。", en="Somebody else changed it just now; nothing was saved."),
    413: Text(zh="内容太大，没有保存。", en="This is too large; nothing was saved."),
    422: Text(zh="没有保存。", en="Nothing was saved."),
    429: Text(zh="尝试次数过多，请稍后再试。", en="Too many attempts. Try again later."),
    500: Text(
        zh="系统出错了，没有保存任何内容。错误已记录；请稍后再试，或拨打值守电话。",
        en="Something broke; nothing was saved. It has been written down; try again later or call the desk.",
    ),
}
CODES: Final = {400: "bad_request", 403: "forbidden", 404: "not_found", 405: "not_allowed", 413: "too_large"}


def page(request: HttpRequest, template: str, status: int = 200, **context: object) -> HttpResponse:
    """Return a page; ``context`` is what its template shows."""
    return HttpResponse(words(request, template, **context), status=status)


def words(request: HttpRequest, template: str, **context: object) -> str:
    """Return a template filled in: a whole page, or the part of one."""
    asked = cast("Request", request)
    engine = cast("Bilingual", engines["pages"])
    return engine.fill(template, asked.lang, {"request": asked, "viewer": asked.viewer, **context})


def failure(request: HttpRequest, status: int, refused: Refused | None = None) -> HttpResponse:
    """Return the page of something that went wrong: what happened, what was kept, what to do."""
    said = SAID.get(status, SAID[500])
    if refused is not None:
        said = Text(zh=refused.zh, en=refused.en)
    if request.path.startswith(API):
        words = {"code": refused.code if refused else CODES.get(status, "failed"), "zh": said.zh, "en": said.en}
        return JsonResponse(words, status=status, json_dumps_params={"ensure_ascii": False})
    return page(request, "failure.html", status, code=status, said=said)


def not_found(request: HttpRequest, _exception: object = None, **_said: object) -> HttpResponse:
    """Django's handler of unknown addresses."""
    return failure(_asked(request), 404)


def bad_request(request: HttpRequest, _exception: object = None, **_said: object) -> HttpResponse:
    """Django's handler of requests that make no sense."""
    return failure(_asked(request), 400)


def refused_csrf(request: HttpRequest, **_reason: str) -> HttpResponse:
    """Django's handler of forms without their token."""
    return failure(_asked(request), 403)


def broken(_request: HttpRequest) -> HttpResponse:
    """Django's handler of bugs: no database, no viewer, nothing that could break again."""
    zh, en = SAID[500].zh, SAID[500].en
    text = f'<!doctype html><meta charset="utf-8"><title>500</title><h1>500</h1><p>{zh}</p><p lang="en">{en}</p>'
    return HttpResponse(text, status=500)


def _asked(request: HttpRequest) -> HttpRequest:
    """Return a request that the frame has seen, also where it failed before reaching it."""
    if not hasattr(request, "viewer"):
        prepare(request)
    return request


def demonstration() -> bool:
    """Whether the site is a demonstration."""
    return bool((settings.SITE / "demo.txt").is_file())
