"""Sampling: logits to tokens.

A draw depends only on the sequence's seed and the token's index, not on the rest of the batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as Listed
from dataclasses import dataclass
from hashlib import blake2b

import torch
from torch import Tensor

from inference.engine.scheduler import ScheduledChunk
from inference.engine.sequence import Request, Sampling
from kernels import draw

# The number of most likely tokens that are sorted first. Top-p nearly always needs no more. Sorting
# K2.6's 163,840 tokens takes 14 ms a row on one core, selecting these takes 0.2 ms.
LIKELIEST = 256


@dataclass(frozen=True)
class SampledToken:
    """A token with its log-probability and the most likely alternatives, if they were requested."""

    id: int
    logprob: float | None = None
    top: tuple[tuple[int, float], ...] = ()


def sample(chunks: Listed[ScheduledChunk], logits: Tensor) -> list[list[SampledToken]]:
    """Return the next tokens of each chunk.

    A chunk without rows gets none, a chunk without draft tokens gets one, and a chunk with draft
    tokens gets the accepted ones and one more. `logits` [rows, vocab] float32 has `chunk.rows` rows
    for each chunk. A draft token is accepted only if it is the token that would be sampled without
    it, so drafts change how many tokens come at once and never which.
    """
    if all(chunk.rows <= 1 and _is_greedy(chunk.sequence.request) for chunk in chunks):
        return _sample_greedily(chunks, logits)
    rows = logits.split([chunk.rows for chunk in chunks])
    unmasked = [
        index
        for index, chunk in enumerate(chunks)
        if chunk.rows and chunk.sequence.request.mask is None
    ]
    ids: Iterator[int] = iter(())
    if unmasked:
        unmasked_rows = torch.cat([rows[index] for index in unmasked])
        ids = iter(_pick(unmasked_rows, [chunks[index] for index in unmasked]))
    sampled: list[list[SampledToken]] = []
    for chunk, own_rows in zip(chunks, rows, strict=True):
        request = chunk.sequence.request
        if request.mask is not None:
            sampled.append(_sample_masked(chunk, own_rows))
            continue
        picked = [next(ids) for _ in range(chunk.rows)]
        accepted = picked[: _count_accepted(chunk, picked)]
        sampled.append(_make_choices(accepted, own_rows, request.sampling))
    return sampled


def _sample_greedily(chunks: Listed[ScheduledChunk], logits: Tensor) -> list[list[SampledToken]]:
    # numpy's argmax is faster on a CPU: 2 µs for a row of 16,384, torch's takes 17 µs.
    rows = logits.numpy() if logits.device.type == "cpu" else logits
    ids = iter(rows.argmax(-1).tolist())
    return [[SampledToken(next(ids))] if chunk.rows else [] for chunk in chunks]


def _is_greedy(request: Request) -> bool:
    """Return whether the most likely token is the whole result: no mask, draw or probabilities."""
    return (
        request.mask is None
        and request.sampling.temperature <= 0
        and request.sampling.logprobs is None
    )


def draw_uniform(seed: int, index: int) -> float:
    """Return the `index`-th random number of `seed`, in [0, 1).

    The number is a hash of the index and not the state of a generator, so recomputing a sequence
    gives the same draws.
    """
    key = (seed % 2**64).to_bytes(8, "little")
    digest = blake2b(index.to_bytes(8, "little"), digest_size=8, key=key).digest()
    # The 53 bits of a float64's significand.
    return (int.from_bytes(digest, "little") >> 11) / 2**53


def _pick(logits: Tensor, chunks: Listed[ScheduledChunk]) -> list[int]:
    """Return a token for each row of all chunks."""
    ids: list[int] = logits.argmax(dim=-1).tolist()
    samplings: list[Sampling] = []
    indexes: list[int] = []
    for chunk in chunks:
        samplings += [chunk.sequence.request.sampling] * chunk.rows
        indexes += range(chunk.sequence.made, chunk.sequence.made + chunk.rows)
    drawn = [row for row, sampling in enumerate(samplings) if sampling.temperature > 0]
    if drawn:
        tokens = _draw(
            logits[drawn], [samplings[row] for row in drawn], [indexes[row] for row in drawn]
        )
        for row, token in zip(drawn, tokens, strict=True):
            ids[row] = token
    return ids


def _sample_masked(chunk: ScheduledChunk, logits: Tensor) -> list[SampledToken]:
    """Sample row by row, because the mask of a row depends on the tokens before it."""
    request = chunk.sequence.request
    assert request.mask is not None
    picked: list[int] = []
    for index, row in enumerate(logits):
        allowed = row.masked_fill(~request.mask.allowed().to(row.device), -torch.inf)
        if request.sampling.temperature > 0:
            picked += _draw(allowed[None], [request.sampling], [chunk.sequence.made + index])
        else:
            picked.append(int(allowed.argmax()))
        token = picked[-1]
        request.mask.advance(token)
        is_last = index == len(chunk.guess)
        if is_last or token != chunk.guess[index] or token in request.stop_ids:
            break
    return _make_choices(picked, logits, request.sampling)


def _count_accepted(chunk: ScheduledChunk, picked: Listed[int]) -> int:
    """Return how many picked tokens are valid: the accepted draft tokens and the one after them."""
    for index, (id, guessed) in enumerate(zip(picked, chunk.guess, strict=False)):
        if id != guessed or id in chunk.sequence.request.stop_ids:
            return index + 1
    return len(picked)


def _make_choices(ids: Listed[int], rows: Tensor, sampling: Sampling) -> list[SampledToken]:
    return [_make_choice(id, row, sampling) for id, row in zip(ids, rows, strict=False)]


def _make_choice(id: int, logits: Tensor, sampling: Sampling) -> SampledToken:
    """Return a token with log-probabilities of `logits` [vocab], before temperature and masks."""
    if sampling.logprobs is None:
        return SampledToken(id)
    logprobs = logits.log_softmax(dim=-1)
    values, ids = logprobs.topk(sampling.logprobs)
    return SampledToken(
        id, float(logprobs[id]), tuple(zip(ids.tolist(), values.tolist(), strict=True))
    )


def _draw(logits: Tensor, samplings: Listed[Sampling], indexes: Listed[int]) -> list[int]:
    """Return a token for each row of `logits` [rows, vocab].

    The uniform draw is looked up in the cumulative probabilities of the tokens that top-p and min-p
    keep, in order of their ids.
    """
    if logits.is_cuda:
        return _draw_on_gpu(logits, samplings, indexes)
    # The maximum is subtracted first and no temperature rounds to 0. Otherwise a very small
    # temperature makes all values infinite.
    coldest = torch.finfo(logits.dtype).tiny
    temperatures = logits.new_tensor([max(sampling.temperature, coldest) for sampling in samplings])
    below = logits - logits.amax(dim=-1, keepdim=True)
    probabilities = (below / temperatures[:, None]).softmax(dim=-1)
    values, ids = probabilities.topk(min(LIKELIEST, probabilities.shape[1]))
    sums = values.double().cumsum(dim=-1)
    tokens = []
    for row, (sampling, index) in enumerate(zip(samplings, indexes, strict=True)):
        least = sampling.min_p * float(values[row, 0])
        if sampling.top_p >= 1 and not least:
            kept_values, kept = probabilities[row], None
        else:
            ordered, order, total = values[row], ids[row], sums[row]
            if float(total[-1]) < sampling.top_p and float(ordered[-1]) >= least:
                ordered, order = probabilities[row].sort(descending=True, stable=True)
                total = ordered.double().cumsum(dim=-1)
            count = int(((total - ordered < sampling.top_p) & (ordered >= least)).sum())
            kept = order[: max(1, count)].sort().values
            kept_values = probabilities[row, kept]
        cumulative = kept_values.double().cumsum(dim=-1)
        target = cumulative[-1] * draw_uniform(sampling.seed, index)
        drawn = int(torch.searchsorted(cumulative, target, right=True))
        drawn = min(drawn, len(cumulative) - 1)
        tokens.append(drawn if kept is None else int(kept[drawn]))
    return tokens


def _draw_on_gpu(logits: Tensor, samplings: Listed[Sampling], indexes: Listed[int]) -> list[int]:
    """Draw on the device of the logits; only one number for each row is copied back."""
    settings = [
        (sampling.temperature, sampling.top_p, sampling.min_p, draw_uniform(sampling.seed, index))
        for sampling, index in zip(samplings, indexes, strict=True)
    ]
    columns = torch.tensor(settings, dtype=torch.float32).to(logits.device).unbind(1)
    temperature, top_p, min_p, uniform = (column.contiguous() for column in columns)
    ids: list[int] = draw(logits, temperature, top_p, min_p, uniform).tolist()
    return ids
