"""Settings. Everything that differs between places comes from the environment; docs/operations.md lists it."""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PACKAGE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("IKRAR_HOME") or PACKAGE.parent / "var").resolve()


_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _flag(name: str, default: bool = False) -> bool:
    text = (os.environ.get(name) or ("1" if default else "0")).lower()
    if text not in ("1", "true", "yes", "0", "false", "no"):
        raise ImproperlyConfigured(f"{name}: {text[:40]}: use 1 or 0")
    return text in ("1", "true", "yes")


def _number(name: str, default: int, least: int, most: int) -> int:
    """Return a whole number of the environment. What is wrong with one names it, as for all that stand here."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise ImproperlyConfigured(f"{name}: {text[:40]}: use a whole number from {least} to {most}")
    return int(text)


def _seconds(name: str, default: str) -> float:
    text = os.environ.get(name) or default
    try:
        if 0 <= float(text) <= 86_400:
            return float(text)
    except ValueError:
        pass
    raise ImproperlyConfigured(f"{name}: {text[:40]}: use a number of seconds from 0 to 86400")


def _parts(name: str, text: str) -> SplitResult:
    """Return the parts of an address, of which the port is a port. What it holds may be secret, and is not told."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name}: this is no address; check its host and its port") from None
    return parts


def _web_address(name: str, default: str = "") -> str:
    text = (os.environ.get(name) or default).rstrip("/")
    parts = _parts(name, text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ImproperlyConfigured(f"{name}: {text[:60]}: use http:// or https:// and a host")
    return text


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _secret_key() -> str:
    """Return the key from the environment, else from the installation's folder; where there is none yet, a fresh one.

    A fresh one is kept by whoever makes an installation or serves it (services.installation.keep_secret_key), and by
    nobody else: asking for help leaves no key behind.
    """
    path = HOME / "keys" / "secret-key"
    try:
        return os.environ.get("IKRAR_SECRET_KEY") or (
            path.read_text().strip() if path.exists() else secrets.token_urlsafe(64)
        )
    except OSError as error:
        raise ImproperlyConfigured(f"IKRAR_HOME: {path} cannot be read: {error.strerror}") from None


# So much of a database may a connection of SQLite keep at hand. In a web process each request that is handled has one
# (`ikrar serve` says how many at once), and they share.
_THREADS = int(os.environ.get("IKRAR_WEB_THREADS", "0"))
_PAGES_KB = max(4_096, 262_144 // _THREADS) if _THREADS else 65_536


def _database() -> dict[str, object]:
    """Read DATABASE_URL (postgres://user:password@host:port/name, or sqlite:///path); without it SQLite in HOME."""
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("sqlite:") and not url.removeprefix("sqlite:///").strip("/"):
        raise ImproperlyConfigured("DATABASE_URL: use sqlite:/// and a path")
    if not url or url.startswith("sqlite:///"):
        name = url.removeprefix("sqlite:///") or str(HOME / "ikrar.sqlite3")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            # A connection stays with its thread: opening one costs as much as three pages.
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "cached_statements": 512,
                # FULL: an answer that says "signed" is on the disk before it leaves. No pages are mapped: at every change
                # by another SQLite would give the whole map back, and each processor would have to hear of it.
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON;"
                    # What is deleted is overwritten: an erased report stands in no free page (services/retention.py).
                    " PRAGMA secure_delete=ON;"
                    f" PRAGMA cache_size=-{_PAGES_KB}; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                    " PRAGMA wal_autocheckpoint=4000;"
                ),
            },
            # A file, so that threads and processes of a test see one database.
            "TEST": {"NAME": str(HOME / f"test-{os.getpid()}.sqlite3")},
        }
    parts = _parts("DATABASE_URL", url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"DATABASE_URL: {parts.scheme}: is not known; use postgres:// or sqlite:///")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        # What is asked thousands of times a minute says itself that it is to be prepared (records.kept), and nothing else is.
        # Pages are found by keys. As it comes, PostgreSQL takes a page that is looked up for four times as dear as the next one of
        # a table (a turning disk) and goes through the whole of a table that it believes to be small; and it translates large
        # counts to machine code for seconds where counting takes a tenth of one.
        "OPTIONS": {"prepare_threshold": 1_000_000, "options": "-c random_page_cost=1.1 -c jit=off"},
    }


