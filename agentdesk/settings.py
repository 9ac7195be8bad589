"""Settings. Everything an installation may change is an environment variable."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from kombu import Queue

from agentdesk import database, environment, headers, logs, mail
from agentdesk.engines import template_engines

BASE_DIR = Path(__file__).resolve().parent.parent
CHANNELS = BASE_DIR / "conversations/adapters"  # a folder each, words and guide within
VAR_DIR = Path(environment.text("AGENTDESK_VAR", str(BASE_DIR / "var"))).absolute()

# With no DATABASE_URL, `manage.py up` runs a private PostgreSQL and Valkey in VAR_DIR.
EMBEDDED = not environment.text("DATABASE_URL")
DEMO = environment.flag("AGENTDESK_DEMO")
DEMO_SIGN_INS = "agentdesk.ops.demo.sign_ins"
DEMO_PROVIDER = "agentdesk.ops.demo.channels.provider_values"
DEBUG = environment.flag("DEBUG")

SECRET_KEY = environment.secret("SECRET_KEY", VAR_DIR / "secret_key", generate=EMBEDDED)
CREDENTIAL_KEY = environment.secret(
    "CREDENTIAL_KEY", VAR_DIR / "credential_key", generate=EMBEDDED
)
# Keyed digests, by which short codes and marks of mails are found again. Empty: the
# oldest of CREDENTIAL_KEY, as it was before there was one of its own.
DIGEST_KEY = environment.text("DIGEST_KEY")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
# The address customers and agents reach us under, for links, mails and the chat's script.
PUBLIC_URL = environment.text("PUBLIC_URL").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
# Where `manage.py up` listens on this machine: for simulated providers.
LOCAL_URL = environment.text("LOCAL_URL")
# Providers that `manage.py simulate` plays, for inboxes that are set to it.
SIMULATOR_URL = environment.text("SIMULATOR_URL", "http://127.0.0.1:8090")
# An address an admin types (mail server, shop) may lead into private ranges.
ALLOW_PRIVATE_ADDRESSES = environment.flag("ALLOW_PRIVATE_ADDRESSES")
# Signs what is pushed to browsers (`manage.py vapid_key` makes one). Empty: it follows from
# SECRET_KEY.
VAPID_PRIVATE_KEY = environment.text("VAPID_PRIVATE_KEY")
# X is off until an installation wants it: its API is paid for by use.
CHANNEL_X = environment.flag("CHANNEL_X")
# How many reverse proxies stand in front: that many X-Forwarded-For entries are believed.
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0)

INSTALLED_APPS = [
    "agentdesk",
    "agentdesk.ops",
    "agentdesk.accounts",
    "agentdesk.audit",
    "agentdesk.live",
    "agentdesk.web",
    "customers",
    "conversations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "agentdesk.web.apps.StaticFiles",
    "django.contrib.postgres",
    "django.forms",
    "channels",
    "django_htmx",
    "django_structlog",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "lucide",
    "ninja",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "agentdesk.accounts.middleware.UserMiddleware",
    "agentdesk.accounts.device.DeviceMiddleware",
    "agentdesk.accounts.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "agentdesk.audit.middleware.OriginMiddleware",
    "agentdesk.accounts.idle.IdleMiddleware",
    "agentdesk.accounts.middleware.AccessMiddleware",
    "agentdesk.web.request_log.PathLogMiddleware",
]

# Machines are nobody who signs in: what providers post, and what the chat on a site asks
# for, pays for no session, user, form or page.
MACHINE_PATHS = r"/hooks/|/chat/[-\w]+/(session|page|about|messages|read|files|code)/"
MACHINE_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "agentdesk.accounts.middleware.LanguageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "agentdesk.audit.middleware.OriginMiddleware",
    "agentdesk.web.request_log.PathLogMiddleware",
]

ROOT_URLCONF = "agentdesk.urls"
ASGI_APPLICATION = "agentdesk.asgi.application"

TEMPLATES = template_engines([BASE_DIR / "templates", *CHANNELS.glob("*/templates")])

# Forms are drawn by templates/django/forms: nobody writes a field by hand.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Web processes that `manage.py up` runs, and what each works on at the same time.
WEB_PROCESSES = environment.number("WEB_PROCESSES", min(4, os.cpu_count() or 1))
WEB_THREADS = environment.number("WEB_THREADS", 12)
WORKER_PROCESSES = environment.number("WORKER_PROCESSES", min(2, os.cpu_count() or 1))

DATABASES = {
    "default": database.from_url(
        environment.text("DATABASE_URL") or database.embedded_database_url(VAR_DIR),
        pool_size=environment.number("DATABASE_POOL_SIZE", 20),
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.text("REDIS_URL") or database.embedded_redis_url(VAR_DIR)
CACHES = {
    "default": {
        "BACKEND": "agentdesk.cache.LastingRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "agentdesk",
        "OPTIONS": database.client_options(),
    }
}

# A request to a provider takes no longer: what was claimed before is taken for lost.
DELIVERY_CLAIM_SECONDS = environment.number("DELIVERY_CLAIM_SECONDS", 120)

CELERY_BROKER_URL = database.as_broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
# A worker takes both queues unless told otherwise. What waits for a provider's answer is
# apart, so that a slow one delays no customer's message.
CELERY_TASK_QUEUES = [Queue("celery"), Queue("outbound")]
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "agentdesk.accounts.password_rules.StretchedPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "agentdesk.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Of one address, behind which a whole floor may sit. Passwords are counted by
# accounts.sign_in_limits; `login_failed` is left to wrong codes, by user.
ACCOUNT_RATE_LIMITS = {
    "login": "",
    "login_failed": "5/300s/key",
    "reset_password": "60/m/ip,5/m/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "login": "agentdesk.accounts.forms.sign_in.SignInForm",
    "reauthenticate": "agentdesk.accounts.forms.sign_in.PasswordAgainForm",
    "change_password": "agentdesk.accounts.forms.sign_in.PasswordForm",
    "reset_password": "agentdesk.accounts.forms.sign_in.ResetForm",
    "reset_password_from_key": "agentdesk.accounts.forms.sign_in.NewPasswordForm",
}
MFA_FORMS = {
    "authenticate": "agentdesk.accounts.forms.sign_in.SecondStepForm",
    "reauthenticate": "agentdesk.accounts.forms.sign_in.SecondStepAgainForm",
    "activate_totp": "agentdesk.accounts.forms.sign_in.AuthenticatorForm",
    "add_webauthn": "agentdesk.accounts.forms.passkey.PasskeyForm",
    "login_webauthn": "agentdesk.accounts.forms.passkey.PasskeySignInForm",
    "authenticate_webauthn": "agentdesk.accounts.forms.passkey.PasskeyStepForm",
    "reauthenticate_webauthn": "agentdesk.accounts.forms.passkey.PasskeyAgainForm",
}
# A link to choose a new password, whether mailed or handed over by an admin.
PASSWORD_RESET_TIMEOUT = 24 * 3600
# Addresses are checked by whoever invites, not by mail.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Agentdesk"
MFA_ADAPTER = "agentdesk.accounts.adapter.MFAAdapter"

# A session is kept for a fortnight; after this many idle minutes it asks again, in place.
SESSION_ENGINE = "agentdesk.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 60)
_SUFFIX = environment.cookie_suffix(PUBLIC_URL)
SESSION_COOKIE_NAME = f"agentdesk_session{_SUFFIX}"
CSRF_COOKIE_NAME = f"agentdesk_csrf{_SUFFIX}"
LANGUAGE_COOKIE_NAME = f"agentdesk_language{_SUFFIX}"
DEVICE_COOKIE_NAME = f"agentdesk_device{_SUFFIX}"
LINK_COOKIE_NAME = f"agentdesk_link{_SUFFIX}"
# In the session alone: the other store is a cookie, which has one name for all.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = headers.CONTENT_SECURITY_POLICY
PERMISSIONS_POLICY = headers.PERMISSIONS_POLICY

LANGUAGE_CODE = "ja"
LOCALE_PATHS = sorted(CHANNELS.glob("*/locale"))
LANGUAGES = [("ja", _("Japanese")), ("en", _("English"))]
FORMAT_MODULE_PATH = "agentdesk.formats"
TIME_ZONE = "Asia/Tokyo"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "agentdesk.web.finders.BundleFinder",
]
STORAGES = {
    "default": {"BACKEND": "agentdesk.disk.WholeFileStorage"},
    "staticfiles": {"BACKEND": "agentdesk.web.static_files.StaticFilesStorage"},
}
SERVESTATIC_USE_MANIFEST = False
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_MAX_BYTES = environment.number("FILE_UPLOAD_MAX_MB", 20) * 1024 * 1024
# Files that customers send by a provider, and what a provider may post at once.
RECEIVED_FILE_MAX_BYTES = environment.number("RECEIVED_FILE_MAX_MB", 100) * 1024 * 1024
HOOK_MAX_BYTES = environment.number("HOOK_MAX_MB", 40) * 1024 * 1024
# Mailboxes that one process reads, a thread each.
MAILBOX_THREADS = environment.number("MAILBOX_THREADS", 100)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# For so long a web process goes by what it last read of an inbox that is written to.
INBOX_MEMORY_SECONDS = 2.0
# A reply waits so long before it leaves: its writer may undo it. Web chat does not wait.
UNDO_SECONDS = environment.number("UNDO_SECONDS", 5)

# smtp://user:password@host:587?tls=1 (or smtps://… on 465); empty sends no mail at all.
EMAIL_URL = environment.text("EMAIL_URL")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text(
    "DEFAULT_FROM_EMAIL", "agentdesk@localhost"
)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if EMAIL_URL:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for _name, _value in mail.from_url(EMAIL_URL).items():
        globals()[_name] = _value

LOGGING = logs.django_logging(environment.text("LOG_FORMAT", "text"))
logs.configure_structlog()
