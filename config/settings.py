"""Django's settings, all from the environment. `config/environment.py` checks them first."""

import os
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.contrib.messages.constants import ERROR, SUCCESS, WARNING

from config.api_settings import (  # noqa: F401 - they are settings, too
    OAUTH2_PROVIDER,
    OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL,
    OAUTH2_PROVIDER_APPLICATION_MODEL,
    OAUTH2_PROVIDER_GRANT_MODEL,
    OAUTH2_PROVIDER_ID_TOKEN_MODEL,
    OAUTH2_PROVIDER_REFRESH_TOKEN_MODEL,
    REST_FRAMEWORK,
    SPECTACULAR_SETTINGS,
)
from config.bank import parse_collection_accounts, parse_time_of_day
from config.environment import (
    DEVELOPMENT_DATABASE,
    DEVELOPMENT_FIELD_KEYS,
    DEVELOPMENT_INSURER,
    DEVELOPMENT_OMBUDSMAN,
    DEVELOPMENT_REDIS,
    DEVELOPMENT_SECRET,
    SUPERVISOR,
    check_environment_name,
    check_line_of_business,
    check_production,
    check_record_separator,
    parse_command,
    parse_field_keys,
)
from config.logs import configure_logs
from config.schedule import SCHEDULE

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

BAU_ENV = check_environment_name(env.str("BAU_ENV", default="production"))
PRODUCTION = BAU_ENV == "production"
if PRODUCTION:
    check_production(os.environ)

DEBUG = env.bool("DEBUG", default=BAU_ENV == "development")
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_SECRET)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
FIELD_ENCRYPTION_KEYS = parse_field_keys(
    env.str("FIELD_ENCRYPTION_KEYS", default=DEVELOPMENT_FIELD_KEYS)
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Who insures: letterhead of every paper and creditor of every debit.
INSURER: dict[str, str] = {
    name: env.str(f"INSURER_{name.upper()}", default=value)
    for name, value in DEVELOPMENT_INSURER.items()
}
# Direct debits: tariffs that are collected on another account of ours, as JSON
# {"tariff key": {"iban": "...", "bic": "..."}}; what the creditor's bank agreed to.
COLLECTION_ACCOUNTS = parse_collection_accounts(env.str("COLLECTION_ACCOUNTS", default=""))
MAX_DEBITS_PER_FILE = env.int("MAX_DEBITS_PER_FILE", default=100_000)
BATCH_BOOKING = env.bool("BATCH_BOOKING", default=True)
# German local time until which the bank takes files on the TARGET day before the due day.
BANK_CUT_OFF = parse_time_of_day(env.str("BANK_CUT_OFF", default="17:00"))
# The folder that the bank's program takes released files from; "" for none.
BANK_OUTBOX = env.str("BANK_OUTBOX", default="")
# Where the bank's program puts its answers; empty: they are uploaded.
BANK_INBOX = env.str("BANK_INBOX", default="")
# How brokers' files (GDV-Datensatz) name the insurer and its product; see docs/operations.md.
GDV: dict[str, Any] = {
    "insurer_number": env.str("GDV_INSURER_NUMBER", default="" if PRODUCTION else "9999"),
    "line": check_line_of_business(env.str("GDV_LINE", default="030")),
    "tax_free": env.bool("GDV_TAX_FREE", default=True),
    "separator": check_record_separator(env.str("GDV_SEPARATOR", default="lf")),
}
# How the insurer's own accounting (DATEV) knows its books; 0: no batch can be written yet.
INSURER_BOOKS: dict[str, int] = {
    "consultant": env.int("BOOKS_CONSULTANT_NUMBER", default=0 if PRODUCTION else 1001),
    "client": env.int("BOOKS_CLIENT_NUMBER", default=0 if PRODUCTION else 1),
    "fiscal_year_month": env.int("BOOKS_FISCAL_YEAR_MONTH", default=1),
}
# Where insured people turn who disagree with a decision; "" leaves one out of the letters.
COMPLAINTS = {
    "ombudsman": env.str(
        "COMPLAINTS_OMBUDSMAN", default="" if PRODUCTION else DEVELOPMENT_OMBUDSMAN
    ),
    "supervisor": env.str("COMPLAINTS_SUPERVISOR", default=SUPERVISOR),
}

# Apps and middleware

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "drf_spectacular",
    "oauth2_provider",
    "pgtrigger",
    "pghistory",
    "aupolicy",
    "members",
    "claims",
    "billing",
    "documents",
    "portal",
    "api",
    "config.apps.ShellConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.FullStore",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# Database and files

DATABASES = {"default": env.db("DATABASE_URL", default=DEVELOPMENT_DATABASE)}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE_SECONDS", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Our statements run shorter than compiling them takes. And each trigger of pgtrigger asks whether
# to be ignored: where nobody ever said so, that costs a caught error, four fifths of its time.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c jit=off -c pgtrigger.ignore={}"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Private: letters and bank files. No address ever serves this folder; views check who asks.
FILES_ROOT = Path(env.str("FILES_ROOT", default=str(BASE_DIR / "var" / "files")))
# What looks at uploads of health data before they are kept: a program and its arguments, which
# gets the file on its standard input. Empty: nothing does.
UPLOAD_SCAN_COMMAND: list[str] = parse_command(env.str("UPLOAD_SCAN_COMMAND", default=""))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": FILES_ROOT,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        # Outside production nothing is collected, so there is no manifest to look into.
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}

