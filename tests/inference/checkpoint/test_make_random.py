"""make-random: the true layout, name for name, with weights that anybody can make again."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from inference.__main__ import main
from inference.chat.images import ImageLimits, read_limits
from inference.chat.template import encode, render, stop_ids
from inference.chat.tokenizer import read_tokenizer
from inference.checkpoint.load import load
from inference.checkpoint.make_random import make_random

LAYER = "language_model.model.layers"
# Of the real checkpoint's list, with the sizes of S: layer 0 is dense, layer 1 has experts.
SAMPLE = {
    "language_model.model.embed_tokens.weight": ("BF16", [1024, 128]),
    "language_model.lm_head.weight": ("BF16", [1024, 128]),
    "language_model.model.norm.weight": ("BF16", [128]),
    f"{LAYER}.0.input_layernorm.weight": ("BF16", [128]),
    f"{LAYER}.0.post_attention_layernorm.weight": ("BF16", [128]),
    f"{LAYER}.0.self_attn.q_a_proj.weight": ("BF16", [64, 128]),
    f"{LAYER}.0.self_attn.q_a_layernorm.weight": ("BF16", [64]),
    f"{LAYER}.0.self_attn.q_b_proj.weight": ("BF16", [4 * 48, 64]),
    f"{LAYER}.0.self_attn.kv_a_proj_with_mqa.weight": ("BF16", [64 + 16, 128]),
    f"{LAYER}.0.self_attn.kv_a_layernorm.weight": ("BF16", [64]),
    f"{LAYER}.0.self_attn.kv_b_proj.weight": ("BF16", [4 * 64, 64]),
    f"{LAYER}.0.self_attn.o_proj.weight": ("BF16", [128, 4 * 32]),
    f"{LAYER}.0.mlp.gate_proj.weight": ("BF16", [256, 128]),
    f"{LAYER}.0.mlp.up_proj.weight": ("BF16", [256, 128]),
    f"{LAYER}.0.mlp.down_proj.weight": ("BF16", [128, 256]),
    f"{LAYER}.1.mlp.gate.weight": ("BF16", [8, 128]),
    f"{LAYER}.1.mlp.gate.e_score_correction_bias": ("F32", [8]),
    f"{LAYER}.1.mlp.shared_experts.down_proj.weight": ("BF16", [128, 64]),
    f"{LAYER}.1.mlp.experts.7.gate_proj.weight_packed": ("I32", [64, 16]),
    f"{LAYER}.1.mlp.experts.7.gate_proj.weight_scale": ("BF16", [64, 4]),
    f"{LAYER}.1.mlp.experts.7.gate_proj.weight_shape": ("I32", [2]),
    f"{LAYER}.1.mlp.experts.0.down_proj.weight_packed": ("I32", [128, 8]),
    f"{LAYER}.1.mlp.experts.0.down_proj.weight_scale": ("BF16", [128, 2]),
    "vision_tower.patch_embed.proj.weight": ("BF16", [64, 3, 14, 14]),
    "vision_tower.patch_embed.proj.bias": ("BF16", [64]),
    "vision_tower.patch_embed.pos_emb.weight": ("BF16", [16, 16, 64]),
    "vision_tower.encoder.blocks.1.norm0.weight": ("BF16", [64]),
    "vision_tower.encoder.blocks.1.norm1.bias": ("BF16", [64]),
    "vision_tower.encoder.blocks.1.wqkv.weight": ("BF16", [192, 64]),
    "vision_tower.encoder.blocks.1.wqkv.bias": ("BF16", [192]),
    "vision_tower.encoder.blocks.1.wo.weight": ("BF16", [64, 64]),
    "vision_tower.encoder.blocks.1.mlp.fc0.weight": ("BF16", [128, 64]),
    "vision_tower.encoder.blocks.1.mlp.fc1.bias": ("BF16", [64]),
    "vision_tower.encoder.final_layernorm.bias": ("BF16", [64]),
    "mm_projector.pre_norm.weight": ("BF16", [64]),
    "mm_projector.proj.0.weight": ("BF16", [256, 256]),
    "mm_projector.proj.2.weight": ("BF16", [128, 256]),
    "mm_projector.proj.2.bias": ("BF16", [128]),
}
# embedding, head, norm; a layer's two norms and seven of attention; dense MLP; router, shared and
# eight experts of nine tensors in two layers; the tower's five and twelve a block; the projector's
# six.
COUNT = 3 + 3 * 9 + 3 + 2 * (2 + 3 + 8 * 9) + 5 + 2 * 12 + 6


def digest(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_names_kinds_and_shapes_are_the_real_checkpoints(random_checkpoint: Path) -> None:
    places = json.loads((random_checkpoint / "model.safetensors.index.json").read_text())[
        "weight_map"
    ]
    assert len(places) == COUNT
    for name, wanted in SAMPLE.items():
        with safe_open(random_checkpoint / places[name], framework="pt") as shard:
            piece = shard.get_slice(name)
            assert (piece.get_dtype(), piece.get_shape()) == wanted, name


def test_a_layer_is_in_its_own_shard_and_the_eyes_come_last(random_checkpoint: Path) -> None:
    places = json.loads((random_checkpoint / "model.safetensors.index.json").read_text())[
        "weight_map"
    ]
    shard = {name: int(file.split("-")[1]) for name, file in places.items()}
    assert shard[f"{LAYER}.2.input_layernorm.weight"] == 3
    assert shard["language_model.lm_head.weight"] == 4
    assert shard["mm_projector.pre_norm.bias"] == 5
    assert shard["vision_tower.patch_embed.proj.bias"] == 6


def test_the_same_seed_gives_the_same_files_and_another_does_not(
    random_checkpoint: Path, tmp_path: Path
) -> None:
    make_random(tmp_path / "same", seed=7)
    make_random(tmp_path / "other", seed=8)
    assert digest(tmp_path / "same") == digest(random_checkpoint)
    assert digest(tmp_path / "other") != digest(random_checkpoint)


def test_its_tokenizer_fits_its_config(random_checkpoint: Path) -> None:
    tokenizer, config = read_tokenizer(random_checkpoint), load(random_checkpoint).config
    assert tokenizer.vocab_size == config.text.vocab_size
    assert tokenizer.special("<|media_pad|>") == config.media_placeholder_token_id
    assert stop_ids(config, tokenizer) == {
        tokenizer.special("<|im_end|>"),
        tokenizer.special("[EOS]"),
    }
    ids = encode(render([{"role": "user", "content": "hi"}]), tokenizer)
    assert max(ids) < config.text.vocab_size
    assert read_limits(random_checkpoint) == ImageLimits()


def test_activations_neither_vanish_nor_explode(random_checkpoint: Path) -> None:
    from inference.engine.logits import compute_logits

    spread = compute_logits(load(random_checkpoint), torch.arange(50)).std(-1)
    assert (spread > 1).all()
    assert (spread < 4).all()


def test_a_folder_with_something_in_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    assert main(["make-random", str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"{tmp_path} is not empty; use a new folder.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_one_size_has_the_widths_of_attention_that_other_engines_want(tmp_path: Path) -> None:
    make_random(tmp_path / "MLA", size="MLA", bf16=True)
    text = load(tmp_path / "MLA").config.text
    assert (text.kv_lora_rank, text.qk_rope_head_dim, text.qk_nope_head_dim, text.v_head_dim) == (
        512,
        64,
        128,
        128,
    )
    assert sum(path.stat().st_size for path in (tmp_path / "MLA").iterdir()) < 5e6
