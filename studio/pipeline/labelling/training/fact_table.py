"""A character's embedding while it is learnt: the sum of what its facts are worth; a rare character
is never strange.

All kinds that were said share one row: what a node was called is not read again. Learnt with the
right kinds before each and left to its own word, a model lost .12 of its labels to its own
mistakes; deaf to them it loses none. `settled` writes the sums down, one row a token, as the
checkpoint holds them.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.pipeline.labelling.model.alphabet import ABOUT, SAID

LEFT_OUT = 0.12  # of the facts


class FactTable(nn.Module):
    """`first`: the token of the walk's first character; every other token has a row of its own."""

    parts: Tensor

    def __init__(self, vocab: int, hidden: int, first: int) -> None:
        super().__init__()
        parts, rows = index_facts(vocab, first)
        self.register_buffer("parts", parts, persistent=False)
        self.weight = nn.Parameter(torch.randn(rows, hidden) * 0.02)
        self.left_out = LEFT_OUT

    def forward(self, tokens: Tensor) -> Tensor:
        """[…] -> […, hidden]; while it learns, facts are left out at random, so that none is leant
        on alone.
        """
        parts = self.parts[tokens.flatten()]
        if self.training:
            several = parts[:, 1:2] > 0
            parts = parts.masked_fill(
                several & (torch.rand(parts.shape, device=parts.device) < self.left_out), 0
            )
        return torch.reshape(self._summed(parts), (*tokens.shape, -1))

    @torch.no_grad()
    def settled(self) -> Tensor:
        """[vocab, hidden]"""
        return self._summed(self.parts)

    def _summed(self, parts: Tensor) -> Tensor:
        """[tokens, most facts] -> [tokens, hidden]"""
        return F.embedding_bag(parts, self.weight, mode="sum", padding_idx=0)


def index_facts(vocab: int, first: int) -> tuple[Tensor, int]:
    """[vocab, most facts of a character]: each token's rows, 0 for none; and how many rows there
    are.
    """
    rows: list[list[int]] = [[1 + token] for token in range(vocab)]
    rows[first : first + SAID.count] = [[1 + first]] * SAID.count
    free, token = 1 + vocab, first + SAID.count
    for word in ABOUT:
        starts = []
        for count in word.counts:
            starts.append(free)
            free += count
        for character in word.characters():
            values = word.values(character)
            assert values is not None
            rows[token] = [start + value for start, value in zip(starts, values, strict=True)]
            token += 1
    most = max(map(len, rows))
    return torch.tensor([row + [0] * (most - len(row)) for row in rows]), free