SECRET_KEY = _secret_key()
DEBUG = False
# `ikrar serve` says the address it listens on where none was set (worker/serving.py).
BASE_URL = _web_address("IKRAR_BASE_URL", "http://localhost:8000")
ALLOWED_HOSTS = _list("IKRAR_HOSTS") or ["localhost", "127.0.0.1", "[::1]", urlsplit(BASE_URL).hostname or "localhost"]
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# Behind HTTPS (the base address says so) cookies and redirects insist on it.
_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "ikrar.web",
    "ikrar.worker",
    "ikrar.records",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ikrar.web.middleware.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "ikrar.web.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "ikrar.web.middleware.Account",
    "ikrar.web.middleware.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "ikrar.web.middleware.Addresses",
    "ikrar.web.middleware.Refusals",
]

# Which doors this process opens: an intake host need not serve the staff's pages.
DOORS = _list("IKRAR_DOORS", "public,staff,intake")
if not DOORS or not set(DOORS) <= {"public", "staff", "intake"}:
    raise ImproperlyConfigured(f"IKRAR_DOORS: {','.join(DOORS) or 'empty'}: the doors are public, staff and intake")
# Where "quick exit" of the intake door leads. Empty: to the calendar of elections here.
QUICK_EXIT = _web_address("IKRAR_QUICK_EXIT")
ROOT_URLCONF = "ikrar.web.urls"
FORM_RENDERER = "ikrar.web.forms.renderer.Renderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "ikrar.web.context.page",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "ikrar.web.templatetags.ikrar"],
            "loaders": [
                (
                    "ikrar.web.templating.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {"default": _database()}
SILENCED_SYSTEM_CHECKS = ["fields.W163"]  # comments on columns are for PostgreSQL; that SQLite keeps none is no fault

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["ikrar.web.sign_in.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "ikrar.web.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = (
    1800  # s without proof of a credential after which signing asks for one (web.access.is_fresh)
)
ACCOUNT_USER_DISPLAY = "ikrar.web.sign_in.display"
# allauth counts per address by default, and a school of seventy shares one; ours counts per account and code.
# A second factor is counted by account, in the database (web.forms.second_factor).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key", "reauthenticate": "20/15m/user"}
MFA_RATE_LIMITS = False
MFA_ADAPTER = "ikrar.web.sign_in.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Ikrar"
ACCOUNT_FORMS = {"reauthenticate": "ikrar.web.forms.second_factor.ConfirmByPassword"}
MFA_FORMS = {
    "authenticate": "ikrar.web.forms.second_factor.SecondFactor",
    "reauthenticate": "ikrar.web.forms.second_factor.ConfirmBySecondFactor",
    "add_webauthn": "ikrar.web.forms.passkeys.AddPasskey",
    "login_webauthn": "ikrar.web.forms.passkeys.SignInWithPasskey",
    "authenticate_webauthn": "ikrar.web.forms.passkeys.SecondFactorByPasskey",
    "reauthenticate_webauthn": "ikrar.web.forms.passkeys.ConfirmWithPasskey",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _HTTPS
SOCIALACCOUNT_ADAPTER = "ikrar.web.sign_in.SingleSignOnAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_CLAIM = os.environ.get("IKRAR_OIDC_CLAIM", "nip")  # the claim that holds the person's number
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
if _oidc := _web_address("IKRAR_OIDC_URL"):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = [
        {
            "provider_id": "sso",
            "name": os.environ.get("IKRAR_OIDC_NAME", "SSO"),
            "client_id": os.environ.get("IKRAR_OIDC_CLIENT", ""),
            "secret": os.environ.get("IKRAR_OIDC_SECRET", ""),
            "settings": {"server_url": _oidc, "scope": ["openid", "profile"]},
        }
    ]

SESSION_ENGINE = "ikrar.services.sessions"
# Seconds for which a process may remember a session and an account; a revoked one dies within them, at once where it was
# revoked on the same machine. 0: never.
KEPT_S = _seconds("IKRAR_KEPT_S", "5")
SESSION_COOKIE_AGE = 43_200
SESSION_COOKIE_NAME = "ikrar"
SESSION_COOKIE_HTTPONLY = True

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = PACKAGE / "staticfiles"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": HOME / "files",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "ikrar.web.static_files.Collected"},
}
WHITENOISE_MAX_AGE = 3600

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# Uploads: the sizes a form refuses beyond, in bytes.
ROSTER_LIMIT_BYTES = 1_500_000_000
CERTIFICATE_LIMIT_BYTES = 5_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = None

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Signatures that arrive together are committed together (services/commits.py). A test runs acts one by one.
COMMIT_TOGETHER = _flag("IKRAR_COMMIT_TOGETHER", True)
# One-time codes of the slips live so long.
CODE_LIFE_DAYS = _number("IKRAR_CODE_LIFE_DAYS", 14, 1, 366)
# How many reports a channel of a body takes on one day: a flood in one shuts that one alone (services/reports.py).
INTAKE_BUDGETS = {
    "plain": _number("IKRAR_INTAKE_PLAIN", 5_000, 1, 10_000_000),
    "scripted": _number("IKRAR_INTAKE_SCRIPTED", 50_000, 1, 10_000_000),
    "staff": _number("IKRAR_INTAKE_STAFF", 5_000, 1, 10_000_000),
}
# How much work a browser does before it files: leading zero bits of SHA-256, 2^15 hashes on average, half a second of an old phone.
INTAKE_WORK_BITS = _number("IKRAR_INTAKE_WORK_BITS", 15, 1, 24)
# Time stamps for certificates from an outside authority (RFC 3161). Empty: none is asked.
TSA_URL = _web_address("IKRAR_TSA_URL")

# That something waits in the inbox may be told outside (services/outbox.py). Empty: nothing leaves the machine.
# smtp://, smtp+tls:// (STARTTLS) or smtps://, with user:password@host:port.
_MAIL = _parts("IKRAR_MAIL_URL", os.environ.get("IKRAR_MAIL_URL", ""))
_MAIL_PORTS = {"": 25, "smtp": 25, "smtp+tls": 587, "smtps": 465}
if _MAIL.scheme not in _MAIL_PORTS or (_MAIL.scheme and not _MAIL.hostname):
    raise ImproperlyConfigured("IKRAR_MAIL_URL: use smtp://, smtp+tls:// or smtps:// with a host")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.scheme else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "", _MAIL.port or _MAIL_PORTS[_MAIL.scheme]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps"
MAIL_CONFIGURED = bool(_MAIL.scheme)
MAIL_TIMEOUT_S = 15
DEFAULT_FROM_EMAIL = os.environ.get("IKRAR_MAIL_FROM") or f"ikrar@{urlsplit(BASE_URL).hostname or 'localhost'}"
# Addresses as Apprise reads them, with white space between; {number} stands for the person's mobile number.
MESSENGER_URLS = os.environ.get("IKRAR_MESSENGERS", "").split()
OUTSIDE_A_MINUTE = _number("IKRAR_MESSAGES_A_MINUTE", 120, 1, 100_000)

_LOG_LEVEL = (os.environ.get("IKRAR_LOG_LEVEL") or "INFO").upper()
if _LOG_LEVEL not in _LOG_LEVELS:
    raise ImproperlyConfigured(f"IKRAR_LOG_LEVEL: {_LOG_LEVEL[:40]}: use one of {', '.join(_LOG_LEVELS)}")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"one_line_for_refusals": {"()": "ikrar.web.log_lines.OneLineForRefusals"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["one_line_for_refusals"]}
    },
    "root": {"handlers": ["console"], "level": _LOG_LEVEL},
    "loggers": {
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # What a task says when it fails may hold somebody's name: the worker names the task alone.
        "django_tasks": {"level": "CRITICAL"},
        "django_tasks_db": {"level": "CRITICAL"},
        "fontTools": {"level": "WARNING"},
        "pyhanko": {"level": "ERROR"},
    },
}
