"""Finds a server's API under the address that was given, and its model in the server's list."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx

from inference.client.bounded import TooLarge, Unreadable, iter_body
from inference.client.dialects import MESSAGES_FOLDER
from inference.client.failures import Reporter
from inference.client.refusals import Refusal, read_refusal
from inference.types import ModelError

LIST_SECONDS = 10.0  # for the whole list of models
LONGEST_NAME = 200  # characters in a model's name
# What people copy along with an address.
ENDPOINTS = ("/chat/completions", "/completions", "/responses", "/messages", "/models")
GEMINI_HOST, GEMINI_FOLDER = "generativelanguage.googleapis.com", "/v1beta/openai"
# Names of a model's context in lists: vLLM and ours; OpenRouter and Moonshot; Groq; Mistral and LM
# Studio; Anthropic; llama.cpp (in `meta`).
CONTEXTS = (
    "max_model_len",
    "context_length",
    "context_window",
    "max_context_length",
    "max_input_tokens",
    "n_ctx",
)


@dataclass(frozen=True, slots=True)
class ListedModel:
    """One entry of a server's list; `context` in tokens, None if it does not say."""

    name: str
    owner: str = ""
    context: int | None = None


@dataclass(frozen=True, slots=True)
class FoundServer:
    """The address of a server's API and the model to use.

    `failure`: why its list could not be read; the model is then the one that was named.
    """

    url: str
    model: ListedModel
    listed: tuple[str, ...] = ()
    failure: ModelError | None = None


class ListRefused(Exception):
    """A status other than 200 instead of a list."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.status)
        self.refusal = refusal


def find_server(
    http: httpx.Client, url: str, model: str | None, most: int, reporter: Reporter
) -> FoundServer:
    """Return the server's API and model: the named one, else the first of its list.

    `most`: bytes of a list. Raises ModelError when the server cannot be reached, or has no list
    and no model is named.
    """
    failures: list[ModelError] = []
    bases = list_bases(url)
    for base in bases:
        try:
            models = list_models(http, base, most, reporter)
        except httpx.HTTPError as error:
            raise reporter.describe(error, began=False) from None
        except ListRefused as error:
            failures.append(reporter.describe_refusal(error.refusal))
        except (TooLarge, Unreadable) as error:
            failures.append(reporter.describe(error, began=False))
        except (ValueError, RecursionError):
            failures.append(reporter.describe_missing_list())
        else:
            return _choose(base, models, model, reporter)
    failure = _choose_failure(failures)
    if model:
        return FoundServer(bases[0], ListedModel(model), failure=failure)
    raise failure


def list_bases(url: str) -> list[str]:
    """Return the addresses under which the API may be, the likeliest first."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    for endpoint in ENDPOINTS:
        path = path.removesuffix(endpoint)
    folders = path.split("/")
    if parts.hostname == GEMINI_HOST and not path.endswith("/openai"):
        paths = [GEMINI_FOLDER]
    elif folders[-1] == MESSAGES_FOLDER:
        paths = [f"{path}/v1"]
    elif not path:
        paths = ["/v1", ""]
    elif folders[-1] == "v1":
        paths = [path]
    else:
        paths = [path, f"{path}/v1"]
    return [urlunsplit((parts.scheme, parts.netloc, each, "", "")) for each in paths]


def list_models(http: httpx.Client, base: str, most: int, reporter: Reporter) -> list[ListedModel]:
    """Return the entries of a list.

    Raises ListRefused, ValueError if there is no list, TooLarge, Unreadable and httpx errors.
    """
    ends = time.monotonic() + LIST_SECONDS
    extensions = {"deadline": LIST_SECONDS}
    with http.stream(
        "GET", f"{base}/models", timeout=LIST_SECONDS, extensions=extensions
    ) as answer:
        try:
            data = _read_until(answer, most, ends)
        except TooLarge as error:
            raise TooLarge("list of models", error.most) from None
    if answer.status_code != 200:
        text = data.decode(errors="replace")
        reporter.log(f"answered {answer.status_code}", text)
        raise ListRefused(read_refusal(answer.status_code, text))
    content = json.loads(data)
    if not isinstance(content, dict) or not isinstance(content.get("data"), list):
        raise ValueError("no list")
    return [
        _read_entry(entry)
        for entry in content["data"]
        if isinstance(entry, dict) and is_model_name(entry.get("id"))
    ]


def is_model_name(text: Any) -> bool:
    """Return whether this is a valid name of a model, which is stored and shown."""
    return isinstance(text, str) and 0 < len(text) <= LONGEST_NAME and text.isprintable()


def _choose(
    base: str, models: Sequence[ListedModel], name: str | None, reporter: Reporter
) -> FoundServer:
    listed = tuple(model.name for model in models)
    if not models and not name:
        raise reporter.describe_empty_list()
    if not name:
        return FoundServer(base, models[0], listed)
    for model in models:
        # Gemini lists "models/NAME" and is asked for NAME.
        if model.name.removeprefix("models/") == name.removeprefix("models/"):
            return FoundServer(base, ListedModel(name, model.owner, model.context), listed)
    # A name that is not listed, such as an alias: the server's kind is known all the same.
    owners = {model.owner for model in models}
    owner = owners.pop() if len(owners) == 1 else ""
    return FoundServer(base, ListedModel(name, owner), listed)


def _choose_failure(failures: Sequence[ModelError]) -> ModelError:
    """Return the failure that says most: a refused key, then any that is not "nothing here"."""
    for failure in failures:
        if failure.status in (401, 403):
            return failure
    for failure in failures:
        if failure.status not in (404, 405):
            return failure
    return failures[0]


def _read_entry(entry: dict[str, Any]) -> ListedModel:
    owner = entry.get("owned_by")
    meta = entry.get("meta")
    fields = {**(meta if isinstance(meta, dict) else {}), **entry}
    sizes = [fields.get(name) for name in CONTEXTS]
    known = [size for size in sizes if isinstance(size, int) and size > 0]
    return ListedModel(
        str(entry["id"]), owner if isinstance(owner, str) else "", known[0] if known else None
    )


def _read_until(answer: httpx.Response, most: int, ends: float) -> bytes:
    """Return the body. Raises httpx.ReadTimeout after `ends`, a time of the monotonic clock."""
    pieces: list[bytes] = []
    for piece in iter_body(answer, most):
        if time.monotonic() > ends:
            raise httpx.ReadTimeout("slow")
        pieces.append(piece)
    return b"".join(pieces)
