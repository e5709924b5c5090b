"""Random weights for every parameter, packed and sharded like the real checkpoint.

They are scaled so that activations keep their size through the layers and logits differ by a few
units.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from inference.checkpoint.config import KimiConfig
from inference.models.kimi import Kimi
from kernels import dequantize, quantize

LAYER = "language_model.model.layers."
HEAD_GAIN = 2.0  # factor of the head's weights, so that logits differ by a few units


def write_weights(folder: Path, config: KimiConfig, *, seed: int, packed: bool) -> None:
    """Write the shards and their index.

    Experts that are not `packed` hold the same values in bf16 as the packed ones.
    """
    with torch.device("meta"):
        model = Kimi(config)
    shards: dict[int, dict[str, Tensor]] = {}
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        shards.setdefault(_choose_shard(name, config), {})[name] = tensor
    generator = torch.Generator().manual_seed(seed)
    file_of: dict[str, str] = {}
    size = 0
    for number in sorted(shards):
        file = f"model-{number:05d}-of-{len(shards):06d}.safetensors"
        tensors: dict[str, Tensor] = {}
        for name, empty in shards[number].items():
            value = _draw_tensor(name, empty.shape, generator)
            tensors |= pack_expert(name, value, packed) if ".experts." in name else {name: value}
        save_file(tensors, folder / file, metadata={"format": "pt"})
        file_of |= dict.fromkeys(tensors, file)
        size += sum(tensor.nbytes for tensor in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(file_of.items()))}
    (folder / "model.safetensors.index.json").write_text(
        json.dumps(index, indent=2) + "\n", encoding="utf-8"
    )


def _choose_shard(name: str, config: KimiConfig) -> int:
    """Return the shard of a tensor.

    Layer l is in shard l + 1. Then follow embedding, norm and head, then the projector, then the
    vision tower.
    """
    layers = config.text.num_hidden_layers
    if name.startswith(LAYER):
        return int(name.removeprefix(LAYER).split(".")[0]) + 1
    if name.startswith("vision_tower."):
        return layers + 3
    if name.startswith("mm_projector."):
        return layers + 2
    return layers + 1


def _draw_tensor(name: str, shape: torch.Size, generator: torch.Generator) -> Tensor:
    noise = torch.randn(shape, generator=generator)
    if name.endswith("e_score_correction_bias"):
        return noise * 0.02
    if name.endswith(".bias"):
        return (noise * 0.05).bfloat16()
    if len(shape) == 1:
        return (1 + noise * 0.1).bfloat16()
    if name.endswith(("embed_tokens.weight", "pos_emb.weight")):
        return (noise * 0.5).bfloat16()
    gain = HEAD_GAIN if name.endswith("lm_head.weight") else 1.0
    return (noise * gain / math.sqrt(math.prod(shape[1:]))).bfloat16()


def pack_expert(name: str, value: Tensor, packed: bool) -> dict[str, Tensor]:
    """Return the tensors that store an expert's weight, rounded to INT4."""
    weight = quantize(value)
    if not packed:
        return {name: dequantize(weight)}
    return {
        f"{name}_packed": weight.packed,
        f"{name}_scale": weight.scale,
        f"{name}_shape": torch.tensor(value.shape, dtype=torch.int32),
    }