# Sign-in and sessions

AUTH_USER_MODEL = "aupolicy.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "portal:sign_in"
LOGIN_REDIRECT_URL = "portal:start"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The insurer's and brokers' people need a second factor. Off only where everything is constructed.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=PRODUCTION)

# allauth: nobody signs up, addresses are verified by accepting an invitation.
ACCOUNT_ADAPTER = "portal.views.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "portal.forms.account.SignInForm",
    "reset_password": "portal.forms.account.AskForPasswordForm",
    "reset_password_from_key": "portal.forms.account.NewPasswordForm",
    "change_password": "portal.forms.account.ChangePasswordForm",
    "reauthenticate": "portal.forms.account.ConfirmPasswordForm",
}
# Attempts are counted in the cache, by address and by name.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/h/ip,3/h/key",
}
MFA_ADAPTER = "portal.views.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers take passkeys on http only from this machine itself.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "bAU-Verwaltung"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "portal.forms.account.SecondFactorForm",
    "reauthenticate": "portal.forms.account.SecondFactorAgainForm",
    "activate_totp": "portal.forms.account.ActivateAppForm",
    "add_webauthn": "portal.forms.account.AddPasskeyForm",
    "edit_webauthn": "portal.forms.account.RenamePasskeyForm",
}
# How many proxies stand in front, so that attempts are counted by the right address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int(
    "TRUSTED_PROXY_COUNT", default=int(env.bool("BEHIND_TLS_PROXY", default=False))
)
SESSION_COOKIE_AGE = int(timedelta(hours=10).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Only our own scripts, styles and fonts, none of them inline. Bootstrap draws the marks of
# its form fields with data: images.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    # The health check comes from inside the container, without TLS.
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
    # Only where a proxy sets this header itself; anybody else could pretend to have TLS.
    if env.bool("BEHIND_TLS_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# The API (see config.api_settings)

# Requests a minute and program; requests that write count double.
API_REQUESTS_A_MINUTE = env.int("API_REQUESTS_A_MINUTE", default=600)
# Addresses in private networks may be called only where everything is constructed.
WEBHOOKS_ALLOW_PRIVATE = env.bool("WEBHOOKS_ALLOW_PRIVATE", default=False)

# Language and time

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True

# Static files: ours, Bootstrap's from its wheel, htmx from django_htmx


def _find_bootstrap() -> Path:
    """Return the folder of the installed Bootstrap; it is a package without code."""
    spec = find_spec("bootstrap")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package bootstrap-wrapper is not installed.")
    return Path(next(iter(spec.submodule_search_locations)))


STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static", ("bootstrap", _find_bootstrap())]
WHITENOISE_USE_FINDERS = not PRODUCTION
# Nothing is collected outside production: files are looked up as they are asked for.
WHITENOISE_AUTOREFRESH = not PRODUCTION

# Notes on the pages, by the looks they have there

MESSAGE_TAGS = {SUCCESS: "good", WARNING: "attention", ERROR: "bad"}

# Mails: printed in development, kept in memory in tests, sent in production

PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="") or INSURER["email"]
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 20
_MAIL = env.email_url(
    "EMAIL_URL", default="memorymail://" if BAU_ENV == "test" else "consolemail://"
)
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST = _MAIL["EMAIL_HOST"] or ""
EMAIL_PORT = _MAIL["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _MAIL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _MAIL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = bool(_MAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(_MAIL.get("EMAIL_USE_SSL"))

# Jobs: a queue is rows, the broker only wakes workers up

REDIS_URL = env.str("REDIS_URL", default=DEVELOPMENT_REDIS)
# What may be lost at any time: counters of attempts, figures that are computed again.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}
CELERY_BROKER_URL = REDIS_URL
# How long a task may run before the broker hands it to another worker as well.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 1800}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# In KiB: a process that has set some hundred letters is replaced between two tasks, since the
# libraries that lay out text keep some 30 KiB of each.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 190_000
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = SCHEDULE

LOGGING = configure_logs(readable=not PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))
