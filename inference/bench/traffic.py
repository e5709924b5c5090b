"""The least bytes that a step of the compiled path reads, and the memory bandwidth of one core."""

from __future__ import annotations

import numpy as np

from inference.bench.clock import CLOCKS, Clock
from inference.checkpoint.config import TextConfig
from kernels.tile_matmul.pack import ROWS, tile_bytes

SIZE = 1 << 28  # bytes, more than any cache holds
TRIES = 5


def step_bytes(text: TextConfig, batch: int, context: int, cache_bytes: int) -> float:
    """Return the bytes read by one step: weights once for the batch, the latents of each sequence.

    Of the experts only the expected number of chosen ones is counted. `cache_bytes` is the size of
    one value of the cache.
    """
    heads, rank = text.num_attention_heads, text.kv_lora_rank

    def matrix(rows: int, columns: int, bits: int = 8) -> int:
        return -(-rows // ROWS) * tile_bytes(bits, columns)

    attention = (
        matrix(text.q_lora_rank, text.hidden_size)
        + matrix(heads * text.qk_head_dim, text.q_lora_rank)
        + matrix(text.latent_size, text.hidden_size)
        + heads * (matrix(rank, text.qk_nope_head_dim) + matrix(text.v_head_dim, rank))
        + matrix(text.hidden_size, heads * text.v_head_dim)
    )

    def mlp(width: int, bits: int) -> int:
        return 2 * matrix(width, text.hidden_size, bits) + matrix(text.hidden_size, width, bits)

    unused = (1 - text.num_experts_per_tok / text.n_routed_experts) ** batch
    experts = text.n_routed_experts * (1 - unused) * mlp(text.moe_intermediate_size, 4)
    router = 4 * text.n_routed_experts * text.hidden_size
    dense = text.first_k_dense_replace
    sparse = text.num_hidden_layers - dense
    return (
        text.num_hidden_layers * (attention + batch * context * text.latent_size * cache_bytes)
        + dense * mlp(text.intermediate_size, 8)
        + sparse * (experts + router + mlp(text.moe_intermediate_size * text.n_shared_experts, 8))
        + matrix(text.vocab_size, text.hidden_size)
    )


def read_bandwidth(clock: Clock) -> float:
    """Return the best of a few measurements in bytes per second."""
    from kernels.vectors import sum_of

    values = np.ones(SIZE // 4, np.float32)
    now = CLOCKS[clock]
    best = 0.0
    for _ in range(TRIES):
        since = now()
        sum_of(values)
        best = max(best, SIZE / (now() - since))
    return best
