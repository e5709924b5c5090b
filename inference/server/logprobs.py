"""Log-probabilities as OpenAI's APIs tell them."""

from __future__ import annotations

from typing import Any

from inference.chat.tokenizer import Tokenizer
from inference.engine.sequence import Token


def tell_logprob(token: Token, tokenizer: Tokenizer) -> dict[str, Any]:
    """Return a token's entry in a chat completion."""
    top = [_entry(id, value, tokenizer) for id, value in token.top]
    return {**_entry(token.id, token.logprob, tokenizer), "top_logprobs": top}


def _entry(id: int, value: float | None, tokenizer: Tokenizer) -> dict[str, Any]:
    data = tokenizer.decode_bytes([id])
    return {"token": text_of(id, tokenizer), "bytes": list(data), "logprob": value}


def text_of(id: int, tokenizer: Tokenizer) -> str:
    """Return a token's text; U+FFFD for bytes that are no whole character."""
    return tokenizer.decode([id])
