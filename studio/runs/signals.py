"""Signals for other apps: they import this module; this app does not import them."""

from __future__ import annotations

from django.dispatch import Signal

run_over = Signal()  # argument run: the Run that has just ended
