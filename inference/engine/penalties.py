"""Changes to the logits that depend on what was already said: penalties, biases, a least length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import torch
from torch import Tensor


class TokenHistory:
    """The tokens of one sequence, counted; grows with the sequence and is never counted anew."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._prompt = sorted(set(prompt))
        self._counts: Counter[int] = Counter()
        self._counted = 0

    def catch_up(self, generated: Sequence[int]) -> None:
        """Count the tokens of `generated` that were not counted yet."""
        self._counts.update(generated[self._counted :])
        self._counted = len(generated)

    def add(self, token: int) -> None:
        """Count one more generated token."""
        self._counts[token] += 1
        self._counted += 1

    def generated(self, like: Tensor) -> tuple[Tensor, Tensor]:
        """Return the ids generated so far and how often each came."""
        ids = torch.tensor(list(self._counts), dtype=torch.int64, device=like.device)
        return ids, torch.tensor(list(self._counts.values()), dtype=like.dtype, device=like.device)

    def seen(self, like: Tensor) -> Tensor:
        """Return the ids of the prompt and of what was generated, each once."""
        ids = list({*self._prompt, *self._counts})
        return torch.tensor(ids, dtype=torch.int64, device=like.device)


def add_biases(logits: Tensor, biases: Collection[tuple[int, float]]) -> Tensor:
    """Return `logits` [vocab] with each bias added to its token's."""
    if not biases:
        return logits
    ids = torch.tensor([token for token, _ in biases], device=logits.device)
    values = torch.tensor([bias for _, bias in biases], dtype=logits.dtype, device=logits.device)
    return logits.index_add(0, ids, values)


def penalize_repetition(logits: Tensor, history: TokenHistory, penalty: float) -> Tensor:
    """Divide what is above 0 and multiply what is below, for every token that was seen (1: no
    change).
    """
    if penalty == 1:
        return logits
    seen = history.seen(logits)
    values = logits[seen]
    weaker = torch.where(values > 0, values / penalty, values * penalty)
    return logits.index_copy(0, seen, weaker)


def penalize_frequency(
    logits: Tensor, history: TokenHistory, frequency: float, presence: float
) -> Tensor:
    """Subtract `frequency` for each time a token was generated and `presence` once."""
    if not frequency and not presence:
        return logits
    ids, counts = history.generated(logits)
    return logits.index_add(0, ids, -(frequency * counts + presence))


def forbid_tokens(logits: Tensor, ids: Collection[int]) -> Tensor:
    """Return `logits` without `ids`; unchanged where nothing else would be left."""
    if not ids:
        return logits
    places = torch.tensor(sorted(ids), device=logits.device)
    without = logits.index_fill(0, places, -torch.inf)
    return without if bool((without > -torch.inf).any()) else logits


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Return `logits` [vocab] with only the `k` largest left (0: all); equals of the last stay."""
    if not 0 < k < len(logits):
        return logits
    least = logits.topk(k).values[-1]
    return logits.masked_fill(logits < least, -torch.inf)
