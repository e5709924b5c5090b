"""The heartbeat thread that keeps a claim alive and notices when the run was taken away."""

from __future__ import annotations

import logging
import threading
import uuid
from types import TracebackType

from django.db import DatabaseError, connection

from studio.runs.services import keep_claim

BEAT = 0.5  # seconds; also the longest time until a Stop is noticed

logger = logging.getLogger(__name__)


class ClaimHeartbeat:
    def __init__(self, run_id: uuid.UUID, worker: str) -> None:
        self._run_id, self._worker = run_id, worker
        self._done, self._lost = threading.Event(), threading.Event()
        self._missed = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def lost(self) -> bool:
        """Return True once the run was cancelled or given to another worker."""
        return self._lost.is_set()

    def give_up(self) -> None:
        """Note that the run was given to another worker; whoever asks `lost` then stops."""
        self._lost.set()

    def has_missed(self) -> bool:
        """Return True if the database could not be reached for a beat: this machine was cut off."""
        return self._missed.is_set()

    def __enter__(self) -> ClaimHeartbeat:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._done.wait(BEAT):
                if not self._keep():
                    return self._lost.set()
        finally:
            connection.close()

    def _keep(self) -> bool:
        """Write a beat; return False when the run is no longer ours.

        A database that is away decides nothing: the run may still be ours when it is back.
        """
        try:
            return keep_claim(run_id=self._run_id, worker=self._worker)
        except DatabaseError as error:
            if not self._missed.is_set():
                logger.warning("the database is away (%s)", type(error).__name__)
            self._missed.set()
            connection.close()
            return True
