"""The security log: what happened to accounts. Read by the security and the audit administrator; nothing is counted.

Moments are of real time, also on a demonstration that stands at its last day.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from huxue.access.models import SecurityEvent
from huxue.core.values import Text, minute_of

EVENTS: Final[dict[str, Text]] = {
    "signed-in": Text(zh="登录", en="Signed in"),
    "sign-in-failed": Text(zh="登录失败", en="Sign-in failed"),
    "sign-in-limited": Text(zh="多次失败，暂停尝试", en="Paused after repeated failures"),
    "factor-failed": Text(zh="第二验证方式未通过", en="Second factor failed"),
    "signed-out": Text(zh="退出", en="Signed out"),
    "session-ended": Text(zh="会话被结束", en="Session ended"),
    "factor-added": Text(zh="添加登录方式", en="Factor added"),
    "factor-removed": Text(zh="移除登录方式", en="Factor removed"),
    "factors-reset": Text(zh="登录方式被重置", en="Factors reset"),
    "codes-made": Text(zh="重新生成恢复码", en="Recovery codes made anew"),
    "password-changed": Text(zh="修改密码", en="Password changed"),
    "password-given": Text(zh="重置密码", en="Password reset"),
    "account-opened": Text(zh="开通账号", en="Account opened"),
    "account-closed": Text(zh="停用账号", en="Account closed"),
    "account-reopened": Text(zh="恢复账号", en="Account reopened"),
    "lock-released": Text(zh="解除暂停", en="Pause lifted"),
    "post-given": Text(zh="任职", en="Post given"),
    "post-ended": Text(zh="离任", en="Post ended"),
}
WAYS: Final[dict[str, Text]] = {  # how somebody signed in, and what was added, removed or made anew
    "password": Text(zh="密码", en="password"),
    "webauthn": Text(zh="通行密钥", en="passkey"),
    "totp": Text(zh="动态口令", en="authenticator app"),
    "recovery_codes": Text(zh="恢复码", en="recovery codes"),
    "socialaccount": Text(zh="统一身份认证", en="identity server"),
}
KEPT: Final = 64  # characters of what was typed as a user name


def minute_now() -> int:
    """Return this minute of civil time at the site."""
    return civil(timezone.now())


def civil(moment: datetime) -> int:
    """Return the minute of civil time at the site of a zoned moment."""
    return minute_of(timezone.localtime(moment).replace(tzinfo=None))


def note(
    event: str, *, username: str, by: str = "", address: str = "", detail: str = "", at: int | None = None
) -> None:
    """Add a line about an account; ``by`` names the account that did it, where that is another one."""
    if event not in EVENTS:
        raise KeyError(event)
    moment = minute_now() if at is None else at
    SecurityEvent.objects.create(
        at=moment,
        event=event,
        username=username[:KEPT],
        by=by if by != username else "",
        address=address,
        detail=detail,
    )


def address_of(request: HttpRequest | None) -> str:
    """Return the address a request came from, behind the proxies that the settings trust; ``""`` outside a request."""
    if request is None:
        return ""
    proxies: int = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    via = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
    # Each proxy adds whom it spoke to; what stands before what our own proxies added may be invented.
    found = via[-proxies] if 0 < proxies <= len(via) else request.META.get("REMOTE_ADDR", "")
    return str(found)


def said(detail: str) -> Text:
    """Return the detail of a line in words; names stay as they are."""
    words = [WAYS.get(word, Text(zh=word, en=word)) for word in detail.split()]
    return Text(zh="、".join(word.zh for word in words), en=", ".join(word.en for word in words))
