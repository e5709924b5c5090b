"""Random weights for every name the model has, packed and sharded as the real checkpoint is.

Scaled so that activations keep their size through the layers and a head's logits spread a few units
apart.
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
HEAD_GAIN = 2.0


def write_weights(folder: Path, config: KimiConfig, *, seed: int, packed: bool) -> None:
    """The shards and their index; experts that are not `packed` hold in bf16 exactly what the
    packed ones stand for.
    """
    with torch.device("meta"):
        model = Kimi(config)
    shards: dict[int, dict[str, Tensor]] = {}
    for name, tensor in [*model.named_parameters(), *model.named_buffers()]:
        shards.setdefault(_choose_shard(name, config), {})[name] = tensor
    generator = torch.Generator().manual_seed(seed)
    places: dict[str, str] = {}
    size = 0
    for number in sorted(shards):
        file = f"model-{number:05d}-of-{len(shards):06d}.safetensors"
        tensors: dict[str, Tensor] = {}
        for name, like in shards[number].items():
            value = _draw_tensor(name, like.shape, generator)
            tensors |= pack_expert(name, value, packed) if ".experts." in name else {name: value}
        save_file(tensors, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(tensors, file)
        size += sum(tensor.nbytes for tensor in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": dict(sorted(places.items()))}
    (folder / "model.safetensors.index.json").write_text(
        json.dumps(index, indent=2) + "\n", encoding="utf-8"
    )


def _choose_shard(name: str, config: KimiConfig) -> int:
    """Layer l is in shard l + 1, then come embedding, norm and head, then the projector, then the
    vision tower.
    """
    layers = config.text.num_hidden_layers
    if name.startswith(LAYER):
        return int(name.removeprefix(LAYER).split(".")[0]) + 1
    return layers + (
        3 if name.startswith("vision_tower.") else 2 if name.startswith("mm_projector.") else 1
    )


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
    weight = quantize(value)
    if not packed:
        return {name: dequantize(weight)}
    return {
        f"{name}_packed": weight.packed,
        f"{name}_scale": weight.scale,
        f"{name}_shape": torch.tensor(value.shape, dtype=torch.int32),
    }
