"""The one settings file. A site is a folder; everything that differs between sites comes from the environment.

=====================  ==============================================================================
``HUXUE_SITE``         folder of the site, default ``./var``
``HUXUE_DATABASE_URL`` ``postgresql://user:password@host:port/name``; absent: ``huxue.sqlite3`` in the site
``HUXUE_SECRET_KEY``   absent: the file ``secret.key`` that ``huxue init`` makes in the site
``HUXUE_SEAL_KEYS``    folder of the private keys that sign seals, default ``keys`` in the site
``HUXUE_DEBUG``        ``yes`` or ``no``, default ``no``
``HUXUE_FILE_MEGABYTES`` largest photo or document, default 20
``HUXUE_HOSTS``        names the site is reached by, separated by commas, default the machine itself
``HUXUE_HTTPS``        ``yes`` where people reach the site by https: cookies then travel by no other way
``HUXUE_PROXIES``      how many proxies in front of the site add to ``X-Forwarded-For``, default 0
``HUXUE_IDLE``         minutes without a request after which a session ends, default 120
``HUXUE_LONGEST``      hours after which a session ends however busy it is, default 12
``HUXUE_OIDC_URL``     address of an OpenID Connect server; with it people may sign in there
``HUXUE_OIDC_CLIENT``  our name at that server
``HUXUE_OIDC_SECRET``  our secret at that server
``HUXUE_OIDC_NAME``    what its button says, default ``统一身份认证``
``HUXUE_OIDC_CLAIM``   which claim holds our user name, default ``preferred_username``
=====================  ==============================================================================

With OpenID Connect accounts are still opened here first: the server only vouches for who somebody is. After setting or
unsetting it, ``huxue init`` brings the tables up to date.

A variable that is set but cannot be understood is refused with a sentence; it is never quietly replaced.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from huxue.core.values import Refused

# WAL and IMMEDIATE: with Django's own defaults half the transactions of 20 writers fail.
# recursive_triggers: without it INSERT OR REPLACE slips past the triggers that forbid deleting a fact.
# cache_size: 8 MB for each thread of a worker; large loads ask for more (organisations/tables.roomy).
# synchronous=FULL: see docs/adr/0002-sqlite-synchronous.md.
SQLITE_PRAGMAS: Final = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; "
    "PRAGMA cache_size=-8192;"
)
# A new connection for every page would cost as much as the page.
KEPT_OPEN: Final = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
SQLITE_TIMEOUT: Final = 20  # seconds a writer waits for the one before it
POSTGRESQL_SCHEMES: Final = ("postgresql", "postgres")
TRUTHS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


def text(name: str, default: str) -> str:
    """Return a variable of the environment, or ``default`` where it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def yes_no(name: str, *, default: bool) -> bool:
    """Return a yes/no variable; refuses any other word with the code ``environment``."""
    given = text(name, "yes" if default else "no").lower()
    if given not in TRUTHS:
        raise Refused("environment", f"环境变量 {name} 只能是 yes 或 no。", f"{name} must be yes or no.")
    return TRUTHS[given]


def number(name: str, default: int) -> int:
    """Return a whole number of at least 0; refuses anything else with the code ``environment``."""
    given = text(name, str(default))
    if not given.isascii() or not given.isdecimal():
        raise Refused("environment", f"环境变量 {name} 应为整数。", f"{name} must be a whole number.")
    return int(given)


def database(site: Path, url: str = "") -> dict[str, Any]:
    """Return Django's description of a site's database: PostgreSQL at ``url``, or SQLite inside ``site``.

    Refuses a ``url`` of another kind, or one without a database name, with the code ``environment``.
    """
    return postgresql(url) if url else sqlite(site / "huxue.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    """Return Django's description of a SQLite file."""
    options = {"timeout": SQLITE_TIMEOUT, "transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS}
    return {"ENGINE": "huxue.organisations.sqlite", "NAME": str(path), "OPTIONS": options, **KEPT_OPEN}


def postgresql(url: str) -> dict[str, Any]:
    """Return Django's description of a PostgreSQL database; ``?host=/folder`` names a socket, as in libpq."""
    parts, broken = urlsplit(url), _unreadable_url()
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in POSTGRESQL_SCHEMES or not name:
        raise broken
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port or ""
    except ValueError:
        raise broken from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port),
        "OPTIONS": options,
        **KEPT_OPEN,
    }


