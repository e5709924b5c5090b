"""Django's settings, from the environment (`environment`) and its topology (`topology`)."""

from __future__ import annotations

import os
import re

from studio.config import topology
from studio.config.environment import ROOT, get_data_folder, get_secret_key, read_environ
from studio.config.logging import build_logging_config

ENVIRON = read_environ(os.environ)
BASE_DIR = ROOT
DATA_DIR = get_data_folder(ENVIRON)

SECRET_KEY = get_secret_key(ENVIRON)
SECRET_KEY_GIVEN = bool(ENVIRON.secret_key)  # else it is in the data folder
VAULT_KEYS = ENVIRON.vault_keys
EXPORT_FILES = ENVIRON.export_files
EXPORT_MEGABYTES = ENVIRON.export_megabytes
EXPORT_SECONDS = ENVIRON.export_seconds
EXPORT_HOSTS = ENVIRON.export_hosts
CAPTURE_HOSTS = ENVIRON.capture_hosts
CAPTURE_SECONDS = ENVIRON.capture_seconds
CAPTURE_BYTES = ENVIRON.capture_megabytes * 1_000_000
OUTGOING_PRIVATE = ENVIRON.outgoing_private
OUTGOING_ALLOW = ENVIRON.outgoing_allow
DEBUG = ENVIRON.debug
PREVIEW_HOST = ENVIRON.preview_host
ALLOWED_HOSTS = [*ENVIRON.allowed_hosts, *topology.host_of(PREVIEW_HOST)]

REDIS_URL = topology.choose_redis_url(ENVIRON.redis_url, DATA_DIR)
DATABASES = topology.make_databases(ENVIRON.database_url, DATA_DIR)
STORAGES = topology.make_storages(ENVIRON.storage_url, DATA_DIR)

