"""Other tiles and pipelines than the table's, tried on this GPU; the fastest that still computes
the same is kept.
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
# of the result's RMS: two roundings to bf16 in another order stay below it, a wrong tile does not
NEAR = 1e-2


def list_candidates(form: str, now: Setting) -> Iterator[dict[str, int]]:
    names = CHOICES[form]
    for values in product(*names.values()):
        yield {**now, **dict(zip(names, values, strict=True))}


def tune_cases(
    device: str, cases: Iterable[Case], milliseconds: Callable[[Callable[[], object]], float]
) -> Iterator[str]:
    """A line for each form of each case; what is found is in the user's cache file from then on."""
    for case in cases:
        for form, size in case.forms.items():
            table = load_table(device)
            now = find_setting(form, size, torch.device("cuda"))
            right, best, fastest = case.ours(), dict(now), milliseconds(case.ours)
            before = fastest
            for candidate in list_candidates(form, now):
                changed: dict[str, Any] = {**table, form: {"*": candidate}}
                with use_table(changed):
                    try:
                        if not are_near(case.ours(), right):
                            continue
                        took = milliseconds(case.ours)
                    except Exception:  # noqa: S112 - too much shared memory, or a tile the compiler refuses
                        continue
                if took < fastest:
                    best, fastest = candidate, took
            about = {"timed": datetime.now(UTC).date().isoformat()}
            keep(device, {form: {str(size): best}}, about)
            yield f"{case.operation}, {case.shape}: {form} {before:.4f} → {fastest:.4f} ms with {best}"


def are_near(ours: object, right: object) -> bool:
    if not isinstance(ours, torch.Tensor) or not isinstance(right, torch.Tensor):
        return True
    apart = (ours.float() - right.float()).square().mean().sqrt()
    return bool(apart <= NEAR * right.float().square().mean().sqrt())
