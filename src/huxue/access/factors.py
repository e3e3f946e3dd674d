"""Second factors: passkeys, one-time codes of an app, recovery codes; their secrets are stored encrypted."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any, Final

from allauth.mfa import signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from huxue.access.adapter import Worded, language
from huxue.access.models import User
from huxue.access.security import address_of, note
from huxue.core.values import Text

PRODUCT: Final = "护学 Huxue"


@cache
def _cipher(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"huxue second factors").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


class FactorAdapter(Worded, DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Names, words and encryption of the second factors."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret under the site's key, so that a copy of the database opens nothing."""
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a secret."""
        return _cipher(settings.SECRET_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """Return what an app shows above the code."""
        return PRODUCT

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return for whom a passkey is made: the name of this host."""
        found: dict[str, str] = super().get_public_key_credential_rp_entity()
        return found | {"name": PRODUCT}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - its name
        """Return a first name for a key, to be changed at will."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return Text(zh=f"通行密钥 {count}", en=f"Passkey {count}").say(language())


def remove_factors(user: User) -> int:
    """Remove all factors but the password; return how many there were."""
    removed: int = Authenticator.objects.filter(user_id=user.pk).delete()[0]
    return removed


def listen() -> None:
    """Write every change of a factor into the security log; allauth announces them by signals only."""
    signals.authenticator_added.connect(_added)
    signals.authenticator_removed.connect(_removed)
    signals.authenticator_reset.connect(_made_anew)
    signals.authentication_failed.connect(_failed)


def _added(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note("factor-added", username=user.username, address=address_of(request), detail=authenticator.type)


def _removed(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note("factor-removed", username=user.username, address=address_of(request), detail=authenticator.type)


def _made_anew(*, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    note("codes-made", username=user.username, address=address_of(request), detail=authenticator.type)


def _failed(*, request: HttpRequest, user: User, **_: Any) -> None:
    note("factor-failed", username=user.username, address=address_of(request))
