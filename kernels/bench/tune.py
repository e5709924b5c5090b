"""Search for faster tile sizes and pipeline depths on this GPU.

The fastest setting whose result is the same is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from typing import Any

import torch

from kernels.bench.cases import Case
from kernels.tuning import Setting, find_setting, keep, load_table, use_table

CHOICES: Mapping[str, Mapping[str, tuple[int, ...]]] = {
    "int4_moe.one.gate_up": {"rows": (16, 32, 64), "warps": (2, 4, 8), "stages": (2, 3, 4, 6)},
    "int4_moe.one.down": {"rows": (16, 32, 64), "warps": (2, 4, 8), "stages": (2, 3, 4, 6)},
    "int4_moe.many.gate_up": {
        "rows": (64, 128),
        "tokens": (16, 32, 64, 128),
        "warps": (4, 8),
        "stages": (3, 4, 5, 6),
    },
    "int4_moe.many.down": {"rows": (64, 128), "warps": (4, 8), "stages": (3, 4, 5, 6)},
    "mla_decode": {
        "rows": (16, 32, 64),
        "keys": (16, 32, 64),
        "warps": (4, 8),
        "stages": (2, 3, 4),
    },
    "mla_prefill.attend": {
        "rows": (64, 128),
        "keys": (32, 64, 128),
        "warps": (4, 8),
        "stages": (2, 3),
    },
    "mla_prefill.expand": {
        "keys": (64, 128),
        "columns": (64, 128, 256),
        "depth": (32, 64),
        "stages": (3, 4),
    },
    "vit_attention": {
        "rows": (64, 128),
        "keys": (32, 64, 128),
        "warps": (4, 8),
        "stages": (2, 3, 4),
    },
}
# The accepted difference, relative to the RMS of the result. Two bf16 roundings in another order
# are below it, an error in a tile is above it.
NEAR = 1e-2


def list_candidates(form: str, current: Setting) -> Iterator[dict[str, int]]:
    """Yield the current setting with every combination of `CHOICES`."""
    names = CHOICES[form]
    for values in product(*names.values()):
        yield {**current, **dict(zip(names, values, strict=True))}


def tune_cases(
    device: str, cases: Iterable[Case], milliseconds: Callable[[Callable[[], object]], float]
) -> Iterator[str]:
    """Store the fastest setting for each form of each case, and yield a line about each."""
    for case in cases:
        for form, size in case.forms.items():
            table = load_table(device)
            current = find_setting(form, size, torch.device("cuda"))
            expected = case.ours()
            best = dict(current)
            before = fastest = milliseconds(case.ours)
            for candidate in list_candidates(form, current):
                changed: dict[str, Any] = {**table, form: {"*": candidate}}
                with use_table(changed):
                    try:
                        if not are_near(case.ours(), expected):
                            continue
                        duration = milliseconds(case.ours)
                    # It needs too much shared memory, or the compiler does not support the tile.
                    except Exception:  # noqa: S112
                        continue
                if duration < fastest:
                    best = candidate
                    fastest = duration
            about = {"timed": datetime.now(UTC).date().isoformat()}
            keep(device, {form: {str(size): best}}, about)
            change = f"{before:.4f} → {fastest:.4f} ms"
            yield f"{case.operation}, {case.shape}: {form} {change} with {best}"


def are_near(actual: object, expected: object) -> bool:
    """Return whether two results differ by at most `NEAR`; anything but tensors is accepted."""
    if not isinstance(actual, torch.Tensor) or not isinstance(expected, torch.Tensor):
        return True
    difference = (actual.float() - expected.float()).square().mean().sqrt()
    return bool(difference <= NEAR * expected.float().square().mean().sqrt())
