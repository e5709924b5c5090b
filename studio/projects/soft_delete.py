"""Soft deletion and archiving of rows.

Archived rows stay reachable; deleted rows are hidden, and `manage.py purge` removes them after
`KEPT`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone

KEPT = timedelta(days=30)
M = TypeVar("M", bound=models.Model)


class Kept(models.Model):
    archived_at = models.DateTimeField(null=True, editable=False)
    deleted_at = models.DateTimeField(null=True, editable=False, db_index=True)

    class Meta:
        abstract = True


def filter_expired(rows: QuerySet[M]) -> QuerySet[M]:
    """Return the rows whose time to be restored has passed."""
    return rows.filter(deleted_at__lt=timezone.now() - KEPT)
