"""Logits to tokens. A draw depends on the sequence's seed and the token's index, on nothing else in the batch."""

from __future__ import annotations

from collections.abc import Sequence as Listed
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from inference.scheduler import Piece
from inference.sequence import Request, Sampling


@dataclass(frozen=True)
class Choice:
    id: int
    logprob: float | None = None
    top: tuple[tuple[int, float], ...] = ()


def sample(pieces: Listed[Piece], logits: Tensor) -> list[list[Choice]]:
    """For each piece the tokens that follow: none, one, or with a guess as many as it got right and one more.

    `logits` [rows, vocab] float32: `piece.rows` rows for each piece. A guess is held against what would be chosen
    without it, so it changes how many tokens come at once and never which.
    """
    likeliest = logits.argmax(dim=-1).tolist()
    chosen: list[list[Choice]] = []
    row = 0
    for piece in pieces:
        request, made = piece.sequence.request, piece.sequence.made
        choices: list[Choice] = []
        for place, guessed in zip(range(piece.rows), (*piece.guess, None), strict=False):
            choice = _choose(request, logits[row + place], likeliest[row + place], made + place)
            choices.append(choice)
            if request.mask is not None:
                request.mask.advance(choice.id)
            if choice.id != guessed or choice.id in request.stop_ids:
                break
        chosen.append(choices)
        row += piece.rows
    return chosen


def _choose(request: Request, logits: Tensor, likeliest: int, index: int) -> Choice:
    """`logits` [vocab]; log-probabilities are the model's own, before temperature, cuts and mask."""
    allowed, sampling = logits, request.sampling
    if request.mask is not None:
        allowed = logits.masked_fill(~request.mask.allowed().to(logits.device), -torch.inf)
        likeliest = int(allowed.argmax())
    token = likeliest if sampling.temperature == 0 else _draw(allowed, sampling, index)
    if sampling.logprobs is None:
        return Choice(token)
    logprobs = logits.log_softmax(dim=-1)
    values, ids = logprobs.topk(sampling.logprobs)
    return Choice(token, float(logprobs[token]), tuple(zip(ids.tolist(), values.tolist(), strict=True)))


def _draw(logits: Tensor, sampling: Sampling, index: int) -> int:
    """The token at the draw's place among the likeliest first; in float64, so that a sum of 163,840 of them is one."""
    probabilities, ids = (logits.double() / sampling.temperature).softmax(dim=-1).sort(descending=True, stable=True)
    before = probabilities.cumsum(dim=-1) - probabilities
    kept = (before < sampling.top_p) & (probabilities >= sampling.min_p * probabilities[0])
    kept[0] = True
    sums = probabilities.masked_fill(~kept, 0).cumsum(dim=-1)
    place = int(torch.searchsorted(sums, sums[-1] * uniform(sampling.seed, index), right=True))
    return int(ids[min(place, int(kept.sum()) - 1)])


def uniform(seed: int, index: int) -> float:
    """In [0, 1): the `index`-th draw of `seed`; counted, not stepped, so recomputing a sequence changes nothing."""
    return float(np.random.Generator(np.random.Philox(key=seed % 2**64, counter=[0, index, 0, 0])).random())
