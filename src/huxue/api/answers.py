"""What goes in and out of the API: JSON objects of a bounded size; refusals carry a code and both sentences."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from huxue.core.values import Refused
from huxue.web.routing import Request

LARGEST: Final = 500_000  # bytes of a submission; files go their own way
_DEEPEST: Final = 20


def answer(content: dict[str, Any], status: int = 200) -> HttpResponse:
    """Return an object as JSON."""
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})


def body(request: Request) -> dict[str, Any]:
    """Return the object that was sent. Refuses ``too_large`` and ``bad_json``."""
    if len(request.body) > LARGEST:
        raise Refused("too_large", f"提交内容超过 {LARGEST} 字节。", f"More than {LARGEST} bytes were sent.")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or _depth(found) > _DEEPEST:
        raise Refused("bad_json", "提交内容应是一个 JSON 对象。", "Send one JSON object.")
    return found


def _depth(value: Any, level: int = 0) -> int:
    if level > _DEEPEST or not isinstance(value, dict | list):
        return level
    inner = value.values() if isinstance(value, dict) else value
    return max((_depth(one, level + 1) for one in inner), default=level)


def part(said: dict[str, Any], name: str, sort: type, default: Any) -> Any:
    """Return a part of what was sent. Refuses ``bad_json`` where it is of another sort."""
    value = said.get(name, default)
    if not isinstance(value, sort) or (sort is int and isinstance(value, bool)):
        raise Refused("bad_json", f"“{name}”的类型不对。", f"{name!r} is of the wrong type.")
    return value


def refuse_unknown(said: dict[str, Any], known: tuple[str, ...]) -> None:
    """Refuse (``bad_json``) a part that nobody reads: it would be lost without a word."""
    strange = sorted(set(said) - set(known))
    if strange:
        raise Refused(
            "bad_json",
            f"不认识：{'、'.join(strange)[:200]}。",
            f"Nobody knows what these are: {', '.join(strange)[:200]}.",
        )
