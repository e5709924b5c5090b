"""One request on its way through the engine: what was asked, and how far it has come. Knows nothing
of tensors.
"""

from __future__ import annotations

from collections.abc import Sequence as Listed
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

from inference.chat.images import Patches, expand_placeholders
from inference.chat.text import TextStream
from inference.engine.blocks import hash_block
from inference.engine.grammar import TokenMask
from inference.engine.speculate import Lookup

if TYPE_CHECKING:
    from inference.engine.penalties import TokenHistory

Finish = Literal["stop", "length", "cancelled", "error"]


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen; temperature 0 is greedy.

    `logprobs`: how many alternatives to report beside the chosen token, None for no
    log-probabilities at all. `seed` and the token's index alone decide the draw, whatever else is
    in the batch. `top_k` 0: all tokens. `min_tokens`: no stop token is chosen before so many were
    generated.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    min_p: float = 0.0
    seed: int = 0
    logprobs: int | None = None
    top_k: int = 0
    frequency_penalty: float = 0.0
    presence_penalty: float = 0.0
    repetition_penalty: float = 1.0
    logit_bias: tuple[tuple[int, float], ...] = ()
    min_tokens: int = 0

    @property
    def has_penalty(self) -> bool:
        """Whether what was said so far changes what comes next."""
        neutral = (0.0, 0.0, 1.0)
        return (self.frequency_penalty, self.presence_penalty, self.repetition_penalty) != neutral

    @property
    def changes_logits(self) -> bool:
        """Whether the logits are changed before a token is chosen, beside temperature and cuts."""
        return self.has_penalty or bool(self.logit_bias) or self.min_tokens > 0


@dataclass(frozen=True)
class PromptPicture:
    """Where a picture stands in a prompt: `patches.tokens` placeholders from `start` on."""

    start: int
    patches: Patches
    digest: bytes

    @property
    def stop(self) -> int:
        return self.start + self.patches.tokens


@dataclass(frozen=True)
class Request:
    """`max_tokens` None: as many as the context has room for. `stop`: strings that end the answer,
    and are cut off.
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
    """A chosen token. `text`: what can be shown now that could not before; `mark`: the name of a
    special token.
    """

    id: int
    text: str = ""
    mark: str | None = None
    logprob: float | None = None
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True)
class Update:
    """What a step brought a request. `text`: what was held back and is shown now that the answer
    has ended.
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
        """`limit`: tokens it may grow to."""
        self.id, self.request, self.limit, self.text = id, request, limit, text
        self.tokens = list(request.prompt)
        self.blocks: list[int] = []
        self.computed = 0
        self.cached: int | None = None
        self.lookup = Lookup(self.tokens)
        self.history: TokenHistory | None = None  # where a penalty asks for it
        self._hashes: list[bytes] = []

    @property
    def made(self) -> int:
        """Tokens generated so far."""
        return len(self.tokens) - len(self.request.prompt)

    @property
    def missing(self) -> int:
        """Tokens to compute before the next can be chosen."""
        return len(self.tokens) - self.computed

    def compute_hashes(self, count: int, size: int) -> list[bytes]:
        """Those of the first `count` blocks of `size` tokens."""
        while len(self._hashes) < count:
            start = len(self._hashes) * size
            before = self._hashes[-1] if self._hashes else b""
            self._hashes.append(
                hash_block(
                    before, self.tokens[start : start + size], self._pictures(start, start + size)
                )
            )
        return self._hashes[:count]

    def _pictures(self, start: int, stop: int) -> bytes:
        reaching = (one for one in self.request.pictures if one.start < stop and start < one.stop)
        return b"".join(
            one.digest + (start - one.start).to_bytes(8, "little", signed=True) for one in reaching
        )


def expand_pictures(
    ids: Listed[int], placeholder: int, pictures: Listed[Patches]
) -> tuple[list[int], list[PromptPicture]]:
    """A prompt with one placeholder for each picture -> one with room for them, and where they
    stand in it.

    Raises ValueError when there are more or fewer placeholders than pictures.
    """
    expanded = expand_placeholders(ids, placeholder, [one.tokens for one in pictures])
    placed: list[PromptPicture] = []
    grown = 0
    for index, one in zip(
        (i for i, token in enumerate(ids) if token == placeholder), pictures, strict=True
    ):
        placed.append(PromptPicture(index + grown, one, _hash_patches(one)))
        grown += one.tokens - 1
    return expanded, placed


def _hash_patches(patches: Patches) -> bytes:
    return blake2b(patches.values.tobytes() + repr(patches.grid).encode(), digest_size=20).digest()
