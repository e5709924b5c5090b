"""`python -m inference logits`: compute logits for given inputs in float32, in one forward pass.

The result is the reference for every faster path.
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
    parser.add_argument("checkpoint", type=Path, help="the folder of a checkpoint")
    parser.add_argument(
        "inputs",
        type=Path,
        help="safetensors file with input_ids [S] and, for pictures, pixel_values and grid_thws",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="safetensors file to write: logits [S, vocab] float32",
    )
    parser.add_argument(
        "--latent-norm-eps",
        type=float,
        default=LATENT_NORM_EPS,
        help="epsilon of the norms of latents: 1e-6 as in transformers (default), 1e-5 as in vLLM",
    )


def run(args: argparse.Namespace) -> None:
    model = load(args.checkpoint, latent_norm_eps=args.latent_norm_eps)
    inputs = read_inputs(args.inputs, model.config)
    try:
        logits = compute_logits(model, **inputs)
    except ValueError as error:
        raise CheckpointError(f"{args.inputs}: {error}") from None
    temporary = args.out.with_name(f".{args.out.name}.{os.getpid()}")
    save_file({"logits": logits.contiguous()}, temporary)
    temporary.replace(args.out)


def read_inputs(path: Path, config: KimiConfig) -> dict[str, Tensor]:
    """Return the tensors of an inputs file. Raises CheckpointError if it is invalid."""
    try:
        inputs = load_file(path)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} cannot be read as safetensors: {error}.") from None
    has_half_a_picture = ("pixel_values" in inputs) != ("grid_thws" in inputs)
    if "input_ids" not in inputs or has_half_a_picture or inputs.keys() - KINDS:
        raise CheckpointError(
            f"{path} holds {', '.join(sorted(inputs)) or 'nothing'}; it must hold input_ids and, "
            "for pictures, pixel_values and grid_thws."
        )
    for name, tensor in inputs.items():
        if tensor.dtype != KINDS[name]:
            raise CheckpointError(f"{path}: {name} is {tensor.dtype}; it must be {KINDS[name]}.")
    tokens = inputs["input_ids"]
    if tokens.ndim != 1 or not len(tokens):
        raise CheckpointError(
            f"{path}: input_ids is {list(tokens.shape)}; it must be [tokens] with at least one."
        )
    text_tokens = tokens
    if "pixel_values" in inputs:
        text_tokens = tokens[tokens != config.media_placeholder_token_id]
    if bool(((text_tokens < 0) | (text_tokens >= config.text.vocab_size)).any()):
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
    """Return the logits [S, vocab] float32 of `input_ids` [S] int64.

    `positions` [S] are 0, 1, 2, … by default. Raises ValueError when the pictures do not match the
    model or the number of placeholders.
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
    indexes = torch.arange(count)
    batch = Batch(
        tokens=input_ids,
        positions=indexes if positions is None else positions,
        query_start=torch.tensor([0, count], dtype=torch.int32),
        context=torch.tensor([count], dtype=torch.int32),
        block_table=torch.zeros((1, 1), dtype=torch.int32),
        slots=indexes,
        image_rows=rows,
        image_features=features,
    )
    return model.logits(model.forward(batch, model.new_cache(1, count)))
