"""Celery tasks of the operator's page."""

from __future__ import annotations

from studio.config.celery import app
from studio.operations.writer_install import TASK, install_writer

app.task(name=TASK)(install_writer)
