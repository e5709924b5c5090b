"""Loading: what good checkpoints may look like, and the one sentence that each bad one gets."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from inference.checkpoint.load import CheckpointError, load
from inference.checkpoint.make_random import make_random
from inference.engine.logits import compute_logits

ROOT = Path(__file__).resolve().parents[3]
PROMPT = torch.arange(3, 20)
SHARD = "model-00002-of-000006.safetensors"  # the first sparse layer
EXPERT = "language_model.model.layers.1.mlp.experts.3.up_proj"
NORM = "language_model.model.layers.1.input_layernorm.weight"


@pytest.fixture
def folder(random_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(random_checkpoint, tmp_path / "copy"))


def edit_json(folder: Path, file: str, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads((folder / file).read_text())
    change(content)
    (folder / file).write_text(json.dumps(content))


def edit_shard(
    folder: Path, change: Callable[[dict[str, Tensor]], object], file: str = SHARD
) -> None:
    tensors = load_file(folder / file)
    change(tensors)
    save_file(tensors, folder / file)


def text(change: dict[str, Any]) -> Callable[[Path], None]:
    return lambda folder: edit_json(
        folder, "config.json", lambda config: config["text_config"].update(change)
    )


def vision(change: dict[str, Any]) -> Callable[[Path], None]:
    return lambda folder: edit_json(
        folder, "config.json", lambda config: config["vision_config"].update(change)
    )


def top(change: dict[str, Any]) -> Callable[[Path], None]:
    return lambda folder: edit_json(folder, "config.json", lambda config: config.update(change))


def tensor(name: str, change: Callable[[Tensor], Tensor]) -> Callable[[Path], None]:
    return lambda folder: edit_shard(
        folder, lambda tensors: tensors.update({name: change(tensors[name])})
    )


def lose(name: str) -> Callable[[Path], None]:
    """A tensor gone from shard and index."""

    def spoil(folder: Path) -> None:
        edit_shard(folder, lambda tensors: tensors.pop(name))
        edit_json(
            folder, "model.safetensors.index.json", lambda index: index["weight_map"].pop(name)
        )

    return spoil


def cut_short(folder: Path) -> None:
    content = (folder / SHARD).read_bytes()
    (folder / SHARD).write_bytes(content[: len(content) // 2])


def with_nan(scale: Tensor) -> Tensor:
    scale[1, 1] = torch.nan
    return scale


def unknown_tensor(folder: Path) -> None:
    edit_shard(
        folder, lambda tensors: tensors.update({"language_model.model.extra": torch.zeros(2)})
    )
    edit_json(
        folder,
        "model.safetensors.index.json",
        lambda i: i["weight_map"].update({"language_model.model.extra": SHARD}),
    )


def quantized_otherwise(**change: object) -> Callable[[Path], None]:
    def spoil(config: dict[str, Any]) -> None:
        config["quantization_config"]["config_groups"]["group_0"]["weights"].update(change)

    return lambda folder: edit_json(folder, "config.json", spoil)


SPOILED = {
    "no config": (lambda f: (f / "config.json").unlink(), "There is no config.json in"),
    "config no json": (
        lambda f: (f / "config.json").write_text("{"),
        "config.json cannot be read as JSON",
    ),
    "config a list": (
        lambda f: (f / "config.json").write_text("[]"),
        "holds list; it must hold a JSON object",
    ),
    "config of another sort": (
        lambda f: (f / "config.json").write_bytes(b"\xff\xfe\x00"),
        "cannot be read as JSON",
    ),
    "no text_config": (
        top({"text_config": None}),
        "config.json: text_config is missing; it must be an object.",
    ),
    "size missing": (
        text({"kv_lora_rank": None}),
        "config.json: text_config.kv_lora_rank is missing; it must be a whole number",
    ),
    "size a word": (
        text({"hidden_size": "big"}),
        'text_config.hidden_size is "big"; it must be a whole number of at least 1.',
    ),
    "size negative": (text({"vocab_size": -1}), "text_config.vocab_size is -1; it must be"),
    "size a truth": (
        text({"num_attention_heads": True}),
        "text_config.num_attention_heads is true; it must be",
    ),
    "another router": (
        text({"scoring_func": "softmax"}),
        'text_config.scoring_func is "softmax"; it must be "sigmoid".',
    ),
    "another rope": (
        text({"rope_scaling": {"type": "linear", "factor": 2}}),
        'rope_scaling.type is "linear"; it must be "yarn" or',
    ),
    "yarn without factor": (
        text({"rope_scaling": {"type": "yarn"}}),
        "text_config.rope_scaling.factor is missing",
    ),
    "too many experts a token": (
        text({"num_experts_per_tok": 9}),
        "num_experts_per_tok is 9; the groups of one token have",
    ),
    "uneven groups": (
        text({"n_group": 3}),
        "text_config.n_group is 3; it must divide n_routed_experts",
    ),
    "tied head": (
        text({"tie_word_embeddings": True}),
        "text_config.tie_word_embeddings is true; it must be false.",
    ),
    "more layers than files": (
        text({"num_hidden_layers": 4}),
        "num_hidden_layers is 4, but the checkpoint's files hold 3.",
    ),
    "fewer layers than files": (
        text({"num_hidden_layers": 2}),
        "num_hidden_layers is 2, but the checkpoint's files hold 3.",
    ),
    "a billion layers": (
        text({"num_hidden_layers": 10**9}),
        "num_hidden_layers is 1000000000, but",
    ),
    "other experts": (
        text({"n_routed_experts": 16}),
        "n_routed_experts is 16, but the checkpoint's files hold 8.",
    ),
    "other hidden size": (text({"hidden_size": 96}), r"config.json asks for \[.*96.*\]"),
    "odd vision heads": (
        vision({"vt_num_attention_heads": 5}),
        "vt_hidden_size is 64; it must be a multiple of 4 times",
    ),
    "other vision layers": (
        vision({"vt_num_hidden_layers": 5}),
        "vt_num_hidden_layers is 5, but the checkpoint's files hold 2.",
    ),
    "another pooling": (
        vision({"merge_type": "max"}),
        'vision_config.merge_type is "max"; it must be "sd2_tpool".',
    ),
    "eight bits": (
        quantized_otherwise(num_bits=8),
        "quantization_config.config_groups.group_0.weights.num_bits is 8; it must be 4.",
    ),
    "groups of 64": (
        quantized_otherwise(group_size=64),
        "weights.group_size is 64; it must be 32.",
    ),
    "odd stop token": (
        lambda f: (f / "generation_config.json").write_text('{"eos_token_id": "end"}'),
        'generation_config.json: eos_token_id is "end"; it must be a token id or a list of them.',
    ),
    "no weights": (
        lambda f: [p.unlink() for p in f.glob("model*")],
        "There is neither model.safetensors.index.json nor",
    ),
    "missing shard": (lambda f: (f / SHARD).unlink(), f"index.json names {SHARD}, which is not in"),
    "shard elsewhere": (
        lambda f: edit_json(
            f,
            "model.safetensors.index.json",
            lambda i: i["weight_map"].update({NORM: "../x.safetensors"}),
        ),
        r"names ../x.safetensors, which is not in",
    ),
    "index without a map": (
        lambda f: (f / "model.safetensors.index.json").write_text('{"weight_map": 3}'),
        "has no weight_map from tensor names to file names",
    ),
    "index ahead of shard": (
        lambda f: edit_shard(f, lambda t: t.pop(NORM)),
        f"{SHARD} does not hold {NORM}, though",
    ),
    "truncated shard": (cut_short, f"{SHARD} is incomplete or damaged .*; download it again"),
    "empty shard": (lambda f: (f / SHARD).write_bytes(b""), f"{SHARD} is incomplete or damaged"),
    "shard of words": (
        lambda f: (f / SHARD).write_text("not found, sorry" * 9),
        f"{SHARD} is incomplete or damaged",
    ),
    "tensor lost": (lose(NORM), f"The checkpoint lacks 1 of its tensors; the first is {NORM}."),
    "scale lost": (
        lose(f"{EXPERT}.weight_scale"),
        f"lacks 1 of its tensors; the first is {EXPERT}.weight_scale.",
    ),
    "tensor too many": (
        unknown_tensor,
        "holds 1 unknown tensors; the first is language_model.model.extra.",
    ),
    "wrong shape": (
        tensor(NORM, lambda t: t[:100]),
        rf"{SHARD}: {NORM} is \[100\]; config.json asks for \[128\].",
    ),
    "wrong packed shape": (
        tensor(f"{EXPERT}.weight_packed", lambda t: t[:, :8].contiguous()),
        r"weight_packed is \[64, 8\]; config",
    ),
    "wrong weight_shape": (
        tensor(f"{EXPERT}.weight_shape", lambda t: t.flip(0)),
        r"weight_shape is \[128, 64\]; config.json asks for \[64, 128\].",
    ),
    "unknown dtype": (
        tensor(NORM, lambda t: t.to(torch.float8_e4m3fn)),
        f"{NORM} is stored as F8_E4M3; it must be BF16 or F16 or F32.",
    ),
    "whole numbers for weights": (
        tensor(NORM, lambda t: t.to(torch.int32)),
        f"{NORM} is stored as I32; it must be BF16",
    ),
    "packed as bytes": (
        tensor(f"{EXPERT}.weight_packed", lambda t: t.to(torch.int16)),
        "weight_packed is stored as I16; it must be I32.",
    ),
    "NaN scale": (
        tensor(f"{EXPERT}.weight_scale", with_nan),
        f"{EXPERT}.weight_scale holds NaN or infinity; the file is damaged.",
    ),
    "infinite norm": (tensor(NORM, lambda t: t / 0), f"{NORM} holds NaN or infinity"),
}


@pytest.mark.parametrize(("spoil", "sentence"), SPOILED.values(), ids=SPOILED.keys())
def test_a_bad_checkpoint_gets_one_sentence(
    folder: Path, spoil: Callable[[Path], object], sentence: str
) -> None:
    spoil(folder)
    with pytest.raises(CheckpointError) as told:
        load(folder)
    said = str(told.value)
    assert re.search(sentence, said), said
    assert "\n" not in said
    assert len(said) < 400


def test_the_command_says_the_sentence_and_writes_nothing(folder: Path, tmp_path: Path) -> None:
    cut_short(folder)
    save_file({"input_ids": PROMPT}, tmp_path / "in.safetensors")
    command = [
        "-m",
        "inference",
        "logits",
        folder,
        tmp_path / "in.safetensors",
        "--out",
        tmp_path / "out.safetensors",
    ]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "incomplete or damaged" in done.stderr
    assert not (tmp_path / "out.safetensors").exists()


def test_a_single_file_needs_no_index(random_checkpoint: Path, folder: Path) -> None:
    tensors: dict[str, Tensor] = {}
    for shard in sorted(folder.glob("model-*.safetensors")):
        tensors |= load_file(shard)
        shard.unlink()
    (folder / "model.safetensors.index.json").unlink()
    save_file(tensors, folder / "model.safetensors")
    assert torch.equal(
        compute_logits(load(folder), PROMPT), compute_logits(load(random_checkpoint), PROMPT)
    )


def test_unpacked_experts_give_the_same_logits(random_checkpoint: Path, tmp_path: Path) -> None:
    make_random(tmp_path / "bf16", seed=7, bf16=True)
    assert torch.equal(
        compute_logits(load(tmp_path / "bf16"), PROMPT),
        compute_logits(load(random_checkpoint), PROMPT),
    )


def test_any_linear_weight_may_be_packed(folder: Path) -> None:
    from kernels import dequantize, quantize

    name = "language_model.model.layers.1.self_attn.o_proj.weight"
    weight = quantize(load_file(folder / SHARD)[name])
    edit_shard(folder, lambda tensors: tensors.update({name: dequantize(weight)}))
    plain = compute_logits(load(folder), PROMPT)

    def pack(tensors: dict[str, Tensor]) -> None:
        shape = torch.tensor(
            tensors.pop(name).shape
        )  # int64, as compressed-tensors itself writes it
        tensors |= {
            f"{name}_packed": weight.packed,
            f"{name}_scale": weight.scale,
            f"{name}_shape": shape,
        }

    def list_packed(index: dict[str, Any]) -> None:
        del index["weight_map"][name]
        index["weight_map"] |= {f"{name}_{part}": SHARD for part in ("packed", "scale", "shape")}

    edit_shard(folder, pack)
    edit_json(folder, "model.safetensors.index.json", list_packed)
    assert torch.equal(compute_logits(load(folder), PROMPT), plain)


def test_a_checkpoint_without_eyes_reads_text(random_checkpoint: Path, folder: Path) -> None:
    edit_json(folder, "config.json", lambda config: config.pop("vision_config"))
    seeing = ("vision_tower.", "mm_projector.")
    edit_json(
        folder,
        "model.safetensors.index.json",
        lambda index: [
            index["weight_map"].pop(n) for n in list(index["weight_map"]) if n.startswith(seeing)
        ],
    )
    model = load(folder)
    assert torch.equal(
        compute_logits(model, PROMPT), compute_logits(load(random_checkpoint), PROMPT)
    )
    with pytest.raises(ValueError, match="has no vision tower"):
        model.encode_images(torch.zeros(4, 3, 14, 14), torch.tensor([[1, 2, 2]]))


def test_frequencies_that_some_exports_keep_are_left_out(
    random_checkpoint: Path, folder: Path
) -> None:
    name = "language_model.model.layers.1.self_attn.rotary_emb.inv_freq"
    edit_shard(folder, lambda tensors: tensors.update({name: torch.zeros(8)}))
    edit_json(
        folder,
        "model.safetensors.index.json",
        lambda index: index["weight_map"].update({name: SHARD}),
    )
    assert torch.equal(
        compute_logits(load(folder), PROMPT), compute_logits(load(random_checkpoint), PROMPT)
    )


def test_stop_tokens_are_those_of_both_files(random_checkpoint: Path) -> None:
    assert load(random_checkpoint).config.stop_token_ids == (769, 770)


def test_weights_are_mapped_and_not_copied(tmp_path: Path) -> None:
    """200 MB of embedding and head are loaded, but next to nothing of them enters memory."""
    make_random(tmp_path / "S")
    edit_json(
        tmp_path / "S",
        "config.json",
        lambda config: config["text_config"].update(vocab_size=400_000),
    )
    wide = {
        f"language_model.{name}.weight": torch.zeros(400_000, 128, dtype=torch.bfloat16)
        for name in ("model.embed_tokens", "lm_head")
    }
    edit_shard(
        tmp_path / "S", lambda tensors: tensors.update(wide), "model-00004-of-000006.safetensors"
    )
    code = """
import sys
from pathlib import Path
from inference.checkpoint.load import load

def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))

before = peak()
model = load(sys.argv[1])
print(peak() - before, sum(weight.nbytes for weight in model.parameters()))
"""
    command = [sys.executable, "-c", code, tmp_path / "S"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    grown, held = map(int, done.stdout.split())
    assert held > 200_000_000
    assert grown < held / 5
