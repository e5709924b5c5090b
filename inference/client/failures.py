"""The sentences in which a person reads why a model server did not answer.

They hold no text of the server: that goes to the log. Each is made from the fields of the error.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx

from inference.client.bounded import TooLarge, Unreadable
from inference.client.limits import describe_excess
from inference.client.refusals import OVERLOADED, Refusal
from inference.types import ModelError, RefusalReason, UnreachableCause, Usage

LOGGED_CHARACTERS = 300  # of the server's error text

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SettingNames:
    """What a person has to check: the operator's settings, or fields of a form."""

    address: str = "MODEL_URL"
    key: str = "MODEL_API_KEY"
    model: str = "MODEL_NAME"


CAUSES: Mapping[UnreachableCause, str] = {
    "unknown": "cannot be reached; check {address} and that it is running",
    "host": "cannot be reached: there is no host of this name; check {address}",
    "refused": "cannot be reached: nothing listens there; check {address} and that it is running",
    "timeout": "cannot be reached: no connection within {seconds:g} seconds; check {address}",
    "certificate": (
        "has a certificate that is expired, for another name or of an unknown authority; "
        "SSL_CERT_FILE can name a file with the authority"
    ),
    "tls": "does not speak TLS; check {address}, which may have to begin with http://",
    "plain": "does not speak HTTP; check {address}, which may have to begin with https://",
    "proxy": "cannot be reached through the proxy; check HTTPS_PROXY, HTTP_PROXY and NO_PROXY",
}
STATUSES: Mapping[int, str] = {
    401: "; check {key}",
    402: "; its account has no credit left",
    403: "; check {key}",
    404: "; check {address} and {model}",
    405: "; check {address}",
    407: "; the proxy wants a login, which HTTPS_PROXY and HTTP_PROXY can hold",
    413: "; the request is too large for it",
    429: "; it accepts no more requests for now",
    503: "; it is overloaded or still loading the model",
    OVERLOADED: "; it is overloaded",
}
REASONS: Mapping[RefusalReason, str] = {
    "too long": "; the prompt is longer than its model's context",
    "no credit": "; its account has no credit left",
    "no model": "; it has no model of this name, check {model}",
    "busy": "; it accepts no more requests for now",
}


class Reporter:
    """Describes the failures of one server, and logs what it says without the key."""

    def __init__(
        self, host: str, key: str | None, names: SettingNames, *, patience: float, connecting: float
    ) -> None:
        self.where = f"The model server at {host}"
        self._host = host
        self._key = key
        self._names = names
        self._patience = patience
        self._connecting = connecting

    def describe(self, error: Exception, *, began: bool, usage: Usage = Usage()) -> ModelError:  # noqa: B008
        """Return the error for people; `began`: part of the answer had arrived."""
        if isinstance(error, TooLarge):
            return describe_excess(error, self.where)
        if isinstance(error, Unreadable):
            return self._make("uses a compression that was not requested", "unreadable", usage)
        if isinstance(error, httpx.ConnectTimeout) or not isinstance(error, httpx.TimeoutException):
            if began:
                sentence = "dropped the connection in the middle of the answer"
                return self._make(sentence, "interrupted", usage)
            return self._describe_unreachable(error)
        return self._make(f"sent nothing for {self._patience:g} seconds", "silent", usage)

    def describe_refusal(self, refusal: Refusal, usage: Usage = Usage()) -> ModelError:  # noqa: B008
        """Return the error for a status other than 200, or for an error in a stream."""
        if refusal.is_declined:
            return self.describe_declined(usage)
        hint = REASONS.get(refusal.reason) or self._hint(refusal.status)
        hint = hint.format(
            key=self._names.key, address=self._names.address, model=self._names.model
        )
        return ModelError(
            f"{self.where} answered {refusal.status}{hint}.",
            kind="refused",
            status=refusal.status,
            reason=refusal.reason,
            usage=usage,
        )

    def describe_declined(self, usage: Usage) -> ModelError:
        return self._make("declined to answer: its model or its filter refused", "declined", usage)

    def describe_interrupted(self, usage: Usage) -> ModelError:
        return self._make("ended the stream in the middle of the answer", "interrupted", usage)

    def describe_nothing(self, usage: Usage) -> ModelError:
        return self._make("ended the stream without an answer", "interrupted", usage)

    def describe_tool_call(self, usage: Usage) -> ModelError:
        sentence = "answered with a call of a tool, although its model was given none"
        return self._make(sentence, "empty", usage)

    def describe_missing_list(self) -> ModelError:
        sentence = (
            f"has no readable model list at /models; check {self._names.address}, which usually "
            f"ends in /v1, or set {self._names.model}"
        )
        return self._make(sentence, "unreadable", Usage())

    def describe_empty_list(self) -> ModelError:
        return self._make(f"lists no model; set {self._names.model}", "no models", Usage())

    def describe_unreadable(self, sentence: str, usage: Usage) -> ModelError:
        """Return the error for a stream that is invalid; `sentence` is without its subject."""
        return self._make(sentence.format(address=self._names.address), "unreadable", usage)

    def log(self, what: str, text: str) -> None:
        """Log the server's error text in one line, without the API key."""
        text = text.replace(self._key, "…") if self._key else text
        # Some of the characters will be white space that is collapsed.
        characters = text[: 4 * LOGGED_CHARACTERS]
        printable = "".join(letter if letter.isprintable() else " " for letter in characters)
        line = " ".join(printable.split())[:LOGGED_CHARACTERS]
        logger.warning("the model server at %s %s: %s", self._host, what, line)

    def _describe_unreachable(self, error: Exception) -> ModelError:
        cause = find_cause(error)
        finding = CAUSES[cause].format(address=self._names.address, seconds=self._connecting)
        return ModelError(f"{self.where} {finding}.", kind="unreachable", cause=cause)

    def _hint(self, status: int) -> str:
        if 300 <= status < 400:
            return "; it leads elsewhere, which is not followed: check {address}"
        return STATUSES.get(status, "; its log may say why" if status >= 500 else "")

    def _make(self, sentence: str, kind: str, usage: Usage) -> ModelError:
        return ModelError(f"{self.where} {sentence}.", kind=kind, usage=usage)  # type: ignore[arg-type]


def find_cause(error: BaseException) -> UnreachableCause:
    """Return why there is no connection, from the types of the error and its causes."""
    errors = list(_list_causes(error))
    kinds: list[tuple[type[BaseException], UnreachableCause]] = [
        (ssl.SSLCertVerificationError, "certificate"),
        (ssl.SSLError, "tls"),
        (httpx.ProxyError, "proxy"),
        (socket.gaierror, "host"),
        (ConnectionRefusedError, "refused"),
        (httpx.ConnectTimeout, "timeout"),
        (httpx.RemoteProtocolError, "plain"),
    ]
    for kind, cause in kinds:
        if any(isinstance(each, kind) for each in errors):
            return cause
    return "unknown"


def _list_causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error and its causes; httpcore uses `from None`, so the context counts too."""
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__ or current.__context__
