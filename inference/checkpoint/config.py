"""The settings in the config.json of a K2.5 or K2.6 model, validated. Without torch.

Field names are those of the checkpoint. A setting that the engine does not support raises
CheckpointError before any weight is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from inference.checkpoint.json_fields import JsonSection, read_json

# Epsilon of q_a_layernorm and kv_a_layernorm. The reference uses the default of its class, vLLM and
# llama.cpp use rms_norm_eps (1e-5). The difference is 2e-5 in the logits of a tiny model.
LATENT_NORM_EPS = 1e-6
INT4_GROUP = 32  # columns of an INT4 weight that share one scale


@dataclass(frozen=True)
class Yarn:
    """How YaRN scales rotary frequencies for contexts longer than the original one."""

    factor: float
    beta_fast: float
    beta_slow: float
    mscale: float
    mscale_all_dim: float
    original_max_position_embeddings: int


@dataclass(frozen=True)
class TextConfig:
    """The decoder's sizes."""

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
    n_shared_experts: int
    first_k_dense_replace: int
    n_group: int
    topk_group: int
    routed_scaling_factor: float
    norm_topk_prob: bool
    rms_norm_eps: float
    vocab_size: int
    max_position_embeddings: int
    rope_theta: float
    yarn: Yarn | None

    @property
    def qk_head_dim(self) -> int:
        return self.qk_nope_head_dim + self.qk_rope_head_dim

    @property
    def latent_size(self) -> int:
        """Values in the cache for one token of one layer: the latent and the shared rotated key."""
        return self.kv_lora_rank + self.qk_rope_head_dim


@dataclass(frozen=True)
class VisionConfig:
    """The sizes of MoonViT and its projector."""

    patch_size: int
    hidden_size: int
    num_hidden_layers: int
    num_attention_heads: int
    intermediate_size: int
    pos_emb_height: int
    pos_emb_width: int
    pos_emb_time: int
    merge_kernel_size: tuple[int, int]
    projector_ln_eps: float

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True)
class KimiConfig:
    """The settings of a whole checkpoint; `vision` is None for a text-only one."""

    text: TextConfig
    vision: VisionConfig | None
    media_placeholder_token_id: int
    stop_token_ids: tuple[int, ...]
    latent_norm_eps: float = LATENT_NORM_EPS


def read_config(folder: Path, latent_norm_eps: float = LATENT_NORM_EPS) -> KimiConfig:
    """Return the settings in the config.json and generation_config.json of `folder`.

    Raises CheckpointError for a file that is missing or not JSON, and for a setting that is
    missing, of the wrong type or not supported.
    """
    top = JsonSection("config.json", "", read_json(folder / "config.json"))
    text = top.section("text_config")
    _check_quantization(top if top.has("quantization_config") else text)
    stops = {*text.token_ids("eos_token_id"), *top.token_ids("eos_token_id")}
    if (folder / "generation_config.json").exists():
        generation = JsonSection(
            "generation_config.json", "", read_json(folder / "generation_config.json")
        )
        stops |= {*generation.token_ids("eos_token_id")}
    text_config = _read_text_config(text)
    vision_config = None
    if top.has("vision_config"):
        vision_config = _read_vision_config(top.section("vision_config"), top)
    return KimiConfig(
        text=text_config,
        vision=vision_config,
        media_placeholder_token_id=top.whole(
            "media_placeholder_token_id", "image_token_id", default=163605
        ),
        stop_token_ids=tuple(sorted(stops)),
        latent_norm_eps=latent_norm_eps,
    )


