"""Embeddings of characters during training: the sum of embeddings of their facts.

So a rare character is never unknown. All kinds in an answer share one row, so a model does not read
what it called the nodes before. Trained with the right kinds and run with its own, a model lost 0.12
of its labels to its own mistakes; without reading them it loses none. `settled` returns the sums, one
row a token, as the checkpoint holds them.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.pipeline.labelling.model.alphabet import ABOUT, SAID

LEFT_OUT = 0.12  # share of the facts that are dropped in training


class FactTable(nn.Module):
    """The embedding table.

    `first` is the token of the walk's first character; every other token has its own row.
    """

    parts: Tensor

    def __init__(self, vocab: int, hidden: int, first: int) -> None:
        super().__init__()
        parts, rows = index_facts(vocab, first)
        self.register_buffer("parts", parts, persistent=False)
        self.weight = nn.Parameter(torch.randn(rows, hidden) * 0.02)
        self.left_out = LEFT_OUT

    def forward(self, tokens: Tensor) -> Tensor:
        """Return the embeddings, […] → […, hidden].

        In training, facts are dropped at random, so that the model relies on no single one.
        """
        parts = self.parts[tokens.flatten()]
        if self.training:
            has_several = parts[:, 1:2] > 0
            parts = parts.masked_fill(
                has_several & (torch.rand(parts.shape, device=parts.device) < self.left_out), 0
            )
        return torch.reshape(self._summed(parts), (*tokens.shape, -1))

    @torch.no_grad()
    def settled(self) -> Tensor:
        """Return the table, [vocab, hidden]."""
        return self._summed(self.parts)

    def _summed(self, parts: Tensor) -> Tensor:
        """Return the sums, [tokens, most facts] → [tokens, hidden]."""
        return F.embedding_bag(parts, self.weight, mode="sum", padding_idx=0)


def index_facts(vocab: int, first: int) -> tuple[Tensor, int]:
    """Return each token's rows, [vocab, most facts of a character], and the number of rows.

    0 stands for no row.
    """
    rows: list[list[int]] = [[1 + token] for token in range(vocab)]
    rows[first : first + SAID.count] = [[1 + first]] * SAID.count
    free = 1 + vocab
    token = first + SAID.count
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
