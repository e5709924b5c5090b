"""Causal attention over a paged cache, one tile of keys at a time, with bounded memory.

The maximum and sum of the online softmax are float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

# Scores in one tile: 4 MiB of float32. With 64 MiB, a prefill of 16k tokens (size S of make-random,
# one core) needed 327 MB instead of 93 MB, and 2 to 4 times as long.
SCORES = 1 << 20


def list_pieces(query_start: Tensor, context: Tensor) -> Iterator[tuple[int, int, int, int]]:
    """Yield (sequence, first row, row after the last, context) for each sequence with rows."""
    starts = query_start.tolist()
    contexts = context.tolist()
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
    """Return the attention [heads, rows, width] float32 of `q` [heads, rows, dim].

    The rows are the last ones of `context` tokens. `cache` [blocks, block_size, latent] holds the
    tokens in the blocks that `blocks` lists in order. `keys_and_values` maps a tile [t, latent] to
    the keys [heads, t, dim] (or [t, dim] for all heads) and the values.
    """
    heads, rows, _ = q.shape
    size = cache.shape[1]
    step = max(1, SCORES // (heads * rows * size)) * size
    position = torch.arange(context - rows, context, device=q.device)
    out = torch.zeros((heads, rows, width), dtype=torch.float32, device=q.device)
    total = torch.zeros((heads, rows, 1), dtype=torch.float32, device=q.device)
    peak = torch.full_like(total, -torch.inf)
    for start in range(0, context, step):
        stop = min(start + step, context)
        tile_blocks = blocks[start // size : -(-stop // size)].long()
        tile = cache[tile_blocks].flatten(0, 1)[: stop - start].to(q.dtype)
        keys, values = keys_and_values(tile)
        # The causal mask hides the whole tile from earlier rows.
        visible = slice(max(0, start - (context - rows)), rows)
        scores = (q[:, visible] @ keys.mT).float() * scale
        if stop - 1 > context - rows:  # otherwise every row sees the whole tile
            hidden = torch.arange(start, stop, device=q.device) > position[visible, None]
            scores = scores.masked_fill(hidden, -torch.inf)
        higher = torch.maximum(peak[:, visible], scores.amax(-1, keepdim=True))
        weights = (scores - higher).exp()
        fade = (peak[:, visible] - higher).exp()
        out[:, visible] = out[:, visible] * fade + (weights.to(q.dtype) @ values).float()
        total[:, visible] = total[:, visible] * fade + weights.sum(-1, keepdim=True)
        peak[:, visible] = higher
    return out / total
