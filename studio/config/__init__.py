"""Configuration: settings, environment, topology, URLs, ASGI, Celery, checks, logging."""
