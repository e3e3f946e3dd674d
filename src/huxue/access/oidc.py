"""Signing in at an OpenID Connect server, where the settings name one.

The server vouches for who somebody is; that he has an account here, and what he may do, is decided here. Its claim
``OIDC_CLAIM`` holds our user name. Whoever has no account, or a closed one, is sent back with a sentence.
"""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect

from huxue.access.accounts import normal
from huxue.access.adapter import SAID, language
from huxue.access.models import User
from huxue.access.security import address_of, note
from huxue.core.values import Text

_STRANGER = Text(
    zh="认证已通过，但这里还没有“{}”的账号。请联系本单位的系统管理员开通。",
    en="The server knows you, but “{}” has no account here. Ask your system administrator to open one.",
)
_FAILED = Text(
    zh="统一身份认证没有完成，请重试或用密码登录。",
    en="The server did not sign you in: try again, or use the password.",
)


class OidcAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Finds the account by the claim; makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are opened by the system administrator only."""
        del request, sociallogin
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Bind the identity to the account of that name at the first sign-in; later the server's own id is enough."""
        if sociallogin.state.get("process") not in (None, "login"):
            raise self._back(request, _FAILED.say(language()))
        if sociallogin.is_existing:
            _forget_given_password(sociallogin.user)
            return
        said = sociallogin.account.extra_data
        name = normal(str(_claims(said).get(settings.OIDC_CLAIM, "")))
        user = User.objects.filter(username=name, is_active=True).first()
        if user is None:
            note("sign-in-failed", username=name, address=address_of(request), detail="socialaccount")
            raise self._back(request, _STRANGER.say(language()).format(name))
        sociallogin.connect(request, user)
        _forget_given_password(user)
        note("factor-added", username=name, address=address_of(request), detail="socialaccount")

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        """Go back to the sign-in page with a sentence; the log keeps that it failed."""
        del provider, error, exception, extra_context
        note("sign-in-failed", username="", address=address_of(request), detail="socialaccount")
        raise self._back(request, _FAILED.say(language()))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: accounts have no e-mail address."""

    def _back(self, request: HttpRequest, sentence: str) -> ImmediateHttpResponse:
        request.session[SAID] = [sentence]
        return ImmediateHttpResponse(redirect("account_login"))


def _forget_given_password(user: User) -> None:
    """Make a password that an administrator gave worthless: who signs in elsewhere need not know it to change it."""
    if user.must_change:
        user.set_unusable_password()
        user.must_change = False
        user.save(update_fields=["password", "must_change"])


def _claims(said: dict[str, Any]) -> dict[str, Any]:
    """Return the claims: those of the server's page about the person, else of the token."""
    found: dict[str, Any] = said.get("userinfo") or said.get("id_token") or said
    return found
