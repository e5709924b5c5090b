"""Jobs: a tool's call in Redis, for a worker of runs. The queue's message only wakes the worker.

Both a job and its result are forgotten after ten minutes; a result that was read by its only reader
can be forgotten at once.
"""

from __future__ import annotations

import base64
import contextlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import redis

from studio.config.celery import app
from studio.jobs.turns import LASTS, enqueue_job, forget_place, name_key
from studio.pipeline.tools.results import ToolError, ToolPicture, ToolResult
from studio.runs import events
from studio.teams.budgets import check_budget
from studio.teams.errors import TeamError
from studio.teams.models import ApiToken

TASK = "studio.jobs.work"
MOST_BYTES = 10_000_000  # of a result with its pictures and files; a page 20,000 px tall has 5 MB
MOST_OPEN = 10  # jobs of one team that wait or were not read; they lie in Redis' memory
AWAY = "Redis is away, so no worker can be asked; try again in a moment."

State = Literal["waiting", "finished", "failed"]


@dataclass(frozen=True, slots=True)
class JobRequest:
    """What a worker needs: rows by their keys, which were checked for the caller's access."""

    team: int
    tool: str
    arguments: Mapping[str, Any]
    upload: int | None = None
    attempt: int | None = None
    files: Mapping[str, str] | None = None
    address: str = ""  # of a page that becomes the mockup, instead of `upload`

    def to_json(self) -> str:
        names = ("team", "tool", "arguments", "upload", "attempt", "files", "address")
        return json.dumps({name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """A job as its caller sees it; `result` once it is finished, `error` if it failed."""

    id: str
    state: State
    result: ToolResult | None = None
    error: str = ""
    doing: str = ""


def start_job(*, caller: ApiToken, request: JobRequest) -> str:
    """Queue the call and return the job's id. Raises TeamError and ToolError."""
    check_budget(team=caller.team, model=False)
    job = uuid.uuid4().hex
    try:
        store = events.get_connection()
        _take_place(store, caller.team_id, job)
        store.set(name_key(job, "request"), request.to_json(), ex=LASTS)
    except redis.RedisError:
        raise ToolError(AWAY) from None
    app.send_task(TASK, [job])
    return job


def read_job(*, caller: ApiToken, job: str) -> JobOutcome | None:
    """Return the job if it is the caller's team's; None else, and once it is forgotten."""
    try:
        store = events.get_connection()
        request: Any = store.get(name_key(job, "request"))
        if request is None or json.loads(request)["team"] != caller.team_id:
            return None
        stored: Any = store.get(name_key(job, "result"))
        doing: Any = store.get(name_key(job, "doing"))
        if stored is not None:
            forget_place(store, caller.team_id, job)
    except redis.RedisError:
        raise ToolError(AWAY) from None
    if stored is None:
        return JobOutcome(job, "waiting", doing=doing or "")
    return _read_outcome(job, json.loads(stored))


def forget_job(job: str) -> None:
    """Free the memory of a job whose result nobody will ask for again."""
    with contextlib.suppress(redis.RedisError):  # then it goes by itself, after ten minutes
        store = events.get_connection()
        store.delete(*(name_key(job, part) for part in ("request", "result", "doing")))


def take_request(job: str) -> JobRequest | None:
    """Return a job's request for its worker; None when it was forgotten or is done."""
    store = events.get_connection()
    stored: Any = store.get(name_key(job, "request"))
    if stored is None or store.exists(name_key(job, "result")):
        return None
    return JobRequest(**json.loads(stored))


def note_progress(job: str, words: str) -> None:
    """Say what the worker is doing."""
    events.get_connection().set(name_key(job, "doing"), words, ex=LASTS)


def store_result(job: str, result: ToolResult) -> None:
    """Keep the result for its caller."""
    pictures = [[one.words, base64.b64encode(one.png).decode()] for one in result.pictures]
    files = {path: base64.b64encode(data).decode() for path, data in result.files.items()}
    stored = json.dumps(
        {"text": result.text, "data": dict(result.data), "pictures": pictures, "files": files}
    )
    if len(stored) > MOST_BYTES:
        limit = f"{MOST_BYTES // 10**6} MB"
        store_error(job, f"The result is larger than {limit}; ask without pictures, or by area.")
        return
    events.get_connection().set(name_key(job, "result"), stored, ex=LASTS)


def store_error(job: str, sentence: str) -> None:
    """Keep the reason why there is no result."""
    events.get_connection().set(name_key(job, "result"), json.dumps({"error": sentence}), ex=LASTS)


def _take_place(store: redis.Redis, team: int, job: str) -> None:
    """Count the job among the team's open ones. Raises TeamError when there are too many.

    It is counted before it is looked at, so calls made at once do not all find the same place free.
    """
    if enqueue_job(store, team, job) > MOST_OPEN:
        forget_place(store, team, job)
        raise TeamError(
            f"{MOST_OPEN} calls of this team wait for a worker or were not read, the limit; "
            "wait until some are answered."
        )


def _read_outcome(job: str, stored: Mapping[str, Any]) -> JobOutcome:
    if "error" in stored:
        return JobOutcome(job, "failed", error=stored["error"])
    pictures = tuple(ToolPicture(words, base64.b64decode(png)) for words, png in stored["pictures"])
    files = {path: base64.b64decode(data) for path, data in stored["files"].items()}
    return JobOutcome(job, "finished", ToolResult(stored["text"], stored["data"], pictures, files))
