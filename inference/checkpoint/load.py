"""Loading of a checkpoint: the model is built empty, then each weight is mapped from its file.

Names in the files say which weights are INT4 (`<name>.weight_packed`), not the config. Shapes and
types are read from the headers of the files before any weight, and an invalid checkpoint raises
CheckpointError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from inference.checkpoint.config import LATENT_NORM_EPS, KimiConfig, read_config
from inference.checkpoint.json_fields import CheckpointError, read_json
from inference.models.kimi import Kimi
from inference.models.placement import make_placement

__all__ = ["CheckpointError", "load"]

INDEX, SINGLE = "model.safetensors.index.json", "model.safetensors"
PACKED, SCALE, SHAPE = ".weight_packed", ".weight_scale", ".weight_shape"
FLOATS = ("BF16", "F16", "F32")
# Tensors in some exports that the model computes itself.
IGNORED = re.compile(r".*\.rotary_emb\.inv_freq")


def load(
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    latent_norm_eps: float = LATENT_NORM_EPS,
    expert_budget: int | None = None,
) -> Kimi:
    """Return the model in `folder`, with activations of `dtype`, on `device`.

    `expert_budget`: bytes of device memory for routed experts; the others stay on the CPU. On the
    CPU the weights are the mapped files. Raises CheckpointError.
    """
    folder = Path(folder)
    config = read_config(folder, latent_norm_eps)
    files = _map_tensors_to_files(folder)
    _check_counts(config, files)
    packed = {name.removesuffix(PACKED) for name in files if name.endswith(PACKED)}
    with torch.device("meta"):
        model = Kimi(config, packed, dtype)
    expected = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    _check_names({*expected, *(f"{name}{SHAPE}" for name in packed)}, files)
    choose_device = make_placement(config.text, device, expert_budget, packed=bool(packed))
    by_file: dict[tuple[Path, str], list[str]] = {}
    for name, path in files.items():
        by_file.setdefault((path, choose_device(name)), []).append(name)
    for (path, file_device), names in sorted(by_file.items()):
        _fill(model, expected, path, names, file_device)
    return model.eval()


def _map_tensors_to_files(folder: Path) -> dict[str, Path]:
    """Return the file of each tensor. Raises CheckpointError for missing and damaged files."""
    if (folder / INDEX).exists():
        file_of = _read_index(folder)
    elif (folder / SINGLE).exists():
        file_of = dict.fromkeys(_list_names(folder, SINGLE), SINGLE)
    else:
        raise CheckpointError(
            f"There is neither {INDEX} nor {SINGLE} in {folder}; is this the checkpoint's folder?"
        )
    return {name: folder / file for name, file in file_of.items() if not IGNORED.fullmatch(name)}


def _read_index(folder: Path) -> dict[str, str]:
    """Return the file name of each tensor in the index, and check that the files hold them."""
    weight_map = read_json(folder / INDEX).get("weight_map")
    if not isinstance(weight_map, dict) or not all(
        isinstance(file, str) for file in weight_map.values()
    ):
        raise CheckpointError(
            f"{folder / INDEX} has no weight_map from tensor names to file names."
        )
    names_in = {file: _list_names(folder, file) for file in sorted(set(weight_map.values()))}
    for name, file in weight_map.items():
        if name not in names_in[file]:
            raise CheckpointError(
                f"{file} does not hold {name}, though {INDEX} says so; download both again."
            )
    return weight_map


def _list_names(folder: Path, file: str) -> set[str]:
    if Path(file).name != file or not (folder / file).is_file():
        raise CheckpointError(f"{INDEX} names {file}, which is not in {folder}; download it again.")
    with _open_file(folder / file) as shard:
        return set(shard.keys())


def _open_file(path: Path, device: str = "cpu") -> Any:
    try:
        return safe_open(path, framework="pt", device=device)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(
            f"{path} is incomplete or damaged ({error}); download it again."
        ) from None


def _check_counts(config: KimiConfig, names: Iterable[str]) -> None:
    """Compare the numbers of layers and experts with the config, before the model is built.

    A wrong number in the config gets its own message, instead of missing or unknown tensors.
    """
    layers = _count_numbered(r"language_model\.model\.layers\.(\d+)\..*", names)
    experts = _count_numbered(r"language_model\.model\.layers\.\d+\.mlp\.experts\.(\d+)\..*", names)
    blocks = _count_numbered(r"vision_tower\.encoder\.blocks\.(\d+)\..*", names)
    text, vision = config.text, config.vision
    sparse = text.num_hidden_layers > text.first_k_dense_replace
    for field, configured, stored in (
        ("text_config.num_hidden_layers", text.num_hidden_layers, layers),
        ("text_config.n_routed_experts", text.n_routed_experts if sparse else 0, experts),
        ("vision_config.vt_num_hidden_layers", vision.num_hidden_layers if vision else 0, blocks),
    ):
        if configured != stored:
            raise CheckpointError(
                f"config.json: {field} is {configured}, but the checkpoint's files hold {stored}."
            )


def _count_numbered(pattern: str, names: Iterable[str]) -> int:
    """Return one more than the highest number that the pattern matches, 0 without a match."""
    matches = map(re.compile(pattern).fullmatch, names)
    return max((int(match[1]) + 1 for match in matches if match), default=0)


def _check_names(expected: set[str], files: Mapping[str, Path]) -> None:
    missing = sorted(expected - files.keys())
    unknown = sorted(files.keys() - expected)
    if missing:
        raise CheckpointError(
            f"The checkpoint lacks {len(missing)} of its tensors; the first is {missing[0]}."
        )
    if unknown:
        raise CheckpointError(
            f"The checkpoint holds {len(unknown)} unknown tensors; the first is {unknown[0]}."
        )


def _fill(
    model: Kimi, expected: Mapping[str, Tensor], path: Path, names: list[str], device: str
) -> None:
    """Check these tensors of one file and set them in the model."""
    with _open_file(path, device) as shard:
        for name in names:
            if name.endswith(SHAPE):
                _check_packed_shape(model, name, shard, path)
                continue
            header = shard.get_slice(name)
            _check_header(name, header.get_dtype(), header.get_shape(), expected[name], path)
            tensor = shard.get_tensor(name)
            # Only scales and vectors are checked, an eighth of the file. Checking the large weights
            # would read the whole file.
            is_checked = tensor.ndim == 1 or name.endswith(SCALE)
            if is_checked and not bool(torch.isfinite(tensor).all()):
                raise CheckpointError(
                    f"{path.name}: {name} holds NaN or infinity; the file is damaged."
                )
            module, _, leaf = name.rpartition(".")
            value = tensor
            if isinstance(expected[name], nn.Parameter):
                value = nn.Parameter(tensor, requires_grad=False)
            setattr(model.get_submodule(module), leaf, value)


def _check_header(name: str, kind: str, shape: list[int], expected: Tensor, path: Path) -> None:
    allowed = ("I32",) if name.endswith(PACKED) else FLOATS
    if kind not in allowed:
        raise CheckpointError(
            f"{path.name}: {name} is stored as {kind}; it must be {' or '.join(allowed)}."
        )
    if list(shape) != list(expected.shape):
        raise CheckpointError(
            f"{path.name}: {name} is {list(shape)}; config.json asks for {list(expected.shape)}."
        )


def _check_packed_shape(model: Kimi, name: str, shard: Any, path: Path) -> None:
    module = model.get_submodule(name.removesuffix(SHAPE))
    kind = shard.get_slice(name).get_dtype()
    shape = shard.get_tensor(name).tolist() if kind in ("I32", "I64") else kind
    expected = [module.rows, module.columns]
    if shape != expected:
        raise CheckpointError(f"{path.name}: {name} is {shape}; config.json asks for {expected}.")
