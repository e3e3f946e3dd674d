"""Signing in and out, and somebody's own account. What django-allauth does is bound here, page by page, with our words.

There is no page to register, none to ask for a new password and none about e-mail: an administrator does that.
"""

from __future__ import annotations

from typing import Final

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from huxue.access.factors import listen
from huxue.access.models import SecurityEvent, Session, User
from huxue.access.security import EVENTS, address_of, said
from huxue.access.sessions import name_of
from huxue.actions.accounts import end_own_sessions, set_preferences
from huxue.actions.demo_accounts import PASSWORD, TITLES
from huxue.web.asking import COOKIE
from huxue.web.browsers import device
from huxue.web.pages import demonstration, page
from huxue.web.routing import PUBLIC, SIGNED_IN, Request, route
from huxue.web.rules import post_titles

RECENT: Final = 12  # lines of the log that somebody sees of their own account
A_YEAR: Final = 365 * 24 * 3600  # seconds

listen()  # the security log hears of factors

sign_in = accounts.LoginView.as_view(
    extra_context={
        "demonstration": demonstration,
        "demo_password": PASSWORD,
        "demo_accounts": TITLES,
        "oidc_name": settings.OIDC_NAME,
    }
)


def account(request: Request) -> HttpResponse:
    """Show somebody their own account: posts, how they read, how they sign in, where they are signed in."""
    user = _user(request)
    mine = list(Authenticator.objects.filter(user_id=user.pk).order_by("pk"))
    held = {one.type: one for one in mine}
    recovery = held.get("recovery_codes")
    return page(
        request,
        "account/account.html",
        user=user,
        passkeys=[(one.pk, one.wrap().name) for one in mine if one.type == "webauthn"],
        has_app="totp" in held,
        codes_left=len(recovery.wrap().get_unused_codes()) if recovery else None,
        sessions=_sessions(request, user),
        events=SecurityEvent.objects.filter(username=user.username).order_by("-id")[:RECENT],
        names=EVENTS,
        said=said,
        titles=post_titles(request),
    )


def _sessions(request: Request, user: User) -> list[dict[str, object]]:
    """Return where somebody is signed in, this browser first."""
    own = request.session.session_key
    rows = Session.objects.filter(user=user.pk).order_by("-began")
    found = [
        {
            "name": name_of(row.session_key),
            "own": row.session_key == own,
            "began": row.began,
            "address": row.address,
            "device": device(row.device),
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: not row["own"])


def choose_post(request: Request) -> HttpResponse:
    """Act in another of one's posts."""
    wanted = _posted(request).get("post", "")
    if wanted not in [held.post for held in request.viewer.posts]:
        raise Http404
    request.session["post"] = wanted
    return redirect("/" if request.POST.get("home") else "account")


def preferences(request: Request) -> HttpResponse:
    """Keep language and size of type."""
    posted = _posted(request)
    language = posted.get("language", "")
    set_preferences(user=_user(request), language=language, large_type=posted.get("large_type") == "on")
    answer = redirect("account")
    answer.set_cookie(COOKIE, language, max_age=A_YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return answer


def end_sessions(request: Request) -> HttpResponse:
    """End one of one's own sessions, or all others."""
    named, own = _posted(request).get("session", ""), request.session.session_key or ""
    end_own_sessions(user=_user(request), session=named, but=own, address=address_of(request))
    return redirect("account")


def to_account(request: Request) -> HttpResponse:
    """Lead to the own account, where the library has pages of its own."""
    del request
    return redirect("account")


def _user(request: Request) -> User:
    user = request.viewer.user
    if user is None:  # the route lets nobody in without an account
        raise Http404
    return user


def _posted(request: Request) -> dict[str, str]:
    if request.method != "POST":
        raise Http404
    return {name: str(value) for name, value in request.POST.items()}


ROUTES = [
    route("account", account, name="account", needs=SIGNED_IN),
    route("account/post", choose_post, name="choose_post", needs=SIGNED_IN),
    route("account/preferences", preferences, name="preferences", needs=SIGNED_IN),
    route("account/sessions", end_sessions, name="end_sessions", needs=SIGNED_IN),
    route("accounts/login/", sign_in, name="account_login", needs=PUBLIC),
    route("accounts/logout/", accounts.logout, name="account_logout", needs=PUBLIC),
    route("accounts/password/", accounts.password_change, name="account_change_password", needs=SIGNED_IN),
    route("accounts/password/none/", to_account, name="account_set_password", needs=SIGNED_IN),
    route("accounts/again/", accounts.reauthenticate, name="account_reauthenticate", needs=SIGNED_IN),
    route("accounts/factors/", to_account, name="mfa_index", needs=SIGNED_IN),
    route("accounts/factor/", factors.authenticate, name="mfa_authenticate", needs=PUBLIC),
    route("accounts/factor/again/", factors.reauthenticate, name="mfa_reauthenticate", needs=SIGNED_IN),
    route("accounts/app/add/", totp.activate_totp, name="mfa_activate_totp", needs=SIGNED_IN),
    route("accounts/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp", needs=SIGNED_IN),
    route("accounts/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", needs=SIGNED_IN),
    route("accounts/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes", needs=SIGNED_IN),
    route("accounts/passkeys/", to_account, name="mfa_list_webauthn", needs=SIGNED_IN),
    route("accounts/passkeys/login/", webauthn.login_webauthn, name="mfa_login_webauthn", needs=PUBLIC),
    route("accounts/passkeys/add/", webauthn.add_webauthn, name="mfa_add_webauthn", needs=SIGNED_IN),
    route(
        "accounts/passkeys/again/",
        webauthn.reauthenticate_webauthn,
        name="mfa_reauthenticate_webauthn",
        needs=SIGNED_IN,
    ),
    route("accounts/passkeys/<int:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn", needs=SIGNED_IN),
    route("accounts/passkeys/<int:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn", needs=SIGNED_IN),
]

if settings.OIDC_URL:  # the library's tables are there only then
    from allauth.socialaccount.providers.openid_connect import views as oidc

    ROUTES += [
        route("accounts/<slug:provider_id>/login/", oidc.login, name="openid_connect_login", needs=PUBLIC),
        route(
            "accounts/<slug:provider_id>/login/callback/", oidc.callback, name="openid_connect_callback", needs=PUBLIC
        ),
        route("accounts/cancelled/", to_account, name="socialaccount_login_cancelled", needs=PUBLIC),
    ]
