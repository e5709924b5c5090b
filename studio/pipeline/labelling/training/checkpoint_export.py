"""A learner's weights as a checkpoint's folder: bf16, routed experts packed to INT4, one shard and
its settings.
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
    """The last state of a training in `run`; how many bytes the weights take. `packed` False: the
    experts in bf16.
    """
    write_files(folder, preset)
    learner = Learner(read_config(folder), seed=0)
    learner.load_state_dict(torch.load(run / "last.pt", weights_only=True)["learner"])
    learner.settle()
    tensors: dict[str, Tensor] = {}
    for name, value in [*learner.kimi.named_parameters(), *learner.kimi.named_buffers()]:
        held = value.detach()
        if ".experts." in name:
            tensors |= {
                key: part.contiguous() for key, part in pack_expert(name, held, packed).items()
            }
        else:
            tensors[name] = held if name.endswith("e_score_correction_bias") else held.bfloat16()
    path = folder / "model.safetensors"
    save_file(tensors, path, metadata={"format": "pt"})
    for note in ("metrics.csv",):
        if (run / note).exists():
            shutil.copyfile(run / note, folder / note)
    return path.stat().st_size
