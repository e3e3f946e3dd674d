"""What we ask of django-allauth: no self-registration, no e-mail, our own words, our limits, and the security log.

Failures are limited for one user name from one address: a school behind one address is never locked by somebody's
wrong passwords. Failures for one name from anywhere are limited too, but an address from which this person has signed
in before stays open to them, so that nobody is locked out by an attacker elsewhere.
"""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from huxue.access.accounts import normal
from huxue.access.models import SecurityEvent, User
from huxue.access.security import address_of, note
from huxue.access.sessions import ADDRESS, BEGAN, DEVICE, clear_sessions, end_sessions
from huxue.core.values import Language, Text

APP: Final = "allauth.account"
HERE: Final = "login_failed"  # limits by name and address, and by name alone; see ACCOUNT_RATE_LIMITS
ANYWHERE: Final = "login_failed_anywhere"
BROWSER: Final = 200  # characters kept of what a browser says of itself
A_YEAR: Final = 365 * 24 * 3600  # seconds
LOOKED_AT: Final = 1000  # last failures of a name whose addresses are looked at
SAID: Final = "said"  # key in the session: sentences for the next page
_WORDS: Final = {
    "username_password_mismatch": Text(zh="用户名或密码不对。", en="The user name or the password is wrong."),
    "too_many_login_attempts": Text(
        zh="尝试次数过多，请 5 分钟后再试，或请安全管理员解除。",
        en="Too many attempts: try again in 5 minutes, or ask the security administrator.",
    ),
    "incorrect_password": Text(zh="密码不对。", en="The password is wrong."),
    "enter_current_password": Text(zh="当前密码不对。", en="The current password is wrong."),
    "same_as_current": Text(zh="新密码不能与当前密码相同。", en="The new password must differ from the current one."),
    "incorrect_code": Text(
        zh="验证码不对或已过期，请重新输入。", en="The code is wrong or out of date: enter the next one."
    ),
    "incorrect_passkey": Text(zh="这个通行密钥不能用于登录。", en="This passkey cannot be used to sign in."),
    "rate_limited": Text(zh="操作过于频繁，请稍后再试。", en="Too many requests: try again later."),
}


def language() -> Language:
    """Return the language of the request that is being answered."""
    found: Language = getattr(context.request, "lang", "zh")
    return found


class Worded:
    """Errors in our own words where we have some."""

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Return the error of a code."""
        if code not in _WORDS:
            found: ValidationError = super().validation_error(code, *args)  # type: ignore[misc] # of the other base
            return found
        said = _WORDS[code].say(language())
        left: int = getattr(context.request, "attempts_left", 0)
        if code == "username_password_mismatch" and left:
            more = Text(zh=f"还可以再试 {left} 次。", en=f" You may try {left} more times.")
            said = said.removesuffix("。") + "，" + more.zh if language() == "zh" else said + more.en
        return ValidationError(said, code=code)


class AccountAdapter(Worded, DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Signing in and out, and passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are opened by the system administrator only."""
        del request
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None,
        message_context: dict[str, Any] | None = None, extra_tags: str = "", message: str | None = None,
    ) -> None:  # fmt: skip
        """Keep an error for the next page; the pages say themselves what has been done."""
        del level, message_template, message_context, extra_tags
        if message:
            request.session[SAID] = [*request.session.get(SAID, []), message]

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: accounts have no e-mail address."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: changes stand in the security log."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of the client; behind no known proxy and without an address all count as one."""
        return address_of(request) or "unknown"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{self.get_client_ip(request)} {credentials.get('username', '')}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check a password; names are compared without regard to capitals and full-width letters."""
        if "username" in credentials:
            credentials["username"] = normal(credentials["username"])
        found: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return found

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse too many failures."""
        name, address = credentials.get("username", ""), self.get_client_ip(request)
        key = self._get_login_attempts_cache_key(request, **credentials)
        used = ratelimit.consume(request, app=APP, action=HERE, key=key)
        everywhere = ratelimit.consume(request, app=APP, action=ANYWHERE, key=name) if used else None
        self._login_failed_rl_usage = RateLimitUsage([*(used.usage if used else ()), *(everywhere or _NONE).usage])
        if not used or (not everywhere and not _signed_in_before(name, address)):
            _note_limit(name, address)
            raise self.validation_error("too_many_login_attempts")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write a failure down, and how often one may try again."""
        (here, *_) = self._login_failed_rl_usage.usage
        (limit,) = ratelimit.get_rates(app=APP, action=HERE)
        request.attempts_left = limit.amount - len(cache.get(here.cache_key, []))  # type: ignore[attr-defined]
        note("sign-in-failed", username=credentials.get("username", ""), address=self.get_client_ip(request))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Begin a session and write it down, with what was shown to begin it."""
        methods = [one.get("type", one["method"]) for one in get_authentication_records(request, user)]
        clear_sessions()
        super().login(request, user)
        request.session[BEGAN] = time.time()
        request.session[ADDRESS] = address_of(request)
        request.session[DEVICE] = request.META.get("HTTP_USER_AGENT", "")[:BROWSER]
        note("signed-in", username=user.get_username(), address=address_of(request), detail=" ".join(methods))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **rest: Any) -> HttpResponse:
        """Take the language of the account where this browser has none yet."""
        response: HttpResponse = super().post_login(request, user, **rest)
        if "lang" not in request.COOKIES and isinstance(user, User):
            response.set_cookie("lang", user.language, max_age=A_YEAR, samesite="Lax", httponly=True)
        return response

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Send somebody whose account is closed back, with the same words as for a wrong passkey."""
        del user
        self.add_message(request, 0, message=_WORDS["incorrect_passkey"].say(language()))
        return redirect("account_login")

    def logout(self, request: HttpRequest) -> None:
        """End the session and write it down."""
        name = request.user.get_username()
        super().logout(request)
        note("signed-out", username=name, address=address_of(request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on with the work afterwards."""
        del request
        return "/"

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Take the password somebody has chosen for themselves, and end their other sessions."""
        assert isinstance(user, User)  # noqa: S101 - the only model of accounts there is
        user.set_password(password)
        user.must_change = False
        user.save(update_fields=["password", "must_change"])
        end_sessions(user, but=self.request.session.session_key or "")
        note("password-changed", username=user.username, address=address_of(self.request))


_NONE: Final = RateLimitUsage([])


def _signed_in_before(name: str, address: str) -> bool:
    return SecurityEvent.objects.filter(username=name, event="signed-in", address=address).exists()


def _note_limit(name: str, address: str) -> None:
    """Write down that attempts are refused, once in a row: an attacker must not fill the log."""
    last = SecurityEvent.objects.filter(username=name).order_by("-id").first()
    if last is None or (last.event, last.address) != ("sign-in-limited", address):
        note("sign-in-limited", username=name, address=address)


def release(username: str) -> None:
    """Let somebody who failed too often try again at once, from wherever they failed."""
    nowhere = HttpRequest()  # the library asks for one, and does not look at it for limits by key
    ratelimit.clear(nowhere, app=APP, action=ANYWHERE, key=username)
    failed = SecurityEvent.objects.filter(username=username, event__in=("sign-in-failed", "sign-in-limited"))
    for address in set(failed.order_by("-id").values_list("address", flat=True)[:LOOKED_AT]):
        ratelimit.clear(nowhere, app=APP, action=HERE, key=f"{address} {username}")
