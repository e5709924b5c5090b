"""Requests made short, and what an engine answers to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from inference.chat.images import Patches
from inference.engine.engine import Engine
from inference.engine.grammar import TokenMask
from inference.engine.sequence import Request, Sampling, Token, Update, expand_pictures

PLACEHOLDER = 789  # of a random checkpoint of size S
WORDS = 768  # its ordinary tokens


def words(count: int, seed: int) -> list[int]:
    return np.random.default_rng(seed).integers(0, WORDS, count).tolist()


def picture(seed: int, rows: int = 4, columns: int = 4) -> Patches:
    values = (
        np.random.default_rng(seed).uniform(-1, 1, (rows * columns, 3, 14, 14)).astype(np.float32)
    )
    return Patches(values, (1, rows, columns), rows * columns // 4)


class Few:
    """Allows a few tokens only: random weights never repeat themselves, under this they do, and
    guesses are made.
    """

    def __init__(self, *tokens: int) -> None:
        self._allowed = torch.zeros(1024, dtype=torch.bool)
        self._allowed[list(tokens)] = True

    def allowed(self) -> Tensor:
        return self._allowed

    def advance(self, token: int) -> None:
        assert self._allowed[token]

    def forced(self) -> list[int]:
        return []


def asking(
    prompt: Sequence[int],
    max_tokens: int = 12,
    pictures: Sequence[Patches] = (),
    mask: TokenMask | None = None,
    **sampling: float | int | None,
) -> Request:
    """Greedy unless told otherwise; no token ends it."""
    ids, placed = expand_pictures(prompt, PLACEHOLDER, pictures) if pictures else (list(prompt), [])
    chosen = Sampling(**{"temperature": 0.0, **sampling})  # type: ignore[arg-type]
    return Request(tuple(ids), tuple(placed), chosen, max_tokens, mask=mask)


@dataclass
class Answer:
    tokens: list[Token] = field(default_factory=list)
    text: str = ""
    finish: str | None = None
    cached: int = 0

    @property
    def ids(self) -> list[int]:
        return [token.id for token in self.tokens]

    def take(self, update: Update) -> None:
        assert self.finish is None, "nothing comes after the end"
        self.tokens += update.tokens
        self.text += "".join(token.text for token in update.tokens) + update.text
        self.finish, self.cached = update.finish, update.cached


def answers(engine: Engine, *requests: Request) -> list[Answer]:
    """All at once, until every one is over."""
    by_id = {engine.add(request): Answer() for request in requests}
    while engine.sequences:
        for update in engine.step():
            by_id[update.id].take(update)
    engine.check_integrity()
    return list(by_id.values())
