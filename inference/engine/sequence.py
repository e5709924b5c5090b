"""Requests, their state in the engine and the updates it produces. No tensors."""

from __future__ import annotations

from collections.abc import Sequence as Listed
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Literal

from inference.chat.images import Patches, expand_placeholders
from inference.chat.text import TextStream
from inference.engine.blocks import hash_block
from inference.engine.grammar import TokenMask
from inference.engine.speculate import Lookup

Finish = Literal["stop", "length", "cancelled", "error"]


@dataclass(frozen=True)
class Sampling:
    """How the next token is sampled; temperature 0 is greedy.

    `logprobs`: the number of alternatives to report with each token, None for no log-probabilities.
    A draw depends only on `seed` and the token's index, not on other sequences in the batch.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    logprobs: int | None = None


@dataclass(frozen=True)
class PromptPicture:
    """A picture in a prompt: it takes `patches.tokens` placeholders from index `start` on."""

    start: int
    patches: Patches
    digest: bytes

    @property
    def stop(self) -> int:
        return self.start + self.patches.tokens


@dataclass(frozen=True)
class Request:
    """A prompt and how to continue it.

    `max_tokens`: None for as many as fit into the context. `stop`: strings that end the answer and
    are not part of it. `stop_ids`: tokens that end the answer.
    """

    prompt: tuple[int, ...]
    pictures: tuple[PromptPicture, ...] = ()
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    stop_ids: frozenset[int] = frozenset()
    mask: TokenMask | None = None


@dataclass(frozen=True)
class Token:
    """A generated token.

    `text`: the text that became complete with it. `mark`: its name, if it is a special token.
    """

    id: int
    text: str = ""
    mark: str | None = None
    logprob: float | None = None
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Update:
    """The result of one step for one request.

    `text`: text that was held back and is released because the answer has ended.
    """

    id: int
    tokens: tuple[Token, ...]
    finish: Finish | None = None
    text: str = ""
    stop: str | None = None  # the stop string that ended the answer
    cached: int = 0  # tokens of the prompt that were in the prefix cache


class Sequence:
    """A request's tokens, the blocks that hold their latents, and how many of them are computed."""

    def __init__(self, id: int, request: Request, limit: int, text: TextStream) -> None:
        """Start with the prompt; `limit` is the maximum length in tokens."""
        self.id = id
        self.request = request
        self.limit = limit
        self.text = text
        self.tokens = list(request.prompt)
        self.blocks: list[int] = []
        self.computed = 0  # tokens whose latents are in the cache
        self.cached: int | None = None  # tokens of the prompt found in the prefix cache
        self.lookup = Lookup(self.tokens)
        self._hashes: list[bytes] = []

    @property
    def made(self) -> int:
        """The number of tokens generated so far."""
        return len(self.tokens) - len(self.request.prompt)

    @property
    def missing(self) -> int:
        """The number of tokens to compute before the next one can be sampled."""
        return len(self.tokens) - self.computed

    def compute_hashes(self, count: int, size: int) -> list[bytes]:
        """Return the prefix hashes of the first `count` blocks of `size` tokens."""
        while len(self._hashes) < count:
            start = len(self._hashes) * size
            stop = start + size
            before = self._hashes[-1] if self._hashes else b""
            pictures = self._identify_pictures(start, stop)
            self._hashes.append(hash_block(before, self.tokens[start:stop], pictures))
        return self._hashes[:count]

    def _identify_pictures(self, start: int, stop: int) -> bytes:
        """Return the digests and offsets of the pictures that overlap these tokens."""
        identities = b""
        for picture in self.request.pictures:
            if picture.start < stop and start < picture.stop:
                offset = start - picture.start
                identities += picture.digest + offset.to_bytes(8, "little", signed=True)
        return identities


def expand_pictures(
    ids: Listed[int], placeholder: int, pictures: Listed[Patches]
) -> tuple[list[int], list[PromptPicture]]:
    """Return the prompt with a placeholder for each token of each picture, and the pictures in it.

    `ids` has one placeholder for each picture. Raises ValueError when there are more or fewer
    placeholders than pictures.
    """
    expanded = expand_placeholders(ids, placeholder, [patches.tokens for patches in pictures])
    indexes = [index for index, token in enumerate(ids) if token == placeholder]
    placed: list[PromptPicture] = []
    added = 0
    for index, patches in zip(indexes, pictures, strict=True):
        placed.append(PromptPicture(index + added, patches, _hash_patches(patches)))
        added += patches.tokens - 1
    return expanded, placed


def _hash_patches(patches: Patches) -> bytes:
    return blake2b(patches.values.tobytes() + repr(patches.grid).encode(), digest_size=20).digest()
