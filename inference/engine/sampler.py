"""Logits to tokens. A draw depends on the sequence's seed and the token's index, on nothing else in
the batch.
"""

from __future__ import annotations

from collections.abc import Sequence as Listed
from dataclasses import dataclass
from hashlib import blake2b

import torch
from torch import Tensor

from inference.engine.penalties import (
    TokenHistory,
    add_biases,
    forbid_tokens,
    keep_top_k,
    penalize_frequency,
    penalize_repetition,
)
from inference.engine.scheduler import ScheduledChunk
from inference.engine.sequence import Request, Sampling, Sequence
from kernels import draw

# Top-p nearly always ends within so many tokens. Sorting K2.6's 163,840 takes 14 ms a row on one
# core, finding these 0.2 ms.
LIKELIEST = 256


@dataclass(frozen=True)
class SampledToken:
    id: int
    logprob: float | None = None
    top: tuple[tuple[int, float], ...] = ()


def sample(pieces: Listed[ScheduledChunk], logits: Tensor) -> list[list[SampledToken]]:
    """For each piece the tokens that follow: none, one, or with a guess as many as it got right and
    one more.

    `logits` [rows, vocab] float32: `piece.rows` rows for each piece. A guess is held against what
    would be chosen without it, so it changes how many tokens come at once and never which.
    """
    if all(piece.rows <= 1 and _is_greedy(piece.sequence.request) for piece in pieces):
        # numpy's is the faster one: 2 µs for a row of 16,384, where torch takes 17.
        likeliest = iter(
            (logits.numpy() if logits.device.type == "cpu" else logits).argmax(-1).tolist()
        )
        return [[SampledToken(next(likeliest))] if piece.rows else [] for piece in pieces]
    chosen: list[list[SampledToken]] = []
    rows = logits.split([piece.rows for piece in pieces])
    free = [
        index
        for index, piece in enumerate(pieces)
        if piece.rows and not _depends_on_text(piece.sequence.request)
    ]
    ids = iter(
        _pick(torch.cat([rows[index] for index in free]), [pieces[index] for index in free])
        if free
        else []
    )
    for piece, own in zip(pieces, rows, strict=True):
        request = piece.sequence.request
        if _depends_on_text(request):
            chosen.append(_choose_in_order(piece, own))
            continue
        picked = [next(ids) for _ in range(piece.rows)]
        right = _count_accepted(piece, picked)
        chosen.append(
            [
                _make_choice(id, row, request.sampling)
                for id, row in zip(picked[:right], own, strict=False)
            ]
        )
    return chosen


def _is_greedy(request: Request) -> bool:
    """The likeliest token is all that is wanted."""
    sampling = request.sampling
    return not _depends_on_text(request) and sampling.temperature <= 0 and sampling.logprobs is None


def _depends_on_text(request: Request) -> bool:
    """Whether which tokens may come depends on those that came."""
    return request.mask is not None or request.sampling.changes_logits


def draw_uniform(seed: int, index: int) -> float:
    """In [0, 1): the `index`-th draw of `seed`; counted, not stepped, so recomputing a sequence
    changes nothing.
    """
    digest = blake2b(
        index.to_bytes(8, "little"), digest_size=8, key=(seed % 2**64).to_bytes(8, "little")
    ).digest()
    return (int.from_bytes(digest, "little") >> 11) / 2**53


def _pick(logits: Tensor, pieces: Listed[ScheduledChunk]) -> list[int]:
    """A token for each row of all pieces."""
    ids: list[int] = logits.argmax(dim=-1).tolist()
    samplings: list[Sampling] = []
    indexes: list[int] = []
    for piece in pieces:
        samplings += [piece.sequence.request.sampling] * piece.rows
        indexes += range(piece.sequence.made, piece.sequence.made + piece.rows)
    drawn = [row for row, sampling in enumerate(samplings) if sampling.temperature > 0]
    if drawn:
        tokens = _draw(
            logits[drawn], [samplings[row] for row in drawn], [indexes[row] for row in drawn]
        )
        for row, token in zip(drawn, tokens, strict=True):
            ids[row] = token
    return ids


