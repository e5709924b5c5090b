"""Causal attention over a paged cache, a tile of keys at a time: memory is bounded whatever the
context.

The running maximum and sum of online softmax, in float32. Knows nothing of how keys and values are
made from a tile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

# Numbers in one tile's scores: 4 MiB of float32. With 64 MiB a prefill of 16k tokens (make-random's
# size S, one core) took 327 MB instead of 93, and 2 to 4 times as long.
SCORES = 1 << 20


def list_pieces(query_start: Tensor, context: Tensor) -> Iterator[tuple[int, int, int, int]]:
    """(sequence, its first row, one past its last, its context) for each sequence of a pass that
    owns rows.
    """
    starts, contexts = query_start.tolist(), context.tolist()
    for index, (first, last) in enumerate(zip(starts, starts[1:], strict=False)):
        if last > first:
            yield index, first, last, contexts[index]


def attend(
    q: Tensor,
    cache: Tensor,
    blocks: Tensor,
    context: int,
    scale: float,
    keys_and_values: Callable[[Tensor], tuple[Tensor, Tensor]],
    width: int,
) -> Tensor:
    """q [heads, rows, dim], the last `rows` of `context` tokens -> [heads, rows, width] float32.

    `cache` [blocks, block_size, latent] holds the tokens in the blocks that `blocks` lists in
    order. `keys_and_values` makes of a tile [t, latent] the keys [heads, t, dim] (or [t, dim] for
    all heads) and the values.
    """
    heads, rows, _ = q.shape
    size = cache.shape[1]
    step = max(1, SCORES // (heads * rows * size)) * size
    place = torch.arange(context - rows, context, device=q.device)
    out = torch.zeros((heads, rows, width), dtype=torch.float32, device=q.device)
    total = torch.zeros((heads, rows, 1), dtype=torch.float32, device=q.device)
    peak = torch.full_like(total, -torch.inf)
    for start in range(0, context, step):
        stop = min(start + step, context)
        tile = (
            cache[blocks[start // size : -(-stop // size)].long()]
            .flatten(0, 1)[: stop - start]
            .to(q.dtype)
        )
        keys, values = keys_and_values(tile)
        sees = slice(
            max(0, start - (context - rows)), rows
        )  # earlier rows see nothing of this tile
        scores = (q[:, sees] @ keys.mT).float() * scale
        if stop - 1 > context - rows:  # else all rows see all of it
            hidden = torch.arange(start, stop, device=q.device) > place[sees, None]
            scores = scores.masked_fill(hidden, -torch.inf)
        higher = torch.maximum(peak[:, sees], scores.amax(-1, keepdim=True))
        weights = (scores - higher).exp()
        fade = (peak[:, sees] - higher).exp()
        out[:, sees] = out[:, sees] * fade + (weights.to(q.dtype) @ values).float()
        total[:, sees] = total[:, sees] * fade + weights.sum(-1, keepdim=True)
        peak[:, sees] = higher
    return out / total
