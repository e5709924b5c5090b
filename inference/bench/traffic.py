"""What a step of the compiled path must read at least, and how fast this machine's memory is read
by one core.
"""

from __future__ import annotations

import numpy as np

from inference.bench.clock import CLOCKS, Clock
from inference.checkpoint.config import TextConfig
from kernels.tile_matmul.pack import ROWS, tile_bytes

SIZE = 1 << 28  # bytes, more than any cache holds


def step_bytes(text: TextConfig, batch: int, context: int, cache_bytes: int) -> float:
    """Weights once for the whole batch, each sequence's latents once; of experts as many as are
    expected to be chosen.

    `cache_bytes`: of one number of the cache.
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

    missed = (1 - text.num_experts_per_tok / text.n_routed_experts) ** batch
    experts = text.n_routed_experts * (1 - missed) * mlp(text.moe_intermediate_size, 4)
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
    """Bytes a second, the best of a few tries."""
    from kernels.vectors import sum_of

    values = np.ones(SIZE // 4, np.float32)
    best, now = 0.0, CLOCKS[clock]
    for _ in range(5):
        since = now()
        sum_of(values)
        best = max(best, SIZE / (now() - since))
    return best