def _unreadable_url() -> Refused:
    """Return the refusal; it does not repeat the address, which may hold a password."""
    shape = "postgresql://USER:PASSWORD@HOST:PORT/NAME"
    return Refused(
        "environment",
        f"环境变量 HUXUE_DATABASE_URL 无法识别，应写作 {shape}。",
        f"HUXUE_DATABASE_URL cannot be read; it should look like {shape}.",
    )


def secret(site: Path) -> str:
    """Return the secret key, or "" before ``huxue init`` has made one; Django refuses to use an empty key."""
    key = site / "secret.key"
    return text("HUXUE_SECRET_KEY", "") or (key.read_text("ascii").strip() if key.is_file() else "")


SITE = Path(text("HUXUE_SITE", "var")).absolute()
SECRET_KEY = secret(SITE)
SEAL_KEYS = text("HUXUE_SEAL_KEYS", "")  # "": in the site
DEBUG = yes_no("HUXUE_DEBUG", default=False)
ALLOWED_HOSTS = text("HUXUE_HOSTS", "localhost,127.0.0.1").split(",")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "huxue.organisations",
    "huxue.access",
    "huxue.ledger",
    "huxue.standings",
    "huxue.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]
AUTH_USER_MODEL = "access.User"
PASSWORD_HASHERS = ["huxue.access.hashing.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "huxue.web.frame.Frame",
]
ROOT_URLCONF = "huxue.urls"
WSGI_APPLICATION = "huxue.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "huxue.web.jinja.Bilingual",
        "NAME": "pages",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"debug": DEBUG},
    },
]
CSRF_FAILURE_VIEW = "huxue.web.pages.refused_csrf"
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # straight from the package: nothing has to be collected first
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 31_536_000  # addresses of static files carry their digest
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = yes_no("HUXUE_HTTPS", default=False)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes of a form; files have a bound of their own
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000
FILE_BYTES = number("HUXUE_FILE_MEGABYTES", 20) * 1_000_000  # of one photo or document
# Signing in: accounts are opened by an administrator and have no e-mail address. Limits count failures, for one name
# from one address and for one name from anywhere; see access/adapter.py.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "/"
ACCOUNT_ADAPTER = "huxue.access.adapter.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "huxue.access.forms.AnotherPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "", "login_failed": "5/5m/key", "login_failed_anywhere": "100/d/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = number("HUXUE_PROXIES", 0)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SESSION_COOKIE_SECURE else "http"
MFA_ADAPTER = "huxue.access.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # half a minute either way: the clocks of telephones differ
MFA_RATE_LIMITS = {"webauthn_login": ""}  # nothing can be guessed there, and schools share addresses
CACHES = {  # in the database, because all worker processes must see the limits
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "access_limit",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SESSION_ENGINE = "huxue.access.sessions"
SESSION_COOKIE_AGE = number("HUXUE_IDLE", 120) * 60
SESSION_LONGEST = number("HUXUE_LONGEST", 12) * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

OIDC_URL = text("HUXUE_OIDC_URL", "")
OIDC_NAME = text("HUXUE_OIDC_NAME", "统一身份认证")
if OIDC_URL:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "huxue.access.oidc.OidcAdapter"
    SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that is answered by going elsewhere would break the content policy
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": OIDC_NAME,
                    "client_id": text("HUXUE_OIDC_CLIENT", ""),
                    "secret": text("HUXUE_OIDC_SECRET", ""),
                    "settings": {"server_url": OIDC_URL},
                }
            ]
        }
    }
OIDC_CLAIM = text("HUXUE_OIDC_CLAIM", "preferred_username")

DATABASES = {"default": database(SITE, text("HUXUE_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Our own tables hold days and minutes of civil time as integers; only Django's own columns are zoned instants.
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]

# Django's default writes to the console only while debugging; a page that broke must leave its traceback somewhere.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},  # a page that is not there is no news
        "django.security": {"level": "ERROR"},
    },
}
