"""What a worker process does when the bell rings: claim the next run, carry it through the loop, keep what comes out.

One browser per process, opened by the first run and closed with the process.
"""

from __future__ import annotations

import io
import logging
import os
import socket
import uuid
from functools import cache

import redis
from django.conf import settings
from PIL import Image

from inference.types import ModelError
from studio.generation import events
from studio.generation.attempts import LoopEvent, LoopOptions
from studio.generation.heart import Heart
from studio.generation.model import model_client
from studio.generation.models import Run
from studio.generation.report import report
from studio.generation.services import claim_next, fail_run, finish_run, record_attempt, release_runs, ring_next
from studio.logs import run_in_log
from studio.pipeline.render import BrowserMissing, Renderer

logger = logging.getLogger(__name__)


def work() -> None:
    """Carry out the run whose turn it is, in this process; returns at once when none waits."""
    name = f"{workers_of(os.getppid())}{os.getpid()}:{uuid.uuid4().hex[:8]}"
    run = claim_next(worker=name)
    if run is None:
        return
    with run_in_log(run.pk):
        _carry_out(run, name)
    ring_next()


def _carry_out(run: Run, worker: str) -> None:
    try:
        _run_loop(run, worker)
    except redis.ConnectionError as error:
        logger.warning("the run goes back to the queue: Redis is away (%s)", error)
        release_runs(workers=worker)
    except (ModelError, BrowserMissing) as error:
        fail_run(run_id=run.pk, worker=worker, message=str(error))
    except Exception:
        logger.exception("the run failed")
        fail_run(run_id=run.pk, worker=worker, message="Something in the studio broke; its log says what.")


def workers_of(parent: int) -> str:
    """What the names of all workers in one pool begin with."""
    return f"{socket.gethostname()}:{parent}:"


def warm_up() -> None:
    """Load what the loop needs before the first run asks for it: cv2 and onnxruntime take seconds."""
    from studio.generation import loop

    logger.debug("loaded %s", loop.__name__)


def close() -> None:
    """Close the browser; the next run opens another."""
    if _renderer.cache_info().currsize:
        _renderer().close()
        _renderer.cache_clear()


def _run_loop(run: Run, worker: str) -> None:
    from studio.generation.loop import generate

    writer = events.Writer(run.pk)
    writer.append("claimed", {"claim": run.claims})

    def emit(event: LoopEvent) -> None:
        """The row first, then the bell: whoever hears of an attempt finds it."""
        if event.attempt is not None and not record_attempt(run_id=run.pk, worker=worker, attempt=event.attempt):
            return
        if not heart.lost():
            writer.append(event.kind, event.data)

    with Heart(run.pk, worker) as heart, model_client(settings.MODEL_URL) as client:
        result = generate(
            _mockup(run), options=_options(run), renderer=_renderer(), client=client, emit=emit, cancelled=heart.lost
        )
        account = report(result, mockup=f"{run.upload.sha256}.png", model=client.name if client else None)
    finish_run(run_id=run.pk, worker=worker, stop_reason=result.stop_reason, message=result.message, report=account)


def _options(run: Run) -> LoopOptions:
    names = ("prompt", "rounds", "seconds", "tokens", "target", "thinking")
    return LoopOptions(**{name: getattr(run, name) for name in names})


def _mockup(run: Run) -> Image.Image:
    with run.upload.file.open() as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


@cache
def _renderer() -> Renderer:
    return Renderer(settings.BROWSER)
