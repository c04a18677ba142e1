"""Django's settings, all of them derived from the typed environment.

Importable without an installation (for type checks and makemigrations); nothing can be opened then.
"""

import atexit
import urllib.parse
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils.csp import CSP

from werkbote.config import env, log, login
from werkbote.store import vault

ENVIRONMENT = env.read()

_PACKAGE = Path(__file__).resolve().parents[1]
_HOST = urllib.parse.urlsplit(ENVIRONMENT.public_url).hostname or "127.0.0.1"
_YEAR = 365 * 24 * 3600


def _secret_key() -> str:
    try:
        return login.installation(ENVIRONMENT).derive("django secret key").hex()
    except vault.UnableToLoadKeys:
        return ""


def _database() -> dict[str, Any]:
    try:
        if ENVIRONMENT.role == "owner":
            return login.django(login.as_owner(ENVIRONMENT), pool=0)
        return login.django(login.application(ENVIRONMENT), pool=ENVIRONMENT.pool)
    except (login.UnableToLogIn, vault.UnableToLoadKeys):
        return {"ENGINE": "django.db.backends.postgresql", "NAME": "not_installed"}


WERKBOTE_KEY_FILE = ENVIRONMENT.key_file
WERKBOTE_KEYS = ENVIRONMENT.keys
WERKBOTE_PUBLIC_URL = ENVIRONMENT.public_url
WERKBOTE_GRAPH_URL = ENVIRONMENT.graph_url
WERKBOTE_CHAIN_COPY = ENVIRONMENT.chain_copy
WERKBOTE_LOG_LEVEL = ENVIRONMENT.log_level
WERKBOTE_JOURNAL = ENVIRONMENT.journal
WERKBOTE_SECOND_FACTOR = ENVIRONMENT.second_factor
WERKBOTE_OIDC_ISSUER = ENVIRONMENT.oidc_issuer
WERKBOTE_OIDC_CLIENT_ID = ENVIRONMENT.oidc_client_id
WERKBOTE_OIDC_SECRET_FILE = ENVIRONMENT.oidc_secret_file
WERKBOTE_BREACHED_PASSWORDS = ENVIRONMENT.breached_passwords
WERKBOTE_BACKUP_TO = ENVIRONMENT.backup.to
WERKBOTE_BACKUP_KEYS_TO = ENVIRONMENT.backup.keys_to
WERKBOTE_BACKUP_S3_FILE = ENVIRONMENT.backup.s3_file
WERKBOTE_BACKUP_KEEP_DAYS = ENVIRONMENT.backup.keep_days
WERKBOTE_BACKUP_KEYS_KEEP_DAYS = ENVIRONMENT.backup.keys_keep_days
WERKBOTE_IMPRINT_URL = ENVIRONMENT.imprint_url
WERKBOTE_MAIL_URL = ENVIRONMENT.mail_url
WERKBOTE_MAIL_BOUNCES = ENVIRONMENT.mail_bounces
WERKBOTE_HOUSE = ENVIRONMENT.house
WERKBOTE_SECURITY_CONTACT = ENVIRONMENT.security_contact
WERKBOTE_CLAMAV = ENVIRONMENT.clamav

DEBUG = False
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = sorted({_HOST, "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.public_url]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "django_htmx",
    "werkbote.store",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "werkbote.web.permissions.Closed",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "werkbote.web.urls"
ASGI_APPLICATION = "werkbote.config.asgi.application"
AUTH_USER_MODEL = "store.Member"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": _database()}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "builtins": [
                "werkbote.web.components",
                "werkbote.web.consent_components",
                "werkbote.web.desk_components",
                "werkbote.web.duties_components",
                "werkbote.web.privacy_components",
                "werkbote.web.numbers_components",
                "werkbote.web.reports_components",
                "werkbote.web.thread_components",
                "werkbote.web.way_out",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
            ],
        },
    }
]
STATIC_URL = "/static/"
STATICFILES_DIRS = [folder for folder in [_PACKAGE / "web" / "static"] if folder.exists()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "werkbote.config.static.FingerprintedFiles"},
}

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [_PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "werkbote.store.breached.NotBreached"},
]

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "media-src": [CSP.SELF, "blob:"],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 2 * _YEAR if ENVIRONMENT.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
X_FRAME_OPTIONS = "DENY"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.https else "session"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if ENVIRONMENT.https else "csrf"
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = ENVIRONMENT.https

DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
"""Ten minutes of speech, the longest recording, stay in memory until they are sealed."""
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

LOGGING_CONFIG = None
log.configure(level=ENVIRONMENT.log_level)


@atexit.register
def _close_pools() -> None:
    """Close what connection pools hold; left to the interpreter, each costs seconds at the end."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
