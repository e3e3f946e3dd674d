"""Signing in and out, and somebody's own account. What django-allauth does is bound here, page by page, with our words.

There is no page to register, none to ask for a new password and none about e-mail: an administrator does that.
"""

from __future__ import annotations

from typing import Final

from allauth.account import views as accounts
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings

from huxue.access.factors import listen
from huxue.actions.demo_accounts import PASSWORD, TITLES
from huxue.web.pages import demonstration
from huxue.web.routing import PUBLIC, SIGNED_IN, route

listen()  # the security log hears of factors

sign_in = accounts.LoginView.as_view(
    extra_context={
        "demonstration": demonstration,
        "demo_password": PASSWORD,
        "demo_accounts": TITLES,
        "oidc_name": settings.OIDC_NAME,
    }
)

ROUTES: Final = [
    route("accounts/login/", sign_in, name="account_login", needs=PUBLIC),
    route("accounts/logout/", accounts.logout, name="account_logout", needs=PUBLIC),
    route("accounts/password/", accounts.password_change, name="account_change_password", needs=SIGNED_IN),
    route("accounts/again/", accounts.reauthenticate, name="account_reauthenticate", needs=SIGNED_IN),
    route("accounts/factor/", factors.authenticate, name="mfa_authenticate", needs=PUBLIC),
    route("accounts/factor/again/", factors.reauthenticate, name="mfa_reauthenticate", needs=SIGNED_IN),
    route("accounts/app/add/", totp.activate_totp, name="mfa_activate_totp", needs=SIGNED_IN),
    route("accounts/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp", needs=SIGNED_IN),
    route("accounts/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes", needs=SIGNED_IN),
    route("accounts/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes", needs=SIGNED_IN),
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
