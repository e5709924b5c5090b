"""What transformers computes, run as a program of its own: `python -I oracle.py CHECKPOINT INPUTS
OUT`.

Isolated (-I) and outside the repository, for our `kernels` has the name of a package transformers
looks for. The checkpoint must be the twin with unpacked experts: transformers computes packed ones
in bf16 even where float32 is asked for.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from transformers import Kimi_K25ForConditionalGeneration
from transformers.utils import logging

logging.set_verbosity_error()
checkpoint, inputs_path, out_path = sys.argv[1:]
model, told = Kimi_K25ForConditionalGeneration.from_pretrained(
    checkpoint, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
)
assert not told["missing_keys"], told
assert not told["unexpected_keys"], told
model.eval()
inputs = load_file(inputs_path)
out = {}
chosen: dict[str, list[torch.Tensor]] = {}


def remember(name):
    return lambda module, arguments, result: chosen.setdefault(name, []).append(result[2])


for name, module in model.named_modules():
    if name.endswith("mlp.gate"):
        module.register_forward_hook(remember(name))

with torch.no_grad():
    if "grid_thws" in inputs:
        # Item by item: transformers' own split of several goes wrong where an item has more than
        # one frame.
        start = 0
        for index, grid in enumerate(inputs["grid_thws"]):
            patches = inputs["pixel_values"][start : start + int(grid.prod())]
            start += len(patches)
            seen = model.model.vision_tower(patches, grid_thw=grid[None])
            out[f"tower.{index}"] = seen.pooler_output.contiguous()
            out[f"features.{index}"] = (
                model.model.mm_projector(seen.pooler_output).squeeze(1).contiguous()
            )
    if "input_ids" in inputs:
        images = (
            {"pixel_values": inputs["pixel_values"], "image_grid_thw": inputs["grid_thws"]}
            if "grid_thws" in inputs
            else {}
        )
        positions = {"position_ids": inputs["positions"][None]} if "positions" in inputs else {}
        ids = inputs["input_ids"][None]
        # Without a mask, positions with gaps are taken for several sequences in one row.
        asked = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "use_cache": False}
        out["logits"] = model(**asked, **images, **positions).logits[0]
        for name, indices in chosen.items():
            layer = name.split("layers.")[1].split(".")[0]
            out[f"experts.{layer}"] = torch.cat(indices).sort(-1).values
save_file({name: tensor.contiguous() for name, tensor in out.items()}, out_path)
