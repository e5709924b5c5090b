"""The JSON files of a random checkpoint: Moonshot's fields, with the sizes of a small model."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from inference.chat.tokenizer import SPECIALS_COUNT
from inference.checkpoint.make_random.sizes import Size

# The offset of <|media_pad|> from the first special token; see `inference.chat.tokenizer`.
PLACEHOLDER = 21
TEXT_FIELDS = tuple(
    name for name in Size.__dataclass_fields__ if not name.startswith(("vt_", "pos_emb"))
)


def make_settings(size: Size, *, packed: bool) -> dict[str, Any]:
    """Return file name -> content; `packed`: the experts are INT4."""
    base = size.vocab_size - SPECIALS_COUNT
    ids = {"bos_token_id": base, "eos_token_id": base + 1, "pad_token_id": size.vocab_size - 1}
    packing = {"quantization_config": _make_quantization_settings()} if packed else {}
    config = {
        "architectures": ["KimiK25ForConditionalGeneration"],
        "model_type": "kimi_k25",
        "dtype": "bfloat16",
        **ids,
        "media_placeholder_token_id": base + PLACEHOLDER,
        "ignore_index": -100,
        "use_unified_vision_chunk": True,
        "video_placeholder": "<|kimi_k25_video_placeholder|>",
        "tie_word_embeddings": False,
        # transformers reads these under its own names, with the real model's values as defaults.
        "image_token_id": base + PLACEHOLDER,
        "video_token_id": size.vocab_size,
        "projection_hidden_size": size.vt_hidden_size,
        "text_config": {**_make_text_settings(size), **ids, **packing},
        "vision_config": _make_vision_settings(size),
        **packing,  # Moonshot writes it in both places
    }
    return {
        "config.json": config,
        "generation_config.json": {"eos_token_id": base + 2, "max_length": 262144},
        "preprocessor_config.json": {"media_proc_cfg": _make_preprocessing_settings()},
    }


def _make_text_settings(size: Size) -> dict[str, Any]:
    return {
        "model_type": "kimi_k2",
        "architectures": ["DeepseekV3ForCausalLM"],
        **{name: value for name, value in asdict(size).items() if name in TEXT_FIELDS},
        "num_key_value_heads": size.num_attention_heads,
        "n_shared_experts": 1,
        "first_k_dense_replace": 1,
        "moe_layer_freq": 1,
        "n_group": 1,
        "topk_group": 1,
        "routed_scaling_factor": 2.827,
        "scoring_func": "sigmoid",
        "topk_method": "noaux_tc",
        "norm_topk_prob": True,
        "hidden_act": "silu",
        "rms_norm_eps": 1e-5,
        "max_position_embeddings": 262144,
        "rope_theta": 50000.0,
        "rope_scaling": {
            "type": "yarn",
            "factor": 64.0,
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "mscale": 1.0,
            "mscale_all_dim": 1.0,
            "original_max_position_embeddings": 4096,
        },
        "attention_bias": False,
        "attention_dropout": 0.0,
        "initializer_range": 0.02,
        "num_nextn_predict_layers": 0,
        "tie_word_embeddings": False,
        "use_cache": True,
    }


def _make_vision_settings(size: Size) -> dict[str, Any]:
    return {
        "patch_size": 14,
        "init_pos_emb_height": size.pos_emb,
        "init_pos_emb_width": size.pos_emb,
        "init_pos_emb_time": 4,
        "pos_emb_type": "divided_fixed",
        "vt_num_hidden_layers": size.vt_num_hidden_layers,
        "vt_hidden_size": size.vt_hidden_size,
        "vt_num_attention_heads": size.vt_num_attention_heads,
        "vt_intermediate_size": size.vt_intermediate_size,
        "merge_kernel_size": [2, 2],
        "merge_type": "sd2_tpool",
        "video_attn_type": "spatial_temporal",
        "mm_projector_type": "patchmerger",
        "mm_hidden_size": size.vt_hidden_size,
        "projector_hidden_act": "gelu",
        "projector_ln_eps": 1e-5,
        "text_hidden_size": size.hidden_size,
        # The names transformers reads.
        "pos_emb_height": size.pos_emb,
        "pos_emb_width": size.pos_emb,
        "pos_emb_time": 4,
        "hidden_size": size.vt_hidden_size,
        "num_hidden_layers": size.vt_num_hidden_layers,
        "num_attention_heads": size.vt_num_attention_heads,
        "intermediate_size": size.vt_intermediate_size,
    }


def _make_quantization_settings() -> dict[str, Any]:
    return {
        "quant_method": "compressed-tensors",
        "format": "pack-quantized",
        "quantization_status": "compressed",
        "kv_cache_scheme": None,
        "config_groups": {
            "group_0": {
                "targets": ["Linear"],
                "input_activations": None,
                "output_activations": None,
                "weights": {
                    "num_bits": 4,
                    "type": "int",
                    "strategy": "group",
                    "group_size": 32,
                    "symmetric": True,
                    "dynamic": False,
                    "actorder": None,
                    "block_structure": None,
                    "observer": "minmax",
                    "observer_kwargs": {},
                },
            }
        },
        "ignore": [
            "re:.*self_attn.*",
            "re:.*shared_experts.*",
            "re:.*mlp\\.(gate|up|gate_up|down)_proj.*",
            "re:.*lm_head.*",
            "re:.*vision_tower.*",
            "re:.*mm_projector.*",
        ],
    }


def _make_preprocessing_settings() -> dict[str, Any]:
    return {
        "in_patch_limit": 16384,
        "patch_size": 14,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "merge_kernel_size": 2,
        "fixed_output_tokens": None,
        "patch_limit_on_one_side": 512,
        "in_patch_limit_each_frame": 4096,
        "in_patch_limit_video": None,
        "sample_fps": 2.0,
        "max_num_frames_each_video": None,
        "temporal_merge_kernel_size": 4,
        "timestamp_mode": "hh:mm:ss.fff",
    }
