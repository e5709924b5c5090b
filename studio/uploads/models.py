"""A stored mockup: one row per content, whoever uploaded it."""

from __future__ import annotations

from django.db import models


class Upload(models.Model):
    sha256 = models.CharField(max_length=64, unique=True)  # of the stored PNG
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    file = models.FileField(max_length=200)
    thumbnail = models.FileField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.width}×{self.height})"
