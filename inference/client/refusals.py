"""What an error of a model server says, read from its fields.

The fields decide what is done; the server's text only goes to the log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference.types import RefusalReason

# Codes and types of OpenAI, Anthropic, Moonshot, DeepSeek, Azure, vLLM and OpenRouter.
REASONS: Mapping[str, RefusalReason] = {
    "context_length_exceeded": "too long",
    "string_above_max_length": "too long",
    "request_too_large": "too long",
    "exceed_context_size_error": "too long",  # llama.cpp
    "insufficient_quota": "no credit",
    "billing_error": "no credit",
    "billing_hard_limit_reached": "no credit",
    "exceeded_current_quota_error": "no credit",
    "insufficient_balance": "no credit",
    "model_not_found": "no model",
    "resource_not_found_error": "no model",
    "DeploymentNotFound": "no model",
    "rate_limit_exceeded": "busy",
    "rate_limit_error": "busy",
    "rate_limit_reached_error": "busy",
    "overloaded_error": "busy",
    "engine_overloaded_error": "busy",
}
BROKEN_CODES = frozenset({"api_error", "server_error", "internal_error", "InternalServerError"})
DECLINED = frozenset(
    {
        "content_filter",
        "content_policy_violation",
        "moderation_blocked",
        "ResponsibleAIPolicyViolation",
    }
)
OVERLOADED = 529  # the status that Anthropic answers with
# A value was out of range, so another name for the parameter would not help.
VALUE_CODES = frozenset({"invalid_value", "integer_above_max_value", "integer_below_min_value"})


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of a server. `status` is 0 for an error in a stream that names none.

    `code`: the error's code or type. `parameter`: the parameter that it names, with dots between
    its parts. `text`: the server's text, for the log. `retry_after`: seconds.
    """

    status: int
    text: str = ""
    code: str = ""
    parameter: str = ""
    retry_after: float | None = None

    @property
    def reason(self) -> RefusalReason:
        if self.status == 402:
            return "no credit"
        return REASONS.get(self.code, "")

    @property
    def is_declined(self) -> bool:
        return self.code in DECLINED

    @property
    def is_temporary(self) -> bool:
        """Return whether the same request may succeed later."""
        if self.reason == "no credit" or self.is_declined:
            return False
        return self.status in (408, 425, 429) or self.status >= 500 or self.reason == "busy"


def read_refusal(status: int, text: str, retry_after: float | None = None) -> Refusal:
    """Return what the body of an error says, in whichever form it comes."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    return read_error(content, status=status, text=text, retry_after=retry_after)


def read_error(
    content: Any, *, status: int = 0, text: str = "", retry_after: float | None = None
) -> Refusal:
    """Return what a parsed error object says.

    OpenAI: `{"error": {"code", "type", "param"}}`. Anthropic: `{"error": {"type"}}`. Gemini: the same
    in a list, with `details[].fieldViolations[].field`. FastAPI and Mistral: `detail[].loc`.
    """
    if isinstance(content, list) and content:
        content = content[0]
    body = content if isinstance(content, dict) else {}
    error = body.get("error", body)
    error = error if isinstance(error, dict) else {}
    code = _read_code(error)
    if not status:
        status = _read_status(error.get("code"), code)
    parameter = _read_text(error.get("param")) or _find_location(body, error)
    return Refusal(status, text or json.dumps(content)[:2000], code, parameter, retry_after)


def _read_code(error: dict[str, Any]) -> str:
    """Return the code, or the type where the code is a number or says nothing known."""
    names = [_read_text(error.get("code")), _read_text(error.get("type"))]
    inner = error.get("innererror")
    if isinstance(inner, dict):  # Azure
        names.append(_read_text(inner.get("code")))
    known = [name for name in names if name in REASONS or name in DECLINED or name in VALUE_CODES]
    return next(iter(known), next(filter(None, names), ""))


def _read_status(number: Any, code: str) -> int:
    """Return the status that an error inside a stream stands for; 0 if it does not say."""
    if isinstance(number, int) and 400 <= number < 600:
        return number
    if isinstance(number, str) and re.fullmatch(r"[45]\d\d", number):
        return int(number)
    if code in BROKEN_CODES:
        return 500
    return OVERLOADED if REASONS.get(code) == "busy" else 0


def _find_location(body: dict[str, Any], error: dict[str, Any]) -> str:
    """Return the field that a validator (pydantic, protobuf) names, or an empty string."""
    message = body.get("message")
    nested = message.get("detail") if isinstance(message, dict) else None
    for entries in (body.get("detail"), nested):
        for entry in _list_objects(entries):
            location = entry.get("loc")
            if isinstance(location, list):
                parts = [str(part) for part in location if part != "body"]
                return ".".join(parts)
    for detail in _list_objects(error.get("details")):
        for violation in _list_objects(detail.get("fieldViolations")):
            if field := _read_text(violation.get("field")):
                return field
    return ""


def _list_objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _read_text(value: Any) -> str:
    return value if isinstance(value, str) else ""
