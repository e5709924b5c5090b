"""Rows that can be put away, and deleted with a way back: archived ones stay in reach, deleted ones
seem gone.

A deleted row is kept for `KEPT`, then `manage.py purge` takes it out for good.
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
    """Those that were deleted so long ago that nobody can have them back."""
    return rows.filter(deleted_at__lt=timezone.now() - KEPT)
