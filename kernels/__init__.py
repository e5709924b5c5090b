"""The operations of a K2.6 model, each under one public name (`from kernels import rms_norm`).

torch and triton are imported when an operation is first used. An operation's folder has the same
name as its function, so importing the folder would replace the function in this module;
`_Operations` prevents that.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kernels.draw import draw as draw
    from kernels.fake_quant import fake_quant as fake_quant
    from kernels.int4 import Int4 as Int4
    from kernels.int4 import dequantize as dequantize
    from kernels.int4 import quantize as quantize
    from kernels.int4_moe import int4_moe as int4_moe
    from kernels.int4_moe.shuffled import Shuffled as Shuffled
    from kernels.int4_moe.shuffled import shuffle as shuffle
    from kernels.int4_moe.shuffled import unshuffle as unshuffle
    from kernels.mla_decode import mla_decode as mla_decode
    from kernels.mla_prefill import mla_prefill as mla_prefill
    from kernels.moe import moe as moe
    from kernels.rms_norm import add_rms_norm as add_rms_norm
    from kernels.rms_norm import rms_norm as rms_norm
    from kernels.rope import rope as rope
    from kernels.store_latent import store_latent as store_latent
    from kernels.swiglu import swiglu as swiglu
    from kernels.topk_gate import topk_gate as topk_gate
    from kernels.vit_attention import vit_attention as vit_attention

HOMES = {
    "Int4": "int4",
    "Shuffled": "int4_moe.shuffled",
    "add_rms_norm": "rms_norm",
    "dequantize": "int4",
    "quantize": "int4",
    "shuffle": "int4_moe.shuffled",
    "unshuffle": "int4_moe.shuffled",
}
OPERATIONS = (
    "draw",
    "fake_quant",
    "int4_moe",
    "mla_decode",
    "mla_prefill",
    "moe",
    "rms_norm",
    "rope",
    "store_latent",
    "swiglu",
    "topk_gate",
    "vit_attention",
)


class _Operations(ModuleType):
    """This module, with operations that are imported on first use."""

    def __getattr__(self, name: str) -> Any:
        if name not in HOMES and name not in OPERATIONS:
            raise AttributeError(
                f"kernels has no {name!r}; it has {', '.join(sorted({*OPERATIONS, *HOMES}))}."
            )
        value = getattr(import_module(f"kernels.{HOMES.get(name, name)}"), name)
        super().__setattr__(name, value)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in OPERATIONS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Operations