def _choose_in_order(piece: ScheduledChunk, logits: Tensor) -> list[SampledToken]:
    """One row after the other, since what may come depends on what came."""
    request = piece.sequence.request
    history = _history_of(piece.sequence)
    picked: list[int] = []
    for place, row in enumerate(logits):
        allowed = _adjust(row, request, piece.sequence.made + place, history)
        if request.sampling.temperature > 0:
            picked += _draw(allowed[None], [request.sampling], [piece.sequence.made + place])
        else:
            picked.append(int(allowed.argmax()))
        if request.mask is not None:
            request.mask.advance(picked[-1])
        if history is not None:
            history.add(picked[-1])
        if (
            place == len(piece.guess)
            or picked[-1] != piece.guess[place]
            or picked[-1] in request.stop_ids
        ):
            break
    return [
        _make_choice(id, row, request.sampling) for id, row in zip(picked, logits, strict=False)
    ]


def _history_of(sequence: Sequence) -> TokenHistory | None:
    """Return the sequence's tokens counted up to now; None where no penalty needs them."""
    if not sequence.request.sampling.has_penalty:
        return None
    if sequence.history is None:
        sequence.history = TokenHistory(sequence.request.prompt)
    sequence.history.catch_up(sequence.tokens[len(sequence.request.prompt) :])
    return sequence.history


def _adjust(logits: Tensor, request: Request, made: int, history: TokenHistory | None) -> Tensor:
    """Return one row of logits [vocab] as the request wants it changed, in vLLM's order."""
    sampling = request.sampling
    logits = add_biases(logits, sampling.logit_bias)
    if history is not None:
        logits = penalize_repetition(logits, history, sampling.repetition_penalty)
        logits = penalize_frequency(
            logits, history, sampling.frequency_penalty, sampling.presence_penalty
        )
    if request.mask is not None:
        logits = logits.masked_fill(~request.mask.allowed().to(logits.device), -torch.inf)
    if made < sampling.min_tokens:
        logits = forbid_tokens(logits, request.stop_ids)
    return logits


def _count_accepted(piece: ScheduledChunk, picked: Listed[int]) -> int:
    """How many of the picked tokens count: those a guess foresaw, and the first it did not."""
    for place, (id, guessed) in enumerate(zip(picked, piece.guess, strict=False)):
        if id != guessed or id in piece.sequence.request.stop_ids:
            return place + 1
    return len(picked)


def _make_choice(id: int, logits: Tensor, sampling: Sampling) -> SampledToken:
    """`logits` [vocab]; log-probabilities are the model's own, before temperature, cuts and mask."""
    if sampling.logprobs is None:
        return SampledToken(id)
    logprobs = logits.log_softmax(dim=-1)
    values, ids = logprobs.topk(sampling.logprobs)
    return SampledToken(
        id, float(logprobs[id]), tuple(zip(ids.tolist(), values.tolist(), strict=True))
    )


def _draw(logits: Tensor, samplings: Listed[Sampling], indexes: Listed[int]) -> list[int]:
    """A token for each row [rows, vocab], at its draw's place among those kept, in order of their
    ids.
    """
    if any(sampling.top_k for sampling in samplings):
        cut = [keep_top_k(row, s.top_k) for row, s in zip(logits, samplings, strict=True)]
        logits = torch.stack(cut)
    # The likeliest is put at 0 first, and no temperature rounds to 0: else a tiny one makes
    # infinities of all.
    coldest = torch.finfo(logits.dtype).tiny
    temperatures = logits.new_tensor([max(sampling.temperature, coldest) for sampling in samplings])
    if logits.is_cuda:
        return _draw_there(logits, samplings, indexes)
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
        steps = kept_values.double().cumsum(dim=-1)
        place = int(
            torch.searchsorted(steps, steps[-1] * draw_uniform(sampling.seed, index), right=True)
        )
        place = min(place, len(steps) - 1)
        tokens.append(place if kept is None else int(kept[place]))
    return tokens


def _draw_there(logits: Tensor, samplings: Listed[Sampling], indexes: Listed[int]) -> list[int]:
    """The same where the logits lie: one number a row comes back."""
    uniforms = [
        draw_uniform(sampling.seed, index)
        for sampling, index in zip(samplings, indexes, strict=True)
    ]
    wishes = [
        (s.temperature, s.top_p, s.min_p, u) for s, u in zip(samplings, uniforms, strict=True)
    ]
    temperature, top_p, min_p, drawn = (
        torch.tensor(wishes, dtype=torch.float32).to(logits.device).unbind(1)
    )
    tokens = draw(
        logits, temperature.contiguous(), top_p.contiguous(), min_p.contiguous(), drawn.contiguous()
    )
    ids: list[int] = tokens.tolist()
    return ids
