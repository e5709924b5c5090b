"""A checkpoint's folder to a model that computes: built empty, then each weight mapped from its
file, not copied.

Which weights are INT4 the files say (`<name>.weight_packed`), not the config. A bad checkpoint is
one CheckpointError and no model; shapes and kinds are read from the files' headers before any
weight is.
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
# Some exports keep what the model computes for itself.
IGNORED = re.compile(r".*\.rotary_emb\.inv_freq")


def load(
    folder: Path | str,
    *,
    dtype: torch.dtype = torch.float32,
    device: str = "cpu",
    latent_norm_eps: float = LATENT_NORM_EPS,
    expert_budget: int | None = None,
) -> Kimi:
    """The model in `folder`, ready to compute with activations of `dtype` on `device`.

    `expert_budget`: bytes of the device's memory that routed experts may take; those beyond it stay
    on the CPU. On the CPU the weights stay where the files are mapped. Raises CheckpointError.
    """
    folder = Path(folder)
    config = read_config(folder, latent_norm_eps)
    homes = _map_tensors_to_files(folder)
    _check_counts(config, homes)
    packed = {name.removesuffix(PACKED) for name in homes if name.endswith(PACKED)}
    with torch.device("meta"):
        model = Kimi(config, packed, dtype)
    wanted = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    _check_names({*wanted, *(f"{name}{SHAPE}" for name in packed)}, homes)
    home = make_placement(config.text, device, expert_budget, packed=bool(packed))
    by_file: dict[tuple[Path, str], list[str]] = {}
    for name, path in homes.items():
        by_file.setdefault((path, home(name)), []).append(name)
    for (path, where), names in sorted(by_file.items()):
        _fill(model, wanted, path, names, where)
    return model.eval()


def _map_tensors_to_files(folder: Path) -> dict[str, Path]:
    """Which file holds each tensor; every file is there and whole."""
    if (folder / INDEX).exists():
        listed = read_json(folder / INDEX).get("weight_map")
        if not isinstance(listed, dict) or not all(
            isinstance(file, str) for file in listed.values()
        ):
            raise CheckpointError(
                f"{folder / INDEX} has no weight_map from tensor names to file names."
            )
        held = {file: _list_names(folder, file) for file in sorted(set(listed.values()))}
        for name, file in listed.items():
            if name not in held[file]:
                raise CheckpointError(
                    f"{file} does not hold {name}, though {INDEX} says so; download both again."
                )
        return {name: folder / file for name, file in listed.items() if not IGNORED.fullmatch(name)}
    if not (folder / SINGLE).exists():
        raise CheckpointError(
            f"There is neither {INDEX} nor {SINGLE} in {folder}; is this the checkpoint's folder?"
        )
    return {
        name: folder / SINGLE for name in _list_names(folder, SINGLE) if not IGNORED.fullmatch(name)
    }


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
            f"{path} is cut short or damaged ({error}); download it again."
        ) from None


def _check_counts(config: KimiConfig, names: Iterable[str]) -> None:
    """Layers and experts, counted before a model of that size is built: a slip in the config is
    named as such.
    """
    layers = _count_numbered(r"language_model\.model\.layers\.(\d+)\..*", names)
    experts = _count_numbered(r"language_model\.model\.layers\.\d+\.mlp\.experts\.(\d+)\..*", names)
    blocks = _count_numbered(r"vision_tower\.encoder\.blocks\.(\d+)\..*", names)
    text, vision = config.text, config.vision
    sparse = text.num_hidden_layers > text.first_k_dense_replace
    for field, asked, found in (
        ("text_config.num_hidden_layers", text.num_hidden_layers, layers),
        ("text_config.n_routed_experts", text.n_routed_experts if sparse else 0, experts),
        ("vision_config.vt_num_hidden_layers", vision.num_hidden_layers if vision else 0, blocks),
    ):
        if asked != found:
            raise CheckpointError(
                f"config.json: {field} asks for {asked}, but the checkpoint's files hold {found}."
            )


def _count_numbered(pattern: str, names: Iterable[str]) -> int:
    """One more than the highest number found, 0 when there is none."""
    compiled = re.compile(pattern)
    return max((int(found[1]) + 1 for found in map(compiled.fullmatch, names) if found), default=0)


def _check_names(wanted: set[str], held: Mapping[str, Path]) -> None:
    missing, unknown = sorted(wanted - held.keys()), sorted(held.keys() - wanted)
    if missing:
        raise CheckpointError(
            f"The checkpoint lacks {len(missing)} of its tensors; the first is {missing[0]}."
        )
    if unknown:
        raise CheckpointError(
            f"The checkpoint holds {len(unknown)} tensors no part knows; the first is {unknown[0]}."
        )


def _fill(
    model: Kimi, wanted: Mapping[str, Tensor], path: Path, names: list[str], device: str
) -> None:
    with _open_file(path, device) as shard:
        for name in names:
            if name.endswith(SHAPE):
                _check_packed_shape(model, name, shard, path)
                continue
            piece = shard.get_slice(name)
            _check_header(name, piece.get_dtype(), piece.get_shape(), wanted[name], path)
            tensor = shard.get_tensor(name)
            # Large weights are not read here: that would be the whole file. Scales and vectors are
            # an eighth of it.
            if (tensor.ndim == 1 or name.endswith(SCALE)) and not bool(
                torch.isfinite(tensor).all()
            ):
                raise CheckpointError(
                    f"{path.name}: {name} holds NaN or infinity; the file is damaged."
                )
            module, _, leaf = name.rpartition(".")
            if isinstance(wanted[name], nn.Parameter):
                setattr(
                    model.get_submodule(module), leaf, nn.Parameter(tensor, requires_grad=False)
                )
            else:
                setattr(model.get_submodule(module), leaf, tensor)


def _check_header(name: str, kind: str, shape: list[int], wanted: Tensor, path: Path) -> None:
    allowed = ("I32",) if name.endswith(PACKED) else FLOATS
    if kind not in allowed:
        raise CheckpointError(
            f"{path.name}: {name} is stored as {kind}; allowed is {' or '.join(allowed)}."
        )
    if list(shape) != list(wanted.shape):
        raise CheckpointError(
            f"{path.name}: {name} is {list(shape)}; config.json asks for {list(wanted.shape)}."
        )


def _check_packed_shape(model: Kimi, name: str, shard: Any, path: Path) -> None:
    module = model.get_submodule(name.removesuffix(SHAPE))
    kind = shard.get_slice(name).get_dtype()
    said = shard.get_tensor(name).tolist() if kind in ("I32", "I64") else kind
    if said != [module.rows, module.columns]:
        raise CheckpointError(
            f"{path.name}: {name} is {said}; config.json asks for [{module.rows}, {module.columns}]."
        )
