"""What a request can be refused for, and how a refusal looks on each API's wire."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

LONGEST_QUOTE = 80  # characters of a wrong value that are shown
TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    415: "invalid_request_error",
    429: "rate_limit_error",
}
# What pydantic found wrong, and what is allowed instead.
ALLOWED = {
    "string_type": "is a string",
    "bool_type": "are true and false",
    "int_type": "is a whole number",
    "float_type": "is a number",
    "list_type": "is a list",
    "dict_type": "is a JSON object",
    "mapping_type": "is a JSON object",
    "model_type": "is a JSON object",
    "model_attributes_type": "is a JSON object",
}
HIDDEN = "~"  # begins the names of union members, which are no part of a field's place


@dataclass(frozen=True)
class Overflow:
    """A prompt, with or without the answer wished for, that is longer than the context."""

    prompt: int
    context: int
    wanted: int | None = None  # max_tokens, where that is what does not fit


class Refused(Exception):
    """`field` is where the fault is, None when it is no field's; `code` is OpenAI's."""

    def __init__(
        self,
        message: str,
        field: str | None = None,
        *,
        status: int = 400,
        code: str | None = None,
        retry_after: int | None = None,
        overflow: Overflow | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message, self.field, self.status, self.code = message, field, status, code
        self.overflow = overflow
        self.headers = dict(headers or {})
        if retry_after:
            self.headers["retry-after"] = str(retry_after)

    @property
    def type(self) -> str:
        """Return the error's type, a word that both APIs share."""
        usual = "api_error" if self.status >= 500 else "invalid_request_error"
        return TYPES.get(self.status, usual)


def wrong(field: str, got: Any, allowed: str) -> Refused:
    """Return the refusal of a value: the field, what was got, what is allowed."""
    shown = repr(got)
    if len(shown) > LONGEST_QUOTE:
        shown = f"{shown[: LONGEST_QUOTE - 3]}…"
    return Refused(f"{field} is {shown}; allowed {allowed}.", field)


def too_long(prompt: int, context: int) -> Refused:
    """Return the refusal of a prompt that leaves no room for an answer."""
    return Refused(
        f"This model's maximum context length is {context} tokens. However, your messages resulted "
        f"in {prompt} tokens. Please reduce the length of the messages, or serve the model with a "
        "larger --max-model-len and --cache-tokens.",
        "messages",
        code="context_length_exceeded",
        overflow=Overflow(prompt, context),
    )


def too_many(field: str, wanted: int, prompt: int, context: int) -> Refused:
    """Return the refusal of an answer that is longer than the whole context."""
    return Refused(
        f"{field} is {wanted}; allowed are whole numbers from 1 to {context}: this model's maximum "
        f"context length is {context} tokens, set by --max-model-len and --cache-tokens.",
        field,
        code="context_length_exceeded",
        overflow=Overflow(prompt, context, wanted),
    )


def from_validation(error: ValidationError, place: str = "") -> Refused:
    """Return the refusal of the first field that pydantic found wrong; `place`: where all of it
    stands.
    """
    first = error.errors(include_url=False)[0]
    context = first.get("ctx", {})
    field, got = join_path(place, place_of(first["loc"])), first["input"]
    if first["type"] == "unknown":
        name = str(context["name"])
        return Refused(
            f"{join(field, name)} is not known to this server; leave it out, or serve the model "
            "with --unknown-fields ignore.",
            join(field, name),
            code="unknown_parameter",
        )
    if first["type"] == "refused":
        name = str(context["name"])
        return Refused(f"{join(field, name)} {context['reason']}.", join(field, name))
    inner = str(context.get("inside", ""))
    if inner and isinstance(got, Mapping):
        return wrong(join(field, inner), got.get(inner), str(context["allowed"]))
    if inner:
        return wrong(field, got, "is a JSON object")
    return wrong(field or "the body", got, _allowed(first["type"], context))


def _allowed(kind: str, context: Mapping[str, Any]) -> str:
    if "allowed" in context:
        return str(context["allowed"])
    if kind == "literal_error":
        choices = str(context["expected"]).replace(" or ", ", ").split(", ")
        return ("are " if len(choices) > 1 else "is ") + " and ".join(choices)
    return ALLOWED.get(kind, "is another value")


def place_of(location: tuple[int | str, ...]) -> str:
    """Return pydantic's location as a path, such as `messages[0].content`."""
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        elif not part.startswith(HIDDEN):
            place = join(place, part)
    return place


def join(place: str, name: str) -> str:
    """Return the place of `name` within `place`."""
    return f"{place}.{name}" if place else name


def join_path(place: str, path: str) -> str:
    """Return `path`, which may be empty or begin with an index, within `place`."""
    if not path or path.startswith("["):
        return place + path
    return join(place, path)


def openai_error(refused: Refused) -> dict[str, Any]:
    """Return the body of a refusal in OpenAI's form."""
    error = {
        "message": refused.message,
        "type": refused.type,
        "param": refused.field,
        "code": refused.code,
    }
    return {"error": error}


def anthropic_error(refused: Refused) -> dict[str, Any]:
    """Return the body of a refusal in Anthropic's form, an overflow in the words clients look for."""
    message = refused.message
    setting = "(the server's --max-model-len and --cache-tokens set it)"
    if over := refused.overflow:
        if over.wanted is None:
            message = (
                f"prompt is too long: {over.prompt} tokens > {over.context - 1} maximum {setting}"
            )
        else:
            message = (
                f"input length and `max_tokens` exceed context limit: {over.prompt} + {over.wanted} > "
                f"{over.context}, decrease input length or `max_tokens` and try again {setting}"
            )
    return {"type": "error", "error": {"type": refused.type, "message": message}}


def error_body(path: str, refused: Refused) -> dict[str, Any]:
    """Return the body of a refusal in the form of the API that `path` belongs to."""
    if path.startswith("/v1/messages"):
        return anthropic_error(refused)
    return openai_error(refused)