CELERY_BROKER_URL = topology.choose_broker_url(ENVIRON.broker_url, REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
# The database row is the source of truth: a message may come twice but must not be lost.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# A process never returns the memory of its largest run; a new one starts small. In KiB.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = ENVIRON.worker_megabytes * 1000
CELERY_TASK_DEFAULT_QUEUE = ENVIRON.queue
CELERY_TASK_QUEUES = topology.queues(ENVIRON.queue)
CELERY_TASK_ROUTES = topology.routes(ENVIRON.queue)
# Starting a run must not wait for an unavailable queue: a worker finds the row later.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

CONNECTION_HOSTS = ENVIRON.connection_hosts
OPERATORS = ENVIRON.operators
WRITER_DOWNLOAD = ENVIRON.writer_download
SIGN_UP = ENVIRON.sign_up
PUBLIC_URL = ENVIRON.public_url
BASE_PATH = ENVIRON.base_path
FORCE_SCRIPT_NAME = BASE_PATH or None
MOST_TEAMS = ENVIRON.most_teams
TEAM_BYTES = ENVIRON.team_megabytes * 1_000_000
API_REQUESTS = ENVIRON.api_requests
TEAM_API_REQUESTS = ENVIRON.team_api_requests
AUDIT_DAYS = ENVIRON.audit_days
SEARCH_SECONDS = ENVIRON.search_seconds
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRON.email_from
vars().update(topology.make_email_settings(ENVIRON.email_url))

MODEL_URL = ENVIRON.model_url
MODEL_NAME = ENVIRON.model_name
MODEL_API_KEY = ENVIRON.model_api_key
MODEL_ANSWER_KILOBYTES = ENVIRON.model_answer_kilobytes
MODEL_THINKING_KILOBYTES = ENVIRON.model_thinking_kilobytes
MODEL_LINE_KILOBYTES = ENVIRON.model_line_kilobytes
MODEL_STREAM_MEGABYTES = ENVIRON.model_stream_megabytes
MODEL_LIST_KILOBYTES = ENVIRON.model_list_kilobytes
BROWSER = ENVIRON.browser
BROWSER_USER = ENVIRON.browser_user
PERCEPTION_MEGABYTES = ENVIRON.perception_megabytes
PERCEPTION_SECONDS = ENVIRON.perception_seconds
RUN_ROUNDS = ENVIRON.run_rounds
RUN_SECTIONS = ENVIRON.run_sections
RUN_TOOLS = ENVIRON.run_tools
RUN_SECONDS = ENVIRON.run_seconds
RUN_TOKENS = ENVIRON.run_tokens
RUN_TARGET = ENVIRON.run_target
TEAM_RUNS = ENVIRON.team_runs
WEBHOOK_HOSTS = ENVIRON.webhook_hosts
WEBHOOK_SECONDS = ENVIRON.webhook_seconds
METRICS_TOKEN = ENVIRON.metrics_token
TRACES_URL = ENVIRON.traces_url
UPLOAD_BYTES = ENVIRON.upload_megabytes * 1_000_000
UPLOAD_PIXELS = ENVIRON.upload_megapixels * 1_000_000
UPLOAD_TOTAL_BYTES = max(ENVIRON.upload_total_megabytes, ENVIRON.upload_megabytes) * 1_000_000
BODY_BYTES = ENVIRON.body_kilobytes * 1_000
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_BYTES  # of a form without its files
BODY_SECONDS = ENVIRON.body_seconds
STREAMS = ENVIRON.streams
PERSON_STREAMS = ENVIRON.person_streams
STREAM_BYTES = ENVIRON.stream_megabytes * 1_000_000
STREAM_EVENTS = ENVIRON.stream_events

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "studio",
    "studio.languages",
    "studio.teams",
    "studio.accounts",
    "studio.designs",
    "studio.projects",
    "studio.uploads",
    "studio.runs",
    "studio.export",
    "studio.collaboration",
    "studio.library",
    "studio.webhooks",
    "studio.jobs",
    "studio.operations",
]
MIDDLEWARE = [
    "studio.config.local_probes.accept_local_probes",
    "django.middleware.security.SecurityMiddleware",
    "studio.config.csp.content_security_policy",
    "studio.config.csp.separate_previews",
    "studio.config.static_files.serve_static_files",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "studio.languages.middleware.PageLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "studio.teams.origin.remember_origin",
    "studio.accounts.sessions.note_browser",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "studio.teams.errors.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
OIDC_URL = ENVIRON.oidc_url
OIDC_NAME = ENVIRON.oidc_name
if OIDC_URL:  # the only part of allauth in use: identifying people by a provider
    INSTALLED_APPS += [
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ]
    MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
    ACCOUNT_USER_MODEL_USERNAME_FIELD = None
    ACCOUNT_LOGIN_METHODS = {"email"}
    ACCOUNT_SIGNUP_FIELDS = ["email*"]
    ACCOUNT_EMAIL_VERIFICATION = "none"  # the adapter only accepts verified addresses
    SOCIALACCOUNT_ADAPTER = "studio.accounts.oidc.Adapter"
    SOCIALACCOUNT_ONLY = True
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "provider_class": "studio.accounts.oidc_provider.OidcProvider",
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [topology.make_oidc_app(OIDC_URL, ENVIRON.oidc_client, OIDC_NAME)],
        }
    }
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "studio.languages.context.languages",
                "studio.teams.context.team",
                "studio.operations.context.operator",
                "studio.config.csp.previews",
            ]
        },
    }
]
ROOT_URLCONF = "studio.config.urls"
ASGI_APPLICATION = "studio.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "teams.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {"user_attributes": ("email",)}),
    )
]
# Argon2 is slow on GPUs too. PBKDF2 verifies hashes of older versions; a sign-in replaces them.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "runs:start"
SESSION_ENGINE = "studio.accounts.sessions"
# Own names, because cookies are shared by all ports of a host; and by path, because a browser also
# sends the cookies of a studio at the same host's root.
COOKIE_SUFFIX = BASE_PATH.replace("/", "_")
SESSION_COOKIE_NAME = f"likeness_session{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"likeness_csrf{COOKIE_SUFFIX}"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{BASE_PATH}/"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
if ENVIRON.https:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = True
    # Called internally, not through the proxy: a container's probe would follow the redirect to its own port
    # and speak TLS there. Django compares the whole path without its first slash.
    start = re.escape(f"{BASE_PATH}/".lstrip("/"))
    SECURE_REDIRECT_EXEMPT = [
        f"^{start}{path}$" for path in ("health", "metrics", r"static/icon\.svg")
    ]
    SECURE_HSTS_SECONDS = 365 * 86_400
# Whether all subdomains have https and browsers preload that is for the operator to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

STATIC_URL = f"{BASE_PATH}/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_COOKIE_NAME = "likeness_language"
LANGUAGE_COOKIE_PATH = f"{BASE_PATH}/"
LANGUAGE_COOKIE_AGE = 365 * 86_400  # seconds
LANGUAGE_COOKIE_SAMESITE = "Lax"
FORMAT_MODULE_PATH = "studio.languages.formats"

LOGGING = build_logging_config(ENVIRON.log_format)
