"""Export of a learner's weights as a checkpoint's folder.

Weights are bf16, routed experts packed to INT4, in one shard; its settings are beside it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from inference.checkpoint.config import read_config
from inference.checkpoint.make_random.weights import pack_expert
from studio.pipeline.labelling.training.learner import Learner
from studio.pipeline.labelling.training.presets import write_files


def export_checkpoint(run: Path, folder: Path, preset: str, *, packed: bool = True) -> int:
    """Write the last state of a training in `run`; return how many bytes the weights take.

    With `packed` False the experts are in bf16.
    """
    write_files(folder, preset)
    learner = Learner(read_config(folder), seed=0)
    learner.load_state_dict(torch.load(run / "last.pt", weights_only=True)["learner"])
    learner.settle()
    tensors: dict[str, Tensor] = {}
    for name, value in [*learner.kimi.named_parameters(), *learner.kimi.named_buffers()]:
        weights = value.detach()
        if ".experts." in name:
            tensors |= {
                key: part.contiguous() for key, part in pack_expert(name, weights, packed).items()
            }
        else:
            tensors[name] = (
                weights if name.endswith("e_score_correction_bias") else weights.bfloat16()
            )
    path = folder / "model.safetensors"
    save_file(tensors, path, metadata={"format": "pt"})
    if (run / "metrics.csv").exists():
        shutil.copyfile(run / "metrics.csv", folder / "metrics.csv")
    return path.stat().st_size
