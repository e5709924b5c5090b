"""The sizes of random checkpoints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The sizes of one model, with the field names of config.json."""

    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    q_lora_rank: int
    kv_lora_rank: int
    qk_nope_head_dim: int
    qk_rope_head_dim: int
    v_head_dim: int
    intermediate_size: int
    moe_intermediate_size: int
    n_routed_experts: int
    num_experts_per_tok: int
    vocab_size: int  # 256 of them special
    vt_hidden_size: int
    vt_num_hidden_layers: int
    vt_num_attention_heads: int
    vt_intermediate_size: int
    pos_emb: int  # rows and columns of the vision tower's position table


SIZES = {
    # For contexts of 256K tokens. The cost of attention grows with the square of the context, so it
    # has the fewest possible heads.
    "XS": Size(
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=1,
        q_lora_rank=32,
        kv_lora_rank=32,
        qk_nope_head_dim=32,
        qk_rope_head_dim=16,
        v_head_dim=32,
        intermediate_size=128,
        moe_intermediate_size=32,
        n_routed_experts=4,
        num_experts_per_tok=2,
        vocab_size=1024,
        vt_hidden_size=64,
        vt_num_hidden_layers=1,
        vt_num_attention_heads=1,
        vt_intermediate_size=64,
        pos_emb=16,
    ),
    "S": Size(
        hidden_size=128,
        num_hidden_layers=3,
        num_attention_heads=4,
        q_lora_rank=64,
        kv_lora_rank=64,
        qk_nope_head_dim=32,
        qk_rope_head_dim=16,
        v_head_dim=32,
        intermediate_size=256,
        moe_intermediate_size=64,
        n_routed_experts=8,
        num_experts_per_tok=2,
        vocab_size=1024,
        vt_hidden_size=64,
        vt_num_hidden_layers=2,
        vt_num_attention_heads=2,
        vt_intermediate_size=128,
        pos_emb=16,
    ),
    # For benchmarks.
    "M": Size(
        hidden_size=512,
        num_hidden_layers=12,
        num_attention_heads=8,
        q_lora_rank=256,
        kv_lora_rank=128,
        qk_nope_head_dim=64,
        qk_rope_head_dim=32,
        v_head_dim=64,
        intermediate_size=1536,
        moe_intermediate_size=160,
        n_routed_experts=32,
        num_experts_per_tok=4,
        vocab_size=16384,
        vt_hidden_size=192,
        vt_num_hidden_layers=4,
        vt_num_attention_heads=4,
        vt_intermediate_size=768,
        pos_emb=64,
    ),
}
