"""Passes over a paged cache, put together as an engine would: some tokens at a time, blocks in any
order.
"""

from __future__ import annotations

import torch
from torch import Tensor

from inference.engine.batch import Batch
from inference.models.kimi import Kimi

BLOCK = 8


class Run:
    """A model, its cache, and which blocks each sequence got."""

    def __init__(self, model: Kimi, blocks: int = 64) -> None:
        self.model = model
        self.cache = model.new_cache(blocks, BLOCK).fill_(torch.nan)
        self.free = torch.randperm(
            blocks, generator=torch.Generator().manual_seed(5), device="cpu"
        ).tolist()
        self.blocks: dict[str, list[int]] = {}
        self.lengths: dict[str, int] = {}

    @torch.inference_mode()
    def feed(self, **pieces: Tensor) -> dict[str, Tensor]:
        """Each sequence's next tokens, all in one pass -> its logits [tokens, vocab]."""
        positions, slots = [], []
        for name, tokens in pieces.items():
            done = self.lengths.get(name, 0)
            places = range(done, done + len(tokens))
            table = self.blocks.setdefault(name, [])
            while len(table) * BLOCK < places.stop:
                table.append(self.free.pop())
            positions += places
            slots += [table[place // BLOCK] * BLOCK + place % BLOCK for place in places]
            self.lengths[name] = places.stop
        counts = [len(tokens) for tokens in pieces.values()]
        width = max(len(self.blocks[name]) for name in pieces)
        batch = Batch(
            tokens=torch.cat(list(pieces.values())),
            positions=torch.tensor(positions),
            query_start=torch.tensor([0, *counts]).cumsum(0).int(),
            context=torch.tensor([self.lengths[name] for name in pieces], dtype=torch.int32),
            block_table=torch.tensor(
                [self.blocks[name] + [-1] * (width - len(self.blocks[name])) for name in pieces],
                dtype=torch.int32,
            ),
            slots=torch.tensor(slots),
        )
        logits = self.model.logits(self.model.forward(batch, self.cache))
        return dict(zip(pieces, logits.split(counts), strict=True))


def words(count: int, seed: int) -> Tensor:
    """Ordinary tokens of a random checkpoint of size S."""
    return torch.randint(0, 768, (count,), generator=torch.Generator().manual_seed(seed))
