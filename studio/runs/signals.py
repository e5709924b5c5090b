"""What other apps may listen to; they import this one, never the other way round."""

from __future__ import annotations

from django.dispatch import Signal

run_over = Signal()  # run: a Run whose state has just become one that is over
