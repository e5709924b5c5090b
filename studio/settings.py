"""Django's settings. Every choice a person can make is in `environ`; where things are kept follows in `topology`."""

from __future__ import annotations

import os

from studio import topology
from studio.environ import ROOT, data_folder, read_environ, secret_key

ENVIRON = read_environ(os.environ)
BASE_DIR = ROOT
DATA_DIR = data_folder(ENVIRON)

SECRET_KEY = secret_key(ENVIRON)
DEBUG = ENVIRON.debug
ALLOWED_HOSTS = list(ENVIRON.allowed_hosts)

REDIS_URL = topology.redis_url(ENVIRON.redis_url, DATA_DIR)
DATABASES = topology.databases(ENVIRON.database_url, DATA_DIR)
CHANNEL_LAYERS = topology.channel_layers(REDIS_URL)
STORAGES = topology.storages(ENVIRON.storage_url, DATA_DIR)

CELERY_BROKER_URL = topology.broker_url(ENVIRON.broker_url, REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
# The row says what is to be done and who does it, so a message may come twice but must not get lost.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "likeness"
# A start must not hang on a queue that is away: the row waits, and the worker finds it.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

MODEL_URL = ENVIRON.model_url
MODEL_NAME = ENVIRON.model_name
MODEL_API_KEY = ENVIRON.model_api_key
BROWSER = ENVIRON.browser
RUN_ROUNDS = ENVIRON.run_rounds
RUN_SECONDS = ENVIRON.run_seconds
RUN_TOKENS = ENVIRON.run_tokens
RUN_TARGET = ENVIRON.run_target
UPLOAD_BYTES = ENVIRON.upload_megabytes * 1_000_000
UPLOAD_PIXELS = ENVIRON.upload_megapixels * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # of a form without its files

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "studio",
    "studio.uploads",
    "studio.generation",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "studio.policy.content_security_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
ROOT_URLCONF = "studio.urls"
ASGI_APPLICATION = "studio.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"httpx": {"level": "WARNING"}, "celery": {"level": "WARNING"}, "RapidOCR": {"level": "WARNING"}},
}
