"""What may come while a model thinks: no end before `</think>`, and at most so many tokens of
thought.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from inference.engine.grammar import TokenMask

if TYPE_CHECKING:
    from torch import Tensor


class ThoughtMask:
    """A mask for an answer that begins inside a thought; `answer` rules from the thought's end on."""

    def __init__(
        self,
        vocab: int,
        end: int,
        *,
        answer: TokenMask | None = None,
        forbidden: Collection[int] = (),
        budget: int | None = None,
    ) -> None:
        """`end`: the token that ends a thought. `forbidden`: ids that may not come inside it.

        `budget`: tokens of thought after which only `end` may come; None: as many as there is room
        for.
        """
        import torch

        self._answer, self._end, self._left = answer, end, budget
        self._thinking = True
        self._all = torch.ones(vocab, dtype=torch.bool)
        self._inside = self._all.clone()
        self._inside[list(forbidden)] = False
        self._only_end = torch.zeros(vocab, dtype=torch.bool)
        self._only_end[end] = True

    def allowed(self) -> Tensor:
        """Return [vocab] bool: the tokens that may come next."""
        if not self._thinking:
            return self._all if self._answer is None else self._answer.allowed()
        return self._inside if self._left is None or self._left > 0 else self._only_end

    def advance(self, token: int) -> None:
        """Take note that `token` was chosen."""
        if self._thinking:
            self._thinking = token != self._end
            if self._left is not None:
                self._left -= 1
        elif self._answer is not None:
            self._answer.advance(token)

    def forced(self) -> list[int]:
        """Return the tokens that come next whatever is chosen."""
        return [] if self._thinking or self._answer is None else self._answer.forced()