def _read_text_config(section: JsonSection) -> TextConfig:
    section.must_be("model_type", "kimi_k2", "deepseek_v3")
    section.must_be("scoring_func", "sigmoid")
    section.must_be("topk_method", "noaux_tc")
    section.must_be("hidden_act", "silu")
    section.must_be("attention_bias", False)
    section.must_be("tie_word_embeddings", False)
    section.must_be("moe_layer_freq", 1)
    section.must_be("num_nextn_predict_layers", 0)
    rope = section.section(
        "rope_scaling" if section.has("rope_scaling") else "rope_parameters", optional=True
    )
    text = TextConfig(
        hidden_size=section.size("hidden_size"),
        num_hidden_layers=section.size("num_hidden_layers"),
        num_attention_heads=section.size("num_attention_heads"),
        q_lora_rank=section.size("q_lora_rank"),
        kv_lora_rank=section.size("kv_lora_rank"),
        qk_nope_head_dim=section.size("qk_nope_head_dim"),
        qk_rope_head_dim=section.size("qk_rope_head_dim"),
        v_head_dim=section.size("v_head_dim"),
        intermediate_size=section.size("intermediate_size"),
        moe_intermediate_size=section.size("moe_intermediate_size"),
        n_routed_experts=section.size("n_routed_experts"),
        num_experts_per_tok=section.size("num_experts_per_tok"),
        n_shared_experts=section.size("n_shared_experts"),
        first_k_dense_replace=section.whole("first_k_dense_replace"),
        n_group=section.size("n_group", default=1),
        topk_group=section.size("topk_group", default=1),
        routed_scaling_factor=section.real("routed_scaling_factor"),
        norm_topk_prob=section.flag("norm_topk_prob", True),
        rms_norm_eps=section.real("rms_norm_eps"),
        vocab_size=section.size("vocab_size"),
        max_position_embeddings=section.size("max_position_embeddings"),
        rope_theta=rope.real("rope_theta", default=section.real("rope_theta", default=50000.0)),
        yarn=_read_yarn(rope),
    )
    if text.qk_rope_head_dim % 2:
        raise section.wrong("qk_rope_head_dim", "it must be even, because pairs are rotated")
    if text.n_routed_experts % text.n_group or text.topk_group > text.n_group:
        raise section.wrong("n_group", "it must divide n_routed_experts and be at least topk_group")
    if text.num_experts_per_tok > text.n_routed_experts // text.n_group * text.topk_group:
        raise section.wrong("num_experts_per_tok", "the groups of one token have fewer experts")
    return text


def _read_yarn(rope: JsonSection) -> Yarn | None:
    kind = "type" if rope.has("type") else "rope_type"
    rope.must_be(kind, "yarn", "default")
    if not rope.is_one(kind, "yarn"):
        return None
    return Yarn(
        factor=rope.real("factor"),
        beta_fast=rope.real("beta_fast", default=32.0),
        beta_slow=rope.real("beta_slow", default=1.0),
        mscale=rope.real("mscale", default=0.0),
        mscale_all_dim=rope.real("mscale_all_dim", default=0.0),
        original_max_position_embeddings=rope.size("original_max_position_embeddings"),
    )


def _read_vision_config(section: JsonSection, top: JsonSection) -> VisionConfig:
    """Read Moonshot's names (`vt_…`) first, then those of transformers; both may be present."""
    section.must_be("pos_emb_type", "divided_fixed")
    section.must_be("merge_type", "sd2_tpool")
    section.must_be("video_attn_type", "spatial_temporal")
    section.must_be("mm_projector_type", "patchmerger")
    vision = VisionConfig(
        patch_size=section.size("patch_size", default=14),
        hidden_size=section.size("vt_hidden_size", "hidden_size"),
        num_hidden_layers=section.size("vt_num_hidden_layers", "num_hidden_layers"),
        num_attention_heads=section.size("vt_num_attention_heads", "num_attention_heads"),
        intermediate_size=section.size("vt_intermediate_size", "intermediate_size"),
        pos_emb_height=section.size("init_pos_emb_height", "pos_emb_height", default=64),
        pos_emb_width=section.size("init_pos_emb_width", "pos_emb_width", default=64),
        pos_emb_time=section.size("init_pos_emb_time", "pos_emb_time", default=4),
        merge_kernel_size=section.pair("merge_kernel_size", (2, 2)),
        projector_ln_eps=section.real(
            "projector_ln_eps", default=top.real("projection_layer_norm_eps", default=1e-5)
        ),
    )
    if vision.hidden_size % (4 * vision.num_attention_heads):
        raise section.wrong(
            "vt_hidden_size", "it must be a multiple of 4 times vt_num_attention_heads"
        )
    return vision


def _check_quantization(holder: JsonSection) -> None:
    """Check that packed weights are symmetric INT4 in groups of 32, the only supported format.

    Which weights are packed is read from the files, not from the config.
    """
    if not holder.has("quantization_config"):
        return
    quantization = holder.section("quantization_config")
    quantization.must_be("quant_method", "compressed-tensors")
    quantization.must_be("format", "pack-quantized")
    weights = quantization.section("config_groups").section("group_0").section("weights")
    weights.must_be("num_bits", 4)
    weights.must_be("type", "int")
    weights.must_be("strategy", "group")
    weights.must_be("group_size", INT4_GROUP)
    weights.must_be("symmetric", True)
