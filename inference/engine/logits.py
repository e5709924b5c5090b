"""`python -m inference logits`: what the model computes for given inputs, in float32, as one whole
pass.

The exact answer that every faster path is measured against.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from inference.checkpoint.config import LATENT_NORM_EPS, KimiConfig
from inference.checkpoint.load import CheckpointError, load
from inference.engine.batch import Batch, Model

KINDS = {"input_ids": torch.int64, "pixel_values": torch.float32, "grid_thws": torch.int64}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("checkpoint", type=Path, help="a checkpoint's folder")
    parser.add_argument(
        "inputs",
        type=Path,
        help="safetensors: input_ids [S], and with pictures pixel_values, grid_thws",
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="safetensors to write: logits [S, vocab] float32"
    )
    parser.add_argument(
        "--latent-norm-eps",
        type=float,
        default=LATENT_NORM_EPS,
        help="1e-6: transformers; 1e-5: vLLM",
    )


def run(args: argparse.Namespace) -> None:
    model = load(args.checkpoint, latent_norm_eps=args.latent_norm_eps)
    inputs = read_inputs(args.inputs, model.config)
    try:
        logits = compute_logits(model, **inputs)
    except ValueError as error:
        raise CheckpointError(f"{args.inputs}: {error}") from None
    beside = args.out.with_name(f".{args.out.name}.{os.getpid()}")
    save_file({"logits": logits.contiguous()}, beside)
    beside.replace(args.out)


def read_inputs(path: Path, config: KimiConfig) -> dict[str, Tensor]:
    """The tensors of an inputs file; raises CheckpointError for a file or a tensor that is not as
    it must be.
    """
    try:
        inputs = load_file(path)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} cannot be read as safetensors: {error}.") from None
    if (
        "input_ids" not in inputs
        or ("pixel_values" in inputs) != ("grid_thws" in inputs)
        or inputs.keys() - KINDS
    ):
        raise CheckpointError(
            f"{path} holds {', '.join(sorted(inputs)) or 'nothing'}; it must hold input_ids and, for pictures, "
            "pixel_values and grid_thws."
        )
    for name, tensor in inputs.items():
        if tensor.dtype != KINDS[name]:
            raise CheckpointError(f"{path}: {name} is {tensor.dtype}; it must be {KINDS[name]}.")
    tokens = inputs["input_ids"]
    if tokens.ndim != 1 or not len(tokens):
        raise CheckpointError(
            f"{path}: input_ids is {list(tokens.shape)}; it must be [tokens] with at least one."
        )
    words = (
        tokens[tokens != config.media_placeholder_token_id] if "pixel_values" in inputs else tokens
    )
    if bool(((words < 0) | (words >= config.text.vocab_size)).any()):
        raise CheckpointError(
            f"{path}: input_ids has ids outside 0 … {config.text.vocab_size - 1}."
        )
    return inputs


@torch.inference_mode()
def compute_logits(
    model: Model,
    input_ids: Tensor,
    pixel_values: Tensor | None = None,
    grid_thws: Tensor | None = None,
    positions: Tensor | None = None,
) -> Tensor:
    """input_ids [S] int64 -> logits [S, vocab] float32; `positions` [S] None: 0, 1, 2, …

    Raises ValueError when the pictures do not fit the model, or the placeholders the pictures.
    """
    rows = features = None
    if pixel_values is not None and grid_thws is not None:
        features = torch.cat(model.encode_images(pixel_values, grid_thws))
        rows = (input_ids == model.config.media_placeholder_token_id).nonzero().squeeze(-1)
        if len(rows) != len(features):
            raise ValueError(
                f"input_ids has {len(rows)} image placeholders; the pictures need {len(features)}."
            )
    count = len(input_ids)
    places = torch.arange(count)
    batch = Batch(
        tokens=input_ids,
        positions=places if positions is None else positions,
        query_start=torch.tensor([0, count], dtype=torch.int32),
        context=torch.tensor([count], dtype=torch.int32),
        block_table=torch.zeros((1, 1), dtype=torch.int32),
        slots=places,
        image_rows=rows,
        image_features=features,
    )
    return model.logits(model.forward(batch, model.new_cache(1, count)))
