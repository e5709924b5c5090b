"""Which models the compiled path can compute, by the sizes of their matrices. Needs no compiler."""

from __future__ import annotations

from inference.checkpoint.config import TextConfig

# What the sides of a matrix must be multiples of.
COLUMNS = 32
OUTPUTS = 16


def explain_unsupported(text: TextConfig) -> str | None:
    """Return why the compiled path cannot compute these sizes, or None when it can."""
    inner = {
        "hidden_size": text.hidden_size,
        "q_lora_rank": text.q_lora_rank,
        "kv_lora_rank": text.kv_lora_rank,
        "qk_nope_head_dim": text.qk_nope_head_dim,
        "num_attention_heads · v_head_dim": text.num_attention_heads * text.v_head_dim,
        "intermediate_size": text.intermediate_size,
        "moe_intermediate_size": text.moe_intermediate_size,
    }
    outer = {"qk_rope_head_dim": text.qk_rope_head_dim, "v_head_dim": text.v_head_dim}
    for sides, step in ((inner, COLUMNS), (outer, OUTPUTS)):
        for name, size in sides.items():
            if size % step:
                return f"{name} is {size}, not a multiple of {step}"
    return "experts are chosen by groups" if text.n_group > 1 else None
