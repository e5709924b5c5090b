"""A checkpoint's language model as a GGUF file for llama.cpp.

The experts keep their values (Q4_0), all other matrices are Q8_0. The architecture is deepseek2,
like K2.6: kv_b_proj is split into k_b and v_b, experts are stacked. The file has no vocabulary,
because the benchmark uses token ids.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.checkpoint.config import TextConfig
from inference.models.kimi import Kimi
from inference.models.layers import Linear, Mlp
from inference.models.moe import Moe
from kernels.int4 import GROUP

MATRICES = ("q_a_proj", "q_b_proj", "kv_a_proj_with_mqa", "o_proj")
THEIR_NAMES = ("attn_q_a", "attn_q_b", "attn_kv_a_mqa", "attn_output")


def write_gguf(kimi: Kimi, path: Path) -> None:
    """Write the file with the package gguf. llama.cpp reports missing tensors when it loads it."""
    import gguf

    text = kimi.config.text
    writer: Any = gguf.GGUFWriter(path, "deepseek2")
    _write_settings(writer, gguf, text)
    tensors = _Tensors(writer, gguf)
    tensors.add_matrix("token_embd", kimi.language_model.model.embed_tokens.weight)
    tensors.add_matrix("output", kimi.language_model.lm_head.matrix())
    tensors.add_vector("output_norm.weight", kimi.language_model.model.norm.weight)
    for index, layer in enumerate(kimi.language_model.model.layers):
        _write_layer(tensors, f"blk.{index}.", layer, text)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_settings(writer: Any, gguf: Any, text: TextConfig) -> None:
    writer.add_vocab_size(text.vocab_size)
    writer.add_context_length(text.max_position_embeddings)
    writer.add_embedding_length(text.hidden_size)
    writer.add_block_count(text.num_hidden_layers)
    writer.add_feed_forward_length(text.intermediate_size)
    writer.add_head_count(text.num_attention_heads)
    writer.add_head_count_kv(1)  # in the absorbed form all heads share one latent
    writer.add_layer_norm_rms_eps(text.rms_norm_eps)
    writer.add_leading_dense_block_count(text.first_k_dense_replace)
    writer.add_q_lora_rank(text.q_lora_rank)
    writer.add_kv_lora_rank(text.kv_lora_rank)
    writer.add_key_length(text.latent_size)
    writer.add_value_length(text.kv_lora_rank)
    writer.add_key_length_mla(text.qk_head_dim)
    writer.add_value_length_mla(text.v_head_dim)
    writer.add_rope_dimension_count(text.qk_rope_head_dim)
    writer.add_rope_freq_base(text.rope_theta)
    if text.yarn is not None:
        writer.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        writer.add_rope_scaling_factor(text.yarn.factor)
        writer.add_rope_scaling_orig_ctx_len(text.yarn.original_max_position_embeddings)
        writer.add_rope_scaling_yarn_beta_fast(text.yarn.beta_fast)
        writer.add_rope_scaling_yarn_beta_slow(text.yarn.beta_slow)
        writer.add_rope_scaling_yarn_log_mul(0.1 * text.yarn.mscale_all_dim)
    writer.add_expert_count(text.n_routed_experts)
    writer.add_expert_used_count(text.num_experts_per_tok)
    writer.add_expert_feed_forward_length(text.moe_intermediate_size)
    writer.add_expert_shared_count(text.n_shared_experts)
    writer.add_expert_weights_scale(text.routed_scaling_factor)
    writer.add_expert_weights_norm(text.norm_topk_prob)
    writer.add_expert_gating_func(gguf.ExpertGatingFuncType.SIGMOID)
    writer.add_tokenizer_model("no_vocab")


def _write_layer(tensors: _Tensors, prefix: str, layer: Any, text: TextConfig) -> None:
    attention, mlp = layer.self_attn, layer.mlp
    tensors.add_vector(f"{prefix}attn_norm.weight", layer.input_layernorm.weight)
    tensors.add_vector(f"{prefix}attn_q_a_norm.weight", attention.q_a_layernorm.weight)
    tensors.add_vector(f"{prefix}attn_kv_a_norm.weight", attention.kv_a_layernorm.weight)
    tensors.add_vector(f"{prefix}ffn_norm.weight", layer.post_attention_layernorm.weight)
    for ours, theirs in zip(MATRICES, THEIR_NAMES, strict=True):
        tensors.add_matrix(f"{prefix}{theirs}", getattr(attention, ours).matrix())
    kv = attention.kv_b_proj.matrix().float().view(text.num_attention_heads, -1, text.kv_lora_rank)
    keys, values = kv.tensor_split((text.qk_nope_head_dim,), dim=1)
    tensors.add_matrix(f"{prefix}attn_k_b", keys.mT)
    tensors.add_matrix(f"{prefix}attn_v_b", values)
    if isinstance(mlp, Moe):
        tensors.add_vector(f"{prefix}ffn_gate_inp.weight", mlp.gate.weight)
        tensors.add_vector(
            f"{prefix}exp_probs_b.bias", mlp.gate.get_buffer("e_score_correction_bias")
        )
        experts = [expert for expert in mlp.experts if isinstance(expert, Mlp)]
        tensors.add_experts(f"{prefix}ffn_gate_exps", [expert.gate_proj for expert in experts])
        tensors.add_experts(f"{prefix}ffn_up_exps", [expert.up_proj for expert in experts])
        tensors.add_experts(f"{prefix}ffn_down_exps", [expert.down_proj for expert in experts])
        mlp, suffix = mlp.shared_experts, "_shexp"
    else:
        suffix = ""
    tensors.add_matrix(f"{prefix}ffn_gate{suffix}", mlp.gate_proj.matrix())
    tensors.add_matrix(f"{prefix}ffn_up{suffix}", mlp.up_proj.matrix())
    tensors.add_matrix(f"{prefix}ffn_down{suffix}", mlp.down_proj.matrix())


class _Tensors:
    """Adds tensors to a GGUF file, in the types that llama.cpp expects."""

    def __init__(self, writer: Any, gguf: Any) -> None:
        self._writer = writer
        self._gguf = gguf

    def add_vector(self, name: str, values: Tensor) -> None:
        """Add a tensor in float32, the type of norms and routers in llama.cpp."""
        self._writer.add_tensor(name, values.detach().float().contiguous().numpy())

    def add_matrix(self, name: str, values: Tensor) -> None:
        kind = self._gguf.GGMLQuantizationType.Q8_0
        packed = self._gguf.quants.quantize(values.detach().float().contiguous().numpy(), kind)
        self._writer.add_tensor(f"{name}.weight", packed, raw_dtype=kind)

    def add_experts(self, name: str, weights: list[Linear]) -> None:
        if not all(weight.packed for weight in weights):
            self.add_matrix(name, torch.stack([weight.matrix() for weight in weights]))
            return
        kind = self._gguf.GGMLQuantizationType.Q4_0
        stacked = np.stack([quantize_q4_0(weight) for weight in weights])
        self._writer.add_tensor(f"{name}.weight", stacked, raw_dtype=kind)


def quantize_q4_0(weight: Linear) -> NDArray[np.uint8]:
    """Return a packed weight as Q4_0 [rows, bytes].

    A group of 32 columns is a float16 scale and 16 bytes; byte c holds column c in its low half and
    column c + 16 in its high half. The codes are those of the checkpoint. A bf16 scale is exact in
    float16 unless it is below 6e-5.
    """
    octets = weight.int4.packed.contiguous().view(torch.uint8).numpy()
    codes = np.stack((octets & 15, octets >> 4), axis=-1).reshape(weight.rows, -1, 2, GROUP // 2)
    code_bytes = codes[:, :, 0] | (codes[:, :, 1] << 4)
    scale_bytes = weight.int4.scale.to(torch.float16).numpy()[..., None].view(np.uint8)
    return np.concatenate((scale_bytes, code_bytes), axis=-1).reshape(weight.rows, -1)
